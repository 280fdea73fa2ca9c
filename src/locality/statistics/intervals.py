"""Confidence intervals for proportions, counts and means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """Lower and upper ends, arrays of one shape (with a leading axis for several levels)."""

    lower: Array
    upper: Array


def wilson(
    numerator: npt.ArrayLike, denominator: npt.ArrayLike, level: float | Sequence[float] = 0.95
) -> Interval:
    """Return Wilson score intervals for proportions, as fractions from 0 to 1.

    ``numerator`` and ``denominator`` broadcast against each other. A zero or missing
    denominator gives NaN; a numerator of zero gives a lower end of exactly 0 and a full
    numerator an upper end of exactly 1. Several levels add a leading axis, in their order.

    Wilson EB (1927), J Am Stat Assoc 22:209-212; as in Newcombe RG (1998), Stat Med
    17:857-872, method 3 (no continuity correction).
    Raises ValueError for a level outside (0, 1), or a numerator below 0 or above its denominator.
    """
    count, total = np.broadcast_arrays(
        np.asarray(numerator, dtype=np.float64), np.asarray(denominator, dtype=np.float64)
    )
    z = _normal_quantile(level, 0)
    lower, upper = (np.empty((*z.shape, *count.shape)) for _ in range(2))
    counts, totals = count.reshape(-1), total.reshape(-1)
    lows, highs = lower.reshape(z.size, -1), upper.reshape(z.size, -1)
    spare = np.empty((2, min(_BLOCK, count.size)))
    for place, one in enumerate(np.ravel(z).tolist()):
        for start in range(0, count.size, _BLOCK):
            part = slice(start, start + _BLOCK)
            _wilson(counts[part], totals[part], one, lows[place, part], highs[place, part], spare)
    return Interval(lower, upper)


_BLOCK = 32_768  # rows worked on at a time, so that every step finds them in the cache


def _wilson(count: Array, total: Array, z: float, lower: Array, upper: Array, spare: Array) -> None:
    """Write the ends of one block; the fewest passes over it that give them exactly."""
    rest, half = spare[:, : len(count)]
    np.subtract(total, count, out=rest)
    np.multiply(count, rest, out=half)
    least, smallest = half.min(), total.min()
    if np.isnan(least) or np.isnan(smallest):  # missing cells hide what else is there
        least, smallest = (-1.0 if np.any(one < 0) else 0.0 for one in (half, total))
    # A product of two numbers is below 0 where one of them is; both are where their sum is.
    if least < 0 or smallest < 0:
        raise ValueError("a proportion needs 0 <= numerator <= denominator in every cell")
    z2 = z * z
    with np.errstate(divide="ignore", invalid="ignore"):
        half /= total
        half *= z2
        half += z2 * z2 / 4
        np.sqrt(half, out=half)
        full = rest == 0
        np.add(total, z2, out=rest)
        np.reciprocal(rest, out=rest)
        np.add(count, z2 / 2, out=lower)
        np.add(lower, half, out=upper)
        lower -= half  # exactly 0 for a numerator of 0: the root of a square is exact
        upper *= rest
        lower *= rest
        if not upper.max() <= 1.0:
            np.minimum(upper, 1.0, out=upper)
        if smallest == 0:
            full &= total > 0  # nobody counted over stays NaN
        np.copyto(upper, 1.0, where=full)


FEW = 10  # below this many events Byar's approximation gives way to the exact interval


def byar(count: npt.ArrayLike, level: float | Sequence[float] = 0.95) -> Interval:
    """Return intervals for the mean of Poisson counts: Byar's, and exact ones below 10 events.

    Divide both ends by the person-time for a rate, or by the expected count for a ratio; they
    need no other care. A count of zero has a lower end of exactly 0; a missing one gives NaN.
    Several levels add a leading axis, in their order.

    Breslow NE, Day NE (1987), Statistical Methods in Cancer Research II, who credit Byar; below
    10 events Garwood's (see ``exact_poisson``): at 1 event Byar's lower end is half the exact one.
    Raises ValueError for a negative count or a level outside (0, 1).
    """
    events = _counts(count)
    z = _normal_quantile(level, events.ndim)
    with np.errstate(divide="ignore", invalid="ignore"):
        above = events + 1.0
        lower = events * (1.0 - 1.0 / (9.0 * events) - z / (3.0 * np.sqrt(events))) ** 3
        upper = above * (1.0 - 1.0 / (9.0 * above) + z / (3.0 * np.sqrt(above))) ** 3
    few = events < FEW
    if np.any(few):
        # Small counts recur: each is worked out once.
        distinct, place = np.unique(events[few], return_inverse=True)
        exact = exact_poisson(distinct, level)
        lower, upper = np.asarray(lower), np.asarray(upper)
        lower[..., few] = exact.lower[..., place.ravel()]
        upper[..., few] = exact.upper[..., place.ravel()]
    return Interval(lower, upper)


def exact_poisson(count: npt.ArrayLike, level: float | Sequence[float] = 0.95) -> Interval:
    """Return exact (Garwood) intervals for the mean of Poisson counts.

    The ends are the means under which a count so high, or so low, has a probability of half of
    1 - level. Zero has a lower end of exactly 0; a missing count gives NaN. Several levels add
    a leading axis, in their order.

    Garwood F (1936), Biometrika 28:437-442, by the gamma distribution. Counts that are not whole
    are let through: the formula then interpolates.
    Raises ValueError for a negative count or a level outside (0, 1).
    """
    from scipy.special import gammainccinv, gammaincinv

    events = _counts(count)
    tail = _tail(level, events.ndim)
    some = events > 0
    lower = np.where(some, gammaincinv(np.where(some, events, 1.0), tail), events)
    upper = np.asarray(gammainccinv(events + 1.0, tail), dtype=np.float64)
    return Interval(lower, upper)


def exact_binomial(
    numerator: npt.ArrayLike, denominator: npt.ArrayLike, level: float | Sequence[float] = 0.95
) -> Interval:
    """Return exact (Clopper-Pearson) intervals for proportions, as fractions from 0 to 1.

    Shapes, levels, zeros, missing values and errors are as in ``wilson``, which is the better
    choice for description: exact intervals hold their level everywhere and so are mostly wider.

    Clopper CJ, Pearson ES (1934), Biometrika 26:404-413, by the beta distribution; Newcombe RG
    (1998), Stat Med 17:857-872, method 5.
    """
    from scipy.special import betaincinv

    count = np.asarray(numerator, dtype=np.float64)
    total = np.asarray(denominator, dtype=np.float64)
    if np.any(count < 0) or np.any(total < 0) or np.any(count > total):
        raise ValueError("a proportion needs 0 <= numerator <= denominator in every cell")
    count, total = np.broadcast_arrays(count, total)
    tail = _tail(level, count.ndim)
    rest = total - count
    # Places whose end is known are given harmless numbers and filled in afterwards.
    lower = betaincinv(np.where(count > 0, count, 1.0), rest + 1.0, tail)
    upper = 1.0 - betaincinv(np.where(rest > 0, rest, 1.0), count + 1.0, tail)
    lower = np.where(count == 0, 0.0, lower)
    upper = np.where(rest == 0, 1.0, upper)
    nobody = ~(total > 0) | np.isnan(count)
    return Interval(np.where(nobody, np.nan, lower), np.where(nobody, np.nan, upper))


def mean(
    average: npt.ArrayLike,
    deviation: npt.ArrayLike,
    size: npt.ArrayLike,
    level: float | Sequence[float] = 0.95,
) -> Interval:
    """Return Student's t intervals for means, in the unit of the means.

    ``deviation`` is the standard deviation with divisor ``size`` - 1; the three broadcast.
    Fewer than two values, or a missing one of the three, give NaN. Several levels add a leading
    axis, in their order.

    Student (1908), Biometrika 6:1-25.
    Raises ValueError for a negative deviation or size, or a level outside (0, 1).
    """
    from scipy.special import stdtrit

    middle, spread, number = np.broadcast_arrays(
        np.asarray(average, dtype=np.float64),
        np.asarray(deviation, dtype=np.float64),
        np.asarray(size, dtype=np.float64),
    )
    if np.any(spread < 0) or np.any(number < 0):
        raise ValueError("a standard deviation and a size are not negative")
    tail = _tail(level, middle.ndim)
    enough = number >= 2
    known = np.where(enough, number, 2.0)
    half = -stdtrit(known - 1.0, tail) * spread / np.sqrt(known)
    return Interval(
        np.where(enough, middle - half, np.nan), np.where(enough, middle + half, np.nan)
    )


def _counts(count: npt.ArrayLike) -> Array:
    events = np.asarray(count, dtype=np.float64)
    if np.any(events < 0):
        raise ValueError("a count cannot be negative")
    return events


def _tail(level: float | Sequence[float], ndim: int) -> Array:
    """Return the probability left in each tail at each level, shaped to lead ``ndim`` axes."""
    levels = np.asarray(level, dtype=np.float64)
    if np.any(levels <= 0) or np.any(levels >= 1):
        raise ValueError("a confidence level lies between 0 and 1, such as 0.95")
    tail = (1.0 - levels) / 2
    return tail.reshape(levels.shape + (1,) * ndim) if levels.ndim else tail


def _normal_quantile(level: float | Sequence[float], ndim: int) -> Array:
    """Return the two-sided normal quantile of each level, shaped to lead ``ndim`` axes."""
    levels = np.asarray(level, dtype=np.float64)
    if np.any(levels <= 0) or np.any(levels >= 1):
        raise ValueError("a confidence level lies between 0 and 1, such as 0.95")
    quantiles = [NormalDist().inv_cdf(0.5 + one / 2) for one in levels.ravel().tolist()]
    z = np.asarray(quantiles, dtype=np.float64).reshape(levels.shape)
    return z.reshape(levels.shape + (1,) * ndim) if levels.ndim else z
