import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from locality.statistics.comparing import by_chance, discoveries

CHANCES = st.lists(
    st.one_of(st.sampled_from([0.0, 0.01, 0.02, 0.5, 1.0]), st.floats(0, 1)), min_size=1, max_size=9
)


def slow_discoveries(chances: list[float], rate: float) -> set[int]:
    """Return the places up to the last one at or under its line."""
    order = sorted(range(len(chances)), key=lambda place: chances[place])
    last = 0
    for rank, place in enumerate(order, 1):
        if chances[place] <= rank * rate / len(chances) * (1 + 1e-12):
            last = rank
    return set(order[:last])


@given(CHANCES, st.sampled_from([0.05, 0.2, 0.5]))
def test_it_is_the_last_under_the_line_and_missing_ones_are_no_family(chances, rate) -> None:
    made = discoveries([*chances, np.nan], rate)
    flagged = slow_discoveries(chances, rate)
    # Equal probabilities are flagged together, wherever the sort left them.
    assert {k for k, one in enumerate(chances) if one in {chances[j] for j in flagged}} == set(
        np.flatnonzero(made.flag)
    )
    assert int(made.looked) == len(chances)
    assert np.isnan(made.adjusted[-1])


@given(CHANCES)
def test_the_adjusted_probability_is_the_least_rate_that_flags(chances) -> None:
    made = discoveries(chances)
    np.testing.assert_allclose(made.adjusted, stats.false_discovery_control(chances), rtol=1e-12)
    assert np.all(made.adjusted >= np.asarray(chances) - 1e-15)


def test_families_stand_alone() -> None:
    both = discoveries([[0.01, 0.9, 0.04], [0.03, np.nan, np.nan]])
    assert both.flag.tolist() == [[True, False, False], [True, False, False]]
    assert both.looked.tolist() == [3, 1]
    nothing = discoveries([np.nan, np.nan])
    assert not nothing.flag.any()
    assert int(nothing.looked) == 0


def test_false_flags_among_flags_keep_the_rate() -> None:
    rng = np.random.default_rng(4)
    z = rng.standard_normal((2_000, 60))
    true = np.arange(60) < 6
    z[:, true] += 4
    made = discoveries(2 * stats.norm.sf(np.abs(z)), 0.1)
    flagged = made.flag.sum(-1)
    wrong = (made.flag & ~true).sum(-1) / np.maximum(flagged, 1)
    assert wrong.mean() == pytest.approx(0.1 * 54 / 60, abs=0.01)
    assert (made.flag & true).sum() / (2_000 * 6) > 0.75


@given(st.integers(0, 300), st.integers(0, 30), st.sampled_from([0.002, 0.05, 0.5]))
def test_flags_by_chance_are_binomial(shown, flagged, rate) -> None:
    flagged = min(flagged, shown)
    made = by_chance(flagged, shown, rate)
    assert float(made.expected) == pytest.approx(shown * rate)
    law = stats.binom(shown, rate)
    assert float(made.probability) == pytest.approx(law.sf(flagged - 1), abs=1e-9)
    assert float(made.at_most) == law.ppf(0.95) if shown else float(made.at_most) == 0


def test_seven_thousand_practices_outside_998() -> None:
    made = by_chance([14, 40, np.nan], 7_000, 0.002)
    np.testing.assert_allclose(made.expected[:2], 14)
    assert made.at_most[0] == 20
    assert made.probability[0] == pytest.approx(0.53, abs=0.01)
    assert made.probability[1] < 1e-6
    assert np.isnan([made.probability[2], made.at_most[2]]).all()


@pytest.mark.parametrize(
    "ask",
    [
        lambda: discoveries([1.2]),
        lambda: discoveries([0.2], 0),
        lambda: by_chance(3, 2, 0.1),
        lambda: by_chance(1, 2, 1.0),
    ],
)
def test_what_cannot_be_is_refused(ask) -> None:
    with pytest.raises(ValueError, match=r"between 0 and 1|at most"):
        ask()
