"""Points between two thresholds, and how many patients they hang on. Arrays in, arrays out.

The rule is that of the Statement of Financial Entitlements, as Primary Care IT quotes it
(support.primarycareit.co.uk, how QOF income is worked out): with A patients reached of D eligible,
D net of personalised care adjustments and exclusions, a lower and an upper threshold and G points,

    points = (100 A / D - lower) / (upper - lower) x G, at least 0 and at most G.

Published denominators are net already: the adjustments are never taken off again. Everything is
kept at full precision; money is rounded once, at the end. Shares and thresholds are per cent.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
#: Anything that broadcasts to one.
Like = npt.ArrayLike


def achievement(numerator: Like, denominator: Like) -> Numbers:
    """Return 100 x numerator / denominator; NaN where there is nobody to count, or no count."""
    num, den = np.asarray(numerator, np.float64), np.asarray(denominator, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(den > 0, 100 * num / den, np.nan)


def points(
    numerator: Like, denominator: Like, worth: Like, lower: Like, upper: Like, at_lower: Like = 0.0
) -> Numbers:
    """Return the points earned, of ``worth``: 0 below ``lower``, all from ``upper`` on.

    ``at_lower`` points are paid at once on reaching ``lower`` (VI001 in 2021/22 and 2022/23: 3 of
    18); the rest slides. All arguments broadcast. NaN where nobody is eligible (no points are
    open then), where a count is missing, and where a threshold is not known.
    """
    reached = achievement(numerator, denominator)
    worth, lower, upper, at_lower = (
        np.asarray(one, np.float64) for one in (worth, lower, upper, at_lower)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        slid = at_lower + (worth - at_lower) * (reached - lower) / (upper - lower)
    between = np.where(reached < lower, 0.0, np.minimum(slid, worth))
    known = np.isfinite(reached) & np.isfinite(lower) & np.isfinite(upper)
    return np.where(known, between, np.nan)


def improved(
    numerator: Like,
    denominator: Like,
    worth: Like,
    baseline: Like,
    lower: Like,
    upper: Like,
) -> Numbers:
    """Return the points of the second route: improvement on the practice's own ``baseline``.

    ``baseline`` is per cent; ``lower`` and ``upper`` are percentage points of improvement. A
    practice has the greater of this and of :func:`points` (vaccinations from 2026/27).
    """
    gained = achievement(numerator, denominator) - np.asarray(baseline, np.float64)
    worth, lower, upper = (np.asarray(one, np.float64) for one in (worth, lower, upper))
    slid = worth * (gained - lower) / (upper - lower)
    known = np.isfinite(gained) & np.isfinite(lower) & np.isfinite(upper)
    return np.where(known, np.clip(slid, 0.0, worth), np.nan)


def patients_to(numerator: Like, denominator: Like, share: Like) -> Numbers:
    """Return how many more patients bring achievement to ``share`` per cent, the list unchanged.

    0 where it is reached already; NaN where nobody is eligible or something is not known. Never
    more than there are patients still to reach, as no share is above 100.
    """
    num, den, share = (np.asarray(one, np.float64) for one in (numerator, denominator, share))
    with np.errstate(invalid="ignore"):
        needed = np.ceil(share * den / 100 - num - 1e-9)
        return np.where(den > 0, np.maximum(needed, 0.0), np.nan)


def share_for(target: Like, worth: Like, lower: Like, upper: Like, at_lower: Like = 0.0) -> Numbers:
    """Return the achievement that earns ``target`` points (0 < target <= worth)."""
    target, worth, lower, upper, at_lower = (
        np.asarray(one, np.float64) for one in (target, worth, lower, upper, at_lower)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        along = np.maximum(target - at_lower, 0.0) / (worth - at_lower)
    return lower + np.where(np.isfinite(along), along, 0.0) * (upper - lower)


def patients_to_next_point(
    numerator: Like, denominator: Like, worth: Like, lower: Like, upper: Like, at_lower: Like = 0.0
) -> Numbers:
    """Return how many more patients earn the next whole point (or the last part of one).

    0 where every point is earned; NaN as in :func:`points`.
    """
    now = points(numerator, denominator, worth, lower, upper, at_lower)
    worth = np.asarray(worth, np.float64)
    target = np.minimum(np.floor(now + 1e-9) + 1, worth)
    needed = patients_to(numerator, denominator, share_for(target, worth, lower, upper, at_lower))
    return np.where(now >= worth - 1e-9, np.where(np.isfinite(now), 0.0, np.nan), needed)


def one_more(
    numerator: Like, denominator: Like, worth: Like, lower: Like, upper: Like, at_lower: Like = 0.0
) -> Numbers:
    """Return the points that one more patient reached adds; 0 below the lower threshold's reach.

    One more patient *reached*: what taking a patient out of the denominator would bring is not
    worked out anywhere. 0 where everybody is reached; NaN as in :func:`points`.
    """
    num, den = np.asarray(numerator, np.float64), np.asarray(denominator, np.float64)
    terms = (worth, lower, upper, at_lower)
    added = points(np.minimum(num + 1, den), den, *terms) - points(num, den, *terms)
    return np.where(np.abs(added) < 1e-12, 0.0, added)
