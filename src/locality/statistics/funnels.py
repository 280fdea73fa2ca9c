"""Funnels: two questions, two functions, never mixed.

``differs_from_target`` asks whether a unit's true value could be the target: exact limits, in
which only chance moves a count. ``unusual_among_peers`` asks whether a unit stands out from
others that differ truly among themselves: limits widened by that overdispersion. Decide which
question is meant before looking (Spiegelhalter DJ 2005, Stat Med 24:1185-1202).

Kinds, with what ``count`` and ``size`` are: "proportion" (numerator, denominator); "rate"
(events, person-time); "standardised ratio" (observed, expected); "ratio" of two counts (the
first, both together; the value is first / second). Units lie on the last axis.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
import numpy.typing as npt

from locality.statistics.intervals import Array, Interval

Kind = Literal["proportion", "rate", "standardised ratio", "ratio"]
Model = Literal["additive", "multiplicative"]
Method = Literal["likelihood", "winsorised"]
LEVELS = (0.95, 0.998)
_KINDS = ("proportion", "rate", "standardised ratio", "ratio")
_WIDE = 9.0  # an outlier's variance, in units of an ordinary unit's


@dataclass(frozen=True, slots=True)
class Judged:
    """Each unit's ``value``, signed ``z`` and two-sided ``probability`` under the question asked.

    ``place`` is how many of ``levels`` (in rising order) the unit lies outside, negative below
    and positive above; 0 inside all of them or with nothing to judge.
    """

    value: Array
    z: Array
    probability: Array
    place: npt.NDArray[np.int8]
    levels: tuple[float, ...]


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


def target_limits(
    target: npt.ArrayLike,
    size: npt.ArrayLike,
    level: float | Sequence[float] = 0.95,
    *,
    kind: Kind = "proportion",
) -> Interval:
    """Return exact predictive limits around a target, in the unit of the value.

    Binomial for a proportion or a ratio (given both counts together, first ~ Binomial(total,
    target / (1 + target))), Poisson for a rate or standardised ratio: Spiegelhalter (2005),
    appendix A.1, interpolated between counts. Departs: he reads both limits off P(X <= r), so
    his upper tail exceeds its nominal size; here the upper one uses P(X >= r), so a count beyond
    a limit has at most (1 - level) / 2 of chance in each tail. Several levels lead the axes.
    A size of 0 gives NaN. Raises ValueError for a target or level outside its range.
    """
    _check(kind, np.asarray(target, dtype=np.float64))
    levels = _levels(level)
    aim, n = np.broadcast_arrays(
        np.asarray(target, dtype=np.float64), np.asarray(size, dtype=np.float64)
    )
    chance = _chance(aim, kind)
    tail = ((1 - levels) / 2).reshape(np.shape(level) + (1,) * n.ndim)
    tail, n, chance = np.broadcast_arrays(tail, n, chance)
    usable = np.isfinite(n) & (n > 0) & np.isfinite(chance)
    lower, upper = np.full(n.shape, np.nan), np.full(n.shape, np.nan)
    if np.any(usable):
        below, above = _tails(n[usable], chance[usable], kind)
        low, high = _edges(n[usable], chance[usable], kind, tail[usable], below, above)
        lower[usable] = _value(low, n[usable], kind)
        upper[usable] = _value(high, n[usable], kind)
    return Interval(lower, upper)


def differs_from_target(
    count: npt.ArrayLike,
    size: npt.ArrayLike,
    target: npt.ArrayLike,
    levels: Sequence[float] = LEVELS,
    *,
    kind: Kind = "proportion",
) -> Judged:
    """Return whether each unit's true value could be the target, chance alone moving its count.

    The probability is twice the smaller exact tail, at most 1; a place agrees with
    ``target_limits`` (the unit lies strictly outside). Between-unit spread is no part of this
    question: among thousands of large units, most will truly differ a little from any target.
    """
    _check(kind, np.asarray(target, dtype=np.float64))
    ordered = tuple(sorted(_levels(levels).tolist()))
    y, n, aim = np.broadcast_arrays(
        *(np.asarray(one, dtype=np.float64) for one in (count, size, target))
    )
    usable = np.isfinite(y) & np.isfinite(n) & np.isfinite(aim) & (n > 0)
    _check_counts(y, n, kind)
    lower, upper = np.full(y.shape, np.nan), np.full(y.shape, np.nan)
    if np.any(usable):
        below, above = _tails(n[usable], _chance(aim, kind)[usable], kind)
        lower[usable], upper[usable] = below(y[usable]), above(y[usable])
    smaller = np.fmin(lower, upper)
    side = np.where(upper < lower, 1.0, -1.0)
    from scipy.special import ndtri

    with np.errstate(invalid="ignore"):
        z = side * np.maximum(-ndtri(np.minimum(smaller, 0.5)), 0.0) + 0.0
        place = np.sum([np.where(smaller < (1 - one) / 2, side, 0) for one in ordered], axis=0)
    return Judged(
        _value(y, n, kind), z, np.minimum(2 * smaller, 1.0), place.astype(np.int8), ordered
    )


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
    _check(kind, np.zeros(1))
    y, n = np.broadcast_arrays(
        np.asarray(count, dtype=np.float64), np.asarray(size, dtype=np.float64)
    )
    _check_counts(y, n, kind)
    y, n = np.atleast_1d(y), np.atleast_1d(n)
    used = np.isfinite(y) & np.isfinite(n) & (n > 0)
    n = np.where(used, n, 1.0)
    y = np.where(used, y, 0.0)
    chance = _scale_variance(n, kind)
    fit = _mixture if method == "likelihood" else _winsorised
    with np.errstate(divide="ignore", invalid="ignore"):
        rough = y.sum(-1) / np.where(used, n, 0.0).sum(-1)  # of the chance, also for a ratio
        bias = _expected(rough, n, kind) - _expected(rough, np.full(1, np.inf), kind)
        place = np.where(used, _scale(y, n, kind) - bias, 0.0)
        centre, amount = fit(place, chance, used, model, trim)
    enough = used.sum(-1) >= 3
    return Overdispersion(
        kind,
        model,
        np.where(enough, _unscale(centre, kind), np.nan),
        np.where(enough, amount, np.nan),
    )


def peer_limits(
    peers: Overdispersion, size: npt.ArrayLike, level: float | Sequence[float] = 0.95
) -> Interval:
    """Return limits within which peers of each size lie, widened by their overdispersion.

    centre +- z sqrt(chance + tau2), or z sqrt(chance x phi), on the scale of constant variance,
    carried back; a limit that no count can pass is 0 (or 1 for a proportion, infinite for a
    ratio). Spiegelhalter et al (2012), section 4. Departs from his limits on the natural scale:
    these need no continuity at 0 or 1, the centre carries Anscombe's small-count term, and
    they are never inside the exact limits, as the normal scale alone would be under ten events.
    """
    n = np.atleast_1d(np.asarray(size, dtype=np.float64))
    n = np.broadcast_to(n, np.broadcast_shapes(n.shape, (*peers.centre.shape, 1)))
    levels = _levels(level)
    z = np.array([NormalDist().inv_cdf(0.5 + one / 2) for one in levels.ravel().tolist()])
    z = z.reshape(levels.shape + (1,) * n.ndim) if levels.ndim else z[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        n = np.where(n > 0, n, np.nan)
        middle = _expected(_chance(peers.centre, peers.kind), n, peers.kind)
        wide = np.sqrt(_peer_variance(peers, n))
        lower = _value(_count(middle - z * wide, n, peers.kind), n, peers.kind)
        upper = _value(_count(middle + z * wide, n, peers.kind), n, peers.kind)
    exact = target_limits(peers.centre[..., None], n, level, kind=peers.kind)
    return Interval(np.minimum(lower, exact.lower), np.maximum(upper, exact.upper))


def unusual_among_peers(
    count: npt.ArrayLike,
    size: npt.ArrayLike,
    peers: Overdispersion,
    levels: Sequence[float] = LEVELS,
) -> Judged:
    """Return whether each unit stands out from peers that truly differ among themselves.

    z = (unit - centre) / sqrt(chance + tau2), or sqrt(chance x phi), on the scale of constant
    variance, or the exact z about the centre where that is nearer 0 (overdispersion never makes
    a unit stand out more); a place agrees with ``peer_limits``. A unit far from a target may be
    quite usual among its peers, and the other way round. With 7,000 peers, 14 lie outside 99.8 %
    by chance.
    """
    y, n = np.broadcast_arrays(
        np.asarray(count, dtype=np.float64), np.asarray(size, dtype=np.float64)
    )
    _check_counts(y, n, peers.kind)
    ordered = tuple(sorted(_levels(levels).tolist()))
    from scipy.special import ndtr

    with np.errstate(divide="ignore", invalid="ignore"):
        y, n = np.atleast_1d(y), np.atleast_1d(n)
        n = np.where(n > 0, n, np.nan)
        spread = np.sqrt(_peer_variance(peers, n))
        middle = _expected(_chance(peers.centre, peers.kind), n, peers.kind)
        z = (_scale(y, n, peers.kind) - middle) / spread
        cuts = [NormalDist().inv_cdf(0.5 + one / 2) for one in ordered]
        place = np.sum([np.where(np.abs(z) > cut, np.sign(z), 0) for cut in cuts], axis=0)
    exact = differs_from_target(y, n, peers.centre[..., None], ordered, kind=peers.kind)
    z = np.clip(z, np.minimum(exact.z, 0), np.maximum(exact.z, 0))
    place = np.clip(place, np.minimum(exact.place, 0), np.maximum(exact.place, 0))
    return Judged(_value(y, n, peers.kind), z, 2 * ndtr(-np.abs(z)), place.astype(np.int8), ordered)


def _binomial(kind: Kind) -> bool:
    return kind in ("proportion", "ratio")


def _check(kind: Kind, target: Array) -> None:
    if kind not in _KINDS:
        raise ValueError(f"a funnel's kind is one of {', '.join(_KINDS)}")
    if np.any(target < 0) or (kind == "proportion" and np.any(target > 1)):
        raise ValueError("a target is 0 or more, and at most 1 for a proportion")


def _check_counts(count: Array, size: Array, kind: Kind) -> None:
    if np.any(count < 0) or np.any(size < 0) or (_binomial(kind) and np.any(count > size)):
        raise ValueError("a funnel needs counts and sizes of 0 or more, and no count over its size")


def _levels(level: float | Sequence[float]) -> Array:
    levels = np.asarray(level, dtype=np.float64)
    if np.any(levels <= 0) or np.any(levels >= 1):
        raise ValueError("a level lies between 0 and 1, such as 0.95")
    return levels


def _chance(target: Array, kind: Kind) -> Array:
    return target / (1 + target) if kind == "ratio" else target


def _value(count: Array, size: Array, kind: Kind) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        made: Array = np.where(
            size > 0, count / (size - count if kind == "ratio" else size), np.nan
        )
        return made


def _tails(
    n: Array, chance: Array, kind: Kind
) -> tuple[Callable[[Array], Array], Callable[[Array], Array]]:
    """Return P(X <= r) and P(X >= r), exact, as functions of r."""
    from scipy import special

    if not _binomial(kind):
        mean = n * chance

        def below(r: Array) -> Array:
            made: Array = np.where(r < 0, 0.0, special.gammaincc(np.maximum(r, 0) + 1, mean))
            return made

        def above(r: Array) -> Array:
            made: Array = np.where(r <= 0, 1.0, special.gammainc(np.maximum(r, 0.5), mean))
            return made

        return below, above

    def above_of(r: Array, p: Array) -> Array:
        inside = np.clip(r, 0.5, n)
        made: Array = special.betainc(inside, n - inside + 1, p)
        return np.where(r <= 0, 1.0, np.where(r > n, 0.0, made))

    return (lambda r: above_of(n - r, 1 - chance)), (lambda r: above_of(r, chance))


def _edges(
    n: Array,
    chance: Array,
    kind: Kind,
    tail: Array,
    below: Callable[[Array], Array],
    above: Callable[[Array], Array],
) -> tuple[Array, Array]:
    """Return the counts, interpolated, at which each tail's probability equals ``tail``."""
    from scipy.special import ndtri

    binomial = _binomial(kind)
    deviation = np.sqrt(n * chance * (1 - chance if binomial else 1))
    z = -ndtri(tail)
    top = n if binomial else np.full(n.shape, np.inf)
    skew = (z * z - 1) * (1 - 2 * chance if binomial else 1.0) / 6
    # Cornish-Fisher starts within a count or two of the truth; the loops make it exact.
    low = np.clip(np.floor(n * chance - z * deviation + skew), 0, top)
    high = np.clip(np.ceil(n * chance + z * deviation + skew), 0, top)
    while np.any(move := (low > 0) & (below(low - 1) >= tail)):
        low = low - move
    while np.any(move := below(low) < tail):  # low: the least count with a tail that is enough
        low = low + move
    while np.any(move := (high < top) & (above(high + 1) >= tail)):
        high = high + move
    while np.any(move := above(high) < tail):  # high: the greatest such count
        high = high - move
    here, outside = below(low), below(low - 1)
    lower = np.where(low == 0, 0.0, low - (here - tail) / (here - outside))
    here, outside = above(high), above(high + 1)
    upper = np.where(high >= top, top, high + (here - tail) / (here - outside))
    return lower, upper


