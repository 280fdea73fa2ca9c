import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality import knowledge
from locality.figures import Cell, Missing, NotFound
from locality.measure import values, values_table
from locality.statistics import wilson
from tests.measure.made import VIEWS, definition, observations, row

MEASURE = definition()
COUNTS = st.integers(0, 40) | st.none()


def number(count: int | None) -> float:
    return float("nan") if count is None else float(count)


@given(st.lists(st.tuples(COUNTS, COUNTS, COUNTS), min_size=1, max_size=12),
       st.sampled_from(list(VIEWS)))  # fmt: skip
def test_every_view_equals_the_definition_cell_by_cell(cells, view) -> None:
    made = values(MEASURE, *np.array([[number(c) for c in cell] for cell in cells]).T, view=view)
    for place, (num, den, exc) in enumerate(cells):
        twin = knowledge.value(MEASURE, {"num": num, "den": den, "exc": exc}, view)
        if isinstance(twin, Missing):
            assert made.reasons[place] == twin.value
            assert np.isnan(made.value[place])
        else:
            assert made.reasons[place] is None
            assert made.value[place] == pytest.approx(twin)


def test_intervals_are_wilsons_of_the_share_that_the_view_is() -> None:
    for view, (top, bottom) in {
        "achievement": (30, 40), "reach": (30, 50), "pca_rate": (10, 50)}.items():  # fmt: skip
        made = values(MEASURE, 30, 40, 10, view=view)
        ends = wilson(top, bottom)
        assert (float(made.lower), float(made.upper)) == (100 * ends.lower, 100 * ends.upper)
        assert made.lower < made.value < made.upper


def test_zero_is_a_value_and_a_zero_denominator_is_not() -> None:
    made = values(MEASURE, [0, 0], [50, 0], [0, 0])
    assert made.value[0] == 0
    assert made.reasons == [None, Missing.NOTHING_TO_COUNT.value]
    assert made.lower[0] == 0 < made.upper[0]
    assert np.isnan(made.upper[1])


@pytest.mark.parametrize(
    ("flags", "reason"),
    [
        (Cell.NO_RETURN, Missing.NO_RETURN),
        (Cell.SUPPRESSED, Missing.SUPPRESSED),
        (Cell.NOT_APPLICABLE, Missing.NOT_APPLICABLE),
        (Cell.WITHHELD, Missing.WITHHELD),
        (Cell.SUPPRESSED | Cell.NO_RETURN, Missing.SUPPRESSED),
        (Cell.WITHHELD | Cell.PARTIAL, Missing.WITHHELD),
        (Cell.PARTIAL, None),
        (Cell.OK, None),
    ],
)
def test_the_reason_is_the_flags_own(flags, reason) -> None:
    made = values(MEASURE, 10, 20, 0, int(flags))
    assert made.reasons == [reason]
    assert flags.missing == reason
    assert np.isnan(made.value) == (reason is not None)


def test_a_share_above_everyone_has_no_interval() -> None:
    made = values(MEASURE, 21, 20, 0)
    assert made.value == pytest.approx(105)
    assert np.isnan(made.lower)


def test_a_rate_that_is_no_percentage_has_no_interval() -> None:
    rate = definition(unit="for each 1,000 patients", measure=MEASURE.measure.model_dump() | {
        "views": {"rate": "1000 * num / den"}}, case=[
        {"words": f"case {n}", "given": {"num": 0, "den": 0}, "expect": {"rate": "nobody to count"}}
        for n in range(3)])  # fmt: skip
    made = values(rate, 5, 100)
    assert made.value == pytest.approx(50)
    assert np.isnan(made.lower)


def test_a_view_that_is_not_there_is_named() -> None:
    with pytest.raises(NotFound, match="achievement"):
        values(MEASURE, 1, 2, 3, view="achievment")


def test_the_table_hides_the_counts_of_a_withheld_row_and_says_who_did_not_return() -> None:
    table = values_table(
        MEASURE,
        observations(
            row("A1", 40, 80, 5), row("A2", 3, 30, 9, Cell.WITHHELD),
            row("P1", 43, 110, 14, Cell.PARTIAL, "pcn"),
        ),
        {"A1": "ONE"},
    )  # fmt: skip
    first, second, third = table.rows
    assert (first["name"], first["value"], first["numerator"]) == ("ONE", 50, 40)
    assert second["missing"] == Missing.WITHHELD
    assert {second[name] for name in ("value", "lower", "upper", "numerator", "denominator",
                                      "excepted", "name")} == {None}  # fmt: skip
    assert third["value"] == pytest.approx(43 / 1.1)
    assert "In 1 of 3 rows" in table.notes[0]


RATE = {
    "numerator": "numerator", "numerator_words": "requests that were sent",
    "denominator": "denominator", "denominator_words": "people with asthma",
    "interval": "events", "views": {"rate": "1000 * num / den"},
}  # fmt: skip
CASES = [
    {"words": "a few", "given": {"num": 3, "den": 4}, "expect": {"rate": 750}},
    {"words": "none", "given": {"num": 0, "den": 4}, "expect": {"rate": 0}},
    {"words": "nobody", "given": {"num": 0, "den": 0}, "expect": {"rate": "nobody to count"}},
]


def test_a_rate_of_events_has_the_interval_of_a_poisson_count() -> None:
    events = definition(unit="per 1,000 patients", measure=RATE, case=CASES)
    made = values(events, [100.0, 0.0, 9000.0, 5.0], [2000.0, 500.0, 3000.0, 0.0])
    # 100 events: 81.36 to 121.63 (Byar); none: 0 to 3.69 (exact). A rate may pass one each.
    assert made.lower[:2] == pytest.approx([1000 * 81.36 / 2000, 0], abs=0.01)
    assert made.upper[:2] == pytest.approx([1000 * 121.63 / 2000, 1000 * 3.689 / 500], abs=0.01)
    assert made.lower[2] < made.value[2] == 3000 < made.upper[2]
    assert np.isnan(made.lower[3]) and made.reasons[3] == "nobody to count"


def test_a_complete_count_has_no_interval() -> None:
    whole = definition(unit="per 1,000 patients", measure={**RATE, "interval": "none"}, case=CASES)
    made = values(whole, 100.0, 2000.0)
    assert made.value == 50 and np.isnan(made.lower) and np.isnan(made.upper)
