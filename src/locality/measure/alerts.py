"""Series that left their own past, within the number of false alerts that a reader accepts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from locality import statistics
from locality.figures import Table
from locality.figures.figure import printed
from locality.figures.schemas.judged import ALERTS

if TYPE_CHECKING:
    from locality.knowledge import Measure

NEW, ON = "new", "still on"
#: Whatever the budget, a series in which nothing changes alerts at most so often, a month.
_MOST = 0.01


#: Kinds whose readers watch every practice they have; the others watch themselves.
AREAS = ("icb", "sub_icb", "place", "group")


@dataclass(frozen=True, slots=True)
class Accepted:
    """How many false alerts a reader accepts: so many in so many months, over all they watch."""

    false_alerts: float
    months: float

    @property
    def words(self) -> str:
        """Return it in words: ``1 false alert a quarter``."""
        many = f"{self.false_alerts:g} false alert{'' if self.false_alerts == 1 else 's'}"
        return f"{many} a {'quarter' if self.months == 3 else 'month'}"


#: What a reader of one organisation, and one of all practices of an area, usually accept.
OF_ONE, OF_MANY = Accepted(1, 3), Accepted(5, 1)


def alerts(
    measures: Mapping[str, Measure],
    judged: Table,
    names: Mapping[str, str],
    marks: Mapping[tuple[str, str], str],
    accepted: Accepted,
) -> Table:
    """Return the series of ``judged`` (JUDGED) whose alert is on, strongest first (ALERTS).

    All rows with a baseline are watched, and the threshold is what keeps all of them together to
    ``accepted``. ``marks`` are by (organisation, measure). Notes say how many are watched, what the
    budget lets one find, and which alerts are sure. Measures that others replaced are left out.
    """
    rows = [
        row
        for row in judged.rows
        if row["measure"] in measures and not measures[row["measure"]].replaced_by
    ]
    watched = [row for row in rows if row["baseline"] and row["strength"] is not None]
    if not watched:
        return Table.of(ALERTS, [], title=ALERTS.title, notes=(_nothing(rows),))
    strength, before, baseline = (
        np.array([np.nan if row[name] is None else row[name] for row in watched], np.float64)
        for name in ("strength", "strength_before", "baseline")
    )
    usual = int(np.bincount(baseline.astype(int)).argmax())
    # A reader of few series does not get a hair trigger for the whole of their budget.
    false = min(accepted.false_alerts, _MOST * len(watched) * accepted.months)
    budget = statistics.budget(len(watched), false, accepted.months, usual)
    told = statistics.told(strength, before, baseline, budget.rate)
    found = []
    for place in np.argsort(told.probability, kind="stable").tolist():
        if told.on[place]:
            row = watched[place]
            state = NEW if told.new[place] else ON
            found.append(_row(measures[row["measure"]], row, names, marks, state,
                              bool(told.sure[place])))  # fmt: skip
    return Table.of(ALERTS, found, title=ALERTS.title,
                    notes=_notes(watched, rows, budget, accepted, told.sure))  # fmt: skip


def _row(
    measure: Measure,
    row: Mapping[str, Any],
    names: Mapping[str, str],
    marks: Mapping[tuple[str, str], str],
    state: str,
    sure: bool,
) -> dict[str, Any]:
    direction = "higher" if row["strength"] > 0 else "lower"
    name = names.get(row["code"]) or row["code"]
    usual, value = row["usual"], row["value"]
    said = f"{name} has been {direction} than its own past for longer than chance would"
    if usual is not None and value is not None:
        now, before = printed(value, measure.unit), printed(usual, measure.unit)
        if (value - usual) * row["strength"] > 0:
            said += f": {now}, where {before} was usual"
        else:
            # A run of months is judged: the latest one may lie on the other side again.
            said += f" ({before} was usual); its latest value, {now}, is back on the other side"
    return {
        "measure": measure.id,
        "title": measure.title,
        "code": row["code"],
        "name": name,
        "period": row["period"],
        "unit": measure.unit,
        "value": value,
        "usual": usual,
        "direction": direction,
        "state": state,
        "strength": row["strength"],
        "sure": sure,
        "mark": marks.get((row["code"], measure.id), ""),
        "sentence": f"{said}.",
    }


def _notes(
    watched: list[dict[str, Any]],
    rows: list[dict[str, Any]],
    budget: statistics.Budget,
    accepted: Accepted,
    sure: Any,
) -> tuple[str, ...]:
    some, middle, large = (f"{100 * one:.0f} %" for one in budget.detection)
    left = len(rows) - len(watched)
    notes = [
        f"{len(watched):,} series are watched. The threshold keeps all of them together to at most "
        f"{accepted.words}, if nothing changed and one month says nothing of the next. Where "
        "neighbouring months are alike (a correlation of 0.3), nearly twice as many are false.",
        "With that budget a lasting step is told within six points in "
        f"{some} of series if it is as large as 1 standard deviation of the series, {middle} if "
        f"1.5, {large} if 2.",
        f"{int(np.sum(sure)):,} are marked sure: at most one in ten of those is expected to be "
        "false. The others are worth a look.",
    ]
    if left:
        notes.append(f"{left:,} more have too few points, or no latest number, to be watched.")
    return tuple(notes)


def _nothing(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return "Nothing is counted here yet."
    return (
        f"None of {len(rows):,} series has points enough: a baseline of 12 and 6 more are needed. "
        "Yearly measures take many years to get there; look at their charts instead."
    )
