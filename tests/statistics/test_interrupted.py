from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, optimize, stats

from locality.statistics.interrupted import EQUAL, PERFECT, interrupted_series
from locality.statistics.interrupted_design import Interruption

STEP = Interruption(18)
LEVEL_ONLY = Interruption(18, slope_change=False)


def drifting(rng: np.random.Generator, series: int, points: int, rho: float) -> np.ndarray:
    """Return series of variance 1 in which each point remembers the last."""
    made = rng.standard_normal((series, points))
    for now in range(1, points):
        made[:, now] = rho * made[:, now - 1] + np.sqrt(1 - rho * rho) * made[:, now]
    return made


def plain_design(month, *, slope=True) -> np.ndarray:
    """Return the rows of the model with one interruption at month 18, one by one."""
    rows = []
    for now in month:
        after = now >= 18
        row = [1.0, now, 1.0 if after else 0.0]
        rows.append([*row, now - 18.0 if after else 0.0] if slope else row)
    return np.array(rows)


class Plain:
    """Dense generalised least squares: every matrix written out and inverted."""

    def __init__(self, month, values, design) -> None:
        seen = ~np.isnan(values)
        self.month, self.y, self.x = np.asarray(month)[seen], values[seen], design[seen]
        self.free = self.y.size - self.x.shape[1]

    def at(self, rho: float) -> tuple[float, np.ndarray, np.ndarray]:
        """Return the log restricted likelihood, the coefficients and their covariance."""
        matrix = rho ** np.abs(self.month[:, None] - self.month)
        inverse = np.linalg.inv(matrix)
        gram = self.x.T @ inverse @ self.x
        beta = np.linalg.inv(gram) @ self.x.T @ inverse @ self.y
        rest = self.y - self.x @ beta
        total = rest @ inverse @ rest
        likelihood = -0.5 * (
            np.linalg.slogdet(matrix)[1] + np.linalg.slogdet(gram)[1] + self.free * np.log(total)
        )
        return likelihood, beta, total / self.free * np.linalg.inv(gram)

    def reml(self) -> float:
        found = optimize.minimize_scalar(
            lambda rho: -self.at(rho)[0], bounds=(-0.99, 0.99), method="bounded"
        )
        return float(found.x)

    def averaged(self, contrast) -> tuple[float, float, float]:
        """Return estimate and interval: the t with the moments of the mixture over flat rho."""
        rho = np.linspace(-0.99, 0.99, 401)
        likelihood, beta, cov = zip(*(self.at(one) for one in rho), strict=True)
        weight = np.exp(np.array(likelihood) - max(likelihood))
        weight /= integrate.simpson(weight, x=rho)
        mean = np.array(beta) @ contrast
        var = np.einsum("i,kij,j->k", contrast, np.array(cov), contrast)
        var = var * self.free / (self.free - 2)
        middle = integrate.simpson(weight * mean, x=rho)
        far = mean - middle
        second = integrate.simpson(weight * (var + far**2), x=rho)
        inner = 3 * var**2 * (self.free - 2) / (self.free - 4)
        fourth = integrate.simpson(weight * (inner + 6 * var * far**2 + far**4), x=rho)
        freedom = min(4 + 6 / max(fourth / second**2 - 3, 1e-9), self.free)
        half = stats.t.ppf(0.975, freedom) * np.sqrt(second * (freedom - 2) / freedom)
        return middle, middle - half, middle + half


def ends(change) -> np.ndarray:
    return np.stack([change.value, change.interval.lower, change.interval.upper], -1)


def gappy(seed: int, points: int, rho: float) -> np.ndarray:
    values = drifting(np.random.default_rng(seed), 1, points, rho)[0] + 5
    values[[3, 4, 20]] = np.nan
    return values


@pytest.mark.parametrize(("seed", "rho"), [(1, 0.0), (2, 0.3), (3, 0.6), (4, -0.4)])
@pytest.mark.parametrize("holes", [False, True])
def test_it_is_the_average_of_dense_fits_over_the_autocorrelation(seed, rho, holes) -> None:
    month = np.arange(36)
    values = gappy(seed, 36, rho)
    if not holes:
        values = np.where(np.isnan(values), 5.0, values)
    plain = Plain(month, values, plain_design(month))
    made = interrupted_series(values, STEP, months_after=(6,))
    for change, contrast in (
        (made.level, [0, 0, 1, 0]),
        (made.slope, [0, 0, 0, 1]),
        (made.effect, [0, 0, 1, 6]),
        (made.baseline_slope, [0, 1, 0, 0]),
    ):
        expected = plain.averaged(np.array(contrast, dtype=float))
        assert ends(change).ravel() == pytest.approx(expected, rel=5e-4, abs=5e-4)
    assert float(made.autocorrelation) == pytest.approx(plain.reml(), abs=0.01)
    low, high = (
        float(one)
        for one in (made.autocorrelation_interval.lower, made.autocorrelation_interval.upper)
    )
    grid = np.linspace(-0.99, 0.99, 401)
    weight = np.exp([plain.at(one)[0] for one in grid])
    below = integrate.cumulative_simpson(weight, x=grid, initial=0)
    assert np.interp([low, high], grid, below / below[-1]) == pytest.approx(
        [0.025, 0.975], abs=2e-3
    )


