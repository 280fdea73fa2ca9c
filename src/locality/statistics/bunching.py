"""Bunching: more units just above a threshold, and fewer just below, than a smooth spread makes.

Achievement that stops once a payment is earned, or exceptions reported to earn it, would leave
such a heap; so would reminders sent until the threshold is met. It says where to look, and
nothing of why, nor of any one practice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from locality.statistics.intervals import Array, Interval
from locality.statistics.spread import beta_spread

_CELLS = 5  # to each side of the threshold there are this many cells in the window's width
_PIECES = 6  # counts of one cell are taken together in at most so many pieces
_FEWEST = 20  # units wanted within the window


@dataclass(frozen=True, slots=True)
class Bunching:
    """Whether units heap just above the threshold.

    ``above`` and ``below`` are the units seen within the window on either side, and
    ``expected_above`` and ``expected_below`` those of the smooth spread. ``jump`` is the ratio
    of the chance just above to that just below, over what smoothness gives (1 is none), with its
    ``interval``; ``excess`` is the number of units moved up over the threshold, with its own.
    ``probability`` is one-sided: of a jump so high or higher by chance. NaN where fewer than 20
    units lie in the window.
    """

    above: int
    below: int
    expected_above: float
    expected_below: float
    jump: float
    interval: Interval
    excess: float
    excess_interval: Interval
    probability: float


def bunching(
    count: npt.ArrayLike,
    size: npt.ArrayLike,
    threshold: float,
    *,
    window: float = 0.02,
    band: float = 0.1,
    degree: int = 3,
    level: float = 0.95,
) -> Bunching:
    """Return whether proportions of units (one series) bunch just above ``threshold``.

    Proportions of small denominators take few values (of 10 patients: multiples of 0.1) and heap
    by themselves. So each unit is compared with what its own denominator lets it have: cells
    around the threshold, from ``band`` below to ``band`` above, have for each unit the exact
    probability of its whole-number counts under the beta-binomial fitted to all units. That
    global shape is bent to fit near the threshold by a factor exp(polynomial of ``degree``),
    smooth across it, and by exp(+g / 2) within ``window`` above and exp(-g / 2) within it below.
    All are fitted together by likelihood among units inside the band; the jump is exp(g), its
    probability from the signed root of the likelihood ratio, its interval Wald's.

    It is the smooth counterfactual of Chetty R et al (2011), Q J Econ 126:749-804, and the
    break in a density of McCrary J (2008), J Econometrics 142:698-714. Departs: both take
    values as continuous and bin them all alike; here the bins are each unit's own. ``excess``
    is half of what g alone adds above and takes away below.
    Raises ValueError for impossible counts, or a threshold, window or band that do not fit.
    """
    y, n = np.broadcast_arrays(
        np.asarray(count, dtype=np.float64), np.asarray(size, dtype=np.float64)
    )
    if y.ndim != 1:
        raise ValueError("bunching is told of one series of units")
    if not 0 < threshold < 1 or not 0 < window < band or not 0 < level < 1 or degree < 1:
        raise ValueError("threshold and level lie between 0 and 1, the window within the band")
    used = np.isfinite(y) & np.isfinite(n) & (n > 0)
    y, n = y[used], n[used]
    spread = beta_spread(y, n)  # which refuses impossible counts
    edges, side, place = _cells(threshold, window, band)
    cell = _cell_of(y, n, edges)
    inside = (cell >= 0) & (cell < len(place))
    near = inside & (np.where(inside, side[np.where(inside, cell, 0)], 0) != 0)
    y, n, cell = y[inside], n[inside], cell[inside]
    above, below = int((side[cell] > 0).sum()), int((side[cell] < 0).sum())
    if near.sum() < _FEWEST:
        none = Interval(np.asarray(np.nan), np.asarray(np.nan))
        return Bunching(above, below, np.nan, np.nan, np.nan, none, np.nan, none, np.nan)
    chance = _chances(n, edges, spread.mean, spread.half_size)
    chance[np.arange(len(cell)), cell] = np.maximum(chance[np.arange(len(cell)), cell], 1e-300)
    terms = np.stack([place**power for power in range(1, degree + 1)] + [side / 2], 1)
    held = np.bincount(cell, minlength=len(place)) @ terms
    smooth, height, _ = _climb(chance, terms[:, :-1], held[:-1])
    bent, top, spread_of = _climb(chance, terms, held)
    from scipy.special import ndtr, ndtri

    g, error = float(bent[-1]), float(np.sqrt(spread_of[-1, -1]))
    root = np.sign(g) * np.sqrt(max(2 * (top - height), 0.0))
    reach = float(ndtri((1 + level) / 2)) * error
    due = _shares(chance, terms[:, :-1], smooth).sum(0)
    moved = [
        _moved(chance, terms, np.append(bent[:-1], one), side) for one in (g - reach, g, g + reach)
    ]
    return Bunching(
        above,
        below,
        float(due[side > 0].sum()),
        float(due[side < 0].sum()),
        float(np.exp(g)),
        Interval(np.asarray(np.exp(g - reach)), np.asarray(np.exp(g + reach))),
        moved[1],
        Interval(np.asarray(moved[0]), np.asarray(moved[2])),
        float(ndtr(-root)),
    )


def _cells(threshold: float, window: float, band: float) -> tuple[Array, Array, Array]:
    """Return the cells' edges, their side in the window (1, -1, or 0) and place (-1 to 1)."""
    step = window / _CELLS
    reach = int(np.ceil(band / step - 1e-9))
    edges: Array = threshold + step * np.arange(-reach, reach + 1, dtype=np.float64)
    edges = edges[(edges > -step / 2) & (edges < 1 + step / 2)]
    edges[0], edges[-1] = max(edges[0], 0.0), min(edges[-1], 1.0)
    middle = (edges[:-1] + edges[1:]) / 2 - threshold
    side = np.where(np.abs(middle) < window, np.sign(middle), 0.0)
    if edges[-1] > 1 - 1e-9:  # the last cell holds 100 % itself
        edges[-1] = np.inf
    return edges, np.asarray(side, dtype=np.float64), np.asarray(middle / band)


