import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t as student

from locality.statistics.inequality import quantiles, ridits, slope


def slow_ridits(score, size):
    """Return each unit's place by looking at every other unit."""
    there = [(s, n) for s, n in zip(score, size, strict=True) if not math.isnan(s) and n > 0]
    whole = sum(n for _, n in there)
    return [
        sum(n * (1 if other < s else 0.5 if other == s else 0) for other, n in there) / whole
        if not math.isnan(s) and own > 0
        else math.nan
        for s, own in zip(score, size, strict=True)
    ]


def slow_slope(value, x, size, error, level):
    """Return the slope, its ends, and the line's two ends, by the normal equations."""
    w, xs = np.diag(size), np.column_stack([np.ones(len(x)), x])
    inverse = np.linalg.inv(xs.T @ w @ xs)
    fit = inverse @ xs.T @ w @ value
    if error is None:
        residual = value - xs @ fit
        free = len(x) - 2
        covariance = inverse * (residual @ w @ residual) / free
        reach = student.ppf((1 + level) / 2, free)
    else:
        covariance = inverse @ xs.T @ w @ np.diag(error**2) @ w @ xs @ inverse
        reach = NormalDist().inv_cdf((1 + level) / 2)
    half = reach * math.sqrt(covariance[1, 1])
    return fit[1], fit[1] - half, fit[1] + half, fit[0], fit[0] + fit[1]


SCORES = st.one_of(st.integers(0, 6).map(float), st.just(math.nan))
UNITS = st.lists(st.tuples(SCORES, st.integers(0, 50)), min_size=1, max_size=12)
PLACED = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 900), st.floats(5, 90), st.floats(0.1, 9)),
    min_size=4,
    max_size=12,
).filter(lambda rows: len({row[0] for row in rows}) > 2)


@given(UNITS)
def test_a_ridit_is_the_people_below_and_half_of_its_equals(units) -> None:
    score, size = np.array(units).T
    if np.any(~np.isnan(score) & (size > 0)):
        np.testing.assert_allclose(ridits(score, size), slow_ridits(score, size), atol=1e-12)
    else:
        assert np.isnan(ridits(score, size)).all()


@given(UNITS)
def test_people_stand_in_the_middle_on_average(units) -> None:
    score, size = np.array(units).T
    made = ridits(score, size)
    known = np.isfinite(made)
    if known.any():
        assert np.average(made[known], weights=size[known]) == pytest.approx(0.5)


def test_deciles_of_different_size() -> None:
    # PHE's own illustration: 12 % in the first group and 10 % in the second: 0.06 and 0.17.
    np.testing.assert_allclose(ridits([1, 2, 3], [12, 10, 78]), [0.06, 0.17, 0.61])


@given(UNITS, st.integers(1, 12))
def test_a_quantile_is_where_the_ridit_falls(units, groups) -> None:
    score, size = np.array(units).T
    made = quantiles(score, groups, size)
    known = ~np.isnan(score) & (size > 0)
    assert np.all(made[~known] == 0)
    for one, unit in zip(made[known], np.flatnonzero(known), strict=True):
        below = sum(size[known][score[known] < score[unit]])
        own = sum(size[known][score[known] == score[unit]])
        assert one == (groups * int(2 * below + own)) // int(2 * sum(size[known])) + 1
        assert 1 <= one <= groups


@given(st.integers(1, 20), st.integers(1, 40), st.randoms(use_true_random=False))
def test_without_ties_groups_are_as_equal_as_can_be(groups, units, draw) -> None:
    score = list(range(units))
    draw.shuffle(score)
    made = quantiles(score, groups)
    many = np.bincount(made, minlength=groups + 1)[1:]
    assert np.ptp(many) <= 1
    assert np.all(np.diff(made[np.argsort(score)]) >= 0)


def test_the_order_of_rows_and_other_series_change_nothing() -> None:
    draw = np.random.default_rng(7)
    score, size = draw.integers(0, 9, (3, 4, 30)).astype(float), draw.integers(0, 50, 30)
    score[0, 0, :5] = np.nan
    mixed = draw.permutation(30)
    for call in (ridits, lambda one, many: quantiles(one, 5, many)):
        made = call(score, size)
        np.testing.assert_array_equal(made[..., mixed], call(score[..., mixed], size[mixed]))
        np.testing.assert_array_equal(made[1, 2], call(score[1, 2], size))
    assert quantiles([5, 5, 5, 5], 4).tolist() == [3, 3, 3, 3]


