import math
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.figures import Missing, Period, Problem, Table
from locality.figures.schemas.prices import NATIONAL_COSTS
from locality.know.costs import cost, cost_history, cost_list

Y17, Y18 = (Period.financial_year(year) for year in (2017, 2018))


def table(schema: Any, *rows: tuple[Any, ...]) -> Table:
    return Table.of(schema, [dict(zip(schema.names, row, strict=True)) for row in rows])


def costed(
    period: str, department: str, code: str, activity: float | None, unit: float | None,
    total: float | None, service: str = "", missing: str | None = None, name: str = "Stroke",
) -> tuple[Any, ...]:  # fmt: skip
    return (period, department, service, code, "Ward" if service else "", name, activity, unit,
            total, False, missing)  # fmt: skip


HIDDEN = str(Missing.SUPPRESSED)
COSTS = table(
    NATIONAL_COSTS,
    costed("2017-18", "elective_excess_bed_days", "AA22C", 175, 262.1928, 45883.74),
    costed("2017-18", "consultant_led", "WF01A", 100, 120, 12000, "100", name="Follow-up"),
    costed("2017-18", "consultant_led", "WF01B", 50, 180, 9000, "100", name="First"),
    costed("2017-18", "consultant_led", "WF01A", 10, 90, 900, "320", name="Follow-up"),
    costed("2017-18", "non_consultant_led", "WF01A", 40, 60, 2400, "100", name="Follow-up"),
    costed("2024-25", "day_case", "AA22C", 10, 500, 5000),
    costed("2024-25", "day_case", "CA11A", None, None, 700, missing=HIDDEN, name="Nose"),
    costed("2024-25", "consultant_led", "N01A", 4, 70, 280, name="Community Midwife"),
    costed("2024-25", "ambulance", "01", 0, 0, 0, name="Hear & Treat"),
)
Y24 = Period.financial_year(2024)


def test_the_cost_of_a_bed_day_says_its_unit_and_shows_its_sum() -> None:
    found = cost(COSTS, ["elective_excess_bed_days"], Y17, currencies=["aa22c"])
    assert found.text == "£262.19" and found.unit == "£ per excess bed day"
    assert (found.numerator, found.denominator) == (45883.74, 175)
    assert found.complete and not found.interval_text
    assert found.working.steps[-1].calculation == "£45,883.74 / 175 = £262.19"


def test_several_rows_are_weighted_by_their_activity() -> None:
    both = ["consultant_led", "non_consultant_led"]
    found = cost(COSTS, both, Y17)
    assert found.value == pytest.approx(24300 / 200)
    assert found.unit == "£ per attendance"
    assert cost(COSTS, both, Y17, services=["100"]).value == pytest.approx(23400 / 190)
    assert cost(COSTS, both, Y17, currencies=["WF01B"]).value == pytest.approx(180)


def test_hidden_activity_is_left_out_of_both_sides_and_said() -> None:
    found = cost(COSTS, ["day_case"], Y24)
    assert found.value == 500 and not found.complete
    assert "small activity is hidden: 1, with £700.00" in found.note
    (row,) = cost_history(COSTS, ["day_case"]).rows
    assert (row["rows"], row["hidden"], row["hidden_cost"], row["total_cost"]) == (2, 1, 700, 5700)
    alone = cost(COSTS, ["day_case"], Y24, currencies=["CA11A"])
    assert (alone.value, alone.missing) == (None, Missing.SUPPRESSED)


def test_no_cost_is_made_up() -> None:
    nothing = cost(COSTS, ["ambulance"], Y24)
    assert nothing.missing is Missing.NOTHING_TO_COUNT
    assert "Years loaded: 2017-18, 2024-25" in cost(COSTS, ["day_case"], Y18).note
    absent = cost(COSTS, ["day_case"], Y17)
    assert absent.missing is Missing.NO_RETURN
    assert absent.note == "The schedule of 2017-18 has no such row. It is in 2024-25."
    assert "in no year loaded" in cost(COSTS, ["day_case"], Y17, currencies=["ZZ01Z"]).note
    assert "Years loaded: none" in cost(table(NATIONAL_COSTS), ["day_case"], Y17).note


