"""General Practice Workforce, practice level, detailed: staff by role, wide, a row a practice.

Which column is which role stands in ``knowledge/workforce/columns.csv``. ``NA`` means that the
practice gave nothing valid for a staff group: no return, never zero. Until January 2023 such a
group was written as 0 and its source says "Fully estimated". The census is of the last day of the
month, which is in the file's name alone unless somebody has put year and month beside the rows.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import date

import numpy as np
import pyarrow as pa

from locality.figures import Table
from locality.figures.schemas.staff import WORKFORCE_PATIENTS
from locality.sources.arrow import Array, pc
from locality.sources.cells import codes, counts, negative
from locality.sources.dating import in_words, month_from_names
from locality.sources.layout import Layout
from locality.sources.reading import Hints, Reading, Refused
from locality.sources.rows import Sheet
from locality.sources.sieve import Sieve
from locality.sources.staff_columns import SOURCES, WideStaff, no_return_as_empty

PUBLICATION = "practice_workforce"
TITLE = "General Practice Workforce, practice level"
VERSION = 1

_GROUP_TOTALS = ("total_gp_fte", "total_nurses_fte", "total_dpc_fte", "total_admin_fte")
LAYOUT = Layout(
    needed={
        "practice_code": ("prac_code",),
        "patients": ("total_patients",),
        **{word: (word,) for word in (*_GROUP_TOTALS, "total_gp_extg_fte", "total_gp_exl_fte")},
    },
    also={"year": ("year",), "month": ("month",), **{w: (w,) for w in SOURCES.values()}},
)
_NUMBERED_MONTH = re.compile(r"(?<!\d)(0[1-9]|1[0-2])(20\d\d)(?!\d)")


def recognise(sheet: Sheet) -> bool:
    """Return whether the header is that of the detailed file."""
    return LAYOUT.fits(sheet)


def read(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    """Return a reading for each month: PRACTICE_STAFF and WORKFORCE_PATIENTS.

    Raises Refused where no month is known, or where columns have moved.
    """
    found = LAYOUT.columns(sheet)
    code = codes(found["practice_code"])
    sieve = Sieve(sheet, code)
    if "year" in found and "month" in found:
        when, notes = _months_in_rows(sieve, found["year"], found["month"])
    else:
        as_at = month_of(hints)
        if as_at is None:
            raise Refused(
                "This is the General Practice Workforce, but neither the file nor its name says "
                "which month it is for. Keep the published name, such as 1 General Practice – "
                "June 2026 Practice Level - Detailed.csv."
            )
        when = pa.repeat(pa.scalar(as_at, pa.date32()), len(code))
        notes = (f"The month comes from the file's name: {in_words(as_at)}.",)
    if hints.today is not None:
        sieve.drop(pc.greater(when, pa.scalar(hints.today)), "The month is still to come.")
    return readings(PUBLICATION, TITLE, VERSION, sieve, when, found["patients"], notes)


def month_of(hints: Hints) -> date | None:
    """Return the last day of the month that a file's name says, or None.

    >>> month_of(Hints(("GPWPracticeCSV.062026.zip",)))
    datetime.date(2026, 6, 30)
    """
    first = month_from_names(hints.names)
    if first is None:
        for name in hints.names:
            if numbered := _NUMBERED_MONTH.search(name):
                first = date(int(numbered[2]), int(numbered[1]), 1)
                break
    return None if first is None else month_end(first.year, first.month)


def month_end(year: int, month: int) -> date:
    """Return the last day of a month: the day that a workforce census stands for."""
    return date(year, month, calendar.monthrange(year, month)[1])


def readings(
    publication: str,
    title: str,
    version: int,
    sieve: Sieve,
    when: Array,
    patients: Array,
    notes: Sequence[str] = (),
) -> tuple[Reading, ...]:
    """Return a reading for each month in ``when`` from a wide sheet of staff columns.

    ``when`` is the day of each row. Rows with a word or a number below zero in a staff column,
    and practices given twice, are set aside.
    """
    code = sieve.label
    sieve.drop_unknown_practices()
    registered = counts(no_return_as_empty(patients))
    sieve.drop(registered.wrong, "The number of patients is not a whole number.")
    sieve.drop(negative(registered), "The number of patients is below zero.")
    wide = WideStaff.of(sieve)
    sieve.drop_repeats(
        [code, when], [registered.values, *wide.values], "practice and month of the workforce"
    )
    _refuse_shifted(sieve, registered.values)
    aside = sieve.verdict(title)
    days: list[date] = sorted(pc.unique(sieve.kept(when)).to_pylist())
    found = []
    for day in days:
        chosen = sieve.keep & np.asarray(pc.equal(when, pa.scalar(day, pa.date32())))
        here = pa.array(chosen)
        staff, told = wide.table(day, chosen)
        rows = int(chosen.sum())
        found.append(
            Reading(
                publication=publication,
                period=day.isoformat(),
                tables={
                    "practice_staff": staff,
                    "workforce_patients": Table.of(
                        WORKFORCE_PATIENTS,
                        {
                            "as_at": pa.repeat(pa.scalar(day, pa.date32()), rows),
                            "practice_code": code.filter(here),
                            "patients": registered.values.filter(here),
                            "missing": registered.missing.filter(here),
                        },
                    ),
                },
                rows=rows,
                practices=rows,
                reader_version=version,
                set_aside=aside if day == days[0] else (),
                notes=(*notes, *told),
            )
        )
    return tuple(found)


def _months_in_rows(sieve: Sieve, year: Array, month: Array) -> tuple[Array, tuple[str, ...]]:
    """Return the last day of each row's month; rows without a sound one are set aside."""
    pair = pc.binary_join_element_wise(year, month, "-").dictionary_encode()
    days = []
    for text in pair.dictionary.to_pylist():
        sound = re.fullmatch(r"(20\d\d)-(0?[1-9]|1[0-2])", text)
        days.append(month_end(int(sound[1]), int(sound[2])) if sound else None)
    when = pa.array(days, pa.date32()).take(pair.indices)
    sieve.drop(pc.is_null(when), "The year and month are not those of a calendar.")
    return pc.fill_null(when, pa.scalar(date(1970, 1, 1), pa.date32())), ()


def _refuse_shifted(sieve: Sieve, patients: Array) -> None:
    """Refuse a file whose patients by sex are not its patients: columns have moved."""
    words = sieve.sheet.words
    if "total_male" not in words or "total_female" not in words:
        return
    parts = np.zeros(len(sieve.keep))
    for word in ("total_male", "total_female", "total_unknown_gender"):
        if word in words:
            cells = counts(no_return_as_empty(sieve.sheet.column(words.index(word)))).values
            parts += np.nan_to_num(pc.cast(cells, pa.float64()).to_numpy(zero_copy_only=False))
    whole = pc.cast(patients, pa.float64()).to_numpy(zero_copy_only=False)
    off = sieve.keep & ~np.isnan(whole) & (np.abs(parts - whole) > 0.5)
    if 20 * int(off.sum()) > int(sieve.keep.sum()):
        raise Refused(
            "In many rows female and male patients do not add up to all patients (first at "
            f"{sieve.example(int(np.argmax(off)))}). Columns may have moved. Download the file "
            "again."
        )
