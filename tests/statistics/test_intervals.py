import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.statistics import wilson


def slow_wilson(count: float, total: float, level: float) -> tuple[float, float]:
    """Return the two roots in p of (count/total - p)^2 = z^2 p (1 - p) / total, by the formula."""
    if total == 0:
        return math.nan, math.nan
    z = NormalDist().inv_cdf((1 + level) / 2)
    a, b, c = 1 + z * z / total, -(2 * count / total + z * z / total), (count / total) ** 2
    root = math.sqrt(max(b * b - 4 * a * c, 0))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def within(total: int) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(0, total), st.just(total))


PAIRS = st.integers(1, 70_000_000).flatmap(within)


@given(PAIRS, st.sampled_from([0.8, 0.95, 0.998]))
def test_it_equals_the_roots_of_the_score_equation(pair, level) -> None:
    made = wilson(*pair, level)
    lower, upper = slow_wilson(*pair, level)
    assert float(made.lower) == pytest.approx(lower, abs=2e-8)
    assert float(made.upper) == pytest.approx(upper, abs=2e-8)


@given(PAIRS)
def test_it_holds_its_proportion_and_mirrors(pair) -> None:
    count, total = pair
    made, mirror = wilson(count, total), wilson(total - count, total)
    assert 0 <= made.lower <= count / total <= made.upper <= 1
    assert made.lower < made.upper
    assert float(made.lower) == pytest.approx(1 - float(mirror.upper), abs=1e-9)


@given(PAIRS)
def test_a_higher_level_is_wider(pair) -> None:
    made = wilson(*pair, [0.8, 0.95, 0.998])
    assert made.lower.shape == (3,)
    assert np.all(np.diff(made.lower) <= 0)
    assert np.all(np.diff(made.upper) >= 0)


@given(st.lists(st.integers(0, 500).flatmap(within), min_size=1, max_size=20))
def test_arrays_are_the_cells_one_by_one(pairs) -> None:
    counts, totals = np.array(pairs).T
    made = wilson(counts, totals)
    for place, (count, total) in enumerate(pairs):
        lower, upper = slow_wilson(count, total, 0.95)
        np.testing.assert_allclose(
            [made.lower[place], made.upper[place]], [lower, upper], atol=1e-9
        )


@given(st.integers(1, 10_000))
def test_nobody_and_everybody_reach_the_very_ends(total) -> None:
    z2 = NormalDist().inv_cdf(0.975) ** 2
    none, every = wilson(0, total), wilson(total, total)
    assert float(none.lower) == 0.0
    assert float(none.upper) == pytest.approx(z2 / (total + z2))
    assert float(every.upper) == 1.0
    assert float(every.lower) == pytest.approx(total / (total + z2))


def test_newcombes_examples() -> None:
    # Newcombe (1998), table I, method 3: 81/263, 15/148, 0/20, 1/29.
    made = wilson([81, 15, 0, 1], [263, 148, 20, 29])
    assert np.round(made.lower, 4).tolist() == [0.2553, 0.0624, 0.0, 0.0061]
    assert np.round(made.upper, 4).tolist() == [0.3662, 0.1605, 0.1611, 0.1718]


def test_an_empty_denominator_has_no_interval() -> None:
    made = wilson([0, np.nan], [0, 10])
    assert np.isnan(made.lower[0])
    assert np.isnan(made.upper[0])
    assert np.isnan(made.lower[1])


@pytest.mark.parametrize(("count", "total"), [(-1, 5), (6, 5), (0, -1)])
def test_what_is_no_proportion_is_refused(count, total) -> None:
    with pytest.raises(ValueError, match="numerator"):
        wilson(count, total)


@pytest.mark.parametrize("level", [0, 1, 95, -0.5])
def test_a_level_lies_between_0_and_1(level) -> None:
    with pytest.raises(ValueError, match="level"):
        wilson(1, 2, level)