def _scale(count: Array, n: Array, kind: Kind) -> Array:
    made: Array
    if _binomial(kind):
        made = np.arcsin(np.sqrt((count + 0.375) / (n + 0.75)))
    else:
        made = np.sqrt((count + 0.375) / n)
    return made


def _scale_variance(n: Array, kind: Kind) -> Array:
    return 1 / (4 * n + 2) if _binomial(kind) else 1 / (4 * n)


def _unscale(place: Array, kind: Kind) -> Array:
    """Return the true value that a place on the scale stands for."""
    if not _binomial(kind):
        return np.asarray(np.maximum(place, 0) ** 2)
    share = np.sin(np.clip(place, 0, np.pi / 2)) ** 2
    return np.asarray(share / (1 - share) if kind == "ratio" else share)


def _count(place: Array, n: Array, kind: Kind) -> Array:
    if _binomial(kind):
        return np.clip(np.sin(np.clip(place, 0, np.pi / 2)) ** 2 * (n + 0.75) - 0.375, 0, n)
    return np.maximum(np.maximum(place, 0) ** 2 * n - 0.375, 0)


def _expected(chance: Array, n: Array, kind: Kind) -> Array:
    """Return where units of this chance are expected on the scale, to order 1 / n."""
    small, centre = 1 / n, chance[..., None]
    made: Array
    if _binomial(kind):
        made = np.arcsin(np.sqrt((centre + 0.125 * small) / (1 + 0.25 * small)))
    else:
        made = np.sqrt(centre + 0.125 * small)
    return made


