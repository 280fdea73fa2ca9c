"""The difference of two proportions: the paper's own examples, a plain twin, missing counts."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.statistics import difference, wilson


def plainly(a: int, m: int, b: int, n: int) -> tuple[float, float]:
    def ends(x: int, of: int) -> tuple[float, float, float]:
        z = 1.959963984540054
        p = x / of
        middle = (x + z * z / 2) / (of + z * z)
        half = z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of)) / (1 + z * z / of)
        return p, middle - half, middle + half

    p1, l1, u1 = ends(a, m)
    p2, l2, u2 = ends(b, n)
    low = p1 - p2 - math.sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2)
    high = p1 - p2 + math.sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2)
    return low, high


def test_newcombes_own_example() -> None:
    # 56/70 - 48/80: 0.0524 to 0.3339 in the paper's table II, method 10.
    found = difference(56, 70, 48, 80)
    assert float(found.lower) == pytest.approx(0.0524, abs=5e-5)
    assert float(found.upper) == pytest.approx(0.3339, abs=5e-5)


@given(st.integers(1, 400), st.integers(1, 400), st.data())
def test_it_is_that_of_the_plain_twin(m: int, n: int, data: st.DataObject) -> None:
    a, b = data.draw(st.integers(0, m)), data.draw(st.integers(0, n))
    found = difference([a], [m], [b], [n])
    assert (float(found.lower[0]), float(found.upper[0])) == pytest.approx(plainly(a, m, b, n))
    turned = difference([b], [n], [a], [m])
    assert float(turned.lower[0]) == pytest.approx(-float(found.upper[0]))
    assert -1 <= found.lower[0] <= a / m - b / n <= found.upper[0] <= 1


def test_nobody_to_count_and_missing_counts() -> None:
    found = difference([3, np.nan, 3, 0], [5, 5, 0, 5], [1, 1, 1, 0], [5, 5, 5, 5])
    assert np.isnan(found.lower).tolist() == [False, True, True, False]
    assert float(found.upper[3]) == pytest.approx(float(wilson(0, 5).upper))
