"""QOF counts during the year, as a practice or locality types them.

Columns, in any order: ``practice_code, indicator_code, as_at, register, denominator, numerator,
pcas, source``. The denominator is net of personalised care adjustments, as published ones are:
``pcas`` stands beside it and is never taken off again.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa

from locality.figures import Period, Table
from locality.figures.schemas import QOF_IN_YEAR
from locality.knowledge import load
from locality.knowledge.problems import nearest
from locality.knowledge.qof_successions import words
from locality.sources.arrow import Array, pc
from locality.sources.cells import codes, counts, days, empty_as_null, matches, negative
from locality.sources.layout import Layout
from locality.sources.reading import Hints, Reading, Refused
from locality.sources.rows import Sheet
from locality.sources.sieve import Sieve

PUBLICATION = "qof_in_year"
TITLE = "QOF counts in the year"
VERSION = 1

LAYOUT = Layout(
    needed={
        "practice_code": ("practice_code", "practice", "ods_code"),
        "indicator_code": ("indicator_code", "indicator"),
        "as_at": ("as_at", "as_at_date", "date"),
        "denominator": ("denominator",),
        "numerator": ("numerator",),
    },
    also={
        "register": ("register", "register_size"),
        "pcas": ("pcas", "pca", "personalised_care_adjustments"),
        "source": ("source",),
    },
)
_OTHER_WAY = "The numerator is larger than the denominator: are the two the other way round?"
_COUNTS = ("register", "denominator", "numerator", "pcas")


def recognise(sheet: Sheet) -> bool:
    """Return whether the header is that of counts in the year."""
    return LAYOUT.fits(sheet)


def read(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    """Return one reading: QOF_IN_YEAR.

    Raises Refused where a practice has more than one row for an indicator and date, as a file
    with a row a patient has. Impossible rows are set aside, each with its line.
    """
    found = LAYOUT.columns(sheet)
    code, indicator = codes(found["practice_code"]), codes(found["indicator_code"])
    as_at, no_date = days(found["as_at"])
    sieve = Sieve(sheet, code)
    _refuse_rows_of_patients(sieve, code, indicator, found["as_at"])
    sieve.drop_unknown_practices()
    sieve.drop(
        ~matches(indicator, r"^[A-Z]{2,6}\d{2,4}[A-Z]?$"),
        "The indicator code is not letters and a number, such as HYP010.",
    )
    sieve.drop(
        no_date | np.asarray(pc.is_null(as_at)),
        "The date is empty or cannot be read; write 30/09/2026 or 2026-09-30.",
    )
    if hints.today is not None:
        sieve.drop(
            pc.fill_null(pc.greater(as_at, pa.scalar(hints.today)), False),
            "The date is still to come.",
        )
    _drop_other_years(sieve, indicator, as_at)
    blank = pa.array([""] * len(code), pa.string())
    columns = {name: counts(found.get(name, blank)) for name in _COUNTS}
    for name, numbers in columns.items():
        sieve.drop(numbers.wrong, f"The {name} is not a whole number.")
        sieve.drop(negative(numbers), f"The {name} is below zero.")
    numerator, denominator, register = (
        columns[name].values for name in ("numerator", "denominator", "register")
    )
    for small, large, reason in (
        (
            numerator,
            denominator,
            _OTHER_WAY,
        ),
        (denominator, register, "The denominator is larger than the register."),
    ):
        sieve.drop(pc.fill_null(pc.greater(small, large), False), reason)
    aside = sieve.verdict(TITLE)
    rows = int(sieve.keep.sum())
    source = empty_as_null(sieve.kept(found.get("source", blank)))
    table = Table.of(
        QOF_IN_YEAR,
        {
            "as_at": sieve.kept(as_at),
            "practice_code": sieve.kept(code),
            "indicator_code": sieve.kept(indicator),
            **{name: sieve.kept(numbers.values) for name, numbers in columns.items()},
            "source": pc.fill_null(source, "not stated"),
            "missing": sieve.kept(
                pc.coalesce(columns["numerator"].missing, columns["denominator"].missing)
            ),
        },
    )
    dates = pc.min_max(table.data["as_at"]).as_py()
    practices = pc.unique(table.data["practice_code"]).to_pylist()
    return (
        Reading(
            publication=PUBLICATION,
            period=Period(start=dates["min"], end=dates["max"]).code,
            part=practices[0] if len(practices) == 1 else "",
            tables={"qof_in_year": table},
            rows=rows,
            practices=len(practices),
            reader_version=VERSION,
            set_aside=aside,
            notes=(
                "Denominators are taken as net of personalised care adjustments, as published "
                "ones are; the adjustments are not taken off again.",
            ),
        ),
    )


def _drop_other_years(sieve: Sieve, indicator: Array, as_at: Array) -> None:
    """Set aside indicators that the QOF of their date does not have, saying what they became.

    Where no sheet of that year is known, every code is taken.
    """
    rules = load().rules
    found: dict[str, list[int]] = {}
    known: dict[date, set[str] | None] = {}
    for row, (code, day) in enumerate(zip(indicator.to_pylist(), as_at.to_pylist(), strict=True)):
        if day is None or not code or not sieve.keep[row]:
            continue
        year = Period.year_of(day).code
        if day not in known:
            sheet = rules.sheets.get(f"qof/{year}")
            known[day] = {one.code for one in sheet.standing(day)} if sheet else None
        codes = known[day]
        if codes is not None and code not in codes:
            said = words(code, year)
            near = nearest(code, sorted(codes))
            said = said or f"QOF {year} has no indicator {code}; {near}"
            found.setdefault(said, []).append(row)
    for reason, rows in found.items():
        where = np.zeros(len(indicator), dtype=bool)
        where[rows] = True
        sieve.drop(where, reason)


def _refuse_rows_of_patients(sieve: Sieve, code: Array, indicator: Array, written: Array) -> None:
    dates, _ = days(written)
    key = pa.table(
        {
            "code": code,
            "indicator": indicator,
            # Two ways to write one day are one day; what is no date is compared as written.
            "on": pc.coalesce(pc.cast(dates, pa.string()), written),
            "row": pa.array(np.arange(len(code))),
        }
    )
    groups = key.group_by(["code", "indicator", "on"]).aggregate([("row", "min"), ("row", "count")])
    if groups.num_rows == len(code):
        return
    firsts = np.zeros(len(code), dtype=bool)
    firsts[np.asarray(groups["row_min"])] = True
    repeats = int((~firsts).sum())
    raise Refused(
        f"{repeats:,} of the {len(code):,} rows repeat a practice, indicator and date that "
        f"already has a row (first at {sieve.example(int(np.argmin(firsts)))}), as a file with a "
        "row for each patient does. Locality takes counts, never rows about one person: give "
        "one row for each practice, indicator and date. Nothing was stored."
    )
