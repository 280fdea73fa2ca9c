"""The workbench loads, calls and returns; what it cites is what it used."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import locality
from locality.figures import Figure, NotFound, Problem, Statement, Table
from locality.workbench import NothingLoaded, Workbench, loading


@pytest.fixture(scope="module")
def here(demonstration: tuple[Path, dict[str, Any]]) -> Workbench:
    return locality.open(str(demonstration[0]))


@pytest.fixture(scope="module")
def truths(demonstration: tuple[Path, dict[str, Any]]) -> dict[str, Any]:
    return demonstration[1]


def test_every_room_returns_a_figure_a_statement_or_a_table(here, truths) -> None:
    home = truths["home"]["code"]
    answers = [
        here.know.search("lark"),
        here.know.organisation(home),
        here.know.belongs_to("Z90001"),
        here.know.members(home),
        here.know.history(home),
        here.know.crossing_networks(),
        here.know.oversight(date(2026, 11, 23)),
        here.know.roles(),
        here.know.list_size(home),
        here.know.list_trend(home),
        here.know.age_sex(home),
        here.know.need(home),
        here.know.list_in_pounds("Z90001", Decimal("900000000")),
        here.know.inclusion(),
        here.measure.catalogue(),
        here.measure.figure("qof.register.hyp", home),
        here.measure.figures(home),
        here.measure.over("qof.register.hyp"),
        here.measure.trend("qof.register.hyp", home),
        here.measure.explain("qof.register.hyp", home),
        here.data.version(),
        here.data.lineage(),
        here.data.set_aside(),
        here.data.attributions(),
        here.data.coverage(),
    ]
    assert {type(answer) for answer in answers} == {Figure, Statement, Table}
    assert all(len(answer) for answer in answers if isinstance(answer, Table))


def test_lists_are_the_planted_ones_at_every_date(here, truths) -> None:
    trend = {row["period"]: row["value"] for row in here.know.list_trend("ENG").rows}
    assert trend == truths["england"]["list_sizes"]
    assert here.know.list_size(truths["home"]["code"]).value == truths["home"]["patients"]


def test_weighted_populations_add_up_to_the_planted_ones(here, truths) -> None:
    planted = truths["england"]["weighted_populations"]
    found = {(r["period"], r["component"]): r["weighted"] for r in here.know.need("ENG").rows}
    for period, components in planted.items():
        for component, weighted in components.items():
            if component != "registered":
                assert found[period, component] == pytest.approx(weighted, rel=1e-9)


def test_a_practice_belonged_elsewhere_before_it_moved(here, truths) -> None:
    moved = truths["planted"]["moved_pcn"]

    def network(at: date | None) -> str:
        rows = here.know.belongs_to(moved["practice"], at).rows
        return next(row["code"] for row in rows if row["kind"] == "pcn")

    assert network(date.fromisoformat(moved["last_map_before"])) == moved["from_pcn"]
    assert network(None) == moved["to_pcn"]


def test_a_network_of_a_past_day_counts_who_belonged_then(here, truths) -> None:
    moved = truths["planted"]["moved_pcn"]
    before = date.fromisoformat(moved["last_map_before"])
    then = {
        row["practice_code"]
        for row in loading.select(here.version, "practice_map", as_at=before).rows
        if row["pcn_code"] == moved["from_pcn"]
    }
    now = {row["code"] for row in here.know.members(moved["from_pcn"]).rows}
    assert moved["practice"] in then - now
    rows = here.know.belongs_to(moved["from_pcn"], before).rows
    assert sum(row["practices"] for row in rows if row["kind"] == "region") == len(then)


def test_a_network_across_boards_is_told(here, truths) -> None:
    crossing = truths["planted"]["pcn_across_boards"]
    rows = [r for r in here.know.crossing_networks().rows if r["pcn_code"] == crossing["pcn"]]
    assert {r["icb_code"]: r["practices"] for r in rows} == {
        board: len(codes) for board, codes in crossing["practices"].items()
    }


def test_the_usual_inclusion_leaves_out_the_small_list_and_the_closed(here, truths) -> None:
    planted = truths["planted"]
    rows = {row["practice_code"]: row for row in here.know.inclusion().rows}
    assert not rows[planted["small_list"]["practice"]]["included"]
    assert "750" in rows[planted["small_list"]["practice"]]["reason"]
    assert not rows[planted["merger"]["practice"]]["included"]
    assert sum(row["included"] for row in rows.values()) == (
        truths["england"]["practices_open"]["2026-07-01"] - 1
    )


def test_pounds_are_shares_of_what_was_typed(here) -> None:
    allocation = Decimal("900000000")
    row = next(r for r in here.know.need("Z90001").rows
               if (r["period"], r["component"]) == ("2025-26", "overall"))  # fmt: skip
    statement = here.know.list_in_pounds("Z90001", allocation)
    assert float(statement.total) == pytest.approx(9e8 * row["share_of_icb"] / 100, abs=0.01)
    assert statement.working.sources
    with pytest.raises(Problem, match="allocation"):
        here.know.list_in_pounds("Z90001", Decimal("-1"))
    with pytest.raises(Problem, match="2031-32"):
        here.know.list_in_pounds("Z90001", allocation, year="2031-32")
    with pytest.raises(Problem, match="board"):
        here.know.list_in_pounds("ENG", allocation)


def test_explain_fails_when_the_stored_count_is_not_what_the_file_gives(
    here, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = here.version.observations

    def wrong(measure: str, **narrowed: Any) -> Table:
        table = true(measure, **narrowed)
        rows = [{**row, "numerator": (row["numerator"] or 0) + 1} for row in table.rows]
        return Table.of(table.schema, rows)

    assert here.measure.explain("qof.register.dm", "Z90001").value is not None
    monkeypatch.setattr(here.version, "observations", wrong)
    with pytest.raises(Problem, match="not the one stored"):
        here.measure.explain("qof.register.dm", "Z90001")


def test_a_latest_figure_is_the_latest_that_has_a_number(here, truths) -> None:
    merged = truths["planted"]["merger"]
    figure = here.measure.figure("qof.register.hyp", merged["practice"])
    assert figure.period.code == merged["last_qof_year"]


def test_a_search_finds_by_code_by_part_and_by_every_word(here, truths) -> None:
    code = truths["home"]["code"]
    assert here.know.search(code.lower()).rows[0]["code"] == code
    for row in here.know.search("larkmere withy").rows:
        assert "larkmere" in row["name"].lower()
    assert len(here.know.search("")) == 0
    assert len(here.know.search("no such place anywhere")) == 0


def test_wrong_names_are_told_kindly(here, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="locality search"):
        here.know.organisation("Z99999")
    with pytest.raises(NotFound, match=r"Did you mean qof\.register\.hyp"):
        here.measure.figure("qof.register.hpy", "ENG")
    with pytest.raises(Problem, match="it has 2021-22"):
        here.measure.figure("qof.register.hyp", "ENG", "1999-00")
    with pytest.raises(NothingLoaded, match="locality ingest"):
        locality.open(str(tmp_path))


def test_selecting_takes_values_as_values(here) -> None:
    hostile = "Z90001' OR '1'='1"
    assert len(loading.select(here.version, "organisations", code=hostile)) == 0
    assert len(loading.select(here.version, "organisations", code=("Z90001", hostile))) == 1
    with pytest.raises(KeyError, match="no column"):
        loading.select(here.version, "organisations", kode="Z90001")


def test_every_source_cited_stands_in_lineage(here) -> None:
    lineage = {row["sha256"] for row in here.data.lineage().rows}
    for figure in (here.know.list_size("ENG"), here.measure.figure("qof.register.af", "ENG")):
        assert figure.working.sources
        for source in figure.working.sources:
            assert source.sha256 in lineage
            assert source.rows > 0
