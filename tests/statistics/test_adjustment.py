import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from locality.statistics.adjustment import adjust, regress
from locality.statistics.intervals import byar, wilson
from locality.statistics.spread import normal_spread
from locality.statistics.standardisation import expected, indirect

SEEDS = st.integers(0, 5_000)


def practices(seed: int, law: str, units: int = 40, spread: float = 0.2):
    """Return counts, sizes and two facts that move them, with true differences beyond."""
    rng = np.random.default_rng(seed)
    facts = np.stack([rng.normal(25, 8, units), rng.uniform(0.1, 0.3, units)], -1)
    line = -3 + 0.06 * facts[:, 0] + 2 * facts[:, 1] + spread * rng.standard_normal(units)
    size = rng.integers(30, 900, units)
    if law == "binomial":
        return rng.binomial(size, 1 / (1 + np.exp(-line))), size, facts
    return rng.poisson(size * np.exp(line)), size, facts


def slow_regress(count, size, facts, law: str) -> np.ndarray:
    """Return the coefficients at the top of the likelihood, unit by unit, by a general search."""
    middle, scale = facts.mean(0), facts.std(0)

    def downhill(at) -> float:
        height = 0.0
        for y, n, row in zip(count.tolist(), size.tolist(), facts, strict=True):
            line = at[0] + sum(b * x for b, x in zip(at[1:], (row - middle) / scale, strict=True))
            height += y * line - n * (np.log1p(np.exp(line)) if law == "binomial" else np.exp(line))
        return -height

    start = np.zeros(1 + facts.shape[1])
    start[0] = np.log(count.sum() / size.sum())
    found = optimize.minimize(downhill, start, method="BFGS", options={"gtol": 1e-4}).x
    slopes = found[1:] / scale
    return np.array([found[0] - slopes @ middle, *slopes])


@settings(max_examples=12)
@given(SEEDS, st.sampled_from(["binomial", "poisson"]))
def test_it_is_the_top_of_the_likelihood(seed, law) -> None:
    count, size, facts = practices(seed, law)
    made = regress(count, size, facts, law=law)
    np.testing.assert_allclose(
        made.coefficients, slow_regress(count, size, facts, law), rtol=1e-3, atol=1e-4
    )
    line = made.coefficients[0] + facts @ made.coefficients[1:]
    share = 1 / (1 + np.exp(-line)) if law == "binomial" else np.exp(line)
    np.testing.assert_allclose(made.expected, size * share, rtol=1e-8)
    # With a constant, what is expected of all is what was seen of all.
    assert made.expected.sum() == pytest.approx(count.sum())


