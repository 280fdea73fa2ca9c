"""Cloud telephony: calls by outcome, wait and length, Tables 3, 4 and 5 of the monthly workbook.

The header stands in two rows: what is counted above, ``Total`` or ``Count`` and ``%`` below; in
Table 4 a third row over both tells waits from lengths. Calls of a telephone account that several
practices share are ``Unassigned``: they are in the total row, and belong to no practice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pyarrow as pa

from locality.figures import Table
from locality.figures.schemas.access import TELEPHONY, TELEPHONY_WAITS
from locality.sources.arrow import Array, pc
from locality.sources.cells import Numbers, codes, counts, matches
from locality.sources.publications.monthly_tables import (
    drop_unusable,
    drop_words_around,
    first_missing,
    month_code,
    the_month,
    unmarked,
)
from locality.sources.reading import Hints, Reading, Refused
from locality.sources.rows import Sheet, plain
from locality.sources.sieve import Sieve

PUBLICATION = "telephony"
TITLE = "cloud telephony"
VERSION = 1

_BANDS = {
    "less_than_1_minute": "under_1",
    "1_2_minutes": "1_to_2",
    "2_5_minutes": "2_to_5",
    "longer_than_5_minutes": "over_5",
}
_OUTCOMES = {
    "inbound": "count_of_inbound_calls",
    "answered": "answered",
    "ended_in_menu": "ended_during_the_ivr_stage",
    "callback_requested": "call_back_requested",
    "missed": "missed",
    "callback_made": "call_back_made",
}
#: Words in the row above Table 4's and 5's header -> kind of what is banded under them.
_KINDS = {
    "answered_calls_wait_time": "wait_answered",
    "answered_calls_duration": "length_answered",
    "missed_calls_wait_time": "wait_missed",
}
_WORDS = {
    "inbound": "incoming calls",
    "answered": "answered calls",
    "ended_in_menu": "calls that ended in the menu",
    "callback_requested": "call-backs requested",
    "missed": "missed calls",
    "callback_made": "call-backs made",
}
_MONTH, _CODE = "month", "gp_practice_ods_code"


@dataclass(frozen=True)
class _Opened:
    """A table with its practices' rows kept: ``numbers`` by name, of the whole sheet."""

    sieve: Sieve
    month: date
    numbers: dict[str, Numbers]
    notes: tuple[str, ...]


def recognise(sheet: Sheet) -> bool:
    """Return whether the upper header row is that of Table 3, 4 or 5."""
    return bool(_which(unmarked(sheet)))


