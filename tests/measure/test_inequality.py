"""By deprivation: fifths of patients, and what the line through practices says, and does not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.figures import Cell, Missing, Problem, Source
from locality.figures.schemas.judged import INEQUALITY
from locality.measure.inequality import FEWEST, inequality
from locality.statistics import wilson
from tests.measure.made import definition, observations, row

PLAIN = definition(
    measure={
        "numerator": "numerator",
        "numerator_words": "people who were reviewed",
        "denominator": "denominator",
        "denominator_words": "people with asthma",
        "views": {"achievement": "100 * num / den"},
    },
    case=[
        {"words": "a few", "given": {"num": 3, "den": 4}, "expect": {"achievement": 75}},
        {"words": "everyone", "given": {"num": 4, "den": 4}, "expect": {"achievement": 100}},
        {"words": "nobody", "given": {"num": 0, "den": 0},
         "expect": {"achievement": "nobody to count"}},
    ],
)  # fmt: skip


def made(numerators: Any, denominators: Any, scores: Any, people: Any, **words: Any) -> Any:
    codes = [f"A{n:05}" for n in range(len(numerators))]
    return inequality(
        words.pop("measure", PLAIN),
        observations(*(row(*one) for one in zip(codes, numerators, denominators, strict=True))),
        dict(zip(codes, scores, strict=True)),
        dict(zip(codes, people, strict=True)),
        **words,
    )


def line(count: int = 50, top: float = 60, step: float = 0.0, noise: float = 0.0) -> Any:
    """Practices of equal lists whose value goes from ``top`` by ``step`` to the most deprived."""
    rng = np.random.default_rng(5)
    share = (np.arange(count) + 0.5) / count
    value = top + step * share + noise * rng.normal(size=count)
    return np.round(10 * value).tolist(), [1000.0] * count, (10 + share).tolist(), [5000] * count


def slow_fifths(
    num: list[float], den: list[float], scores: list[float], people: list[float]
) -> dict[int, tuple[float, float, int]]:
    """Return numerator, denominator and practices of each fifth, one practice at a time."""
    whole = sum(people)
    sums: dict[int, tuple[float, float, int]] = dict.fromkeys(range(1, 6), (0.0, 0.0, 0))
    for n, score in enumerate(scores):
        below = sum(p for p, other in zip(people, scores, strict=True) if other < score)
        own = sum(p for p, other in zip(people, scores, strict=True) if other == score)
        # in whole numbers: five times twice the middle, over twice everyone
        fifth = min((5 * (2 * below + own)) // (2 * whole), 4) + 1
        if den[n] > 0:
            top, bottom, many = sums[int(fifth)]
            sums[int(fifth)] = (top + num[n], bottom + den[n], many + 1)
    return sums


PRACTICE = st.tuples(
    st.integers(0, 40), st.integers(0, 40), st.integers(0, 9), st.integers(500, 20000)
)


@given(st.lists(PRACTICE, min_size=10, max_size=30))
def test_fifths_are_their_slow_twin(practices) -> None:
    den = [max(one[0], one[1]) for one in practices]
    num, scores = [one[0] for one in practices], [one[2] for one in practices]
    people = [one[3] for one in practices]
    if sum(one > 0 for one in den) < FEWEST:
        with pytest.raises(Problem, match="at least 10"):
            made(num, den, scores, people)
        return
    found = made(num, den, scores, people).fifths
    slow = slow_fifths(num, den, scores, people)
    assert found.schema == INEQUALITY and len(found) == 5
    for row_ in found.rows:
        top, bottom, many = slow[row_["fifth"]]
        assert row_["practices"] == many
        if many:
            assert (row_["numerator"], row_["denominator"]) == (top, bottom)
            assert row_["value"] == pytest.approx(100 * top / bottom)
            assert row_["lower"] == pytest.approx(100 * float(wilson(top, bottom).lower))
        else:
            assert row_["value"] is None and row_["numerator"] is None
    shares = [row_["share"] for row_ in found.rows]
    assert shares == sorted(shares) and shares[0] >= 0 and shares[-1] <= 1


def test_a_straight_line_is_found_with_its_ends_and_its_direction() -> None:
    found = made(*line(step=-10.0, noise=1.0))
    assert found.slope.value == pytest.approx(-10, abs=1.5)
    assert found.slope.lower < -10 < found.slope.upper < 0
    assert found.slope.unit == "percentage points" and found.relative.unit == "ratio"
    assert found.relative.value == pytest.approx(50 / 60, abs=0.02)
    assert found.relative.lower < 50 / 60 < found.relative.upper < 1
    assert "lower" in found.fifths.caption and "percentage points" in found.fifths.caption
    assert "better" not in found.fifths.caption
    assert found.slope.note == found.fifths.caption
    assert [round(r["share"], 2) for r in found.fifths.rows] == [0.1, 0.3, 0.5, 0.7, 0.9]
    for row_ in found.fifths.rows:
        assert row_["fitted"] == pytest.approx(60 - 10 * row_["share"], abs=1)
    worse = made(*line(step=-10.0, noise=1.0), measure=definition(polarity="higher_is_better"))
    assert worse.fifths.caption.endswith("Higher is better.")
    assert "higher (slope" in made(*line(step=10.0, noise=1.0)).fifths.caption


def test_no_slope_is_said_not_to_be_clear() -> None:
    found = made(*line(noise=5.0))
    assert found.slope.lower < 0 < found.slope.upper
    assert found.fifths.caption.startswith("It is not clear that it changes with deprivation")
    assert found.relative.lower < 1 < found.relative.upper


def test_practices_that_differ_widen_the_line_and_not_the_fifths() -> None:
    quiet, loud = made(*line(noise=0.2)), made(*line(noise=8.0))
    wide = [one.slope.upper - one.slope.lower for one in (quiet, loud)]
    assert wide[1] > 10 * wide[0]
    widths = [one.fifths.rows[2]["upper"] - one.fifths.rows[2]["lower"] for one in (quiet, loud)]
    assert widths[1] == pytest.approx(widths[0], rel=0.2)
    assert any("how much practices differ" in note for note in loud.fifths.notes)


def test_who_is_left_out_is_told_and_who_has_no_value_keeps_a_place() -> None:
    num, den, scores, _ = line(12)
    codes = [f"A{n:05}" for n in range(12)]
    rows = [row(*one) for one in zip(codes, num, den, strict=True)]
    rows[11] = row(codes[11], flags=Cell.NO_RETURN)
    known = dict(zip(codes, scores, strict=True))
    del known["A00000"]
    found = inequality(PLAIN, observations(*rows), known, dict.fromkeys(codes, 100.0))
    assert sum(r["practices"] for r in found.fifths.rows) == 10
    assert any(note.startswith("1 of 12 practices are left out") for note in found.fifths.notes)
    assert any("1 more keep their place" in note for note in found.fifths.notes)
    # Eleven are placed, so that the last of those shown is not at the top.
    assert found.fifths.rows[4]["share"] == pytest.approx(1 - 1 / 11)


def test_a_withheld_count_is_in_no_sum() -> None:
    num, den, scores, _ = line(12)
    codes = [f"A{n:05}" for n in range(12)]
    rows = [row(*one) for one in zip(codes, num, den, strict=True)]
    rows[3] = row(codes[3], 900, 900, flags=Cell.WITHHELD)
    found = inequality(
        PLAIN, observations(*rows), dict(zip(codes, scores, strict=True)), dict.fromkeys(codes, 9.0)
    )
    assert sum(r["denominator"] for r in found.fifths.rows) == 11 * 1000


def test_everybody_alike_in_deprivation_has_no_slope() -> None:
    num, den, _, people = line(12)
    found = made(num, den, [3.0] * 12, people)
    assert found.slope.missing is Missing.NOTHING_TO_COUNT and found.relative.value is None
    assert found.fifths.caption.startswith("Nothing can be said")
    assert [r["practices"] for r in found.fifths.rows] == [0, 0, 12, 0, 0]


def test_an_end_at_zero_has_no_ratio() -> None:
    count = 20
    num = [0.0] * 12 + [50.0 * n for n in range(1, 9)]
    found = made(num, [1000.0] * count, list(range(count)), [100] * count)
    assert found.slope.value > 0 and found.relative.missing is not None
    assert "no ratio" in found.relative.note


def test_it_shows_its_working() -> None:
    source = Source("p", "t", "P", "f.csv", "0" * 64, "2026", 1, 3)
    found = made(*line(), organisation="QZ1", name="Dale", sources=(source,))
    for figure in (found.slope, found.relative):
        assert figure.organisation == "QZ1" and figure.period.code == "2026-06-30"
        assert figure.working.sources == (source,)
        assert figure.working.rules[0].id == PLAIN.id
        assert "50 practices, 250,000 patients" in figure.working.steps[0].calculation
    assert found.fifths.title.endswith("by deprivation, Dale")


def test_too_few_practices_are_refused_gently() -> None:
    with pytest.raises(Problem, match=r"Of England, 9 practices have.*wider area"):
        made(*line(9))
