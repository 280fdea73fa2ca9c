"""Periods as the field writes them: a year of either kind, quarter, month, or one day's extract."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}

_CALENDAR = re.compile(r"(?:19|20)\d{2}")
_YEAR = re.compile(r"(\d{4})[-/](?:\d{2})?(\d{2})")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_MONTH = re.compile(r"(\d{4})-M(0[1-9]|1[0-2])")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_WORDS = re.compile(r"([A-Za-z]{3,9})[ -](\d{4})")


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """A stretch of days, both ends included; ordered by its end, then its start.

    ``code`` is its short name in tables, addresses and commands:

    >>> Period.parse("2024-25").label
    'April 2024 to March 2025'
    >>> Period.parse("July 2026").code
    '2026-M07'
    >>> Period.day(date(2026, 7, 1)).label
    '1 July 2026'
    """

    end: date
    start: date

    @classmethod
    def financial_year(cls, first: int) -> Period:
        """Return the NHS year that starts on 1 April of the year ``first``."""
        return cls(start=date(first, 4, 1), end=date(first + 1, 3, 31))

    @classmethod
    def year_of(cls, day: date) -> Period:
        """Return the NHS year in which ``day`` lies."""
        return cls.financial_year(day.year if (day.month, day.day) >= (4, 1) else day.year - 1)

    @classmethod
    def calendar_year(cls, year: int) -> Period:
        """Return January to December of ``year``, as indices and surveys name their time."""
        return cls(start=date(year, 1, 1), end=date(year, 12, 31))

    @classmethod
    def quarter(cls, year: int, number: int) -> Period:
        """Return calendar quarter ``number`` (1 to 4) of ``year``."""
        last = 3 * number
        return cls(
            start=date(year, last - 2, 1), end=date(year, last, calendar.monthrange(year, last)[1])
        )

    @classmethod
    def month(cls, year: int, number: int) -> Period:
        """Return calendar month ``number`` (1 to 12) of ``year``."""
        return cls(
            start=date(year, number, 1),
            end=date(year, number, calendar.monthrange(year, number)[1]),
        )

    @classmethod
    def day(cls, on: date) -> Period:
        """Return the one day ``on``: an extract, a list at a date."""
        return cls(start=on, end=on)

    @classmethod
    def parse(cls, text: str) -> Period:
        """Return the period that ``text`` names.

        Accepts ``2024-25``, ``2024/25``, ``2024/2025``, ``2026-Q3``, ``2026-M07``,
        ``July 2026``, ``2026-07-01`` and ``2019`` (January to December). Raises
        ValueError, with those forms, for anything else.
        """
        return _parse(text.strip())

    @property
    def code(self) -> str:
        """Return the short name, as ``2024-25``, ``2026-Q3``, ``2026-M07`` or ``2026-07-01``."""
        if self.start == self.end:
            return self.start.isoformat()
        if self == Period.financial_year(self.start.year):
            return f"{self.start.year}-{self.end.year % 100:02d}"
        if self == Period.calendar_year(self.start.year):
            return f"{self.start.year}"
        if self == Period.month(self.start.year, self.start.month):
            return f"{self.start.year}-M{self.start.month:02d}"
        if self == Period.quarter(self.start.year, (self.start.month + 2) // 3):
            return f"{self.start.year}-Q{(self.start.month + 2) // 3}"
        return f"{self.start.isoformat()}/{self.end.isoformat()}"

    @property
    def label(self) -> str:
        """Return the period in words."""
        if self.start == self.end:
            return f"{self.start.day} {self.start:%B %Y}"
        if self == Period.calendar_year(self.start.year):
            return f"{self.start.year}"
        if (self.start.year, self.start.month) == (self.end.year, self.end.month):
            return f"{self.start:%B %Y}"
        return f"{self.start:%B %Y} to {self.end:%B %Y}"

    def __str__(self) -> str:
        return self.code


@lru_cache(maxsize=4096)
def _parse(text: str) -> Period:
    if found := _DAY.fullmatch(text):
        try:
            return Period.day(date(*map(int, found.groups())))
        except ValueError:
            raise ValueError(f"{text!r} is not a date in the calendar") from None
    if _CALENDAR.fullmatch(text):
        return Period.calendar_year(int(text))
    if found := _QUARTER.fullmatch(text):
        return Period.quarter(int(found[1]), int(found[2]))
    if found := _MONTH.fullmatch(text):
        return Period.month(int(found[1]), int(found[2]))
    if found := _YEAR.fullmatch(text):
        first, last = int(found[1]), int(found[2])
        if (first + 1) % 100 == last:
            return Period.financial_year(first)
    if (found := _WORDS.fullmatch(text)) and found[1].lower() in _MONTHS:
        return Period.month(int(found[2]), _MONTHS[found[1].lower()])
    if "/" in text:
        first_day, _, last_day = text.partition("/")
        if _DAY.fullmatch(first_day) and _DAY.fullmatch(last_day):
            return Period(start=date.fromisoformat(first_day), end=date.fromisoformat(last_day))
    raise ValueError(
        f"{text!r} is not a period. Write a year as 2024-25, a quarter as 2026-Q3, "
        "a month as 2026-M07 or 'July 2026', a day as 2026-07-01."
    )
