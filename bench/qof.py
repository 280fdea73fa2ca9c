"""QOF of all of England: every practice, every indicator, three scenarios, read and written.

The tables are made up at national size and written as Parquet first; what is timed reads them,
scores them three times and makes the table of results, as a page or an analyst would have it.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.floor import Row, timed
from locality import knowledge
from locality.figures import Table
from locality.figures.schemas.quality import QOF_ACHIEVEMENT, QOF_OVERALL, QOF_REGISTERS
from locality.measure import qof

PRACTICES, YEAR, NEXT = 6_300, "2025-26", "2026-27"
GROUPS = ("AF", "AST", "CHD", "COPD", "DEM", "DM", "HF", "HYP", "MH", "NDH", "OB", "STIA")


def written(folder: Path) -> None:
    """Write a made-up England: results, registers and lists of one year."""
    pick = np.random.default_rng(26)
    codes = [f"A{n:05d}" for n in range(PRACTICES)]
    sheet = knowledge.load().rules.sheet("qof", YEAR)
    indicators = [row.code for row in sheet.rows]
    lists = pick.lognormal(9.0, 0.5, PRACTICES).astype(np.int64)
    size = PRACTICES * len(indicators)
    den = pick.integers(0, 900, size)
    num = np.floor(den * pick.beta(8, 2, size)).astype(np.int64)
    none = pa.nulls(size)
    rows = {
        "period": pa.repeat(YEAR, size),
        "practice_code": np.repeat(codes, len(indicators)),
        "indicator_code": np.tile(indicators, PRACTICES),
        "numerator": num, "denominator": den, "pcas": pick.integers(0, 60, size),
        "register": none, "newly_diagnosed": none, "points": none, "missing": none,
    }  # fmt: skip
    _write(folder, QOF_ACHIEVEMENT, rows)
    many = PRACTICES * len(GROUPS)
    share = np.tile(pick.uniform(0.005, 0.15, len(GROUPS)), PRACTICES)
    each = np.repeat(lists, len(GROUPS))
    registers = {
        "period": pa.repeat(YEAR, many),
        "practice_code": np.repeat(codes, len(GROUPS)),
        "group_code": np.tile(GROUPS, PRACTICES),
        "register": (each * share).astype(np.int64),
        "list_type": pa.repeat("TOTAL", many),
        "list_size": each, "missing": pa.nulls(many),
    }  # fmt: skip
    _write(folder, QOF_REGISTERS, registers)
    worth = np.full(PRACTICES, 564.0)
    overall = {"period": pa.repeat(YEAR, PRACTICES), "practice_code": codes, "list_size": lists,
               "points": worth, "maximum_points": worth, "available_points": worth,
               "missing": pa.nulls(PRACTICES)}  # fmt: skip
    _write(folder, QOF_OVERALL, overall)


def three_scenarios(folder: Path) -> Table:
    """Return every practice under this sheet, the next and every patient reached."""
    rules = knowledge.load().rules
    achievement, registers, overall = (
        Table(schema, pq.read_table(folder / f"{schema.name}.parquet"))
        for schema in (QOF_ACHIEVEMENT, QOF_REGISTERS, QOF_OVERALL)
    )
    lists = qof.whole_lists(registers, overall)
    practices = tuple(lists)
    scheme, ahead = qof.Scheme.of(rules, YEAR), qof.Scheme.of(rules, NEXT)
    counts = qof.Counts.of(achievement, practices, scheme.codes, YEAR)
    carry = qof.carried(scheme.sheet, ahead.sheet)
    under = qof.counts_under(counts, carry, ahead.codes, NEXT)
    size = np.array(list(lists.values()))
    england = qof.summed(achievement, scheme.codes)
    scored = []
    for one, held, whole in (
        (scheme, counts, england),
        (ahead, under, np.nansum(under.eligible, axis=0)),
    ):
        groups = [row.group for row in one.rows]
        weights = qof.prevalence(registers, lists, practices, groups, YEAR, held.eligible, whole)
        scored.append(qof.Scored.of(one, held, size, weights))
    table = qof.scenarios(
        {"counted": scored[0], "next sheet": scored[1], "all": qof.every_point(scored[0])}
    )
    pq.write_table(table.data, folder / "scenarios.parquet")
    return table


def floor(folder: Path) -> None:
    """Read the same files and add up one matrix a scenario: what no program does without."""
    for name in ("qof_achievement", "qof_registers", "qof_overall"):
        pq.read_table(folder / f"{name}.parquet")
    matrix = np.ones((PRACTICES, 44))
    for _ in range(3):
        (matrix * matrix * matrix).sum(axis=1)


def main() -> None:
    """Print the time of three scenarios over all of England, and its ratio to the floor."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        written(folder)
        table = three_scenarios(folder)
        took = timed(lambda: three_scenarios(folder), 5)
        least = timed(lambda: floor(folder), 5)
        what = f"{PRACTICES:,} practices x 44 indicators x 3 scenarios, read and written"
        note = f"{len(table):,} rows; {took / least:.1f} x reading and adding up"
        print(Row(what, took, "s", asked=3, note=note))


def _write(folder: Path, schema: object, columns: dict[str, object]) -> None:
    table = Table.of(schema, columns)  # type: ignore[arg-type]
    pq.write_table(table.data, folder / f"{table.schema.name}.parquet")


if __name__ == "__main__":
    main()
