import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from locality.statistics.interrupted_counts import (
    PERFECT,
    UNSETTLED,
    InterruptedCounts,
    interrupted_counts,
    interrupted_proportions,
)
from locality.statistics.interrupted_design import Change, Interruption
from tests.statistics.test_interrupted import drifting, ends, plain_design

STEP = Interruption(18)
LEVEL_ONLY = Interruption(18, slope_change=False)


def spread_counts(rng, series, points, mean, rho, dispersion=1.5) -> np.ndarray:
    """Return negative binomial counts whose places in their distribution follow one another."""
    place = stats.norm.cdf(drifting(rng, series, points, rho))
    return stats.nbinom.ppf(place, mean / (dispersion - 1), 1 / dispersion)


def one_series(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    exposure = rng.uniform(8, 12, 40)
    count = rng.poisson(exposure * np.exp(0.5 + 0.4 * (np.arange(40) >= 18)))
    return count.astype(float), exposure


def slow_fit(count, exposure, *, binomial=False) -> tuple[np.ndarray, np.ndarray]:
    """Return the coefficients and line of reweighted least squares, one series, month by month."""
    x = plain_design(range(len(count)))
    beta = np.zeros(4)
    for _ in range(60):
        gram, right = np.zeros((4, 4)), np.zeros(4)
        for row, y, n in zip(x, count, exposure, strict=True):
            eta = row @ beta
            mean = 1 / (1 + np.exp(-eta)) if binomial else np.exp(eta)
            slope = n * mean * (1 - mean) if binomial else n * mean
            gram += slope * np.outer(row, row)
            right += row * (slope * eta + y - n * mean)
        beta = np.linalg.solve(gram, right)
    return beta, x @ beta


def test_slow_least_squares_agrees_without_autocorrelation() -> None:
    count, exposure = one_series(1)
    beta, line = slow_fit(count, exposure)
    made = interrupted_counts(count, STEP, exposure=exposure, autocorrelation=0.0)
    assert float(made.level.value[0]) == pytest.approx(np.exp(beta[2]), rel=1e-5)
    assert float(made.slope.value[0]) == pytest.approx(np.exp(beta[3]), rel=1e-5)
    assert made.fitted == pytest.approx(np.exp(line), rel=1e-5)
    some = np.minimum(count, 30)
    beta, line = slow_fit(some, np.full(40, 50.0), binomial=True)
    odds = interrupted_proportions(some, np.full(40, 50.0), STEP, autocorrelation=0.0)
    assert float(odds.level.value[0]) == pytest.approx(np.exp(beta[2]), rel=1e-5)
    assert odds.fitted == pytest.approx(1 / (1 + np.exp(-line)), rel=1e-5)


@pytest.mark.parametrize("binomial", [False, True])
def test_statsmodels_agrees_without_autocorrelation(binomial) -> None:
    models = pytest.importorskip("statsmodels.api")
    count, exposure = one_series(2)
    x = plain_design(range(40))
    if binomial:
        size = np.round(10 * exposure)
        oracle = models.GLM(
            count / size, x, family=models.families.Binomial(), var_weights=size
        ).fit(scale="X2")
        made = interrupted_proportions(count, size, STEP, autocorrelation=0.0)
    else:
        oracle = models.GLM(
            count, x, family=models.families.Poisson(), offset=np.log(exposure)
        ).fit(scale="X2")
        made = interrupted_counts(count, STEP, exposure=exposure, autocorrelation=0.0)
    assert float(made.dispersion) == pytest.approx(oracle.scale, rel=1e-4)
    assert made.residuals == pytest.approx(oracle.resid_pearson, abs=1e-4)
    half = stats.t.ppf(0.975, 36) * oracle.bse  # statsmodels takes the normal quantile
    for change, place in ((made.baseline_slope, 1), (made.level, 2), (made.slope, 3)):
        middle = oracle.params[place] + np.array([0, -half[place], half[place]])
        assert np.log(ends(change)).ravel() == pytest.approx(middle, rel=1e-3, abs=1e-4)


def test_the_interval_is_the_dense_average_at_the_settled_line() -> None:
    count = spread_counts(np.random.default_rng(3), 1, 36, 20.0, 0.6)[0]
    made = interrupted_counts(count, STEP)
    mean = made.fitted
    root = np.sqrt(mean)
    x = plain_design(range(36)) * root[:, None]
    y = root * (np.log(mean) + (count - mean) / mean)
    lag = np.abs(np.arange(36)[:, None] - np.arange(36))
    rho = np.linspace(-0.99, 0.99, 401)
    found = []
    for one in rho:
        inverse = np.linalg.inv(one**lag)
        gram = x.T @ inverse @ x
        beta = np.linalg.solve(gram, x.T @ inverse @ y)
        total = (y - x @ beta) @ inverse @ (y - x @ beta)
        weight = -0.5 * (
            np.linalg.slogdet(one**lag)[1] + np.linalg.slogdet(gram)[1] + 32 * np.log(total)
        )
        found.append((weight, beta[2], total / 30 * np.linalg.inv(gram)[2, 2]))
    weight, middle, variance = np.array(found).T
    weight = np.exp(weight - weight.max())
    weight /= integrate.simpson(weight, x=rho)
    centre = integrate.simpson(weight * middle, x=rho)
    second = integrate.simpson(weight * (variance + (middle - centre) ** 2), x=rho)
    assert np.log(made.level.value[0]) == pytest.approx(centre, abs=5e-4)
    freedom = made.level.freedom[0]
    half = stats.t.ppf(0.975, freedom) * np.sqrt(second * (freedom - 2) / freedom)
    assert np.log(made.level.interval.upper[0]) - centre == pytest.approx(half, rel=1e-3)
    assert 0.2 < made.autocorrelation < 0.9


def inside(change: Change, truth: float) -> float:
    return float(((change.interval.lower < truth) & (change.interval.upper > truth)).mean())


def test_planted_ratios_are_found_and_drift_is_not_mistaken_for_them() -> None:
    rng = np.random.default_rng(4)
    month = np.arange(60)
    line = np.log(30) + 0.005 * month + np.where(month >= 30, 0.5 - 0.02 * (month - 30), 0)
    series = spread_counts(rng, 500, 60, np.exp(line), 0.4)
    made = interrupted_counts(series, Interruption(30), months_after=(0, 10))
    assert np.exp(np.log(made.level.value).mean()) == pytest.approx(np.exp(0.5), rel=0.03)
    assert np.exp(np.log(made.slope.value).mean()) == pytest.approx(np.exp(-0.02), rel=0.003)
    assert made.effect.value[:, 0, 0] == pytest.approx(made.level.value[:, 0])
    assert made.effect.value[:, 0, 1] == pytest.approx(
        made.level.value[:, 0] * made.slope.value[:, 0] ** 10
    )
    for change, truth in ((made.level, np.exp(0.5)), (made.slope, np.exp(-0.02))):
        assert 0.92 < inside(change, truth) < 0.99
    steady = interrupted_counts(spread_counts(rng, 1500, 60, 30.0, 0.4), Interruption(30))
    assert 0.93 < inside(steady.level, 1) < 0.98
    assert 0.93 < inside(steady.slope, 1) < 0.98
    assert float(np.mean(steady.autocorrelation)) == pytest.approx(0.38, abs=0.05)
    assert float(np.mean(steady.dispersion)) == pytest.approx(1.45, abs=0.1)
    plain = interrupted_counts(spread_counts(rng, 500, 60, 30.0, 0.4), STEP, autocorrelation=0.0)
    assert inside(plain.level, 1) < 0.9  # what leaving the autocorrelation out would cost


@settings(max_examples=15)
@given(st.integers(0, 50), st.floats(1e-3, 1e3))
def test_units_of_exposure_change_rates_and_not_ratios(seed, unit) -> None:
    count, exposure = one_series(seed)
    was = interrupted_counts(count, STEP, exposure=exposure)
    now = interrupted_counts(count, STEP, exposure=exposure * unit)
    assert ends(now.level) == pytest.approx(ends(was.level), rel=1e-6)
    assert ends(now.slope) == pytest.approx(ends(was.slope), rel=1e-6)
    assert now.fitted * unit == pytest.approx(was.fitted, rel=1e-6)
    assert ends(now.counterfactual) * unit == pytest.approx(ends(was.counterfactual), rel=1e-6)


@settings(max_examples=15)
@given(st.integers(0, 50))
def test_counting_the_others_turns_the_odds_over(seed) -> None:
    count, exposure = one_series(seed)
    size = np.round(4 * exposure) + 5
    was = interrupted_proportions(np.minimum(count, size), size, STEP)
    now = interrupted_proportions(size - np.minimum(count, size), size, STEP)
    assert 1 / ends(now.level)[..., [0, 2, 1]] == pytest.approx(ends(was.level), rel=1e-5)
    assert 1 - now.fitted == pytest.approx(was.fitted, rel=1e-5)
    assert was.counterfactual.value[:18] == pytest.approx(was.fitted[:18])
    assert 1 - ends(now.counterfactual)[..., [0, 2, 1]] == pytest.approx(ends(was.counterfactual))
    assert now.residuals == pytest.approx(-was.residuals, abs=1e-5)


@settings(max_examples=15)
@given(st.integers(0, 50), st.floats(-0.05, 0.05))
def test_a_trend_in_exposure_moves_the_earlier_trend_alone(seed, trend) -> None:
    count, exposure = one_series(seed)
    was = interrupted_counts(count, STEP, exposure=exposure)
    now = interrupted_counts(count, STEP, exposure=exposure * np.exp(-trend * np.arange(40)))
    assert ends(now.level) == pytest.approx(ends(was.level), rel=1e-6)
    assert ends(now.slope) == pytest.approx(ends(was.slope), rel=1e-6)
    assert ends(now.baseline_slope) == pytest.approx(
        ends(was.baseline_slope) * np.exp(trend), rel=1e-6
    )


def test_missing_months_and_no_exposure_are_the_same() -> None:
    count, exposure = one_series(5)
    holed, idle = count.copy(), exposure.copy()
    holed[[4, 25]] = np.nan
    idle[[4, 25]] = 0
    both = interrupted_counts(
        np.stack([holed, count, count]), STEP, exposure=np.stack([exposure, idle, exposure])
    )
    assert ends(both.level)[0] == pytest.approx(ends(both.level)[1])
    assert both.points.tolist() == [38, 38, 40]
    assert np.isnan(both.residuals[:2, [4, 25]]).all() and np.isfinite(both.residuals[2]).all()
    alone = interrupted_counts(count, STEP, exposure=exposure)
    assert ends(both.level)[2] == pytest.approx(ends(alone.level))
    assert alone.level.value.shape == (1,) and alone.fitted.shape == (40,)


def sentence(made: InterruptedCounts) -> str:
    if str(made.refused):
        assert np.isnan(made.level.value).all() and np.isnan(made.dispersion)
        assert np.isnan(made.fitted).all() and np.isnan(made.autocorrelation)
    return str(made.refused)


def test_refusals_say_why() -> None:
    count, _ = one_series(6)
    late = np.where(np.arange(40) < 18, 0, count)
    early = np.where(np.arange(40) < 18, count, 0)
    assert "fewer than 5 events before month 18" in sentence(interrupted_counts(late, STEP))
    assert "fewer than 5 events after month 18" in sentence(interrupted_counts(early, STEP))
    few = np.where(np.arange(40) < 36, early, [1.0])
    assert "fewer than 5" in sentence(interrupted_counts(few, STEP))
    early[[20, 39]] = 3.0
    assert "fewer" not in sentence(interrupted_counts(early, STEP))
    size = np.full(40, 30.0)
    full = np.where(np.arange(40) < 18, count.clip(0, 29), 30)
    assert "Fewer than 5 people are left uncounted after month 18" in sentence(
        interrupted_proportions(full, size, STEP)
    )
    assert "slope_change=False" in sentence(interrupted_counts(count[:23], STEP))
    assert sentence(interrupted_counts(count[:23], LEVEL_ONLY)) == ""
    assert sentence(interrupted_counts(np.full(40, 7), STEP)) == PERFECT
    lone = np.zeros(40)
    lone[:18] = 5.0 + np.arange(18) % 3
    lone[18] = 6.0  # one month with events after, at the very start: its slope runs away
    assert sentence(interrupted_counts(lone, STEP)) == UNSETTLED
    assert sentence(interrupted_counts(np.full(40, np.nan), STEP)) != ""


def test_few_events_are_judged_or_refused_and_never_wild() -> None:
    series = spread_counts(np.random.default_rng(8), 400, 36, 2.0, 0.6)
    made = interrupted_counts(series, STEP)
    kept = made.refused == ""
    assert kept.mean() > 0.95
    assert np.nanmax(made.dispersion) < 20
    assert np.isfinite(made.level.value[kept]).all()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: interrupted_counts(3.0, STEP), "axis of time"),
        (lambda: interrupted_counts(np.full(40, -1.0), STEP), "not negative"),
        (lambda: interrupted_counts(np.ones(40), STEP, exposure=-1.0), "not negative"),
        (lambda: interrupted_counts(np.full(40, np.inf), STEP), "finite"),
        (lambda: interrupted_counts(np.ones(40), STEP, level=0.0), "level"),
        (lambda: interrupted_counts(np.ones(40), STEP, autocorrelation=-1.0), "autocorrelation"),
        (lambda: interrupted_proportions(np.full(40, 2.0), np.ones(40), STEP), "numerator"),
        (lambda: interrupted_counts(np.ones(40), Interruption(50)), "between the first"),
    ],
)
def test_misuse_is_named(call, words) -> None:
    with pytest.raises(ValueError, match=words):
        call()
