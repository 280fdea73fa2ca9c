"""Row-level tables are counted on Spark as on DuckDB: not one row differs."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet as pq
import pytest

from locality.figures import Table
from locality.figures.schemas import SOURCE_TABLES
from locality.sources import documents, read
from locality.store.engines import DuckEngine, Engine
from tests.store import small_rows

pytestmark = pytest.mark.spark


@pytest.fixture(scope="module")
def engines(spark: Any) -> tuple[Engine, Engine]:
    """Return DuckDB's engine and Spark's, which takes up the session that tests share."""
    from locality.store.engines.spark import SparkEngine

    there = SparkEngine("local[2]")
    return DuckEngine(), there


def counted(engine: Engine, name: str, files: list[Path]) -> list[dict[str, Any]]:
    schema = SOURCE_TABLES[name]
    return Table.of(schema, engine.counts(name, {schema.counted_from: files})).rows


@pytest.mark.parametrize("name", ["waiting", "prescribing"])
def test_no_count_differs(engines: tuple[Engine, Engine], name: str, tmp_path: Path) -> None:
    draw = getattr(small_rows, name)
    files = []
    for number in range(2):
        files.append(tmp_path / f"{number} rows.parquet")
        pq.write_table(draw(Random(number), 200).data, files[-1])
    here, there = (counted(engine, name, files) for engine in engines)
    assert here == there and len(here) > 10


@pytest.mark.published
def test_no_count_of_the_published_extract_differs(
    engines: tuple[Engine, Engine], published: Path, tmp_path: Path
) -> None:
    (document,) = documents(
        published / "commissioner/activity/Full-CSV-data-file-Jan26-ZIP-4M-WL5BiP.zip"
    )
    (reading,) = read(document)  # type: ignore[arg-type]
    file = tmp_path / "rows.parquet"
    pq.write_table(reading.tables["waiting_rows"].data, file)
    name = "waiting"
    here, there = (
        Table.of(SOURCE_TABLES[name], engine.counts(name, {"waiting_rows": [file]})).data
        for engine in engines
    )
    assert here.num_rows == 632_242 and here.equals(there)