def _cell_of(y: Array, n: Array, edges: Array) -> npt.NDArray[np.intp]:
    """Return the cell of each proportion, the lower edge inside; -1 or the number if beyond."""
    return np.asarray(np.searchsorted(edges, y / n + 1e-12, side="right") - 1, dtype=np.intp)


def _chances(n: Array, edges: Array, mean: Array, half: Array) -> Array:
    """Return the beta-binomial probability of each cell for each unit, given the band."""
    from scipy.special import betaln, gammaln

    # The whole numbers of each cell: first to last.
    first = np.ceil(np.minimum(edges[:-1], 2.0) * n[:, None] - 1e-9)
    last = np.minimum(np.ceil(np.minimum(edges[1:], 2.0) * n[:, None] - 1e-9) - 1, n[:, None])
    many = np.maximum(last - first + 1, 0)
    pieces = np.arange(_PIECES)
    shown = np.minimum(many, _PIECES)[..., None]
    width = many[..., None] / np.maximum(shown, 1)
    at = first[..., None] - 0.5 + (pieces + 0.5) * width  # the middle of each piece
    real = pieces < shown
    at = np.where(real, at, 0.0)
    left = n[:, None, None] - at
    total = float(np.clip(half, 1e-3, 1e8))
    a, b = float(mean) * total, (1 - float(mean)) * total
    logs = betaln(a + at, b + left) - gammaln(at + 1) - gammaln(left + 1)
    logs = np.where(real, logs + np.log(np.maximum(width, 1e-300)), -np.inf)
    logs = logs - logs.max((1, 2), keepdims=True)
    made = np.exp(logs).sum(-1)
    return np.asarray(made / made.sum(-1, keepdims=True))


def _shares(chance: Array, terms: Array, at: Array) -> Array:
    line = terms @ at
    made = chance * np.exp(line - line.max())
    return np.asarray(made / made.sum(-1, keepdims=True))


def _climb(chance: Array, terms: Array, held: Array) -> tuple[Array, float, Array]:
    """Return the terms' coefficients at the top, the height there, and their covariance.

    The likelihood is concave (an exponential family), so Newton with halved steps finds its top.
    """

    def height(place: Array) -> float:
        line = terms @ place
        high = float(line.max())
        return float(held @ place - np.log(chance @ np.exp(line - high)).sum() - len(chance) * high)

    at = np.zeros(terms.shape[1])
    now = height(at)
    for _ in range(60):
        share = _shares(chance, terms, at)
        mean = share @ terms
        curve = terms.T @ (share.sum(0)[:, None] * terms) - mean.T @ mean
        inverse = np.linalg.pinv(curve, rcond=1e-11, hermitian=True)
        step = inverse @ (held - mean.sum(0))
        while (then := height(at + step)) < now - 1e-9 * abs(now) and np.abs(step).max() > 1e-12:
            step = step / 2
        at, now = at + step, then
        if np.abs(step).max() < 1e-9:
            break
    return at, now, inverse


def _moved(chance: Array, terms: Array, at: Array, side: Array) -> float:
    """Return the units that the jump alone takes from below the threshold to above it."""
    flat = np.append(at[:-1], 0.0)
    change = (_shares(chance, terms, at) - _shares(chance, terms, flat)).sum(0)
    return float((change * side).sum() / 2)
