import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from locality.statistics.dispersion import Overdispersion, overdispersion
from locality.statistics.funnels import (
    differs_from_target,
    peer_limits,
    target_limits,
    unusual_among_peers,
)

KINDS = ("proportion", "rate", "standardised ratio", "ratio")
LEVELS = (0.95, 0.998)


def law(kind: str, size: float, target: float):
    if kind == "proportion":
        return stats.binom(size, target)
    if kind == "ratio":
        return stats.binom(size, target / (1 + target))
    return stats.poisson(size * target)


def slow_tails(kind: str, count: int, size: float, target: float) -> tuple[float, float]:
    """Return P(X <= count) and P(X >= count), summed term by term."""
    terms = [float(law(kind, size, target).pmf(r)) for r in range(count)]
    here = float(law(kind, size, target).pmf(count))
    return sum(terms) + here, 1 - sum(terms)


def value(kind: str, count, size):
    count, size = np.asarray(count, float), np.asarray(size, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return count / (size - count) if kind == "ratio" else count / size


def outside(given, limits) -> np.ndarray:
    above, below = given > limits.upper, given < limits.lower
    return above.sum(0).astype(int) - below.sum(0).astype(int)


@given(
    st.sampled_from(KINDS), st.integers(1, 60), st.integers(0, 60), st.sampled_from([0.1, 0.5, 0.9])
)
def test_a_difference_is_twice_the_smaller_tail(kind, size, count, target) -> None:
    assume(count <= size or kind not in ("proportion", "ratio"))
    made = differs_from_target([count], [size], target, kind=kind)
    below, above = slow_tails(kind, count, size, target)
    assert made.probability[0] == pytest.approx(min(1, 2 * min(below, above)), abs=1e-9)
    if made.probability[0] < 1:
        assert np.sign(made.z[0]) == (1 if above < below else -1)
        assert 2 * stats.norm.sf(abs(made.z[0])) == pytest.approx(made.probability[0], abs=1e-9)
    else:
        assert made.z[0] == 0


@given(st.sampled_from(KINDS), st.integers(1, 400), st.floats(0.01, 0.99))
def test_places_agree_with_limits_and_no_tail_is_over_its_size(kind, size, target) -> None:
    count = np.arange(size + 1)
    made = differs_from_target(count, size, target, kind=kind)
    limits = target_limits(target, np.full(size + 1, size), LEVELS, kind=kind)
    np.testing.assert_array_equal(made.place, outside(value(kind, count, size), limits))
    chance = law(kind, size, target).pmf(count)
    for number, level in enumerate(LEVELS, 1):
        assert chance[made.place >= number].sum() <= (1 - level) / 2 + 1e-9
        assert chance[made.place <= -number].sum() <= (1 - level) / 2 + 1e-9


@given(st.integers(1, 500), st.floats(0.01, 0.99))
def test_limits_hold_the_target_nest_and_mirror(size, target) -> None:
    made = target_limits(target, [size], [0.8, 0.95, 0.998])
    assert np.all(made.lower <= target)
    assert np.all(made.upper >= target)
    assert np.all(np.diff(made.lower, axis=0) <= 0)
    assert np.all(np.diff(made.upper, axis=0) >= 0)
    mirror = target_limits(1 - target, [size], [0.8, 0.95, 0.998])
    np.testing.assert_allclose(made.lower, 1 - mirror.upper, atol=1e-6)


def test_limits_at_the_ends_and_with_nobody() -> None:
    made = target_limits(0.5, [0, np.nan, 1, 2])
    assert np.isnan(made.lower[:2]).all()
    assert made.lower[2:].tolist() == [0, 0]
    assert made.upper[2:].tolist() == [1, 1]
    never = target_limits(0.0, [10.0])
    assert never.lower[0] == 0
    assert never.upper[0] < 0.1  # one event where none can be is outside
    assert differs_from_target([1], [10], 0.0).place[0] == 2
    assert np.isinf(target_limits(1.0, [1], kind="ratio").upper[0])
    absent = differs_from_target([0, np.nan], [0, 5], 0.5)
    assert np.isnan(absent.probability).all()
    assert absent.place.tolist() == [0, 0]


def test_a_scalar_and_a_grid() -> None:
    one = target_limits(0.8, 250)
    grid = target_limits([[0.8], [0.6]], [250, 500], LEVELS)
    assert grid.lower.shape == (2, 2, 2)
    assert float(one.lower) == pytest.approx(grid.lower[0, 0, 0])


def peers_of(kind: str, rng, units: int, deviation: float, size, outliers: float = 0.0):
    """Return counts of units that differ on the scale of constant variance, and who is planted."""
    binomial = kind in ("proportion", "ratio")
    middle = np.arcsin(np.sqrt(0.8)) if binomial else 1.0
    planted = rng.random(units) < outliers
    place = middle + deviation * rng.standard_normal(units)
    place = place + planted * 6 * deviation * rng.choice([-1, 1], units)
    if binomial:
        return rng.binomial(size, np.sin(np.clip(place, 0, np.pi / 2)) ** 2), planted
    return rng.poisson(size * np.maximum(place, 0) ** 2), planted


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("method", ["likelihood", "winsorised"])
@pytest.mark.parametrize("model", ["additive", "multiplicative"])
def test_a_purely_normal_spread_flags_what_the_level_says(kind, method, model) -> None:
    rng = np.random.default_rng(11)
    additive = model == "additive"
    low, high = (200, 3_000) if additive else (1_000, 1_001)
    size = rng.integers(low, high, 20_000)
    count, _ = peers_of(kind, rng, 20_000, 0.04, size)
    fitted = overdispersion(count, size, kind=kind, model=model, method=method)
    centre = {"proportion": 0.8, "ratio": 4.0}.get(kind, 1.0)
    assert float(fitted.centre) == pytest.approx(centre, rel=0.01)
    amount = 0.04**2 if additive else 1 + 0.04**2 * 4_000
    assert float(fitted.amount) == pytest.approx(amount, rel=0.08)
    place = np.abs(unusual_among_peers(count, size, fitted).place)
    assert np.mean(place >= 1) == pytest.approx(0.05, abs=0.008)
    assert np.mean(place == 2) == pytest.approx(0.002, abs=0.0013)


@pytest.mark.parametrize("method", ["likelihood", "winsorised"])
def test_outliers_do_not_hide_themselves(method) -> None:
    rng = np.random.default_rng(12)
    size = rng.integers(500, 5_000, 7_000)
    count, planted = peers_of("proportion", rng, 7_000, 0.04, size, 0.01)
    fitted = overdispersion(count, size, method=method)
    assert float(fitted.amount) == pytest.approx(0.0016, rel=0.15)
    flagged = unusual_among_peers(count, size, fitted).place
    flagged = np.abs(flagged) == 2
    assert np.mean(flagged[planted]) > 0.9
    assert np.mean(flagged[~planted]) < 0.005


def test_the_two_questions_have_different_answers() -> None:
    rng = np.random.default_rng(13)
    size = rng.integers(1_000, 5_000, 7_000)
    count, _ = peers_of("proportion", rng, 7_000, 0.05, size)
    target = differs_from_target(count, size, 0.8)
    peers = unusual_among_peers(count, size, overdispersion(count, size))
    assert np.mean(np.abs(target.place) == 2) > 0.3
    assert np.mean(np.abs(peers.place) == 2) < 0.005
    assert np.all(
        np.abs(peers.z)
        <= np.abs(differs_from_target(count, size, overdispersion(count, size).centre[..., None]).z)
        + 1e-9
    )


@settings(max_examples=40)
@given(
    st.sampled_from(KINDS),
    st.sampled_from(["additive", "multiplicative"]),
    st.floats(0.05, 0.95),
    st.floats(0, 0.02),
    st.integers(1, 300),
)
def test_places_among_peers_agree_with_limits(kind, model, centre, amount, size) -> None:
    made = amount if model == "additive" else 1 + 100 * amount
    peers = Overdispersion(kind, model, np.asarray(centre), np.asarray(made))
    count = np.arange(size + 1)
    judged = unusual_among_peers(count, np.full(size + 1, size), peers)
    limits = peer_limits(peers, np.full(size + 1, size), LEVELS)
    np.testing.assert_array_equal(judged.place, outside(value(kind, count, size), limits))
    exact = target_limits(centre, np.full(size + 1, size), LEVELS, kind=kind)
    assert np.all(limits.lower <= exact.lower)
    assert np.all(limits.upper >= exact.upper)


# What pulling in a tenth at each end leaves of a standard normal's variance, by integration.
GRID = np.linspace(-12, 12, 400_001)
CUT = stats.norm.ppf(0.9)
KEPT = float(np.trapezoid(np.clip(GRID, -CUT, CUT) ** 2 * stats.norm.pdf(GRID), GRID))


def slow_balance(count, size, centre: float, tau2: float) -> tuple[float, float]:
    """Return what both estimating equations leave over, unit by unit; both 0 at the answer."""
    rough = sum(count) / sum(size)
    z, wide = [], []
    for y, n in zip(count, size, strict=True):
        bias = np.arcsin(((n * rough + 0.125) / (n + 0.25)) ** 0.5) - np.arcsin(rough**0.5)
        wide.append((1 / (4 * n + 2) + tau2) ** 0.5)
        z.append((np.arcsin(((y + 0.375) / (n + 0.75)) ** 0.5) - bias - centre) / wide[-1])
    low, high = np.quantile(z, [0.1, 0.9])
    pulled = [min(max(one, low), high) for one in z]
    excess = sum(one**2 for one in pulled) / KEPT - (len(z) - 1)
    return excess, sum(a / b for a, b in zip(pulled, wide, strict=True))


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_winsorising_solves_its_equations_and_series_stand_alone(seed) -> None:
    rng = np.random.default_rng(seed)
    size = rng.integers(20, 400, (2, 40))
    count = rng.binomial(size, rng.beta(20, 10, (2, 40)))
    both = overdispersion(
        np.c_[count, [[np.nan, 0]] * 2], np.c_[size, [[9, 0]] * 2], method="winsorised"
    )
    robust = overdispersion(count, size)
    for place in (0, 1):
        centre = float(np.arcsin(np.sqrt(both.centre[place])))
        excess, pull = slow_balance(
            count[place].tolist(), size[place].tolist(), centre, float(both.amount[place])
        )
        assert excess == pytest.approx(0, abs=1e-4) or (both.amount[place] == 0 and excess < 0)
        assert pull == pytest.approx(0, abs=1e-2)
        alone = overdispersion(count[place], size[place])
        assert robust.amount[place] == pytest.approx(float(alone.amount), rel=1e-2, abs=1e-5)


@settings(max_examples=10)
@given(st.integers(0, 10_000))
def test_no_point_is_likelier_than_the_mixture_found(seed) -> None:
    rng = np.random.default_rng(seed)
    size = rng.integers(200, 900, 400)
    count, _ = peers_of("rate", rng, 400, 0.05, size, 0.05)
    fitted = overdispersion(count, size, kind="rate")
    rough = count.sum() / size.sum()
    place = np.sqrt((count + 0.375) / size) - np.sqrt(rough + 0.125 / size) + np.sqrt(rough)

    def height(tau2: float, shift: float = 0.0) -> float:
        wide = np.sqrt(tau2 + 1 / (4 * size))
        middle = np.sqrt(float(fitted.centre)) + shift
        near, far = stats.norm.pdf(place, middle, wide), stats.norm.pdf(place, middle, 3 * wide)
        return max(
            float(np.log((1 - few) * near + few * far).sum()) for few in np.linspace(0, 0.3, 301)
        )

    top = height(float(fitted.amount))
    for factor in (0.7, 0.9, 1.1, 1.4):
        assert height(float(fitted.amount) * factor) <= top + 1e-3
    assert max(height(float(fitted.amount), shift) for shift in (-0.01, 0.01)) <= top


@pytest.mark.parametrize("expected", [0.5, 2, 5, 15])
def test_small_counts_without_spread_are_not_flagged_beyond_their_level(expected) -> None:
    rng = np.random.default_rng(14)
    count = rng.poisson(expected, 50_000)
    peers = Overdispersion("rate", "additive", np.asarray(1.0), np.asarray(0.0))
    place = unusual_among_peers(count, np.full(50_000, expected), peers).place
    for side in (1, -1):
        assert np.mean(side * place >= 1) <= 0.025 + 0.002
        assert np.mean(side * place >= 2) <= 0.001 + 0.0005


def test_too_few_peers_judge_nobody() -> None:
    fitted = overdispersion([3, 5, np.nan], [10, 10, 10])
    assert np.isnan(fitted.amount)
    judged = unusual_among_peers([3, 5], [10, 10], fitted)
    assert np.isnan(judged.z).all()
    assert judged.place.tolist() == [0, 0]
    assert np.isnan(overdispersion(np.full((2, 3), np.nan), 5).amount).all()
    assert overdispersion(np.zeros((2, 0)), np.zeros((2, 0))).amount.shape == (2,)
    assert differs_from_target([0], [5_000], 0.5).z[0] == pytest.approx(-37, abs=0.1)
    alike = overdispersion([5] * 9, [10] * 9, model="multiplicative")
    assert float(alike.amount) == 1
    assert float(overdispersion([5] * 9, [10] * 9).amount) == 0
    nobody = unusual_among_peers([0, np.nan], [0, 4], alike)
    assert np.isnan(nobody.z).all()


@pytest.mark.parametrize(
    "ask",
    [
        lambda: target_limits(1.2, 10),
        lambda: target_limits(0.5, 10, 95),
        lambda: target_limits(0.5, 10, kind="odds"),
        lambda: differs_from_target([6], [5], 0.5),
        lambda: differs_from_target([-1], [5], 0.5, kind="rate"),
        lambda: overdispersion([1], [2], model="other"),
        lambda: overdispersion([1], [2], method="other"),
        lambda: overdispersion([1], [2], trim=0.5),
        lambda: overdispersion([3], [2]),
    ],
)
def test_what_cannot_be_is_refused(ask) -> None:
    with pytest.raises(ValueError, match=r"target|level|kind|counts|model|trim"):
        ask()