@given(PLACED, st.booleans(), st.sampled_from([0.8, 0.95, 0.998]))
def test_the_slope_is_that_of_the_normal_equations(rows, scattered, level) -> None:
    score, size, value, error = np.array(rows).T
    given_error = None if scattered else error
    made = slope(value, score, size, given_error, level)
    index, lower, upper, bottom, top = slow_slope(
        value, ridits(score, size), size, given_error, level
    )
    got = [made.slope, made.interval.lower, made.interval.upper, made.bottom, made.top]
    np.testing.assert_allclose(got, [index, lower, upper, bottom, top], rtol=1e-6, atol=1e-4)
    assert int(made.units) == len(rows)


@given(PLACED)
def test_turned_round_it_changes_sign_and_the_ratio_inverts(rows) -> None:
    score, size, value, error = np.array(rows).T
    made, turned = (slope(value, one, size, error / 10) for one in (score, -score))
    assert float(turned.slope) == pytest.approx(-float(made.slope), abs=1e-6)
    assert float(turned.interval.lower) == pytest.approx(-float(made.interval.upper), abs=1e-6)
    assert np.isnan(made.relative) == np.isnan(turned.relative)
    if made.bottom > 1 and made.top > 1:
        assert float(turned.relative) == pytest.approx(1 / float(made.relative))
        ends = [*np.ravel(made.relative_interval.lower), *np.ravel(turned.relative_interval.upper)]
        if np.isfinite(ends).all() and ends[0] > 0:
            assert ends[1] == pytest.approx(1 / ends[0], rel=1e-6)


@given(PLACED)
def test_the_relative_interval_holds_the_ratio_and_agrees_with_the_slope(rows) -> None:
    score, size, value, error = np.array(rows).T
    made = slope(value, score, size, error / 10)
    low, high = float(made.relative_interval.lower), float(made.relative_interval.upper)
    if math.isfinite(low):
        assert low <= float(made.relative) * (1 + 1e-9)
        assert high >= float(made.relative) * (1 - 1e-9)
        # Fieller: a ratio of 1 is within its interval just when no slope is within its own.
        edge = min(abs(float(made.interval.lower)), abs(float(made.interval.upper)))
        if edge > 1e-6:
            assert (low < 1 < high) == bool(made.interval.lower < 0 < made.interval.upper)


def test_an_exact_line_by_hand() -> None:
    # Fifths of equal size at ridits 0.1 to 0.9, and 20 + 10 x ridit.
    made = slope([21, 23, 25, 27, 29], [1, 2, 3, 4, 5], 100)
    assert float(made.slope) == pytest.approx(10)
    assert float(made.bottom) == pytest.approx(20)
    assert float(made.relative) == pytest.approx(1.5)
    assert float(made.interval.lower) == pytest.approx(10)
    # Known errors of 1: variance 1 / sum of squares about the middle (0.4).
    made = slope([21, 23, 25, 27, 29], [1, 2, 3, 4, 5], 100, 1)
    half = NormalDist().inv_cdf(0.975) / math.sqrt(0.4)
    assert float(made.interval.upper) == pytest.approx(10 + half)


def test_an_interval_from_known_errors_is_what_simulation_gives() -> None:
    # PHE's way: draw each group's value from its error, fit each draw, take the middle 95 %.
    draw = np.random.default_rng(2026)
    value = np.array([78.1, 79.0, 80.2, 80.9, 81.3, 82.2, 82.4, 83.1, 83.3, 84.9])
    error = np.linspace(0.5, 0.2, 10)
    size = np.array([9, 11, 10, 12, 8, 10, 9, 13, 10, 8]) * 1000
    made = slope(value, range(10), size, error)
    drawn = slope(draw.normal(value, error, (100_000, 10)), range(10), size)
    for simulated, ends in [
        (drawn.slope, made.interval),
        (drawn.relative, made.relative_interval),
    ]:
        low, high = np.quantile(simulated, [0.025, 0.975])
        width = float(ends.upper - ends.lower)
        assert float(ends.lower) == pytest.approx(low, abs=0.02 * width)
        assert float(ends.upper) == pytest.approx(high, abs=0.02 * width)


