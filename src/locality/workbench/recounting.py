"""Counting again from the kept files, so that a stored figure can be checked down to them."""

from __future__ import annotations

from functools import lru_cache
from math import isclose
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from locality.figures import Problem, Table
from locality.workbench import loading

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from locality import knowledge
    from locality.store import Version
    from locality.workbench import Workbench

_COUNTS = ("numerator", "denominator", "excepted")


class Recount:
    """Reads the documents that a measure's period rests on again, and counts them again."""

    def __init__(self, here: Workbench) -> None:
        self._here = here

    def check(
        self,
        measure: knowledge.Measure,
        organisation: Mapping[str, Any],
        period: str,
        members: Collection[str],
    ) -> None:
        """Raise Problem unless the kept files give exactly the stored counts.

        ``members`` are the practices that ``organisation`` sums, or itself.
        """
        version = self._here.version
        stored = version.observations(
            measure.id, codes=str(organisation["code"]), period=period
        ).rows
        if not stored:
            return
        counted = _recounted(self._here.home, version, measure.id, measure.definition_hash, period)
        # England as published is a row of its own, and stands instead of the sum.
        own = (
            {"ENG"} if organisation["code"] == "ENG" and "ENG" in _codes(counted) else set(members)
        )
        inside = pa.array([code in own for code in _codes(counted)])
        rows = counted.filter(inside)
        for name in _COUNTS:
            values = rows.column(name).to_numpy(zero_copy_only=False).astype(np.float64)
            whole = rows.column("numerator").to_numpy(zero_copy_only=False).astype(np.float64)
            usable = ~np.isnan(values) & ~np.isnan(whole)
            again = float(values[usable].sum()) if usable.any() else None
            if not _same(again, stored[0][name]):
                raise Problem(
                    f"{measure.title} of {organisation['name']} in {period}: the files give a "
                    f"{name} that is not the one stored. Refresh, and tell whoever keeps this "
                    "lake if it happens again."
                )


def _same(again: float | None, stored: float | None) -> bool:
    """Return whether two sums are one: pounds and staff add up in any order to the last digits."""
    if again is None or stored is None:
        return again is stored
    return isclose(again, stored, rel_tol=1e-12, abs_tol=1e-9)


def _codes(rows: pa.Table) -> list[str]:
    codes: list[Any] = rows.column("practice_code").to_pylist()
    return codes


@lru_cache(maxsize=64)
def _recounted(
    home: Path, version: Version, measure: str, definition_hash: str, period: str
) -> pa.Table:
    """Return what the kept files give for one period; the hash keeps old definitions apart."""
    from locality.knowledge import load
    from locality.store import recount

    one = load(home).measures[measure]
    tables = {name: _read_again(home, version, name, period) for name in one.datasets}
    counted = recount(one, tables)
    return counted.filter(pc.equal(counted.column("period"), pa.scalar(period)))


@lru_cache(maxsize=8)
def _read_again(home: Path, version: Version, name: str, period: str) -> Table:
    """Return a source table of one period, from its documents read afresh."""
    from locality.store import Lake

    lake, schema = Lake(home), version.schema(name)
    if schema.counted_from:
        counted = [
            lake.counts_again(row["sha256"], name)
            for row in version.lineage().rows
            if (row["table"], row["state"], row["period"])
            == (schema.counted_from, "in use", period)
        ]
        return Table.of(schema, pa.concat_tables(counted) if counted else {})
    span = loading.span(period)
    pieces = []
    for row in version.lineage().rows:
        if row["table"] != name or row["state"] != "in use":
            continue
        if "period" in schema.names and row["period"] != period:
            continue
        for reading in lake.read_again(row["sha256"]):
            table = reading.tables.get(name)
            if (
                table is not None
                and reading.part == row["part"]
                and reading.period == row["period"]
            ):
                pieces.append(table.data.cast(schema.arrow))
    whole = pa.concat_tables(pieces) if pieces else schema.arrow.empty_table()
    if "as_at" in schema.names:
        days = whole.column("as_at")
        first, last = (pa.scalar(day, pa.date32()) for day in (span.start, span.end))
        inside = pc.and_(pc.greater_equal(days, first), pc.less_equal(days, last))
        whole = whole.filter(inside)
    return Table(schema, whole)
