"""Deprivation scores of practices as an answer of Fingertips, re-headed: four columns.

Fingertips' own CSV, with 27 columns, is read by :mod:`.fingertips`, which fills the same table.
"""

from __future__ import annotations

import pyarrow as pa

from locality.figures import Table
from locality.figures.schemas.need import DEPRIVATION
from locality.sources.arrow import Array, pc
from locality.sources.cells import codes, matches, numbers
from locality.sources.layout import Layout
from locality.sources.reading import Hints, Reading, Refused
from locality.sources.rows import Sheet
from locality.sources.sieve import Sieve

PUBLICATION = "deprivation"
TITLE = "deprivation scores of practices"
VERSION = 1

#: England's small areas score between 0 and 100, and a practice's score is their mean.
HIGHEST_SCORE = 100.0

LAYOUT = Layout(
    needed={
        "practice_code": ("practice_code",),
        "year": ("imd_year",),
        "score": ("imd_score",),
    }
)


def recognise(sheet: Sheet) -> bool:
    """Return whether the header is that of deprivation scores."""
    return LAYOUT.fits(sheet)


def read(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    """Return one reading: DEPRIVATION of the one index that the rows name."""
    found = LAYOUT.columns(sheet)
    code = codes(found["practice_code"])
    sieve = Sieve(sheet, code)
    sieve.drop_unknown_practices()
    sieve.drop(~matches(found["year"], r"^20\d\d$"), "The year of the index is not a year.")
    score = numbers(found["score"])
    sieve.drop(score.wrong, "The score is not a number.")
    sieve.drop(impossible(score.values), "The score is below 0 or above 100.")
    sieve.drop_repeats([code], [found["year"], score.values, score.missing], "practice")
    aside = sieve.verdict(TITLE)
    years = sorted(pc.unique(sieve.kept(found["year"])).to_pylist())
    if len(years) > 1:
        raise Refused(
            f"The rows carry {len(years)} indices ({years[0]} to {years[-1]}). Give one file for "
            "each."
        )
    rows = int(sieve.keep.sum())
    table = Table.of(
        DEPRIVATION,
        {
            "period": pa.repeat(pa.scalar(years[0]), rows),
            "practice_code": sieve.kept(code),
            "score": sieve.kept(score.values),
            "missing": sieve.kept(score.missing),
        },
    )
    return (
        Reading(
            publication=PUBLICATION,
            period=years[0],
            tables={"deprivation": table},
            rows=rows,
            practices=rows,
            reader_version=VERSION,
            set_aside=aside,
        ),
    )


def impossible(scores: Array) -> Array:
    """Return which scores lie outside what an index of deprivation can be."""
    outside = pc.or_(pc.less(scores, 0.0), pc.greater(scores, HIGHEST_SCORE))
    return pc.fill_null(outside, False)
