import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.statistics.intervals import byar
from locality.statistics.standardisation import (
    EUROPEAN_2013,
    EUROPEAN_2013_AGES,
    direct,
    expected,
    indirect,
)

# Down's syndrome and live births in Michigan 1950-64 by mother's age (under 20 to 40 and over) and
# birth order (rows: 1 to 5 and over): Fleiss JL (1981), Statistical Methods for Rates and
# Proportions, 2nd ed., table 14.4.
BIRTHS = np.array(
    [
        [230061, 329449, 114920, 39487, 14208, 3052],
        [72202, 326701, 208667, 83228, 28466, 5375],
        [15050, 175702, 207081, 117300, 45026, 8660],
        [2293, 68800, 132424, 98301, 46075, 9834],
        [327, 30666, 123419, 149919, 104088, 34392],
    ]
)
CASES = np.array(
    [
        [107, 141, 60, 40, 39, 25],
        [25, 150, 110, 84, 82, 39],
        [3, 71, 114, 103, 108, 75],
        [1, 26, 64, 89, 137, 96],
        [0, 8, 63, 112, 262, 295],
    ]
)
ALL_BIRTHS = np.array([319933, 931318, 786511, 488235, 237863, 61313])
ALL_CASES = np.array([136, 396, 411, 428, 628, 530])


def slow_direct(count, population, standard, level, squares=None):
    """Return rate, lower and upper end by Dobson's equations, band by band."""
    squares = count if squares is None else squares
    total = sum(count)
    bands = [row for row in zip(count, population, standard, squares, strict=True) if row[1] > 0]
    whole = sum(weight for _, _, weight, _ in bands)
    if total < 10 or whole == 0:
        return math.nan, math.nan, math.nan
    rate = sum(weight * events / people for events, people, weight, _ in bands) / whole
    variance = sum((w / n) ** 2 * s for _, n, w, s in bands) / whole**2
    ends = byar(total, level)
    scale = math.sqrt(variance / total)
    return (
        rate,
        rate + scale * (float(ends.lower) - total),
        rate + scale * (float(ends.upper) - total),
    )


BAND = st.integers(0, 5000).flatmap(
    lambda people: st.tuples(
        st.integers(0, min(people, 60)), st.just(people), st.integers(0, 3), st.integers(1, 9)
    )
)
BANDS = st.lists(BAND, min_size=2, max_size=8)


@given(BANDS, st.sampled_from([0.8, 0.95, 0.998]))
def test_it_is_dobsons_equations_band_by_band(bands, level) -> None:
    count, people, more, standard = np.array(bands).T
    squares = count + 2 * more * (count > 0)
    for given_squares in (None, squares):
        made = direct(count, people, standard, level, 1000, given_squares)
        twin = np.multiply(1000, slow_direct(count, people, standard, level, given_squares))
        np.testing.assert_allclose(
            [made.rate, made.interval.lower, made.interval.upper], twin, rtol=1e-9
        )


@given(BANDS)
def test_its_own_people_as_standard_give_the_crude_rate(bands) -> None:
    count, people, _, _ = np.array(bands).T
    if people.sum() == 0:
        return
    made = direct(count, people, people, multiplier=1)
    assert float(made.covered) == 1
    assert float(made.crude) == pytest.approx(count.sum() / people.sum())
    if count.sum() >= 10:
        assert float(made.rate) == pytest.approx(float(made.crude))
        assert float(made.interval.upper) == pytest.approx(float(made.crude_interval.upper))
        assert float(made.interval.lower) == pytest.approx(float(made.crude_interval.lower))
        assert made.interval.lower <= made.rate <= made.interval.upper


def test_fleiss_births_standardised() -> None:
    made = direct(CASES, BIRTHS, ALL_BIRTHS, multiplier=100_000)
    # As printed in the examples of two R packages: epitools (first births, per birth 0.000563
    # crude and 0.000923 adjusted) and dsrTest (fifth and later, per 100,000 births 75.52901).
    assert np.round(made.crude[0], 1) == 56.3
    assert np.round(made.rate[0], 1) == 92.3
    assert np.round(made.rate[4], 5) == 75.52901
    # Fay MP, Feuer EJ (1997), Stat Med 16:791-801, give the gamma interval for first births,
    # 80.4 to 106 (another method for the same thing; within 1 % at 412 events).
    assert float(made.interval.lower[0]) == pytest.approx(80.4, rel=0.01)
    assert float(made.interval.upper[0]) == pytest.approx(106, rel=0.01)


