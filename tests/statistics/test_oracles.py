"""What other libraries say, where they are right: PHStatsMethods on counts above 0, statsmodels."""

import numpy as np
import pytest

from locality.statistics.intervals import byar, exact_binomial, exact_poisson, wilson
from locality.statistics.standardisation import EUROPEAN_2013, direct, indirect

LEVELS = (0.95, 0.998)


@pytest.fixture(scope="module")
def phs():
    return pytest.importorskip("PHStatsMethods")


@pytest.fixture(scope="module")
def areas():
    """Return counts and people of six areas by the standard's 19 bands, each above 0."""
    pandas = pytest.importorskip("pandas")
    rng = np.random.default_rng(21)
    people = rng.integers(200, 4_000, (6, 19))
    count = rng.poisson(people * np.linspace(0.002, 0.05, 19)) + 1
    place = np.repeat(np.arange(6), 19)
    frame = pandas.DataFrame(
        {
            "area": place,
            "band": np.tile(np.arange(19), 6),
            "count": count.ravel(),
            "people": people.ravel(),
            "standard": np.tile(EUROPEAN_2013, 6),
        }
    )
    return count, people, frame


@pytest.mark.parametrize("level", LEVELS)
def test_direct_rates(phs, areas, level) -> None:
    count, people, frame = areas
    made = direct(count, people, level=level)
    told = phs.ph_dsr(
        frame, "count", "people", "standard", "area", confidence=level, euro_standard_pops=False
    )
    lower, upper = (told[name] for name in sorted(c for c in told if c.endswith("_ci")))
    np.testing.assert_allclose(made.rate, told["Value"], rtol=1e-10)
    np.testing.assert_allclose(made.interval.lower, lower, rtol=1e-7)
    np.testing.assert_allclose(made.interval.upper, upper, rtol=1e-7)


@pytest.mark.parametrize("level", LEVELS)
def test_indirect_ratios_and_rates(phs, areas, level) -> None:
    count, people, frame = areas
    events, reference = count.sum(0), people.sum(0)
    made = indirect(count.sum(-1), people, events, reference, level)
    whole = frame.groupby("band")[["count", "people"]].transform("sum")
    frame = frame.assign(all_count=whole["count"], all_people=whole["people"])
    arguments = (frame, "count", "people", "all_count", "all_people", "area")
    ratio = phs.ph_ISRatio(*arguments, confidence=level)
    rate = phs.ph_ISRate(*arguments, confidence=level)
    np.testing.assert_allclose(made.ratio, ratio["Value"], rtol=1e-10)
    np.testing.assert_allclose(made.expected, ratio["Expected"], rtol=1e-10)
    np.testing.assert_allclose(made.rate, rate["Value"], rtol=1e-10)
    for ours, told in ((made.ratio_interval, ratio), (made.rate_interval, rate)):
        lower, upper = (told[name] for name in sorted(c for c in told if c.endswith("_ci")))
        np.testing.assert_allclose(ours.lower, lower, rtol=1e-7)
        np.testing.assert_allclose(ours.upper, upper, rtol=1e-7)


@pytest.mark.parametrize("level", LEVELS)
def test_crude_rates_from_one_event(phs, level) -> None:
    pandas = pytest.importorskip("pandas")
    count = np.array([1, 4, 9, 10, 11, 60, 900])
    frame = pandas.DataFrame({"place": range(7), "count": count, "people": 1_000})
    told = phs.ph_rate(frame, "count", "people", "place", confidence=level, multiplier=1)
    lower, upper = (told[name] for name in sorted(c for c in told if c.endswith("_ci")))
    made = byar(count, level)
    np.testing.assert_allclose(made.lower / 1_000, lower, rtol=1e-6)
    np.testing.assert_allclose(made.upper / 1_000, upper, rtol=1e-6)


@pytest.mark.parametrize("level", LEVELS)
def test_proportions(phs, level) -> None:
    pandas = pytest.importorskip("pandas")
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    count, size = np.array([1, 5, 30, 99, 500]), np.array([3, 10, 50, 100, 2_000])
    frame = pandas.DataFrame({"place": range(5), "count": count, "size": size})
    told = phs.ph_proportion(frame, "count", "size", "place", confidence=level)
    lower, upper = (told[name] for name in sorted(c for c in told if c.endswith("_ci")))
    made = wilson(count, size, level)
    np.testing.assert_allclose(made.lower, lower, rtol=1e-9)
    np.testing.assert_allclose(made.upper, upper, rtol=1e-9)
    for method, ours in (("wilson", made), ("beta", exact_binomial(count, size, level))):
        low, high = proportion.proportion_confint(count, size, 1 - level, method)
        np.testing.assert_allclose(ours.lower, low, rtol=1e-9)
        np.testing.assert_allclose(ours.upper, high, rtol=1e-9)


def test_exact_poisson_means() -> None:
    rates = pytest.importorskip("statsmodels.stats.rates")
    for count in (0, 1, 7, 80):
        low, high = rates.confint_poisson(count, 1, method="exact-c")
        made = exact_poisson(count)
        assert float(made.lower) == pytest.approx(low, rel=1e-9)
        assert float(made.upper) == pytest.approx(high, rel=1e-9)
