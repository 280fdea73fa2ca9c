"""Bit planes, run lengths and the thresholds of runs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from locality.statistics.runs import (
    Together,
    before,
    fewest_expected,
    longest_expected,
    pack,
    reach_back,
    runs_about,
    unpack,
    windows,
)


@given(st.integers(1, 40), st.integers(1, 20), st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_planes_equal_loops(times, series, length, seed) -> None:
    yes = np.random.default_rng(seed).random((times, series)) < 0.7
    plane = pack(yes)
    ended, reached = windows(plane, length), reach_back(plane, length)
    got = unpack([(0, plane), (3, ended), (5, reached), (7, before(plane))], series)
    for t in range(times):
        for s in range(series):
            full = t >= length - 1 and all(yes[t - k, s] for k in range(length))
            ahead = any(yes[t + k, s] for k in range(length) if t + k < times)
            last = t > 0 and bool(yes[t - 1, s])
            assert got[t, s] == yes[t, s] + 8 * full + 32 * ahead + 128 * last


@given(st.integers(0, 2**32 - 1))
def test_moving_together_and_back(seed) -> None:
    rng = np.random.default_rng(seed)
    kept = rng.random((5, 12)) < 0.6
    value = rng.normal(size=kept.shape)
    together = Together.of(kept)
    moved = together.take(value, np.nan)
    for row in range(5):
        np.testing.assert_array_equal(moved[row][: kept[row].sum()], value[row][kept[row]])
        assert np.isnan(moved[row][kept[row].sum() :]).all()
    np.testing.assert_array_equal(together.back(moved, 0.0), np.where(kept, value, 0.0))


@given(st.integers(0, 2**32 - 1), st.booleans())
def test_run_lengths_equal_loops(seed, own) -> None:
    rng = np.random.default_rng(seed)
    side = rng.choice(np.array([-1, 0, 1], dtype=np.int8), p=[0.3, 0.2, 0.5], size=(4, 20))
    phase = np.sort(rng.integers(0, 3, size=side.shape if own else 20), axis=-1)
    runs = runs_about(side, phase)
    for row in range(4):
        parts = np.broadcast_to(phase, side.shape)[row]
        for part in set(parts.tolist()):
            at = [t for t in range(20) if parts[t] == part and side[row, t]]
            groups: list[list[int]] = []
            for t in at:
                if groups and side[row, groups[-1][-1]] == side[row, t]:
                    groups[-1].append(t)
                else:
                    groups.append([t])
            for group in groups:
                for place, t in enumerate(group, start=1):
                    assert (runs.place[row, t], runs.length[row, t]) == (place, len(group))
                    assert (runs.useful[row, t], runs.crossings[row, t]) == (
                        len(at), len(groups) - 1,
                    )  # fmt: skip
                    assert runs.last[row, t] == (t == at[-1])
    off = side == 0
    for name in ("place", "length", "useful", "crossings", "last"):
        assert not getattr(runs, name)[off].any()


def test_thresholds_of_long_runs_differ_between_tools_as_published() -> None:
    exact, down, up = (longest_expected(200, r) for r in ("round", "floor", "ceil"))
    assert (exact[24], down[24]) == (8, 7)
    assert (exact[60], down[60]) == (9, 8)
    assert (exact[20], up[20]) == (7, 8)
    assert (exact[36], up[36]) == (8, 9)
    for power in range(8):
        assert exact[2**power] == down[2**power] == up[2**power] == power + 3


@pytest.mark.parametrize("share", [0.05, 0.01])
def test_fewest_crossings_are_the_binomial_quantile(share) -> None:
    number = np.arange(2, 400)
    np.testing.assert_array_equal(
        fewest_expected(399, share)[2:], binom.ppf(share, number - 1, 0.5)
    )
    assert fewest_expected(399, 0.05)[24] == 8  # as qicharts2 prints for 24 points
