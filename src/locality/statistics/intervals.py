"""Confidence intervals for counts."""

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
    count = np.asarray(numerator, dtype=np.float64)
    total = np.asarray(denominator, dtype=np.float64)
    if np.any(count < 0) or np.any(total < 0) or np.any(count > total):
        raise ValueError("a proportion needs 0 <= numerator <= denominator in every cell")
    z = _normal_quantile(level, np.broadcast(count, total).ndim)
    with np.errstate(divide="ignore", invalid="ignore"):
        z2 = z * z
        scale = 1.0 / (total + z2)
        centre = (count + 0.5 * z2) * scale
        half = z * scale * np.sqrt(count * (1.0 - count / total) + 0.25 * z2)
        lower = np.where(count == 0, 0.0, np.maximum(centre - half, 0.0))
        upper = np.where(count == total, 1.0, np.minimum(centre + half, 1.0))
    nobody = ~(total > 0)
    if np.any(nobody):
        lower = np.where(nobody, np.nan, lower)
        upper = np.where(nobody, np.nan, upper)
    return Interval(lower, upper)


def _normal_quantile(level: float | Sequence[float], ndim: int) -> Array:
    """Return the two-sided normal quantile of each level, shaped to lead ``ndim`` axes."""
    levels = np.asarray(level, dtype=np.float64)
    if np.any(levels <= 0) or np.any(levels >= 1):
        raise ValueError("a confidence level lies between 0 and 1, such as 0.95")
    quantiles = [NormalDist().inv_cdf(0.5 + one / 2) for one in levels.ravel().tolist()]
    z = np.asarray(quantiles, dtype=np.float64).reshape(levels.shape)
    return z.reshape(levels.shape + (1,) * ndim) if levels.ndim else z
