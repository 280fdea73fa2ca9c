from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.figures import Period

DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@pytest.mark.parametrize(
    ("text", "code", "label"),
    [
        ("2024-25", "2024-25", "April 2024 to March 2025"),
        ("2024/25", "2024-25", "April 2024 to March 2025"),
        ("2024/2025", "2024-25", "April 2024 to March 2025"),
        ("1999-00", "1999-00", "April 1999 to March 2000"),
        ("2011-12", "2011-12", "April 2011 to March 2012"),
        ("2026-M12", "2026-M12", "December 2026"),
        ("July 2026", "2026-M07", "July 2026"),
        ("Jul 2026", "2026-M07", "July 2026"),
        ("2026-Q3", "2026-Q3", "July 2026 to September 2026"),
        ("2026-07-01", "2026-07-01", "1 July 2026"),
    ],
)
def test_every_way_of_writing_a_period(text: str, code: str, label: str) -> None:
    period = Period.parse(text)
    assert (period.code, period.label) == (code, label)


@pytest.mark.parametrize("text", ["", "2024-26", "2026-M13", "2026-Q5", "2026-02-30", "soon", "/"])
def test_anything_else_is_refused_with_the_forms_that_work(text: str) -> None:
    with pytest.raises(ValueError, match="calendar" if text.count("-") == 2 else "2024-25"):
        Period.parse(text)


@given(DAYS, st.integers(1, 12), st.integers(1, 4))
def test_codes_read_back(day: date, month: int, quarter: int) -> None:
    for period in (
        Period.day(day),
        Period.month(day.year, month),
        Period.quarter(day.year, quarter),
        Period.financial_year(day.year),
        Period(start=day, end=day + timedelta(days=400)),
    ):
        assert Period.parse(period.code) == period


@given(st.lists(DAYS, min_size=2, max_size=9))
def test_periods_sort_by_when_they_end(days: list[date]) -> None:
    periods = sorted(Period.day(day) for day in days)
    assert [period.end for period in periods] == sorted(days)
