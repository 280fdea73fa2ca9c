"""Each organisation's own series: its chart's word for the latest point, and its alert."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from locality import statistics
from locality.figures import Cell, Period, Table
from locality.figures.schemas.judged import CONTROL_CHART
from locality.measure import views
from locality.measure.models import family_of, sound
from locality.measure.terms import Terms
from locality.measure.values import values

if TYPE_CHECKING:
    from locality.knowledge import Measure

Numbers = npt.NDArray[np.float64]
Phases = npt.NDArray[np.int8] | None

TOO_FEW, NO_NUMBER = "too few points", "no number"
#: What a chart's latest point says, in order of locality.statistics.Variation.
_WORDS = np.array(["usual", "high", "low", "changed", TOO_FEW], dtype=object)
_EMPTY = np.uint8(
    Cell.NO_RETURN | Cell.SUPPRESSED | Cell.NOT_APPLICABLE | Cell.WITHHELD | Cell.TOO_FEW_RETURNS
)


class Counted(Protocol):
    """Counts of one measure: organisations in rows, periods (oldest first) in columns.

    ``numerator``, ``denominator`` and ``excepted`` are NaN where there is no number; ``flags``
    holds :class:`locality.figures.Cell` bits.
    """

    @property
    def codes(self) -> tuple[str, ...]:
        """Return each row's organisation."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return each row's kind of organisation."""

    @property
    def periods(self) -> tuple[str, ...]:
        """Return the periods, oldest first."""

    @property
    def numerator(self) -> Numbers:
        """Return counts, of shape (organisations, periods)."""

    @property
    def denominator(self) -> Numbers:
        """Return what they are counted over, of that shape."""

    @property
    def excepted(self) -> Numbers:
        """Return personalised care adjustments, of that shape."""

    @property
    def flags(self) -> npt.NDArray[np.uint8]:
        """Return Cell bits, of that shape."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What each series says of its latest point; arrays of one length, in order of the counts.

    ``variation`` is high, low, changed, usual, "too few points" or "no number"; ``strength`` the
    height of the CUSUM (in standard deviations, negative below), ``strength_before`` one point
    earlier, NaN with too short a baseline, which is then 0; ``usual`` the baseline's mean, in
    the measure's unit.
    """

    variation: npt.NDArray[Any]
    points: npt.NDArray[np.int64]
    baseline: npt.NDArray[np.int64]
    strength: Numbers
    strength_before: Numbers
    usual: Numbers


def watched(measure: Measure, counted: Counted, terms: Terms, starts: Mapping[str, int]) -> Watched:
    """Return what every series of ``counted`` says of its latest point.

    ``starts`` gives the column at which an organisation's latest limits begin, where somebody
    drew them afresh.
    """
    top, bottom, value, _ = _shown(measure, counted)
    many, times = value.shape
    points = np.isfinite(value).sum(axis=1).astype(np.int64)
    variation = np.full(many, TOO_FEW, dtype=object)
    since = np.zeros(many, np.intp)
    for place, code in enumerate(counted.codes) if starts else ():
        since[place] = starts.get(code, 0)
    if times >= terms.fewest_points:
        phases = (np.arange(times) >= since[:, None]).astype(np.int8) if starts else None
        chart = chart_of(measure, top, bottom, value, terms, phases)
        found = statistics.latest(
            statistics.signals(chart, terms.rule_set), minimum=terms.fewest_points
        )
        variation = _WORDS[found.state]
    variation[~np.isfinite(value[:, -1])] = NO_NUMBER
    if times <= terms.shortest:
        nothing = np.full(many, np.nan)
        return Watched(variation, points, np.zeros(many, np.int64), nothing, nothing, nothing)
    sizes = bottom if family_of(measure) else None
    past = statistics.standardised(value, sizes, longest=terms.baseline, start=since)
    strength = statistics.cusum(past.z).strength
    strength[past.baseline == 0] = np.nan
    strength[variation == NO_NUMBER] = np.nan
    return Watched(variation, points, past.baseline, strength[:, -1], strength[:, -2], past.centre)


def chart_of(
    measure: Measure,
    top: Numbers,
    bottom: Numbers,
    value: Numbers,
    terms: Terms,
    phases: Phases = None,
) -> statistics.Chart:
    """Return the chart that suits how a measure counts: values are as the statistics have them.

    Shares have Laney's p', events his u', whose limits allow for months that differ by more than
    chance; complete counts and other values the XmR chart. One wild month is left out of the
    limits' width where the rule set does so. Arrays are of one shape (..., time).
    """
    family = family_of(measure)
    screen = statistics.rule_set(terms.rule_set).screen
    if family == "beta":
        return statistics.p_prime(top, bottom, phases=phases, screen=screen)
    if family == "gamma":
        return statistics.u_prime(top, bottom, phases=phases, screen=screen)
    return statistics.xmr(value, phases=phases, screen=screen)


def control_chart(
    measure: Measure,
    observations: Table,
    terms: Terms,
    since: Collection[str] = (),
    targets: Mapping[str, float] | None = None,
) -> Table:
    """Return one organisation's series with its limits and what each point says (CONTROL_CHART).

    ``observations`` holds its rows of OBSERVATIONS. New limits begin at each period of ``since``.
    Below ``terms.fewest_points`` there are no limits and nothing is marked; nor is anything in a
    stretch of fewer points behind new limits. ``targets`` are by period, in the measure's unit.
    """
    rows = sorted(observations.rows, key=lambda row: Period.parse(row["period"]))
    rows = [row for row in rows if not row["flags"] & int(Cell.NOT_APPLICABLE)]
    counts = _One(rows)
    top, bottom, value, scale = _shown(measure, counts)
    starts = sorted(Period.parse(code).end for code in since)
    ends = [Period.parse(row["period"]).end for row in rows]
    phases = np.array([bisect_right(starts, end) for end in ends], np.int8)
    made = values(
        measure, counts.numerator[0], counts.denominator[0], counts.excepted[0], counts.flags[0]
    )
    many = int(np.isfinite(value).sum())
    enough = many >= terms.fewest_points
    centre = lower = upper = np.full(len(rows), np.nan)
    labels = np.zeros(len(rows), np.int64)
    state = np.zeros(len(rows), np.int64)
    if enough:
        drawn = phases if starts else None
        chart = chart_of(measure, top[0], bottom[0], value[0], terms, drawn)
        found = statistics.signals(chart, terms.rule_set)
        # New limits need their points too: until then they are drawn, and mark nothing.
        told = chart.points >= terms.fewest_points
        labels = np.where(told, found.labels, 0).astype(np.int64)
        state = np.where(told, statistics.states(found), 0).astype(np.int64)
        unit = scale if family_of(measure) else 1.0
        centre, lower, upper = (unit * one for one in (chart.centre, chart.lower, chart.upper))
    hidden = counts.flags[0] & np.uint8(Cell.WITHHELD) != 0
    lines = []
    for place, row in enumerate(rows):
        said = statistics.sentences(int(labels[place]), terms.rule_set)
        lines.append(
            {name: row[name] for name in ("code", "kind", "period")}
            | {
                "value": _number(made.value[place]),
                "numerator": None if hidden[place] else row["numerator"],
                "denominator": None if hidden[place] else row["denominator"],
                "centre": _number(centre[place]),
                "lower": _number(lower[place]),
                "upper": _number(upper[place]),
                "target": (targets or {}).get(row["period"]),
                "phase": int(phases[place]),
                "rules": "; ".join(_rules(int(labels[place]))),
                "direction": {1: "high", 2: "low"}.get(int(state[place]), ""),
                "sentence": " ".join(said),
                "missing": made.reasons[place],
            }
        )
    return Table.of(CONTROL_CHART, lines, title=f"{measure.title}: its own series",
                    caption=_caption(measure, terms, many, enough))  # fmt: skip


def _shown(measure: Measure, counted: Counted) -> tuple[Numbers, Numbers, Numbers, float]:
    """Return the main view's counts and values, NaN where there is nothing to show, and its scale.

    A share above its whole is no share: it is left out of charts as of intervals.
    """
    empty = counted.flags & _EMPTY != 0
    named = {
        name: np.where(empty, np.nan, one)
        for name, one in (
            ("num", counted.numerator),
            ("den", counted.denominator),
            ("exc", counted.excepted),
        )
    }
    value = views.value(measure, named)
    ratio = views.ratio(measure, named)
    if ratio is None:
        nothing = np.full(value.shape, np.nan)
        return nothing, nothing, value, 1.0
    top, bottom = np.broadcast_arrays(ratio.top, ratio.bottom)
    family = family_of(measure)
    if family is not None:
        good = sound(family, top, bottom)
        top, bottom = np.where(good, top, np.nan), np.where(good, bottom, np.nan)
        value = np.where(good, value, np.nan)
    return top, bottom, value, ratio.scale


class _One:
    """One organisation's rows of OBSERVATIONS as counts of one row."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self.codes = (rows[0]["code"],) if rows else ()
        self.kinds = (rows[0]["kind"],) if rows else ()
        self.periods = tuple(row["period"] for row in rows)
        self.numerator, self.denominator, self.excepted = (
            np.array([[np.nan if row[name] is None else row[name] for row in rows]], np.float64)
            for name in ("numerator", "denominator", "excepted")
        )
        self.flags = np.array([[row["flags"] for row in rows]], np.uint8)


def _rules(labels: int) -> list[str]:
    return [str(one.name).lower().replace("_", " ") for one in statistics.Label if labels & one]


def _caption(measure: Measure, terms: Terms, many: int, enough: bool) -> str:
    if not enough:
        return (
            f"It has {many} points; a control chart needs {terms.fewest_points}. "
            "Until then nothing is marked."
        )
    kind = {"beta": "p-prime", "gamma": "u-prime"}.get(family_of(measure) or "", "XmR")
    return f"A {kind} chart of {many} points, with the rules of {terms.rule_set}."


def _number(one: float) -> float | None:
    return float(one) if np.isfinite(one) else None
