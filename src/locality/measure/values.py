"""Counts -> values and intervals, and why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from locality.figures import Cell, Missing, Table
from locality.figures.schemas import VALUES
from locality.measure import views
from locality.statistics import byar, wilson

if TYPE_CHECKING:
    from locality.knowledge import Measure

Numbers = npt.NDArray[np.float64]
Bits = npt.NDArray[np.uint8]

#: Why a cell is empty, as a small number: 0 where it is not.
REASONS: tuple[Missing | None, ...] = (None, *Missing)
_CODE = {reason: np.uint8(place) for place, reason in enumerate(REASONS)}
# As Cell.missing has them: the last one here is the first to be told.
_BITS = (
    Cell.NO_RETURN,
    Cell.NOT_APPLICABLE,
    Cell.SUPPRESSED,
    Cell.TOO_FEW_RETURNS,
    Cell.WITHHELD,
)


@dataclass(frozen=True, slots=True)
class Values:
    """Values with their intervals, arrays of one shape, in the measure's unit.

    NaN where there is none; ``missing`` then holds the place of the reason in :data:`REASONS`.
    ``lower`` and ``upper`` are NaN too where no interval applies.
    """

    value: Numbers
    lower: Numbers
    upper: Numbers
    missing: Bits

    @property
    def reasons(self) -> list[str | None]:
        """Return the reasons in words, one for each cell in order."""
        words = [None if reason is None else reason.value for reason in REASONS]
        return [words[code] for code in self.missing.ravel().tolist()]


def values(
    measure: Measure,
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    excepted: npt.ArrayLike | None = None,
    flags: npt.ArrayLike = 0,
    level: float = 0.95,
    view: str | None = None,
) -> Values:
    """Return one view (the main one by default) of ``measure`` for counts of any one shape.

    A percentage that is a share of its own denominator has a Wilson interval at ``level``, a rate
    of events one for a Poisson count (Byar's); a complete count and any other view have none. A
    denominator of zero gives "nobody to count". A count that the view needs and that is not there
    gives the reason in ``flags`` (locality.figures.Cell), or "no return". A share above 100 %
    keeps its value and has no interval.
    Raises NotFound for a view the measure does not have.
    """
    counts = {
        "num": np.asarray(numerator, np.float64),
        "den": np.asarray(denominator, np.float64),
        "exc": np.asarray(np.nan if excepted is None else excepted, np.float64),
    }
    shape = np.broadcast_shapes(*(one.shape for one in counts.values()), np.shape(flags))
    counts = {name: np.broadcast_to(one, shape) for name, one in counts.items()}
    value = views.value(measure, counts, view)
    missing = np.zeros(shape, np.uint8)
    absent = np.zeros(shape, np.bool_)
    for name in views.needed(measure, view):
        absent |= np.isnan(counts[name])
    missing[np.isnan(value)] = _CODE[Missing.NOTHING_TO_COUNT]
    missing[absent] = _CODE[Missing.NO_RETURN]
    bits = np.broadcast_to(np.asarray(flags, np.uint8), shape)
    if bits.any():
        for bit in _BITS:
            missing[bits & np.uint8(bit) != 0] = _CODE[bit.missing]
    gone = missing != 0
    value[gone] = np.nan
    lower, upper = _interval(measure, counts, view, gone, level)
    return Values(value, lower, upper, missing)


def _interval(
    measure: Measure, counts: Mapping[str, Numbers], view: str | None, gone: Any, level: float
) -> tuple[Numbers, Numbers]:
    lower, upper = np.full(gone.shape, np.nan), np.full(gone.shape, np.nan)
    kind = measure.measure.interval
    found = None if kind == "none" else views.ratio(measure, counts, view)
    # A share is of people counted over, in per cent; only events may be a rate.
    if found is None or (kind == "share" and (measure.unit != "%" or found.scale != 100)):
        return lower, upper
    top, bottom = np.broadcast_arrays(found.top, found.bottom)
    if kind == "events":
        sound = ~gone & (top >= 0) & (bottom > 0)
        ends, scale = byar(top[sound], level), found.scale / bottom[sound]
    else:
        sound = ~gone & (top >= 0) & (top <= bottom)
        ends, scale = wilson(top[sound], bottom[sound], level), found.scale
    lower[sound], upper[sound] = scale * ends.lower, scale * ends.upper
    return lower, upper


def values_table(
    measure: Measure,
    observations: Table,
    names: Mapping[str, str] | None = None,
    *,
    view: str | None = None,
    level: float = 0.95,
    **words: Any,
) -> Table:
    """Return ``observations`` (OBSERVATIONS) with values and intervals (VALUES), in their order.

    ``names`` gives organisations' names by code. Counts of a withheld cell are left out.
    """
    data = observations.data
    count = {name: observations.column(name) for name in ("numerator", "denominator", "excepted")}
    flags = observations.column("flags")
    made = values(
        measure, count["numerator"], count["denominator"], count["excepted"], flags, level, view
    )
    hidden = flags & np.uint8(Cell.WITHHELD) != 0
    codes: list[Any] = data.column("code").to_pylist()
    known = names or {}
    columns: dict[str, Any] = {
        "code": data.column("code"),
        "kind": data.column("kind"),
        "name": pa.array([known.get(code) for code in codes], pa.string()),
        "period": data.column("period"),
        "value": _cells(made.value),
        "lower": _cells(made.lower),
        "upper": _cells(made.upper),
        **{name: _cells(np.where(hidden, np.nan, one)) for name, one in count.items()},
        "missing": pa.array(made.reasons, pa.string()),
    }
    partial = int(np.count_nonzero(flags & np.uint8(Cell.PARTIAL)))
    if partial:
        words["notes"] = (*words.get("notes", ()), _partial_note(partial, len(observations)))
    return Table.of(VALUES, columns, title=words.pop("title", measure.title), **words)


def _partial_note(partial: int, rows: int) -> str:
    if rows == 1:
        return "Not every member practice made a return: the counts are of those that did."
    return (
        f"In {partial:,} of {rows:,} rows not every member practice made a return: "
        "the counts are of those that did."
    )


def _cells(numbers: Numbers) -> Any:
    return pa.array(numbers, pa.float64(), from_pandas=True)
