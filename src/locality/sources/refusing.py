"""What may never be stored: files about single patients.

Looked for in every document before any reader sees it, in every sheet and every column: NHS
numbers (by their check digit), and columns headed as a person's name, birth, address or record
number. The sentence says what was seen and where; it never repeats a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from locality.sources import structured, workbooks
from locality.sources.arrow import Array, pc
from locality.sources.reading import Document, Refused
from locality.sources.rows import Content, Sheet, plain

_WHAT_TO_DO = (
    "Locality takes counts, never rows about one person. Nothing was stored. Remove that column "
    "and give one row of counts for each practice, or delete the file if it was sent by mistake."
)

_TEN_DIGITS = r"^'?\d{3}[ -]?\d{3}[ -]?\d{4}(\.0+)?$"
_NHS_WORD = re.compile(r"(^|_)nhs(_?(number|num|no|nr|nbr|id|identifier))?(_|$)|^chi_?(number|no)$")
_WHO = r"(patient|pt|client|person|carer|child|mother|baby|next_of_kin|nok|service_user)s?"
_HEADED: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "NHS numbers, or marks that stand for them",
        re.compile(
            rf"^({_WHO}_)?(pseudo_?)?nhs_?(number|num|no|nr|nbr)s?(_(hash|pseudo|pseudonym|key))?$"
        ),
    ),
    (
        "record numbers of people",
        re.compile(
            rf"^{_WHO}_(id|identifier|ref|reference|key|pseudonym)$|^(emis|systm_?one|vision)_"
            r"(patient_)?(number|no|id)$|^(local|pseudo)_?patient_?(id|identifier)$"
            r"|^pseudo_?(nymised_)?(id|number|patient)$|^medical_record_(number|no)$|^mrn$"
            r"|^(hospital|nhs_chi)_(number|no)$|^chi_?(number|no)$"
        ),
    ),
    (
        "names of people",
        re.compile(
            rf"^({_WHO}_)?(forename|surname|first_?name|last_?name|family_?name|given_?name"
            rf"|middle_?name|maiden_?name|christian_?name)s?$|^{_WHO}_(full_?)?names?$"
            rf"|^(full_)?names?_of_(the_)?{_WHO}$"
        ),
    ),
    (
        "dates of birth or death of people",
        re.compile(
            r"^(\w+_)?(date_?of_?birth|d_?o_?b|birth_?(date|dt|day)|date_?of_?death|death_?date)s?$"
        ),
    ),
    (
        "addresses or telephone numbers of people",
        re.compile(
            rf"^({_WHO}|home|residential|usual)_(home_)?(address|addr|post_?code|telephone|tel"
            r"|phone|mobile|e?_?mail)(_?(\d|line_\d|number|no))?$|^mobile_?(phone|number|no|tel)$"
        ),
    ),
)


def check(document: Document, content: Content) -> None:
    """Raise Refused, with what was seen and what to do, for a file that looks patient-level."""
    for sheet in content.sheets:
        where = f" of sheet “{sheet.name}”" if sheet.name and content.kind == "workbook" else ""
        for place, header in enumerate(sheet.header):
            column = _with_strays(sheet, place)
            _check_values(column, header, f"column {place + 1:,}", where)
        for place in range(len(sheet.header), max((len(s.cells) for s in sheet.strays), default=0)):
            _check_values(_with_strays(sheet, place), "", f"column {place + 1:,}", where)
        _check_headers(sheet, where)
    if content.kind == "workbook":
        remembered = pa.array(workbooks.remembered_cells(document.content), pa.string())
        _check_values(remembered, "", "a pivot table", " (it keeps a copy of the rows behind it)")
    if content.kind == "json":
        for name, values in structured.leaves(document.content).items():
            if any(value.strip() for value in values):
                _check_name(name, f"“{name}”", "")
            _check_values(pa.array(values, pa.string()), name, "one part", " of the JSON file")


def passes(numbers: np.ndarray) -> np.ndarray:
    """Return which whole numbers below 10^10 pass the check of an NHS number (modulus 11).

    ``numbers`` is an array of whole numbers, n; returns n of True and False. The check is in
    the NHS data dictionary under "NHS NUMBER". All zeros does not count as passing.
    """
    numbers = np.asarray(numbers, dtype=np.int64)
    total = np.zeros(len(numbers), dtype=np.int64)
    for weight in range(2, 11):
        total += numbers // 10 ** (weight - 1) % 10 * weight
    expected = (11 - total % 11) % 11
    good: np.ndarray = (expected == numbers % 10) & (numbers > 0)
    return good


def ten_digits(column: Array) -> np.ndarray:
    """Return the cells of a column that are ten digits and nothing else, as whole numbers.

    ``943 476 5919``, ``943-476-5919`` and ``9434765919.0`` are ten digits too.
    """
    length = pc.binary_length(column)
    near = column.filter(pc.and_(pc.greater_equal(length, 10), pc.less_equal(length, 24)))
    if not len(near):
        return np.zeros(0, dtype=np.int64)
    near = pc.utf8_trim_whitespace(near)
    near = near.filter(pc.match_substring_regex(near, _TEN_DIGITS))
    digits = pc.replace_substring_regex(pc.replace_substring_regex(near, r"\.0+$", ""), r"\D", "")
    return np.asarray(pc.cast(digits, pa.int64()))


def _with_strays(sheet: Sheet, place: int) -> Array:
    """Return every cell that stands in one column: header, titles and broken rows too."""
    rows: list[Sequence[str]] = [*sheet.above, sheet.header, *(s.cells for s in sheet.strays)]
    loose = pa.array([row[place] for row in rows if len(row) > place], pa.string())
    if place >= len(sheet.header):
        return loose
    return pa.concat_arrays([*sheet.body.column(place).chunks, loose])


def _check_values(column: Array, header: str, place: str, where: str) -> None:
    numbers = ten_digits(column)
    if not len(numbers):
        return
    good = passes(numbers)
    if not good.any():
        return
    every, found = np.unique(numbers), np.unique(numbers[good])
    named = _named(header, place)
    if _NHS_WORD.search(plain(header)):
        raise Refused(
            f"This looks like a file about single patients: {named}{where} holds "
            f"{_values(len(found))} that pass the check of an NHS number. {_WHAT_TO_DO}"
        )
    half = 2 * good.sum() >= len(numbers) or 2 * len(found) >= len(every)
    if len(found) >= 3 and half:
        raise Refused(
            f"This looks like a file about single patients: {named}{where} holds "
            f"{_values(len(found))} that pass the check of an NHS number, out of {len(every):,} "
            f"with ten digits. {_WHAT_TO_DO}"
        )


def _check_headers(sheet: Sheet, where: str) -> None:
    filled: dict[int, bool] = {}
    for header_row in _header_rows(sheet):
        for place, header in enumerate(header_row):
            if not any(pattern.search(plain(header)) for _, pattern in _HEADED):
                continue
            if place not in filled:
                filled[place] = _is_filled(sheet, place)
            if filled[place]:
                _check_name(header, _named(header, f"column {place + 1:,}"), where)


def _header_rows(sheet: Sheet) -> Iterator[Sequence[str]]:
    yield from sheet.above
    yield sheet.header
    # A header in two rows has gaps or repeats in the upper one. Elsewhere the first row is data,
    # which in a dictionary of columns may well say "Date of birth".
    if "" in sheet.header or len(set(sheet.header)) < len(sheet.header):
        yield from sheet.head[1:2]


def _is_filled(sheet: Sheet, place: int) -> bool:
    strays = any(len(s.cells) > place and s.cells[place].strip() for s in sheet.strays)
    if place >= len(sheet.header):
        return strays
    return strays or bool(pc.any(pc.greater(pc.binary_length(sheet.column(place)), 0)).as_py())


def _check_name(header: str, named: str, where: str) -> None:
    for what, pattern in _HEADED:
        if pattern.search(plain(header)):
            raise Refused(
                f"This looks like a file about single patients: {named}{where} is headed as "
                f"{what}. {_WHAT_TO_DO}"
            )


def _named(header: str, place: str) -> str:
    """Return how to call a column. A header with a digit may be a value: it is not repeated."""
    header = " ".join(header.split())
    if header and len(header) <= 60 and not re.search(r"\d", header):
        return f"{place} (“{header}”)" if not place.startswith("“") else place
    return place


def _values(count: int) -> str:
    return "1 value" if count == 1 else f"{count:,} different values"
