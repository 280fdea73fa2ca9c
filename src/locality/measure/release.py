"""The one release gate for counts that a locality supplied itself.

Every door (page, API, CSV, chart, command line, Python) reads through :func:`released`; what it
hides was settled by :func:`withheld` when the version was made, over all groupings at once.
Open NHS data pass as published. A practice sees its own counts exactly.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from locality.figures import Cell, Table
from locality.statistics import suppress

Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.intp]

#: Counts up to this many, zero too, are hidden; the others are rounded to :data:`ROUNDED_TO`.
SMALL = 7
ROUNDED_TO = 5
_COUNTS = ("numerator", "denominator", "excepted")
_WITHOUT_NUMBER = np.uint8(
    Cell.NO_RETURN | Cell.SUPPRESSED | Cell.NOT_APPLICABLE | Cell.TOO_FEW_RETURNS
)


def withheld(observations: Table, members: Table) -> Flags:
    """Return which rows of one locally supplied measure are hidden from others, of shape (rows,).

    ``observations`` (OBSERVATIONS) has the exact counts of practices and of everything that sums
    them, for any number of periods; ``members`` (MEMBERS) says who sums whom, groups that people
    made too. Numerator, denominator and adjustments of a row are hidden together, where one of
    them is at most SMALL, or where a small one could be worked out from it
    (:func:`locality.statistics.suppress`). A total that few of its members returned counts says
    little: such totals are given up first.
    """
    rows = _Rows(observations, members)
    hidden = np.zeros(len(observations), np.bool_)
    for period in dict.fromkeys(rows.period):
        at, hide = rows.hidden(period)
        hidden[at] = hide
    return hidden


def released(observations: Table, *, local: bool | Flags, reader: str | None = None) -> Table:
    """Return ``observations`` as ``reader`` may see them.

    ``observations`` has the columns of OBSERVATIONS, and perhaps others. ``local`` says whether
    a locality supplied the counts, for all rows or for each: open data pass as they are. Of
    local rows, withheld ones lose their counts and keep the flag; the others are rounded, so
    that values and intervals are worked out from rounded counts. ``reader`` is the practice that
    reads, which sees its own rows exactly, or None.
    """
    gated = np.broadcast_to(np.asarray(local, np.bool_), (len(observations),)).copy()
    if not gated.any():
        return observations
    if reader is not None:
        code = np.asarray(observations.column("code"), dtype=object)
        kind = np.asarray(observations.column("kind"), dtype=object)
        own = (code == reader) & (kind == "practice")
    else:
        own = np.zeros(len(observations), np.bool_)
    flags = np.array(observations.column("flags"), dtype=np.uint8)
    hide = np.uint8(Cell.WITHHELD)
    flags[gated & own] &= ~hide
    gated &= ~own
    gone = gated & (flags & hide != 0)
    data = observations.data
    for name in _COUNTS:
        count = np.array(observations.column(name), dtype=np.float64)
        count[gated] = rounded(count[gated])
        count[gone] = np.nan
        data = _replaced(data, name, pa.array(count, pa.float64(), from_pandas=True))
    data = _replaced(data, "flags", pa.array(flags, pa.uint8()))
    return Table(
        observations.schema, data,
        title=observations.title, caption=observations.caption, notes=observations.notes,
    )  # fmt: skip


def rounded(counts: npt.ArrayLike) -> Numbers:
    """Return ``counts`` to the nearest ROUNDED_TO, halves up; NaN stays."""
    values = np.asarray(counts, dtype=np.float64)
    return np.asarray(ROUNDED_TO * np.floor(values / ROUNDED_TO + 0.5))


class _Rows:
    """The rows with counts, as arrays: whose they are as numbers, in which period, how many.

    ``at`` says where each stands among all rows.
    """

    def __init__(self, observations: Table, members: Table) -> None:
        flags = np.asarray(observations.column("flags"), dtype=np.uint8)
        counts = np.array([observations.column(name) for name in _COUNTS], dtype=np.float64)
        counted = (flags & _WITHOUT_NUMBER == 0) & ~np.isnan(counts).all(axis=0)
        self.at: Whole = np.flatnonzero(counted)
        self.counts = counts[:, self.at]
        data = observations.data.take(self.at)
        self.period = np.asarray(data.column("period"), dtype=object)
        kind, code = (np.asarray(data.column(name), dtype=object) for name in ("kind", "code"))
        self.practice: Flags = np.asarray(kind == "practice")
        # One number for each practice, and one for each organisation that sums.
        units = {one: place for place, one in enumerate(dict.fromkeys(code[self.practice]))}
        sums = list(zip(kind[~self.practice], code[~self.practice], strict=True))
        groups = {one: place for place, one in enumerate(dict.fromkeys(sums))}
        self.whose: Whole = np.zeros(len(code), np.intp)
        self.whose[self.practice] = [units[one] for one in code[self.practice]]
        self.whose[~self.practice] = [groups[one] for one in sums]
        self.membership = np.zeros((len(groups), len(units)), np.bool_)
        self.members = np.ones(len(groups))
        of_these = pc.is_in(
            members.data.column("practice_code"), value_set=pa.array(list(units), pa.string())
        )
        for row in members.data.filter(of_these).to_pylist():
            group = groups.get((row["kind"], row["code"]))
            if group is not None:
                self.membership[group, units[row["practice_code"]]] = True
        sizes = members.data.group_by(["kind", "code"]).aggregate([("practice_code", "count")])
        for row in sizes.to_pylist():
            group = groups.get((row["kind"], row["code"]))
            if group is not None:
                self.members[group] = row["practice_code_count"]

    def hidden(self, period: str) -> tuple[Whole, Flags]:
        """Return the rows of one period (places among all rows), and which of them are hidden."""
        now = self.period == period
        cells = np.flatnonzero(now & self.practice)
        totals = np.flatnonzero(now & ~self.practice)
        sums = self.membership[np.ix_(self.whose[totals], self.whose[cells])]
        returned = sums.sum(axis=1)
        # How many members a total sums, times the share of its members that they are.
        worth = returned**2 / self.members[self.whose[totals]]
        found = suppress(self.counts[:, cells], sums, SMALL, worth)
        # A total with no member among these rows, if there were one, is judged by itself.
        small = (self.counts[:, totals] <= SMALL).any(axis=0)
        rows = np.concatenate([cells, totals])
        return self.at[rows], np.concatenate([found.units, found.totals | small])


def _replaced(data: Any, name: str, column: Any) -> Any:
    return data.set_column(data.column_names.index(name), name, column)
