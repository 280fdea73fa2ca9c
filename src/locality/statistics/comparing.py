"""Many looks at once: which stand when all are shown together, and how many chance alone makes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from locality.statistics.intervals import Array


@dataclass(frozen=True, slots=True)
class Discoveries:
    """Which results to ``flag``; ``adjusted`` probabilities; how many were ``looked`` at.

    ``flag`` and ``adjusted`` have the shape of what was given, ``looked`` one number a family.
    """

    flag: npt.NDArray[np.bool_]
    adjusted: Array
    looked: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ByChance:
    """How many of those shown chance alone would flag.

    ``expected`` on average, and ``at_most`` in all but one of twenty such pages;
    ``probability`` is that of as many as were seen, or more.
    """

    expected: Array
    at_most: Array
    probability: Array


def discoveries(probability: npt.ArrayLike, rate: float = 0.05) -> Discoveries:
    """Return what to flag so that at most ``rate`` of flags are expected to be false.

    Benjamini Y, Hochberg Y (1995), J R Stat Soc B 57:289-300: of m probabilities in rising
    order, all up to the last with p(i) <= i rate / m. The family is the last axis: whatever is
    shown together (all measures of one practice, or all practices on one measure). ``adjusted``
    is the least rate at which each would be flagged. Holds for independent results and for those
    that rise and fall together. Missing probabilities are no part of the family.
    Raises ValueError for a probability outside 0 to 1 or a rate outside (0, 1).
    """
    chance = np.atleast_1d(np.asarray(probability, dtype=np.float64))
    if np.any(chance < 0) or np.any(chance > 1):
        raise ValueError("a probability lies between 0 and 1")
    _check(rate)
    there = ~np.isnan(chance)
    looked = there.sum(-1, dtype=np.int64)
    order = np.argsort(np.where(there, chance, 2.0), axis=-1, kind="stable")
    ranked = np.take_along_axis(np.where(there, chance, 2.0), order, -1)
    each = ranked * looked[..., None] / np.arange(1, chance.shape[-1] + 1)
    least = np.minimum.accumulate(each[..., ::-1], -1)[..., ::-1]
    adjusted = np.empty_like(chance)
    np.put_along_axis(adjusted, order, np.minimum(least, 1.0), -1)
    adjusted = np.where(there, adjusted, np.nan)
    return Discoveries(adjusted <= rate * (1 + 1e-12), adjusted, np.asarray(looked))


def by_chance(flagged: npt.ArrayLike, shown: npt.ArrayLike, rate: float) -> ByChance:
    """Return how many of ``shown`` results would be flagged if nothing but chance differed.

    ``rate`` is the chance of a false flag on each: 0.002 outside 99.8 % limits, half of that on
    one side only. The number is binomial where results are independent; exact tests on small
    counts flag fewer. Results that move together keep ``expected`` but spread wider than
    ``at_most``.
    Raises ValueError for a rate outside (0, 1), or more flagged than shown.
    """
    from scipy.special import bdtrik, betainc

    _check(rate)
    seen, number = np.broadcast_arrays(
        np.asarray(flagged, dtype=np.float64), np.asarray(shown, dtype=np.float64)
    )
    if np.any(seen < 0) or np.any(seen > number):
        raise ValueError("there are at most as many flagged as shown")
    with np.errstate(invalid="ignore"):
        some = np.where(seen > 0, seen, 1.0)
        probability = np.where(seen > 0, betainc(some, number - some + 1, rate), 1.0)
        # The least k with P(X <= k) of 95 % or more; none where nothing is shown.
        at_most = np.ceil(np.maximum(bdtrik(0.95, np.maximum(number, 1), rate), 0.0) - 1e-9)
    missing = np.isnan(seen + number)
    return ByChance(
        number * rate,
        np.where(missing, np.nan, np.where(number > 0, np.minimum(at_most, number), 0.0)),
        np.where(missing, np.nan, probability),
    )


def _check(rate: float) -> None:
    if not 0 < rate < 1:
        raise ValueError("a rate lies between 0 and 1, such as 0.05")