@pytest.mark.parametrize("law", ["binomial", "poisson"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_statsmodels_agrees(seed, law) -> None:
    api = pytest.importorskip("statsmodels.api")
    count, size, facts = practices(seed, law)
    made = regress(count, size, facts, law=law)
    with_one = api.add_constant(facts)
    if law == "binomial":
        family = api.families.Binomial()
        model = api.GLM(count / size, with_one, family=family, var_weights=size)
    else:
        model = api.GLM(count, with_one, exposure=size, family=api.families.Poisson())
    fit = model.fit(scale="X2", tol=1e-12)
    np.testing.assert_allclose(made.coefficients, fit.params, rtol=1e-6)
    assert float(made.dispersion) == pytest.approx(fit.scale, rel=1e-6)
    np.testing.assert_allclose(
        made.errors, fit.bse * max(1.0, float(made.dispersion) ** -0.5), rtol=1e-5
    )


def test_the_planted_coefficients_are_found_and_their_errors_hold() -> None:
    for law in ("binomial", "poisson"):
        inside = []
        for seed in range(80):
            count, size, facts = practices(seed, law, 150, 0.2)
            made = regress(count, size, facts, law=law)
            inside.append(np.abs(made.coefficients[1:] - [0.06, 2.0]) <= 1.97 * made.errors[1:])
        assert 0.85 < np.mean(inside) <= 1


def test_facts_that_say_the_same_or_nothing_and_units_that_miss_one() -> None:
    count, size, facts = practices(3, "binomial")
    alone = regress(count, size, facts)
    both = regress(count, size, np.c_[facts, facts[:, :1] * 2 - 7, np.ones(len(size))])
    np.testing.assert_allclose(both.expected, alone.expected, rtol=1e-6)
    assert float(both.dispersion) == pytest.approx(float(alone.dispersion), rel=1e-6)
    missing = facts.copy()
    missing[4, 1] = np.nan
    made = regress(count, size, missing)
    assert np.isnan(made.expected).nonzero()[0].tolist() == [4]
    without = regress(np.delete(count, 4), np.delete(size, 4), np.delete(facts, 4, 0))
    np.testing.assert_allclose(np.delete(made.expected, 4), without.expected, rtol=1e-8)
    for count in ([0] * 9, [5] * 9):
        assert np.isnan(regress(count, [5] * 9, np.arange(9.0)[:, None]).expected).all()
    assert np.isnan(regress([1, 2], [5, 5], [[1.0], [2.0]]).dispersion)


@settings(max_examples=10)
@given(SEEDS, st.sampled_from(["binomial", "poisson"]))
def test_series_are_the_same_one_by_one(seed, law) -> None:
    several = [practices(seed + step, law) for step in range(3)]
    count, size, facts = (np.stack(part) for part in zip(*several, strict=True))
    made = regress(count, size, facts, law=law)
    values = adjust(count, size, made.expected, law=law)
    for place in range(3):
        alone = regress(count[place], size[place], facts[place], law=law)
        np.testing.assert_allclose(made.expected[place], alone.expected, rtol=1e-6)
        one = adjust(count[place], size[place], alone.expected, law=law)
        np.testing.assert_allclose(values.value[place], one.value, rtol=1e-6)
        np.testing.assert_allclose(values.reliability[place], one.reliability, atol=1e-4)


@given(SEEDS)
def test_an_adjusted_rate_is_the_indirectly_standardised_one(seed) -> None:
    rng = np.random.default_rng(seed)
    people = rng.integers(50, 900, (12, 5))
    events = rng.poisson(people * [0.01, 0.02, 0.03, 0.05, 0.2])
    seen = events.sum(-1)
    due = expected(people, events.sum(0), people.sum(0))
    made = adjust(seen, people.sum(-1), due, law="poisson")
    other = indirect(seen, people, events.sum(0), people.sum(0), multiplier=1)
    np.testing.assert_allclose(made.value, other.rate, rtol=1e-10)
    np.testing.assert_allclose(made.interval.upper, other.rate_interval.upper, rtol=1e-10)
    np.testing.assert_allclose(made.ratio, other.ratio, rtol=1e-10)
    np.testing.assert_allclose(made.unadjusted, other.crude, rtol=1e-10)


@given(
    st.integers(0, 50), st.integers(1, 50), st.floats(0.02, 0.98), st.floats(0.02, 0.98)
)  # fmt: skip
def test_a_proportion_moves_in_odds(count, size, share, aim) -> None:
    count = min(count, size)
    made = adjust([count], [size], [share * size], reference=aim)
    value, lower, upper = made.value[0], made.interval.lower[0], made.interval.upper[0]
    assert 0 <= lower <= value <= upper <= 1
    if 0 < count < size:
        odds = count / (size - count)
        moved = odds * (aim / (1 - aim)) / (share / (1 - share))
        assert value / (1 - value) == pytest.approx(moved, rel=1e-9)
    else:
        assert value == count / size
    same = adjust([count], [size], [aim * size], reference=aim)
    assert same.value[0] == pytest.approx(count / size, abs=1e-12)
    ends = wilson(count, size)
    assert same.interval.lower[0] == pytest.approx(float(ends.lower), abs=1e-12)
    assert same.unadjusted_interval.upper[0] == pytest.approx(float(ends.upper), abs=1e-12)


def test_the_spread_that_facts_explain_goes_and_the_rest_stays() -> None:
    for law in ("binomial", "poisson"):
        count, size, facts = practices(5, law, 4_000, 0.2)
        made = adjust(count, size, regress(count, size, facts, law=law).expected, law=law)
        # The facts' own variance on the line is (0.06 x 8)^2 + (2 x 0.2)^2 / 12, the rest 0.2^2.
        explained = 1 - 0.04 / (0.04 + 0.48**2 + 0.16 / 12)
        assert float(made.explained) == pytest.approx(explained, abs=0.06)
        assert np.nanmedian(made.reliability) < np.nanmedian(made.unadjusted_reliability)
        middle = made.reliability[np.argmin(np.abs(size - 400))]
        room = 400 * 0.25 if law == "binomial" else 400 * np.median(count / size)
        assert middle == pytest.approx(0.04 / (0.04 + 1 / room), abs=0.12)
        # Adjusted values no longer follow the facts.
        inside = size > 200
        seen = np.corrcoef(facts[inside, 0], made.unadjusted[inside])[0, 1]
        left = np.corrcoef(facts[inside, 0], made.value[inside])[0, 1]
        assert seen > 0.6
        assert abs(left) < 0.1


@settings(max_examples=10)
@given(SEEDS, st.sampled_from(["binomial", "poisson"]))
def test_reliability_is_that_of_working_residuals_unit_by_unit(seed, law) -> None:
    count, size, facts = practices(seed, law, spread=0.5)
    due = regress(count, size, facts, law=law).expected
    made = adjust(count, size, due, law=law)
    overall = count.sum() / size.sum()
    tau2, each = [], []
    for of in (due, size * overall):
        room = [e * (1 - e / n) if law == "binomial" else e for e, n in zip(of, size, strict=True)]
        residual = [(y - e) / v for y, e, v in zip(count, of, room, strict=True)]
        tau2.append(float(normal_spread(residual, [1 / v for v in room]).variance))
        each.append([tau2[-1] / (tau2[-1] + 1 / v) for v in room])
    np.testing.assert_allclose(made.reliability, each[0], rtol=1e-6)
    np.testing.assert_allclose(made.unadjusted_reliability, each[1], rtol=1e-6)
    assert float(made.explained) == pytest.approx(1 - tau2[0] / tau2[1], rel=1e-6)


def test_errors_are_never_less_than_chance() -> None:
    size = np.array([50, 80, 100, 120, 90, 70, 60])
    facts = np.arange(7.0)[:, None]
    count = np.round(size * (0.2 + 0.03 * facts[:, 0]))  # on the line but for rounding
    made = regress(count, size, facts)
    assert float(made.dispersion) < 0.2
    share = made.expected / size
    line = np.c_[np.ones(7), facts]
    known = np.linalg.inv(line.T @ (line * (size * share * (1 - share))[:, None]))
    np.testing.assert_allclose(made.errors, np.sqrt(np.diag(known)), rtol=1e-8)


def test_nothing_expected_or_missing_gives_nothing() -> None:
    made = adjust([0, 3, np.nan, 2, 1], [0, 10, 10, 10, 9], [0, 0, 4, np.nan, 3])
    assert np.isnan(made.value[:4]).all()
    assert np.isnan(made.reliability[:4]).all()
    assert np.isfinite(made.value[4])
    rate = adjust([0, 5], [100, 100], [3, 3], law="poisson", reference=0.03)
    assert rate.value.tolist() == pytest.approx([0, 0.05])
    assert rate.interval.lower[0] == 0
    assert rate.interval.upper[0] == pytest.approx(0.03 * float(byar(0).upper) / 3)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: adjust([3], [2], [1]),
        lambda: adjust([1], [2], [3]),
        lambda: adjust([1], [2], [-1], law="poisson"),
        lambda: adjust([1], [2], [1], law="normal"),
        lambda: regress([1, 2], [3, 4], [1.0, 2.0]),
        lambda: regress([1, 2], [3, 4], [[1.0], [2.0], [3.0]]),
        lambda: regress([-1, 2], [3, 4], [[1.0], [2.0]], law="poisson"),
    ],
)
def test_what_cannot_be_is_refused(ask) -> None:
    with pytest.raises(ValueError, match=r"count|law|facts"):
        ask()
