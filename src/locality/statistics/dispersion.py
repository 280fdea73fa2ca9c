"""Spread beyond chance between the units of a funnel: additive or multiplicative, debiased."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
import numpy.typing as npt

from locality.statistics.funnel_scales import (
    Kind,
    check_counts,
    check_target,
    expected_count,
    from_scale,
    scale_variance,
    to_scale,
)
from locality.statistics.intervals import Array

Model = Literal["additive", "multiplicative"]
Method = Literal["likelihood", "winsorised"]
_WIDE = 9.0  # an outlier's variance, in units of an ordinary unit's


@dataclass(frozen=True, slots=True)
class Overdispersion:
    """The peers' ``centre`` and how far they differ beyond chance, one of each a series.

    ``amount`` is tau squared on the scale where chance has the same variance at every value
    (additive; 0 is none) or phi, the factor on the variance (multiplicative; 1 is none).
    """

    kind: Kind
    model: Model
    centre: Array
    amount: Array


def overdispersion(
    count: npt.ArrayLike,
    size: npt.ArrayLike,
    *,
    kind: Kind = "proportion",
    model: Model = "additive",
    method: Method = "likelihood",
    trim: float = 0.1,
) -> Overdispersion:
    """Return how far peers truly differ, estimated so that outliers do not hide themselves.

    ``winsorised``: phi = mean z squared after pulling the outer ``trim`` of each end in
    (Spiegelhalter 2005, and et al 2012, J R Stat Soc A 175:1-47). Departs: phi is divided by what
    winsorising leaves of a standard normal's variance (0.679 at 0.1), without which limits flag
    1.5 % for 0.2 %; and tau2 is not read off phi in one step but is the root of k phi = k - 1
    with z = deviation / sqrt(chance + tau2), the only z that are normal when sizes differ (the
    one step is 10 % low where sizes run from 200 to 3,000).
    ``likelihood``: the mixture of N(centre, v) and, for an estimated few, N(centre, 9 v), v =
    chance + tau2 or chance x phi (Tukey's contaminated normal, by EM): its own choice here.
    Chance is put on a scale of constant variance: Anscombe FJ (1948), Biometrika 35:246-254.
    Fewer than three units give NaN. Raises ValueError for impossible counts or options.
    """
    if model not in ("additive", "multiplicative") or method not in ("likelihood", "winsorised"):
        raise ValueError("model is additive or multiplicative; method likelihood or winsorised")
    if not 0 <= trim < 0.4:
        raise ValueError("the trim of each end lies from 0 up to 0.4")
    check_target(kind, np.zeros(1))
    y, n = np.broadcast_arrays(
        np.asarray(count, dtype=np.float64), np.asarray(size, dtype=np.float64)
    )
    check_counts(y, n, kind)
    y, n = np.atleast_1d(y), np.atleast_1d(n)
    used = np.isfinite(y) & np.isfinite(n) & (n > 0)
    if not used.any():
        nothing = np.full(used.shape[:-1], np.nan)
        return Overdispersion(kind, model, nothing, nothing.copy())
    n = np.where(used, n, 1.0)
    y = np.where(used, y, 0.0)
    chance = scale_variance(n, kind)
    fit = _mixture if method == "likelihood" else _winsorised
    with np.errstate(divide="ignore", invalid="ignore"):
        rough = y.sum(-1) / np.where(used, n, 0.0).sum(-1)  # of the chance, also for a ratio
        bias = expected_count(rough, n, kind) - expected_count(rough, np.full(1, np.inf), kind)
        place = np.where(used, to_scale(y, n, kind) - bias, 0.0)
        centre, amount = fit(place, chance, used, model, trim)
    enough = used.sum(-1) >= 3
    return Overdispersion(
        kind,
        model,
        np.where(enough, from_scale(centre, kind), np.nan),
        np.where(enough, amount, np.nan),
    )


def _winsorised(
    place: Array, chance: Array, used: npt.NDArray[np.bool_], model: Model, trim: float
) -> tuple[Array, Array]:
    additive, kept = model == "additive", _kept(trim)
    centre = _median(np.where(used, place, np.nan))
    number, tau2, phi = used.sum(-1), np.zeros(centre.shape), np.ones(centre.shape)
    for _ in range(100):
        variance = np.where(used, chance + tau2[..., None], np.nan)
        z = (place - centre[..., None]) / np.sqrt(variance)
        low, high = _quantiles(z, (trim, 1 - trim))
        pulled = np.clip(z, low[..., None], high[..., None])
        square = pulled**2 / kept
        centre = centre + np.nansum(pulled / np.sqrt(variance), -1) / np.nansum(1 / variance, -1)
        before = tau2 if additive else phi
        phi = np.nansum(square, -1) / number
        if additive:  # Newton up to the tau2 at which the pulled z squared sum to k - 1
            step = (number * phi - (number - 1)) / np.nansum(square / variance, -1)
            tau2 = np.maximum(tau2 + np.nan_to_num(step), 0.0)
        now = tau2 if additive else phi
        if np.all(~(np.abs(now - before) > 1e-9 * now)):
            break
    return centre, tau2 if additive else np.maximum(phi, 1.0)


def _kept(trim: float) -> float:
    """Return the variance that winsorising each end at ``trim`` leaves of a standard normal's."""
    if trim == 0:
        return 1.0
    cut = NormalDist().inv_cdf(1 - trim)
    return 1 - 2 * trim - 2 * cut * NormalDist().pdf(cut) + 2 * trim * cut * cut


def _mixture(
    place: Array, chance: Array, used: npt.NDArray[np.bool_], model: Model, trim: float
) -> tuple[Array, Array]:
    centre, amount = _winsorised(place, chance, used, model, trim)
    least = np.nanmin(np.where(used, chance, np.nan), -1)
    here = np.stack([centre, amount, np.full(centre.shape, 0.01)])

    def step(at: Array) -> Array:
        return _mixture_step(at, place, chance, used, model)

    for _ in range(200):
        once = step(here)
        twice = step(once)
        # Squared extrapolation along the way that two steps took, then a step to settle.
        first, bend = once - here, twice - 2 * once + here
        size = np.stack([np.sqrt(least + amount), least + here[1], here[2]])
        ratio = ((first / size) ** 2).sum(0) / ((bend / size) ** 2).sum(0)
        length = np.nan_to_num(np.clip(np.sqrt(ratio), 1.0, 64.0), nan=1.0)
        far = here + 2 * length * first + length**2 * bend
        far[1] = np.maximum(far[1], 0.0 if model == "additive" else 1.0)
        far[2] = np.clip(far[2], 1e-6, 0.3)
        there = step(np.where(np.isfinite(far), far, twice))
        shift = np.nanmax(np.abs(there - twice) / size, initial=0.0)
        shift = max(shift, np.nanmax(np.abs(first) / size, initial=0.0))
        here = there
        if shift < 1e-6:
            break
    return here[0], here[1]


def _mixture_step(
    at: Array, place: Array, chance: Array, used: npt.NDArray[np.bool_], model: Model
) -> Array:
    """Return centre, amount and the outlying share after one step of EM from ``at``."""
    centre, amount, few = (one[..., None] for one in at)
    variance = chance + amount if model == "additive" else chance * amount
    square = (place - centre) ** 2
    odds = few / (1 - few) / np.sqrt(_WIDE)
    odds = odds * np.exp(np.minimum(square / variance * (1 - 1 / _WIDE) / 2, 700.0))
    outlying = np.where(used, odds / (1 + odds), 0.0)
    weight = np.where(used, 1 - outlying * (1 - 1 / _WIDE), 0.0)
    share = weight / variance
    moved = (share * place).sum(-1) / share.sum(-1)
    square = weight * (place - moved[..., None]) ** 2
    if model == "additive":  # one scoring step up the complete-data likelihood
        inverse = np.where(used, 1 / variance**2, 0.0)
        rise = (inverse * (square - used * variance)).sum(-1) / inverse.sum(-1)
        then = np.maximum(at[1] + rise, 0.0)
    else:
        then = np.maximum((square / chance).sum(-1) / used.sum(-1), 1.0)
    return np.stack([moved, then, np.clip(outlying.sum(-1) / used.sum(-1), 1e-6, 0.3)])


def _median(held: Array) -> Array:
    return np.asarray(_quantiles(held, (0.5,))[0])


def _quantiles(held: Array, shares: tuple[float, ...]) -> Array:
    """Return quantiles along the last axis; NaN cells are left out, an empty series is NaN."""
    made = np.full((len(shares), *held.shape[:-1]), np.nan)
    some = np.asarray(~np.all(np.isnan(held), -1))
    made[:, some] = np.nanquantile(held[some], shares, axis=-1)
    return made
