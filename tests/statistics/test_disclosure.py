import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locality.statistics import suppress
from tests.statistics.attackers import told_by_algebra, told_by_ranges

SMALL = 7


@st.composite
def hierarchies(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Practices under networks under boards under England, with networks that cross, and groups."""
    many = draw(st.integers(2, 10))
    counts = np.array(
        draw(st.lists(st.integers(0, 20), min_size=many, max_size=many)), dtype=float
    )  # fmt: skip
    levels = [
        draw(st.lists(st.integers(0, kinds - 1), min_size=many, max_size=many))
        for kinds in (4, 2, 3)
    ]
    groups = [np.ones(many, bool)]
    for level in levels:
        groups += [np.array([one == kind for one in level]) for kind in sorted(set(level))]
    for custom in draw(st.lists(st.sets(st.integers(0, many - 1), min_size=1), max_size=2)):
        groups.append(np.isin(np.arange(many), sorted(custom)))
    return counts, np.array(groups)


def check_safe(counts: np.ndarray, groups: np.ndarray) -> None:
    hides = suppress(counts, groups, SMALL)
    assert hides.units[counts <= SMALL].all()
    assert hides.totals[groups @ counts <= SMALL].all()
    assert not told_by_algebra(counts, groups, hides, SMALL)
    assert not told_by_ranges(counts, groups, hides, SMALL)
    for insider in np.flatnonzero(hides.units):
        assert not told_by_ranges(counts, groups, hides, SMALL, int(insider))


@settings(max_examples=60)
@given(hierarchies())
def test_nothing_leaks_to_an_outsider_or_an_insider(table) -> None:
    check_safe(*table)


@pytest.mark.slow
@settings(max_examples=1500)
@given(hierarchies())
def test_nothing_leaks_from_many_more_tables(table) -> None:
    check_safe(*table)


def test_the_attacker_wins_when_only_small_counts_are_hidden() -> None:
    # Otherwise the attacker above proves nothing.
    from locality.statistics import Suppression

    counts, groups = np.array([3.0, 40, 50]), np.ones((1, 3), bool)
    naive = Suppression(np.array([True, False, False]), np.array([False]))
    assert told_by_algebra(counts, groups, naive, SMALL) == [(0,)]
    assert told_by_ranges(counts, groups, naive, SMALL) == [0]
    full = Suppression(np.array([True, True, False]), np.array([False]))
    sevens = np.array([7.0, 7, 50])
    assert not told_by_algebra(sevens, groups, full, SMALL)
    assert told_by_ranges(sevens, groups, full, SMALL) == [0, 1]
    assert told_by_algebra(np.array([3.0, 4, 50]), groups, full, SMALL) == [(0, 1)]


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    hides = suppress([8, 20, 30], [[1, 1, 1], [1, 1, 0]])
    assert not hides.units.any()
    assert not hides.totals.any()


def test_company_is_found_inside_the_network_and_every_total_stays() -> None:
    counts = np.array([5, 90, 60, 70, 80, 40, 41, 42])
    groups = np.array([[1] * 5 + [0] * 3, [0] * 5 + [1] * 3, [1] * 8], bool)
    hides = suppress(counts, groups)
    # Two more of the same network: with one, that one could subtract its own count.
    assert np.flatnonzero(hides.units).tolist() == [0, 2, 3]
    assert not hides.totals.any()


def test_a_lone_practice_takes_the_totals_of_least_worth_with_it() -> None:
    counts = np.array([4, 90, 60, 70, 80])
    groups = np.array([[1, 0, 0, 0, 0], [0, 1, 1, 1, 1], [1] * 5], bool)
    hides = suppress(counts, groups, worth=[0, 10, 1])
    assert hides.units.tolist() == [True, False, False, False, False]
    assert hides.totals.tolist() == [True, False, True]
    hides = suppress(counts, groups, worth=[0, 1, 10])
    assert hides.totals.tolist() == [True, True, False]
    assert np.flatnonzero(hides.units).tolist() == [0, 2, 3]


def test_counts_that_are_shown_together_are_hidden_together() -> None:
    counts = np.array([[100.0, 90, 80, 70], [20, 7, 30, 40], [np.nan, 9, 9, 0]])
    hides = suppress(counts, np.ones((1, 4), bool))
    assert hides.units.tolist() == [False, True, True, True]
    assert not hides.totals.any()


def test_who_gave_no_count_hides_nothing() -> None:
    hides = suppress([np.nan, 50, np.nan], [[1, 1, 1], [1, 0, 1]])
    assert not hides.units.any()
    assert not hides.totals.any()


def test_zero_and_the_threshold_are_small_and_one_above_is_not() -> None:
    assert suppress([0, 7, 8], np.zeros((0, 3), bool)).units.tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("counts", "groups", "worth"),
    [([1, 2], [[1, 1, 1]], None), ([-1, 2], [[1, 1]], None), ([1, 2], [[1, 1]], [1, 2])],
)
def test_what_does_not_fit_is_refused(counts, groups, worth) -> None:
    with pytest.raises(ValueError, match=r"counts?|worth"):
        suppress(counts, groups, worth=worth)
