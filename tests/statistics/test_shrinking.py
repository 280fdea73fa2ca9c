import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from locality.statistics.shrinking import (
    calls,
    probability_in_tail,
    regression_to_the_mean,
    reliability,
    shrink,
    size_needed,
)
from locality.statistics.spread import Spread, beta_spread


def spread(family: str, mean: float, variance: float) -> Spread:
    return Spread(family, np.asarray(mean), np.asarray(variance), np.asarray(100))


FAMILIES = {
    "beta": spread("beta", 0.8, 0.8 * 0.2 / 51),
    "gamma": spread("gamma", 1.5, 0.2),
    "normal": spread("normal", 4.0, 0.5),
}


def prior(of: Spread):
    """Return the population's own density, by scipy's distributions."""
    mean, variance = float(of.mean), float(of.variance)
    if of.family == "beta":
        total = mean * (1 - mean) / variance - 1
        return stats.beta(mean * total, (1 - mean) * total)
    if of.family == "gamma":
        return stats.gamma(mean * mean / variance, scale=variance / mean)
    return stats.norm(mean, variance**0.5)


def slow_posterior(of: Spread, seen: float, size: float):
    """Return P(true value <= x), by numerical integration of prior times likelihood."""
    population = prior(of)

    def weight(true: float) -> float:
        if of.family == "beta":
            return stats.binom.pmf(seen, size, true)
        if of.family == "gamma":
            return stats.poisson.pmf(seen, size * true)
        return stats.norm.pdf(seen, true, size**-0.5)

    x = np.linspace(*population.ppf([1e-9, 1 - 1e-9]), 20_001)
    density = population.pdf(x) * weight(x)
    under = integrate.cumulative_simpson(density, x=x, initial=0)
    mean = integrate.simpson(x * density, x=x) / under[-1]
    return lambda at: float(np.interp(at, x, under / under[-1])), float(mean)


SEEN = {"beta": (60.0, 90.0), "gamma": (17.0, 8.0), "normal": (5.1, 3.0)}


@pytest.mark.parametrize("family", FAMILIES)
def test_the_posterior_is_prior_times_likelihood(family) -> None:
    of, (seen, size) = FAMILIES[family], SEEN[family]
    below, mean = slow_posterior(of, seen, size)
    made = shrink(of, [seen], [size], 0.9)
    assert float(made.value[0]) == pytest.approx(mean, rel=1e-5)
    assert below(made.interval.lower[0]) == pytest.approx(0.05, abs=1e-4)
    assert below(made.interval.upper[0]) == pytest.approx(0.95, abs=1e-4)
    for tail, cut in (("lowest", 0.1), ("highest", 0.9)):
        chance = below(prior(of).ppf(cut))
        found = probability_in_tail(of, [seen], [size], tail=tail)[0]
        assert found == pytest.approx(chance if tail == "lowest" else 1 - chance, abs=1e-4)


@pytest.mark.parametrize("family", FAMILIES)
def test_reliability_is_the_squared_correlation_with_the_truth(family) -> None:
    of, (_, size) = FAMILIES[family], SEEN[family]
    rng = np.random.default_rng(5)
    true = prior(of).rvs(60_000, random_state=rng)
    if family == "beta":
        value = rng.binomial(int(size), true) / size
    elif family == "gamma":
        value = rng.poisson(size * true) / size
    else:
        value = rng.normal(true, size**-0.5)
    made = reliability(of, np.full(4, size))
    assert np.corrcoef(true, value)[0, 1] ** 2 == pytest.approx(made.each[0], abs=0.01)
    assert float(made.median) == pytest.approx(float(made.overall)) == made.each[0]


@given(st.sampled_from(list(FAMILIES)), st.floats(0.05, 0.99))
def test_the_size_needed_has_that_reliability(family, level) -> None:
    need = size_needed(FAMILIES[family], level)
    assert float(reliability(FAMILIES[family], [float(need)]).each[0]) == pytest.approx(level)


def test_sizes_needed_at_a_mean_of_80_percent() -> None:
    # Logit deviation 0.25 at 0.8 is a deviation of about 0.04: some 233 and 900 patients.
    need = size_needed(spread("beta", 0.8, 0.0016))
    assert need.shape == (2,)
    np.testing.assert_allclose(need, [99 * 0.7 / 0.3, 99 * 9])


def test_the_summaries_of_reliability() -> None:
    made = reliability(FAMILIES["beta"], [50, 150, 0, np.nan, 450])
    np.testing.assert_allclose(made.each, [0.5, 0.75, 0, np.nan, 0.9])
    assert float(made.median) == pytest.approx(0.75)
    assert float(made.overall) == pytest.approx(1 / (1 + (1 + 1 / 3 + 1 / 9) / 3))
    nobody = reliability(FAMILIES["beta"], [0, np.nan])
    assert np.isnan(nobody.median)
    assert np.isnan(nobody.overall)


