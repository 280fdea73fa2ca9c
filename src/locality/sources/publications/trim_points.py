"""Trim points: after how many days a stay in hospital is paid by the day.

Two extracts are known. One has a column of elective trim points for each year, in whose header
the year stands; it repeats prices that the national prices hold, and has a row of averages for
each chapter. The other has elective and emergency trim points of a year that it does not name.
"""

from __future__ import annotations

import re

import pyarrow as pa

from locality.figures import Period, Table
from locality.figures.schemas.prices import TRIM_POINTS
from locality.sources.arrow import Array, pc
from locality.sources.cells import codes, counts, matches, negative
from locality.sources.dating import year_from_names
from locality.sources.layout import Layout
from locality.sources.publications.price_tables import HRG_CODE, long_table
from locality.sources.reading import Hints, Known, Reading, SetAside
from locality.sources.rows import Sheet
from locality.sources.sieve import Sieve

PUBLICATION = "trim_points"
TITLE = "the trim points"
VERSION = 1

_YEARLY = re.compile(r"(elective|non_elective|emergency)_trim_days_(20\d\d)_(\d\d)")
#: The extract without a year: elective and emergency.
LAYOUT = Layout(
    needed={
        "hrg_code": ("sushrg", "hrg_code", "hrg"),
        "elective": ("elective",),
        "non_elective": ("emergency", "non_elective"),
    }
)
#: Columns called elective and emergency stand in many tables; this extract has only three.
_FEW = 3


def recognise(sheet: Sheet) -> bool:
    """Return whether the header is that of either extract of trim points."""
    if "hrg_code" in sheet.words and any(map(_YEARLY.fullmatch, sheet.words)):
        return True
    return LAYOUT.fits(sheet) and len(sheet.words) == _FEW


def read(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    """Return one reading for each year.

    Raises Known, with what to do, for the extract without a year in it or in its name.
    """
    columns, notes = _columns(sheet, hints)
    code = codes(
        sheet.column(next(i for i, w in enumerate(sheet.words) if w in LAYOUT.needed["hrg_code"]))
    )
    days = {key: counts(_whole(sheet.column(place))) for key, place in columns.items()}
    sieve = Sieve(sheet, code)
    sieve.drop(
        matches(code, r"^[A-Z]{1,2}$"),
        "The row is the average of a chapter of HRGs, not an HRG.",
        expected=True,
    )
    sieve.drop(~matches(code, HRG_CODE), "The code is not that of an HRG, such as AA22C.")
    for (_, setting), values in days.items():
        words = setting.replace("_", "-")
        sieve.drop(values.wrong, f"The {words} trim point is not a whole number of days.")
        sieve.drop(negative(values), f"The {words} trim point is below zero.")
    sieve.drop_repeats([code], [values.values for values in days.values()], "HRG")
    aside = sieve.verdict(TITLE)
    kept = sieve.kept(code)
    readings = []
    for number, period in enumerate(sorted({period for period, _ in days})):
        of = {setting: values for (year, setting), values in days.items() if year == period}
        table = long_table(TRIM_POINTS, "days", period, kept, of, pa.array(sieve.keep))
        readings.append(_reading(period, table, len(kept), aside if number == 0 else (), notes))
    return tuple(readings)


def _reading(
    period: str, table: Table, rows: int, aside: tuple[SetAside, ...], notes: tuple[str, ...]
) -> Reading:
    return Reading(
        publication=PUBLICATION,
        period=period,
        tables={"trim_points": table},
        rows=rows,
        practices=0,
        reader_version=VERSION,
        set_aside=aside,
        notes=notes,
    )


def _columns(sheet: Sheet, hints: Hints) -> tuple[dict[tuple[str, str], int], tuple[str, ...]]:
    """Return the place of each column by (period, setting), and notes."""
    yearly: dict[tuple[str, str], int] = {}
    for place, word in enumerate(sheet.words):
        found = _YEARLY.fullmatch(word)
        if found and (int(found[2]) + 1) % 100 == int(found[3]):
            setting = "elective" if found[1] == "elective" else "non_elective"
            yearly[Period.financial_year(int(found[2])).code, setting] = place
    if yearly:
        more = any("price" in word for word in sheet.words)
        told = "Its prices repeat those of the national prices and are not kept."
        return yearly, (told,) if more else ()
    period = year_from_names(hints.names)
    if period is None:
        raise Known(
            "These are trim points of HRGs, but neither the file nor its name says of which year, "
            "so nothing was stored. If you know the year, put it into the name, such as "
            "hrg_trimpoints_2024-25.csv.",
            "trim points of HRGs, of no stated year",
        )
    places = {
        (period.code, setting): next(
            i for i, word in enumerate(sheet.words) if word in LAYOUT.needed[setting]
        )
        for setting in ("elective", "non_elective")
    }
    return places, (f"The year {period.code} comes from the file's name: the file has none.",)


def _whole(column: Array) -> Array:
    return pc.replace_substring_regex(column, r"(?i)\s*days?$", "")
