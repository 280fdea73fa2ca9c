"""The set logic gives the same rows on Spark, as sqlglot translates it, as on DuckDB."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from locality.figures import Cell
from locality.store import sql_text
from locality.store.queries import DERIVED, query_text
from locality.store.schemas import SCHEMAS
from tests.store.made import filled
from tests.store.measures import MEASURES
from tests.store.small_tables import Tables, as_arrow, derived_by, derived_by_duckdb, drawn
from tests.store.test_compile import counted, some_rows

pytestmark = pytest.mark.spark

_SPARK_TYPES = {
    pa.string(): "string",
    pa.int64(): "bigint",
    pa.float64(): "double",
    pa.date32(): "date",
    pa.bool_(): "boolean",
}
_COUNTED = ("practice_code", "period", "numerator", "denominator", "excepted", "flags")


def _view(spark: Any, name: str, data: pa.Table) -> None:
    schema = ", ".join(f"`{field.name}` {_SPARK_TYPES[field.type]}" for field in data.schema)
    rows = [tuple(row.values()) for row in data.to_pylist()]
    spark.createDataFrame(rows, schema=schema).createOrReplaceTempView(name)


def _rows(spark: Any, name: str) -> pa.Table:
    rows = [row.asDict() for row in spark.sql(query_text(name, "spark")).collect()]
    return pa.Table.from_pylist(rows, schema=SCHEMAS[name].arrow)


def derived_by_spark(spark: Any, tables: Tables) -> Tables:
    for name, data in as_arrow(tables).items():
        _view(spark, name, data)
    return derived_by(lambda name: _rows(spark, name), lambda name, data: _view(spark, name, data))


@pytest.mark.parametrize("seed", [1])
def test_no_row_differs_between_duckdb_and_spark(spark: Any, seed: int) -> None:
    tables = drawn(Random(seed), practices=20, extracts=5, span=90)
    here, there = derived_by_duckdb(tables), derived_by_spark(spark, tables)
    for name in DERIVED:
        assert here[name], f"{name} is empty: the comparison would show nothing"
        differing = [
            pair for pair in zip(here[name], there[name], strict=True) if pair[0] != pair[1]
        ]
        assert differing == [], name


@pytest.mark.parametrize("name", MEASURES)
def test_no_count_of_a_measure_differs_between_duckdb_and_spark(spark: Any, name: str) -> None:
    tables = some_rows(Random(3)) | {
        "qof_in_year": [
            {
                "as_at": date(2026, 9, day),
                "practice_code": "A1",
                "indicator_code": "HYP010",
                "numerator": day,
                "denominator": 90,
                "source": "typed",
            }
            for day in (10, 20)
        ],
        "weighted_populations": [
            {"period": "2025-26", "practice_code": code, "component": "overall", "population": 9.5}
            for code in ("A1", "A2")
        ],
    }
    for table in MEASURES[name].datasets:
        _view(spark, table, filled(table, tables[table]).data)
    text = sql_text(name, measures=MEASURES, dialect="spark")
    there = {
        (row.practice_code, row.period): (*list(row)[2:5], Cell(row.flags))
        for row in spark.sql(text).select(*_COUNTED).collect()
    }
    here = counted(MEASURES[name], **{t: tables[t] for t in MEASURES[name].datasets})
    assert here and there == here
