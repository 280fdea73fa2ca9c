"""What one year of QOF is paid by: its sheet as arrays, and its yearly constants.

A constant that is not known stands at the last year's value that is, marked as an estimate, with
the sentence that says what is missing and where it would be published.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

import numpy as np
import numpy.typing as npt

from locality.figures import Period, RuleReference, Table
from locality.knowledge import RuleMissing, Rules
from locality.knowledge.qof_registers import resting_on
from locality.knowledge.sheets import Indicator, Sheet
from locality.measure.qof.schemas import QOF_CONSTANTS

Numbers = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]

#: The first year whose value of a point is worked with.
_FIRST = 2013
#: Groups whose pounds are an estimate: how their population factor works has not been read.
UNCHECKED_GROUPS = ("CS", "VI")
UNCHECKED = (
    "An estimate: how payment for vaccinations and screening allows for the population has not "
    "been checked."
)


@dataclass(frozen=True, slots=True)
class Constant:
    """One yearly number and its rule. ``missing`` says what is not known, where it stands in.

    ``period`` is the year whose value this is; it is ``of_period`` unless it stands in.
    """

    id: str
    title: str
    unit: str
    value: Decimal
    period: str
    of_period: str
    rule: RuleReference
    missing: str = ""

    @property
    def estimate(self) -> bool:
        """Return whether another year's value stands in."""
        return bool(self.missing)

    @property
    def words(self) -> str:
        """Return in a few words how far it can be trusted; empty where it was read."""
        if self.estimate:
            return f"at the value of {self.period}"
        if self.rule.grade == "second_hand":
            return "second-hand: not yet signed off"
        return "worked out, not read" if self.rule.grade == "derived" else ""


def constant(rules: Rules, id: str, period: str) -> Constant:
    """Return a yearly constant of QOF in the financial year ``period``.

    Where it is not known, the latest earlier year's stands in. RuleMissing where there is none.
    """
    title, unit = rules.scalar(id).title, rules.scalar(id).unit
    start = Period.parse(period).start.year
    missing = ""
    for year in range(start, _FIRST - 1, -1):
        code = Period.financial_year(year).code
        try:
            found = rules.value(id, code)
        except RuleMissing as error:
            missing = missing or str(error)
            continue
        return Constant(id, title, unit, found.value, code, period, found.as_reference(), missing)
    raise RuleMissing(missing)


@dataclass(frozen=True)
class Scheme:
    """One year's sheet as arrays over its indicators, in the sheet's order, with its constants.

    ``worth`` are points, ``lower`` and ``upper`` per cent (NaN where not known or not needed).
    ``improvement`` are the percentage points at which the second route begins and pays all; None
    where no indicator has one, or an end of it is not known: ``improvement_missing`` then says so.
    """

    sheet: Sheet
    rows: tuple[Indicator, ...]
    point: Constant
    average_list: Constant
    weighted: Truths
    weighting: str = ""
    improvement: tuple[float, float] | None = None
    improvement_missing: str = ""

    @classmethod
    def of(cls, rules: Rules, period: str, on: date | None = None) -> Scheme:
        """Return the scheme of a financial year: its last edition, unless ``on`` is a day.

        Which points are weighted by prevalence is taken from the nearest later year that says so
        where the year's own sheet does not; ``weighting`` then says so. RuleMissing where there
        is no sheet.
        """
        sheet = rules.sheet("qof", period)
        rows = sheet.standing(on)
        point = constant(rules, "qof.point_value", period)
        average = constant(rules, "qof.national_list", period)
        weighted, words = _weighting(rules, sheet, rows)
        route, missing = _improvement(rules, period, rows)
        return cls(sheet, rows, point, average, weighted, words, route, missing)

    @property
    def period(self) -> str:
        """Return the financial year."""
        return self.sheet.period.code

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Return the indicators' codes."""
        return tuple(row.code for row in self.rows)

    @cached_property
    def worth(self) -> Numbers:
        """Return the points of each."""
        return np.array([float(row.points) for row in self.rows])

    @cached_property
    def lower(self) -> Numbers:
        """Return the lower thresholds in per cent."""
        return _numbers(row.lower for row in self.rows)

    @cached_property
    def upper(self) -> Numbers:
        """Return the upper thresholds in per cent."""
        return _numbers(row.upper for row in self.rows)

    @cached_property
    def at_lower(self) -> Numbers:
        """Return the points paid at once on reaching the lower threshold."""
        return np.nan_to_num(_numbers(row.points_at_lower for row in self.rows))

    @property
    def second_route(self) -> Truths:
        """Return which may also be paid for improvement on the practice's own past."""
        return np.array([row.second_route == "improvement" for row in self.rows])

    @property
    def counted(self) -> Truths:
        """Return which can be worked out from counts: thresholds known, points not protected."""
        live = np.array([row.kind == "fraction" and row.status == "live" for row in self.rows])
        return live & np.isfinite(self.lower) & np.isfinite(self.upper)

    def why_not_counted(self, code: str) -> str:
        """Return why an indicator's points cannot be worked out from counts; empty if they can."""
        row = self.sheet.row(code)
        if row.kind == "register":
            return "All its points are paid for keeping the register."
        if row.kind in ("improvement", "information"):
            return "It is not counted between thresholds."
        if row.status == "points protected":
            return "Its points were protected: the practice's own of the year before are paid."
        for column in ("lower", "upper"):
            try:
                self.sheet.value(code, column)
            except RuleMissing as error:
                return str(error)
        return ""


