"""Fingertips' own CSV of indicators: 27 columns, a row for each area, sex, age and time.

Rows of practices and of primary care networks are kept. England's rows, those by category (such
as tenths of deprivation) and those of other areas belong in the file and are set aside. Each
indicator and time is a reading of its own, with the indicator's number as its part. Deprivation
scores fill the table ``deprivation`` too.
"""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa

from locality.figures import Missing, Period, Table
from locality.figures.schemas.need import DEPRIVATION, FINGERTIPS
from locality.knowledge.deprivation_indicators import deprivation_indicators
from locality.sources.arrow import Array, pc
from locality.sources.cells import PRACTICE_CODE, codes, counts, matches, negative, numbers
from locality.sources.layout import Layout
from locality.sources.publications.deprivation import impossible
from locality.sources.reading import Hints, Reading, Refused
from locality.sources.rows import Sheet
from locality.sources.sieve import Sieve

PUBLICATION = "fingertips"
TITLE = "Fingertips indicators"
VERSION = 1

LAYOUT = Layout(
    needed={
        "indicator_id": ("indicator_id",),
        "code": ("area_code",),
        "area_type": ("area_type",),
        "sex": ("sex",),
        "age": ("age",),
        "category": ("category",),
        "time": ("time_period",),
        "value": ("value",),
        "lower": ("lower_ci_95_0_limit",),
        "upper": ("upper_ci_95_0_limit",),
        "count": ("count",),
        "denominator": ("denominator",),
        "note": ("value_note",),
    }
)
_NUMBERS = {
    "value": "value",
    "lower": "lower end of the interval",
    "upper": "upper end of the interval",
    "count": "count",
    "denominator": "denominator",
}
_RANGE = re.compile(r"(\d{4})(/\d{2})? ?[-\u2013] ?(?:20)?(\d{2})(/\d{2})?")
_QUARTER = re.compile(r"(\d{4})/(\d{2}) Q([1-4])")


def recognise(sheet: Sheet) -> bool:
    """Return whether the header is that of Fingertips."""
    return LAYOUT.fits(sheet)


