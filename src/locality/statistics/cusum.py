"""Two-sided CUSUM of many series at once, on a baseline that is frozen.

Series lie on leading axes, time on the last. A missing month is NaN and is skipped. Each series is
set against its own first months: what is alerted is that it left its own past, not that it is far
from others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from locality.statistics.intervals import Array

#: Reference value and cap, in standard deviations; see :func:`cusum`.
REFERENCE, CAP = 0.75, 4.0
#: Lengths a baseline may have, in points.
BASELINES = (12, 18, 24, 36)
#: Points that are left to be watched when a baseline's length is chosen.
WATCHED = 6
_MOST = 0.9


@dataclass(frozen=True, slots=True)
class Standardised:
    """Each point's ``z`` against its series' frozen baseline, of shape (..., T).

    NaN within the baseline, for a missing month, and throughout where there are too few points.
    ``baseline`` is how many points it is frozen on (0 for none), ``centre`` its mean, in the unit
    of the values, and ``autocorrelation`` its lag-1 correlation, corrected for bias.
    """

    z: Array
    baseline: npt.NDArray[np.int64]
    centre: Array
    autocorrelation: Array


@dataclass(frozen=True, slots=True)
class Cusum:
    """The two paths, ``high`` for rises and ``low`` for falls: 0 or more, of shape (..., T)."""

    high: Array
    low: Array

    @property
    def strength(self) -> Array:
        """Return the larger of the two, negative where it is the one for falls."""
        return np.where(self.low > self.high, -self.low, self.high)


def standardised(
    value: npt.ArrayLike,
    size: npt.ArrayLike | None = None,
    *,
    longest: int = 36,
    start: npt.ArrayLike = 0,
) -> Standardised:
    """Return each point's distance from its series' frozen baseline, in standard deviations.

    ``size`` is what the precision of a point grows with (a denominator): its variance is then
    that of the series over size, as in Laney's charts; None takes all points alike. The baseline
    is the first of ``BASELINES`` points, up to ``longest``, that leave ``WATCHED`` more; from
    ``start`` on, where somebody drew new limits (a column, for each series or for all).

    The deviation is the baseline's sample one, stretched by sqrt(1 + 1 / m) because the centre is
    estimated too. Points beyond 3 times 1.4826 MAD are pulled in to there first, so that one wild
    month does not deafen the series. It is stretched too by sqrt((1 + r) / (1 - r)) where the
    lag-1 autocorrelation r, corrected for bias (Kendall MG 1954), lies above 1.64 / sqrt(m),
    beyond chance: a CUSUM adds up neighbours.
    A series without any variation in its baseline has no z. Raises ValueError for infinite values.
    """
    seen = np.asarray(value, dtype=np.float64)
    if np.isinf(seen).any():
        raise ValueError("a series cannot hold infinite values; leave a missing month as NaN")
    shape = seen.shape
    rows = seen.reshape(-1, shape[-1])
    weight = None
    if size is not None:
        weight = np.broadcast_to(np.asarray(size, dtype=np.float64), shape).reshape(rows.shape)
    since = np.broadcast_to(np.asarray(start), shape[:-1]).reshape(-1)
    present = np.isfinite(rows) & (np.arange(shape[-1]) >= since[:, None])
    if weight is not None:
        present &= weight > 0
    number = present.cumsum(axis=1)
    total = number[:, -1] if shape[-1] else np.zeros(len(rows), np.int64)
    length = np.zeros(len(rows), np.int64)
    for one in BASELINES:
        if one <= longest:
            length = np.where(total >= one + WATCHED, one, length)
    inside = present & (number <= length[:, None])
    after = present & (number > length[:, None]) & (length > 0)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(inside, 1.0 if weight is None else weight, 0.0)
        centre = np.where(inside, rows * each, 0.0).sum(1) / each.sum(1)
        root = 1.0 if weight is None else np.sqrt(weight)
        gap = (rows - centre[:, None]) * root
        # The centre too is that of the tamed values: nothing moves where nothing is wild.
        moved = np.where(inside, _tamed(gap, inside) * root, 0.0).sum(1) / each.sum(1)
        centre, gap = centre + moved, gap - moved[:, None] * root
        held = _tamed(gap, inside)
        held = held - np.where(inside, held.sum(1, keepdims=True) / length[:, None], 0.0)
        squares = (held * held).sum(1)
        deviation = np.sqrt(squares / (length - 1))
        correlation = _correlation(held, inside, squares, length)
        beyond = correlation > 1.64 / np.sqrt(length)
        kept = np.where(beyond, np.minimum(correlation, _MOST), 0.0)
        deviation = deviation * np.sqrt((1 + 1 / length) * (1 + kept) / (1 - kept))
        flat = deviation <= 1e-9 * np.nanmax(np.abs(np.where(inside, gap + 0 * rows, 0)), axis=1)
        deviation = np.where((deviation > 0) & ~flat, deviation, np.nan)
        z = np.where(after, gap / deviation[:, None], np.nan)
    length = np.where(np.isfinite(deviation), length, 0)
    return Standardised(
        z.reshape(shape),
        length.reshape(shape[:-1]),
        np.where(length > 0, centre, np.nan).reshape(shape[:-1]),
        np.where(length > 0, correlation, np.nan).reshape(shape[:-1]),
    )


def cusum(z: npt.ArrayLike, *, reference: float = REFERENCE, cap: float = CAP) -> Cusum:
    """Return the two-sided CUSUM of standardised values: S = max(0, S + z - reference).

    Page ES (1954), Biometrika 41:100-115. ``z`` is capped at ``cap`` either way, so that no single
    month alerts by itself. A reference of 0.75 finds a step of 1.5 standard deviations soonest.
    A missing month leaves S as it was. Raises ValueError for a negative reference.
    """
    if reference < 0 or cap <= reference:
        raise ValueError("a reference is 0 or more, and a cap is above it")
    given = np.asarray(z, dtype=np.float64)
    # Months lead, so that each step reads one run of memory.
    steps = np.ascontiguousarray(np.moveaxis(np.clip(given, -cap, cap), -1, 0))
    high, low = np.zeros_like(steps), np.zeros_like(steps)
    before_high = before_low = np.zeros(steps.shape[1:])
    for month, step in enumerate(steps):
        there = np.nan_to_num(step, nan=reference)
        high[month] = before_high = np.maximum(before_high + there - reference, 0.0)
        there = np.nan_to_num(step, nan=-reference)
        low[month] = before_low = np.maximum(before_low - there - reference, 0.0)
    return Cusum(np.moveaxis(high, 0, -1), np.moveaxis(low, 0, -1))


def _tamed(gap: Array, inside: npt.NDArray[np.bool_]) -> Array:
    """Return the baseline's distances with wild ones pulled in, 0 elsewhere."""
    held = np.where(inside, gap, np.nan)
    some = inside.any(1)
    middle, far = np.zeros((len(held), 1)), np.full((len(held), 1), np.inf)
    middle[some] = np.nanmedian(held[some], 1, keepdims=True)
    apart = 3 * 1.4826 * np.nanmedian(np.abs(held[some] - middle[some]), 1, keepdims=True)
    far[some] = np.where(apart > 0, apart, np.inf)
    return np.where(inside, np.clip(gap, middle - far, middle + far), 0.0)


def _correlation(
    held: Array, inside: npt.NDArray[np.bool_], squares: Array, length: npt.NDArray[np.int64]
) -> Array:
    """Return the lag-1 autocorrelation of neighbours in the baseline, corrected for bias."""
    both = inside[:, 1:] & inside[:, :-1]
    found = np.where(both, held[:, 1:] * held[:, :-1], 0.0).sum(1) / squares
    pairs = np.maximum(both.sum(1), 1)
    found = found * (length - 1) / pairs  # months that are missing leave fewer pairs
    return np.asarray(found + (1 + 3 * found) / length)
