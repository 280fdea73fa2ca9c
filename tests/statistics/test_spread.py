import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from locality.statistics.spread import Spread, beta_spread, gamma_spread, normal_spread

SEEDS = st.integers(0, 10_000)


def beta_units(seed: int, units: int = 60, prior: float = 20.0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    size = rng.integers(5, 300, units)
    return rng.binomial(size, rng.beta(0.7 * prior, 0.3 * prior, units)), size


def gamma_units(seed: int, units: int = 60, shape: float = 6.0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    exposure = rng.uniform(1, 40, units)
    return rng.poisson(exposure * rng.gamma(shape, 1 / shape, units)), exposure


def normal_units(seed: int, units: int = 30) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    known = rng.uniform(0.2, 3.0, units)
    return rng.normal(5, np.sqrt(known + rng.choice([0.0, 0.3, 2.0]))), known


def slow_top(height, start) -> float:
    """Return the highest value of a likelihood found without any slope, from several starts."""
    found = [
        -optimize.minimize(lambda at: -height(*at), one, method="Nelder-Mead").fun for one in start
    ]
    return max(found)


def test_the_planted_spread_is_found() -> None:
    y, n = beta_units(1, 7_000, 40.0)
    for refine in (True, False):
        made = beta_spread(y, n, refine=refine)
        assert float(made.mean) == pytest.approx(0.7, abs=0.004)
        assert float(made.variance) == pytest.approx(0.21 / 41, rel=0.06)
        assert float(made.half_size) == pytest.approx(40, rel=0.07)
    y, e = gamma_units(2, 7_000)
    for refine in (True, False):
        made = gamma_spread(y, e, refine=refine)
        assert float(made.mean) == pytest.approx(1, abs=0.02)
        assert float(made.variance) == pytest.approx(1 / 6, rel=0.08)
    rng = np.random.default_rng(3)
    known = rng.uniform(0.5, 2, 7_000)
    value = rng.normal(3, np.sqrt(1 + known))
    for method in ("reml", "paule-mandel"):
        made = normal_spread(value, known, method=method)
        assert float(made.mean) == pytest.approx(3, abs=0.06)
        assert float(made.variance) == pytest.approx(1, rel=0.1)
        assert float(made.deviation) ** 2 == pytest.approx(float(made.variance))


@settings(max_examples=15)
@given(SEEDS)
def test_no_point_is_likelier_than_the_beta_found(seed) -> None:
    y, n = beta_units(seed)
    made = beta_spread(y, n)

    def height(middle: float, total: float) -> float:
        p, size = 1 / (1 + np.exp(-middle)), np.exp(np.clip(total, -6, 15))
        return float(stats.betabinom.logpmf(y, n, p * size, (1 - p) * size).sum())

    found = height(float(np.log(made.mean / (1 - made.mean))), float(np.log(made.half_size)))
    assert found >= slow_top(height, [(0.5, 1.0), (1.0, 4.0), (0.8, 6.0)]) - 1e-4


@settings(max_examples=15)
@given(SEEDS)
def test_no_point_is_likelier_than_the_gamma_found(seed) -> None:
    y, e = gamma_units(seed)
    made = gamma_spread(y, e)

    def height(middle: float, shape: float) -> float:
        m, k = np.exp(middle), np.exp(np.clip(shape, -6, 15))
        return float(stats.nbinom.logpmf(y, k, k / (k + m * e)).sum())

    found = height(float(np.log(made.mean)), float(np.log(made.mean**2 / made.variance)))
    assert found >= slow_top(height, [(0.0, 0.0), (0.0, 2.0), (0.3, 4.0)]) - 1e-4


@settings(max_examples=30)
@given(SEEDS)
def test_the_normal_is_the_root_and_the_top(seed) -> None:
    y, known = normal_units(seed)

    def parts(tau2: float) -> tuple[float, float]:
        weight = 1 / (known + tau2)
        mean = np.sum(weight * y) / np.sum(weight)
        square = float(np.sum(weight * (y - mean) ** 2))
        restricted = 0.5 * (np.sum(np.log(weight)) - np.log(np.sum(weight)) - square)
        return square - (len(y) - 1), float(restricted)

    root = float(normal_spread(y, known, method="paule-mandel").variance)
    excess = parts(root)[0]
    assert excess == pytest.approx(0, abs=1e-6) or (root == 0 and excess < 0)
    top = float(normal_spread(y, known).variance)
    grid = [parts(tau2)[1] for tau2 in [*np.linspace(0, 12, 400), top * 0.99, top * 1.01]]
    assert parts(top)[1] >= max(grid) - 1e-9


@settings(max_examples=15)
@given(SEEDS)
def test_series_are_the_same_one_by_one_and_absent_units_change_nothing(seed) -> None:
    several = [beta_units(seed + step) for step in range(3)]
    y, n = (np.stack(part).astype(float) for part in zip(*several, strict=True))
    wide_y = np.concatenate([y, np.full((3, 1), np.nan), np.zeros((3, 1))], -1)
    wide_n = np.concatenate([n, np.full((3, 1), 50.0), np.zeros((3, 1))], -1)
    for work in (beta_spread, gamma_spread):
        made = work(wide_y, wide_n)
        assert made.units.tolist() == [60, 60, 60]
        for place in range(3):
            alone = work(y[place], n[place])
            assert float(made.mean[place]) == pytest.approx(float(alone.mean), rel=1e-6)
            assert float(made.variance[place]) == pytest.approx(float(alone.variance), rel=1e-4)
    value, known = (np.stack(p) for p in zip(*(normal_units(seed + k) for k in range(3)), strict=1))
    made = normal_spread(
        np.concatenate([value, np.full((3, 1), np.nan)], -1), np.c_[known, known[:, :1]]
    )
    for place in range(3):
        alone = normal_spread(value[place], known[place])
        assert float(made.variance[place]) == pytest.approx(float(alone.variance), abs=1e-7)


@given(SEEDS, st.integers(2, 9))
def test_a_rate_per_thousand_is_the_same_spread(seed, scale) -> None:
    y, e = gamma_units(seed)
    one, other = gamma_spread(y, e, refine=False), gamma_spread(y, e * scale, refine=False)
    assert float(other.mean) * scale == pytest.approx(float(one.mean), rel=1e-9)
    assert float(other.variance) * scale**2 == pytest.approx(float(one.variance), rel=1e-7)


def test_counts_more_even_than_chance_have_no_spread() -> None:
    for made in (
        beta_spread([50] * 20, [100] * 20),
        gamma_spread([30] * 20, [1.0] * 20),
        normal_spread([4.0] * 20, [1.0] * 20),
        normal_spread([4.0] * 20, [1.0] * 20, method="paule-mandel"),
    ):
        assert float(made.variance) == 0
        assert np.isinf(made.half_size)


def test_nobody_and_everybody_have_no_spread() -> None:
    for count in (0, 40):
        made = beta_spread([count] * 5, [40] * 5)
        assert float(made.mean) == count / 40
        assert float(made.variance) == 0
    none = gamma_spread([0] * 5, [2.0] * 5)
    assert (float(none.mean), float(none.variance)) == (0, 0)


def test_one_unit_tells_no_spread_and_none_tells_nothing() -> None:
    one = beta_spread([3], [10])
    assert float(one.mean) == pytest.approx(0.3)
    assert np.isnan(one.variance)
    empty = gamma_spread([np.nan, 0], [3.0, 0.0])
    assert int(empty.units) == 0
    assert np.isnan(empty.mean)
    assert np.isnan(normal_spread([1.0], [1.0]).variance)


def test_half_size_is_the_priors_weight() -> None:
    units = np.asarray(9)
    made = Spread("beta", np.asarray(0.8), np.asarray(0.16 / 51), units)
    assert float(made.half_size) == pytest.approx(50)
    assert float(Spread("gamma", np.asarray(2.0), np.asarray(0.5), units).half_size) == 4
    assert float(Spread("normal", np.asarray(2.0), np.asarray(0.5), units).half_size) == 2


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="numerator"):
        beta_spread([6], [5])
    with pytest.raises(ValueError, match="0 or more"):
        gamma_spread([-1], [5])
    with pytest.raises(ValueError, match="above 0"):
        normal_spread([1], [0])
    with pytest.raises(ValueError, match="reml"):
        normal_spread([1, 2], [1, 1], method="other")
