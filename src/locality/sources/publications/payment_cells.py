"""Cells of the payments publication that are not money: dates, flags, and what is not known."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa

from locality.sources.arrow import Array, pc
from locality.sources.cells import codes, day, empty_as_null, matches

#: Spreadsheets count days from here; the files to 2019-20 have dates as such counts.
_SPREADSHEET = date(1899, 12, 30)
_UNKNOWN = ("unknown", "missing", "unknown or no pcn", "")


def filled(column: Array) -> Array:
    """Return a column of text, null where it is empty or says that it is not known."""
    unknown = pc.is_in(pc.utf8_lower(column), pa.array(_UNKNOWN))
    return pc.if_else(unknown, pa.scalar(None, pa.string()), column)


def flags(column: Array) -> Array:
    """Return Yes and No as a flag, null for any other word."""
    place = pc.index_in(pc.utf8_lower(column), pa.array(["yes", "no"]))
    flags: Array = pa.array([True, False])
    return flags.take(place)


def organisation_codes(column: Array) -> Array:
    """Return codes in capitals, null for words such as “Unknown or no PCN”."""
    column = codes(column)
    return pc.if_else(pa.array(matches(column, r"^[A-Z0-9]{3,6}$")), column, None)


def marks(column: Array) -> Array:
    """Return ``| One thing || Another |`` as ``One thing; Another``, null for nothing."""
    inner = pc.utf8_trim(column, " |")
    return empty_as_null(pc.replace_substring_regex(inner, r"\s*\|+\s*", "; "))


def dates(column: Array) -> Array:
    """Return dates, written as 01/04/1974 or as a spreadsheet's count of days; null for others."""
    coded = column.dictionary_encode()
    found = pa.array([_day(text) for text in coded.dictionary.to_pylist()], pa.date32())
    return found.take(coded.indices)


def _day(text: str | None) -> date | None:
    if text and text.isdigit() and len(text) == 5:
        return _SPREADSHEET + timedelta(days=int(text))
    return day(text or "")