def _weighting(rules: Rules, sheet: Sheet, rows: tuple[Indicator, ...]) -> tuple[Truths, str]:
    if all(row.prevalence_weighted is not None for row in rows):
        return np.array([bool(row.prevalence_weighted) for row in rows]), ""
    later = sorted(
        other.period.code
        for other in rules.sheets.values()
        if other.scheme == "qof"
        and other.period.code > sheet.period.code
        and all(row.prevalence_weighted is not None for row in other.rows)
    )
    if not later:
        raise RuleMissing(
            f"{sheet.head.title}: no year says which points are weighted by prevalence."
        )
    known = {row.code: row.prevalence_weighted for row in rules.sheet("qof", later[0]).rows}
    # Codes that are gone by then: their group says whether prevalence is known at all.
    weighted = [known.get(row.code, resting_on(row.group).basis != "none") for row in rows]
    label = later[0]
    return np.array(weighted, np.bool_), (
        f"Which points are weighted by prevalence has not been read for this year; they are taken "
        f"as in {label}."
    )


def _improvement(
    rules: Rules, period: str, rows: tuple[Indicator, ...]
) -> tuple[tuple[float, float] | None, str]:
    """Return both ends of the second route, or why it cannot be worked out."""
    if not any(row.second_route for row in rows):
        return None, ""
    try:
        lower, upper = (
            rules.value(f"qof.vaccination_improvement.{end}", period).value
            for end in ("lower", "upper")
        )
    except RuleMissing as error:
        return None, str(error)
    return (float(lower), float(upper)), ""


def _numbers(given: object) -> Numbers:
    return np.array([np.nan if one is None else float(one) for one in given])  # type: ignore[attr-defined]


def constants_table(found: Iterable[Constant]) -> Table:
    """Return what pounds rest on, a row for each constant (QOF_CONSTANTS)."""
    return Table.of(
        QOF_CONSTANTS,
        [
            {
                "rule": one.id,
                "title": one.title,
                "period": one.of_period,
                "value": float(one.value),
                "unit": one.unit,
                "value_of": one.period,
                "grade": "entered here" if one.rule.local else one.rule.grade,
                "estimate": one.estimate,
                "words": one.words,
                "reference": one.rule.reference,
                "missing": one.missing or None,
            }
            for one in found
        ],
        title=QOF_CONSTANTS.title,
        caption="A value of your own, with its reference, takes the place of one that is missing.",
    )