def read(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    """Return a reading for each indicator and time: FINGERTIPS, and DEPRIVATION where it is one."""
    found = LAYOUT.columns(sheet)
    code, area = codes(found["code"]), found["area_type"]
    sieve = Sieve(sheet, code)
    indicator = counts(found["indicator_id"])
    sieve.drop(
        indicator.wrong | np.asarray(pc.is_null(indicator.values)),
        "The number of the indicator is not a whole number.",
    )
    sieve.drop(pc.equal(area, "England"), "The row is about England as a whole.", expected=True)
    practice, network = matches(area, r"^(?i)GPs?$"), matches(area, r"^(?i)PCNs?\b")
    sieve.drop(~practice & ~network, "The row is about another kind of area.", expected=True)
    sieve.drop(
        pc.not_equal(found["category"], ""),
        "The row is about one category of people only.",
        expected=True,
    )
    sieve.drop(
        practice & ~matches(code, PRACTICE_CODE),
        "The practice code is not one letter and five digits.",
    )
    sieve.drop(
        network & ~matches(code, r"^U\d{5}$"), "The network's code is not U and five digits."
    )
    period = _periods(found["time"])
    sieve.drop(pc.is_null(period), "The time period is not a year, quarter or stretch of years.")
    amounts = {name: numbers(found[name]) for name in _NUMBERS}
    for name, words in _NUMBERS.items():
        sieve.drop(amounts[name].wrong, f"The {words} is not a number.")
        if name in ("count", "denominator"):
            sieve.drop(negative(amounts[name]), f"The {words} is below zero.")
    scores = pc.is_in(indicator.values, pa.array(deprivation_indicators(), pa.int64()))
    value = amounts["value"].values
    sieve.drop(pc.and_(scores, impossible(value)), "The score is below 0 or above 100.")
    missing = _missing(value, found["note"])
    sieve.drop_repeats(
        [indicator.values, period, code, found["sex"], found["age"]],
        [*(one.values for one in amounts.values()), missing],
        "indicator, time, area, sex and age",
    )
    aside = sieve.verdict(TITLE)
    kept = pa.table(
        {
            "indicator_id": sieve.kept(indicator.values),
            "period": sieve.kept(period),
            "code": sieve.kept(code),
            "kind": pc.if_else(pa.array(practice[sieve.keep]), "practice", "pcn"),
            "sex": sieve.kept(found["sex"]),
            "age": sieve.kept(found["age"]),
            **{name: sieve.kept(one.values) for name, one in amounts.items()},
            "missing": sieve.kept(missing),
        }
    )
    subjects = kept.group_by(["indicator_id", "period"]).aggregate([]).to_pylist()
    readings = [
        _reading(kept, one["indicator_id"], one["period"], aside if not place else ())
        for place, one in enumerate(
            sorted(subjects, key=lambda one: (one["indicator_id"], one["period"]))
        )
    ]
    return tuple(readings)


def _reading(kept: pa.Table, indicator: int, period: str, aside: tuple) -> Reading:
    its = kept.filter(
        pc.and_(pc.equal(kept["indicator_id"], indicator), pc.equal(kept["period"], period))
    )
    practices = its.filter(pc.equal(its["kind"], "practice"))
    tables = {"fingertips": Table.of(FINGERTIPS, its)}
    if indicator in deprivation_indicators() and len(practices):
        everyone = practices.filter(pc.equal(practices["sex"], "Persons"))
        if pc.count_distinct(everyone["code"]).as_py() < len(everyone):
            raise Refused(
                f"Indicator {indicator} is a score of deprivation, and has several rows for the "
                "same practice. Download it again, for all ages."
            )
        tables["deprivation"] = Table.of(
            DEPRIVATION,
            everyone.select(["period", "code", "value", "missing"]).rename_columns(
                ["period", "practice_code", "score", "missing"]
            ),
        )
    return Reading(
        publication=PUBLICATION,
        period=period,
        part=str(indicator),
        tables=tables,
        rows=len(its),
        practices=pc.count_distinct(practices["code"]).as_py(),
        reader_version=VERSION,
        set_aside=aside,
    )


def _periods(column: Array) -> Array:
    """Return the period's code of each time that Fingertips writes, null where it is none."""
    coded = column.dictionary_encode()
    found = [_period(text) for text in coded.dictionary.to_pylist()]
    return pa.array(found, pa.string()).take(coded.indices)


def _period(text: str) -> str | None:
    """Return a period's code.

    >>> _period("2021/22"), _period("2019"), _period("2018/19 - 20/21"), _period("2022/23 Q1")
    ('2021-22', '2019', '2018-04-01/2021-03-31', '2022-Q2')
    """
    if quarter := _QUARTER.fullmatch(text):
        first, number = int(quarter[1]), int(quarter[3])
        return Period.quarter(first + number // 4, number % 4 + 1).code
    if stretch := _RANGE.fullmatch(text):
        first, last = int(stretch[1]), int(stretch[1][:2] + stretch[3])
        last += 100 if last < first else 0
        whole = Period.financial_year if stretch[2] and stretch[4] else Period.calendar_year
        if bool(stretch[2]) == bool(stretch[4]):
            return Period(start=whole(first).start, end=whole(last).end).code
    try:
        return Period.parse(text).code
    except ValueError:
        return None


def _missing(value: Array, note: Array) -> Array:
    """Return why there is no value: the note says so where the publisher hid it."""
    hidden = pc.match_substring(pc.utf8_lower(note), "suppress")
    reason = pc.if_else(hidden, str(Missing.SUPPRESSED), str(Missing.NO_RETURN))
    return pc.if_else(pc.is_null(value), reason, pa.scalar(None, pa.string()))