@pytest.mark.parametrize("rho", [0.0, 0.45])
def test_statsmodels_agrees_at_a_given_autocorrelation(rho) -> None:
    models = pytest.importorskip("statsmodels.api")
    month = np.arange(40)
    values = gappy(7, 40, 0.4)
    seen = ~np.isnan(values)
    design = plain_design(month)
    lag = np.abs(month[seen][:, None] - month[seen])
    oracle = models.GLS(values[seen], design[seen], sigma=rho**lag).fit()
    if rho == 0:
        plain = models.OLS(values[seen], design[seen]).fit()
        assert plain.params == pytest.approx(oracle.params)
    made = interrupted_series(values, STEP, autocorrelation=rho)
    limits = oracle.conf_int()
    for change, place in ((made.baseline_slope, 1), (made.level, 2), (made.slope, 3)):
        assert change.value == pytest.approx(oracle.params[place])
        assert ends(change).ravel()[1:] == pytest.approx(limits[place])
        assert change.freedom == pytest.approx(oracle.df_resid)
    assert made.fitted[seen] == pytest.approx(oracle.fittedvalues)
    assert made.residuals[seen] == pytest.approx(oracle.resid)
    untouched = design.copy()
    untouched[:, 2:] = 0
    line = oracle.get_prediction(untouched).summary_frame()
    assert made.counterfactual.value == pytest.approx(line["mean"].to_numpy())
    assert made.counterfactual.interval.upper == pytest.approx(line["mean_ci_upper"].to_numpy())


finite = st.floats(-1e4, 1e4)


@settings(max_examples=25)
@given(st.integers(0, 99), finite, st.floats(1e-3, 1e3), st.booleans(), st.floats(-100, 100))
def test_shift_scale_and_trend_do_what_they_should(seed, shift, scale, flip, trend) -> None:
    scale = -scale if flip else scale
    values = gappy(seed, 36, 0.4)
    was = interrupted_series(values, STEP)
    now = interrupted_series(shift + scale * (values + trend * np.arange(36)), STEP)
    close = {"rel": 1e-6, "abs": 1e-6 * abs(scale) + 1e-9 * (abs(shift) + abs(scale * trend))}
    for before, after in ((was.level, now.level), (was.slope, now.slope)):
        expected = scale * ends(before)
        if flip:
            expected = expected[..., [0, 2, 1]]
        assert ends(after) == pytest.approx(expected, **close)
    assert now.baseline_slope.value == pytest.approx(
        scale * (was.baseline_slope.value + trend), **close
    )
    assert now.autocorrelation == pytest.approx(float(was.autocorrelation), abs=1e-5)


@settings(max_examples=25)
@given(st.integers(0, 99))
def test_run_backwards_a_rise_is_a_fall(seed) -> None:
    values = gappy(seed, 40, 0.5)
    was = ends(interrupted_series(values, LEVEL_ONLY).level)
    now = ends(interrupted_series(values[::-1], Interruption(22, slope_change=False)).level)
    assert now == pytest.approx(-was[..., [0, 2, 1]], abs=1e-9)


def test_planted_changes_are_found() -> None:
    rng = np.random.default_rng(11)
    month = np.arange(60)
    true = 10 + 0.1 * month + np.where(month >= 20, 6 - 0.4 * (month - 20), 0)
    true = true + np.where(month >= 42, -5 + 0.7 * (month - 42), 0)
    series = true + 0.5 * drifting(rng, 200, 60, 0.3)
    series[:, 40:42] += 50  # the phase-in, whatever happens in it, has no say
    made = interrupted_series(
        series, [Interruption(20), Interruption(40, phase_in=2)], months_after=(0, 6, 30)
    )
    assert made.level.value.mean(0) == pytest.approx([6, -5], abs=0.1)
    assert made.slope.value.mean(0) == pytest.approx([-0.4, 0.7], abs=0.02)
    for change, truth in ((made.level, [6, -5]), (made.slope, [-0.4, 0.7])):
        inside = (change.interval.lower < truth) & (change.interval.upper > truth)
        assert np.all(inside.mean(0) > 0.9)
    effect = made.level.value[..., None] + np.array([0, 6, 30]) * made.slope.value[..., None]
    effect[:, 1, 2] = np.nan  # 30 months after month 42 nothing is seen
    assert made.effect.value == pytest.approx(effect, nan_ok=True)
    assert np.isnan(made.fitted[:, 40:42]).all() and np.isnan(made.residuals[:, 40:42]).all()
    assert (made.points == 58).all()
    assert made.counterfactual.value.mean(0) == pytest.approx(10 + 0.1 * month, abs=0.7)
    assert made.counterfactual.value[:, :20] == pytest.approx(made.fitted[:, :20])


