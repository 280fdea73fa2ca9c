"""Columns of text turned into codes, counts, numbers and dates, a whole column at a time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from locality.figures import Missing
from locality.sources.arrow import Array, pc

#: Signs that publications put where a number would stand. Zero is none of them.
MARKS: dict[str, Missing] = {
    "": Missing.NO_RETURN,
    ":": Missing.NO_RETURN,
    "..": Missing.NO_RETURN,
    "null": Missing.NO_RETURN,
    "[x]": Missing.NO_RETURN,
    "no return": Missing.NO_RETURN,
    "no data": Missing.NO_RETURN,
    "*": Missing.SUPPRESSED,
    "**": Missing.SUPPRESSED,
    "[c]": Missing.SUPPRESSED,
    "suppressed": Missing.SUPPRESSED,
    "n/a": Missing.NOT_APPLICABLE,
    "na": Missing.NOT_APPLICABLE,
    "-": Missing.NOT_APPLICABLE,
    "–": Missing.NOT_APPLICABLE,
    "[z]": Missing.NOT_APPLICABLE,
    "not applicable": Missing.NOT_APPLICABLE,
}

#: One letter and five digits. Codes with a U are those of primary care networks.
PRACTICE_CODE = r"^[A-TV-Z]\d{5}$"
_WHOLE = r"^[+-]?\d+(\.0*)?$"
_GROUPED = r"^-?\d{1,3}(,\d{3})+(\.\d*)?$"
_NUMBER = r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$"
#: Spelled here, because Python's own names of months follow the language of the machine.
MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}


@dataclass(frozen=True)
class Numbers:
    """One column of numbers: ``values`` (null where there is none), ``missing`` (why), ``wrong``.

    ``wrong`` marks cells that are neither a number nor a known sign for the lack of one.
    """

    values: Array
    missing: Array
    wrong: np.ndarray


def codes(column: Array) -> Array:
    """Return a column of codes in capitals, without blanks around them."""
    return pc.utf8_upper(column)


def empty_as_null(column: Array) -> Array:
    """Return a column of text in which cells without a letter are null."""
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)


def matches(column: Array, pattern: str) -> np.ndarray:
    """Return which cells match a regular expression, as an array of True and False."""
    return np.asarray(pc.match_substring_regex(column, pattern))


def counts(column: Array) -> Numbers:
    """Return whole numbers: ``113``, ``113.0`` and ``1,130`` are; 1.5 and words are not."""
    return _plain(column, pa.int64()) or _careful(column, _WHOLE, pa.int64())


def numbers(column: Array) -> Numbers:
    """Return numbers, such as weighted populations; infinity and words are wrong."""
    return _plain(column, pa.float64()) or _careful(column, _NUMBER, pa.float64())


def _plain(column: Array, kind: pa.DataType) -> Numbers | None:
    """Return a column of plain numbers and empty cells, or None where it holds anything else."""
    empty = pc.equal(column, "")
    try:
        values = pc.cast(pc.if_else(empty, pa.scalar(None, pa.string()), column), kind)
    except pa.ArrowInvalid:
        return None
    if pa.types.is_floating(kind) and pc.any(pc.invert(pc.is_finite(values))).as_py():
        return None
    nothing = pa.scalar(None, pa.string())
    missing = pc.if_else(empty, str(Missing.NO_RETURN), nothing)
    return Numbers(values, missing, np.zeros(len(values), dtype=bool))


def _careful(column: Array, pattern: str, kind: pa.DataType) -> Numbers:
    grouped = pc.match_substring_regex(column, _GROUPED)
    text = pc.if_else(grouped, pc.replace_substring(column, ",", ""), column)
    is_number = pc.match_substring_regex(text, pattern)
    if pa.types.is_integer(kind):
        text = pc.replace_substring_regex(text, r"\.0*$", "")
        # More digits than 64 bits hold is no count of anybody.
        is_number = pc.and_(is_number, pc.less(pc.utf8_length(text), 18))
    text = pc.utf8_ltrim(text, "+")
    values = pc.cast(pc.if_else(is_number, text, pa.scalar(None, pa.string())), kind)
    place = pc.index_in(pc.utf8_lower(column), pa.array(list(MARKS)))
    missing = pc.take(pa.array([str(reason) for reason in MARKS.values()]), place)
    missing = pc.if_else(is_number, pa.scalar(None, pa.string()), missing)
    wrong = ~np.asarray(is_number) & ~np.asarray(pc.is_valid(missing))
    return Numbers(values, missing, wrong)


def negative(numbers: Numbers) -> np.ndarray:
    """Return which cells hold a number below zero."""
    return np.asarray(pc.fill_null(pc.less(numbers.values, 0), False))


def day(text: str) -> date | None:
    """Return the date that ``text`` writes, or None.

    >>> day("01JAN2021") == day("2021-01-01") == day("01/01/2021") == day("20210101")
    True
    """
    text = text.strip()
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T][0:.]*Z?)?", text):
        parts = (found[1], found[2], found[3])
    elif found := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: [0:]*)?", text):
        parts = (found[3], found[2], found[1])
    elif found := re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text):
        parts = (found[1], found[2], found[3])
    elif found := re.fullmatch(r"(\d{1,2})[ -]?([A-Za-z]{3})[a-z]*[ -]?(\d{4})", text):
        month = MONTHS.get(found[2].lower())
        if month is None:
            return None
        parts = (found[3], str(month), found[1])
    else:
        return None
    try:
        return date(*map(int, parts))
    except ValueError:
        return None


def days(column: Array) -> tuple[Array, np.ndarray]:
    """Return a column of dates, and which cells are filled but write no date."""
    coded = column.dictionary_encode()
    written = coded.dictionary.to_pylist()
    found = pa.array([day(text) for text in written], pa.date32())
    bad = np.array([bool(text) and day(text) is None for text in written], dtype=bool)
    places = coded.indices.to_numpy(zero_copy_only=False)
    return found.take(coded.indices), bad[places] if len(bad) else np.zeros(0, dtype=bool)
