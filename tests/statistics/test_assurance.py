"""Assurance against a target: each state, each edge."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.statistics.assurance import Assurance, assurance
from locality.statistics.control_charts import p_chart, p_prime, run_chart, xmr

CALM = [9.0, 11] * 6  # limits 4.68 and 15.32


def words(value, target, better="high", **options) -> str:
    found = assurance(xmr(value, **options), target, better)
    return Assurance(int(found.state)).words


@pytest.mark.parametrize(
    ("target", "high", "low"),
    [
        (4.0, "consistently meets the target", "consistently fails the target"),
        (10.0, "hit and miss", "hit and miss"),
        (16.0, "consistently fails the target", "consistently meets the target"),
        (math.nan, "no target", "no target"),
        (None, "no target", "no target"),
    ],
)
def test_each_state(target, high, low) -> None:
    assert words(CALM, target, "high") == high
    assert words(CALM, target, "low") == low


def test_a_target_equal_to_a_limit() -> None:
    chart = xmr(CALM)
    lower, upper = float(chart.lower[0]), float(chart.upper[0])
    assert words(CALM, lower, "high") == "consistently meets the target"
    assert words(CALM, upper, "high") == "hit and miss"
    assert words(CALM, upper, "low") == "consistently meets the target"
    assert words(CALM, lower, "low") == "hit and miss"


@pytest.mark.parametrize("target", [1.0, 0.99, 0.1 + 0.2 + 0.7])
def test_always_100_percent_meets_100_percent(target) -> None:
    size = np.full(15, 30.0)
    for chart in (p_chart(size, size), p_prime(size, size), xmr(np.ones(15))):
        found = assurance(chart, target, "high")
        assert found.state == Assurance.MEETS and found.met == 1
    assert assurance(xmr(np.full(15, 0.1)), 0.1, "low").state == Assurance.MEETS
    assert assurance(xmr(np.full(15, 0.1)), 0.2, "high").state == Assurance.FAILS
    assert assurance(xmr(np.full(15, 0.1)), 0.1, "high").state == Assurance.MEETS


def test_the_latest_phase_and_the_latest_target_count() -> None:
    value = np.array([*CALM, *(v + 20 for v in CALM)])
    assert words(value, 20, phases=[12]) == "consistently meets the target"
    assert words(value, 20) == "hit and miss"
    target = np.array([10.0] * 23 + [40.0])
    assert words(value, target, phases=[12]) == "consistently fails the target"
    found = assurance(xmr(value, phases=[12]), np.where(np.arange(24) < 20, 30, 29), "high")
    # From position 12: 29, 31, 29, 31, ... against 30 to position 19 and 29 from 20.
    assert found.met == pytest.approx((4 + 4) / 12)
    assert (found.target, found.lower) == (29, pytest.approx(24.68))
    gone = np.array([*value, math.nan])
    assert words(gone, np.array([*target, 1.0]), phases=[12]) == "consistently fails the target"
    ends = np.array([10.0] * 23 + [math.nan])
    assert words(value, ends, phases=[12]) == "no target"


def test_too_few_points() -> None:
    assert words(CALM[:11], 4) == "too few points"
    assert Assurance(int(assurance(xmr(CALM[:6]), 4, "high", minimum=6).state)) == Assurance.MEETS
    assert words([math.nan] * 20, 4) == "too few points"
    assert assurance(run_chart(CALM), 4, "high").state == Assurance.TOO_FEW
    assert math.isnan(float(assurance(xmr([math.nan]), 4, "high").met))


def test_many_series_at_once() -> None:
    value = np.array([CALM, [v + 20 for v in CALM]])
    found = assurance(xmr(value), np.array([[10.0], [10.0]]), "high")
    assert found.state.tolist() == [Assurance.HIT_AND_MISS, Assurance.MEETS]


@given(st.lists(st.integers(-20, 20), min_size=12, max_size=30), st.integers(-60, 60))
def test_reflection_swaps_what_is_better(values, target) -> None:
    value = np.array(values, dtype=float)
    assert words(value, target, "high") == words(-value, -target, "low")


@given(st.lists(st.integers(-20, 20), min_size=12, max_size=30), st.integers(-60, 60))
def test_a_harder_target_is_never_easier_to_meet(values, target) -> None:
    rank = [Assurance.FAILS, Assurance.HIT_AND_MISS, Assurance.MEETS]
    chart = xmr(np.array(values, dtype=float))
    now, harder = (assurance(chart, t, "high").state for t in (target, target + 1))
    assert rank.index(harder) <= rank.index(now)


def test_errors() -> None:
    with pytest.raises(ValueError, match="'high' or 'low'"):
        assurance(xmr(CALM), 1, "neutral")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="12 points"):
        assurance(xmr(CALM), [1, 2], "high")
