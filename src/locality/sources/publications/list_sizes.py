"""Patients Registered at a GP Practice, totals: one list size a practice.

Two headers: ``CCG_CODE`` (to June 2022) and ``SUB_ICB_LOCATION_CODE`` (since).
"""

from __future__ import annotations

import pyarrow as pa

from locality.figures import Table
from locality.figures.schemas import LIST_SIZES
from locality.sources.arrow import pc
from locality.sources.cells import codes, counts, empty_as_null, negative
from locality.sources.dating import extract_date
from locality.sources.layout import Layout
from locality.sources.reading import Hints, Reading
from locality.sources.rows import Sheet
from locality.sources.sieve import Sieve

PUBLICATION = "list_sizes"
TITLE = "list sizes"
VERSION = 1

LAYOUT = Layout(
    needed={
        "as_at": ("extract_date",),
        "type": ("type",),
        "practice_code": ("code",),
        "sub_icb_code": ("sub_icb_location_code", "ccg_code"),
        "sex": ("sex",),
        "age": ("age",),
        "patients": ("number_of_patients",),
    }
)


def recognise(sheet: Sheet) -> bool:
    """Return whether the header is that of the list sizes."""
    return LAYOUT.fits(sheet)


def read(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    """Return one reading: LIST_SIZES as at the extract date."""
    found = LAYOUT.columns(sheet)
    code = codes(found["practice_code"])
    sieve = Sieve(sheet, code)
    sieve.drop(
        pc.not_equal(codes(found["type"]), "GP"), "The row is not about a practice.", expected=True
    )
    part = pc.or_(
        pc.not_equal(codes(found["sex"]), "ALL"), pc.not_equal(codes(found["age"]), "ALL")
    )
    sieve.drop(part, "The row counts one sex or age only, not the whole list.", expected=True)
    as_at = extract_date(sieve, found["as_at"], TITLE)
    sieve.drop_unknown_practices()
    patients = counts(found["patients"])
    sieve.drop(patients.wrong, "The number of patients is not a whole number.")
    sieve.drop(negative(patients), "The number of patients is below zero.")
    # The largest practice in England has fewer than 200,000.
    sieve.drop(
        pc.fill_null(pc.greater(patients.values, 1_000_000), False),
        "The number of patients is more than any practice has.",
    )
    sieve.drop_repeats([code], [patients.values, patients.missing], "practice")
    aside = sieve.verdict(TITLE)
    rows = int(sieve.keep.sum())
    table = Table.of(
        LIST_SIZES,
        {
            "as_at": pa.repeat(pa.scalar(as_at), rows),
            "practice_code": sieve.kept(code),
            "sub_icb_code": empty_as_null(sieve.kept(codes(found["sub_icb_code"]))),
            "patients": sieve.kept(patients.values),
            "missing": sieve.kept(patients.missing),
        },
    )
    return (
        Reading(
            publication=PUBLICATION,
            period=as_at.isoformat(),
            tables={"list_sizes": table},
            rows=rows,
            practices=rows,
            reader_version=VERSION,
            set_aside=aside,
        ),
    )
