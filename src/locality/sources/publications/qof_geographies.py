"""QOF geographies: whom each practice belonged to in a QOF year.

The parents are headed CCG and STP until 2020-21, ``SUB_ICB_LOC`` in 2021-22 and ``SUB_ICB`` since.
NHS England's own input for 2023-24 (QOF_MANUAL_MAPPINGS) heads sub-ICBs and ICBs as CCG and STP
and has more practices than took part, so that it is a part of its own beside the publication.
"""

from __future__ import annotations

import pyarrow as pa

from locality.figures import Table
from locality.figures.schemas.quality import QOF_GEOGRAPHIES
from locality.sources.arrow import Array, pc
from locality.sources.cells import codes, empty_as_null
from locality.sources.layout import Layout
from locality.sources.publications.qof_years import qof_year
from locality.sources.reading import Hints, Reading
from locality.sources.rows import Sheet
from locality.sources.sieve import Sieve

PUBLICATION = "qof_geographies"
TITLE = "the list of practices and organisations in QOF"
VERSION = 1

_SUB_ICB = ("sub_icb", "sub_icb_loc", "ccg")
_ICB = ("icb", "stp")

LAYOUT = Layout(
    needed={
        "practice_code": ("practice_code",),
        "pcn_code": ("pcn_ods_code",),
        "sub_icb_code": tuple(f"{name}_ods_code" for name in _SUB_ICB),
        "icb_code": tuple(f"{name}_ods_code" for name in _ICB),
        "region_code": ("region_ods_code",),
    },
    also={
        "practice_name": ("practice_name",),
        "pcn_name": ("pcn_name",),
        "sub_icb_name": tuple(f"{name}_name" for name in _SUB_ICB),
        "icb_name": tuple(f"{name}_name" for name in _ICB),
        "region_name": ("region_name",),
    },
)
_CODES = ("practice_code", "pcn_code", "sub_icb_code", "icb_code", "region_code")
_NAMES = ("practice_name", "pcn_name", "sub_icb_name", "icb_name", "region_name")


def recognise(sheet: Sheet) -> bool:
    """Return whether the header is that of QOF's own hierarchy."""
    return LAYOUT.fits(sheet)


def read(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    """Return one reading: QOF_GEOGRAPHIES of the year in the file's name; Refused without one."""
    period, notes = qof_year(sheet, hints, TITLE, "MAPPING_NHS_GEOGRAPHIES_2425.csv for 2024-25")
    found = LAYOUT.columns(sheet)
    code = {name: codes(found[name]) for name in _CODES}
    sieve = Sieve(sheet, code["practice_code"])
    sieve.drop_unknown_practices()
    for name, words in (
        ("sub_icb_code", "sub-ICB (or CCG) code"),
        ("icb_code", "ICB (or STP) code"),
        ("region_code", "region code"),
    ):
        sieve.drop(pc.equal(code[name], ""), f"The {words} is empty.")
    sieve.drop_repeats([code["practice_code"]], [code[name] for name in _CODES[1:]], "practice")
    aside = sieve.verdict(TITLE)
    rows = int(sieve.keep.sum())

    def name_of(name: str) -> Array:
        if name not in found:
            return pa.nulls(rows, pa.string())
        return empty_as_null(sieve.kept(found[name]))

    table = Table.of(
        QOF_GEOGRAPHIES,
        {
            "period": pa.repeat(pa.scalar(period.code), rows),
            **{name: empty_as_null(sieve.kept(code[name])) for name in _CODES},
            **{name: name_of(name) for name in _NAMES},
        },
    )
    return (
        Reading(
            publication=PUBLICATION,
            period=period.code,
            part=_part(sheet),
            tables={"qof_geographies": table},
            rows=rows,
            practices=rows,
            reader_version=VERSION,
            set_aside=aside,
            notes=notes,
        ),
    )


def _part(sheet: Sheet) -> str:
    """Return ``manual mapping`` for the publisher's own input: old headers beside the new one.

    Files that still say CCG head the country COUNTRY; the manual mapping alone has both.
    """
    there = set(sheet.words)
    return "manual mapping" if {"ccg_ods_code", "nat_country"} <= there else ""
