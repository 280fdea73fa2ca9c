"""Row-level tables stay beside their documents; only counts of them go into a version."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.figures import Table
from locality.figures.schemas import SOURCE_TABLES
from locality.sources import Document, Reading
from locality.store import Draft, Lake, LakeError
from locality.store.engines import DuckEngine, engine_for
from locality.store.queries import count_again
from tests.store import small_rows
from tests.store.made import PUBLICATIONS, Publication

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TWINS = {
    "waiting": (small_rows.waiting, small_rows.waiting_counted),
    "prescribing": (small_rows.prescribing, small_rows.prescribing_counted),
}


@pytest.mark.parametrize("name", TWINS)
@given(st.randoms(use_true_random=False), st.integers(0, 40))
def test_the_sql_counts_as_a_plain_loop_does(name: str, random: Random, rows: int) -> None:
    draw, twin = TWINS[name]
    table = draw(random, rows)
    found = Table.of(SOURCE_TABLES[name], count_again(name, table)).rows
    assert found == small_rows.in_order(twin(table), name)


def test_england_leaves_out_those_who_are_not_english_and_boards_those_without_one() -> None:
    table = small_rows.waiting(Random(1), 60)
    rows = count_again("waiting", table).to_pylist()
    assert "NONC" not in {row["code"] for row in rows}
    assert "13Q" not in {row["code"] for row in rows}
    total = {kind: sum(r["pathways"] for r in rows if r["kind"] == kind)
             for kind in ("sub_icb", "icb", "england")}  # fmt: skip
    assert total["sub_icb"] == total["icb"] < total["england"]


def lake(home: Path, tables: dict[str, Table]) -> Lake:
    """Return a lake whose one reader gives the waiting rows that its document names."""

    def read(document: Document) -> tuple[Reading, ...]:
        table = tables[document.content.decode()]
        rows = len(table)
        return (Reading("waits", "2026-M01", {"waiting_rows": table}, rows=rows, practices=0),)

    def opened(path: Path) -> list[Document]:
        return [Document(path.name, path.read_bytes(), path.name)]

    known = {**PUBLICATIONS, "waits": Publication("Waits")}
    return Lake(home, open_documents=opened, read=read, publications=known)


class Counting(DuckEngine):
    """An engine that remembers how often it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def counts(self, name: str, tables: Any) -> pa.Table:
        self.asked.append(name)
        return super().counts(name, tables)


def test_counts_go_into_a_version_with_their_document_and_rows_do_not(tmp_path: Path) -> None:
    table = small_rows.waiting(Random(2), 40)
    made = lake(tmp_path / "home", {"one": table})
    (tmp_path / "one.csv").write_text("one")
    made.ingest([tmp_path / "one.csv"])
    engine = Counting()

    def write(draft: Draft) -> None:
        draft.write_source_tables()
        draft.count_rows(engine)

    version = made.build(write, made_at=NOW)
    assert version.table("waiting").rows == small_rows.in_order(
        small_rows.waiting_counted(table), "waiting"
    )
    assert "waiting_rows" not in version.paths() and "prescribing_rows" not in version.paths()
    (sha,) = made.holdings().documents
    held = pq.read_table(version.path("waiting")).column("document").unique().to_pylist()
    assert held == [sha]
    assert len(version.table("prescribing")) == 0
    # The same document under the same SQL is not counted again.
    made.build(write, made_at=NOW)
    assert engine.asked == ["waiting"]


def test_a_corrected_file_alone_is_counted(tmp_path: Path) -> None:
    first, second = small_rows.waiting(Random(3)), small_rows.waiting(Random(4))
    made = lake(tmp_path / "home", {"one": first, "two": second})
    for name in ("one", "two"):
        (tmp_path / f"{name}.csv").write_text(name)
        made.ingest([tmp_path / f"{name}.csv"])
    version = made.build(lambda draft: draft.count_rows(DuckEngine()), made_at=NOW)
    twin = small_rows.waiting_counted(second)
    assert version.table("waiting").rows == small_rows.in_order(twin, "waiting")


def test_a_failed_count_leaves_nothing_that_could_be_taken_for_one(tmp_path: Path) -> None:
    class Broken(DuckEngine):
        def counts(self, name: str, tables: Any) -> pa.Table:
            raise LakeError("the cluster went away")

    made = lake(tmp_path / "home", {"one": small_rows.waiting(Random(5))})
    (tmp_path / "one.csv").write_text("one")
    made.ingest([tmp_path / "one.csv"])
    with pytest.raises(LakeError, match="went away"):
        made.build(lambda draft: draft.count_rows(Broken()), made_at=NOW)
    assert made.current() is None
    assert not list((tmp_path / "home/lake/counts").glob("*.parquet"))


@pytest.mark.parametrize("address", ["oracle", "http://host", "duck"])
def test_an_engine_that_does_not_exist_is_named_with_those_that_do(address: str) -> None:
    with pytest.raises(LakeError, match=r"no engine called .*local\[2\]"):
        engine_for(address)


def test_duckdb_is_the_engine_unless_another_is_named() -> None:
    assert isinstance(engine_for(), DuckEngine) and isinstance(engine_for("duckdb"), DuckEngine)
