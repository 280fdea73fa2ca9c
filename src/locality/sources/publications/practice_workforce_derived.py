"""General Practice Workforce of 2023 as an NHS support unit put it together: fewer roles.

It joins the published workforce to networks, boards, postcodes and deprivation, of which the
staff and the patients are kept. It says its year alone; ``knowledge/workforce/undated.csv`` says
which census it is taken for. A blank means no return. Some practices stand twice, alike.
"""

from __future__ import annotations

import re

import pyarrow as pa

from locality.knowledge.workforce_columns import undated
from locality.sources.cells import codes
from locality.sources.dating import in_words
from locality.sources.layout import Layout
from locality.sources.publications import practice_workforce as published
from locality.sources.reading import Hints, Reading, Refused
from locality.sources.rows import Sheet
from locality.sources.sieve import Sieve

PUBLICATION = "practice_workforce_derived"
TITLE = "General Practice Workforce as put together by others"
VERSION = 1

LAYOUT = Layout(
    needed={
        **published.LAYOUT.needed,
        "practice_code": ("practice_code",),
        "prescribing_setting": ("prescribing_setting",),
        "deprivation": ("imd_2019",),
    }
)
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


def recognise(sheet: Sheet) -> bool:
    """Return whether it has staff beside the prescribing setting and the deprivation score."""
    return LAYOUT.fits(sheet)


def read(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    """Return one reading: PRACTICE_STAFF and WORKFORCE_PATIENTS.

    Raises Refused where neither the name nor knowledge says which census it is.
    """
    found = LAYOUT.columns(sheet)
    as_at = published.month_of(hints)
    note = "The month comes from the file's name."
    if as_at is None:
        years = [int(y[1]) for name in hints.names if (y := _YEAR.search(name))]
        known = undated().get(years[0]) if years else None
        if known is None:
            raise Refused(
                "This table of general practice staff does not say which month it is for, and "
                "nor does its name. Put the month into the name, such as "
                "gp_workforce_practice_april_2023.csv."
            )
        as_at, note = known.as_at, f"The file says the year alone. {known.note}"
    sieve = Sieve(sheet, codes(found["practice_code"]))
    when = pa.repeat(pa.scalar(as_at, pa.date32()), len(sieve.label))
    return published.readings(
        PUBLICATION, TITLE, VERSION, sieve, when, found["patients"],
        (f"Taken as at {in_words(as_at)}. {note}",),
    )  # fmt: skip
