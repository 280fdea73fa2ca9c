"""NHS England's allocations: each practice's population, as it is and weighted for need.

Four layouts are known. 2022/23 lacks primary medical care. The CSV files of 2023/24 and 2024/25
head their population ``pop 2022/23`` by mistake, and those of 2025/26 ``Population``: for these
the year is in the file's name. The workbook has one sheet a year, and the year in its headers.
Coordinates, where there are any, are a reading of their own (part ``points``), so that the
workbook, which has none, does not replace them.
"""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa

from locality.figures import Period, Table
from locality.figures.schemas import PRACTICE_POINTS, WEIGHTED_POPULATIONS
from locality.sources.arrow import Array, pc
from locality.sources.cells import codes, empty_as_null, negative, numbers
from locality.sources.dating import year_from_names
from locality.sources.layout import Layout
from locality.sources.reading import Hints, Reading, Refused
from locality.sources.rows import Sheet
from locality.sources.sieve import Sieve

PUBLICATION = "weighted_populations"
TITLE = "the allocations' weighted populations"
VERSION = 1

_POPULATION = re.compile(r"pop_(20\d\d)_(\d\d)")
_YEARS = tuple(f"pop_20{y:02d}_{y + 1:02d}" for y in range(15, 60))

#: Component of need -> header names. The order is that of the table.
COMPONENTS: dict[str, tuple[str, ...]] = {
    "registered": ("population", *_YEARS),
    "general_and_acute": ("g_a_wp",),
    "community": ("cs_wp",),
    "mental_health": ("mh_wp",),
    "maternity": ("mat_wp",),
    "health_inequalities": ("health_ineq_wp",),
    "prescribing": ("prescr_wp",),
    "overall": ("final_wp",),
    "primary_medical_need": ("primary_medical_care_wp", "primary_medical_care_need"),
    "primary_medical": ("final_pmc_wp",),
}
_LATER = ("primary_medical_need", "primary_medical")

LAYOUT = Layout(
    needed={
        "practice_code": ("practice_code",),
        **{name: words for name, words in COMPONENTS.items() if name not in _LATER},
    },
    also={
        **{name: COMPONENTS[name] for name in _LATER},
        "icb_code": ("icb", "icb_code", "ics22", "ics23", "icb22", "icb23", "icb24", "icb25"),
        "latitude": ("latitude",),
        "longitude": ("longitude",),
        "district_code": ("lad", "lad21", "lad22", "lad23", "lad24"),
        "district_name": ("ltla", "ltla21", "ltla22", "ltla23", "ltla24"),
    },
)


def recognise(sheet: Sheet) -> bool:
    """Return whether the header is that of the weighted populations."""
    return LAYOUT.fits(sheet)


def read(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    """Return the weighted populations of one year and, where it has them, practices' points."""
    found = LAYOUT.columns(sheet)
    period, notes = _year(sheet, hints, "primary_medical" in found)
    code = codes(found["practice_code"])
    sieve = Sieve(sheet, code)
    sieve.drop_unknown_practices()
    components = {name: numbers(found[name]) for name in COMPONENTS if name in found}
    for name, values in components.items():
        words = name.replace("_", " ")
        sieve.drop(values.wrong, f"The {words} population is not a number.")
        sieve.drop(negative(values), f"The {words} population is below zero.")
    sieve.drop_repeats([code], [v.values for v in components.values()], "practice")
    aside = sieve.verdict(TITLE)
    rows = int(sieve.keep.sum())
    nothing = pa.nulls(len(code), pa.string())
    icb = sieve.kept(codes(found["icb_code"]) if "icb_code" in found else nothing)
    kept = sieve.kept(code)
    tables = [
        pa.table(
            {
                "period": pa.repeat(pa.scalar(period.code), rows),
                "practice_code": kept,
                "component": pa.repeat(pa.scalar(name), rows),
                "population": sieve.kept(values.values),
                "icb_code": empty_as_null(icb),
                "missing": sieve.kept(values.missing),
            }
        )
        for name, values in components.items()
    ]
    populations = Reading(
        publication=PUBLICATION,
        period=period.code,
        tables={"weighted_populations": Table.of(WEIGHTED_POPULATIONS, pa.concat_tables(tables))},
        rows=rows,
        practices=rows,
        reader_version=VERSION,
        set_aside=aside,
        notes=notes,
    )
    points = _points(sieve, found, kept, period)
    return (populations, points) if points else (populations,)


def _year(sheet: Sheet, hints: Hints, with_primary_medical: bool) -> tuple[Period, tuple[str, ...]]:
    headed = [f for word in sheet.words if (f := _POPULATION.fullmatch(word))]
    named = year_from_names((sheet.name, *hints.names) if sheet.name else hints.names)
    if headed:
        year = Period.financial_year(int(headed[0][1]))
        # Only the years from 2023/24 have primary medical care: there the header is the old one.
        if not (year.code == "2022-23" and with_primary_medical):
            return year, ()
        if named and named > year:
            return named, (
                f"The year {named.code} comes from the file's name: the header says 2022/23, "
                "which this layout carries by mistake.",
            )
        raise Refused(
            "These are weighted populations of 2023-24 or 2024-25: both years were published "
            "under one header, which says 2022/23 by mistake. Put the year into the file's "
            "name, such as allocation_need_practice_2024-25.csv."
        )
    if named:
        return named, (
            f"The year {named.code} comes from the file's name: the file does not say it.",
        )
    raise Refused(
        "These are weighted populations, but the file does not say which year they are for, and "
        "nor does its name. Put the year into the name, such as "
        "allocation_need_practice_2025-26.csv."
    )


def _points(sieve: Sieve, found: dict[str, Array], kept: Array, period: Period) -> Reading | None:
    if "latitude" not in found or "longitude" not in found:
        return None
    places = {name: numbers(sieve.kept(found[name])) for name in ("latitude", "longitude")}
    nowhere = np.zeros(len(kept), dtype=bool)
    # England lies well inside these; a point outside is a slip of the publisher.
    for name, low, high in (("latitude", 49.5, 56.0), ("longitude", -7.0, 2.5)):
        values = places[name].values
        inside = pc.and_(pc.greater_equal(values, low), pc.less_equal(values, high))
        nowhere |= ~np.asarray(pc.fill_null(inside, False))
    empty = pa.scalar(None, pa.float64())
    nothing = pa.nulls(len(kept), pa.string())
    table = Table.of(
        PRACTICE_POINTS,
        {
            "period": pa.repeat(pa.scalar(period.code), len(kept)),
            "practice_code": kept,
            **{
                name: pc.if_else(pa.array(nowhere), empty, place.values)
                for name, place in places.items()
            },
            **{
                name: empty_as_null(sieve.kept(found[name])) if name in found else nothing
                for name in ("district_code", "district_name")
            },
        },
    )
    without = int(nowhere.sum())
    return Reading(
        publication=PUBLICATION,
        period=period.code,
        part="points",
        tables={"practice_points": table},
        rows=len(kept),
        practices=len(kept),
        reader_version=VERSION,
        notes=(f"{without:,} practices have no point in England.",) if without else (),
    )
