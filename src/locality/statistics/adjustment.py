"""Adjusted values: what a practice would show if its people were like everybody's.

Two ways to what is expected of each unit: rates by band times people in each band
(``standardisation.expected``), or, where only practice-level facts are at hand (shares of age
bands, a deprivation score), a regression over practices (``regress``). ``adjust`` then sets the
adjusted value beside the unadjusted one; show both.

Limits that no arithmetic removes. The facts are of lists, not of the patients counted, so a
coefficient is not a person's risk (the ecological fallacy), and adjusting by them can leave much
of the difference in people, or remove too much. Where deprived areas are given poorer care, an
adjustment for deprivation takes that away too: it answers "given its people", never "is it good
enough". Two adjusted values each compare with the reference, strictly not with each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from locality.statistics.intervals import Array, Interval, byar, wilson
from locality.statistics.shrinking import reliability
from locality.statistics.spread import normal_spread

Law = Literal["binomial", "poisson"]
_ROUNDS = 50


@dataclass(frozen=True, slots=True)
class Regressed:
    """What practice-level facts say to expect.

    ``expected`` counts have shape (..., units); ``coefficients`` and their ``errors``
    (..., 1 + facts), the constant first, per unit of each fact on the log (Poisson) or log-odds
    scale; ``dispersion`` is Pearson's chi squared over its degrees of freedom, 1 where the facts
    and chance explain all.
    """

    expected: Array
    coefficients: Array
    errors: Array
    dispersion: Array


@dataclass(frozen=True, slots=True)
class Adjusted:
    """Adjusted values and intervals beside the unadjusted, as fractions or rates per one.

    ``ratio`` is observed over expected. ``reliability`` is of the adjusted values,
    ``unadjusted_reliability`` of the unadjusted, both of shape (..., units) and on the working
    scale; ``explained`` is the share of true variance between units that adjusting takes away
    (below 0 where it adds some; NaN where there was none).
    """

    value: Array
    interval: Interval
    unadjusted: Array
    unadjusted_interval: Interval
    ratio: Array
    reliability: Array
    unadjusted_reliability: Array
    explained: Array


def regress(
    count: npt.ArrayLike, size: npt.ArrayLike, facts: npt.ArrayLike, *, law: Law = "binomial"
) -> Regressed:
    """Return the counts expected from practice-level ``facts``, of shape (..., units, facts).

    Quasi-likelihood with the logit (binomial: ``size`` are patients) or log link (Poisson:
    ``size`` is exposure): Wedderburn RWM (1974), Biometrika 61:439-447, climbed by iterated
    weighted least squares as in McCullagh P, Nelder JA (1989), Generalized Linear Models. Errors
    carry the dispersion, but never less than chance. Facts that say the same twice share their
    coefficient (the least squares of smallest length). A unit missing anything takes no part and
    its expected count is NaN. Too few units for the facts, or nobody and everybody alike with
    the event, give NaN throughout.
    Raises ValueError for impossible counts, or facts that do not fit the units.
    """
    y, n, used = _cells(count, size, law)
    given = np.asarray(facts, dtype=np.float64)
    if given.ndim < 2 or given.shape[-2] != y.shape[-1]:
        raise ValueError("facts have shape (units, facts), with one row for each unit")
    shape = np.broadcast_shapes(y.shape, given.shape[:-1])
    given = np.broadcast_to(given, (*shape, given.shape[-1]))
    used = np.broadcast_to(used, shape) & np.isfinite(given).all(-1)
    y, n = np.where(used, y, 0.0), np.where(used, n, 0.0)
    x, middle, scale = _scaled(given, used)
    total, whole = y.sum(-1), n.sum(-1)
    fits = (used.sum(-1) > x.shape[-1]) & (total > 0)
    if law == "binomial":
        fits &= total < whole
    overall = np.where(fits, total / np.where(whole > 0, whole, 1.0), 0.5)
    beta = np.zeros((*shape[:-1], x.shape[-1]))
    beta[..., 0] = np.log(overall / (1 - overall) if law == "binomial" else overall)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        now = _height(y, n, x, beta, law)
        for _ in range(_ROUNDS):
            mean, weight = _mean(n, x, beta, law)
            slope = np.einsum("...u,...uf->...f", y - mean, x)
            inverse = _inverse(x, weight)
            step = np.einsum("...fg,...g->...f", inverse, slope)
            for _ in range(30):  # halve a step that would go down
                then = _height(y, n, x, beta + step, law)
                worse = ~(then >= now - 1e-10 * np.abs(now))
                if not worse.any():
                    break
                step = np.where(worse[..., None], step / 2, step)
            beta, now = beta + np.where(worse[..., None], 0.0, step), np.where(worse, now, then)
            if np.max(np.abs(step), initial=0.0) < 1e-10:
                break
        mean, weight = _mean(n, x, beta, law)
        inverse = _inverse(x, weight)
        rank = np.linalg.matrix_rank(inverse, hermitian=True)
        chi = np.where(weight > 0, (y - mean) ** 2 / weight, 0.0).sum(-1)
        dispersion = chi / np.maximum(used.sum(-1) - rank, 1)
        back = _unscaled(middle, scale)
        coefficients = np.einsum("...fg,...g->...f", back, beta)
        spread = back @ inverse @ np.swapaxes(back, -1, -2)
        errors = np.sqrt(np.diagonal(spread, axis1=-2, axis2=-1))
        errors = errors * np.sqrt(np.maximum(dispersion, 1.0))[..., None]
    return Regressed(
        np.where(used & fits[..., None], mean, np.nan),
        np.where(fits[..., None], coefficients, np.nan),
        np.where(fits[..., None], errors, np.nan),
        np.where(fits, dispersion, np.nan),
    )


def adjust(
    count: npt.ArrayLike,
    size: npt.ArrayLike,
    expected: npt.ArrayLike,
    *,
    law: Law = "binomial",
    reference: npt.ArrayLike | None = None,
    level: float = 0.95,
) -> Adjusted:
    """Return each unit's adjusted value beside its unadjusted one, of shape (..., units).

    ``expected`` are counts. ``reference`` is the value that a unit doing just as expected is
    given (all units' overall value, if None). A rate is reference x observed / expected, the
    indirectly standardised rate, with Byar's interval. A proportion is moved likewise in odds:
    odds(reference) x odds(observed) / odds(expected), with Wilson's ends moved the same way.
    That departs from the customary reference x observed / expected, which passes 100 % where
    achievement is high. The expected counts are taken as known.

    Reliability is worked out on (observed - expected) / v with v = expected (1 - expected /
    size), or expected itself for a rate: the first step of a logit or log model, of variance
    1 / v by chance, and defined at 0; the spread beyond is REML's (``normal_spread``).
    Missing, nobody, or nothing expected gives NaN. Raises ValueError for impossible counts, or
    more expected than a proportion can have.
    """
    y, n, used = _cells(count, size, law)
    due = np.asarray(expected, dtype=np.float64)
    y, n, due, used = np.broadcast_arrays(y, n, due, used)
    if np.any(due < 0) or (law == "binomial" and np.any(due > n * (1 + 1e-9))):
        raise ValueError("an expected count is 0 or more, and at most the size of a proportion")
    room = due * (1 - due / np.where(n > 0, n, 1.0)) if law == "binomial" else due
    used = used & np.isfinite(due) & (room > 0)
    y, n, due = (np.where(used, one, np.nan) for one in (y, n, due))
    overall = np.nansum(y, -1) / np.where(used.any(-1), np.nansum(n, -1), np.nan)
    aim = (overall if reference is None else np.asarray(reference, dtype=np.float64))[..., None]
    with np.errstate(divide="ignore", invalid="ignore"):
        own = y / n
        if law == "binomial":
            ends = wilson(y, n, level)
            odds = aim / (1 - aim) / (due / (n - due))
            value, lower, upper = (
                one * odds / (1 - one + one * odds) for one in (own, ends.lower, ends.upper)
            )
        else:
            counts = byar(y, level)
            ends = Interval(counts.lower / n, counts.upper / n)
            value, lower, upper = (aim * one / due for one in (y, counts.lower, counts.upper))
        after, left = _reliability(y, due, n, law)
        before, all_of_it = _reliability(y, n * overall[..., None], n, law)
        explained = np.where(all_of_it > 0, 1 - left / all_of_it, np.nan)
    return Adjusted(
        value, Interval(lower, upper), own, ends, y / due, after, before, np.asarray(explained)
    )


def _reliability(y: Array, due: Array, n: Array, law: Law) -> tuple[Array, Array]:
    """Return reliability on the working scale and the true variance between units there."""
    room = due * (1 - due / n) if law == "binomial" else due
    room = np.where(room > 0, room, np.nan)
    spread = normal_spread((y - due) / room, 1 / room)
    return reliability(spread, room).each, spread.variance


def _cells(
    count: npt.ArrayLike, size: npt.ArrayLike, law: Law
) -> tuple[Array, Array, npt.NDArray[np.bool_]]:
    if law not in ("binomial", "poisson"):
        raise ValueError("law is 'binomial' or 'poisson'")
    y, n = np.broadcast_arrays(
        np.atleast_1d(np.asarray(count, dtype=np.float64)), np.asarray(size, dtype=np.float64)
    )
    if np.any(y < 0) or np.any(n < 0) or (law == "binomial" and np.any(y > n)):
        raise ValueError("counts and sizes are 0 or more, no count of a proportion over its size")
    return y, n, np.isfinite(y) & np.isfinite(n) & (n > 0)


def _scaled(given: Array, used: npt.NDArray[np.bool_]) -> tuple[Array, Array, Array]:
    """Return facts of mean 0 and deviation 1 behind a constant, 0 where a unit takes no part."""
    inside = used[..., None]
    number = np.maximum(used.sum(-1), 1)[..., None, None]
    held = np.where(inside, given, 0.0)
    middle = held.sum(-2, keepdims=True) / number
    away = np.where(inside, held - middle, 0.0)
    scale = np.sqrt((away**2).sum(-2, keepdims=True) / number)
    scale = np.where(scale > 1e-12 * np.abs(middle), scale, np.inf)
    made = np.concatenate([np.where(inside, 1.0, 0.0), away / scale], -1)
    return made, middle[..., 0, :], scale[..., 0, :]


def _unscaled(middle: Array, scale: Array) -> Array:
    """Return the matrix that takes coefficients of scaled facts to those of the facts given."""
    facts = middle.shape[-1]
    back = np.zeros((*middle.shape[:-1], facts + 1, facts + 1))
    back[..., 0, 0] = 1.0
    back[..., 0, 1:] = -middle / scale
    back[..., np.arange(1, facts + 1), np.arange(1, facts + 1)] = 1 / scale
    return back


def _mean(n: Array, x: Array, beta: Array, law: Law) -> tuple[Array, Array]:
    """Return the mean count of each unit and its variance by chance."""
    line = np.einsum("...uf,...f->...u", x, beta)
    if law == "poisson":
        mean = n * np.exp(line)
        return mean, mean
    share = 1 / (1 + np.exp(-line))
    return n * share, n * share * (1 - share)


def _height(y: Array, n: Array, x: Array, beta: Array, law: Law) -> Array:
    line = np.einsum("...uf,...f->...u", x, beta)
    top = n * np.exp(line) if law == "poisson" else n * np.logaddexp(0, line)
    return np.asarray((y * line - top).sum(-1))


def _inverse(x: Array, weight: Array) -> Array:
    matrix = np.einsum("...uf,...u,...ug->...fg", x, np.nan_to_num(weight), x, optimize=True)
    return np.linalg.pinv(matrix, rcond=1e-12, hermitian=True)
