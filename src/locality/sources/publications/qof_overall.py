"""QOF overall achievement: each practice's list, its points, and the points open to it.

One sheet of the published workbook, saved as CSV. The maximum (559, later 635) stands in the
header alone, and the two percentages follow from the points, so that they are checked and not
kept. ``:`` stands where a practice has no result.
"""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa

from locality.figures import Table
from locality.figures.schemas.quality import QOF_OVERALL
from locality.sources.arrow import Array, pc
from locality.sources.cells import Numbers, codes, counts, negative, numbers
from locality.sources.layout import Layout
from locality.sources.publications.qof_years import qof_year
from locality.sources.reading import Hints, Reading, Refused
from locality.sources.rows import Sheet
from locality.sources.sieve import Sieve

PUBLICATION = "qof_overall"
TITLE = "QOF overall achievement"
VERSION = 1

#: The maximum has been 559, 567, 635 and 564; a future one will be near.
_MAXIMA = (635, *(points for points in range(400, 1001) if points != 635))

LAYOUT = Layout(
    needed={
        "practice_code": ("practice_code",),
        "list_size": ("list_size", "all_ages"),
        "points": (
            *(f"achievement_score_{points}_max" for points in _MAXIMA),
            *(f"achievement_score_max_{points}" for points in _MAXIMA),
        ),
        "available_points": (
            "total_points_for_indicators_where_register_exists_max_qof_points_available",
            "max_qof_points_available_total_points_for_indicators_where_register_exists",
        ),
    },
    also={
        "of_maximum": tuple(
            f"qof_points_total_{points}_available{ending}"
            for points in _MAXIMA
            for ending in ("", "_per_cent")
        ),
    },
)
_PERCENT_AGREES = 0.1


def recognise(sheet: Sheet) -> bool:
    """Return whether the header is that of QOF overall achievement."""
    return LAYOUT.fits(sheet)


def read(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    """Return one reading: QOF_OVERALL of the year in the title or the file's name."""
    period, notes = qof_year(sheet, hints, TITLE, "QOF_2022-23.csv for 2022-23")
    found = LAYOUT.columns(sheet)
    maximum = _maximum(sheet)
    code = codes(found["practice_code"])
    size, points = counts(found["list_size"]), numbers(found["points"])
    available = numbers(found["available_points"])
    sieve = Sieve(sheet, code)
    sieve.drop_unknown_practices()
    for column, words in (
        (size, "list size"),
        (points, "number of points"),
        (available, "number of points available"),
    ):
        sieve.drop(column.wrong, f"The {words} is not a number.")
        sieve.drop(negative(column), f"The {words} is below zero.")
    for column, words in ((points, "points"), (available, "points available")):
        more = pc.fill_null(pc.greater(column.values, float(maximum)), False)
        sieve.drop(more, f"The {words} are more than the whole framework has ({maximum}).")
    sieve.drop_repeats([code], [size.values, points.values, available.values], "practice")
    aside = sieve.verdict(TITLE)
    if "of_maximum" in found:
        _check_percentages(sieve, points, numbers(found["of_maximum"]), maximum)
    rows = int(sieve.keep.sum())
    table = Table.of(
        QOF_OVERALL,
        {
            "period": pa.repeat(pa.scalar(period.code), rows),
            "practice_code": sieve.kept(code),
            "list_size": sieve.kept(size.values),
            "points": sieve.kept(points.values),
            "maximum_points": pa.repeat(pa.scalar(float(maximum)), rows),
            "available_points": sieve.kept(available.values),
            "missing": sieve.kept(pc.coalesce(points.missing, available.missing, size.missing)),
        },
    )
    over = pc.fill_null(pc.greater(points.values, available.values), False)
    return (
        Reading(
            publication=PUBLICATION,
            period=period.code,
            tables={"qof_overall": table},
            rows=rows,
            practices=rows,
            reader_version=VERSION,
            set_aside=aside,
            notes=(*notes, *_without_result(table), *_more_than_available(sieve, over)),
        ),
    )


def _maximum(sheet: Sheet) -> int:
    """Return the points of the whole framework: the number in the header of the score."""
    place = next(i for i, word in enumerate(sheet.words) if word in LAYOUT.needed["points"])
    found = re.search(r"\d{3,4}", sheet.header[place])
    assert found is not None, sheet.header
    return int(found[0])


def _check_percentages(sieve: Sieve, points: Numbers, published: Numbers, maximum: int) -> None:
    """Refuse a file in which the points do not make the percentages beside them."""
    made = pc.divide(pc.multiply(points.values, 100.0), float(maximum))
    apart = pc.greater(pc.abs(pc.subtract(made, published.values)), _PERCENT_AGREES)
    differ = np.asarray(pc.fill_null(apart, False)) & sieve.keep
    if 20 * int(differ.sum()) > len(differ):
        raise Refused(
            f"The points do not make the percentage of {maximum} that stands beside them (first at "
            f"{sieve.example(int(np.argmax(differ)))}, {int(differ.sum()):,} in all). Columns may "
            "have changed places. Download the file again."
        )


def _without_result(table: Table) -> tuple[str, ...]:
    without = table.data["points"].null_count
    if not without:
        return ()
    have = "practice has" if without == 1 else "practices have"
    return (f"{without:,} {have} a list and no result, as published.",)


def _more_than_available(sieve: Sieve, over: Array) -> tuple[str, ...]:
    """Name points above those available. Real files hold one or two: they stay as published."""
    over = sieve.kept(over)
    rows = pc.sum(over).as_py() or 0
    if not rows:
        return ()
    first = sieve.kept(sieve.label).filter(over)[0].as_py()
    have = "practice has" if rows == 1 else "practices have"
    return (f"{rows:,} {have} more points than were available (first {first}), kept as published.",)
