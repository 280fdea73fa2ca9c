"""Control charts of many series at once: XmR, run, p, u and Laney's p' and u'.

Series lie on leading axes, time on the last. A missing month is NaN (for counts: NaN, or a
denominator of zero) and is skipped: its neighbours are consecutive. Values are fractions or rates;
scale the results for percentages. Ordinary p and u limits suppose that only chance differs from
month to month; with large denominators they flag nearly everything, and p', u' or XmR are
the better choice (Mohammed MA et al 2013, BMJ Qual Saf 22:362-368).

``phases`` draws limits afresh (a list of start positions, or a label for each point);
``baseline`` draws each phase's limits from its first points and keeps them for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from locality.statistics.chart_limits import (
    D2,
    WIDTH,
    Baseline,
    Numbers,
    Phases,
    centres,
    mean_ranges,
    number_phases,
    pieces,
    used,
)
from locality.statistics.intervals import Array
from locality.statistics.runs import Bools

BLOCK = 1024  # series worked on at a time: half a megabyte, which stays in the cache


@dataclass(frozen=True, slots=True)
class Chart:
    """A control chart: arrays of one shape (..., T), in the unit of ``value``.

    ``lower`` and ``upper`` are three ``sigma`` from ``centre``, kept within what is possible.
    ``phase`` numbers the phases from 0; ``frozen`` marks points judged on limits they had no part
    in; ``points`` is the number of points behind the limits. Limits are NaN where a phase has
    too few points to draw any. Arrays may be read-only views.
    """

    value: Array
    centre: Array
    lower: Array
    upper: Array
    sigma: Array
    phase: Numbers
    frozen: Bools
    points: npt.NDArray[np.int32]


def xmr(
    value: npt.ArrayLike,
    *,
    phases: Phases = None,
    baseline: Baseline = None,
    screen: bool = False,
    centre: Literal["mean", "median"] = "mean",
) -> Chart:
    """Return the individuals chart: limits at 2.66 mean moving ranges from the centre.

    ``screen`` leaves out, once, moving ranges above 3.267 times their mean (Nelson LS 1982,
    J Qual Technol 14(3):172-173), so that one wild month does not widen the limits: as
    NHSRplotthedots does by default and the Making Data Count Excel tool does not. A rule set says
    what its tool does (``RuleSet.screen``).

    Shewhart WA (1931); Wheeler DJ (1993), Understanding Variation. A phase of one point has a
    centre and no limits; one of equal values has limits of no width.
    Raises ValueError for infinite values, or phases or a baseline that make no sense.
    """
    seen = _values(value)
    return _chart(seen, seen, None, phases, baseline, screen, centre, "xmr")


def run_chart(value: npt.ArrayLike, *, phases: Phases = None, baseline: Baseline = None) -> Chart:
    """Return the run chart: the median and no limits (they and sigma are NaN).

    Anhøj J, Olesen AV (2014), PLoS ONE 9:e113825. Errors as in ``xmr``.
    """
    seen = _values(value)
    return _chart(seen, seen, None, phases, baseline, False, "median", "run")


def p_chart(
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    *,
    phases: Phases = None,
    baseline: Baseline = None,
) -> Chart:
    """Return the proportions chart: the centre is the pooled proportion, limits binomial.

    Shewhart WA (1931); as in Montgomery DC, Introduction to Statistical Quality Control. Limits
    are kept within 0 and 1. Raises ValueError unless 0 <= numerator <= denominator, or as ``xmr``.
    """
    count, size = _counts(numerator, denominator, proportion=True)
    return _chart(_ratio(count, size), count, size, phases, baseline, False, "mean", "p")


def u_chart(
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    *,
    phases: Phases = None,
    baseline: Baseline = None,
) -> Chart:
    """Return the rates chart: the centre is the pooled rate, limits Poisson, never below 0.

    Sources as in ``p_chart``. Raises ValueError for a negative numerator or denominator.
    """
    count, size = _counts(numerator, denominator, proportion=False)
    return _chart(_ratio(count, size), count, size, phases, baseline, False, "mean", "u")


def p_prime(
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    *,
    phases: Phases = None,
    baseline: Baseline = None,
    screen: bool = False,
) -> Chart:
    """Return Laney's p' chart: binomial limits stretched by the variation between months.

    Laney DB (2002), Quality Engineering 14:531-537: sigma is the binomial one times the mean
    moving range of the standardised values over 1.128. No screening there; ``screen`` adds it.
    It may narrow the limits too. Zero or full numerators throughout give limits of no width.
    Limits and errors as in ``p_chart``.
    """
    count, size = _counts(numerator, denominator, proportion=True)
    return _chart(_ratio(count, size), count, size, phases, baseline, screen, "mean", "p'")


def u_prime(
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    *,
    phases: Phases = None,
    baseline: Baseline = None,
    screen: bool = False,
) -> Chart:
    """Return Laney's u' chart: as ``p_prime``, from Poisson limits. Errors as in ``u_chart``."""
    count, size = _counts(numerator, denominator, proportion=False)
    return _chart(_ratio(count, size), count, size, phases, baseline, screen, "mean", "u'")


def _chart(
    value: Array,
    count: Array,
    size: Array | None,
    phases: Phases,
    baseline: Baseline,
    screen: bool,
    middle: str,
    kind: str,
) -> Chart:
    shape = value.shape
    phase = number_phases(phases, shape)
    times = shape[-1]
    rows = value.reshape(-1, times)
    number = phase if phase.ndim == 1 else phase.reshape(-1, times)
    # One phase and one sigma for a series: a column is enough, and a view makes the rest.
    width = 1 if size is None and phase.ndim == 1 and not phase.any() else times
    found = [np.full((len(rows), width), np.nan) for _ in range(2)]
    behind = np.zeros((len(rows), width), dtype=np.int32)
    frozen = None if baseline is None else np.zeros(rows.shape, dtype=bool)
    counts = count.reshape(-1, times)
    sizes = None if size is None else size.reshape(-1, times)
    for start in range(0, len(rows), BLOCK):
        block = slice(start, start + BLOCK)
        for piece in pieces(number if number.ndim == 1 else number[block]):
            v = piece.within(rows[block])
            present = ~np.isnan(v)
            kept = used(present, baseline)
            if frozen is not None:
                np.logical_or(frozen[block, piece.columns], present & ~kept,
                              out=frozen[block, piece.columns])  # fmt: skip
            if sizes is None:
                centre = centres(v, kept, middle)
                ranges = mean_ranges(v, kept, screen) if kind == "xmr" else np.nan * centre
                sigma = ranges * (WIDTH / 3)
            else:
                n = sizes[block, piece.columns]
                centre, sigma = _pooled(v, counts[block, piece.columns], n, kept, kind, screen)
            for made, into in zip((centre, sigma), found, strict=True):
                piece.write(into[block], made) if width > 1 else np.copyto(into[block], made)
            total = kept.sum(-1, keepdims=True)
            piece.write(behind[block], total) if width > 1 else np.copyto(behind[block], total)
    centre, sigma = found
    lower, upper = centre - 3 * sigma, centre + 3 * sigma
    if size is not None:
        np.maximum(lower, 0.0, out=lower)
        if kind.startswith("p"):
            np.minimum(upper, 1.0, out=upper)
    return Chart(
        value,
        _whole(centre, shape),
        _whole(lower, shape),
        _whole(upper, shape),
        _whole(sigma, shape),
        np.broadcast_to(phase, shape),
        np.broadcast_to(np.bool_(False), shape) if frozen is None else frozen.reshape(shape),
        _whole(behind, shape),
    )


def _pooled(
    value: Array, count: Array, size: Array, kept: Bools, kind: str, screen: bool
) -> tuple[Array, Array]:
    """Return the pooled centre (series, 1) and each point's sigma (series, T)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        events = np.where(kept, count, 0.0).sum(-1, keepdims=True)
        centre = events / np.where(kept, size, 0.0).sum(-1, keepdims=True)
        spread = centre * (1 - centre) if kind.startswith("p") else centre
        sigma = np.sqrt(spread / size)
        if kind.endswith("'"):
            # Where the spread is zero every kept value is the centre: no distance, not 0 / 0.
            z = np.where(sigma > 0, (value - centre) / sigma, np.where(np.isnan(value), np.nan, 0))
            sigma = sigma * mean_ranges(z, kept, screen) / D2
    return np.asarray(centre), np.where(np.isnan(value), np.nan, sigma)


def _whole(found: npt.NDArray[Any], shape: tuple[int, ...]) -> npt.NDArray[Any]:
    made = found.reshape(*shape[:-1], found.shape[-1])
    return made if made.shape == shape else np.broadcast_to(made, shape)


def _values(value: npt.ArrayLike) -> Array:
    seen = np.asarray(value, dtype=np.float64)
    if seen.ndim == 0 or seen.shape[-1] == 0:
        raise ValueError("a chart needs at least one point in time, on the last axis")
    if np.isinf(seen).any():
        raise ValueError("a chart cannot draw infinite values; leave a missing month as NaN")
    return seen


def _counts(
    numerator: npt.ArrayLike, denominator: npt.ArrayLike, proportion: bool
) -> tuple[Array, Array]:
    count, size = np.broadcast_arrays(_values(numerator), _values(denominator))
    if np.any(count < 0) or np.any(size < 0):
        raise ValueError("a chart of counts needs numerators and denominators of 0 or more")
    if proportion and np.any(count > size):
        raise ValueError("a proportion needs 0 <= numerator <= denominator in every cell")
    return count, size


def _ratio(count: Array, size: Array) -> Array:
    some = size > 0
    return np.where(some, count / np.where(some, size, 1.0), np.nan)
