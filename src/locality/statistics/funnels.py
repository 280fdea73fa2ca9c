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

import numpy as np
import numpy.typing as npt

from locality.statistics.dispersion import Overdispersion
from locality.statistics.funnel_scales import (
    Kind,
    chance_of,
    check_counts,
    check_target,
    count_at,
    expected_count,
    is_binomial,
    scale_variance,
    to_scale,
    value_of,
)
from locality.statistics.intervals import Array, Interval

LEVELS = (0.95, 0.998)


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
    check_target(kind, np.asarray(target, dtype=np.float64))
    levels = _levels(level)
    aim, n = np.broadcast_arrays(
        np.asarray(target, dtype=np.float64), np.asarray(size, dtype=np.float64)
    )
    chance = chance_of(aim, kind)
    tail = ((1 - levels) / 2).reshape(np.shape(level) + (1,) * n.ndim)
    tail, n, chance = np.broadcast_arrays(tail, n, chance)
    usable = np.isfinite(n) & (n > 0) & np.isfinite(chance)
    lower, upper = np.full(n.shape, np.nan), np.full(n.shape, np.nan)
    if np.any(usable):
        below, above = _tails(n[usable], chance[usable], kind)
        low, high = _edges(n[usable], chance[usable], kind, tail[usable], below, above)
        lower[usable] = value_of(low, n[usable], kind)
        upper[usable] = value_of(high, n[usable], kind)
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
    ``target_limits`` (the unit lies strictly outside); z stops at 37. Between-unit spread is no
    part of this question: among thousands of large units, most will truly differ a little from
    any target.
    """
    check_target(kind, np.asarray(target, dtype=np.float64))
    ordered = tuple(sorted(_levels(levels).tolist()))
    y, n, aim = np.broadcast_arrays(
        *(np.asarray(one, dtype=np.float64) for one in (count, size, target))
    )
    usable = np.isfinite(y) & np.isfinite(n) & np.isfinite(aim) & (n > 0)
    check_counts(y, n, kind)
    lower, upper = np.full(y.shape, np.nan), np.full(y.shape, np.nan)
    if np.any(usable):
        below, above = _tails(n[usable], chance_of(aim, kind)[usable], kind)
        lower[usable], upper[usable] = below(y[usable]), above(y[usable])
    smaller = np.fmin(lower, upper)
    side = np.where(upper < lower, 1.0, -1.0)
    from scipy.special import ndtri

    with np.errstate(invalid="ignore"):
        z = side * np.maximum(-ndtri(np.clip(smaller, 1e-300, 0.5)), 0.0) + 0.0
        place = np.sum([np.where(smaller < (1 - one) / 2, side, 0) for one in ordered], axis=0)
    return Judged(
        value_of(y, n, kind), z, np.minimum(2 * smaller, 1.0), place.astype(np.int8), ordered
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
        middle = expected_count(chance_of(peers.centre, peers.kind), n, peers.kind)
        wide = np.sqrt(_peer_variance(peers, n))
        lower = value_of(count_at(middle - z * wide, n, peers.kind), n, peers.kind)
        upper = value_of(count_at(middle + z * wide, n, peers.kind), n, peers.kind)
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
    check_counts(y, n, peers.kind)
    ordered = tuple(sorted(_levels(levels).tolist()))
    from scipy.special import ndtr

    with np.errstate(divide="ignore", invalid="ignore"):
        y, n = np.atleast_1d(y), np.atleast_1d(n)
        n = np.where(n > 0, n, np.nan)
        spread = np.sqrt(_peer_variance(peers, n))
        middle = expected_count(chance_of(peers.centre, peers.kind), n, peers.kind)
        z = (to_scale(y, n, peers.kind) - middle) / spread
        cuts = [NormalDist().inv_cdf(0.5 + one / 2) for one in ordered]
        place = np.sum([np.where(np.abs(z) > cut, np.sign(z), 0) for cut in cuts], axis=0)
    exact = differs_from_target(y, n, peers.centre[..., None], ordered, kind=peers.kind)
    z = np.clip(z, np.minimum(exact.z, 0), np.maximum(exact.z, 0))
    place = np.clip(place, np.minimum(exact.place, 0), np.maximum(exact.place, 0))
    return Judged(
        value_of(y, n, peers.kind), z, 2 * ndtr(-np.abs(z)), place.astype(np.int8), ordered
    )


def _levels(level: float | Sequence[float]) -> Array:
    levels = np.asarray(level, dtype=np.float64)
    if np.any(levels <= 0) or np.any(levels >= 1):
        raise ValueError("a level lies between 0 and 1, such as 0.95")
    return levels


def _tails(
    n: Array, chance: Array, kind: Kind
) -> tuple[Callable[[Array], Array], Callable[[Array], Array]]:
    """Return P(X <= r) and P(X >= r), exact, as functions of r."""
    from scipy import special

    if not is_binomial(kind):
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

    binomial = is_binomial(kind)
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


def _peer_variance(peers: Overdispersion, n: Array) -> Array:
    chance, amount = scale_variance(n, peers.kind), peers.amount[..., None]
    return chance + amount if peers.model == "additive" else chance * amount
