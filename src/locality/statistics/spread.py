"""Between-unit spread: how far true values differ, apart from the chance in each count.

Units (practices) lie on the last axis, series (measures, periods) on any axes before it. A
unit with a missing value or no size takes no part. Three families, each with the conjugate
pair that makes shrunken values exact: beta-binomial, gamma-Poisson, normal with known variance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from locality.statistics.intervals import Array
from locality.statistics.spread_climbs import (
    climb_beta,
    climb_gamma,
    paule_mandel,
    restricted,
    weighted,
)

Family = Literal["beta", "gamma", "normal"]


@dataclass(frozen=True, slots=True)
class Spread:
    """The distribution of true values: its family, mean and variance, one of each a series.

    ``variance`` is that of the true values (0 where none was found beyond chance, NaN with
    fewer than two units); ``units`` counts the units that took part.
    """

    family: Family
    mean: Array
    variance: Array
    units: npt.NDArray[np.int64]

    @property
    def deviation(self) -> Array:
        """Return the standard deviation of the true values, in the unit of the mean."""
        return np.sqrt(self.variance)

    @property
    def half_size(self) -> Array:
        """Return the size at which reliability is one half; infinite where there is no spread.

        It is within-unit over between-unit variance: a + b of the beta, the rate of the gamma
        (in exposure), 1 / variance of the normal, whose "size" is its precision.
        """
        within = np.ones_like(self.mean)
        if self.family == "beta":
            within = np.maximum(self.mean * (1 - self.mean) - self.variance, 0.0)
        elif self.family == "gamma":
            within = self.mean
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.variance == 0, np.inf, within / self.variance)


def beta_spread(
    numerator: npt.ArrayLike, denominator: npt.ArrayLike, *, refine: bool = True
) -> Spread:
    """Return the beta distribution of true proportions (fractions, 0 to 1).

    Moments: Kleinman JC (1973), J Am Stat Assoc 68:46-54, with weights n, then once more with
    n / (1 + rho (n - 1)); mean (1 - mean) is plugged in, without his small-sample factor.
    ``refine`` then climbs the beta-binomial likelihood (Griffiths DA 1973, Biometrics
    29:637-648). Departs: where the likelihood's slope at no spread (Tarone RE 1979, Biometrika
    66:585-590) is not upward, the spread is exactly 0 and nothing is climbed.
    Raises ValueError for a numerator below 0 or above its denominator.
    """
    count, size, used = _cells(numerator, denominator)
    if np.any(count > size):
        raise ValueError("a proportion needs 0 <= numerator <= denominator in every cell")
    one = size[..., :].clip(1.0)
    value = count / one
    with np.errstate(divide="ignore", invalid="ignore"):
        mean, rho = _beta_moments(value, size, one)
        mean, rho = _beta_moments(value, size / (1 + rho[..., None] * (one - 1)), one)
        pooled = count.sum(-1) / size.sum(-1)
        slope = (
            count * (count - 1) / pooled[..., None]
            + (size - count) * (size - count - 1) / (1 - pooled[..., None])
            - size * (size - 1)
        ).sum(-1)
    flat = ~(slope > 0)
    mean, rho = np.where(flat, pooled, mean), np.where(flat, 0.0, rho)
    if refine:
        for place in np.ndindex(mean.shape):
            if not flat[place]:
                inside = used[place]
                y, n = count[place][inside], size[place][inside]
                start = rho[place] or 0.05 / (1.0 + float(np.median(n)))
                mean[place], rho[place] = climb_beta(y, n, float(mean[place]), float(start))
    return _spread("beta", mean, rho * mean * (1 - mean), used)


def gamma_spread(count: npt.ArrayLike, exposure: npt.ArrayLike, *, refine: bool = True) -> Spread:
    """Return the gamma distribution of true rates (per unit of exposure) or ratios.

    ``exposure`` is person-time, or the expected count of a standardised ratio. Moments: the
    method of DerSimonian and Laird (1986) with Poisson variance mean / exposure, as in Marshall
    RJ (1991), Applied Statistics 40:283-294, unbiased and once reweighted. ``refine`` climbs the
    negative binomial likelihood (Lawless JF 1987, Can J Stat 15:209-225). Departs: where its
    slope at no spread is not upward (Dean and Lawless 1989) the spread is exactly 0.
    Raises ValueError for a count or an exposure below 0.
    """
    seen, size, used = _cells(count, exposure)
    one = np.where(size > 0, size, 1.0)
    value = seen / one
    with np.errstate(divide="ignore", invalid="ignore"):
        mean, variance = _gamma_moments(value, size, one)
        weight = size / (mean[..., None] + variance[..., None] * size)
        mean, variance = _gamma_moments(value, np.where(used, weight, 0.0), one)
        pooled = seen.sum(-1) / size.sum(-1)
        slope = ((seen - pooled[..., None] * size) ** 2 - seen).sum(-1)
    flat = ~((slope > 0) & (pooled > 0))
    mean, variance = np.where(flat, pooled, mean), np.where(flat, 0.0, variance)
    if refine:
        for place in np.ndindex(mean.shape):
            if not flat[place]:
                inside = used[place]
                y, e = seen[place][inside], size[place][inside]
                middle = float(mean[place])
                start = float(variance[place]) or 0.05 * middle / float(np.median(e))
                mean[place], variance[place] = climb_gamma(y, e, middle, start)
    return _spread("gamma", mean, variance, used)


def normal_spread(
    value: npt.ArrayLike,
    variance: npt.ArrayLike,
    *,
    method: Literal["reml", "paule-mandel"] = "reml",
) -> Spread:
    """Return the normal distribution of true values measured with known variances.

    ``reml``: Fisher scoring on the restricted likelihood, tau2 += (y'PPy - tr P) / tr PP
    (Harville 1977; Viechtbauer W 2005, J Educ Behav Stat 30:261-293). ``paule-mandel``:
    the tau2 at which sum w (y - mean)^2 = k - 1 (Paule and Mandel 1982), by the iteration of
    DerSimonian and Kacker (2007), Contemp Clin Trials 28:105-114. Departs: REML starts from
    Paule-Mandel and halves any step that would lower its likelihood; below 0 becomes 0.
    Raises ValueError for a variance of 0 or below.
    """
    y, known = np.broadcast_arrays(
        np.asarray(value, dtype=np.float64), np.asarray(variance, dtype=np.float64)
    )
    if np.any(known <= 0):
        raise ValueError("a known variance is above 0")
    y, known = np.atleast_1d(y), np.atleast_1d(known)
    used = np.isfinite(y) & np.isfinite(known)
    y, known = np.where(used, y, 0.0), np.where(used, known, 1.0)
    tau2 = paule_mandel(y, known, used)
    if method == "reml":
        tau2 = restricted(y, known, used, tau2)
    elif method != "paule-mandel":
        raise ValueError("method is 'reml' or 'paule-mandel'")
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = weighted(y, known, used, tau2)[1]
    return _spread("normal", mean, tau2, used)


def _cells(count: npt.ArrayLike, size: npt.ArrayLike) -> tuple[Array, Array, npt.NDArray[np.bool_]]:
    """Return counts and sizes with 0 where a unit takes no part, and the mask of those that do."""
    y, n = np.broadcast_arrays(
        np.asarray(count, dtype=np.float64), np.asarray(size, dtype=np.float64)
    )
    if np.any(y < 0) or np.any(n < 0):
        raise ValueError("a proportion or rate needs a count and a size of 0 or more in every cell")
    y, n = np.atleast_1d(y), np.atleast_1d(n)
    used = np.isfinite(y) & np.isfinite(n) & (n > 0)
    return np.where(used, y, 0.0), np.where(used, n, 0.0), used


def _spread(family: Family, mean: Array, variance: Array, used: npt.NDArray[np.bool_]) -> Spread:
    units = used.sum(-1, dtype=np.int64)
    return Spread(
        family, np.asarray(mean), np.where(units < 2, np.nan, variance), np.asarray(units)
    )


def _parts(value: Array, weight: Array) -> tuple[Array, Array, Array]:
    """Return the weighted mean, the weighted sum of squares about it, and w (1 - w / W)."""
    total = weight.sum(-1, keepdims=True)
    mean = (weight * value).sum(-1, keepdims=True) / total
    return mean[..., 0], (weight * (value - mean) ** 2).sum(-1), weight * (1 - weight / total)


def _beta_moments(value: Array, weight: Array, size: Array) -> tuple[Array, Array]:
    mean, squares, free = _parts(value, weight)
    rho = (squares / (mean * (1 - mean)) - (free / size).sum(-1)) / (free * (1 - 1 / size)).sum(-1)
    return mean, np.clip(np.nan_to_num(rho, nan=0.0, posinf=0.0, neginf=0.0), 0.0, 0.99)


def _gamma_moments(value: Array, weight: Array, size: Array) -> tuple[Array, Array]:
    mean, squares, free = _parts(value, weight)
    variance = (squares - mean * (free / size).sum(-1)) / free.sum(-1)
    return mean, np.maximum(np.nan_to_num(variance, nan=0.0, posinf=0.0, neginf=0.0), 0.0)