def test_a_year_that_is_not_comparable_says_so() -> None:
    assert "no outpatient attendances" in cost(COSTS, ["consultant_led"], Y24).note
    assert cost(COSTS, ["consultant_led"], Y17).note == ""
    (note,) = cost_history(COSTS, ["consultant_led"]).notes
    assert note.startswith("2024-25: ")


def test_departments_are_named_or_offered() -> None:
    with pytest.raises(Problem, match="did you mean 'day_case'"):
        cost(COSTS, ["daycase"], Y17)
    for none in ("day_case", []):
        with pytest.raises(Problem, match="as a list"):
            cost_history(COSTS, none)


def test_the_cost_list_looks_in_codes_names_and_departments() -> None:
    def codes(text: str, period: Period | None = None) -> list[tuple[str, str]]:
        found = cost_list(COSTS, text, period)
        return [(row["period"], row["currency_code"]) for row in found.rows]

    assert codes("aa22c") == [("2024-25", "AA22C"), ("2017-18", "AA22C")]
    assert codes("AA22C", Y17) == [("2017-18", "AA22C")]
    assert codes("nose") == [("2024-25", "CA11A")]
    assert codes("bed days stroke") == [("2017-18", "AA22C")]
    assert codes("ward first") == [("2017-18", "WF01B")]
    assert codes("") == codes("nothing like it") == []
    row = cost_list(COSTS, "bed days").rows[0]
    assert (row["department_title"], row["unit"]) == (
        "Elective inpatients: excess bed days", "excess bed day",
    )  # fmt: skip
    some = cost_list(COSTS, "follow-up", limit=2)
    assert len(some) == 2 and some.notes == ("The first 2 of 3 rows.",)


AMOUNT = st.none() | st.integers(0, 10_000)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["2016-17", "2017-18"]),
            st.sampled_from(["day_case", "elective_inpatient"]),
            st.sampled_from(["", "100", "320"]),
            st.sampled_from(["AA22C", "CA11A"]),
            AMOUNT,
            st.integers(0, 500),
        ),
        max_size=20,
        unique_by=lambda row: row[:4],
    ),
    st.none() | st.lists(st.sampled_from(["", "100", "320"]), unique=True),
)
def test_history_equals_the_slow_way(
    drawn: list[tuple[Any, ...]], services: list[str] | None
) -> None:
    costs = table(
        NATIONAL_COSTS,
        *(
            costed(period, department, code, many, None if many is None else each,
                   each * (3 if many is None else many), service,
                   HIDDEN if many is None else None)
            for period, department, service, code, many, each in drawn
        ),
    )  # fmt: skip
    slow: dict[str, list[float]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    for period, department, service, _, many, each in drawn:
        if department != "day_case" or (services is not None and service not in services):
            continue
        sums = slow[period]
        sums[0] += 1
        if many is None:
            sums[3] += 1
            sums[4] += 3 * each
        else:
            sums[1] += many
            sums[2] += many * each
    found = {r["period"]: r for r in cost_history(costs, ["day_case"], services=services).rows}
    assert set(found) == set(slow)
    for period, (number, activity, shown, hidden, hidden_cost) in slow.items():
        row = found[period]
        assert (row["rows"], row["hidden"]) == (number, hidden)
        assert math.isclose(row["hidden_cost"], hidden_cost)
        assert math.isclose(row["total_cost"], shown + hidden_cost)
        if activity:
            assert math.isclose(row["unit_cost"], shown / activity)
        else:
            assert row["unit_cost"] is None
            expected = HIDDEN if hidden == number else str(Missing.NOTHING_TO_COUNT)
            assert row["missing"] == expected
