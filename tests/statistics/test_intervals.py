import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.statistics.intervals import (
    byar,
    exact_binomial,
    exact_poisson,
    mean,
    wilson,
)


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


LEVELS = st.sampled_from([0.5, 0.8, 0.95, 0.998])


def poisson_up_to(count: int, centre: float) -> float:
    """Return P(X <= count) for a Poisson X, term by term."""
    terms = (math.exp(i * math.log(centre) - centre - math.lgamma(i + 1)) for i in range(count + 1))
    return math.fsum(terms)


def binomial_up_to(count: int, total: int, p: float) -> float:
    return math.fsum(math.comb(total, i) * p**i * (1 - p) ** (total - i) for i in range(count + 1))


def slow_byar(count: int, level: float) -> tuple[float, float]:
    z = NormalDist().inv_cdf((1 + level) / 2)
    lower = count * (1 - 1 / (9 * count) - z / (3 * math.sqrt(count))) ** 3
    more = count + 1
    return lower, more * (1 - 1 / (9 * more) + z / (3 * math.sqrt(more))) ** 3


@given(st.integers(1, 300), LEVELS)
def test_a_poisson_end_leaves_half_the_rest_beyond_it(count, level) -> None:
    made, tail = exact_poisson(count, level), (1 - level) / 2
    assert poisson_up_to(count, float(made.upper)) == pytest.approx(tail, rel=1e-8)
    assert 1 - poisson_up_to(count - 1, float(made.lower)) == pytest.approx(tail, rel=1e-6)
    assert made.lower < count < made.upper


@given(st.integers(2, 80).flatmap(lambda n: st.tuples(st.integers(1, n - 1), st.just(n))), LEVELS)
def test_a_binomial_end_leaves_half_the_rest_beyond_it(pair, level) -> None:
    made, tail = exact_binomial(*pair, level), (1 - level) / 2
    count, total = pair
    assert binomial_up_to(count, total, float(made.upper)) == pytest.approx(tail, rel=1e-8)
    beyond = 1 - binomial_up_to(count - 1, total, float(made.lower))
    assert beyond == pytest.approx(tail, rel=1e-6)


@given(PAIRS, LEVELS)
def test_exact_proportions_mirror(pair, level) -> None:
    count, total = pair
    made, mirror = exact_binomial(*pair, level), exact_binomial(total - count, total, level)
    assert 0 <= made.lower <= count / total <= made.upper <= 1
    assert float(made.lower) == pytest.approx(1 - float(mirror.upper), abs=1e-9)


@given(st.lists(st.integers(0, 400), min_size=1, max_size=20), LEVELS)
def test_byar_is_the_formula_from_10_events_and_exact_below(counts, level) -> None:
    made, exact = byar(counts, level), exact_poisson(counts, level)
    for place, count in enumerate(counts):
        known = slow_byar(count, level) if count >= 10 else (exact.lower[place], exact.upper[place])
        assert (made.lower[place], made.upper[place]) == pytest.approx(known, rel=1e-12)


@given(st.integers(0, 10**6))
def test_byar_stays_close_to_exact(count) -> None:
    made, exact = byar(count), exact_poisson(count)
    assert float(made.lower) == pytest.approx(float(exact.lower), rel=2e-3)
    assert float(made.upper) == pytest.approx(float(exact.upper), rel=2e-3)


@pytest.mark.parametrize("interval", [byar, exact_poisson])
def test_counts_at_several_levels_lead_with_the_levels(interval) -> None:
    counts = np.array([[0, 3, 9], [10, 11, 500]])
    made = interval(counts, [0.8, 0.95, 0.998])
    assert made.lower.shape == made.upper.shape == (3, 2, 3)
    assert np.all(np.diff(made.lower, axis=0) <= 0)
    assert np.all(np.diff(made.upper, axis=0) > 0)
    np.testing.assert_array_equal(made.upper[1], interval(counts, 0.95).upper)
    assert made.lower[:, 0, 0].tolist() == [0, 0, 0]