@given(st.integers(0, 400), st.integers(1, 400))
def test_shrinking_moves_towards_the_mean_and_mirrors(count, size) -> None:
    count = min(count, size)
    made = shrink(FAMILIES["beta"], [count], [size])
    low, high = sorted((count / size, 0.8))
    assert low - 1e-12 <= made.value[0] <= high + 1e-12
    assert made.interval.lower[0] < made.value[0] < made.interval.upper[0]
    other = spread("beta", 0.2, float(FAMILIES["beta"].variance))
    mirror = shrink(other, [size - count], [size])
    assert made.interval.lower[0] == pytest.approx(1 - mirror.interval.upper[0], abs=1e-9)
    worst = probability_in_tail(FAMILIES["beta"], [count], [size], tail="lowest")
    mirrored = probability_in_tail(other, [size - count], [size], tail="highest")
    assert worst[0] == pytest.approx(mirrored[0], abs=1e-9)


@given(
    st.floats(0, 6), st.floats(0, 6), st.sampled_from([0.0005, 0.025, 0.1, 0.5, 0.9, 0.975, 0.9995])
)
def test_quantiles_are_the_slow_ones_whatever_the_sizes(a, b, share) -> None:
    a, b = 10**a, 10**b
    size = a + b
    of = spread("beta", a / size, a * b / size**2 / (size + 1))
    # With nobody seen the posterior is the population's beta itself.
    found = shrink(of, [0.0], [0.0], abs(2 * share - 1) or 0.5)
    ends = float(found.interval.lower[0]), float(found.interval.upper[0])
    tail = (1 - (abs(2 * share - 1) or 0.5)) / 2
    wide = float(of.deviation)
    assert ends[0] == pytest.approx(stats.beta.ppf(tail, a, b), abs=1e-7 * wide, rel=1e-12)
    assert ends[1] == pytest.approx(stats.beta.ppf(1 - tail, a, b), abs=1e-7 * wide, rel=1e-12)


@pytest.mark.parametrize("family", FAMILIES)
def test_nothing_seen_is_the_population_and_missing_stays_missing(family) -> None:
    of = FAMILIES[family]
    made = shrink(of, [0.0, np.nan], [0.0, 10.0])
    assert made.value[0] == pytest.approx(float(of.mean))
    assert made.interval.lower[0] == pytest.approx(prior(of).ppf(0.025))
    chance = probability_in_tail(of, [0.0, np.nan], [0.0, 10.0], tail="highest")
    assert chance[0] == pytest.approx(0.1)
    assert np.isnan([made.value[1], made.interval.upper[1], chance[1]]).all()


@pytest.mark.parametrize("family", FAMILIES)
def test_no_spread_tells_nobody_apart(family) -> None:
    of = spread(family, 0.5, 0.0)
    made = shrink(of, [9.0, np.nan], [10.0, 10.0])
    assert (made.value[0], made.interval.lower[0], made.interval.upper[0]) == (0.5, 0.5, 0.5)
    assert np.isnan(made.interval.lower[1])
    assert reliability(of, [10.0]).each[0] == 0
    chance = probability_in_tail(of, [9.0, np.nan], [10.0, 10.0], tail="highest", share=0.2)
    assert chance[0] == 0.2
    assert np.isnan(chance[1])


def test_series_are_the_same_one_by_one() -> None:
    both = Spread("beta", np.array([0.8, 0.3]), np.array([0.003, 0.01]), np.array([9, 9]))
    y, n = np.array([[5, 60, 70], [0, 3, 20]]), np.array([[9, 80, 90], [4, 9, 50]])
    made, chance = shrink(both, y, n), probability_in_tail(both, y, n, tail="lowest")
    summary = reliability(both, n)
    for place in (0, 1):
        one = spread("beta", both.mean[place], both.variance[place])
        alone = shrink(one, y[place], n[place])
        np.testing.assert_allclose(made.interval.upper[place], alone.interval.upper)
        np.testing.assert_allclose(
            chance[place], probability_in_tail(one, y[place], n[place], tail="lowest")
        )
        assert summary.median[place] == reliability(one, n[place]).median


def slow_calls(chance: list[float], at_least: float, precision: float) -> set[int]:
    """Return the largest set of leading units, ties whole, that keeps both promises."""
    best: set[int] = set()
    for cut in sorted({one for one in chance if one >= at_least}, reverse=True):
        chosen = [place for place, one in enumerate(chance) if one >= cut]
        if np.mean([chance[place] for place in chosen]) >= precision - 1e-12:
            best = set(chosen)
    return best


@given(
    st.lists(st.integers(0, 20).map(lambda n: n / 20), min_size=1, max_size=25),
    st.sampled_from([0.5, 0.8]),
    st.sampled_from([0.8, 0.9, 0.95]),
)
def test_calls_are_the_largest_set_that_keeps_its_promise(chance, at_least, precision) -> None:
    made = calls([*chance, np.nan], at_least, precision)
    expected = slow_calls(chance, at_least, precision)
    assert set(np.flatnonzero(made.called)) == expected
    if expected:
        assert float(made.claimed) == pytest.approx(np.mean([chance[k] for k in expected]))
        assert float(made.threshold) == min(chance[k] for k in expected)
    else:
        assert np.isnan(made.claimed)


