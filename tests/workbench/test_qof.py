"""QOF of the made-up locality: points as published, pounds that add up, own counts kept apart."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import locality
from locality import reporting
from locality.figures import NotFound, Problem
from locality.reporting import report
from locality.workbench import Workbench

YEAR = "2025-26"


@pytest.fixture(scope="module")
def home(demonstration: tuple[Path, dict[str, Any]]) -> Path:
    return demonstration[0]


@pytest.fixture(scope="module")
def here(home: Path) -> Workbench:
    return locality.open(str(home))


@pytest.fixture(scope="module")
def member(demonstration: tuple[Path, dict[str, Any]]) -> str:
    """Return a practice that typed in counts during the year."""
    return str(demonstration[1]["planted"]["small_in_year_counts"]["members"][0])


@pytest.fixture(scope="module")
def own(home: Path, member: str) -> Workbench:
    return locality.open(str(home), reader=member)


def test_points_worked_out_from_counts_are_those_published(here: Workbench) -> None:
    practices = here.version.run(
        "SELECT DISTINCT practice_code FROM qof_achievement WHERE period = '2025-26' ORDER BY 1"
    ).column(0).to_pylist()[:12]  # fmt: skip
    looked = 0
    for code in practices:
        published = {
            row["indicator_code"]: row["points"]
            for row in here.measure.qof.indicators(code, YEAR).rows
        }
        for row in here.measure.qof.position(code, YEAR).rows:
            if row["points"] is not None and published[row["code"]] is not None:
                assert row["points"] == pytest.approx(published[row["code"]], abs=0.0051)
                looked += 1
    assert looked > 400


def test_the_statement_the_table_and_the_scenarios_come_to_the_same(here, member) -> None:
    table = here.measure.qof.position(member, YEAR)
    pounds = sum(row["pounds"] or 0 for row in table.rows)
    statement = here.measure.qof.statement(member, YEAR)
    assert float(statement.total) == pytest.approx(pounds, abs=0.01)
    rows = {(r["scenario"], r["practice_code"]): r for r in here.measure.qof.scenarios(YEAR).rows}
    assert rows[f"As counted, {YEAR}", member]["pounds"] == pytest.approx(pounds)
    ahead = sum(row["next_pounds"] or 0 for row in table.rows)
    assert rows["The same counts under 2026-27", member]["pounds"] == pytest.approx(ahead)
    every = rows["Every patient reached", member]
    left = sum(row["pounds_to_earn"] or 0 for row in table.rows)
    assert every["pounds"] == pytest.approx(pounds + left) and every["pounds_to_earn"] == 0


def test_englands_prevalence_factor_is_one_on_average(here: Workbench) -> None:
    """Weighted by list, practices' prevalence factors come to 1: no money is made or lost."""
    from locality.measure import qof as room
    from locality.workbench import loading, prevalence

    rules = here.knowledge.rules
    scheme = room.Scheme.of(rules, YEAR)
    registers = loading.select(here.version, "qof_registers", period=YEAR)
    practices = tuple(sorted(set(registers.data.column("practice_code").to_pylist())))
    rows = loading.select(here.version, "qof_achievement", period=YEAR)
    held = room.Counts.of(rows, practices, scheme.codes, YEAR)
    weights = prevalence.prevalence(here.version, rules, held, scheme)
    lists = prevalence.lists(here.version, held)
    for code in ("AF006", "HYP008", "DM020"):
        at = scheme.codes.index(code)
        own, there = weights.own[:, at], lists == lists
        known = (own == own) & there
        mean = (own[known] * lists[known]).sum() / lists[known].sum()
        assert mean == pytest.approx(weights.england[at], rel=1e-9)


def test_counts_of_this_year_are_for_the_practice_itself(here, own, member) -> None:
    assert all(day is None for _, day in here.measure.qof.readings(member))
    with pytest.raises(Problem, match="the practice's own"):
        here.measure.qof.position(member, as_at="2026-09-30")
    with pytest.raises(Problem, match="No counts during the year"):
        here.measure.qof.pace(member)
    assert own.measure.qof.readings(member)[0] == ("2026-27", date(2026, 9, 30))
    table = own.measure.qof.position(member)
    assert "as at 30 September 2026" in table.title
    assert sum(row["points"] is not None for row in table.rows) > 15


