"""Appointments in general practice, the practice-level crosstab: long, one file a month.

A month comes as one file for England or as several, each for some regions: each is a part of its
own, known by its sub-ICB locations, and parts add up. One archive holds three months. A practice
that changed its system has rows under both suppliers: they are added. Rows of zero are not
published.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa

from locality.figures import Period, Table
from locality.figures.schemas.access import APPOINTMENTS
from locality.knowledge.files import PACKAGE, rows
from locality.sources.arrow import Array, pc
from locality.sources.cells import codes, counts, days
from locality.sources.layout import Layout
from locality.sources.publications.monthly_tables import drop_unusable, not_yet
from locality.sources.reading import Hints, Reading, Refused
from locality.sources.rows import Sheet
from locality.sources.sieve import Sieve

PUBLICATION = "appointments"
TITLE = "appointments in general practice by practice"
VERSION = 1

LAYOUT = Layout(
    needed={
        "month": ("appointment_month_start_date",),
        "practice_code": ("gp_code",),
        "hcp_type": ("hcp_type",),
        "mode": ("appt_mode",),
        "category": ("national_category",),
        "wait": ("time_between_book_and_appt",),
        "appointments": ("count_of_appointments",),
        "status": ("appt_status",),
    },
    also={
        "practice_name": ("gp_name",),
        "supplier": ("supplier",),
        "pcn_code": ("pcn_code",),
        "pcn_name": ("pcn_name",),
        "sub_icb_code": ("sub_icb_location_code",),
        "sub_icb_name": ("sub_icb_location_name",),
    },
)
_KINDS = ("hcp_type", "mode", "category", "wait", "status")
_EMPTY = {
    "hcp_type": "It is not said who the appointment was with.",
    "mode": "It is not said how the appointment took place.",
    "category": "The national category is empty.",
}
_FACTS = "access/appointment_values.csv"


@dataclass(frozen=True)
class _Coded:
    """A column of few different texts: ``texts[place[row]]`` is the cell of a row."""

    texts: list[str]
    place: np.ndarray

    @classmethod
    def of(cls, column: Array) -> _Coded:
        """Return the column with runs of blanks as one: files write ``8  to 14 Days``."""
        coded = column.dictionary_encode()
        tidied = [" ".join(text.split()) for text in coded.dictionary.to_pylist()]
        where = {text: place for place, text in enumerate(dict.fromkeys(tidied))}
        to = np.array([where[text] for text in tidied] or [0], dtype=np.int64)
        return cls(list(where), to[coded.indices.to_numpy(zero_copy_only=False)])

    def among(self, wanted: frozenset[str]) -> np.ndarray:
        """Return which cells are one of ``wanted``."""
        found: np.ndarray = np.array([t in wanted for t in self.texts] or [False])[self.place]
        return found

    def cells(self, places: np.ndarray) -> Array:
        """Return texts for places in :attr:`texts`, as one Arrow array."""
        return pa.array(self.texts, pa.string()).take(pa.array(places))


def recognise(sheet: Sheet) -> bool:
    """Return whether the header has the crosstab's columns (others may stand beside them)."""
    return LAYOUT.fits(sheet)


