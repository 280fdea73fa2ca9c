"""QOF organisation reference: the most points that each practice could have in a year."""

from __future__ import annotations

import pyarrow as pa

from locality.figures import Table
from locality.figures.schemas.quality import QOF_POINTS
from locality.sources.arrow import pc
from locality.sources.cells import codes, negative, numbers
from locality.sources.layout import Layout
from locality.sources.publications.qof_years import qof_year
from locality.sources.reading import Hints, Reading
from locality.sources.rows import Sheet
from locality.sources.sieve import Sieve

PUBLICATION = "qof_points"
TITLE = "QOF maximum points of practices"
VERSION = 1

LAYOUT = Layout(
    needed={
        "practice_code": ("practice_code",),
        "maximum_points": ("revised_max_points", "revised_maximum_points"),
    }
)
#: Far above every framework held here (559 to 635 points).
_MOST = 1000


def recognise(sheet: Sheet) -> bool:
    """Return whether the header is that of the organisation reference."""
    return LAYOUT.fits(sheet)


def read(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    """Return one reading: QOF_POINTS of the year in the file's name; Refused without one."""
    period, notes = qof_year(sheet, hints, TITLE, "ORGANISATION_REFERENCE_2425.csv for 2024-25")
    found = LAYOUT.columns(sheet)
    code, points = codes(found["practice_code"]), numbers(found["maximum_points"])
    sieve = Sieve(sheet, code)
    sieve.drop_unknown_practices()
    sieve.drop(points.wrong, "The maximum points are not a number.")
    sieve.drop(negative(points), "The maximum points are below zero.")
    sieve.drop(
        pc.fill_null(pc.greater(points.values, float(_MOST)), False),
        f"The maximum points are above {_MOST:,}, far more than the framework has.",
    )
    sieve.drop_repeats([code], [points.values], "practice")
    aside = sieve.verdict(TITLE)
    rows = int(sieve.keep.sum())
    table = Table.of(
        QOF_POINTS,
        {
            "period": pa.repeat(pa.scalar(period.code), rows),
            "practice_code": sieve.kept(code),
            "maximum_points": sieve.kept(points.values),
            "missing": sieve.kept(points.missing),
        },
    )
    return (
        Reading(
            publication=PUBLICATION,
            period=period.code,
            tables={"qof_points": table},
            rows=rows,
            practices=rows,
            reader_version=VERSION,
            set_aside=aside,
            notes=notes,
        ),
    )
