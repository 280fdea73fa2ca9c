import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from locality.statistics.opportunity import opportunity
from locality.statistics.spread import Spread, beta_spread, gamma_spread


def spread(family: str, mean: float, variance: float) -> Spread:
    return Spread(family, np.asarray(mean), np.asarray(variance), np.asarray(100))


SPREADS = {
    "beta": spread("beta", 0.3, 0.002),
    "gamma": spread("gamma", 0.5, 0.02),
    "normal": spread("normal", 4.0, 0.5),
}


def peers_of(rng, units: int, many: int) -> np.ndarray:
    drawn = np.stack([rng.choice(units - 1, many, replace=False) for _ in range(units)])
    return drawn + (drawn >= np.arange(units)[:, None])


def slow(of: Spread, seen, size, peers, unit: int) -> dict[str, float]:
    """Return one unit's opportunity, peer by peer, from the joint normal of all that was seen."""
    mean, between = float(of.mean), float(of.variance)
    inner = {"beta": mean * (1 - mean) - between, "gamma": mean, "normal": 1.0}[of.family]

    def value(place: int) -> float:
        return seen[place] if of.family == "normal" else seen[place] / size[place]

    used = [place for place in peers if place >= 0]
    weights = [1 / (inner / size[place] + between) for place in used]
    middle = sum(w * value(p) for w, p in zip(weights, used, strict=True)) / sum(weights)
    gap = value(unit) - middle
    noise = inner / size[unit] + 1 / sum(weights)
    # Precisions of the prior about 0 and of the gap as seen add up.
    precision = 1 / between + 1 / noise
    return {
        "peers": middle,
        "gap": gap,
        "likely": gap / noise / precision,
        "half": 1.959963984540054 / precision**0.5,
        "reach": 1.959963984540054 * noise**0.5,
    }


@settings(max_examples=40)
@given(st.integers(0, 5_000), st.sampled_from(list(SPREADS)))
def test_it_is_the_normal_posterior_peer_by_peer(seed, family) -> None:
    rng = np.random.default_rng(seed)
    of = SPREADS[family]
    size = rng.integers(20, 400, 9).astype(float)
    seen = rng.normal(4, 1, 9) if family == "normal" else rng.binomial(size.astype(int), 0.4)
    peers = peers_of(rng, 9, 5)
    peers[rng.random((9, 5)) < 0.2] = -1
    peers[:, 0] = (np.arange(9) + 1) % 9
    for unit in range(9):
        row = peers[unit]
        row[1:][row[1:] == row[0]] = -1
    made = opportunity(of, seen, size, peers)
    for unit in range(9):
        twin = slow(of, seen, size, peers[unit], unit)
        assert made.peers[unit] == pytest.approx(twin["peers"], rel=1e-9)
        assert made.gap[unit] == pytest.approx(twin["gap"], rel=1e-9, abs=1e-12)
        assert made.likely[unit] == pytest.approx(twin["likely"], rel=1e-9, abs=1e-12)
        assert made.interval.upper[unit] - made.likely[unit] == pytest.approx(twin["half"])
        assert made.gap[unit] - made.gap_interval.lower[unit] == pytest.approx(twin["reach"])
        people = 1 if family == "normal" else size[unit]
        assert made.events[unit] == pytest.approx(twin["likely"] * people, abs=1e-12)
        assert made.by_itself[unit] == pytest.approx(twin["gap"] - twin["likely"], abs=1e-12)
        assert bool(made.told[unit]) == (twin["likely"] + twin["half"] < 0)


@given(st.integers(0, 5_000))
def test_which_way_is_better_mirrors(seed) -> None:
    rng = np.random.default_rng(seed)
    size = rng.integers(100, 900, 20)
    seen = rng.binomial(size, rng.beta(8, 12, 20))
    peers = peers_of(rng, 20, 6)
    low = opportunity(spread("beta", 0.4, 0.01), seen, size, peers, better="low")
    high = opportunity(spread("beta", 0.6, 0.01), size - seen, size, peers, better="high")
    np.testing.assert_array_equal(low.told, high.told)
    np.testing.assert_allclose(low.likely, -high.likely, atol=1e-12)


