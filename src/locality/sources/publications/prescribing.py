"""English Prescribing Dataset: what each prescriber prescribed in a month, by presentation.

One row is a prescriber, a presentation and a quantity on the prescription, so that the same
presentation stands in several rows of a practice: none of them is a repeat. Until February 2025
a presentation is headed BNF_CODE, since then BNF_PRESENTATION_CODE; the month is written 201709,
2017_09 or 2017-09. Prescribers that are not practices are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from locality.figures import Period, Table
from locality.figures.schemas.prescribing import PRESCRIBING_ROWS
from locality.sources.arrow import Array, pc
from locality.sources.cells import PRACTICE_CODE, Numbers, codes, counts, matches, negative, numbers
from locality.sources.layout import Layout
from locality.sources.publications.monthly_tables import month_code, not_yet
from locality.sources.reading import Hints, Reading, Refused
from locality.sources.rows import Sheet
from locality.sources.sieve import Sieve

PUBLICATION = "prescribing"
TITLE = "the English Prescribing Dataset"
VERSION = 1

LAYOUT = Layout(
    needed={
        "month": ("year_month",),
        "practice_code": ("practice_code",),
        "bnf_code": ("bnf_presentation_code", "bnf_code"),
        "items": ("items",),
        "quantity": ("total_quantity",),
        "nic": ("nic",),
        "actual_cost": ("actual_cost",),
    },
    also={"unidentified": ("unidentified",)},
)
AMOUNTS = {
    "items": "number of items",
    "quantity": "total quantity",
    "nic": "net ingredient cost",
    "actual_cost": "actual cost",
}
NOTE = (
    "The same presentation may stand in several rows of a practice, one for each quantity on the "
    "prescription; they add up."
)
_MONTH = re.compile(r"(20\d{2})[-_]?(0[1-9]|1[0-2])")
#: A medicine has 15 signs, a dressing or appliance (chapters 20 to 23) 11.
_BNF_CODE = r"^\d{4}[0-9A-Z]{7}(?:[0-9A-Z]{4})?$"
#: Doctors whom nobody could tell apart, in all England or in one sub-ICB (such as 36J998).
_NOBODY = r"^(?:-*|UNIDENTIFIED|\d\d[A-Z]998)$"
#: Hospitals, networks, cost centres of a newer kind: codes, and not those of practices.
_OTHERS = r"^[0-9A-Z]{3,8}$"


@dataclass(frozen=True)
class Columns:
    """The columns of a sheet as they are kept: a month, two codes and four amounts."""

    month: Array
    practice_code: Array
    bnf_code: Array
    amounts: dict[str, Numbers]
    unidentified: np.ndarray

    @classmethod
    def of(cls, sheet: Sheet) -> Columns:
        """Return the columns of ``sheet``; a month that cannot be read is null."""
        found = LAYOUT.columns(sheet)
        practice = codes(found["practice_code"])
        unidentified = matches(practice, _NOBODY)
        if "unidentified" in found:
            unidentified |= np.asarray(pc.equal(codes(found["unidentified"]), "Y"))
        return cls(
            month=_months(found["month"]),
            practice_code=practice,
            bnf_code=codes(found["bnf_code"]),
            amounts={
                name: counts(found[name]) if name == "items" else numbers(found[name])
                for name in AMOUNTS
            },
            unidentified=unidentified,
        )

    def faults(self) -> Iterator[tuple[np.ndarray, str, bool]]:
        """Yield which rows are set aside, the reason, and whether such rows belong in the file."""
        yield self.unidentified, "The prescriber is not identified.", True
        practice = matches(self.practice_code, PRACTICE_CODE)
        other = matches(self.practice_code, _OTHERS) & ~practice
        yield other, "The prescriber is not a practice.", True
        yield ~practice, "The practice code is not one letter and five digits.", False
        yield np.asarray(pc.is_null(self.month)), "The month is not one such as 202607.", False
        yield ~matches(self.bnf_code, _BNF_CODE), "The BNF code has not 15 or 11 signs.", False
        for name, words in AMOUNTS.items():
            kind = "a whole number" if name == "items" else "a number"
            yield self.amounts[name].wrong, f"The {words} is not {kind}.", False
            yield negative(self.amounts[name]), f"The {words} is below zero.", False

    def table(self, keep: np.ndarray, period: str) -> Table:
        """Return the rows ``keep`` as PRESCRIBING_ROWS of ``period``."""
        kept = pa.array(keep)
        columns: dict[str, Any] = {
            "period": pa.repeat(pa.scalar(period), int(keep.sum())),
            "practice_code": self.practice_code.filter(kept),
            "bnf_code": self.bnf_code.filter(kept),
        }
        columns |= {name: one.values.filter(kept) for name, one in self.amounts.items()}
        return Table.of(PRESCRIBING_ROWS, columns)


def recognise(sheet: Sheet) -> bool:
    """Return whether the header is that of the English Prescribing Dataset."""
    return LAYOUT.fits(sheet)


def read(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    """Return one reading: PRESCRIBING_ROWS of the month; Refused where rows are of several."""
    columns = Columns.of(sheet)
    sieve = Sieve(sheet, columns.practice_code)
    for where, reason, expected in columns.faults():
        sieve.drop(where, reason, expected=expected)
    aside = sieve.verdict(TITLE)
    period = one_month(pc.unique(sieve.kept(columns.month)).to_pylist(), hints)
    return (
        Reading(
            publication=PUBLICATION,
            period=period,
            tables={"prescribing_rows": columns.table(sieve.keep, period)},
            rows=int(sieve.keep.sum()),
            practices=pc.count_distinct(sieve.kept(columns.practice_code)).as_py(),
            reader_version=VERSION,
            set_aside=aside,
            notes=(NOTE,),
        ),
    )


def one_month(firsts: list[date], hints: Hints) -> str:
    """Return the code of the one month whose first day is in ``firsts``, such as 2017-M09.

    Raises Refused for several months, or one that has not begun.
    """
    ordered = sorted(firsts)
    if len(ordered) > 1:
        first, last = (Period.month(on.year, on.month).label for on in (ordered[0], ordered[-1]))
        raise Refused(
            f"The rows are for {len(ordered)} different months (from {first} to {last}). Give one "
            "file for each month."
        )
    not_yet(ordered[0], hints)
    return month_code(ordered[0])


def _months(column: Array) -> Array:
    coded = column.dictionary_encode()
    found = [_MONTH.fullmatch(text) for text in coded.dictionary.to_pylist()]
    firsts = [date(int(one[1]), int(one[2]), 1) if one else None for one in found]
    return pa.array(firsts, pa.date32()).take(coded.indices)