def test_the_forecast_rests_on_the_practices_own_years(own, member) -> None:
    table = own.measure.qof.pace(member)
    assert "2025-26 and 2024-25" in table.notes[0] or "2024-25 and 2025-26" in table.notes[0]
    made = [row for row in table.rows if row["likely"] is not None]
    assert len(made) > 10
    for row in made:
        assert row["likely_lower"] < row["likely"] < row["likely_upper"]
        assert row["years"] == 2
    follows = {row["code"]: row for row in made}
    assert "HYP010" in follows  # its own past is HYP008's


def test_who_has_nothing_is_told_what_to_do(here: Workbench) -> None:
    with pytest.raises(NotFound, match="paid to practices"):
        here.measure.qof.position("ENG")
    board = here.know.organisations("icb").rows[0]["code"]
    with pytest.raises(NotFound, match="paid to practices"):
        here.measure.qof.statement(board)
    code = here.version.run(
        "SELECT practice_code FROM lists EXCEPT SELECT practice_code FROM qof_achievement"
    ).column(0).to_pylist()  # fmt: skip
    if code:
        with pytest.raises(Problem, match="ACHIEVEMENT"):
            here.measure.qof.position(code[0])
    with pytest.raises(Problem, match="No QOF results"):
        here.measure.qof.scenarios("2012-13")


def test_a_pack_says_what_the_pages_say(here, member) -> None:
    paper = here.measure.feedback(member, made_on=date(2026, 11, 23), reply_by=date(2026, 12, 7))
    assert paper.title == "Your position and your reply"
    assert "alone until 7 December 2026" in paper.standfirst[0]
    ids = [section.id for section in paper.sections]
    assert ids[:3] == ["brief", "certain", "moved"] and "account" in ids and "points" in ids
    standings = {row["title"]: row for row in here.measure.standings(member).rows}
    for table in paper.section("certain").tables:
        for row in table.rows:
            assert row["sentence"] == standings[row["title"]]["sentence"]
    cannot = [one for one in standings.values() if one["state"] == "cannot be judged"]
    assert sum(len(table) for table in paper.section("cannot").tables) == len(cannot)
    assert paper.section("account").space
    assert "rank" not in json.dumps(paper.as_dict()).lower().replace("frank", "")
    assert paper.section("points").statements[0] == here.measure.qof.statement(member, YEAR)


def test_a_boards_and_a_groups_pack_have_no_points(here: Workbench) -> None:
    for code in ("ENG", here.know.organisations("icb").rows[0]["code"]):
        paper = here.measure.feedback(code, made_on=date(2026, 11, 23))
        assert "points" not in [section.id for section in paper.sections]
        assert (
            "None" in paper.section("brief").points[1] or "out" in paper.section("brief").points[1]
        )


def test_packs_are_written_for_one_and_for_every_practice(here, home, member, tmp_path) -> None:
    account = {"organisation": member, "about": "f-1", "text": "We care for two homes.",
               "by": "me", "at": "2026-11-20T10:00:00+00:00", "owner": "ICB lead",
               "state": "received", "answer": "", "answered_by": ""}  # fmt: skip
    sent = {"code": "f-1", "organisation": member, "sent_on": "2026-11-16",
            "reply_by": "2026-11-30"}  # fmt: skip
    written = report(
        home, member, tmp_path, made_on=date(2026, 11, 23),
        inputs={"accounts": [account], "feedback": [sent]},
    )  # fmt: skip
    names = [Path(row["file"]).name for row in written.rows]
    assert [name.rsplit(".")[-1] for name in names] == ["docx", "xlsx"]
    import docx

    text = "\n".join(one.text for one in docx.Document(str(tmp_path / names[0])).paragraphs)
    assert "We care for two homes." in text and "ICB lead owes an answer" in text
    assert "has been with the practice first" in text
    network = here.know.belongs_to(member).rows
    pcn = next(row["code"] for row in network if row["kind"] == "pcn")
    every = report(home, pcn, tmp_path / "all", made_on=date(2026, 11, 23), every_practice=True)
    assert len(every) == 2 * len(here.know.members(pcn))
    # What an earlier run in this process read is not read again.
    reporting._OPEN[home] = None  # type: ignore[assignment]
    assert len(report(home, member, tmp_path, made_on=date(2026, 11, 23))) == 2
    with pytest.raises(NotFound):
        report(home, "NOWHERE", tmp_path, made_on=date(2026, 11, 23))