def test_without_a_change_about_one_in_twenty_is_called() -> None:
    series = drifting(np.random.default_rng(12), 4000, 60, 0.4)
    made = interrupted_series(series, Interruption(30))
    for change in (made.level, made.slope, made.effect):
        called = (change.interval.lower > 0) | (change.interval.upper < 0)
        assert 0.03 < called.mean() < 0.06
    rho = made.autocorrelation_interval
    assert 0.93 < ((rho.lower < 0.4) & (rho.upper > 0.4)).mean() < 0.97
    assert np.all((rho.lower < made.autocorrelation) & (made.autocorrelation < rho.upper))


@pytest.mark.slow
@pytest.mark.parametrize("points", [36, 60, 120])
@pytest.mark.parametrize("rho", [0.0, 0.2, 0.4, 0.6])
def test_intervals_cover(points, rho) -> None:
    series = drifting(np.random.default_rng(13), 6000, points, rho)
    made = interrupted_series(series, Interruption(points // 2))
    for change, least in ((made.level, 0.93), (made.slope, 0.92)):
        inside = (change.interval.lower < 0) & (change.interval.upper > 0)
        assert least < inside.mean() < 0.975


def test_missing_months_and_skipped_months_are_the_same_and_keep_to_themselves() -> None:
    rng = np.random.default_rng(14)
    series = drifting(rng, 6, 40, 0.5)
    holed = np.where(rng.random(series.shape) < 0.1, np.nan, series)
    holed[0], holed[1] = series[0], series[1]
    together = interrupted_series(holed.reshape(2, 3, 40), STEP)
    assert together.level.value.shape == (2, 3, 1) and together.fitted.shape == (2, 3, 40)
    for number, one in enumerate(holed):
        alone = interrupted_series(one, STEP)
        seen = ~np.isnan(one)
        skipped = interrupted_series(one[seen], STEP, time=np.arange(40)[seen])
        place = np.unravel_index(number, (2, 3))
        for change in ("level", "slope", "effect"):
            expected = ends(getattr(alone, change))
            assert ends(getattr(together, change))[place] == pytest.approx(expected, nan_ok=True)
            assert ends(getattr(skipped, change)) == pytest.approx(expected, nan_ok=True)
        assert int(skipped.points) == seen.sum() == together.points[place]


@pytest.mark.parametrize("season", [2, "monthly"])
def test_a_season_is_taken_out(season) -> None:
    month = np.arange(-5, 55)
    wave = 40 * np.sin(2 * np.pi * (month - 1) / 12) + 9 * np.cos(4 * np.pi * month / 12)
    noise = drifting(np.random.default_rng(15), 1, 60, 0.3)[0]
    options: dict[str, Any] = {"time": month, "season": season}
    with_wave = interrupted_series(noise + wave, STEP, **options)
    without = interrupted_series(noise, STEP, **options)
    assert ends(with_wave.level) == pytest.approx(ends(without.level), abs=1e-6)
    assert abs(float(interrupted_series(noise + wave, STEP, time=month).level.value[0])) > 3


def test_a_comparison_takes_out_what_both_share() -> None:
    rng = np.random.default_rng(16)
    shock = 20 * drifting(rng, 1, 48, 0.9)[0] + 8 * (np.arange(48) >= 18)
    ours = shock + drifting(rng, 300, 48, 0.2) + 3 * (np.arange(48) >= 18)
    theirs = shock + drifting(rng, 300, 48, 0.2)
    theirs[:, 5] = np.nan
    made = interrupted_series(ours, STEP, comparison=theirs)
    assert ends(made.level) == pytest.approx(ends(interrupted_series(ours - theirs, STEP).level))
    inside = (made.level.interval.lower < 3) & (made.level.interval.upper > 3)
    assert 0.92 < inside.mean() < 0.98
    assert made.level.value.mean() == pytest.approx(3, abs=0.15)
    assert (made.points == 47).all()


def refused(values, *given, **options) -> str:
    made = interrupted_series(values, *given, **options)
    sentence = str(made.refused)
    if sentence:
        assert np.isnan(made.level.value).all() and np.isnan(made.autocorrelation)
        assert np.isnan(made.fitted).all() and np.isnan(made.counterfactual.interval.lower).all()
    return sentence


def test_refusals_say_why_and_what_to_do() -> None:
    noise = drifting(np.random.default_rng(17), 1, 60, 0.2)[0]
    assert "are 5 points after" in refused(noise[:23], STEP)
    assert "slope_change=False" in refused(noise[:23], STEP)
    assert refused(noise[:23], LEVEL_ONLY) == ""
    assert "are 2 points after" in refused(noise[:20], LEVEL_ONLY)
    assert "is 1 point after" in refused(noise[:19], LEVEL_ONLY)
    assert "are 7 points before month 7" in refused(noise, Interruption(7))
    assert refused(noise, Interruption(8)) == ""
    assert "needs 24" in refused(noise[:23], LEVEL_ONLY, season=1)
    assert "needs at least 27" in refused(noise[:26], STEP, season="monthly")
    assert refused(noise[:26], STEP, season=3) == ""
    few = np.where(np.arange(60) % 4 == 0, noise, np.nan)
    few[:18] = noise[:18]
    few[40:] = np.nan
    assert "after" in refused(few, STEP)
    yearly = noise.copy()
    yearly[np.arange(60) % 12 == 7] = np.nan
    assert "cannot tell" in refused(yearly, STEP, season="monthly")
    assert refused(np.full(60, 3.5), STEP) == EQUAL
    assert refused(np.arange(60.0), STEP) == PERFECT
    assert "before" in refused(np.full(60, np.nan), STEP)
    assert "before" in refused(noise[:2], Interruption(1))


def test_one_refusal_leaves_the_others_alone() -> None:
    series = drifting(np.random.default_rng(18), 3, 40, 0.2)
    series[1] = 7.0
    made = interrupted_series(series, STEP)
    assert made.refused.tolist() == ["", EQUAL, ""]
    assert np.isfinite(made.level.value[:, 0]).tolist() == [True, False, True]
    assert interrupted_series(np.empty((0, 40)), STEP).level.value.shape == (0, 1)


def test_terms_not_in_the_model_are_missing() -> None:
    noise = drifting(np.random.default_rng(19), 1, 40, 0.2)[0]
    made = interrupted_series(noise, LEVEL_ONLY)
    assert np.isnan(made.slope.value).all() and np.isnan(made.slope.interval.upper).all()
    assert made.effect.value[0] == pytest.approx(made.level.value[[0, 0]])
    bent = interrupted_series(noise, Interruption(18, level_change=False))
    assert np.isnan(bent.level.value).all()
    assert bent.effect.value[0, 0] == pytest.approx(6 * bent.slope.value[0])
    given = interrupted_series(noise, STEP, autocorrelation=0.5)
    assert given.autocorrelation == given.autocorrelation_interval.lower == pytest.approx(0.5)


NOISE = np.arange(40.0) % 7


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: interrupted_series(3.0, STEP), "axis of time"),
        (lambda: interrupted_series(np.empty((2, 0)), STEP), "axis of time"),
        (lambda: interrupted_series(NOISE, []), "at least one inter"),
        (lambda: interrupted_series(NOISE, [STEP, Interruption(10)]), "in order"),
        (lambda: interrupted_series(NOISE, [Interruption(9, phase_in=9), STEP]), ""),
        (lambda: interrupted_series(NOISE, Interruption(0)), "between the first and the last"),
        (lambda: interrupted_series(NOISE, Interruption(40)), "between the first and the last"),
        (lambda: interrupted_series(NOISE, STEP, time=np.arange(39)), "shape"),
        (lambda: interrupted_series(NOISE, STEP, time=np.arange(40) / 2), "whole"),
        (lambda: interrupted_series(NOISE, STEP, time=np.zeros(40)), "rise"),
        (lambda: interrupted_series(NOISE, STEP, season=6), "season"),
        (lambda: interrupted_series(NOISE, STEP, season="weekly"), "season"),
        (lambda: interrupted_series(NOISE, STEP, months_after=(-1,)), "0 or more"),
        (lambda: interrupted_series(NOISE / 0.0, STEP), "finite"),
        (lambda: interrupted_series(NOISE, STEP, level=1.0), "level"),
        (lambda: interrupted_series(NOISE, STEP, autocorrelation=1.0), "autocorrelation"),
        (lambda: Interruption(4, level_change=False, slope_change=False), "changes"),
        (lambda: Interruption(4, phase_in=-1), "whole months"),
    ],
)
def test_misuse_is_named(call, words) -> None:
    if not words:
        call()  # a phase-in may end where the next interruption starts
        return
    with np.errstate(all="ignore"), pytest.raises(ValueError, match=words):
        call()
