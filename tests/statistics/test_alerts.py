import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locality.statistics.alerts import budget, told
from locality.statistics.cusum import BASELINES, WATCHED, cusum, standardised


def slow_cusum(z, reference=0.75, cap=4.0):
    high = low = 0.0
    paths = []
    for one in z:
        if not np.isnan(one):
            step = min(max(one, -cap), cap)
            high = max(0.0, high + step - reference)
            low = max(0.0, low - step - reference)
        paths.append((high, low))
    return np.array(paths).T


def slow_standardised(value, longest=36, size=None):
    """Return z, the length of the baseline and its mean, point by point, without weights' help."""
    there = [n for n, one in enumerate(value) if np.isfinite(one)]
    lengths = [one for one in BASELINES if one <= longest and len(there) >= one + WATCHED]
    if not lengths:
        return np.full(len(value), np.nan), 0, np.nan
    first = there[: lengths[-1]]
    weight = np.ones(len(value)) if size is None else np.asarray(size, float)
    centre = sum(value[n] * weight[n] for n in first) / sum(weight[n] for n in first)

    def tamed(gaps):
        middle = np.median(gaps)
        far = 3 * 1.4826 * np.median(np.abs(gaps - middle))
        return np.clip(gaps, middle - far, middle + far) if far > 0 else gaps

    gaps = np.array([(value[n] - centre) * weight[n] ** 0.5 for n in first])
    roots = np.array([weight[n] ** 0.5 for n in first])
    centre += (tamed(gaps) * roots).sum() / (roots**2).sum()
    gaps = tamed(np.array([(value[n] - centre) * weight[n] ** 0.5 for n in first]))
    held = gaps - gaps.mean()
    m = len(first)
    pairs = [(a, b) for a, b in zip(range(m - 1), range(1, m), strict=True)
             if first[b] == first[a] + 1]  # fmt: skip
    r = sum(held[a] * held[b] for a, b in pairs) / (held**2).sum() * (m - 1) / max(len(pairs), 1)
    r += (1 + 3 * r) / m
    kept = min(r, 0.9) if r > 1.64 / m**0.5 else 0.0
    deviation = (held.var(ddof=1) * (1 + 1 / m) * (1 + kept) / (1 - kept)) ** 0.5
    z = np.full(len(value), np.nan)
    for n in there[lengths[-1] :]:
        z[n] = (value[n] - centre) * weight[n] ** 0.5 / deviation
    return z, m, centre


numbers = st.floats(-50, 50).map(lambda one: round(one, 3))
maybe = st.one_of(numbers, st.just(float("nan")))


@settings(max_examples=60)
@given(st.lists(maybe, min_size=1, max_size=50))
def test_the_paths_are_those_of_the_slow_twin(z) -> None:
    made = cusum(z)
    np.testing.assert_allclose([made.high, made.low], slow_cusum(z), atol=1e-9)


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.integers(10, 70), st.floats(0, 0.2), st.booleans())
def test_standardised_is_that_of_the_slow_twin(seed, months, missing, weighted) -> None:
    pick = np.random.default_rng(seed)
    value = pick.normal(5, 2, months)
    value[pick.random(months) < missing] = np.nan
    size = pick.integers(50, 900, months).astype(float) if weighted else None
    made = standardised(value, size)
    z, length, centre = slow_standardised(value, size=size)
    np.testing.assert_allclose(made.z, z, rtol=1e-9, atol=1e-9)
    assert int(made.baseline) == length
    assert made.centre == pytest.approx(centre, nan_ok=True)


def test_the_baseline_is_frozen_whatever_comes_after() -> None:
    pick = np.random.default_rng(4)
    value = pick.normal(size=60)
    other = value.copy()
    other[40:] += 9
    first, second = standardised(value), standardised(other)
    np.testing.assert_array_equal(first.z[:40], second.z[:40])
    assert first.centre == second.centre


def test_shift_scale_and_reflection() -> None:
    value = np.random.default_rng(2).normal(size=(5, 60))
    plain, moved, turned = (standardised(one).z for one in (value, 3 + 7 * value, -value))
    np.testing.assert_allclose(moved, plain, rtol=1e-9)
    np.testing.assert_allclose(turned, -plain, rtol=1e-9)
    np.testing.assert_allclose(cusum(turned).high, cusum(plain).low)


def test_a_start_moves_the_baseline_behind_it() -> None:
    value = np.concatenate([np.zeros(20), np.random.default_rng(1).normal(9, 1, 40)])
    late = standardised(value, start=20)
    assert int(late.baseline) == 24 and late.centre == pytest.approx(9, abs=0.6)
    assert np.abs(np.nan_to_num(late.z)).max() < 5
    both = standardised(np.stack([value, value]), start=np.array([0, 20]))
    assert both.baseline.tolist() == [36, 24]


