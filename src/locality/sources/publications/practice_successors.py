"""Practices that closed or merged and which practice follows them, as a locality says."""

from __future__ import annotations

import numpy as np

from locality.figures import Table
from locality.figures.schemas import PRACTICE_SUCCESSORS
from locality.sources.arrow import pc
from locality.sources.cells import PRACTICE_CODE, codes, days, matches
from locality.sources.layout import Layout
from locality.sources.reading import Hints, Reading
from locality.sources.rows import Sheet
from locality.sources.sieve import Sieve

PUBLICATION = "practice_successors"
TITLE = "a list of practices and their successors"
VERSION = 1

LAYOUT = Layout(
    needed={
        "practice_code": ("practice_code",),
        "successor_code": ("successor_code",),
        "on": ("on", "on_date", "date"),
        "how": ("how",),
    }
)


def recognise(sheet: Sheet) -> bool:
    """Return whether the header is that of a list of successors."""
    return LAYOUT.fits(sheet)


def read(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    """Return one reading: PRACTICE_SUCCESSORS; its period is the latest day in the list."""
    found = LAYOUT.columns(sheet)
    code, successor = codes(found["practice_code"]), codes(found["successor_code"])
    how = pc.utf8_lower(found["how"])
    sieve = Sieve(sheet, code)
    sieve.drop_unknown_practices()
    sieve.drop(
        ~matches(successor, PRACTICE_CODE),
        "The successor's code is not one letter and five digits.",
    )
    sieve.drop(pc.equal(code, successor), "The practice is given as its own successor.")
    on, bad = days(found["on"])
    sieve.drop(
        bad | np.asarray(pc.is_null(on)),
        "The day is empty or cannot be read; write 01/04/2026 or 2026-04-01.",
    )
    sieve.drop(
        ~matches(how, r"^(merged|closed|renamed)$"), "“How” is not merged, closed or renamed."
    )
    sieve.drop_repeats([code, successor], [on, how], "practice and successor")
    aside = sieve.verdict(TITLE)
    table = Table.of(
        PRACTICE_SUCCESSORS,
        {
            "practice_code": sieve.kept(code),
            "successor_code": sieve.kept(successor),
            "on": sieve.kept(on),
            "how": sieve.kept(how),
        },
    )
    return (
        Reading(
            publication=PUBLICATION,
            period=pc.max(table.data["on"]).as_py().isoformat(),
            tables={"practice_successors": table},
            rows=len(table),
            practices=pc.count_distinct(table.data["practice_code"]).as_py(),
            reader_version=VERSION,
            set_aside=aside,
        ),
    )
