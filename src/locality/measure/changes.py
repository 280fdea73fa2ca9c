"""What a newer version of the figures changed: periods that came, and counts that moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from locality.figures import Cell, Column, Period, Schema, Table
from locality.measure.values import values

if TYPE_CHECKING:
    from locality.knowledge import Measure

CHANGES = Schema(
    "changes",
    "What the newer figures changed, by measure and period",
    (
        Column("measure", "text", "id in knowledge/measures"),
        Column("title", "text", "what it is called"),
        Column("unit", "text", "unit of the values"),
        Column("period", "text", "period code"),
        Column("what", "text", "new measure, new period, period gone, or counts changed"),
        Column(
            "practices", "whole", "practices whose counts came, went or changed", required=False
        ),
        Column("england_before", "number", "value of England before, in the unit", required=False),
        Column("england_after", "number", "value of England now, in the unit", required=False),
        Column("most_code", "text", "practice whose value moved most", required=False),
        Column("most_before", "number", "its value before", required=False),
        Column("most_after", "number", "its value now", required=False),
    ),
    ("measure", "period"),
)
FIRST, NEW, GONE, CHANGED = "new measure", "new period", "period gone", "counts changed"

_COUNTS = ("numerator", "denominator", "excepted")
_EMPTY = np.uint8(
    Cell.NO_RETURN | Cell.SUPPRESSED | Cell.NOT_APPLICABLE | Cell.WITHHELD | Cell.TOO_FEW_RETURNS
)
_KEYS = ["code", "kind", "period"]


def changes(measure: Measure, before: Table, after: Table) -> list[dict[str, Any]]:
    """Return rows of CHANGES for one measure: none where no practice's counts differ.

    ``before`` and ``after`` are OBSERVATIONS of two versions, as they may be shown. A count that
    came or went is a change, zero or not. Values are those of the main view. A period is new where
    nobody had counts in it before.
    """
    joined = _joined(before, after)
    if not joined.num_rows:
        return []
    old, new = (_counts(joined, side) for side in ("_before", "_after"))
    periods = np.asarray(joined.column("period"), dtype=object)
    practice = np.asarray(joined.column("kind"), dtype=object) == "practice"
    had, has = old["there"], new["there"]
    differ = had != has
    for name in _COUNTS:
        differ |= had & has & ~_same(old[name], new[name])
    found = []
    for period in sorted(set(periods[practice & differ].tolist()), key=Period.parse):
        here = periods == period
        moved = here & practice & differ
        what = CHANGED
        if not (here & practice & had).any():
            what = NEW
        elif not (here & practice & has).any():
            what = GONE
        found.append(
            {
                "measure": measure.id,
                "title": measure.title,
                "unit": measure.unit,
                "period": period,
                "what": what,
                "practices": int(moved.sum()),
                **_values(measure, joined, here, moved, old, new),
            }
        )
    return found


def first_counted(measure: Measure, periods: Sequence[str]) -> dict[str, Any]:
    """Return the row of CHANGES for a measure that is new, at its last period."""
    row: dict[str, Any] = {column.name: None for column in CHANGES.columns}
    row |= {"measure": measure.id, "title": measure.title, "unit": measure.unit, "what": FIRST}
    return row | {"period": max(periods, key=Period.parse)}


def changes_table(rows: list[dict[str, Any]]) -> Table:
    """Return what :func:`changes` gave for every measure as one table (CHANGES)."""
    rows = sorted(rows, key=lambda row: (row["title"], Period.parse(row["period"])))
    return Table.of(CHANGES, rows, title=CHANGES.title)


def _joined(before: Table, after: Table) -> pa.Table:
    columns = [*_KEYS, *_COUNTS, "flags"]
    new = _texts(after.data.select(columns))
    old = _texts(before.data.select(columns))
    return old.join(
        new, _KEYS, join_type="full outer", left_suffix="_before", right_suffix="_after"
    )


def _texts(data: pa.Table) -> pa.Table:
    for place, name in enumerate(_KEYS):
        data = data.set_column(place, name, data.column(name).cast(pa.string()))
    return data


def _counts(joined: pa.Table, side: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: joined.column(f"{name}{side}").to_numpy(zero_copy_only=False).astype(np.float64)
        for name in _COUNTS
    }
    flags = joined.column(f"flags{side}").to_numpy(zero_copy_only=False).astype(np.float64)
    # A row that one side does not have is no return.
    found["flags"] = np.nan_to_num(flags, nan=float(Cell.NO_RETURN)).astype(np.uint8)
    found["there"] = (found["flags"] & _EMPTY) == 0
    return found


def _same(old: npt.NDArray[np.float64], new: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    same: npt.NDArray[np.bool_] = (old == new) | (np.isnan(old) & np.isnan(new))
    return same


def _values(
    measure: Measure, joined: pa.Table, here: Any, moved: Any, old: Any, new: Any
) -> dict[str, Any]:
    """Return England's values before and after, and the practice whose value moved most."""
    codes = np.asarray(joined.column("code"), dtype=object)
    places = np.flatnonzero(here & ((codes == "ENG") | moved))
    was, now = (
        values(measure, side["numerator"][places], side["denominator"][places],
               side["excepted"][places], side["flags"][places]).value
        for side in (old, new)
    )  # fmt: skip
    row: dict[str, Any] = {"most_code": None, "most_before": None, "most_after": None}
    england = np.flatnonzero(codes[places] == "ENG")
    for name, side in (("england_before", was), ("england_after", now)):
        value = side[england[0]] if len(england) else np.nan
        row[name] = None if np.isnan(value) else float(value)
    steps = np.abs(now - was)
    steps[codes[places] == "ENG"] = np.nan
    if np.isfinite(steps).any():
        most = int(np.nanargmax(steps))
        row |= {
            "most_code": codes[places][most],
            "most_before": float(was[most]),
            "most_after": float(now[most]),
        }
    return row
