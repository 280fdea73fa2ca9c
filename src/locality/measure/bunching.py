"""Whether practices bunch just above a threshold: put as a question, never as an accusation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from locality.figures import Cell, Column, Problem, Schema, Table
from locality.measure.care_adjustments import MAY_BE_RIGHT
from locality.statistics import Interval
from locality.statistics.bunching import Bunching
from locality.statistics.bunching import bunching as heaped

if TYPE_CHECKING:
    from locality.figures import RuleReference
    from locality.knowledge import Measure, Rules

Numbers = npt.NDArray[np.float64]

BUNCHING = Schema(
    "bunching",
    "Whether more practices lie just above a threshold than chance would put there",
    (
        Column("measure", "text", "id in knowledge/measures"),
        Column("title", "text", "what it is called"),
        Column("period", "text", "financial year"),
        Column("threshold", "number", "achievement for full points", "%"),
        Column("width", "number", "how far above counts as just above", "percentage points"),
        Column("practices", "whole", "practices looked at"),
        Column("above", "whole", "practices just above"),
        Column("expected", "number", "that a smooth spread would put there", required=False),
        Column("excess", "number", "practices moved up over it", required=False),
        Column("excess_lower", "number", "lower end of its 95 % interval", required=False),
        Column("excess_upper", "number", "upper end of its 95 % interval", required=False),
        Column("probability", "number", "of such a jump or more by chance, 0 to 1", required=False),
        Column("question", "text", "what may be asked, in words"),
    ),
    ("measure", "period"),
)


@dataclass(frozen=True, slots=True)
class Threshold:
    """The achievement (in per cent) at which an indicator earns full points, and its rule."""

    value: float
    rule: RuleReference
    note: str = ""


#: A bunching rarer than this by chance is asked about.
_RARE = 0.01
#: How far above (and below) a threshold counts as just above it, as a proportion.
_WINDOW = 0.02


def upper_threshold(measure: Measure, rules: Rules, period: str) -> Threshold:
    """Return the upper threshold of a measure of QOF results in the financial year ``period``.

    Raises Problem for a measure of anything else, or an indicator whose points were protected, and
    RuleMissing, saying where it would be published, where the threshold of that year is not known.
    """
    where = measure.source.where if measure.source is not None else ""
    found = re.search(r"indicator_code == '([A-Z]+\d+)'", where)
    if found is None or "qof_achievement" not in measure.datasets:
        raise Problem(
            f"{measure.title} has no threshold to look at: only results of QOF indicators for a "
            "whole year have one."
        )
    sheet = rules.sheet("qof", period)
    row = sheet.row(found[1])
    if row.status == "points protected":
        raise Problem(
            f"{row.code} paid protected points in {period}, so that no threshold was to be passed."
        )
    return Threshold(float(str(sheet.value(row.code, "upper"))), sheet.cite(row.code), row.note)


def bunching(measure: Measure, observations: Table, threshold: Threshold) -> Table:
    """Return whether practices bunch just above ``threshold``, put as a question (BUNCHING).

    ``observations`` holds practices' rows of one financial year; those without achievement or
    withheld are left out. The test is :func:`locality.statistics.bunching.bunching`: what chance
    would put there allows for how few patients a practice has, and for the whole spread.
    """
    num, den = observations.column("numerator"), observations.column("denominator")
    shown = observations.column("flags") & np.uint8(Cell.WITHHELD) == 0
    used = shown & np.isfinite(num) & np.isfinite(den) & (den > 0) & (num >= 0) & (num <= den)
    found = tested(num[used], den[used], threshold.value / 100)
    periods: list[Any] = observations.data.column("period").to_pylist()
    numbers = {
        "expected": found.expected_above,
        "excess": found.excess,
        "excess_lower": float(found.excess_interval.lower),
        "excess_upper": float(found.excess_interval.upper),
        "probability": found.probability,
    }
    row = {
        "measure": measure.id,
        "title": measure.title,
        "period": str(periods[0]) if periods else "",
        "threshold": threshold.value,
        "width": 100 * _WINDOW,
        "practices": int(used.sum()),
        "above": found.above,
        **{name: made if np.isfinite(made) else None for name, made in numbers.items()},
        "question": _question(threshold.value, found),
    }
    cited = f"Threshold: {threshold.rule.reference}."
    notes = (cited, f"Mind: {threshold.note}.") if threshold.note else (cited,)
    return Table.of(
        BUNCHING,
        [row],
        title=f"{measure.title}: just above the threshold",
        caption="It speaks of all practices together and of none by itself.",
        notes=(*notes, MAY_BE_RIGHT),
    )


def tested(numerator: Numbers, denominator: Numbers, threshold: float) -> Bunching:
    """Return what statistics finds of a heap just above ``threshold`` (0 to 1)."""
    if not numerator.size or not 0 < threshold < 1:
        none = Interval(np.asarray(np.nan), np.asarray(np.nan))
        return Bunching(0, 0, np.nan, np.nan, np.nan, none, np.nan, none, np.nan)
    return heaped(numerator, denominator, threshold, window=_WINDOW)


def _question(threshold: float, found: Bunching) -> str:
    near = f"within {100 * _WINDOW:g} points above {threshold:g} %, where full points begin"
    if not np.isfinite(found.probability):
        return f"Too few practices lie near {threshold:g} % to say whether they bunch above it."
    counted = f"{found.above:,} where about {found.expected_above:,.0f} would be expected"
    if found.jump > 1 and found.probability < _RARE:
        return (
            f"More practices than chance would put there lie {near}: {counted}. Is that care that "
            "reached people, or how exceptions are used? Both may be so: the rates of adjustments "
            "stand beside it."
        )
    return f"No more practices than chance would put there lie {near}: {counted}."
