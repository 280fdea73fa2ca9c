from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.figures import Missing, Table
from locality.figures.schemas import LIST_SIZES
from locality.know import list_size, list_trend
from locality.know.lists import COMPLETE
from tests.know.made import organisation

OCTOBER, APRIL = date(2025, 10, 1), date(2026, 4, 1)
ONE, PCN = organisation("P1"), organisation("N1", "pcn")


def lists(*rows):
    return Table.of(LIST_SIZES, [
        {"as_at": on, "practice_code": code, "sub_icb_code": "S1", "patients": patients,
         "missing": missing}
        for on, code, patients, missing in rows
    ])  # fmt: skip


ROWS = [(OCTOBER, "P1", 8000, None), (OCTOBER, "P2", 4000, None), (APRIL, "P1", 8100, None),
        (APRIL, "P2", None, "no return")]  # fmt: skip


def test_a_practices_list_is_a_complete_count_without_interval() -> None:
    made = list_size(lists(*ROWS[::2]), ONE, ["P1"])
    assert (made.value, made.period.code, made.unit) == (8100, "2026-04-01", "patients")
    assert made.lower is None
    assert made.note == COMPLETE
    assert "no sampling interval" in COMPLETE


def test_a_sum_says_how_many_lists_are_in_it_and_which_lack() -> None:
    whole = list_size(lists(*ROWS[:2]), PCN, ["P1", "P2"])
    assert whole.value == 12_000
    assert whole.note == f"The sum of 2 practices' lists. {COMPLETE}"
    partial = list_size(lists(*ROWS), PCN, ["P1", "P2"])
    assert partial.value == 8100
    assert "1 of its practices has no list on that date" in partial.note
    absent = list_size(lists(*ROWS), PCN, ["P1", "P2", "P3"], active=["P1", "P2", "P3"])
    assert "2 of its practices have no list on that date" in absent.note
    closed = list_size(lists(*ROWS[::2]), PCN, ["P1", "P2"], active=["P1"])
    assert "no list" not in closed.note


def test_no_rows_and_empty_rows_say_why() -> None:
    assert list_size(lists(), ONE, ["P1"]).missing is Missing.NO_RETURN
    hidden = list_size(lists((APRIL, "P1", None, Missing.SUPPRESSED)), ONE, ["P1"])
    assert hidden.missing is Missing.SUPPRESSED
    zero = list_size(lists((APRIL, "P1", 0, None)), ONE, ["P1"])
    assert (zero.value, zero.missing) == (0, None)


def test_a_trend_sums_each_date_and_names_those_that_lack_a_list() -> None:
    table = list_trend(lists(*ROWS), PCN)
    assert [(r["period"], r["value"]) for r in table.rows] == [
        ("2025-10-01", 12_000), ("2026-04-01", 8100)
    ]  # fmt: skip
    assert table.notes == ("Not every practice's list is in the sum of 1 April 2026.",)
    assert list_trend(lists(*ROWS[::2]), ONE).notes == ()


@pytest.mark.parametrize("reason", [Missing.NO_RETURN, Missing.SUPPRESSED])
def test_a_date_without_any_number_says_why(reason) -> None:
    table = list_trend(lists((APRIL, "P1", None, reason)), ONE)
    assert [(row["value"], row["missing"]) for row in table.rows] == [(None, reason)]
    assert table.notes == ()


def test_one_list_of_several_members_is_said_so() -> None:
    partial = list_size(lists(*ROWS), PCN, ["P1", "P2"])
    assert partial.note == (
        f"The sum of one practice's list. {COMPLETE} 1 of its practices has no list on that date, "
        "and is not in it."
    )


@pytest.mark.parametrize("turned", [False, True])
def test_of_several_reasons_the_one_that_says_most_is_told(turned) -> None:
    rows = [(APRIL, "P1", None, Missing.NO_RETURN), (APRIL, "P2", None, Missing.SUPPRESSED),
            (APRIL, "P3", None, Missing.NOT_APPLICABLE)]  # fmt: skip
    table = lists(*rows[:: -1 if turned else 1])
    assert list_size(table, PCN, ["P1", "P2", "P3"]).missing is Missing.SUPPRESSED
    assert list_trend(table, PCN).rows[0]["missing"] == Missing.SUPPRESSED
    assert list_size(lists((APRIL, "P1", None, None)), ONE, ["P1"]).missing is Missing.NO_RETURN


def test_a_list_never_loaded_is_dated_by_the_organisation() -> None:
    assert list_size(lists(), organisation("P1", last_seen=APRIL), ["P1"]).period.code == (
        "2026-04-01"
    )
    assert list_size(lists(), organisation("P1", last_seen=None), ["P1"]).value is None
    assert len(list_trend(lists(), ONE)) == 0


DAYS = st.sampled_from([date(2025, 4, 1), OCTOBER, APRIL])
COUNTS = st.dictionaries(
    st.tuples(DAYS, st.sampled_from(["P1", "P2", "P3"])), st.none() | st.integers(0, 30_000)
)


@given(COUNTS)
def test_sums_are_those_of_the_slow_twin(counts) -> None:
    table = lists(*((on, code, n, None if n is not None else Missing.NO_RETURN)
                    for (on, code), n in counts.items()))  # fmt: skip
    twin = {}
    for on in sorted({day for day, _ in counts}):
        given_ = [n for (day, _), n in counts.items() if day == on and n is not None]
        twin[on.isoformat()] = sum(given_) if given_ else None
    made = list_trend(table, PCN)
    assert [(r["period"], r["value"]) for r in made.rows] == list(twin.items())
    assert all((r["value"] is None) == (r["missing"] is not None) for r in made.rows)
    if counts:
        size = list_size(table, PCN, ["P1", "P2", "P3"])
        assert (size.period.code, size.value) == list(twin.items())[-1]
