import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from locality.statistics.bunching import bunching
from locality.statistics.spread import beta_spread


def practices(
    seed: int, units: int, median: int, push: float = 0.0, threshold: float = 0.8
) -> tuple[np.ndarray, np.ndarray, int]:
    """Return counts and sizes, with a share of those just below moved up, and how many were."""
    rng = np.random.default_rng(seed)
    size = np.round(median * np.exp(0.7 * rng.standard_normal(units))).clip(3).astype(int)
    few = rng.random(units) < 0.15
    count = rng.binomial(size, np.where(few, rng.beta(6, 5, units), rng.beta(30, 6, units)))
    need = np.ceil(threshold * size - 1e-9).astype(int)
    below = (count < need) & (count / size >= threshold - 0.02 - 1e-9)
    moved = below & (rng.random(units) < push)
    return np.where(moved, need, count), size, int(moved.sum())


def slow_jump(count, size, threshold: float) -> tuple[float, float, float]:
    """Return the jump, twice the rise in log likelihood it brings, and the smooth number above.

    Whole number by whole number, with no slope given to the search.
    """
    spread = beta_spread(count, size)
    total = float(spread.half_size)
    a, b = float(spread.mean) * total, (1 - float(spread.mean)) * total
    step = 0.02 / 5
    units = []
    for y, n in zip(count.tolist(), size.tolist(), strict=True):
        cells = [int(np.floor((r / n - threshold) / step + 1e-9)) for r in range(n + 1)]
        if not -25 <= cells[y] < 25:
            continue
        inside = [r for r in range(n + 1) if -25 <= cells[r] < 25]
        where = np.array([cells[r] for r in inside])
        units.append((where, stats.betabinom.pmf(inside, n, a, b), inside.index(y)))

    def bend(cells: np.ndarray, at) -> np.ndarray:
        u = (cells + 0.5) * step / 0.1
        side = np.where(np.abs(u) < 0.2, np.sign(u), 0)
        return at[0] * u + at[1] * u**2 + at[2] * u**3 + at[3] * side / 2

    def downhill(at) -> float:
        height = 0.0
        for cells, chance, seen in units:
            made = chance * np.exp(bend(cells, at))
            height += np.log(made[seen] / made.sum())
        return -height

    free = optimize.minimize(downhill, np.zeros(4), method="BFGS")
    smooth = optimize.minimize(lambda at: downhill([*at, 0.0]), np.zeros(3), method="BFGS")
    above = 0.0
    for cells, chance, _ in units:
        made = chance * np.exp(bend(cells, [*smooth.x, 0.0]))
        above += made[(cells >= 0) & (cells < 5)].sum() / made.sum()
    return float(np.exp(free.x[3])), 2 * (smooth.fun - free.fun), above


@pytest.mark.parametrize(("seed", "median", "push"), [(1, 12, 0.0), (2, 25, 0.5)])
def test_it_is_the_likelihood_whole_number_by_whole_number(seed, median, push) -> None:
    count, size, _ = practices(seed, 300, median, push)
    made = bunching(count, size, 0.8)
    jump, rise, above = slow_jump(count, size, 0.8)
    assert made.jump == pytest.approx(jump, rel=1e-2)
    root = np.sign(np.log(jump)) * max(rise, 0) ** 0.5
    assert made.probability == pytest.approx(stats.norm.sf(root), abs=2e-3)
    assert made.expected_above == pytest.approx(above, rel=1e-2)


@pytest.mark.parametrize("median", [25, 60, 600])
def test_those_moved_are_counted(median) -> None:
    found, planted, inside = [], [], []
    for seed in range(4):
        count, size, moved = practices(seed, 7_000, median, 0.4)
        made = bunching(count, size, 0.8)
        assert made.probability < 1e-3
        assert made.interval.lower > 1
        assert made.above - made.below > made.expected_above - made.expected_below
        found.append(made.excess)
        planted.append(moved)
        inside.append(made.excess_interval.lower <= moved <= made.excess_interval.upper)
    if median < 50:  # one patient more lands many beyond the window, where they are not counted
        assert np.mean(found) < np.mean(planted)
        return
    assert np.mean(found) == pytest.approx(np.mean(planted), rel=0.2)
    assert sum(inside) >= 3


