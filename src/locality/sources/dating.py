"""When a file is from: the date in its rows, or what its name says where the rows are silent."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

import numpy as np

from locality.figures import Period
from locality.sources.arrow import Array, pc
from locality.sources.cells import MONTHS, days
from locality.sources.reading import Refused
from locality.sources.sieve import Sieve

_MONTH_NAME = re.compile(
    r"(?<![a-z])(" + "|".join(MONTHS) + r")[a-z]*[-_ .]*((?:20)?\d{2})(?!\d)", re.IGNORECASE
)
_LONG_YEAR = re.compile(r"(?<!\d)(20\d{2})[-_/ .]?(20\d{2})(?!\d)")
_MIXED_YEAR = re.compile(r"(?<!\d)(20\d{2})[-_/ .]?(\d{2})(?!\d)")
_SHORT_YEAR = re.compile(r"(?<!\d)(\d{2})[-_/ .]?(\d{2})(?!\d)")


def extract_date(sieve: Sieve, column: Array, what: str) -> date:
    """Return the one date of a file's rows; rows without a readable date are set aside.

    ``what`` is the publication in words, for a sentence. Raises Refused where rows carry
    different dates, or none a readable one.
    """
    if not sieve.keep.any():
        sieve.verdict(what)
    found, bad = days(column)
    sieve.drop(bad | np.asarray(pc.is_null(found)), "The extract date is empty or no date.")
    dates: list[date] = sorted(d for d in pc.unique(sieve.kept(found)).to_pylist() if d)
    if not dates:
        raise Refused(
            "No row has an extract date that can be read (such as 2026-07-01 or 01Jul2026). "
            "Check that this is the file you meant."
        )
    if len(dates) > 1:
        raise Refused(
            f"The rows carry {len(dates)} different extract dates (from {in_words(dates[0])} to "
            f"{in_words(dates[-1])}). Give one file for each date."
        )
    return dates[0]


def in_words(on: date) -> str:
    """Return a date as people write it: 1 July 2026."""
    return f"{on.day} {on:%B %Y}"


def years_in(name: str) -> list[int]:
    """Return the first calendar years of the financial years that a file's name may mean.

    >>> years_in("PREVALENCE_2425.csv"), years_in("need_2024-25.csv"), years_in("QOF 2024_2025")
    ([2024], [2024], [2024])
    """
    for pattern in (_LONG_YEAR, _MIXED_YEAR, _SHORT_YEAR):
        found = []
        for match in pattern.finditer(name):
            first, second = int(match[1]), int(match[2])
            if second - first == 1 if second > 99 else (first + 1) % 100 == second:
                year = first if first >= 2000 else 2000 + first
                if 2004 <= year < 2100 and year not in found:
                    found.append(year)
        if found:
            return found
    return []


def year_from_names(names: Iterable[str]) -> Period | None:
    """Return the financial year in the first of ``names`` that has one, and only one; or None."""
    for name in names:
        if len(years := years_in(name)) == 1:
            return Period.financial_year(years[0])
    return None


def month_from_names(names: Iterable[str]) -> date | None:
    """Return the first day of the month that a file's name says, as in ``epraccur-may-25.csv``."""
    for name in names:
        if found := _MONTH_NAME.search(name):
            year = int(found[2])
            return date(year if year > 99 else 2000 + year, MONTHS[found[1].lower()[:3]], 1)
    return None
