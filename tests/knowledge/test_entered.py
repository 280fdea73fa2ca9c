"""The sheet made of what people entered: through the ordinary loader and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locality.knowledge import KnowledgeError, load
from locality.knowledge.entered import Entered, check_entered, entered_text, own_sheet

ROW = Entered(
    "v-1", "qof.aspiration_share", "Share of QOF paid in advance", "% of the year before",
    date(2027, 4, 1), date(2028, 3, 31), "80.50", "Statement of Financial Entitlements 2027, 4.2",
    "https://example.org/sfe.pdf",
)  # fmt: skip
POINT = Entered(
    "v-2", "qof.point_value", "Value of one QOF point", "£ per point",
    date(2026, 4, 1), date(2027, 3, 31), "227.95", "Statement of Financial Entitlements 2026",
    signed_off=True,
)  # fmt: skip


@pytest.fixture
def unit() -> str:
    return load().rules.scalar("qof.aspiration_share").unit


def stood(home: Path, text: str) -> Path:
    place = home / "knowledge" / "rules" / "entered.toml"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
    return place


def test_what_was_entered_is_in_force_with_its_reference(tmp_path: Path, unit: str) -> None:
    text = entered_text([POINT, replace(ROW, unit=unit)])
    check_entered(tmp_path, text)
    assert not (tmp_path / "knowledge").exists()
    stood(tmp_path, text)
    rules = load(tmp_path).rules
    share = rules.value("qof.aspiration_share", "2027-28")
    assert (share.value, share.grade, share.local) == (Decimal("80.50"), "read", True)
    assert (share.reference, share.address) == (ROW.reference, ROW.address)
    assert str(share.value) == "80.50"
    point = rules.value("qof.point_value", "2026-27")
    assert (point.grade, point.local, point.address) == ("read", True, "")
    assert "signed off" in point.note
    assert load().rules.value("qof.point_value", "2026-27").grade == "second_hand"


def test_the_sheet_says_that_it_is_made() -> None:
    text = entered_text([ROW])
    assert text.startswith("# Values of rules that were entered")
    assert "Do not edit it by hand" in text
    assert text == entered_text(iter([ROW]))


def test_its_order_is_that_of_rule_and_time(unit: str) -> None:
    rows = [POINT, replace(ROW, code="v-3", from_day=date(2029, 4, 1), to_day=date(2030, 3, 31)),
            ROW]  # fmt: skip
    text = entered_text(rows)
    assert text == entered_text(rows[::-1])
    assert text.count("[[rule]]") == 2
    assert text.index("from = 2027") < text.index("from = 2029") < text.index("from = 2026")


WORDS = st.text(
    st.one_of(
        st.sampled_from('"\\\n\r\t\x7f\x00\x1b=#[]{}\'£é’ '), st.characters(codec="utf-8")
    ), min_size=8, max_size=60,
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(WORDS, st.decimals(0, 10**9, places=4))
def test_any_reference_survives(tmp_path_factory: pytest.TempPathFactory, reference, value) -> None:
    import tomllib

    row = replace(ROW, reference=reference, value=f"{value:f}")
    read = tomllib.loads(entered_text([row]), parse_float=Decimal)
    assert read["references"]["v-1"] == {"text": reference, "address": ROW.address}
    (only,) = read["rule"][0]["value"]
    assert str(only["value"]) == row.value


def test_a_reference_of_quotes_and_lines_comes_back_from_the_loader(
    tmp_path: Path, unit: str
) -> None:
    told = "Directions \"2027\",\nparagraph 4.2\\b\n\n# no comment 'at all'"
    stood(tmp_path, entered_text([replace(ROW, unit=unit, reference=told)]))
    assert load(tmp_path).rules.value(ROW.rule, "2027-28").reference == told


def test_a_value_that_breaks_a_guard_is_told_by_the_name_it_would_have(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="One of the two is wrong") as caught:
        check_entered(tmp_path, entered_text([replace(POINT, value="228.95")]))
    assert str(tmp_path / "knowledge" / "rules" / "entered.toml") in str(caught.value)
    assert "locality-entered-" not in str(caught.value)


def test_what_stands_is_left_out_and_the_user_s_other_sheets_are_not(tmp_path: Path) -> None:
    # The one that stands is broken; the candidate takes its place.
    old = stood(tmp_path, "this is not TOML")
    check_entered(tmp_path, entered_text([POINT]))
    old.with_name("mine.toml").write_text(
        entered_text([replace(POINT, rule="qof.national_list", unit="patients", value="10349",
                              title="National average practice list")]),
        encoding="utf-8",
    )  # fmt: skip
    with pytest.raises(KnowledgeError, match="10349"):
        check_entered(tmp_path, entered_text([POINT]))


def test_a_rule_of_the_user_s_own_sheet_is_not_entered_twice(tmp_path: Path) -> None:
    """The two stand on one shelf, so the ordinary loader would refuse them: the check must too."""
    stood(tmp_path, entered_text([POINT])).rename(tmp_path / "knowledge" / "rules" / "mine.toml")
    assert own_sheet(tmp_path, "qof.point_value").endswith("mine.toml")
    assert own_sheet(tmp_path, "qof.national_list") == ""
    with pytest.raises(KnowledgeError, match="stands twice"):
        check_entered(tmp_path, entered_text([POINT]))


def test_it_is_what_the_ordinary_loader_would_say(tmp_path: Path) -> None:
    """Whatever is entered, check and load agree: both take it or both refuse it."""
    for number, fits in (("227.95", True), ("227.96", True), ("230", False), ("0", False)):
        text = entered_text([replace(POINT, value=number)])
        home = tmp_path / number
        stood(home, text)
        for ask in (lambda home=home: load(home), lambda home=home, t=text: check_entered(home, t)):
            try:
                ask()
                took = True
            except KnowledgeError:
                took = False
            assert took is fits, number


def test_text_keeps_to_what_toml_allows() -> None:
    import tomllib

    for character in map(chr, range(0x20)):
        text = entered_text([replace(ROW, reference=f"Directions {character} 2027")])
        assert tomllib.loads(text)["references"]["v-1"]["text"] == f"Directions {character} 2027"