def test_calls_of_several_series() -> None:
    made = calls([[0.99, 0.5], [0.1, 0.81]])
    assert made.called.tolist() == [[True, False], [False, False]]


def test_the_expected_regression_comes_by_itself() -> None:
    rng = np.random.default_rng(8)
    true = rng.beta(40, 10, 20_000)
    size = np.full(20_000, 40)
    year, next_year = rng.binomial(size, true), rng.binomial(size, true)
    fitted = beta_spread(year, size)
    worst = year <= np.quantile(year, 0.1)
    made = regression_to_the_mean(fitted, year, size, worst)
    seen_gap = np.mean(next_year[worst] / 40) - float(fitted.mean)
    assert float(made.gap_next) == pytest.approx(seen_gap, abs=0.005)
    assert float(made.closing) == pytest.approx(1 - reliability(fitted, size).each[0], abs=1e-9)
    assert 0.45 < float(made.closing) < 0.65


def test_regression_leaves_out_what_is_missing() -> None:
    made = regression_to_the_mean(FAMILIES["beta"], [30, 0, np.nan], [50, 0, 50])
    assert float(made.gap) == pytest.approx(0.6 - 0.8)
    assert float(made.gap_next) == pytest.approx(-0.1)
    assert np.isnan(made.now[1])
    level = regression_to_the_mean(FAMILIES["normal"], [4.0], [1.0])
    assert np.isnan(level.closing)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: size_needed(FAMILIES["beta"], 1.0),
        lambda: shrink(FAMILIES["beta"], [1], [2], 95),
        lambda: probability_in_tail(FAMILIES["beta"], [1], [2], tail="worst"),
        lambda: probability_in_tail(FAMILIES["beta"], [1], [2], tail="highest", share=0.6),
    ],
)
def test_what_cannot_be_is_refused(ask) -> None:
    with pytest.raises(ValueError, match=r"between 0 and 1|tail"):
        ask()


def simulated(truth: str, median: float, rounds: int) -> tuple[dict[str, np.ndarray], float]:
    """Return for each tail the calls made, right and claimed, and the reliability found."""
    totals = {tail: np.zeros(3) for tail in ("lowest", "highest")}
    found = 0.0
    for seed in range(rounds):
        rng = np.random.default_rng([seed, int(median * 100), truth == "beta"])
        if truth == "beta":
            true, half = rng.beta(40, 10, 7_000), 50
        else:
            true, half = 1 / (1 + np.exp(-np.log(4) - 0.25 * rng.standard_normal(7_000))), 100
        size = half * median / (1 - median) * np.exp(0.6 * rng.standard_normal(7_000))
        size = np.round(size).clip(5).astype(int)
        count = rng.binomial(size, true)
        fitted = beta_spread(count, size)
        found += float(reliability(fitted, size).median) / rounds
        low, high = np.quantile(true, [0.1, 0.9])
        for tail, truly in (("lowest", true < low), ("highest", true > high)):
            chance = probability_in_tail(fitted, count, size, tail=tail)
            called = calls(chance).called
            totals[tail] += called.sum(), truly[called].sum(), chance[called].sum()
    return totals, found


# At low reliability a round of 7,000 practices has a handful of calls: many rounds are needed.
ROUNDS = {0.4: 200, 0.5: 150, 0.64: 30, 0.75: 15, 0.86: 10, 0.95: 10}


@pytest.mark.slow
@pytest.mark.parametrize("truth", ["beta", "logit-normal"])
@pytest.mark.parametrize("median", list(ROUNDS))
def test_calls_of_truly_worst_are_right_nine_times_in_ten(truth, median) -> None:
    totals, found = simulated(truth, median, ROUNDS[median])
    assert found == pytest.approx(median, abs=0.03)
    for made, right, claimed in totals.values():
        assert made > 300
        assert right / made >= 0.90
        assert abs(right - claimed) / made <= 0.06


@settings(max_examples=5)
@given(st.integers(0, 1_000))
def test_probabilities_are_what_happens(seed) -> None:
    rng = np.random.default_rng(seed)
    true = rng.beta(40, 10, 20_000)
    size = rng.integers(20, 500, 20_000)
    chance = probability_in_tail(FAMILIES["beta"], rng.binomial(size, true), size, tail="lowest")
    truly = true < stats.beta(40, 10).ppf(0.1)
    assert np.mean(truly) == pytest.approx(np.mean(chance), abs=0.01)
    for low in (0.2, 0.4, 0.6, 0.8):
        band = (chance >= low) & (chance < low + 0.2)
        assert np.mean(truly[band]) == pytest.approx(np.mean(chance[band]), abs=0.1)