def test_repeated_events_widen_and_independent_ones_do_not() -> None:
    plain = direct(CASES, BIRTHS, ALL_BIRTHS)
    same = direct(CASES, BIRTHS, ALL_BIRTHS, squares=CASES)
    # Everybody with events had exactly 4: counts of 4 k people, squares of 16 k.
    fours = direct(CASES, BIRTHS, ALL_BIRTHS, squares=4 * CASES)
    np.testing.assert_array_equal(plain.interval.upper, same.interval.upper)
    np.testing.assert_array_equal(plain.rate, fours.rate)
    for ends, wide, value in [
        (plain.interval, fours.interval, plain.rate),
        (plain.crude_interval, fours.crude_interval, plain.crude),
    ]:
        np.testing.assert_allclose(wide.upper - value, 2 * (ends.upper - value))
        np.testing.assert_allclose(value - wide.lower, 2 * (value - ends.lower))


def test_repeated_events_cover_as_claimed() -> None:
    draw = np.random.default_rng(2026)
    people = np.array([4000, 3000, 1500])
    rates = np.array([0.01, 0.03, 0.06])
    persons = {k: draw.poisson(people * rates / k / 2, (4000, 3)) for k in (1, 4)}
    count = sum(k * many for k, many in persons.items())
    squares = sum(k * k * many for k, many in persons.items())
    true = float(rates @ [1, 1, 1]) / 3
    covers = []
    for spread in (None, squares):
        made = direct(count, people, [1, 1, 1], multiplier=1, squares=spread)
        covers.append(np.mean((made.interval.lower <= true) & (true <= made.interval.upper)))
    assert covers[0] < 0.85
    assert 0.93 < covers[1] < 0.97


def test_none_below_10_events_but_the_crude_rate_stays() -> None:
    made = direct([[9, 0], [10, 0], [0, 0]], [100, 100], [1, 1], [0.95, 0.998], 100)
    assert np.isnan(made.rate).tolist() == [True, False, True]
    assert np.isnan(made.interval.lower).tolist() == [[True, False, True]] * 2
    assert made.interval.upper.shape == (2, 3)
    assert made.crude.tolist() == [4.5, 5, 0]
    assert made.crude_interval.lower[:, 2].tolist() == [0, 0]
    assert np.all(made.crude_interval.upper[:, 2] > 0)
    assert made.events.tolist() == [9, 10, 0]


def test_a_band_with_nobody_is_left_out_and_said_so() -> None:
    made = direct([20, 10, 0], [100, 200, 0], [5, 3, 2], multiplier=100)
    assert float(made.covered) == pytest.approx(0.8)
    assert float(made.rate) == pytest.approx((5 * 20 + 3 * 5) / 8)
    nobody = direct([0, 0], [0, 0], [1, 1])
    assert float(nobody.covered) == 0
    assert np.isnan([nobody.rate, nobody.crude, nobody.crude_interval.upper]).all()
    missing = direct([[np.nan, 50], [50, 50]], [[100, 100], [np.nan, 100]], [1, 1])
    assert np.isnan([missing.rate, missing.interval.lower, missing.crude]).all()


def test_the_european_standard() -> None:
    assert EUROPEAN_2013.sum() == 100_000
    assert len(EUROPEAN_2013) == len(EUROPEAN_2013_AGES) == 19
    assert dict(zip(EUROPEAN_2013_AGES, EUROPEAN_2013, strict=True))[65] == 5500
    with pytest.raises(ValueError, match="read-only"):
        EUROPEAN_2013[0] = 1
    made = direct(np.full(19, 10), np.full(19, 1000))
    assert float(made.rate) == pytest.approx(1000)


