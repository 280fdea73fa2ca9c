"""QOF prevalence: for each practice and disease group, the register and the list it is set against.

Every practice that took part has a row for each of the 21 groups. The list differs by group:
everyone (TOTAL) or an age and over (18OV). The year stands in the file's name alone.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from locality.figures import Period, Table
from locality.figures.schemas import QOF_REGISTERS
from locality.sources.arrow import Array, pc
from locality.sources.cells import codes, counts, matches, negative
from locality.sources.dating import year_from_names
from locality.sources.layout import Layout
from locality.sources.reading import Hints, Reading, Refused
from locality.sources.rows import Sheet
from locality.sources.sieve import Sieve

PUBLICATION = "qof_prevalence"
TITLE = "QOF prevalence"
VERSION = 1

LAYOUT = Layout(
    needed={
        "practice_code": ("practice_code",),
        "group_code": ("group_code",),
        "register": ("register",),
        "list_type": ("patient_list_type",),
        "list_size": ("practice_list_size",),
    }
)


def recognise(sheet: Sheet) -> bool:
    """Return whether the header is that of QOF prevalence."""
    return LAYOUT.fits(sheet)


def read(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    """Return one reading: QOF_REGISTERS of the year in the file's name; Refused without one."""
    period = _year(hints)
    found = LAYOUT.columns(sheet)
    code, group = codes(found["practice_code"]), codes(found["group_code"])
    list_type = codes(found["list_type"])
    register, size = counts(found["register"]), counts(found["list_size"])
    sieve = Sieve(sheet, code)
    sieve.drop_unknown_practices()
    sieve.drop(~matches(group, r"^[A-Z]{2,5}\d?$"), "The disease group is not a QOF group code.")
    sieve.drop(~matches(list_type, r"^(TOTAL|\d\dOV)$"), "The type of list is not TOTAL or 18OV.")
    for numbers, words in ((register, "register"), (size, "list size")):
        sieve.drop(numbers.wrong, f"The {words} is not a whole number.")
        sieve.drop(negative(numbers), f"The {words} is below zero.")
    sieve.drop_repeats(
        [code, group],
        [register.values, register.missing, list_type, size.values],
        "practice and disease group",
    )
    more = np.asarray(pc.fill_null(pc.greater(register.values, size.values), False))
    if 20 * int((more & sieve.keep).sum()) > len(code):
        raise Refused(
            "In many rows the register is larger than the list it is counted against (first at "
            f"{sieve.example(int(np.argmax(more & sieve.keep)))}). The two columns may have "
            "changed places. Download the file again."
        )
    aside = sieve.verdict(TITLE)
    rows = int(sieve.keep.sum())
    table = Table.of(
        QOF_REGISTERS,
        {
            "period": pa.repeat(pa.scalar(period.code), rows),
            "practice_code": sieve.kept(code),
            "group_code": sieve.kept(group),
            "register": sieve.kept(register.values),
            "list_type": sieve.kept(list_type),
            "list_size": sieve.kept(size.values),
            "missing": sieve.kept(pc.coalesce(register.missing, size.missing)),
        },
    )
    return (
        Reading(
            publication=PUBLICATION,
            period=period.code,
            tables={"qof_registers": table},
            rows=rows,
            practices=pc.count_distinct(sieve.kept(code)).as_py(),
            reader_version=VERSION,
            set_aside=aside,
            notes=(
                f"The year {period.code} comes from the file's name: the file does not say it.",
                *_more_than_list(sieve, pa.array(more)),
            ),
        ),
    )


def _year(hints: Hints) -> Period:
    period = year_from_names(hints.names)
    if period is None:
        raise Refused(
            "This is QOF prevalence, but the file does not say which year it is for, and nor "
            "does its name. Put the year into the name, as published: PREVALENCE_2425.csv for "
            "2024-25."
        )
    return period


def _more_than_list(sieve: Sieve, more: Array) -> tuple[str, ...]:
    """Name registers larger than their list. Real files hold a few: they stay as published."""
    more = sieve.kept(more)
    rows = pc.sum(more).as_py() or 0
    if not rows:
        return ()
    first = sieve.kept(sieve.label).filter(more)[0].as_py()
    return (
        f"In {rows:,} rows the register is larger than the list (first {first}); they are kept "
        "as published.",
    )
