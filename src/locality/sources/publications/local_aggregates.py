"""Counts of anything by practice, as a locality supplies them itself.

Columns, in any order: ``practice_code, measure_id, period, numerator, denominator, source``, and
no others: a column more is how rows about single people begin. One row for each practice, measure
and period. Numerator and denominator are numbers, so that amounts and money may stand there too.
"""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa

from locality.figures import Period, Table
from locality.figures.schemas.need import LOCAL_AGGREGATES
from locality.sources.arrow import Array, pc
from locality.sources.cells import codes, matches, negative, numbers
from locality.sources.layout import Layout
from locality.sources.reading import Hints, Reading, Refused
from locality.sources.refusing import passes
from locality.sources.rows import Sheet
from locality.sources.sieve import Sieve

PUBLICATION = "local_aggregates"
TITLE = "counts that a locality supplies itself"
VERSION = 1

LAYOUT = Layout(
    needed={
        "practice_code": ("practice_code",),
        "measure_id": ("measure_id",),
        "period": ("period",),
        "numerator": ("numerator",),
        "denominator": ("denominator",),
        "source": ("source",),
    }
)
#: As in the definition of a measure.
_MEASURE_ID = r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$"
_LONGEST_SOURCE = 120
_COUNTS_ONLY = (
    "Locality takes counts, never rows about one person: give one row for each practice, measure "
    "and period. Nothing was stored."
)


def recognise(sheet: Sheet) -> bool:
    """Return whether the header is that of a locality's own counts."""
    return LAYOUT.fits(sheet)


