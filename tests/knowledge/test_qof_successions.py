"""What became of QOF indicators: every code of every sheet is accounted for; clear sentences."""

from __future__ import annotations

import pytest

from locality import knowledge
from locality.knowledge.qof_successions import became, came_from, successions, words

SHEETS = {
    sheet.period.code: {row.code for row in sheet.standing()}
    for sheet in knowledge.load().rules.sheets.values()
    if sheet.scheme == "qof" and sheet.period.code >= "2023-24"
}
PAIRS = list(zip(sorted(SHEETS), sorted(SHEETS)[1:], strict=False))


@pytest.mark.parametrize(("older", "newer"), PAIRS)
def test_every_code_is_in_the_next_year_or_has_a_row(older: str, newer: str) -> None:
    rows = [one for one in successions() if one.from_year == older]
    assert {one.to_year for one in rows} == {newer}
    gone = SHEETS[older] - SHEETS[newer]
    begun = SHEETS[newer] - SHEETS[older]
    assert {one.from_code for one in rows if one.from_code} == gone
    assert {one.to_code for one in rows if one.to_code} == begun
    for one in rows:
        assert bool(one.from_code) == (one.kind != "new")
        assert bool(one.to_code) == (one.kind != "retired")


def test_points_of_indicators_that_were_renumbered_are_of_the_same_patients() -> None:
    rules = knowledge.load().rules
    for one in successions():
        if one.kind == "renumbered" and one.from_year == "2025-26":
            before = rules.sheet("qof", one.from_year).row(one.from_code)
            after = rules.sheet("qof", one.to_year).row(one.to_code)
            assert (before.points, before.group) == (after.points, after.group)


def test_several_years_are_followed() -> None:
    steps = became("AST011", "2024-25", "2026-27")
    assert [one.to_code for one in steps] == ["AST012", "AST014"]
    assert became("AF008", "2024-25", "2026-27") == ()
    assert [one.kind for one in became("OST004", "2024-25", "2026-27")] == ["retired"]


def test_several_years_are_followed_back() -> None:
    assert [one.from_code for one in came_from("AST014", "2026-27", "2024-25")] == [
        "AST011", "AST012",
    ]  # fmt: skip
    assert {one.from_code for one in came_from("CD001", "2026-27", "2023-24")} == {
        "CHD015", "STIA014",
    }  # fmt: skip
    assert came_from("AF008", "2026-27", "2023-24") == ()
    assert came_from("AST014", "2026-27", "2026-27") == ()
    assert [one.kind for one in came_from("OB004", "2026-27", "2024-25")] == ["new"]


@pytest.mark.parametrize(("older", "newer"), PAIRS)
def test_forwards_and_backwards_agree(older: str, newer: str) -> None:
    there = {
        (code, steps[-1].to_code)
        for code in SHEETS[older]
        if (steps := became(code, older, newer)) and steps[-1].to_code
    }
    back = {
        (one.from_code, code)
        for code in SHEETS[newer]
        for one in came_from(code, newer, older)
        if one.from_code
    }
    assert there == back and (there or older == "2023-24")


def test_every_code_of_another_year_gets_a_sentence() -> None:
    for year, codes in SHEETS.items():
        for other in SHEETS.values():
            for code in other - codes:
                said = words(code, year)
                assert said is not None and said.startswith((code, "CHD01")) and said[-1] == "."


@pytest.mark.parametrize(
    ("code", "year", "said"),
    [
        ("HYP008", "2026-27", "HYP008 is a code of 2025-26; in 2026-27 it is HYP010."),
        ("AST011", "2026-27", "AST011 is a code of 2024-25; in 2026-27 it is AST014."),
        ("CHD015", "2026-27", "CHD015 and STIA014 of 2025-26 were put together as CD001: count "
         "each patient once and give CD001."),
        ("DM012", "2026-27", "DM012 ended with 2025-26. DM037 counts patients with all eight care "
         "processes recorded."),
        ("SMOK005", "2025-26", "SMOK005 ended with 2024-25. Retired with its points on 1 April "
         "2025."),
        ("HYP010", "2025-26", "HYP010 begins in 2026-27; in 2025-26 it is HYP008."),
        ("AST014", "2024-25", "AST014 begins in 2026-27; in 2024-25 it is AST011."),
        ("CHOL003", "2022-23", "CHOL003 begins in 2024-25."),
        ("CD002", "2025-26", "CD002 begins in 2026-27; in 2025-26 its patients are counted under "
         "CHD016 and STIA015."),
        ("HF009", "2025-26", "HF009 begins in 2026-27, in place of HF003 and HF006, which count "
         "something else."),
        ("DM037", "2024-25", "DM037 begins in 2026-27, in place of DM012, which counts something "
         "else."),
        ("NDH002", "2026-27", "NDH002 is a code of 2025-26; in 2026-27 it is NDH003. NDH003 adds "
         "people who had diabetes in pregnancy."),
        ("NDH003", "2025-26", "NDH003 begins in 2026-27; in 2025-26 it is NDH002, for fewer "
         "patients."),
        ("OB004", "2025-26", "OB004 begins in 2026-27."),
        ("HYP003", "2026-27", "HYP003 was last a code of QOF 2022-23."),
        ("CD001", "2019-20", "CD001 begins in 2026-27."),
        ("AST005", "2019-20", "AST005 begins in 2020-21."),
        ("HYP999", "2026-27", None),
    ],
)  # fmt: skip
def test_a_code_of_another_year_gets_a_clear_sentence(
    code: str, year: str, said: str | None
) -> None:
    assert words(code, year) == said
