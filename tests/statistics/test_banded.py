"""Percentiles inside bands, beside a plain loop."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.statistics import percentile

counts = st.lists(st.integers(0, 50), min_size=3, max_size=12)
shares = st.floats(0.01, 0.99)


def plainly(row: list[int], share: float) -> float | None:
    """Walk the bands until enough have been passed."""
    wanted, passed = share * sum(row), 0.0
    if not sum(row):
        return None
    for band, here in enumerate(row):
        if here and passed + here >= wanted:
            return None if band == len(row) - 1 else band + max(0.0, (wanted - passed) / here)
        passed += here
    return None


def test_half_way_through_a_band() -> None:
    assert percentile([[0, 4, 4, 0]], 0.5).tolist() == [2.0]
    assert percentile([[10, 0, 0, 10, 0]], 0.75).tolist() == [3.5]
    assert percentile([2, 2, 0], 0.25).tolist() == [0.5]
    # None of them is where the first of them may be.
    assert percentile([[0, 4, 4, 0]], 0.0).tolist() == [1.0]


def test_nobody_and_the_open_band_have_none() -> None:
    found = percentile([[0, 0, 0], [1, 1, 98]], 0.5)
    assert np.isnan(found).all()


@given(counts, shares)
def test_it_is_what_a_plain_loop_gives(row: list[int], share: float) -> None:
    found, expected = percentile([row], share)[0], plainly(row, share)
    assert np.isnan(found) if expected is None else found == pytest.approx(expected)


@given(counts, shares, shares)
def test_a_larger_share_never_waits_less_and_a_scale_changes_nothing(
    row: list[int], first: float, second: float
) -> None:
    low, high = percentile([row], min(first, second))[0], percentile([row], max(first, second))[0]
    assert np.isnan(high) or low <= high
    scaled = percentile([[7 * n for n in row]], first)[0]
    assert np.isnan(scaled) == np.isnan(percentile([row], first)[0])
    assert np.isnan(scaled) or scaled == pytest.approx(percentile([row], first)[0])


@given(counts, shares)
def test_it_lies_inside_a_band_that_holds_somebody(row: list[int], share: float) -> None:
    found = percentile([row], share)[0]
    if not np.isnan(found):
        assert 0 <= found <= len(row) - 1
        assert any(n and band <= found <= band + 1 for band, n in enumerate(row[:-1]))


@given(st.lists(st.integers(1, 50), min_size=3, max_size=12), shares)
def test_it_interpolates_the_cumulative_count(row: list[int], share: float) -> None:
    # Where every band holds somebody the count rises throughout, and its inverse is the answer.
    until = np.concatenate([[0], np.cumsum(row)])
    expected = float(np.interp(share * until[-1], until, np.arange(len(until))))
    found = percentile([row], share)[0]
    if share * until[-1] <= until[-2]:
        assert found == pytest.approx(expected)
    else:
        assert np.isnan(found)


@given(st.lists(st.lists(st.integers(0, 9), min_size=5, max_size=5), max_size=6), shares)
def test_many_rows_at_once_are_each_as_alone(rows: list[list[int]], share: float) -> None:
    together = percentile(np.reshape(rows, (len(rows), 5)), share)
    alone = [percentile([row], share)[0] for row in rows]
    assert np.array_equal(together, alone, equal_nan=True)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="share"):
        percentile([[1, 2]], 1.5)
    with pytest.raises(ValueError, match="below zero"):
        percentile([[1, -2]], 0.5)
