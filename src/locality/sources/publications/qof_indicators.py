"""QOF indicators (MAPPING_INDICATORS): what each is worth, its group and domain.

The wording of an indicator is in the file of 2018-19 and in none of the later ones held. The
year stands in the file's name alone.
"""

from __future__ import annotations

import pyarrow as pa

from locality.figures import Table
from locality.figures.schemas.quality import QOF_INDICATORS
from locality.sources.arrow import Array, pc
from locality.sources.cells import codes, empty_as_null, matches, negative, numbers
from locality.sources.layout import Layout
from locality.sources.publications.qof_years import qof_year
from locality.sources.reading import Hints, Reading
from locality.sources.rows import Sheet
from locality.sources.sieve import Sieve

PUBLICATION = "qof_indicators"
TITLE = "the list of QOF indicators"
VERSION = 1

LAYOUT = Layout(
    needed={
        "indicator_code": ("indicator_code",),
        "points": ("indicator_point_value",),
        "group_code": ("group_code", "indicator_group_code"),
        "domain": ("domain_description",),
    },
    also={
        "group_name": ("group_description", "indicator_group_description"),
        "list_type": ("patient_list_type",),
        "description": ("indicator_description",),
    },
)


def recognise(sheet: Sheet) -> bool:
    """Return whether the header is that of a list of QOF indicators."""
    return LAYOUT.fits(sheet)


def read(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    """Return one reading: QOF_INDICATORS of the year in the file's name; Refused without one."""
    period, notes = qof_year(sheet, hints, TITLE, "MAPPING_INDICATORS_2425.csv for 2024-25")
    found = LAYOUT.columns(sheet)
    code, group = codes(found["indicator_code"]), codes(found["group_code"])
    points = numbers(found["points"])
    sieve = Sieve(sheet, code)
    sieve.drop(
        ~matches(code, r"^[A-Z]{2,8}\d{2,4}[A-Z]?$"),
        "The indicator code is not letters and a number, such as HYP008.",
    )
    sieve.drop(pc.equal(group, ""), "The group is empty.")
    sieve.drop(pc.equal(found["domain"], ""), "The domain is empty.")
    sieve.drop(points.wrong | ~_there(points.values), "The points are not a number.")
    sieve.drop(negative(points), "The points are below zero.")
    sieve.drop_repeats([code], [group, points.values], "indicator")
    aside = sieve.verdict(TITLE)
    rows = int(sieve.keep.sum())
    nothing = pa.nulls(len(code), pa.string())

    def text(name: str) -> Array:
        return sieve.kept(empty_as_null(found[name]) if name in found else nothing)

    table = Table.of(
        QOF_INDICATORS,
        {
            "period": pa.repeat(pa.scalar(period.code), rows),
            "indicator_code": sieve.kept(code),
            "group_code": sieve.kept(group),
            "group_name": text("group_name"),
            "domain": text("domain"),
            "list_type": text("list_type"),
            "points": sieve.kept(points.values),
            "description": text("description"),
        },
    )
    return (
        Reading(
            publication=PUBLICATION,
            period=period.code,
            tables={"qof_indicators": table},
            rows=rows,
            practices=0,
            reader_version=VERSION,
            set_aside=aside,
            notes=notes,
        ),
    )


def _there(values: Array) -> Array:
    return pc.is_valid(values).to_numpy(zero_copy_only=False)