def read(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    """Return one reading: LOCAL_AGGREGATES; its period runs from the first to the last day in it.

    Raises Refused for more columns than belong there, for repeats of a practice, measure and
    period, and for rows that count one person each. A numerator above its denominator is set
    aside where ``hints.intervals`` says that the measure is a share of the people counted over.
    """
    _refuse_other_columns(sheet)
    found = LAYOUT.columns(sheet)
    code, measure = codes(found["practice_code"]), pc.utf8_lower(found["measure_id"])
    sieve = Sieve(sheet, code)
    period, later = _periods(found["period"], hints)
    numerator, denominator = numbers(found["numerator"]), numbers(found["denominator"])
    _refuse_people(sieve, code, measure, pc.coalesce(period, found["period"]), denominator.values)
    _refuse_numbers_of_people(found["source"])
    sieve.drop_unknown_practices()
    sieve.drop(
        ~matches(measure, _MEASURE_ID),
        "The measure is not an id of words with a point, such as local.cardiology_referrals.",
    )
    sieve.drop(
        pc.is_null(period),
        "The period cannot be read; write 2025-26, 2026-Q3, 2026-M07 or 2026-07-01.",
    )
    sieve.drop(later, "The period is still to come.")
    for name, amounts in (("numerator", numerator), ("denominator", denominator)):
        sieve.drop(amounts.wrong, f"The {name} is not a number.")
        sieve.drop(negative(amounts), f"The {name} is below zero.")
    source = found["source"]
    sieve.drop(pc.equal(source, ""), "The source is empty: say where the counts come from.")
    sieve.drop(
        pc.greater(pc.utf8_length(source), _LONGEST_SOURCE),
        f"The source is longer than {_LONGEST_SOURCE} letters.",
    )
    more = np.asarray(pc.fill_null(pc.greater(numerator.values, denominator.values), False))
    shares = [id for id, interval in hints.intervals.items() if interval == "share"]
    is_share = np.asarray(pc.is_in(measure, pa.array(shares, pa.string())))
    sieve.drop(more & is_share, "The numerator is larger than the denominator.")
    aside = sieve.verdict(TITLE)
    table = Table.of(
        LOCAL_AGGREGATES,
        {
            "practice_code": sieve.kept(code),
            "measure_id": sieve.kept(measure),
            "period": sieve.kept(period),
            "numerator": sieve.kept(numerator.values),
            "denominator": sieve.kept(denominator.values),
            "source": sieve.kept(source),
            "missing": sieve.kept(pc.coalesce(numerator.missing, denominator.missing)),
        },
    )
    periods = [Period.parse(one) for one in pc.unique(table.data["period"]).to_pylist()]
    measures = pc.unique(table.data["measure_id"]).to_pylist()
    return (
        Reading(
            publication=PUBLICATION,
            period=Period(
                start=min(one.start for one in periods), end=max(one.end for one in periods)
            ).code,
            part=measures[0] if len(measures) == 1 else "",
            tables={"local_aggregates": table},
            rows=len(table),
            practices=pc.count_distinct(table.data["practice_code"]).as_py(),
            reader_version=VERSION,
            set_aside=aside,
            notes=_notes(measures, hints, int((more & sieve.keep).sum())),
        ),
    )


def _notes(measures: list[str], hints: Hints, more: int) -> tuple[str, ...]:
    unknown = sorted(set(measures) - set(hints.intervals)) if hints.intervals else []
    notes = []
    if unknown:
        named = ", ".join(unknown[:5]) + (" and others" if len(unknown) > 5 else "")
        notes.append(f"No measure is defined yet for {named}; the counts wait for a definition.")
    if more:
        notes.append(
            f"In {more:,} rows the numerator is larger than the denominator: they can be a rate, "
            "never a share."
        )
    return tuple(notes)


def _periods(column: Array, hints: Hints) -> tuple[Array, Array]:
    """Return each period's code, null where it is none, and which begin after today."""
    coded = column.dictionary_encode()
    found: list[Period | None] = []
    for text in coded.dictionary.to_pylist():
        try:
            found.append(Period.parse(text))
        except ValueError:
            found.append(None)
    written = pa.array([one and one.code for one in found], pa.string())
    later = pa.array(
        [bool(one and hints.today and one.start > hints.today) for one in found], pa.bool_()
    )
    return written.take(coded.indices), later.take(coded.indices)


def _refuse_other_columns(sheet: Sheet) -> None:
    for place, word in enumerate(sheet.words):
        if word in LAYOUT.needed or not (
            word or pc.any(pc.not_equal(sheet.column(place), "")).as_py()
        ):
            continue
        header = " ".join(sheet.header[place].split())
        named = f" (“{header}”)" if re.fullmatch(r"[^\d]{1,40}", header) else ""
        raise Refused(
            f"Counts by practice have the columns {', '.join(LAYOUT.needed)} and no others; "
            f"column {place + 1}{named} is one more. Locality takes counts, never rows about one "
            "person. Remove that column. Nothing was stored."
        )


def _refuse_people(
    sieve: Sieve, code: Array, measure: Array, period: Array, denominator: Array
) -> None:
    rows = len(code)
    key = pa.table(
        {"code": code, "measure": measure, "period": period, "row": pa.array(np.arange(rows))}
    )
    firsts = key.group_by(["code", "measure", "period"]).aggregate([("row", "min")])
    if firsts.num_rows < rows:
        first = np.zeros(rows, dtype=bool)
        first[np.asarray(firsts["row_min"])] = True
        raise Refused(
            f"{rows - firsts.num_rows:,} of the {rows:,} rows repeat a practice, measure and "
            f"period that already has a row (first at {sieve.example(int(np.argmin(first)))}), as "
            f"a file with a row for each patient does. {_COUNTS_ONLY}"
        )
    single = np.asarray(pc.fill_null(pc.equal(denominator, 1.0), False))
    if rows >= 5 and 2 * int(single.sum()) > rows:
        raise Refused(
            f"{int(single.sum()):,} of the {rows:,} rows count over one person (first at "
            f"{sieve.example(int(np.argmax(single)))}), as a file with a row for each patient "
            f"does. {_COUNTS_ONLY}"
        )


def _refuse_numbers_of_people(source: Array) -> None:
    """Refuse NHS numbers that stand inside a text; whole cells are looked at for every file."""
    texts = pc.unique(source).to_pylist()
    found = [
        int(re.sub(r"\D", "", one))
        for text in texts
        for one in re.findall(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)", text)
    ]
    if found and passes(np.array(found)).any():
        raise Refused(
            "This looks like a file about single patients: texts in the column “source” hold "
            f"numbers that pass the check of an NHS number. {_COUNTS_ONLY}"
        )
