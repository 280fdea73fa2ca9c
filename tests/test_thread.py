"""The thread from end to end: published files in, a truthful figure out, through every door."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import locality
from locality.figures import Missing, Period
from locality.refresh import refresh
from locality.sources.synthetic import write
from locality.store import Lake


@pytest.fixture(scope="module")
def planted(demonstration: tuple[Path, dict[str, Any]]) -> dict[str, Any]:
    return demonstration[1]["planted"]


@pytest.fixture(scope="module")
def here(demonstration: tuple[Path, dict[str, Any]]) -> locality.Workbench:
    return locality.open(demonstration[0])


def line(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "locality.cli", *words, "--home", str(home)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_england_is_the_sum_that_was_planted(here, demonstration) -> None:
    england = demonstration[1]["england"]["qof_registers"]
    checked = 0
    for year, groups in england.items():
        for group, sums in groups.items():
            figure = here.measure.figure(f"qof.register.{group.lower()}", "ENG", year)
            assert (figure.numerator, figure.denominator) == (
                sums["register"],
                sums["list_counted"],
            )
            checked += 1
    assert checked == 5 * 21


def test_a_closed_practice_keeps_its_past_and_names_its_successor(here, planted) -> None:
    merger = planted["merger"]
    closed = here.know.organisation(merger["practice"]).rows[0]
    assert closed["status"] == "closed"
    levels = {row["kind"]: row["code"] for row in here.know.belongs_to(merger["practice"]).rows}
    assert levels["pcn"] == merger["pcn"]
    told = " ".join(row["sentence"] for row in here.know.history(merger["practice"]).rows)
    assert merger["successor"] in told
    kept = here.measure.figure("qof.register.hyp", merger["practice"], merger["last_qof_year"])
    assert kept.value is not None


def test_the_boards_merged_and_the_page_says_so(here, planted) -> None:
    merged = planted["board_merger"]
    for old in merged["before"]:
        told = " ".join(row["sentence"] for row in here.know.history(old["code"]).rows)
        assert merged["after"]["name"] in told
    trend = here.measure.trend("qof.register.hyp", merged["after"]["code"])
    assert len(trend) == 5  # today's boundaries: the new board has a past


def test_four_different_kinds_of_nothing(here, planted) -> None:
    hidden = planted["suppressed"]
    figure = here.measure.figure(
        f"qof.register.{hidden['group'].lower()}", hidden["practice"], hidden["period"]
    )
    assert figure.missing is Missing.SUPPRESSED
    silent = planted["no_return"]
    figure = here.measure.figure("qof.register.hyp", silent["practice"], silent["period"])
    assert figure.missing is Missing.NO_RETURN
    zero = planted["zero_register"]
    figure = here.measure.figure(f"qof.register.{zero['group'].lower()}", zero["practice"])
    assert (figure.value, figure.missing) == (0.0, None)
    closed = planted["merger"]["practice"]
    figure = here.measure.figure("qof.register.hyp", closed, "2025-26")
    assert figure.missing is Missing.NOT_APPLICABLE


def test_explain_recomputes_the_stored_figure_from_the_file(here, planted) -> None:
    for code in (
        planted["outlier"]["practice"],
        "Z0K0A",
        "ENG",
        planted["pcn_across_boards"]["pcn"],
    ):
        stored = here.measure.figure("qof.register.dem", code, "2024-25")
        explained = here.measure.explain("qof.register.dem", code, "2024-25")
        assert (explained.value, explained.lower, explained.upper) == (
            stored.value, stored.lower, stored.upper)  # fmt: skip
        assert explained.working.sources[0].file_name == "PREVALENCE_2425.csv"
        assert len(explained.working.sources[0].sha256) == 64
        assert explained.working.rules[0].id == "qof.register.dem"
        assert explained.working.steps


def test_a_late_correction_changes_every_figure_that_rests_on_it(
    tmp_path: Path, planted: dict[str, Any]
) -> None:
    corrected = planted["late_correction"]
    files, home = write(tmp_path / "files"), tmp_path / "home"
    Lake(home).ingest([files])
    refresh(home)
    before = locality.open(home)
    again = Lake(home).ingest([files])
    assert {row["outcome"] for row in again.table.rows} <= {
        "already held", "known, not stored",
    }  # fmt: skip
    Lake(home).ingest([files / corrected["file"]])
    refresh(home)
    after = locality.open(home)
    for bench, when in ((before, "before"), (after, "after")):
        sums = corrected[when]
        for code, count in (("ENG", sums["england"]), (corrected["practice"], sums["practice"]),
                            *sums["icbs"].items()):  # fmt: skip
            figure = bench.measure.figure("qof.register.hyp", code, corrected["period"])
            assert figure.numerator == count, (when, code)
    states = {
        row["state"] for row in after.data.lineage().rows
        if row["publication"] == "qof_prevalence" and row["period"] == corrected["period"]
    }  # fmt: skip
    assert states == {"in use", "replaced"}
    changed = after.measure.explain("qof.register.hyp", "ENG", corrected["period"])
    first = before.measure.explain("qof.register.hyp", "ENG", corrected["period"])
    assert changed.working.sources[0].sha256 != first.working.sources[0].sha256


def test_small_local_counts_are_hidden_from_others_and_shown_to_their_practice(
    demonstration, planted
) -> None:
    home, _ = demonstration
    small = [
        cell for cell in planted["small_in_year_counts"]["withheld"]
        if f"qof.in_year.{cell['indicator'].lower()}" in locality.open(home).knowledge.measures
    ]  # fmt: skip
    assert small
    others = locality.open(home)
    for cell in small:
        measure = f"qof.in_year.{cell['indicator'].lower()}"
        name = {"pcas": "excepted"}.get(cell["column"], cell["column"])
        if name == "register":
            continue
        hidden = others.measure.figure(measure, cell["practice"], cell["as_at"])
        own = locality.open(home, reader=cell["practice"])
        exact = own.measure.figure(measure, cell["practice"], cell["as_at"])
        assert hidden.missing is Missing.WITHHELD
        assert getattr(hidden, name) is None
        assert getattr(exact, name) == cell["value"]
    cell, measure = small[0], f"qof.in_year.{small[0]['indicator'].lower()}"
    for command in ("figure", "explain"):
        words = (command, measure, cell["practice"], "--period", cell["as_at"], "--json")
        told = json.loads(line(home, *words).stdout)
        assert told["missing"] == Missing.WITHHELD
        assert told["numerator"] is told["denominator"] is told["excepted"] is None
        exact = json.loads(line(home, *words, "--as", cell["practice"]).stdout)
        assert exact["missing"] is None


def test_the_command_line_lists_and_explains_in_json(demonstration) -> None:
    home, truths = demonstration
    found = json.loads(line(home, "search", "larkmere", "--json").stdout)
    assert truths["home"]["code"] in {row["code"] for row in found}
    told = json.loads(line(home, "explain", "qof.register.hyp", "ENG", "--json").stdout)
    assert told["working"]["sources"][0]["publication"] == "qof_prevalence"
    assert told["lower"] < told["value"] < told["upper"]
    for words in (
        ("status",),
        ("measures",),
        ("over", "qof.register.hyp"),
        ("coverage",),
        ("sql",),
    ):
        assert json.loads(line(home, *words, "--json").stdout), words


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("figure", "qof.register.hpy", "ENG"), "qof.register.hyp"),
        (("figure", "qof.register.hyp", "Z99999"), "Z99999"),
        (("figure", "qof.register.hyp", "ENG", "--period", "2024-26"), "2024-25"),
        (("figure", "qof.register.hyp", "ENG", "--period", "1999-00"), "2025-26"),
        (("over", "qof.register.hyp", "--kind", "planet"), "practice"),
        (("sql", "hierachy"), "hierarchy"),
        (("ingest", "/nowhere/at/all"), "/nowhere/at/all"),
    ],
)
def test_what_is_typed_wrongly_gets_a_sentence_that_helps(demonstration, words, says) -> None:
    ran = line(demonstration[0], *words)
    assert ran.returncode == 1
    assert says in ran.stderr + ran.stdout
    assert "Traceback" not in ran.stderr
    assert "did not foresee" not in ran.stderr


def test_an_empty_home_says_which_two_commands_come_first(tmp_path: Path) -> None:
    ran = line(tmp_path / "new", "status")
    assert ran.returncode == 1
    assert "locality ingest" in ran.stderr
    assert "locality refresh" in ran.stderr


def test_the_sql_behind_a_measure_is_printed_in_either_dialect(demonstration) -> None:
    for dialect in ("duckdb", "spark"):
        ran = line(demonstration[0], "sql", "qof.register.hyp", "--dialect", dialect)
        assert ran.returncode == 0
        assert "HYP" in ran.stdout


def test_custom_groups_are_summed_by_the_refresh(tmp_path: Path, planted: dict[str, Any]) -> None:
    home = tmp_path / "home"
    Lake(home).ingest([write(tmp_path / "files", years=3)])
    members = planted["pcn_across_boards"]["practices"]
    codes = [code for some in members.values() for code in some]
    groups = [{"code": "g-alliance", "kind": "federation", "name": "An alliance",
               "practice_code": code} for code in codes]  # fmt: skip
    refresh(home, inputs={"groups": groups, "event": [{"id": 7, "at": "2026-07-01"}]})
    here = locality.open(home)
    figure = here.measure.figure("qof.register.hyp", "g-alliance", "2025-26")
    rows = here.measure.over("qof.register.hyp", within="g-alliance", period="2025-26").rows
    assert {row["code"] for row in rows} == set(codes)
    assert figure.numerator == sum(row["numerator"] for row in rows)
    assert here.version.manifest["records_event"] == 7
    assert Period.parse("2025-26") == figure.period
