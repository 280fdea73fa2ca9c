"""Points between thresholds: a plain twin in fractions, and what must hold for any counts."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.measure.qof import (
    improved,
    one_more,
    patients_to,
    patients_to_next_point,
    points,
)

WORKED = Path(__file__).parents[2] / "worked"
EXAMPLES = tomllib.loads((WORKED / "qof_points.toml").read_text("utf-8"))["example"]


def plainly(num: int, den: int, worth: Any, lower: Any, upper: Any, at_lower: Any = 0) -> Fraction:
    """Return points in exact fractions, one patient group at a time."""
    worth, lower, upper, at_lower = (Fraction(str(x)) for x in (worth, lower, upper, at_lower))
    reached = Fraction(100 * num, den)
    if reached < lower:
        return Fraction(0)
    if reached >= upper:
        return worth
    return at_lower + (worth - at_lower) * (reached - lower) / (upper - lower)


@st.composite
def situations(draw: st.DrawFn) -> tuple[int, int, int, int, int, int]:
    den = draw(st.integers(1, 900))
    num = draw(st.integers(0, den))
    lower = draw(st.integers(5, 89))
    upper = draw(st.integers(lower + 1, 97))
    worth = draw(st.integers(1, 45))
    return num, den, worth, lower, upper, draw(st.sampled_from((0, 0, min(3, worth))))


@pytest.mark.parametrize("example", EXAMPLES, ids=[one["words"][:50] for one in EXAMPLES])
def test_worked_examples(example: dict[str, Any]) -> None:
    terms = (example["worth"], example["lower"], example["upper"], example.get("at_lower", 0))
    found = points(example["reached"], example["of"], *terms)
    if example["earns"] == "none open":
        assert np.isnan(found)
        return
    assert float(found) == pytest.approx(float(Decimal(example["earns"])), abs=5e-7)
    if "adjusted" in example:
        again = points(example["reached"], example["of"] - example["adjusted"], *terms)
        wrong = float(Decimal(example["wrong_if_subtracted_again"]))
        assert float(again) == pytest.approx(wrong, abs=5e-7)
        assert abs(float(found) - wrong) > 1


@given(situations())
def test_points_are_those_of_the_plain_twin(case: tuple[int, ...]) -> None:
    num, den, *terms = case
    found = float(points(num, den, *terms))
    assert found == pytest.approx(float(plainly(num, den, *terms)), abs=1e-9)
    assert 0 <= found <= terms[0]


@given(situations())
def test_more_patients_reached_never_earn_less(case: tuple[int, ...]) -> None:
    _, den, *terms = case
    each = points(np.arange(den + 1), den, *terms)
    assert (np.diff(each) >= -1e-12).all()


@given(st.integers(5, 89), st.integers(1, 8), st.integers(1, 45))
def test_points_are_continuous_at_both_thresholds(lower: int, wide: int, worth: int) -> None:
    upper = lower + wide
    for edge, there in ((lower, 0.0), (upper, float(worth))):
        near = points(np.array([edge - 1e-9, edge, edge + 1e-9]), 100.0, worth, lower, upper)
        assert near == pytest.approx(there, abs=1e-6)


@given(situations())
def test_patients_to_the_next_point_and_no_fewer(case: tuple[int, ...]) -> None:
    num, den, *terms = case
    now = plainly(num, den, *terms)
    needed = int(patients_to_next_point(num, den, *terms))
    if now == terms[0]:
        assert needed == 0
        return
    target = min(Fraction(int(now) + 1), Fraction(terms[0]))
    assert plainly(num + needed, den, *terms) >= target
    assert plainly(num + needed - 1, den, *terms) < target


@given(situations())
def test_patients_to_every_point_and_no_fewer(case: tuple[int, ...]) -> None:
    num, den, worth, lower, upper, at_lower = case
    needed = int(patients_to(num, den, upper))
    assert plainly(num + needed, den, worth, lower, upper, at_lower) == worth
    assert num + needed <= den
    if needed:
        assert plainly(num + needed - 1, den, worth, lower, upper, at_lower) < worth


@given(situations())
def test_one_more_reached_is_the_difference_it_makes(case: tuple[int, ...]) -> None:
    num, den, *terms = case
    added = float(one_more(num, den, *terms))
    after = plainly(min(num + 1, den), den, *terms)
    assert added == pytest.approx(float(after - plainly(num, den, *terms)), abs=1e-9)
    assert added >= 0


def test_nobody_to_count_and_unknown_thresholds_earn_nothing_that_is_known() -> None:
    assert np.isnan(points([0, 3, 3], [0, 5, 5], 10, [40, np.nan, 40], [90, 90, np.nan])).all()
    assert np.isnan(patients_to(0, 0, 80)) and np.isnan(one_more(0, 0, 10, 40, 90))
    assert np.isnan(points(np.nan, 10, 10, 40, 90))


@given(st.integers(0, 100), st.floats(0, 100), st.integers(1, 10), st.integers(1, 20))
def test_improvement_pays_for_points_above_the_own_past(
    reached: int, baseline: float, lower: int, wide: int
) -> None:
    found = float(improved(reached, 100, 18, baseline, lower, lower + wide))
    gained = reached - baseline
    expected = 18 * min(max((gained - lower) / wide, 0), 1)
    assert found == pytest.approx(expected, abs=1e-9)


def test_improvement_is_refused_without_its_upper_end() -> None:
    assert np.isnan(improved(90, 100, 18, 80, 5, np.nan))