def test_intervals_cover_as_claimed() -> None:
    draw = np.random.default_rng(2026)
    x = (np.arange(10) + 0.5) / 10
    size = draw.integers(500, 3000, 10)
    x = ridits(np.arange(10), size)
    noise = draw.normal(size=(20_000, 10)) * 60 / np.sqrt(size)
    made = slope(10 + 8 * x + noise, np.arange(10), size)
    for ends, true in [(made.interval, 8), (made.relative_interval, 1.8)]:
        assert np.mean((ends.lower <= true) & (true <= ends.upper)) == pytest.approx(0.95, abs=0.01)


def test_series_and_levels_keep_their_axes() -> None:
    draw = np.random.default_rng(3)
    value, size = draw.uniform(10, 20, (6, 7, 12)), draw.integers(10, 90, 12)
    made = slope(value, np.arange(12), size, level=[0.8, 0.95])
    assert made.slope.shape == made.units.shape == (6, 7)
    assert made.interval.lower.shape == made.relative_interval.upper.shape == (2, 6, 7)
    alone = slope(value[2, 5], np.arange(12), size)
    assert float(alone.slope) == pytest.approx(made.slope[2, 5])
    assert float(alone.interval.upper) == pytest.approx(made.interval.upper[1, 2, 5])
    assert np.all(made.interval.upper[1] > made.interval.upper[0])


def test_missing_values_keep_their_people_in_the_order() -> None:
    made = slope([21, np.nan, 25, 27, 29], range(5), 100)
    # The other four still lie on the line only if the missing one keeps its place.
    assert float(made.slope) == pytest.approx(10)
    assert int(made.units) == 4
    assert float(slope([21, 1, 25, 27, 29], range(5), 100, [1, np.nan, 1, 1, 1]).slope) == (
        pytest.approx(10)
    )
    # Nobody there, or of unknown number or place: it never was in the order.
    for score, size in [
        (range(6), [100] * 5 + [0]),
        (range(6), [100] * 5 + [np.nan]),
        ([*range(5), np.nan], [100] * 6),
    ]:
        made = slope([21, 23, 25, 27, 29, 99], score, size)
        assert float(made.slope) == pytest.approx(10)
        assert int(made.units) == 5


def test_what_cannot_be_fitted_is_not_a_number() -> None:
    for value, score in [([], []), ([5], [1]), ([5, 6, 7], [1, 1, 1]), ([np.nan] * 3, [1, 2, 3])]:
        made = slope(value, score, [10] * len(value))
        got = [made.slope, made.bottom, made.relative, made.interval.lower]
        assert np.isnan(got).all()
    two = slope([10, 20], [1, 2], 50)
    assert float(two.slope) == pytest.approx(20)
    assert np.isnan([two.interval.lower, two.relative_interval.upper]).all()
    assert np.isfinite(slope([10, 20], [1, 2], 50, 1).interval.lower)


def test_a_relative_index_needs_two_ends_above_nothing() -> None:
    made = slope([0, 0, 10, 20], range(4), 10)
    assert float(made.bottom) < 0
    assert np.isnan([made.relative, made.relative_interval.lower]).all()
    # Here the bottom is above 0, but might well not be: no bounded interval.
    unsure = slope([3, 4, 5, 6], range(4), 10, 3)
    assert float(unsure.relative) == pytest.approx(6.5 / 2.5)
    assert np.isnan(unsure.relative_interval.upper)


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: ridits(1), "axis"),
        (lambda: ridits([1, 2], [1, -1]), "size"),
        (lambda: quantiles([1, 2], 0), "group"),
        (lambda: slope([1, 2], [1, 2], [1, -1]), "size"),
        (lambda: slope([1, 2], [1, 2], 1, -1), "error"),
        (lambda: slope([1, 2, 3], [1, 2, 3], 1, level=95), "level"),
        (lambda: slope([1, 2, 3], [1, 2, 3], 1, 1, level=0), "level"),
    ],
)
def test_what_makes_no_sense_is_refused(call, word) -> None:
    with pytest.raises(ValueError, match=word):
        call()
