"""Working days in England: not a Saturday, not a Sunday, not a bank holiday.

The holidays are those of England and Wales as GOV.UK publishes them, read from the copy that the
package ``govuk-bank-holidays`` carries; nothing is asked of the network.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from locality.knowledge.problems import KnowledgeError

_SATURDAY = 5
_ONE = timedelta(days=1)


def is_working_day(day: date) -> bool:
    """Return whether ``day`` is a working day; KnowledgeError beyond the holidays known."""
    holidays, first, last = _known()
    if not first <= day <= last:
        raise KnowledgeError(
            f"Bank holidays are known here from {_words(first)} to {_words(last)}, so working days "
            f"cannot be counted to {_words(day)}. A newer version of govuk-bank-holidays brings "
            "more years."
        )
    return day.weekday() < _SATURDAY and day not in holidays


def after(day: date, days: int) -> date:
    """Return the working day that is so many working days after ``day``, which is not counted.

    ``day`` itself may be any day; with no ``days`` it comes back as it is. Raises ValueError for
    fewer than none, KnowledgeError beyond the holidays known.
    """
    if days < 0:
        raise ValueError(f"{days} is fewer than no days")
    while days:
        day += _ONE
        days -= is_working_day(day)
    return day


@lru_cache(maxsize=1)
def _known() -> tuple[frozenset[date], date, date]:
    """Return the holidays, and the first and last day of the years that they cover."""
    from govuk_bank_holidays.bank_holidays import (  # type: ignore[import-untyped]
        BankHolidays,
    )

    listed = BankHolidays(use_cached_holidays=True).get_holidays(
        division=BankHolidays.ENGLAND_AND_WALES
    )
    days = frozenset(one["date"] for one in listed)
    return days, date(min(days).year, 1, 1), date(max(days).year, 12, 31)


def _words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
