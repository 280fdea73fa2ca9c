"""What a newer version changed, beside a plain count of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.figures import Cell, Table
from locality.measure import changes, changes_table, first_counted
from tests.measure.made import definition, observations, row

MEASURE = definition()


def england(numerator: float, denominator: float, period: str = "2026-06-30") -> dict[str, Any]:
    return row("ENG", numerator, denominator, 0, kind="england", period=period)


def test_equal_counts_are_no_change_whatever_their_order() -> None:
    rows = [row("A1", 1, 10, 0), row("A2", 2, 10), row("A3", flags=Cell.NO_RETURN), england(3, 20)]
    assert changes(MEASURE, observations(*rows), observations(*rows[::-1])) == []


def test_a_correction_names_the_practice_that_moved_most_and_englands_value() -> None:
    before = observations(row("A1", 1, 10, 0), row("A2", 2, 10, 0), england(3, 20))
    after = observations(row("A1", 5, 10, 0), row("A2", 3, 10, 0), england(8, 20))
    (found,) = changes(MEASURE, before, after)
    assert found["what"] == "counts changed" and found["practices"] == 2
    assert (found["most_code"], found["most_before"], found["most_after"]) == ("A1", 10.0, 50.0)
    assert (found["england_before"], found["england_after"]) == (15.0, 40.0)


def test_a_count_that_came_or_went_is_a_change_even_if_it_is_zero() -> None:
    before = observations(row("A1", flags=Cell.NO_RETURN), row("A2", 0, 0, 0), row("A3", 1, 2, 0))
    after = observations(row("A1", 0, 0, 0), row("A2", flags=Cell.NO_RETURN), row("A3", 1, 2, 0))
    (found,) = changes(MEASURE, before, after)
    assert (found["what"], found["practices"]) == ("counts changed", 2)
    assert found["most_code"] is None


def test_periods_come_and_go() -> None:
    old = [row("A1", 1, 10, 0, period="2025-M06"), england(1, 10, "2025-M06")]
    new = [row("A1", 2, 10, 0, period="2025-M07"), england(2, 10, "2025-M07")]
    both = changes_table(changes(MEASURE, observations(*old), observations(*new)))
    assert [(r["period"], r["what"]) for r in both.rows] == [
        ("2025-M06", "period gone"), ("2025-M07", "new period")
    ]  # fmt: skip
    assert both.rows[1]["england_before"] is None and both.rows[1]["england_after"] == 20.0


def test_a_new_measure_is_one_row_at_its_last_period() -> None:
    (found,) = changes_table([first_counted(MEASURE, ["2026-M01", "2025-M12"])]).rows
    assert (found["what"], found["period"]) == ("new measure", "2026-M01")
    assert found["practices"] is None


def plainly(before: Table, after: Table) -> dict[str, int]:
    """Count changed practices by period, a row at a time."""
    sides = [
        {
            (r["code"], r["period"]): None
            if Cell(r["flags"]) & (Cell.NO_RETURN | Cell.SUPPRESSED)
            else (r["numerator"], r["denominator"], r["excepted"])
            for r in side.rows
            if r["kind"] == "practice"
        }
        for side in (before, after)
    ]
    moved: dict[str, int] = {}
    for key in {*sides[0], *sides[1]}:
        if sides[0].get(key) != sides[1].get(key):
            moved[key[1]] = moved.get(key[1], 0) + 1
    return moved


cell = st.sampled_from([None, (0, 0, None), (1, 4, 0), (2, 4, 0), (2, 4, None)])
grid = st.dictionaries(
    st.tuples(st.sampled_from(["A1", "A2", "A3"]), st.sampled_from(["2025-M01", "2025-M02"])), cell
)


@given(grid, grid)
def test_it_counts_as_a_plain_loop_does(old: Any, new: Any) -> None:
    def table(cells: Any) -> Table:
        return observations(
            *(
                row(code, flags=Cell.NO_RETURN, period=period)
                if found is None
                else row(code, *found, period=period)
                for (code, period), found in cells.items()
            )
        )

    before, after = table(old), table(new)
    found = {r["period"]: r["practices"] for r in changes(MEASURE, before, after)}
    assert found == plainly(before, after)


@pytest.mark.parametrize("same", [True, False])
def test_the_values_are_those_of_the_main_view(same: bool) -> None:
    before = observations(row("A1", 1, 10, 5), england(1, 10))
    after = observations(row("A1", 1 if same else 2, 10, 5), england(1, 10))
    found = changes(MEASURE, before, after)
    assert found == [] if same else found[0]["most_after"] == 20.0
