"""The attacker, slow and plain: every equation, every range, by exact and by linear means."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from locality.statistics import Suppression


def in_row_space(rows: list[list[int]], wanted: Sequence[int]) -> bool:
    """Return whether ``wanted`` is a linear combination of ``rows``, in exact fractions."""

    def rank(matrix: list[list[int]]) -> int:
        work = [[Fraction(x) for x in row] for row in matrix]
        found = 0
        for column in range(len(wanted)):
            pivot = next((r for r in range(found, len(work)) if work[r][column]), None)
            if pivot is None:
                continue
            work[found], work[pivot] = work[pivot], work[found]
            for r in range(found + 1, len(work)):
                if work[r][column]:
                    times = work[r][column] / work[found][column]
                    work[r] = [a - times * b for a, b in zip(work[r], work[found], strict=True)]
            found += 1
        return found

    return rank(rows) == rank([*rows, list(wanted)])


def told_by_algebra(
    counts: np.ndarray, groups: np.ndarray, hides: Suppression, small: int
) -> list[tuple[int, ...]]:
    """Return sets of hidden units whose sum follows from shown totals, and is small or one unit's.

    Only sets with a small unit among them: the sum of others tells nothing that is protected.
    """
    cells = [int(u) for u in np.flatnonzero(hides.units)]
    rows = [
        [int(group[u]) for u in cells] for group, hide in zip(groups, hides.totals, strict=True)
        if not hide
    ]  # fmt: skip
    told = []
    for size in range(1, len(cells) + 1):
        for some in itertools.combinations(cells, size):
            if not any(counts[u] <= small for u in some):
                continue
            if size > 1 and sum(counts[u] for u in some) > small:
                continue
            if in_row_space(rows, [int(u in some) for u in cells]):
                told.append(some)
    return told


def told_by_ranges(
    counts: np.ndarray, groups: np.ndarray, hides: Suppression, small: int,
    insider: int | None = None,
) -> list[int]:  # fmt: skip
    """Return the small hidden units with one possible value, every whole number tried by MILP.

    The attacker knows that a small cell lies in 0..small and any other hidden cell above, each
    shown cell and each shown total; ``insider`` knows its own cell too.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    cells = [int(u) for u in np.flatnonzero(hides.units)]
    low = np.array([0 if counts[u] <= small else small + 1 for u in cells], float)
    high = np.array([small if counts[u] <= small else np.inf for u in cells])
    if insider is not None:
        low[cells.index(insider)] = high[cells.index(insider)] = counts[insider]
    rules = []
    for group, hide in zip(groups, hides.totals, strict=True):
        if not hide and any(group[u] for u in cells):
            hidden = sum(counts[u] for u in cells if group[u])
            rules.append(
                LinearConstraint(np.array([float(group[u]) for u in cells]), hidden, hidden)
            )
    told = []
    for place, unit in enumerate(cells):
        if counts[unit] > small or unit == insider:
            continue
        aim = np.zeros(len(cells))
        aim[place] = 1
        ends = [
            milp(sign * aim, constraints=rules, bounds=Bounds(low, high),
                 integrality=np.ones(len(cells)))
            for sign in (1, -1)
        ]  # fmt: skip
        assert all(end.success for end in ends)
        if round(ends[0].fun) == round(-ends[1].fun):
            told.append(unit)
    return told
