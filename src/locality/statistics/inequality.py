"""Inequality along a social order: ridits, quantiles, slope and relative index.

People are placed by a score (deprivation, say) from 0, the lowest, to 1, the highest. The slope
index is then the difference in a value between the two ends of that order. Units (practices,
deciles) lie on the last axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from locality.statistics.intervals import Array, Interval, _normal_quantile, _tail


@dataclass(frozen=True, slots=True)
class Slope:
    """The fitted line's two ends and what they say: all NaN where it cannot be fitted.

    ``slope`` is the slope index: the value at the ``top`` of the order less that at the
    ``bottom``, in the value's unit. ``relative`` is the relative index: top / bottom.
    ``interval`` and ``relative_interval`` belong to them. ``units`` is how many were fitted.
    """

    slope: Array
    interval: Interval
    relative: Array
    relative_interval: Interval
    bottom: Array
    top: Array
    units: npt.NDArray[np.intp]


def ridits(score: npt.ArrayLike, size: npt.ArrayLike = 1.0) -> Array:
    """Return where each unit's people stand in the order of scores, from 0 to 1.

    The share of all people whose score is lower plus half of those whose score is equal, so that
    units with equal scores stand in one place. ``size`` is people in each unit. A unit without
    score, without people or of unknown size gives NaN and moves no other.

    Bross IDJ (1958), Biometrics 14:18-38.
    Raises ValueError for a negative size or no axis of units.
    """
    below, own, whole = _shares(score, size)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((below + 0.5 * own) / whole, dtype=np.float64)


def quantiles(score: npt.ArrayLike, groups: int, size: npt.ArrayLike = 1.0) -> npt.NDArray[np.intp]:
    """Return the quantile of each unit, from 1 (lowest scores) to ``groups``; 0 where none.

    Groups hold as nearly as can be equal numbers of units or, with ``size``, of people. A unit
    goes where its ridit falls: the quantile is 1 + floor(groups * ridit) (Bross 1958). Here it
    departs from ranking: equal scores share a quantile always, so groups can be uneven or empty
    with many ties, but never depend on the order of the rows. A ridit on a border goes up.
    Raises ValueError for fewer than one group, a negative size or no axis of units.
    """
    if groups < 1:
        raise ValueError("there is at least one group")
    below, own, whole = _shares(score, size)
    placed = np.isfinite(below)
    # Doubled, so that whole sizes stay whole numbers and borders are exact.
    where = np.floor_divide(
        groups * (2 * np.where(placed, below, 0.0) + np.where(placed, own, 0.0)),
        np.where(placed, 2 * whole, 1.0),
    )
    return np.where(placed, np.minimum(where, groups - 1) + 1, 0).astype(np.intp)


def slope(
    value: npt.ArrayLike,
    score: npt.ArrayLike,
    size: npt.ArrayLike,
    error: npt.ArrayLike | None = None,
    level: float | Sequence[float] = 0.95,
) -> Slope:
    """Return slope and relative indices of inequality, of shape (...) from (..., units).

    ``value`` is a rate, proportion or mean of each unit, ``score`` its place in the social order,
    ``size`` its people; they broadcast. ``error``, where given, is the standard error of each
    value. Several levels add a leading axis to the intervals.

    The line value = bottom + slope * ridit is fitted by least squares weighted by people: Pamuk
    ER (1985), Population Studies 39:17-31; the relative index is top / bottom as in Mackenbach
    JP, Kunst AE (1997), Soc Sci Med 44:757-771 (Pamuk's own divides the slope by the mean).
    Without ``error``, intervals come from the scatter about the line by Student's t on units - 2
    degrees of freedom. With it, they carry the errors through the fit by the normal distribution
    (Low A, Low A 2004, J Public Health 26:388-395): here in closed form, where PHE simulates
    100,000 times; departures from a line then do not widen them. The relative index has
    Fieller's interval (Fieller EC 1954, J R Stat Soc B 16:175-185), which keeps its level; its
    ends are NaN where the bottom may well be 0 and no bounded interval exists.

    A unit without value (or error) keeps its people in the order but is not fitted. Two units
    of different score give a line, a third its interval. The relative index is NaN unless both
    ends are above 0.
    Raises ValueError for a negative size or error, no axis of units, or a level outside (0, 1).
    """
    y, order, people = np.broadcast_arrays(
        *(np.atleast_1d(np.asarray(one, dtype=np.float64)) for one in (value, score, size))
    )
    x = ridits(order, people)
    fitted = np.isfinite(x) & np.isfinite(y)
    given = None if error is None else np.broadcast_to(np.asarray(error, np.float64), y.shape)
    if given is not None:
        if np.any(given < 0):
            raise ValueError("a standard error is not negative")
        fitted &= np.isfinite(given)
    w, x, y = np.where(fitted, people, 0.0), np.where(fitted, x, 0.0), np.where(fitted, y, 0.0)
    units = np.count_nonzero(fitted, axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = w / w.sum(axis=-1, keepdims=True)
        centre = (share * x).sum(axis=-1, keepdims=True)
        away = np.where(fitted, x - centre, 0.0)
        spread = (share * away**2).sum(axis=-1, keepdims=True)
        # Ridits of equal scores are equal only to rounding: less than this is no spread at all.
        spread = np.where(spread > 1e-20, spread, np.nan)
        # What each value adds to the slope and to the two ends: the estimates are linear.
        to_slope = share * away / spread
        to_bottom = share - centre * to_slope
        to_top = to_bottom + to_slope
        index, bottom, top = (
            np.where(units > 0, (one * y).sum(axis=-1), np.nan)
            for one in (to_slope, to_bottom, to_top)
        )
        if given is None:
            residual = np.where(fitted, y - bottom[..., None] - index[..., None] * x, 0.0)
            scatter = (w * residual**2).sum(axis=-1, keepdims=True)
            free = np.where(units > 2, units - 2.0, np.nan)
            variance = np.where(fitted, scatter / free[..., None] / w, 0.0)
            reach = _student(level, free)
        else:
            variance = np.where(fitted, given**2, 0.0)
            reach = _normal_quantile(level, index.ndim)
        half = reach * np.sqrt((to_slope**2 * variance).sum(axis=-1))
        good = (bottom > 0) & (top > 0)
        relative = np.where(good, top / bottom, np.nan)
        ends = _fieller(
            top,
            bottom,
            (to_top**2 * variance).sum(axis=-1),
            (to_bottom**2 * variance).sum(axis=-1),
            (to_top * to_bottom * variance).sum(axis=-1),
            reach,
        )
    return Slope(
        slope=index,
        interval=Interval(index - half, index + half),
        relative=relative,
        relative_interval=Interval(
            np.where(good, ends.lower, np.nan), np.where(good, ends.upper, np.nan)
        ),
        bottom=bottom,
        top=top,
        units=np.asarray(units, dtype=np.intp),
    )


def _shares(score: npt.ArrayLike, size: npt.ArrayLike) -> tuple[Array, Array, Array]:
    """Return people of lower score, people of equal score (own among them), and all people."""
    values, people = np.broadcast_arrays(
        np.asarray(score, dtype=np.float64), np.asarray(size, dtype=np.float64)
    )
    if values.ndim == 0:
        raise ValueError("scores have units on their last axis")
    if np.any(people < 0):
        raise ValueError("a size is not negative")
    there = ~np.isnan(values) & (people > 0)
    order = np.argsort(np.where(there, values, np.inf), axis=-1, kind="stable")
    ranked = np.take_along_axis(np.where(there, values, np.inf), order, axis=-1)
    upto = np.take_along_axis(np.where(there, people, 0.0), order, axis=-1).cumsum(axis=-1)
    edge = ranked[..., 1:] != ranked[..., :-1]
    # Along a run of equal scores: people before its first, and up to its last.
    before = np.zeros_like(upto)
    before[..., 1:] = np.where(edge, upto[..., :-1], 0.0)
    before = np.maximum.accumulate(before, axis=-1)
    last = upto.copy()
    last[..., :-1] = np.where(edge, upto[..., :-1], np.inf)
    last = np.minimum.accumulate(last[..., ::-1], axis=-1)[..., ::-1]
    below, own = np.empty_like(upto), np.empty_like(upto)
    np.put_along_axis(below, order, before, axis=-1)
    np.put_along_axis(own, order, last - before, axis=-1)
    whole = np.broadcast_to(upto[..., -1:], values.shape)
    return np.where(there, below, np.nan), np.where(there, own, np.nan), whole


def _student(level: float | Sequence[float], free: Array) -> Array:
    from scipy.special import stdtrit

    return np.asarray(-stdtrit(free, _tail(level, free.ndim)), dtype=np.float64)


def _fieller(
    top: Array, bottom: Array, var_top: Array, var_bottom: Array, both: Array, reach: Array
) -> Interval:
    """Return the ratios r for which top - r * bottom lies within its own error of 0."""
    a = bottom**2 - reach**2 * var_bottom
    b = top * bottom - reach**2 * both
    c = top**2 - reach**2 * var_top
    root = np.sqrt(np.maximum(b**2 - a * c, 0.0))
    bounded = a > 0
    return Interval(
        np.where(bounded, (b - root) / a, np.nan), np.where(bounded, (b + root) / a, np.nan)
    )