def told_share(units: int, median: int, deviation: float, family: str, rounds: int) -> float:
    """Return how many of units exactly at their peers' true mean are told of an opportunity."""
    told = []
    for seed in range(rounds):
        rng = np.random.default_rng([seed, units])
        size = np.round(median * np.exp(0.5 * rng.standard_normal(units))).clip(10).astype(int)
        true = 0.3 * np.exp(deviation * rng.standard_normal(units) - deviation**2 / 2)
        alike = rng.random(units) < 0.3
        true = np.where(alike, 0.3, true.clip(0, 1))
        seen = rng.binomial(size, true) if family == "beta" else rng.poisson(size * true)
        fitted = (beta_spread if family == "beta" else gamma_spread)(seen, size)
        made = opportunity(fitted, seen, size, peers_of(rng, units, 10), better="low")
        told.append(made.told[alike])
    return float(np.mean(np.concatenate(told)))


@pytest.mark.parametrize("family", ["beta", "gamma"])
@pytest.mark.parametrize(("median", "deviation"), [(60, 0.2), (1_000, 0.0), (1_000, 0.2)])
def test_those_with_no_true_difference_are_rarely_told(family, median, deviation) -> None:
    assert told_share(300, median, deviation, family, 12) <= 0.03


@settings(max_examples=5)
@given(st.integers(0, 1_000))
def test_intervals_cover_and_the_rest_closes_by_itself(seed) -> None:
    rng = np.random.default_rng(seed)
    size = rng.integers(50, 500, 4_000)
    true = rng.beta(30, 70, 4_000)
    year, next_year = rng.binomial(size, true), rng.binomial(size, true)
    made = opportunity(beta_spread(year, size), year, size, peers_of(rng, 4_000, 12), better="low")
    gap = true - 0.3
    covered = (gap >= made.interval.lower) & (gap <= made.interval.upper)
    assert covered.mean() == pytest.approx(0.95, abs=0.02)
    chosen = made.gap > 0.08
    seen_next = (next_year / size - made.peers)[chosen].mean()
    assert made.likely[chosen].mean() == pytest.approx(seen_next, abs=0.012)


def test_nothing_to_tell() -> None:
    peers = np.array([[1, 2], [0, 2], [-1, -1], [0, 1]])
    made = opportunity(SPREADS["beta"], [3, 30, 5, np.nan], [10, 100, 10, 10], peers)
    assert np.isnan([made.gap[2], made.peers[2], made.gap[3], made.events[3]]).all()
    assert not made.told.any()
    flat = opportunity(spread("beta", 0.3, 0.0), [1, 30, 5, 9], [10, 100, 10, 10], peers)
    np.testing.assert_array_equal(flat.likely[:2], 0)
    assert not flat.told.any()
    assert flat.closing[0] == 1
    assert stats.norm.ppf(0.975) == pytest.approx(1.959963984540054)


def test_series_are_the_same_one_by_one() -> None:
    both = Spread("beta", np.array([0.8, 0.3]), np.array([0.003, 0.01]), np.array([9, 9]))
    seen, size = np.array([[5, 60, 70], [0, 3, 20]]), np.array([[9, 80, 90], [4, 9, 50]])
    peers = np.array([[1, 2], [0, 2], [0, -1]])
    made = opportunity(both, seen, size, peers)
    for place in (0, 1):
        one = spread("beta", both.mean[place], both.variance[place])
        alone = opportunity(one, seen[place], size[place], peers)
        np.testing.assert_allclose(made.likely[place], alone.likely)
        np.testing.assert_allclose(made.gap_interval.upper[place], alone.gap_interval.upper)


@pytest.mark.parametrize(
    "ask",
    [
        lambda at: opportunity(SPREADS["beta"], [1, 2], [9, 9], at([[1], [2]])),
        lambda at: opportunity(SPREADS["beta"], [1, 2], [9, 9], at([[0], [0]])),
        lambda at: opportunity(SPREADS["beta"], [1, 2], [9, 9], at([[1, 1], [0, -1]])),
        lambda at: opportunity(SPREADS["beta"], [1, 2], [9, 9], at([[1.5], [0]])),
        lambda at: opportunity(SPREADS["beta"], [1, 2], [9, 9], at([[1], [0]]), better="big"),
        lambda at: opportunity(SPREADS["beta"], [1, 2], [9, 9], at([[1], [0]]), level=95),
    ],
)
def test_what_cannot_be_is_refused(ask) -> None:
    with pytest.raises(ValueError, match=r"peer|level|better"):
        ask(np.asarray)
