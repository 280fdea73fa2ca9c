from datetime import date

import pytest

from locality.figures import Cell, Column, Missing, Schema, Table
from locality.figures.schemas import OBSERVATIONS
from locality.measure import catalogue, figures, over, trend
from tests.measure.made import definition, observations, row

MEASURE = definition()
SEVERAL = Schema("latest", "Latest", (Column("measure", "text", "id"), *OBSERVATIONS.columns))


def test_a_trend_is_in_the_order_of_time_and_begins_with_the_organisation() -> None:
    table = trend(
        MEASURE,
        observations(
            row(numerator=10, denominator=20, period="2026-M10"),
            row(numerator=9, denominator=20, period="2026-M09"),
            row(flags=Cell.NO_RETURN, period="2026-M11"),
            row(flags=Cell.NOT_APPLICABLE, period="2026-M08"),
            row(flags=Cell.NOT_APPLICABLE, period="2026-M12"),
        ),
        {"A00001": "ONE"},
    )
    assert [(r["period"], r["value"], r["missing"]) for r in table.rows] == [
        ("2026-M09", 45, None), ("2026-M10", 50, None), ("2026-M11", None, Missing.NO_RETURN)
    ]  # fmt: skip


def test_over_is_in_the_order_of_names_and_is_not_a_ranking() -> None:
    table = over(
        MEASURE,
        observations(
            row("A1", 1, 20), row("A2", 19, 20), row("A3", flags=Cell.NOT_APPLICABLE), row("A4")
        ),
        {"A1": "ZED", "A2": "ALPHA", "A4": "MID"},
    )
    assert [r["name"] for r in table.rows] == ["ALPHA", "MID", "ZED"]
    assert "not a ranking" in table.caption


def several(*rows: tuple[str, dict]) -> Table:
    return Table.of(SEVERAL, [{"measure": id, **one} for id, one in rows])


def test_one_organisations_measures_stand_beside_its_icb_and_england() -> None:
    other = definition(id="made.other", title="Another measure", topic="Cardiac",
                       polarity="higher_is_better")  # fmt: skip
    old = definition(id="made.old", replaced_by=["made.other"])
    known = {one.id: one for one in (MEASURE, other, old)}
    rows = [row("A1", 30, 100, 0), row("I1", 29, 100, 0, kind="icb"),
            row("ENG", 2000, 10_000, 0, kind="england")]  # fmt: skip
    table = figures(
        known,
        several(*((id, one) for id in known for one in rows), ("made.unknown", rows[0])),
        "A1",
        "I1",
    )
    assert [r["measure"] for r in table.rows] == ["made.other", "made.asthma_review"]
    last = table.rows[1]
    assert (last["value"], last["icb"], last["england"]) == (30, 29, 20)
    assert last["sentence"] == "At 30.0 %, it is higher than England (20.0 %)."
    assert "better" not in last["sentence"]
    assert "higher is better" in table.rows[0]["sentence"]


def test_a_comparator_of_another_period_is_no_comparator() -> None:
    rows = [row("A1", 30, 100), row("ENG", 2000, 10_000, kind="england", period="2026-09-30")]
    (only,) = figures({MEASURE.id: MEASURE}, several(*((MEASURE.id, r) for r in rows)), "A1").rows
    assert (only["england"], only["sentence"]) == (None, "")


def test_a_missing_value_says_why_and_what_does_not_apply_is_left_out() -> None:
    rows = [row("A1", flags=Cell.SUPPRESSED), row("A2", flags=Cell.NOT_APPLICABLE)]
    table = several(*((MEASURE.id, r) for r in rows))
    (only,) = figures({MEASURE.id: MEASURE}, table, "A1").rows
    assert only["missing"] == Missing.SUPPRESSED
    assert only["sentence"] == Missing.SUPPRESSED.sentence
    assert len(figures({MEASURE.id: MEASURE}, table, "A2")) == 0


def test_england_is_not_set_beside_itself() -> None:
    table = several((MEASURE.id, row("ENG", 20, 100, kind="england")))
    (only,) = figures({MEASURE.id: MEASURE}, table, "ENG").rows
    assert only["england"] is None


def test_the_catalogue_names_owner_and_next_review() -> None:
    (only,) = catalogue([MEASURE]).rows
    assert (only["owner"], only["next_review"]) == ("lead analyst", date(2027, 4, 1))
    assert only["numerator"] == "people who were reviewed"
    assert only["polarity"] == "none"


@pytest.mark.parametrize("function", [trend, over])
def test_nothing_gives_an_empty_table(function) -> None:
    assert len(function(MEASURE, observations())) == 0
