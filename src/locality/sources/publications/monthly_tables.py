"""Tables of one month that publishers set for people: marks in headers, footnotes below."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa

from locality.figures import Period
from locality.sources.arrow import Array, pc
from locality.sources.cells import PRACTICE_CODE, Numbers, days, matches, negative
from locality.sources.dating import in_words
from locality.sources.reading import Hints, Refused
from locality.sources.rows import Sheet
from locality.sources.sieve import Sieve


def unmarked(sheet: Sheet) -> Sheet:
    """Return the sheet without the marks of footnotes in its header: ``Missed [4]``."""
    header = tuple(re.sub(r"\s*\[[\d\s.,]*\]", "", word).strip() for word in sheet.header)
    return sheet if header == sheet.header else replace(sheet, header=header)


def drop_words_around(sieve: Sieve, month: Array) -> None:
    """Set aside footnotes and the like: rows whose code writes no code, nor their month a date.

    A sentence under the table may begin in any column, so both cells are looked at.
    """
    code = sieve.label
    no_code = matches(code, r"^$|\s.*\s|^[^A-Z0-9]")
    _, no_month = days(month)
    no_month |= np.asarray(pc.equal(month, ""))
    sieve.drop(no_code & no_month, "The row is a note beside the table.", expected=True)


def the_month(sieve: Sieve, month: Array, hints: Hints, what: str) -> date:
    """Return the first day of the one month that the rows kept are about.

    A row of a practice without a readable month belongs to it too: publishers write notes into
    that column. Refused where there is no month, more than one, or one that has not begun.
    ``what`` is the publication in words, for the sentence.
    """
    if not sieve.keep.any():
        sieve.verdict(what)
    found, _ = days(sieve.kept(month))
    practices = matches(sieve.kept(sieve.label), PRACTICE_CODE)
    dated = found.filter(pa.array(practices))
    firsts = sorted({on.replace(day=1) for on in pc.unique(dated).to_pylist() if on})
    if not firsts or 2 * dated.null_count > len(dated):
        raise Refused(
            f"The columns are those of {what}, but its rows do not say which month they are for "
            "(such as 2026-01-01). Check that this is the file you meant."
        )
    if len(firsts) > 1:
        raise Refused(
            f"The rows are for {len(firsts)} different months (from {firsts[0]:%B %Y} to "
            f"{firsts[-1]:%B %Y}). Give one file for each month."
        )
    not_yet(firsts[0], hints)
    return firsts[0]


def not_yet(month: date, hints: Hints) -> None:
    """Raise Refused for counts of a month that has not begun."""
    if hints.today is not None and month > hints.today:
        raise Refused(
            f"The file is dated {month:%B %Y}, and today is {in_words(hints.today)}. Check the "
            "month in the file, and the date of this computer."
        )


def month_code(month: date) -> str:
    """Return ``2026-M01`` for any day of January 2026."""
    return Period.month(month.year, month.month).code


def drop_unusable(sieve: Sieve, numbers: Numbers, what: str) -> None:
    """Set aside the rows in which ``what`` is not a whole number or below zero."""
    sieve.drop(numbers.wrong, f"The number of {what} is not a whole number.")
    sieve.drop(negative(numbers), f"The number of {what} is below zero.")


def first_missing(columns: Sequence[Numbers]) -> Array:
    """Return for each row why the first empty number of it is empty, or null."""
    return pc.coalesce(*(numbers.missing for numbers in columns))