def read(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    """Return one reading for each month in the file: APPOINTMENTS of the practices in it.

    Refused where there is a column that the publication is not known to have.
    """
    _refuse_unknown_columns(sheet)
    code = codes(_column(sheet, "practice_code"))
    sieve = Sieve(sheet, code)
    sieve.drop_unknown_practices()
    month, undated = _months(_column(sheet, "month"))
    sieve.drop(undated, "The month is empty or no date.")
    kinds = {name: _Coded.of(_column(sheet, name)) for name in _KINDS}
    for name, reason in _EMPTY.items():
        sieve.drop(kinds[name].among(frozenset({""})), reason)
    sieve.drop(
        ~kinds["status"].among(_values("status")), "The status is not Attended, DNA or Unknown."
    )
    sieve.drop(
        ~kinds["wait"].among(_values("wait")), "The time from booking is none of the known bands."
    )
    numbers = counts(_column(sheet, "appointments"))
    without = np.asarray(pc.is_null(numbers.values))
    sieve.drop(without & ~numbers.wrong, "The number of appointments is not there.")
    drop_unusable(sieve, numbers, "appointments")
    practice = _Coded.of(code)
    columns = {"month": month, "practice_code": practice, **kinds}
    key = _key(list(columns.values()))
    supplier = _Coded.of(_column(sheet, "supplier")) if "supplier" in sheet.words else None
    apart = key if supplier is None else key * len(supplier.texts) + supplier.place
    sieve.drop_repeats([pa.array(apart)], [numbers.values], "practice and kind of appointment")
    aside = sieve.verdict(TITLE)

    part = _part(sieve)
    first, added = _added(key, numbers.values, sieve.keep)
    readings: list[Reading] = []
    for place, text in enumerate(month.texts):
        rows_of = first[month.place[first] == place]
        if not len(rows_of):
            continue
        period = Period.parse(text)
        not_yet(period.start, hints)
        appointments = added[month.place[first] == place]
        table = Table.of(
            APPOINTMENTS,
            {
                "period": pa.repeat(pa.scalar(period.code), len(rows_of)),
                **{
                    name: column.cells(column.place[rows_of])
                    for name, column in columns.items()
                    if name != "month"
                },
                "appointments": pa.array(appointments),
            },
        )
        readings.append(
            Reading(
                publication=PUBLICATION,
                period=period.code,
                part=part,
                tables={"appointments": table},
                rows=len(table),
                practices=len(np.unique(practice.place[rows_of])),
                reader_version=VERSION,
                set_aside=aside if not readings else (),
            )
        )
    return tuple(readings)


def _column(sheet: Sheet, name: str) -> Array:
    """Return one column, taken when it is needed: a month of England has a million rows."""
    names = {**LAYOUT.needed, **LAYOUT.also}[name]
    return Layout({name: names}).columns(sheet)[name]


def _refuse_unknown_columns(sheet: Sheet) -> None:
    known = {name for names in {**LAYOUT.needed, **LAYOUT.also}.values() for name in names}
    unknown = [
        sheet.header[place] or f"(column {place + 1} has no name)"
        for place, word in enumerate(sheet.words)
        if word not in known
    ]
    if unknown:
        named = ", ".join(f"“{word[:60]}”" for word in unknown[:3])
        raise Refused(
            f"The appointments by practice are not known here to have the column {named}. If it "
            "splits the counts further, adding them up could be wrong: remove it, or download the "
            "file again."
        )


@lru_cache(maxsize=2)
def _values(column: str) -> frozenset[str]:
    """Return the values that a column may have, from the facts about the publication."""
    table = rows(PACKAGE / _FACTS, f"knowledge/{_FACTS}")
    return frozenset(row["value"] for row in table if row["column"] == column)


def _months(column: Array) -> tuple[_Coded, np.ndarray]:
    """Return the period code of each row's month ("" for none), and the rows without one."""
    found, _ = days(column)
    coded = found.dictionary_encode()
    texts = [Period.month(on.year, on.month).code for on in coded.dictionary.to_pylist() if on]
    distinct = sorted(set(texts))
    to = np.array([*(distinct.index(text) for text in texts), -1], dtype=np.int64)
    place = coded.indices.fill_null(len(texts)).to_numpy(zero_copy_only=False)
    where = to[place]
    return _Coded([*distinct, ""], np.where(where < 0, len(distinct), where)), where < 0


def _key(columns: list[_Coded]) -> np.ndarray:
    """Return one whole number for each row that is the same where all columns are."""
    key = np.zeros(len(columns[0].place), dtype=np.int64)
    for column in columns:
        key = key * max(len(column.texts), 1) + column.place
    return key


def _added(key: np.ndarray, values: Array, keep: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return, for each different key of the rows kept, its first row and its sum."""
    kept = np.flatnonzero(keep)
    counted = values.take(pa.array(kept)).to_numpy(zero_copy_only=False)
    _, first, which = np.unique(key[kept], return_index=True, return_inverse=True)
    added = np.zeros(len(first), dtype=np.int64)
    np.add.at(added, which, counted)
    return kept[first], added


def _part(sieve: Sieve) -> str:
    """Return what tells this file from others of the month: which sub-ICBs it holds."""
    if "sub_icb_location_code" not in sieve.sheet.words:
        return ""
    column = _column(sieve.sheet, "sub_icb_code")
    there = sorted(filter(None, pc.unique(codes(sieve.kept(column))).to_pylist()))
    if len(there) <= 1:
        return "".join(there)
    return f"{there[0]} to {there[-1]}, {len(there)} sub-ICBs"
