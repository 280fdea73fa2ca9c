"""Whether a process, left as it is, can be relied on to meet a target."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

import numpy as np
import numpy.typing as npt

from locality.statistics.control_charts import Chart
from locality.statistics.intervals import Array

TOLERANCE = 1e-12  # of |target| + |limit|: rounding error is not a missed target


class Assurance(IntEnum):
    """What the latest limits say about the target."""

    NO_TARGET = 0
    MEETS = 1
    FAILS = 2
    HIT_AND_MISS = 3
    TOO_FEW = 4

    @property
    def words(self) -> str:
        """Return the state in plain words."""
        return _STATES[self]


_STATES = {
    Assurance.NO_TARGET: "no target",
    Assurance.MEETS: "consistently meets the target",
    Assurance.FAILS: "consistently fails the target",
    Assurance.HIT_AND_MISS: "hit and miss",
    Assurance.TOO_FEW: "too few points",
}


@dataclass(frozen=True, slots=True)
class Assured:
    """One entry for each series: the ``state`` (``Assurance``) and what it was judged on.

    ``target``, ``lower`` and ``upper`` are those at the latest point; ``met`` is the share of
    the latest phase's points that met the target of their own time (NaN without any).
    """

    state: npt.NDArray[np.int8]
    target: Array
    lower: Array
    upper: Array
    met: Array


def assurance(
    chart: Chart,
    target: npt.ArrayLike | None,
    better: Literal["high", "low"],
    minimum: int = 12,
) -> Assured:
    """Return whether each series consistently meets, consistently fails, or hits and misses.

    ``target`` is one number, an array (T,) or (..., T) where it changes, or None; NaN is no target.
    The limits of the latest phase at the latest point are compared with the target at that
    point: an old phase or an old target says nothing about the next month. With ``better``
    "high" a value meets a target it equals or exceeds. So the process consistently
    * meets, if its worse limit meets the target: a target equal to that limit is met, and a
      series that is always 100 % meets a target of 100 %;
    * fails, if its better limit does not meet the target: where that limit equals the target,
      the target can just be met, and the process is hit and miss.
    Other tools differ where target and limit are equal: NHSRplotthedots says hit and miss of both;
    the wording of Making Data Count has such a target failed, and so fails a series of 100 %.

    ``TOO_FEW`` with fewer than ``minimum`` points behind the limits, or none to draw them.
    Raises ValueError for another ``better`` or a target that does not fit the chart.
    """
    if better not in ("high", "low"):
        raise ValueError("what is better is 'high' or 'low'; without a direction nothing is met")
    shape = chart.value.shape
    wanted = np.asarray(np.nan if target is None else target, dtype=np.float64)
    try:
        wanted = np.broadcast_to(wanted, shape)
    except ValueError:
        raise ValueError(
            f"a target is one number, or one for each of the {shape[-1]} points in time"
        ) from None
    present = ~np.isnan(chart.value)
    last = np.maximum(shape[-1] - 1 - np.argmax(present[..., ::-1], axis=-1), 0)[..., None]

    def there(array: npt.NDArray[np.generic]) -> Array:
        return np.asarray(np.take_along_axis(array, last, -1)[..., 0], dtype=np.float64)

    goal, lower, upper = there(wanted), there(chart.lower), there(chart.upper)
    worse, best = (lower, upper) if better == "high" else (upper, lower)
    now = present & (chart.phase == np.take_along_axis(chart.phase, last, -1)) & ~np.isnan(wanted)
    number = now.sum(-1)
    met = (now & _meets(chart.value, wanted, better)).sum(-1) / np.where(number, number, np.nan)
    state = np.select(
        [
            np.isnan(goal),
            np.isnan(worse) | np.isnan(best) | (there(chart.points) < minimum) | ~present.any(-1),
            _meets(worse, goal, better),
            ~_meets(best, goal, better),
        ],
        [Assurance.NO_TARGET, Assurance.TOO_FEW, Assurance.MEETS, Assurance.FAILS],
        default=Assurance.HIT_AND_MISS,
    )
    return Assured(np.asarray(state, dtype=np.int8), goal, lower, upper, np.asarray(met))


def _meets(value: Array, target: Array, better: str) -> npt.NDArray[np.bool_]:
    slack = TOLERANCE * (np.abs(value) + np.abs(target))
    made = value >= target - slack if better == "high" else value <= target + slack
    return np.asarray(made)
