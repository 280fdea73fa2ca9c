"""A compiled definition counts what its words say, engine or plain Python alike."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locality.figures import Cell, Period
from locality.knowledge.cases import counts, derived_counts
from locality.knowledge.measure import Measure, Rows
from locality.store import LakeError, compile_measure, recount, sql_names, sql_text
from tests.store.made import document, filled, lake, put, reading
from tests.store.measures import IN_YEAR, MEASURES, NEED, OLDER, ON_THE_DAY, REGISTER

Found = dict[tuple[str, str], tuple[Any, ...]]
SUPPRESSED = "suppressed by the publisher"


def counted(measure: Measure, **tables: list[dict[str, Any]]) -> Found:
    """Return what the compiled measure gives on DuckDB, by practice and period."""
    with duckdb.connect() as connection:
        for name in measure.datasets:
            connection.register(name, filled(name, tables.get(name, [])).data)
        rows = connection.sql(compile_measure(measure)).fetchall()
    found = {(row[0], row[1]): (*row[2:5], Cell(row[5])) for row in rows}
    assert len(found) == len(rows)
    return found


def register(practice: str, register: int | None, group: str = "HYP", **more: Any) -> Any:
    row = {"period": "2024-25", "practice_code": practice, "group_code": group}
    return row | {"register": register, "list_type": "TOTAL", "list_size": 100} | more


def test_counts_and_the_four_kinds_of_nothing() -> None:
    found = counted(
        REGISTER,
        qof_registers=[
            register("A1", 15),
            register("A2", 0),
            register("A3", None, missing=SUPPRESSED),
            register("A4", None, missing="not applicable"),
            register("A5", None),
            register("A6", 4, "DM"),
            register("A7", 4, list_type="18OV"),
            register("A8", 7, list_size=None, missing="no return"),
        ],
    )
    assert found == {
        ("A1", "2024-25"): (15, 100, None, Cell.OK),
        ("A2", "2024-25"): (0, 100, None, Cell.OK),
        ("A3", "2024-25"): (None, 100, None, Cell.SUPPRESSED),
        ("A4", "2024-25"): (None, 100, None, Cell.NOT_APPLICABLE),
        ("A5", "2024-25"): (None, 100, None, Cell.NO_RETURN),
        ("A8", "2024-25"): (7, None, None, Cell.NO_RETURN),
    }


def test_a_reason_for_another_column_does_not_hide_counts_that_are_there() -> None:
    row = {
        "as_at": date(2026, 9, 30),
        "practice_code": "A1",
        "indicator_code": "HYP010",
        "numerator": 3,
        "denominator": 9,
        "missing": SUPPRESSED,
    }
    found = counted(IN_YEAR, qof_in_year=[row | {"source": "typed"}])
    assert found == {("A1", "2026-M09"): (3, 9, None, Cell.OK)}


def test_the_latest_extract_in_a_period_counts_alone() -> None:
    def row(day: date, numerator: int, indicator: str = "HYP010") -> dict[str, Any]:
        return {
            "as_at": day,
            "practice_code": "A1",
            "indicator_code": indicator,
            "numerator": numerator,
            "denominator": 9,
            "pcas": 1,
            "source": "typed",
        }

    found = counted(
        IN_YEAR,
        qof_in_year=[
            row(date(2026, 9, 10), 3),
            row(date(2026, 9, 20), 4),
            row(date(2026, 9, 30), 5, "DM020"),
            row(date(2026, 10, 1), 6),
        ],
    )
    assert found == {
        ("A1", "2026-M09"): (4, 9, 1, Cell.OK),
        ("A1", "2026-M10"): (6, 9, 1, Cell.OK),
    }


def test_a_sum_with_a_hole_in_it_is_no_sum() -> None:
    rows = [
        {"period": "2025-26", "practice_code": "A1", "component": "overall", "population": 1.5},
        {"period": "2025-26", "practice_code": "A2", "component": "overall"},
    ]
    assert counted(NEED, weighted_populations=rows) == {("A1", "2025-26"): (1.5, 1, None, Cell.OK)}
    sizes = [
        {"as_at": date(2026, 7, 1), "practice_code": "A1", "missing": SUPPRESSED},
        {"as_at": date(2026, 7, 1), "practice_code": "A2", "patients": 2000},
    ]
    assert counted(OLDER, list_sizes=sizes) == {
        ("A1", "2026-27"): (0, None, None, Cell.SUPPRESSED),
        ("A2", "2026-27"): (0, 2, None, Cell.OK),
    }


def test_where_absent_means_zero_the_latest_extract_decides() -> None:
    def band(day: date, age: int, patients: int) -> dict[str, Any]:
        row = {"as_at": day, "practice_code": "A1", "sex": "MALE"}
        return row | {"age_from": age, "patients": patients}

    found = counted(
        OLDER,
        age_sex=[
            band(date(2026, 4, 1), 65, 10),
            band(date(2026, 7, 1), 20, 900),
            band(date(2026, 1, 1), 70, 7),
        ],
        list_sizes=[
            {"as_at": date(2026, 7, 1), "practice_code": "A1", "patients": 900},
            {"as_at": date(2026, 3, 31), "practice_code": "A1", "patients": 800},
        ],
    )
    assert found == {
        ("A1", "2026-27"): (0, 0.9, None, Cell.OK),
        ("A1", "2025-26"): (7, 0.8, None, Cell.OK),
    }


def _period_of(rows: Rows, row: dict[str, Any]) -> str:
    if rows.period_column == "period":
        return str(row["period"])
    day: date = row["as_at"]
    if rows.period == "day":
        return Period.day(day).code
    if rows.period == "month":
        return Period.month(day.year, day.month).code
    return Period.financial_year(day.year - (day.month < 4)).code


def by_practice_and_period(
    rows: Rows, given_rows: list[dict[str, Any]]
) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Return the rows of each practice and period: of dated extracts, the latest alone."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in given_rows:
        found[row["practice_code"], _period_of(rows, row)].append(row)
    if rows.period_column == "as_at":
        for inside in found.values():
            last = max(row["as_at"] for row in inside)
            inside[:] = [row for row in inside if row["as_at"] == last]
    return found


@settings(max_examples=30)
@given(st.randoms(use_true_random=False))
def test_the_sql_counts_what_the_definition_evaluates_to_row_by_row(random: Random) -> None:
    tables = some_rows(random)
    rows = REGISTER.source
    assert rows is not None
    plain = {
        key: (found["num"], found["den"])
        for key, inside in by_practice_and_period(rows, tables["qof_registers"]).items()
        for found in [counts(REGISTER, inside)]
        if any(row["group_code"] == "HYP" for row in inside)
    }
    assert {key: got[:2] for key, got in counted(REGISTER, **tables).items()} == plain
    for measure in (OLDER, ON_THE_DAY):
        split = {
            one.name: by_practice_and_period(one, tables[one.dataset]) for one in measure.inputs
        }
        sql = counted(measure, **tables)
        for key in {key for by in split.values() for key in by}:
            inputs = {name: by.get(key, []) for name, by in split.items()}
            expected = derived_counts(measure, inputs)
            num, den, _, flag = sql.get(key, (0.0, None, None, Cell.NO_RETURN))
            assert (num, den) == (expected["num"], expected["den"])
            assert (flag.missing is None) == (num is not None and den is not None)


def some_rows(random: Random) -> dict[str, list[dict[str, Any]]]:
    """Return rows of three tables, few practices and dates, no two with the same key."""
    days = [date(2026, 3, 31), date(2026, 4, 1), date(2026, 7, 1), date(2027, 3, 1)]
    practices = ["A1", "A2", "A3"]
    return {
        "qof_registers": [
            {
                "period": period,
                "practice_code": practice,
                "group_code": group,
                "register": random.choice([None, random.randint(0, 90)]),
                "list_type": "TOTAL",
                "list_size": random.choice([None, 100]),
                "missing": random.choice([None, SUPPRESSED]),
            }
            for period in ("2023-24", "2024-25")
            for practice in practices
            for group in ("HYP", "DM")
            if random.random() < 0.7
        ],
        "age_sex": [
            {
                "as_at": day,
                "practice_code": practice,
                "sex": sex,
                "age_from": age,
                "patients": random.randint(1, 900),
            }
            for day in days
            for practice in practices
            for sex in ("FEMALE", "MALE")
            for age in (0, 65, 95)
            if random.random() < 0.5
        ],
        "list_sizes": [
            {
                "as_at": day,
                "practice_code": practice,
                "patients": random.choice([None, random.randint(0, 9000)]),
                "missing": None,
            }
            for day in days
            for practice in practices
            if random.random() < 0.6
        ],
    }


def test_a_stored_count_can_be_checked_against_its_file(tmp_path: Path) -> None:
    home = lake(tmp_path)
    rows = [register("A1", 15), register("A2", None, missing=SUPPRESSED)]
    given = document("qof.csv", reading("qof_prevalence", "2024-25", qof_registers=rows))
    home.ingest([put(tmp_path / "in", given)])
    (again,) = home.read_again(given.sha256)
    found = {row["practice_code"]: row for row in recount(REGISTER, again.tables).to_pylist()}
    assert (found["A1"]["numerator"], found["A1"]["denominator"]) == (15, 100)
    assert Cell(found["A2"]["flags"]) == Cell.SUPPRESSED
    assert recount(OLDER, {}).num_rows == 0
    with pytest.raises(LakeError, match="holds no document"):
        home.read_again("0" * 64)


def test_any_sql_is_printed_by_name() -> None:
    listed = {(row["name"], row["kind"]) for row in sql_names(MEASURES).rows}
    assert {("hierarchy", "result"), ("made.register", "measure")} <= listed
    assert all(row["what"].endswith((".", row["name"])) for row in sql_names(MEASURES).rows)
    assert sql_text("made.register", measures=MEASURES) == compile_measure(REGISTER)
    spark = sql_text("made.older", measures=MEASURES, dialect="spark")
    assert spark.startswith("-- Made-up measure made.older\n") and "VARCHAR" not in spark
    assert sql_text("lists").startswith("-- Registered patients")
    with pytest.raises(LakeError, match=r"Did you mean made\.register"):
        sql_text("made.registre", measures=MEASURES)
    with pytest.raises(LakeError, match="write duckdb or spark"):
        sql_text("lists", dialect="oracle")
