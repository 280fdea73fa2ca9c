"""Opportunity: how far a unit stands from the mean of its stated peers, and what of that is real.

A gap as seen is made of a true difference, of chance in the unit's own count, and of chance in
the peers'. Only the first would still be there next year if nobody did anything. Comparing with
the best few of one's peers, as is often done, adds a fourth part: the luck that made them best.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from locality.statistics.intervals import Array, Interval
from locality.statistics.spread import Spread

Better = Literal["high", "low"]


@dataclass(frozen=True, slots=True)
class Opportunity:
    """Each unit against the mean of its peers; arrays of shape (..., units), in the value's unit.

    ``value`` and the ``peers``' mean, with ``gap`` = value - peers and its ``gap_interval``, are
    what was seen. ``likely`` is the shrunken gap: what is expected to be seen next time, with
    its ``interval``. ``by_itself`` = gap - likely is what regression to the mean would close
    with nothing done, ``closing`` its share of the gap. ``events`` and their interval are what
    ``likely`` stands for among the unit's own people. ``told`` marks a significant opportunity:
    the interval of ``likely`` lies wholly on the worse side.
    """

    value: Array
    peers: Array
    gap: Array
    gap_interval: Interval
    likely: Array
    interval: Interval
    by_itself: Array
    closing: Array
    events: Array
    events_interval: Interval
    told: npt.NDArray[np.bool_]


def opportunity(
    spread: Spread,
    observed: npt.ArrayLike,
    size: npt.ArrayLike,
    peers: npt.ArrayLike,
    *,
    better: Better = "high",
    level: float = 0.95,
) -> Opportunity:
    """Return each unit's opportunity against the mean of its peers.

    ``observed`` and ``size`` have shape (..., units): numerator and denominator (beta), count and
    exposure (gamma), value and precision (normal). ``peers`` are the places of each unit's
    peers, whole numbers of shape (units, most peers), -1 where there are fewer. ``spread`` is
    that of true values among such units; where peers were chosen alike, fit it to values
    adjusted by what they were chosen for, or it is too wide and shrinks too little.

    With s2 a unit's variance by chance and t2 that of true values: the peers' mean is weighted by
    1 / (s2 + t2), its variance V = 1 / sum of weights, which holds the peers' chance and their
    true differences both (DerSimonian and Laird 1986). The gap has variance s2 + V about the
    true gap, whose own variance is t2; so likely = gap t2 / (t2 + s2 + V), with variance
    t2 (s2 + V) / (t2 + s2 + V), the normal model with unequal variances as in Morris CN (1983),
    J Am Stat Assoc 78:47-55, a flat prior on the peers' mean. s2 is within-unit variance at the
    population mean over size, so that a count of 0 has chance in it too.

    Intervals are equal-tailed and normal. A unit whose own value equals its peers' true mean is
    told of an opportunity with a probability of at most (1 - level) / 2, and less the less
    reliable the values (Dropkin G 2018, J Public Health, on best five of ten, where it is 12 %).
    Where there is no spread, or no peers, or nothing seen, nothing is told.
    Raises ValueError for peers that are no places, a unit that is its own peer, or a level
    outside (0, 1).
    """
    if better not in ("high", "low"):
        raise ValueError("better is 'high' or 'low'")
    if not 0 < level < 1:
        raise ValueError("a level lies between 0 and 1, such as 0.95")
    seen, n = np.broadcast_arrays(
        np.asarray(observed, dtype=np.float64), np.asarray(size, dtype=np.float64)
    )
    places = np.asarray(peers)
    _check(places, n.shape[-1])
    from scipy.special import ndtri

    z = float(ndtri((1 + level) / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        used = np.isfinite(seen) & np.isfinite(n) & (n > 0)
        own = seen if spread.family == "normal" else seen / n
        value = np.where(used, own, np.nan)
        between = spread.variance[..., None]
        chance = np.where(used, _within(spread)[..., None] / n, np.nan)
        weight = np.where(used, 1 / (chance + between), 0.0)
        here = places >= 0
        each = np.where(here, weight[..., places], 0.0)
        whole = each.sum(-1)
        mean = (each * np.where(each > 0, value[..., places], 0.0)).sum(-1) / whole
        noise = chance + 1 / whole
        gap = value - mean
        keep = between / (between + noise)
        likely = gap * keep
        reach, near = z * np.sqrt(noise), z * np.sqrt(keep * noise)
        closing = np.where(gap == 0, np.nan, 1 - keep)
    scale = np.ones_like(n) if spread.family == "normal" else n
    ends = Interval(likely - near, likely + near)
    worse = ends.upper < 0 if better == "high" else ends.lower > 0
    return Opportunity(
        value=value,
        peers=np.where(whole > 0, mean, np.nan),
        gap=gap,
        gap_interval=Interval(gap - reach, gap + reach),
        likely=likely,
        interval=ends,
        by_itself=gap - likely,
        closing=closing,
        events=likely * scale,
        events_interval=Interval(ends.lower * scale, ends.upper * scale),
        told=np.asarray(worse & (keep > 0)),
    )


def _within(spread: Spread) -> Array:
    """Return the variance by chance of a unit of size 1, on average over true values."""
    if spread.family == "beta":
        return np.maximum(spread.mean * (1 - spread.mean) - spread.variance, 0.0)
    return spread.mean if spread.family == "gamma" else np.ones_like(spread.mean)


def _check(places: npt.NDArray[np.intp], units: int) -> None:
    if places.ndim != 2 or len(places) != units or places.dtype.kind not in "iu":
        raise ValueError("peers are places of units, of shape (units, most peers)")
    if np.any(places >= units) or np.any(places < -1):
        raise ValueError("a peer's place lies from 0 to the number of units - 1, or is -1")
    if np.any(places == np.arange(units)[:, None]):
        raise ValueError("no unit is its own peer")
    ordered = np.sort(places, -1)
    if np.any((ordered[:, 1:] == ordered[:, :-1]) & (ordered[:, 1:] >= 0)):
        raise ValueError("a peer is named once")