@given(BANDS, st.integers(0, 80))
def test_expected_is_a_plain_sum(bands, seen) -> None:
    count, people, _, _ = np.array(bands).T
    here = people[::-1]
    terms = [
        n * c / p if p else math.nan for n, c, p in zip(here, count, people, strict=True) if n > 0
    ]
    made = expected(here, count, people)
    assert float(made) == pytest.approx(sum(terms), nan_ok=True)
    if not made > 0:
        assert np.isnan(indirect(seen, here, count, people).ratio)


@given(BANDS)
def test_the_reference_itself_is_as_expected(bands) -> None:
    count, people, _, _ = np.array(bands).T
    if count.sum() == 0:
        return
    made = indirect(count.sum(), people, count, people)
    assert float(made.ratio) == pytest.approx(1)
    assert float(made.rate) == pytest.approx(float(made.crude))
    assert made.ratio_interval.lower < 1 < made.ratio_interval.upper


def test_a_published_ratio() -> None:
    # The example of OpenEpi's page on standardised ratios: 4 seen where 3.3 are expected is 1.21,
    # exactly from 0.33 to 3.10.
    made = indirect(4, [330], [10], [1000])
    got = [made.expected, made.ratio, made.ratio_interval.lower, made.ratio_interval.upper]
    assert np.round(got, 2).tolist() == [3.3, 1.21, 0.33, 3.10]


def test_rates_by_birth_order_beside_the_unadjusted() -> None:
    made = indirect(CASES.sum(axis=1), BIRTHS, ALL_CASES, ALL_BIRTHS, [0.95, 0.998])
    assert made.expected.sum() == pytest.approx(ALL_CASES.sum(), rel=1e-3)
    overall = 100_000 * ALL_CASES.sum() / ALL_BIRTHS.sum()
    np.testing.assert_allclose(made.rate, made.observed / made.expected * overall)
    # Older mothers have the later children: adjusted for it, order matters little.
    assert np.ptp(made.crude) > 100
    assert np.ptp(made.rate) < 15
    ends = byar(made.observed, [0.95, 0.998])
    np.testing.assert_allclose(made.ratio_interval.upper, ends.upper / made.expected)
    np.testing.assert_allclose(made.rate_interval.lower, ends.lower / made.expected * overall)
    np.testing.assert_allclose(made.crude_interval.upper, 1e5 * ends.upper / BIRTHS.sum(axis=1))


def test_zero_seen_zero_expected_and_missing() -> None:
    made = indirect([0, 0, np.nan, 3], [[50, 0], [0, 0], [9, 9], [0, 5]], [10, 0], [100, 0])
    assert made.ratio[0] == 0
    assert made.ratio_interval.lower[0] == 0
    assert made.ratio_interval.upper[0] == pytest.approx(3.689 / 5, abs=1e-3)
    assert np.isnan(made.ratio[1:]).all()
    assert np.isnan(made.crude).tolist() == [False, True, True, False]


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: direct([1, 2], [1, 2, 3]), "bands"),
        (lambda: direct(1, 2), "bands"),
        (lambda: direct([1, 2], [5, 5]), "standard"),
        (lambda: direct([1, 2], [5, 5], [1, -1]), "standard"),
        (lambda: direct([1, 2], [5, 5], [0, 0]), "standard"),
        (lambda: direct([-1, 2], [5, 5], [1, 1]), "not negative"),
        (lambda: direct([1, 2], [5, 0], [1, 1]), "nobody"),
        (lambda: direct([1, 2], [5, 5], [1, 1], squares=[1, 1]), "squares"),
        (lambda: direct([1, 2], [5, 5], [1, 1], squares=[4]), "squares"),
        (lambda: expected([1, 2, 3], [1, 1], [5, 5]), "bands"),
        (lambda: expected([1, -2], [1, 1], [5, 5]), "bands"),
        (lambda: expected([1, 2], [1, 1], [5, 0]), "nobody"),
        (lambda: indirect(3, [[1, 2], [3, 4]], [1, 1], [5, 5]), "observed"),
        (lambda: indirect(-3, [1, 2], [1, 1], [5, 5]), "count"),
    ],
)
def test_what_does_not_fit_is_refused(call, word) -> None:
    with pytest.raises(ValueError, match=word):
        call()
