"""How far two proportions are apart, with an interval that holds for small counts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from locality.statistics.intervals import Interval, wilson


def difference(
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    earlier_numerator: npt.ArrayLike,
    earlier_denominator: npt.ArrayLike,
    level: float = 0.95,
) -> Interval:
    """Return the interval of the first proportion less the earlier one, from -1 to 1.

    Newcombe RG (1998), Stat Med 17:873-890, method 10: with Wilson intervals (l1, u1) and (l2, u2)
    about p1 and p2, and d = p1 - p2,

        from d - sqrt((p1 - l1)^2 + (u2 - p2)^2) to d + sqrt((u1 - p1)^2 + (p2 - l2)^2).

    For two groups of people; the same people looked at twice are likelier to agree, so that the
    interval is then too wide. NaN where either has nobody to count or a count is missing.
    """
    num, den, before, of = (
        np.asarray(one, np.float64)
        for one in (numerator, denominator, earlier_numerator, earlier_denominator)
    )
    there = (den > 0) & (of > 0) & np.isfinite(num) & np.isfinite(before)
    p1, own = _around(num, den, there, level)
    p2, past = _around(before, of, there, level)
    apart = p1 - p2
    lower = apart - np.hypot(p1 - own.lower, past.upper - p2)
    upper = apart + np.hypot(own.upper - p1, p2 - past.lower)
    return Interval(np.where(there, lower, np.nan), np.where(there, upper, np.nan))


def _around(
    num: npt.NDArray[np.float64],
    den: npt.NDArray[np.float64],
    there: npt.NDArray[np.bool_],
    level: float,
) -> tuple[npt.NDArray[np.float64], Interval]:
    sure, of = np.where(there, num, 0.0), np.where(there, den, 1.0)
    return sure / of, wilson(sure, of, level)