def test_small_denominators_heap_by_themselves_and_are_not_taken_for_bunching() -> None:
    # Of 5 or of 10 patients, 80 % can be had and 79 % cannot: values heap at 0.8 exactly.
    rng = np.random.default_rng(6)
    size = rng.choice([5, 10, 15, 20, 30], 4_000)
    count = rng.binomial(size, rng.beta(16, 5, 4_000))
    made = bunching(count, size, 0.8)
    assert made.above > 10 * made.below
    assert made.probability > 0.05
    assert np.isnan(made.jump) or made.interval.lower < 1 < made.interval.upper


@pytest.mark.parametrize("threshold", [0.7, 0.8, 0.9])
def test_chance_is_called_bunching_as_often_as_said(threshold) -> None:
    chances = []
    for seed in range(40):
        count, size, _ = practices(seed, 500, 40, 0.0, threshold)
        chances.append(bunching(count, size, threshold).probability)
    chances = np.array(chances)[np.isfinite(chances)]
    assert len(chances) > 30
    assert np.mean(chances < 0.1) <= 0.1 + 3 * (0.1 * 0.9 / 40) ** 0.5
    assert stats.kstest(chances, "uniform").pvalue > 0.005


@pytest.mark.slow
@pytest.mark.parametrize("median", [12, 60, 600])
@pytest.mark.parametrize("threshold", [0.7, 0.8, 0.9])
def test_false_calls_are_near_their_nominal_share(median, threshold) -> None:
    chances = [
        bunching(*practices(seed, 1_000, median, 0.0, threshold)[:2], threshold).probability
        for seed in range(200)
    ]
    assert np.mean(np.array(chances) < 0.05) == pytest.approx(0.05, abs=0.047)


@settings(max_examples=10)
@given(st.integers(0, 1_000))
def test_order_and_absent_units_change_nothing(seed) -> None:
    count, size, _ = practices(seed, 200, 30)
    made = bunching(count, size, 0.8)
    mixed = np.random.default_rng(seed).permutation(200)
    other = bunching(
        np.concatenate([count[mixed], [np.nan, 0, 3]]),
        np.concatenate([size[mixed], [40, 0, np.nan]]), 0.8,
    )  # fmt: skip
    assert (made.above, made.below) == (other.above, other.below)
    if not np.isnan(made.probability):
        assert other.probability == pytest.approx(made.probability, abs=1e-6)
        assert 0 < made.probability < 1
        assert made.interval.lower <= made.jump <= made.interval.upper
        assert made.excess_interval.lower <= made.excess <= made.excess_interval.upper


def test_too_few_tell_nothing_and_the_ends_of_the_scale_are_no_harm() -> None:
    few = bunching([8, 9], [10, 10], 0.8)
    assert np.isnan([few.probability, few.jump, float(few.excess_interval.lower)]).all()
    assert few.above == 1
    for threshold, flip in ((0.96, False), (0.04, True)):
        jumps = []
        for seed in range(12):
            rng = np.random.default_rng(seed)
            size = rng.integers(20, 200, 3_000)
            count = rng.binomial(size, rng.beta(38, 2, 3_000))
            made = bunching(size - count if flip else count, size, threshold)
            jumps.append(np.log(made.jump))
        assert np.mean(jumps) == pytest.approx(0, abs=0.06)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: bunching([3], [2], 0.5),
        lambda: bunching([[1, 2]], [[3, 4]], 0.5),
        lambda: bunching([1, 2], [3, 4], 1.0),
        lambda: bunching([1, 2], [3, 4], 0.5, window=0.2),
        lambda: bunching([1, 2], [3, 4], 0.5, level=95),
    ],
)
def test_what_cannot_be_is_refused(ask) -> None:
    with pytest.raises(ValueError, match=r"threshold|series|numerator"):
        ask()
