import json

import pytest

from locality.figures import Cell, Missing, Source
from locality.measure import figure
from tests.measure.made import definition, row

MEASURE = definition()
SOURCE = Source("qof_in_year", "In-year counts", "a practice", "counts.csv", "ab" * 32,
                "2026-06-30", 1, 4, local=True)  # fmt: skip


def test_a_figure_shows_its_whole_working() -> None:
    made = figure(
        MEASURE, row("P1", 300, 1000, 40, kind="pcn"), sources=[SOURCE], members=5,
        beside=[("its ICB", row("I1", 290, 1000, 0)), ("England", row("ENG", 2000, 10_000, 0))],
    )  # fmt: skip
    assert (made.value, made.numerator, made.excepted) == (30, 300, 40)
    assert made.text == "30.0 %"
    assert made.note == (
        "At 30.0 %, it is not clearly different from its ICB (29.0 %). "
        "At 30.0 %, it is higher than England (20.0 %)."
    )
    (rule,) = made.working.rules
    assert (rule.id, rule.place) == (MEASURE.id, MEASURE.place)
    assert rule.definition_hash == MEASURE.definition_hash
    assert rule.address == "https://example.org/doc"
    assert made.working.sources == (SOURCE,)
    steps = made.working.steps
    assert "5 member practices" in steps[0].text
    assert [step.calculation for step in steps] == [
        "", "300", "1,000", "40", "100 × 300 ÷ 1,000 = 30.0 %", made.interval_text
    ]  # fmt: skip
    assert json.loads(json.dumps(made.as_dict()))["working"]["rules"][0]["id"] == MEASURE.id


def test_another_view_shows_its_own_sum() -> None:
    made = figure(MEASURE, row("A1", 30, 40, 10), view="reach")
    assert made.value == pytest.approx(60)
    assert "100 × 30 ÷ (40 + 10) = 60.0 %" in [step.calculation for step in made.working.steps]


def test_a_withheld_figure_tells_no_count_anywhere() -> None:
    made = figure(MEASURE, row("A1", 3, 4321, 6, Cell.WITHHELD))
    assert made.missing is Missing.WITHHELD
    assert made.numerator is made.denominator is made.excepted is None
    assert "4321" not in json.dumps(made.as_dict()).replace(",", "")
    assert made.working.steps[0].text == Missing.WITHHELD.sentence


def test_nobody_to_count_and_no_return_say_so() -> None:
    empty = figure(MEASURE, row("A1", 0, 0, 0))
    assert (empty.missing, empty.denominator) == (Missing.NOTHING_TO_COUNT, 0)
    assert empty.working.steps[-1].text == Missing.NOTHING_TO_COUNT.sentence
    absent = figure(MEASURE, row("A1", flags=Cell.NO_RETURN))
    assert absent.missing is Missing.NO_RETURN
    assert "no number" in [step.calculation for step in absent.working.steps]


def test_a_partial_or_rounded_sum_says_so() -> None:
    made = figure(MEASURE, row("P1", 30, 40, 10, Cell.PARTIAL, "pcn"), rounded=True)
    assert "Not every member practice" in made.note
    assert "rounded to 5" in made.note