def test_too_few_points_equal_values_and_nothing_at_all_have_no_z() -> None:
    few = standardised(np.random.default_rng(1).normal(size=17))
    assert int(few.baseline) == 0 and np.isnan(few.z).all()
    assert int(standardised(np.random.default_rng(1).normal(size=18)).baseline) == 12
    flat = standardised(np.full(60, 3.7))
    assert int(flat.baseline) == 0 and np.isnan(flat.z).all()
    assert np.isnan(standardised(np.full((3, 40), np.nan)).z).all()
    with pytest.raises(ValueError, match="infinite"):
        standardised([1.0, np.inf])


def test_one_wild_month_neither_deafens_a_series_nor_alerts_by_itself() -> None:
    pick = np.random.default_rng(9)
    quiet = pick.normal(size=(400, 60))
    wild = quiet.copy()
    wild[:, 10] += 30
    first, second = standardised(quiet), standardised(wild)
    ratio = np.nanstd(second.z) / np.nanstd(first.z)
    assert 0.85 < ratio < 1.05
    alone = np.zeros(60)
    alone[50] = 40
    assert cusum(alone).high.max() == pytest.approx(3.25)


def test_a_step_is_told_a_drift_in_small_noise_too_and_steady_series_mostly_not() -> None:
    pick = np.random.default_rng(3)
    still = pick.normal(size=(300, 60))
    up = still.copy()
    up[:, 54:] += 3
    made = budget(60, 1, 3)
    on = [
        np.abs(cusum(standardised(one).z).strength[:, -1]) > made.threshold for one in (still, up)
    ]
    assert on[0].mean() < 0.05 and on[1].mean() > 0.95
    down = cusum(standardised(still - 2 * (np.arange(60) >= 54)).z).strength[:, -1]
    assert (down < 0).mean() > 0.95


def test_a_larger_budget_lowers_the_threshold_and_finds_more() -> None:
    budgets = [budget(60, many, 3) for many in (0.5, 1, 2, 4)]
    thresholds = [one.threshold for one in budgets]
    assert thresholds == sorted(thresholds, reverse=True)
    found = [one.detection[1] for one in budgets]
    assert found == sorted(found)
    assert budgets[1].expected == pytest.approx(0.98)
    assert budget(60, 1, 3, 24).threshold > budgets[1].threshold
    assert budget(60, 1, 3).threshold == budget(180, 3, 3).threshold
    assert budget(10**9, 1, 1).threshold == 20  # the table's end stands


def test_impossible_budgets_are_refused() -> None:
    for series, false, months, baseline in ((0, 1, 1, 36), (1, 0, 1, 36), (1, 1, 0, 36)):
        with pytest.raises(ValueError, match="budget"):
            budget(series, false, months, baseline)
    with pytest.raises(ValueError, match="12, 18, 24, 36"):
        budget(1, 1, 1, 30)
    with pytest.raises(ValueError, match="rate"):
        told([1.0], [0.0], [36], 0.0)
    with pytest.raises(ValueError, match="reference"):
        cusum([1.0], reference=-1)


def test_told_sets_new_ones_and_sure_ones_apart() -> None:
    strength = np.array([0.5, 4.0, -4.2, 19.0, 6.0, np.nan])
    before = np.array([0.4, 1.0, -3.9, 18.0, 5.0, np.nan])
    made = told(strength, before, [36, 36, 36, 36, 0, 36], 1 / 180)
    assert made.on.tolist() == [False, True, True, True, False, False]
    assert made.new.tolist() == [False, True, False, False, False, False]
    assert made.sure.tolist() == [False, True, True, True, False, False]
    assert np.isnan(made.probability[-1]) and np.isnan(made.probability[4])
    many = np.full(2_000, 0.1)
    many[:3] = 4.0, 14.0, 18.0
    crowd = told(many, many, np.full(2_000, 36), 1 / 180)
    assert crowd.on[:3].all() and crowd.sure[:3].tolist() == [False, True, True]


def test_chance_of_a_height_falls_as_it_rises_also_beyond_the_table() -> None:
    heights = np.arange(0, 60, 0.5)
    found = told(heights, heights, np.full(heights.shape, 24), 0.01).probability
    assert (np.diff(found) < 0).all() and 0 < found[-1] < 1e-9


@pytest.mark.slow
def test_the_table_is_what_its_simulation_gives() -> None:
    from bench.alerts import detected, new_alerts, paths

    for baseline in (12, 36):
        made = budget(60, 1, 3, baseline)
        still = paths(baseline, 60_000, 77)
        assert 180 * new_alerts(still, made.threshold) == pytest.approx(0.98, abs=0.06)
        moved = paths(baseline, 40_000, 78, 1.5)
        assert detected(moved, made.threshold) == pytest.approx(made.detection[1], abs=0.015)