def test_garwoods_table() -> None:
    # Garwood (1936), as in Pearson and Hartley, Biometrika Tables I, table 40: 95 %.
    made = exact_poisson([0, 1, 5, 10, 50])
    assert np.round(made.lower, 3).tolist() == [0, 0.025, 1.623, 4.795, 37.111]
    assert np.round(made.upper, 3).tolist() == [3.689, 5.572, 11.668, 18.390, 65.919]


def test_newcombes_exact_examples() -> None:
    # Newcombe (1998), table I, method 5.
    made = exact_binomial([81, 15, 0, 1], [263, 148, 20, 29])
    assert np.round(made.lower, 4).tolist() == [0.2527, 0.0578, 0.0, 0.0009]
    assert np.round(made.upper, 4).tolist() == [0.3676, 0.1617, 0.1684, 0.1776]


def test_gardner_and_altmans_blood_pressures() -> None:
    # Gardner and Altman (1986), BMJ 292:746: 100 men, mean 146.4 mmHg, SD 18.5.
    made = mean(146.4, 18.5, 100)
    assert np.round([made.lower, made.upper], 1).tolist() == [142.7, 150.1]


@given(
    st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=30),
    st.floats(-1e3, 1e3),
    st.floats(0.1, 10),
)
def test_a_mean_moves_and_stretches_with_its_values(values, shift, stretch) -> None:
    def of(one):
        return mean(one.mean(), one.std(ddof=1), len(one))

    values = np.array(values)
    made, moved = of(values), of(values * stretch + shift)
    assert made.lower <= values.mean() <= made.upper
    assert float(moved.lower) == pytest.approx(float(made.lower) * stretch + shift, abs=1e-6)
    assert float(moved.upper) == pytest.approx(float(made.upper) * stretch + shift, abs=1e-6)


def test_a_mean_of_two_by_hand() -> None:
    # Values 1 and 3: with one degree of freedom t is tan(0.475 pi), and the error 1.
    made = mean(2, math.sqrt(2), 2)
    assert float(made.upper) == pytest.approx(2 + math.tan(0.475 * math.pi))
    assert float(made.lower) == pytest.approx(2 - math.tan(0.475 * math.pi))


def test_what_is_empty_or_missing_has_no_interval() -> None:
    assert np.isnan(mean([1, 2, np.nan], [1, np.nan, 1], [1, 9, 9]).lower).all()
    assert np.isnan(mean(1, 1, 0, [0.8, 0.95]).upper).all()
    made = exact_binomial([0, np.nan, 3], [0, 10, np.nan])
    assert np.isnan(made.lower).all()
    assert np.isnan(made.upper).all()
    for interval in (byar, exact_poisson):
        made = interval([np.nan, 4])
        assert np.isnan([made.lower[0], made.upper[0]]).all()
        assert np.isfinite([made.lower[1], made.upper[1]]).all()
        assert interval([]).lower.shape == (0,)


def test_nobody_and_everybody_reach_the_very_ends_exactly() -> None:
    made = exact_binomial([0, 20], 20, [0.95, 0.998])
    assert made.lower[:, 0].tolist() == [0, 0]
    assert made.upper[:, 1].tolist() == [1, 1]
    np.testing.assert_allclose(made.upper[:, 0], 1 - np.array([0.025, 0.001]) ** (1 / 20))


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: byar([-1]), "count"),
        (lambda: exact_poisson(-1), "count"),
        (lambda: exact_binomial(6, 5), "numerator"),
        (lambda: exact_binomial(-1, 5), "numerator"),
        (lambda: mean(1, -1, 5), "deviation"),
        (lambda: mean(1, 1, -5), "deviation"),
        (lambda: byar(1, 95), "level"),
        (lambda: exact_poisson(1, 0), "level"),
        (lambda: exact_binomial(1, 5, [0.95, 1]), "level"),
        (lambda: mean(1, 1, 5, 95), "level"),
    ],
)
def test_what_makes_no_sense_is_refused(call, word) -> None:
    with pytest.raises(ValueError, match=word):
        call()
