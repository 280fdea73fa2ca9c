"""Working days in England, against calendars that people hang on the wall."""

from __future__ import annotations

import socket
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.knowledge import working_days
from locality.knowledge.problems import KnowledgeError
from locality.knowledge.working_days import after, is_working_day


@pytest.mark.parametrize(
    ("day", "days", "comes_to"),
    [
        # An ordinary fortnight.
        (date(2026, 11, 2), 10, date(2026, 11, 16)),
        # Over Christmas 2026: 25 December is a Friday, so Monday the 28th stands for Boxing Day.
        (date(2026, 12, 23), 1, date(2026, 12, 24)),
        (date(2026, 12, 24), 1, date(2026, 12, 29)),
        (date(2026, 12, 18), 10, date(2027, 1, 6)),
        # Over Easter 2026: Good Friday is 3 April, Easter Monday 6 April.
        (date(2026, 4, 2), 1, date(2026, 4, 7)),
        (date(2026, 3, 27), 10, date(2026, 4, 14)),
        # From a weekend: Saturday and Sunday both come to the Monday.
        (date(2026, 11, 7), 1, date(2026, 11, 9)),
        (date(2026, 11, 8), 1, date(2026, 11, 9)),
        (date(2026, 11, 7), 0, date(2026, 11, 7)),
        # From a bank holiday.
        (date(2026, 5, 4), 1, date(2026, 5, 5)),
        # A leap day counts.
        (date(2028, 2, 28), 2, date(2028, 3, 1)),
    ],
)
def test_so_many_working_days_after(day: date, days: int, comes_to: date) -> None:
    assert after(day, days) == comes_to


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 12, 25), False),
        (date(2026, 12, 28), False),  # a substitute day
        (date(2026, 12, 29), True),
        (date(2022, 1, 3), False),  # New Year's Day fell on a Saturday
        (date(2022, 9, 19), False),  # held once, for a funeral
        (date(2026, 4, 6), False),
        (date(2026, 11, 30), True),  # St Andrew's Day is Scotland's
        (date(2026, 3, 17), True),  # St Patrick's Day is Northern Ireland's
        (date(2026, 11, 7), False),
        (date(2026, 11, 9), True),
    ],
)
def test_a_working_day_is_england_s(day: date, works: bool) -> None:
    assert is_working_day(day) is works


def test_beyond_the_holidays_known_it_says_so() -> None:
    assert is_working_day(date(2028, 12, 29))
    assert after(date(2028, 12, 28), 1) == date(2028, 12, 29)
    with pytest.raises(KnowledgeError, match="to 31 December 2028, so working days cannot be"):
        after(date(2028, 12, 28), 2)
    with pytest.raises(KnowledgeError, match="from 1 January 2012 to"):
        is_working_day(date(2011, 12, 30))
    with pytest.raises(ValueError, match="fewer than no days"):
        after(date(2026, 11, 2), -1)


@given(st.dates(date(2012, 1, 1), date(2027, 12, 31)), st.integers(1, 30))
def test_it_agrees_with_a_count_day_by_day(day: date, days: int) -> None:
    end = after(day, days)
    between = [day + timedelta(days=n) for n in range(1, (end - day).days + 1)]
    assert is_working_day(end)
    assert sum(map(is_working_day, between)) == days
    assert after(after(day, 1), days) == after(day, days + 1)


def test_the_network_is_never_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    working_days._known.cache_clear()
    assert is_working_day(date(2026, 11, 9))
