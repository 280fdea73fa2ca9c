"""Which place (neighbourhood, borough) a practice belongs to, as its locality says."""

from __future__ import annotations

import numpy as np

from locality.figures import Table
from locality.figures.schemas import PLACES
from locality.sources.arrow import pc
from locality.sources.cells import codes, days
from locality.sources.layout import Layout
from locality.sources.reading import Hints, Reading
from locality.sources.rows import Sheet
from locality.sources.sieve import Sieve

PUBLICATION = "places"
TITLE = "a list of practices and places"
VERSION = 1

LAYOUT = Layout(
    needed={
        "practice_code": ("practice_code",),
        "place_code": ("place_code",),
        "place_name": ("place_name",),
        "from_date": ("from_date", "from"),
    }
)


def recognise(sheet: Sheet) -> bool:
    """Return whether the header is that of a list of places."""
    return LAYOUT.fits(sheet)


def read(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    """Return one reading: PLACES; its period is the latest first day in the list."""
    found = LAYOUT.columns(sheet)
    code = codes(found["practice_code"])
    sieve = Sieve(sheet, code)
    sieve.drop_unknown_practices()
    first, bad = days(found["from_date"])
    sieve.drop(
        bad | np.asarray(pc.is_null(first)),
        "The first day is empty or cannot be read; write 01/04/2026 or 2026-04-01.",
    )
    for name in ("place_code", "place_name"):
        sieve.drop(pc.equal(found[name], ""), f"The {name.replace('_', ' ')} is empty.")
    sieve.drop_repeats([code, first], [found["place_code"]], "practice and first day")
    aside = sieve.verdict(TITLE)
    table = Table.of(
        PLACES,
        {
            "practice_code": sieve.kept(code),
            "place_code": sieve.kept(found["place_code"]),
            "place_name": sieve.kept(found["place_name"]),
            "from_date": sieve.kept(first),
        },
    )
    return (
        Reading(
            publication=PUBLICATION,
            period=pc.max(table.data["from_date"]).as_py().isoformat(),
            tables={"places": table},
            rows=len(table),
            practices=pc.count_distinct(table.data["practice_code"]).as_py(),
            reader_version=VERSION,
            set_aside=aside,
        ),
    )
