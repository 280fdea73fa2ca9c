"""Patients Registered at a GP Practice, mapping file: practice to PCN, sub-ICB, ICB and region.

Two generations of headers: CCG and STP (to June 2022), sub-ICB location and ICB (since).
"""

from __future__ import annotations

import pyarrow as pa

from locality.figures import Table
from locality.figures.schemas import PRACTICE_MAP
from locality.sources.arrow import pc
from locality.sources.cells import codes, empty_as_null
from locality.sources.dating import extract_date
from locality.sources.layout import Layout
from locality.sources.reading import Hints, Reading
from locality.sources.rows import Sheet
from locality.sources.sieve import Sieve

PUBLICATION = "practice_map"
TITLE = "the practice map"
VERSION = 1

LAYOUT = Layout(
    needed={
        "as_at": ("extract_date",),
        "practice_code": ("practice_code",),
        "practice_name": ("practice_name",),
        "pcn_code": ("pcn_code",),
        "sub_icb_code": ("sub_icb_location_code", "ccg_code"),
        "icb_code": ("icb_code", "stp_code"),
        "region_code": ("comm_region_code",),
    },
    also={
        "postcode": ("practice_postcode", "postcode"),
        "pcn_name": ("pcn_name",),
        "sub_icb_name": ("sub_icb_location_name", "sub_icb_name", "ccg_name"),
        "icb_name": ("icb_name", "stp_name"),
        "region_name": ("comm_region_name",),
        "supplier": ("supplier_name", "supplier"),
    },
)


def recognise(sheet: Sheet) -> bool:
    """Return whether the header is that of a practice map."""
    return LAYOUT.fits(sheet)


def read(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    """Return one reading: PRACTICE_MAP as at the extract date."""
    found = LAYOUT.columns(sheet)
    for name in ("practice_code", "pcn_code", "sub_icb_code", "icb_code", "region_code"):
        found[name] = codes(found[name])
    sieve = Sieve(sheet, found["practice_code"])
    as_at = extract_date(sieve, found.pop("as_at"), TITLE)
    sieve.drop_unknown_practices()
    for name, words in (
        ("practice_name", "practice name"),
        ("sub_icb_code", "sub-ICB (or CCG) code"),
        ("icb_code", "ICB (or STP) code"),
        ("region_code", "region code"),
    ):
        sieve.drop(pc.equal(found[name], ""), f"The {words} is empty.")
    parents = [found[name] for name in ("pcn_code", "sub_icb_code", "icb_code", "region_code")]
    sieve.drop_repeats([found["practice_code"]], parents, "practice")
    aside = sieve.verdict(TITLE)
    rows = int(sieve.keep.sum())
    columns = {
        column.name: pa.nulls(rows, pa.string())
        if column.name not in found
        else empty_as_null(sieve.kept(found[column.name]))
        for column in PRACTICE_MAP.columns
        if column.name != "as_at"
    }
    columns["as_at"] = pa.repeat(pa.scalar(as_at), rows)
    return (
        Reading(
            publication=PUBLICATION,
            period=as_at.isoformat(),
            tables={"practice_map": Table.of(PRACTICE_MAP, columns)},
            rows=rows,
            practices=rows,
            reader_version=VERSION,
            set_aside=aside,
        ),
    )
