"""What moved from one year to the next, by more than chance: yearly results have no chart."""

from __future__ import annotations

import numpy as np

from locality.measure.qof.counts import Counts
from locality.measure.qof.points import achievement
from locality.statistics import difference

#: The interval of a change must leave out zero at this level: 1 look in 500 by chance.
LEVEL = 0.998


def moved(now: Counts, before: Counts) -> dict[str, str]:
    """Return what moved between two years of one practice: code -> sentence with its rule.

    Both are of the same indicators in the same order. The rule: Newcombe's 99.8 % interval of the
    change leaves out zero, so that one indicator in 500 is told by chance alone.
    """
    apart = difference(
        now.numerator[0], now.denominator[0], before.numerator[0], before.denominator[0], LEVEL
    )
    shares = achievement(now.numerator, now.denominator)[0]
    earlier = achievement(before.numerator, before.denominator)[0]
    year = before.period
    found = {}
    for at, code in enumerate(now.codes):
        if not np.isfinite(apart.lower[at]) or apart.lower[at] <= 0 <= apart.upper[at]:
            continue
        word = "up" if apart.lower[at] > 0 else "down"
        found[code] = (
            f"{word} from {earlier[at]:.1f} % in {year} to {shares[at]:.1f} %: more than chance, "
            "as the 99.8 % interval of the change leaves out zero"
        )
    return found