def read(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    """Return one reading of the month: TELEPHONY (Table 3) or TELEPHONY_WAITS (4 and 5).

    Each table is a part of its own (outcomes, answered, missed). Refused where the practices do
    not add up to the table's own total.
    """
    sheet = unmarked(sheet)
    part = _which(sheet)
    if part == "outcomes":
        return (_outcomes(sheet, hints),)
    return (_waits(sheet, hints, part),)


def _which(sheet: Sheet) -> str:
    words = set(sheet.words)
    if not words.issuperset({_MONTH, _CODE}):
        return ""
    if words.issuperset(_OUTCOMES.values()):
        return "outcomes"
    if words.issuperset({"total_inbound_calls", *_BANDS}):
        return next((kind for kind in ("answered", "missed") if kind in words), "")
    return ""


def _outcomes(sheet: Sheet, hints: Hints) -> Reading:
    places = {name: _place(sheet, word) for name, word in _OUTCOMES.items()}
    opened = _opened(sheet, hints, places, _WORDS)
    sieve, numbers = opened.sieve, opened.numbers
    too_many = pc.greater(numbers["answered"].values, numbers["inbound"].values)
    sieve.drop(pc.fill_null(too_many, False), "More calls are answered than came in.")
    opened = _against_total(opened)
    aside = opened.sieve.verdict(TITLE)
    rows = int(sieve.keep.sum())
    table = Table.of(
        TELEPHONY,
        {
            "period": pa.repeat(pa.scalar(month_code(opened.month)), rows),
            "practice_code": sieve.kept(sieve.label),
            **{name: sieve.kept(values.values) for name, values in numbers.items()},
            "missing": sieve.kept(first_missing(list(numbers.values()))),
        },
    )
    return Reading(
        publication=PUBLICATION,
        period=month_code(opened.month),
        part="outcomes",
        tables={"telephony": table},
        rows=rows,
        practices=rows,
        reader_version=VERSION,
        set_aside=aside,
        notes=opened.notes,
    )


def _waits(sheet: Sheet, hints: Hints, part: str) -> Reading:
    places = _band_places(sheet)
    words = {name: f"calls under “{sheet.header[place]}”" for name, place in places.items()}
    opened = _against_total(_opened(sheet, hints, places, words))
    sieve = opened.sieve
    aside = sieve.verdict(TITLE)
    rows = int(sieve.keep.sum())
    columns = []
    for name, values in opened.numbers.items():
        kind, _, band = name.partition(" ")
        columns.append(
            pa.table(
                {
                    "period": pa.repeat(pa.scalar(month_code(opened.month)), rows),
                    "practice_code": sieve.kept(sieve.label),
                    "kind": pa.repeat(pa.scalar(kind), rows),
                    "band": pa.repeat(pa.scalar(band), rows),
                    "calls": sieve.kept(values.values),
                    "missing": sieve.kept(values.missing),
                }
            )
        )
    return Reading(
        publication=PUBLICATION,
        period=month_code(opened.month),
        part=part,
        tables={"telephony_waits": Table.of(TELEPHONY_WAITS, pa.concat_tables(columns))},
        rows=rows,
        practices=rows,
        reader_version=VERSION,
        set_aside=aside,
        notes=opened.notes,
    )


def _place(sheet: Sheet, word: str) -> int:
    places = [i for i, found in enumerate(sheet.words) if found == word]
    if len(places) > 1:
        raise Refused(
            f"The header has “{sheet.header[places[0]]}” more than once (columns {places[0] + 1} "
            f"and {places[1] + 1}), so it cannot be told which one is meant. Keep one of them."
        )
    return places[0]


def _band_places(sheet: Sheet) -> dict[str, int]:
    """Return where each kind and band stands, such as ``wait_answered under_1``.

    The kinds are named over the first of their bands, in a row above the header.
    """
    headings = {
        place: _KINDS[word]
        for row in sheet.above
        for place, cell in enumerate(row)
        if (word := plain(cell.partition("[")[0])) in _KINDS
    }
    found: dict[str, int] = {}
    for place, word in enumerate(sheet.words):
        if word not in _BANDS:
            continue
        before = [start for start in headings if start <= place]
        name = f"{headings[max(before)]} {_BANDS[word]}" if before else ""
        if not name or name in found:
            raise Refused(
                "Over the bands of minutes (column "
                f"{place + 1}) the table does not say once what they are: how long callers waited, "
                "or how long the call took. Download the workbook again and leave its rows as "
                "they are."
            )
        found[name] = place
    lacking = [
        name
        for kind in sorted(set(headings.values()))
        for band in _BANDS.values()
        if (name := f"{kind} {band}") not in found
    ]
    if lacking or not headings:
        raise Refused("The table lacks some of its bands of minutes. Download the workbook again.")
    return found


def _opened(
    sheet: Sheet, hints: Hints, places: Mapping[str, int], words: Mapping[str, str]
) -> _Opened:
    """Return the table with rows of practices kept, each number looked at."""
    _check_lower_header(sheet, places)
    code = codes(sheet.column(sheet.words.index(_CODE)))
    month_column = sheet.column(sheet.words.index(_MONTH))
    sieve = Sieve(sheet, code)
    lower = np.zeros(len(code), dtype=bool)
    lower[0] = True
    sieve.drop(lower, "The row is the second row of the header.", expected=True)
    total = matches(month_column, r"(?i)^total$")
    sieve.drop(total, "The row is a total, used to check the practices.", expected=True)
    drop_words_around(sieve, month_column)
    unassigned = np.asarray(pc.equal(code, "UNASSIGNED"))
    sieve.drop(
        unassigned,
        "The calls are those of an account that several practices share.",
        expected=True,
    )
    month = the_month(sieve, month_column, hints, TITLE)
    sieve.drop_unknown_practices()
    numbers = {name: counts(sheet.column(place)) for name, place in places.items()}
    for name, values in numbers.items():
        drop_unusable(sieve, values, words[name])
    sieve.drop_repeats([code], [values.values for values in numbers.values()], "practice")
    notes: tuple[str, ...] = ()
    shared = int(unassigned.sum())
    if shared:
        calls = counts(sheet.column(_inbound_place(sheet)))
        lost = pc.sum(calls.values.filter(pa.array(unassigned))).as_py() or 0
        notes = (
            f"{lost:,} calls of {shared:,} accounts that several practices share belong to no "
            "single practice: they are left out of every practice's figures.",
        )
    return _Opened(sieve, month, numbers, notes)


def _inbound_place(sheet: Sheet) -> int:
    wanted = ("count_of_inbound_calls", "total_inbound_calls")
    return next(i for i, word in enumerate(sheet.words) if word in wanted)


def _check_lower_header(sheet: Sheet, places: Mapping[str, int]) -> None:
    """Refuse a table in which a column of counts is not called one in the lower header row."""
    first = sheet.body.slice(0, 1).to_pydict()
    for place in places.values():
        cell = (first[f"c{place}"] or [""])[0].strip()
        if plain(cell) not in ("total", "count"):
            raise Refused(
                f"Under “{sheet.header[place]}” (column {place + 1}) the second row of the header "
                "does not say Total or Count, so it is not sure which column holds the calls. "
                "Download the workbook again and leave its rows as they are."
            )


def _against_total(opened: _Opened) -> _Opened:
    """Return the table, with a note where rows were set aside; Refused where it is not whole."""
    sieve = opened.sieve
    month_column = sieve.sheet.column(sieve.sheet.words.index(_MONTH))
    total = matches(month_column, r"(?i)^total$")
    if not total.any():
        return opened
    counted = sieve.keep | np.asarray(pc.equal(sieve.label, "UNASSIGNED"))
    for name, values in opened.numbers.items():
        said = _sum(values.values, total)
        there = _sum(values.values, counted)
        if said == there:
            continue
        words = _WORDS.get(name, name.replace("_", " "))
        sentence = (
            f"The rows add up to {there:,} and the total of the same table to {said:,} ({words})"
        )
        if not sieve.impossible:
            raise Refused(
                f"The table is not whole. {sentence}: it was cut short or edited. Download the "
                "workbook again."
            )
        return replace(opened, notes=(*opened.notes, f"{sentence}: rows were set aside."))
    return opened


def _sum(values: Array, where: np.ndarray) -> int:
    found: int = pc.sum(values.filter(pa.array(where))).as_py() or 0
    return found
