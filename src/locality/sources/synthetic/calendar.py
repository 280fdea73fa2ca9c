"""Which extracts and years a made-up locality publishes, on the dates that real ones use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

#: The latest practice map, list sizes and age-sex counts.
LATEST = date(2026, 7, 1)
#: CCGs and STPs ended, sub-ICB locations and ICBs began.
BOARDS_BEGAN = date(2022, 7, 1)
#: Boards merged: 42 became 36 in England.
BOARDS_MERGED = date(2026, 4, 1)
#: The last QOF year that is published, by the year it starts in.
LAST_QOF_YEAR = 2025
#: Allocation years whose file layout is known, by the year they start in.
_ALLOCATION_YEARS = (2022, 2023, 2024, 2025)
#: Until then lists come each quarter, from then on each month.
_MONTHLY_FROM = date(2025, 8, 1)
#: English names, whatever language the computer is set to.
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Calendar:
    """The dates of a locality of ``years`` QOF years, ending with 2025-26."""

    years: int

    @property
    def first(self) -> int:
        """Return the year in which the first QOF year starts."""
        return LAST_QOF_YEAR - self.years + 1

    @property
    def qof_years(self) -> tuple[int, ...]:
        """Return the QOF years, each by the year it starts in."""
        return tuple(range(self.first, LAST_QOF_YEAR + 1))

    @property
    def months(self) -> tuple[date, ...]:
        """Return the first day of every month that lists can be asked for."""
        return tuple(
            date(year, month, 1)
            for year in range(self.first, LATEST.year + 1)
            for month in range(1, 13)
            if date(year, month, 1) <= LATEST
        )

    @property
    def maps(self) -> tuple[date, ...]:
        """Return the dates of the practice maps: January in each QOF year, and the latest."""
        return (*(date(year + 1, 1, 1) for year in self.qof_years), LATEST)

    @property
    def lists(self) -> tuple[date, ...]:
        """Return the dates of the list sizes: quarterly, and monthly in the last year."""
        return tuple(
            on
            for on in self.months
            if on >= date(self.first, 4, 1) and (on >= _MONTHLY_FROM or on.month in (1, 4, 7, 10))
        )

    @property
    def age_sex(self) -> tuple[date, ...]:
        """Return the dates of the age-sex counts: the end of each QOF year, and the latest."""
        return (*(year_end(year) for year in self.qof_years), LATEST)

    @property
    def allocation_years(self) -> tuple[int, ...]:
        """Return the years of weighted populations, each by the year it starts in."""
        return tuple(year for year in _ALLOCATION_YEARS if year >= self.first)


def year_end(year: int) -> date:
    """Return the day on which the QOF year that starts in ``year`` counts its lists: 1 April."""
    return date(year + 1, 4, 1)


def year_code(year: int) -> str:
    """Return ``2024-25`` for 2024."""
    return f"{year}-{(year + 1) % 100:02d}"


def day_month_year(on: date) -> str:
    """Return ``01Jul2026``, in English whatever the computer speaks."""
    return f"{on.day:02d}{MONTHS[on.month - 1]}{on.year}"


def short_month(on: date) -> str:
    """Return ``jul-26``, as file names carry it."""
    return f"{MONTHS[on.month - 1].lower()}-{on.year % 100:02d}"
