"""QOF achievement (the raw file ACHIEVEMENT): counts and points by practice and indicator.

The file is long: a row for each practice, indicator and measure, several million in all, and from
2022-23 one file a region. It is turned into one row for each practice and indicator. Denominators
are already net of personalised care adjustments. The year and the region stand in the name alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from locality.figures import Missing, Table
from locality.figures.schemas.quality import QOF_ACHIEVEMENT
from locality.sources.arrow import Array, pc
from locality.sources.cells import Numbers, codes, matches, negative, numbers
from locality.sources.layout import Layout
from locality.sources.publications.qof_years import qof_year
from locality.sources.reading import Hints, Reading
from locality.sources.rows import Sheet, plain
from locality.sources.sieve import Sieve

PUBLICATION = "qof_achievement"
TITLE = "QOF achievement by indicator"
VERSION = 1

LAYOUT = Layout(
    needed={
        "practice_code": ("practice_code",),
        "indicator_code": ("indicator_code",),
        "measure": ("measure",),
        "value": ("value",),
    }
)
#: Published measure -> column of the table. Points alone may have decimals.
MEASURES = {
    "NUMERATOR": "numerator",
    "DENOMINATOR": "denominator",
    "PCAS": "pcas",
    "REGISTER": "register",
    "NEWLY_DIAGNOSED": "newly_diagnosed",
    "ACHIEVED_POINTS": "points",
}
_COLUMNS = tuple(MEASURES.values())
_NUM, _DEN = _COLUMNS.index("numerator"), _COLUMNS.index("denominator")
_POINTS = _COLUMNS.index("points")
_INDICATOR = r"^[A-Z]{2,8}\d{2,4}[A-Z]?$"
#: Why a cell is empty, by number; 0 where nothing was said.
_REASONS: tuple[str | None, ...] = (None, *(str(reason) for reason in Missing))
_NO_RETURN = _REASONS.index(str(Missing.NO_RETURN))
_NOT_APPLICABLE = _REASONS.index(str(Missing.NOT_APPLICABLE))
_REGION = re.compile(r"^achievement_(?P<region>[a-z_]+?)_(?:20)?\d\d_?(?:20)?\d\d(?!\d)")

Places = NDArray[np.int64]
Truths = NDArray[np.bool_]


def recognise(sheet: Sheet) -> bool:
    """Return whether the header is that of QOF achievement."""
    return LAYOUT.fits(sheet)


def read(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    """Return one reading: QOF_ACHIEVEMENT, the region of the file's name as its part.

    A practice and indicator of which one row cannot be used is set aside whole, so that no count
    stands beside half of its own. Raises Refused where the name has no year.
    """
    period, notes = qof_year(
        sheet, hints, TITLE, "ACHIEVEMENT_LONDON_2425.csv for 2024-25 in London"
    )
    long = _Long.of(sheet)
    sieve = Sieve(sheet, long.code)
    sieve.drop_unknown_practices()
    sieve.drop(
        long.per_indicator(~matches(long.indicators, _INDICATOR)),
        "The indicator code is not letters and a number, such as HYP008.",
    )
    sieve.drop(
        long.measure < 0,
        "The measure is none that is kept (numerator, denominator, personalised care "
        "adjustments, register, newly diagnosed, achieved points).",
        expected=True,
    )
    value = long.value
    sieve.drop(long.whole(value.wrong), "A value of the practice and indicator is not a number.")
    sieve.drop(long.whole(negative(value)), "A value of the practice and indicator is below zero.")
    amount = np.asarray(pc.fill_null(value.values, np.nan))
    parts = (long.measure != _POINTS) & (amount % 1 > 0)
    sieve.drop(long.whole(parts), "A count of patients is not a whole number.")
    slots = long.slot[sieve.keep]
    if len(np.unique(slots)) < len(slots):
        sieve.drop_repeats([pa.array(long.slot)], [value.values], "practice, indicator and measure")
    wide = _Wide.of(long, sieve.keep, amount)
    more = wide.amount[_NUM] > wide.amount[_DEN]
    if more.any():
        sieve.drop(
            np.isin(long.cell, wide.cells[more]), "The numerator is larger than the denominator."
        )
        wide = _Wide.of(long, sieve.keep, amount)
    aside = sieve.verdict(TITLE)
    part = _region(hints)
    table = Table.of(QOF_ACHIEVEMENT, wide.columns(long, period.code))
    return (
        Reading(
            publication=PUBLICATION,
            period=period.code,
            part=part,
            tables={"qof_achievement": table},
            rows=len(table),
            practices=pc.count_distinct(table.data["practice_code"]).as_py(),
            reader_version=VERSION,
            set_aside=aside,
            notes=(
                *notes,
                "Denominators are net of personalised care adjustments, as published.",
                f"The file's name says that it is of one region ({part})."
                if part
                else "The file's name says no region: it is taken to hold every practice.",
            ),
        ),
    )


@dataclass(frozen=True)
class _Long:
    """The rows as published: codes, and each row's place among practices, indicators, measures.

    ``cell`` numbers practice and indicator together, ``slot`` the measure as well. Texts are
    looked at once for each different one, as there are millions of rows of a few thousand texts.
    """

    code: Array
    practices: Array
    indicators: Array
    indicator: Places
    measure: Places
    cell: Places
    slot: Places
    value: Numbers

    @classmethod
    def of(cls, sheet: Sheet) -> _Long:
        """Return the rows of ``sheet``; Refused where a column is there twice."""
        LAYOUT.columns(replace(sheet, body=sheet.body.slice(0, 0)))
        practices, of_practice = _coded(sheet, "practice_code")
        indicators, of_indicator = _coded(sheet, "indicator_code")
        measures, of_measure = _coded(sheet, "measure")
        values, of_value = _coded(sheet, "value")
        known = pc.fill_null(pc.index_in(measures, pa.array(list(MEASURES), pa.string())), -1)
        measure = np.asarray(known, dtype=np.int64)[of_measure]
        cell = of_practice * max(len(indicators), 1) + of_indicator
        number, place = numbers(values), pa.array(of_value)
        return cls(
            code=practices.take(pa.array(of_practice)),
            practices=practices,
            indicators=indicators,
            indicator=of_indicator,
            measure=measure,
            cell=cell,
            slot=cell * (len(MEASURES) + 1) + measure,
            value=Numbers(
                number.values.take(place), number.missing.take(place), number.wrong[of_value]
            ),
        )

    def per_indicator(self, which: Truths) -> Truths:
        """Return which rows are of the indicators ``which``."""
        found: Truths = which[self.indicator]
        return found

    def whole(self, which: Truths) -> Truths:
        """Return the rows that share practice and indicator with any of ``which``."""
        return np.isin(self.cell, self.cell[which]) if which.any() else which


@dataclass(frozen=True)
class _Wide:
    """One row for each practice and indicator; a column for each measure, NaN where none."""

    cells: Places
    amount: list[NDArray[np.float64]]
    reason: list[NDArray[np.int8]]

    @classmethod
    def of(cls, long: _Long, keep: Truths, amount: NDArray[np.float64]) -> _Wide:
        """Return the rows of ``long`` that are kept, turned."""
        cells, row = np.unique(long.cell[keep], return_inverse=True)
        said = pc.index_in(long.value.missing, pa.array(_REASONS[1:], pa.string()))
        why = (np.asarray(pc.fill_null(said, -1), dtype=np.int8) + 1)[keep]
        kind, kept = long.measure[keep], amount[keep]
        amounts, reasons = [], []
        for number in range(len(MEASURES)):
            of = kind == number
            turned = np.full(len(cells), np.nan)
            turned[row[of]] = kept[of]
            because = np.full(len(cells), -1, dtype=np.int8)
            because[row[of]] = why[of]
            amounts.append(turned)
            reasons.append(because)
        return cls(cells, amounts, reasons)

    def columns(self, long: _Long, period: str) -> dict[str, Any]:
        """Return the columns of QOF_ACHIEVEMENT."""
        practice, indicator = np.divmod(self.cells, max(len(long.indicators), 1))
        columns: dict[str, Any] = {
            "period": pa.repeat(pa.scalar(period), len(self.cells)),
            "practice_code": long.practices.take(pa.array(practice)),
            "indicator_code": long.indicators.take(pa.array(indicator)),
        }
        for name, amount in zip(_COLUMNS, self.amount, strict=True):
            columns[name] = pa.array(amount, mask=np.isnan(amount))
        reasons: Array = pa.array(_REASONS, pa.string())
        columns["missing"] = reasons.take(pa.array(self._missing()))
        return columns

    def _missing(self) -> NDArray[np.int8]:
        """Return why numerator or denominator is empty; registers and projects have neither."""
        num, den = self.reason[_NUM], self.reason[_DEN]
        why = np.where(num > 0, num, np.maximum(den, 0))
        half = (num < 0) != (den < 0)
        why = np.where(half & (why == 0), _NO_RETURN, why)
        why = np.where((num < 0) & (den < 0), _NOT_APPLICABLE, why)
        return np.asarray(why, dtype=np.int8)


def _coded(sheet: Sheet, field: str) -> tuple[Array, Places]:
    """Return the different texts of a column, trimmed and in capitals, and each row's place."""
    place = next(i for i, word in enumerate(sheet.words) if word in LAYOUT.needed[field])
    coded = pc.dictionary_encode(sheet.body.column(place)).unify_dictionaries().combine_chunks()
    # Texts that differ in blanks or capitals alone are one.
    clean = codes(pc.utf8_trim_whitespace(coded.dictionary)).dictionary_encode()
    return clean.dictionary, _indices(clean)[_indices(coded)]


def _indices(coded: Array) -> Places:
    return np.asarray(coded.indices.to_numpy(zero_copy_only=False), dtype=np.int64)


def _region(hints: Hints) -> str:
    """Return the region in the file's name, as in ``ACHIEVEMENT_NORTH_WEST_2425.csv``; or none."""
    for name in hints.names:
        if found := _REGION.match(plain(name.rpartition(".")[0] or name)):
            return found["region"].replace("_", " ")
    return ""