def _peer_variance(peers: Overdispersion, n: Array) -> Array:
    chance, amount = _scale_variance(n, peers.kind), peers.amount[..., None]
    return chance + amount if peers.model == "additive" else chance * amount


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
    few = np.full(centre.shape, 0.01)
    number = used.sum(-1)
    for _ in range(500):
        variance = chance + amount[..., None] if model == "additive" else chance * amount[..., None]
        square = (place - centre[..., None]) ** 2
        odds = few[..., None] / (1 - few[..., None]) / np.sqrt(_WIDE)
        odds = odds * np.exp(np.minimum(square / variance * (1 - 1 / _WIDE) / 2, 700.0))
        outlying = np.where(used, odds / (1 + odds), 0.0)
        weight = np.where(used, 1 - outlying * (1 - 1 / _WIDE), 0.0)
        share = weight / variance
        moved = (share * place).sum(-1) / share.sum(-1)
        square = weight * (place - moved[..., None]) ** 2
        if model == "additive":  # one scoring step up the complete-data likelihood
            inverse = np.where(used, 1 / variance**2, 0.0)
            step = (inverse * (square - used * variance)).sum(-1) / inverse.sum(-1)
            then = np.maximum(amount + step, 0.0)
        else:
            then = np.maximum((square / chance).sum(-1) / number, 1.0)
        shift = np.nanmax(np.abs(then - amount) / (then + np.nanmin(chance)), initial=0.0)
        shift = max(shift, np.nanmax(np.abs(outlying.sum(-1) / number - few), initial=0.0))
        centre, amount, few = moved, then, np.clip(outlying.sum(-1) / number, 1e-6, 0.3)
        if shift < 1e-6:
            break
    return centre, amount


def _median(held: Array) -> Array:
    return np.asarray(_quantiles(held, (0.5,))[0])


def _quantiles(held: Array, shares: tuple[float, ...]) -> Array:
    """Return quantiles along the last axis; NaN cells are left out, an empty series is NaN."""
    made = np.full((len(shares), *held.shape[:-1]), np.nan)
    some = np.asarray(~np.all(np.isnan(held), -1))
    made[:, some] = np.nanquantile(held[some], shares, axis=-1)
    return made
