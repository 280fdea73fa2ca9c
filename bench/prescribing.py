"""Row-level tables to counts: a national month of prescribing, and the waiting times extract.

The rows are made with NumPy in a temporary folder (6,300 practices x 2,850 presentations of 1,700
chemicals), and counted by the SQL file that a refresh runs, on two threads with 2 GB. The floor is
one scan of the same columns by the same engine: the sum of every amount, without groups.

The extract of waiting times is the published one, where it is at hand: 183,417 rows of 105 weeks.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.floor import Row, peak_megabytes, timed
from bench.reading import PUBLISHED
from locality.figures.schemas.prescribing import PRESCRIBING_ROWS
from locality.figures.schemas.waiting import WEEKS
from locality.store.connection import literal
from locality.store.queries import query_text

PRACTICES = int(os.environ.get("BENCH_PRACTICES", "6300"))
EACH = 2850
CHEMICALS = 1700
PRESENTATIONS = 12
EXTRACT = "commissioner/activity/Full-CSV-data-file-*.zip"
#: Rows are written practice by practice, so many practices at a time.
AT_ONCE = 60
_FLOOR = """
SELECT SUM(items), SUM(quantity), SUM(nic), SUM(actual_cost),
  SUM(LENGTH(period)), SUM(LENGTH(practice_code)), SUM(LENGTH(bnf_code))
FROM prescribing_rows
"""


def bnf_codes() -> list[str]:
    """Return the codes of every presentation: 12 of each chemical, 15 signs."""
    paragraphs = np.random.default_rng(85).integers((1, 1, 1), (16, 9, 5), (CHEMICALS, 3)).tolist()
    return [
        f"{chapter:02d}{section:02d}{paragraph:02d}{number:03X}AAA{one:02d}A"
        for number, (chapter, section, paragraph) in enumerate(paragraphs)
        for one in range(PRESENTATIONS)
    ]


def make(path: Path) -> int:
    """Write the rows of one month to ``path`` and return how many there are."""
    pick = np.random.default_rng(2026)
    codes = np.array(bnf_codes(), dtype=object)
    practices = np.array([f"Z{n:05d}" for n in range(PRACTICES)], dtype=object)
    # A few chemicals are prescribed everywhere, most of them seldom: a real practice has about
    # 600 of them and 1,300 presentations in a month.
    popular = np.repeat(pick.lognormal(0, 2.0, CHEMICALS), PRESENTATIONS)
    popular *= pick.lognormal(0, 1.2, len(codes))
    chance = np.cumsum(popular / popular.sum())
    rows = 0
    with pq.ParquetWriter(path, PRESCRIBING_ROWS.arrow, compression="lz4") as writer:
        for first in range(0, PRACTICES, AT_ONCE):
            some = np.arange(first, min(first + AT_ONCE, PRACTICES))
            many = len(some) * EACH
            items = pick.geometric(0.25, many)
            each = pick.choice([7, 14, 28, 30, 56, 60, 84, 100], many)
            nic = np.round(items * each * pick.gamma(0.7, 0.2, many), 2)
            chosen = np.minimum(np.searchsorted(chance, pick.random(many)), len(codes) - 1)
            columns = [
                pa.repeat(pa.scalar("2026-M06"), many),
                pa.array(np.repeat(practices[some], EACH)),
                pa.array(codes[chosen]),
                pa.array(items),
                pa.array((items * each).astype(float)),
                pa.array(nic),
                pa.array(np.round(0.93 * nic, 5)),
            ]
            table = pa.table(columns, schema=PRESCRIBING_ROWS.arrow)
            writer.write_table(table)
            rows += many
    return rows


def count(path: Path, folder: Path) -> None:
    """Count the rows in this process, and print what it took beside the floor."""
    rows = pq.read_metadata(path).num_rows
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": "2GB", "threads": 2, "temp_directory": str(folder)
    }  # fmt: skip
    with duckdb.connect(config=config) as connection:
        connection.read_parquet(literal(path)).create_view("prescribing_rows")
        floor = timed(lambda: connection.sql(_FLOOR).fetchall(), repeats=2)
        start = time.perf_counter()
        counts = connection.sql(query_text("rows/prescribing")).to_arrow_table()
        took = time.perf_counter() - start
        total = connection.sql("SELECT SUM(items) FROM prescribing_rows").fetchall()[0][0]
        assert pc.sum(counts.column("items")).as_py() == total
    print(Row(f"{rows / 1e6:,.1f} million rows to {counts.num_rows / 1e6:.1f} million counts", took,
              "s", asked=15, floor=floor, note="floor: one scan, no groups"))  # fmt: skip
    print(Row("  rows a second", rows / took / 1e6, "M"))
    print(Row("  peak memory, the counts included", peak_megabytes(), "MB"))


def count_waits(path: Path, folder: Path) -> None:
    """Read the published extract of waiting times in this process and count its rows."""
    from locality.sources import Document, documents, read

    start = time.perf_counter()
    (document,) = documents(path)
    assert isinstance(document, Document)
    (reading,) = read(document)
    data = reading.tables["waiting_rows"].data
    took = time.perf_counter() - start
    print(Row(f"waiting times: {data.num_rows:,} rows opened and read", took, "s"))
    rows = folder / "waiting_rows.parquet"
    pq.write_table(data, rows, compression="zstd")
    sums = ", ".join(f"SUM({name})" for name in WEEKS)
    with duckdb.connect(config={"memory_limit": "1GB", "threads": 2}) as connection:
        relation = connection.read_parquet(literal(rows))
        relation.create_view("waiting_rows")
        floor = timed(lambda: relation.aggregate(sums).fetchall(), repeats=2)
        start = time.perf_counter()
        counts = connection.sql(query_text("rows/waiting")).to_arrow_table()
        took = time.perf_counter() - start
    print(Row(f"{data.num_rows * len(WEEKS) / 1e6:,.1f} million cells to "
              f"{counts.num_rows / 1e6:.1f} million counts", took, "s", floor=floor,
              note="floor: one scan, no groups"))  # fmt: skip
    print(Row("  peak memory, the reading included", peak_megabytes(), "MB"))


def main() -> None:
    """Make the rows, then count them, and those of waits, each in a process of its own."""
    if len(sys.argv) > 1:
        work = {"prescribing": count, "waiting": count_waits}[sys.argv[1]]
        work(Path(sys.argv[2]), Path(sys.argv[3]))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        path = folder / "prescribing_rows.parquet"
        start = time.perf_counter()
        make(path)
        size = path.stat().st_size / 1e6
        print(
            Row("rows made and written", time.perf_counter() - start, "s", note=f"{size:,.0f} MB")
        )
        given = [("prescribing", path)]
        given += [("waiting", extract) for extract in PUBLISHED.glob(EXTRACT)]
        for name, file in given:
            command = [sys.executable, "-m", "bench.prescribing", name, str(file), str(folder)]
            subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
