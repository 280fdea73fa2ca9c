"""Submissions through online consultation systems, "Table 2" of the monthly workbook.

Footnote marks in the header change from month to month. Whether a practice takes part stands in
the last column: absent until May 2024, ``*`` for everyone from November 2024 to January 2025,
else 1 or 0. A practice that does not take part is published with zeros, as is one whose supplier
sent nothing: these are no counts, and become "no return".
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa

from locality.figures import Missing, Table
from locality.figures.schemas.access import ONLINE_CONSULTATIONS
from locality.knowledge.files import PACKAGE, rows
from locality.sources.arrow import Array, pc
from locality.sources.cells import codes, counts, empty_as_null, matches
from locality.sources.layout import Layout
from locality.sources.publications.monthly_tables import (
    drop_unusable,
    drop_words_around,
    first_missing,
    month_code,
    the_month,
    unmarked,
)
from locality.sources.reading import Hints, Reading
from locality.sources.rows import Sheet
from locality.sources.sieve import Sieve

PUBLICATION = "online_consultations"
TITLE = "submissions through online consultation systems"
VERSION = 1

_COUNTS = {
    "submissions": ("submissions",),
    "clinical": ("clinical_submissions",),
    "administrative": ("administrative_submissions",),
    "other": ("other_unknown_type_submissions",),
}
LAYOUT = Layout(
    needed={
        "month": ("month",),
        "practice_code": ("gp_code",),
        "supplier": ("supplier",),
        **_COUNTS,
        "list_size": ("registered_patient_count",),
    },
    also={"participates": ("participation",)},
)
#: What stands for the supplier of a practice from which nothing came.
_NO_SUPPLIER = r"(?i)^(none/unknown|no data)?$"
_GAPS = "access/online_consultation_gaps.csv"


def recognise(sheet: Sheet) -> bool:
    """Return whether the header, footnote marks apart, is that of the practices' table."""
    return LAYOUT.fits(unmarked(sheet))


def read(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    """Return one reading: ONLINE_CONSULTATIONS of the month in the rows."""
    found = LAYOUT.columns(unmarked(sheet))
    code = codes(found["practice_code"])
    sieve = Sieve(sheet, code)
    drop_words_around(sieve, found["month"])
    month = the_month(sieve, found["month"], hints, TITLE)
    sieve.drop_unknown_practices()
    numbers = {name: counts(found[name]) for name in _COUNTS}
    list_size = counts(found["list_size"])
    for name, values in numbers.items():
        kind = "" if name == "submissions" else f"{name} "
        drop_unusable(sieve, values, f"{kind}submissions")
    drop_unusable(sieve, list_size, "registered patients")
    kinds = [numbers[name].values for name in _COUNTS if name != "submissions"]
    added = pc.add(pc.add(kinds[0], kinds[1]), kinds[2])
    sieve.drop(
        pc.fill_null(pc.not_equal(added, numbers["submissions"].values), False),
        "The kinds of submission do not add up to the total of the practice.",
    )
    taking_part = _taking_part(sieve, found.get("participates"))
    sieve.drop_repeats(
        [code], [list_size.values, *(n.values for n in numbers.values()), taking_part], "practice"
    )
    aside = sieve.verdict(TITLE)
    supplier = found["supplier"]
    nothing = _nothing_came(numbers["submissions"].values, taking_part, supplier, month)
    no_return = pa.scalar(Missing.NO_RETURN.value, pa.string())
    missing = first_missing([*numbers.values(), list_size])
    without = pa.array(nothing)
    columns = {
        "period": pa.repeat(pa.scalar(month_code(month)), len(code)),
        "practice_code": code,
        "list_size": list_size.values,
        **{
            name: pc.if_else(without, pa.scalar(None, pa.int64()), values.values)
            for name, values in numbers.items()
        },
        "participates": taking_part,
        "supplier": empty_as_null(supplier),
        "missing": pc.if_else(without, no_return, missing),
    }
    table = Table.of(
        ONLINE_CONSULTATIONS, {name: sieve.kept(column) for name, column in columns.items()}
    )
    return (
        Reading(
            publication=PUBLICATION,
            period=month_code(month),
            tables={"online_consultations": table},
            rows=len(table),
            practices=len(table),
            reader_version=VERSION,
            set_aside=aside,
            notes=_notes(int((nothing & sieve.keep).sum()), month, "participates" in found),
        ),
    )


def gaps(month: date) -> list[dict[str, str]]:
    """Return the suppliers whose counts the publisher calls incomplete for that month.

    Each has ``supplier`` (as the files write it), ``extent`` (none or part) and ``said_in``.
    """
    place = f"knowledge/{_GAPS}"
    return [row for row in rows(PACKAGE / _GAPS, place) if row["month"] == f"{month:%Y-%m}"]


def _taking_part(sieve: Sieve, column: Array | None) -> Array:
    """Return True, False or null (the file does not say) for each row."""
    unsaid = pa.nulls(len(sieve.label), pa.bool_())
    if column is None:
        return unsaid
    sieve.drop(~matches(column, r"^([01](\.0)?|\*|)$"), "The participation is not 1, 0 or *.")
    said = matches(column, r"^[01]")
    return pc.if_else(pa.array(said), pc.starts_with(column, "1"), unsaid)


def _nothing_came(
    submissions: Array, taking_part: Array, supplier: Array, month: date
) -> np.ndarray:
    """Return the rows whose zero says that nothing was sent, not that nobody wrote."""
    silent = matches(supplier, _NO_SUPPLIER)
    listed = codes(supplier)
    for gap in gaps(month):
        silent |= np.asarray(pc.match_substring(listed, gap["supplier"].upper()))
    zero = np.asarray(pc.fill_null(pc.equal(submissions, 0), False))
    outside = np.asarray(pc.fill_null(pc.invert(taking_part), False))
    return zero & (silent | outside)


def _notes(nothing: int, month: date, said: bool) -> tuple[str, ...]:
    notes = []
    if nothing:
        notes.append(
            f"{nothing:,} practices are published with zeros because they take no part or nothing "
            "came from their supplier: they count as no return."
        )
    incomplete = [gap["supplier"] for gap in gaps(month)]
    if incomplete:
        notes.append(
            f"The publisher says that counts through {', '.join(incomplete)} are incomplete for "
            f"{month:%B %Y}: totals of practices that use them are too low."
        )
    if not said:
        notes.append("The file does not say which practices take part in the collection.")
    return tuple(notes)
