"""Named, dated sets of rules for control charts: facts about tools, as frozen data.

Two tools that both say "Making Data Count" can label the same points differently. A set here
says exactly what it takes for a signal, so that a chart can name the set it was drawn with.
The order of the rules is their order of precedence where one point meets several.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal


def _at_least_two(points: int) -> None:
    if points < 2:
        raise ValueError("a run or a trend needs at least 2 points")


@dataclass(frozen=True, slots=True)
class Outside:
    """A point strictly beyond a limit."""


@dataclass(frozen=True, slots=True)
class Shift:
    """At least ``points`` points (two or more) in a row strictly on one side of the centre line."""

    points: int

    def __post_init__(self) -> None:
        _at_least_two(self.points)


@dataclass(frozen=True, slots=True)
class Trend:
    """At least ``points`` points in a row each above (or each below) the one before it.

    Two equal values in a row end the trend.
    """

    points: int

    def __post_init__(self) -> None:
        _at_least_two(self.points)


@dataclass(frozen=True, slots=True)
class Near:
    """Two of three points in a row strictly beyond two sigma, all three on one side of the centre.

    ``beyond_limits`` says whether a point beyond three sigma counts as one of the two. Only the
    points beyond two sigma are labelled, never the third.
    """

    beyond_limits: bool


@dataclass(frozen=True, slots=True)
class LongRun:
    """A run on one side of the centre longer than log2(n) + 3, made whole by ``rounding``.

    n counts the points of a phase that are not on the centre line.
    """

    rounding: Literal["round", "floor", "ceil"]


@dataclass(frozen=True, slots=True)
class FewCrossings:
    """Fewer crossings of the centre than the ``share`` quantile of Binomial(n - 1, 1/2)."""

    share: float = 0.05


Rule = Outside | Shift | Trend | Near | LongRun | FewCrossings


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A set of rules, with what a chart needs to follow the tool it is named after.

    ``on_centre``: a point on the centre line "breaks" a run or is "skipped" (neither counts nor
    breaks). ``tolerance``: how near a line, or two points, count as equal, relative to the chart's
    scale (its centre plus three sigma); rounding error is some 1e-15 of that, and a tool that
    compares exactly loses runs to it. ``screen``: whether the tool leaves out large moving
    ranges (pass it to ``xmr``). ``minimum``: fewer points behind the limits are called too few.
    ``across_phases``: whether a run goes on when limits are drawn afresh.
    """

    name: str
    version: str
    source: str
    rules: tuple[Rule, ...]
    note: str
    centre: Literal["mean", "median"] = "mean"
    screen: bool = False
    on_centre: Literal["breaks", "skipped"] = "breaks"
    tolerance: float = 1e-12
    minimum: int = 12
    across_phases: bool = False


_EQUAL = (
    "A point within the tolerance of a line counts as on it, and on the centre line it ends a run; "
)
_ANHOEJ = (
    "Meant for a run chart about the median. Points on the line are skipped. A long run labels "
    "every point in it. Few crossings are a finding about a whole phase: they label every point "
    "of it that is off the line, and the last one completes it. "
)

_SETS = (
    RuleSet(
        name="making-data-count/nhsrplotthedots",
        version="0.2.2 (2025-09-29)",
        source="NHSRplotthedots, rules as published with the package; precedence as in its "
        "pull request 180 (2023-07)",
        rules=(Outside(), Trend(7), Near(beyond_limits=False), Shift(7)),
        screen=True,
        note="Screens large moving ranges, which the Excel tool does not. Points beyond three "
        "sigma do not count towards two of three. The package compares exactly; this set allows "
        "a tolerance, so that a mean off by rounding error hides no run. Limits use 2.66. "
        "Its warning for short groups (under 12 points) is the minimum here.",
    ),
    RuleSet(
        name="making-data-count/excel",
        version="before 2023-11",
        source="NHS England Making Data Count Excel tool, as described in NHSRplotthedots' list of "
        "deviations and its issues 194 and 202",
        rules=(Outside(), Trend(7), Near(beyond_limits=False), Shift(7)),
        note="All moving ranges count. What the tool does with points on a line, equal values in a "
        "trend and the order of rules is not published in full: " + _EQUAL + "equal values end a "
        "trend; order and minimum as in NHSRplotthedots.",
    ),
    RuleSet(
        name="making-data-count/excel-six",
        version="before 2023-11, option of six points",
        source="NHSRplotthedots issues 195 and 202: the Excel tool lets its user choose 6 or 7",
        rules=(Outside(), Trend(6), Near(beyond_limits=False), Shift(6)),
        note="As making-data-count/excel with six points instead of seven, for a run on one side "
        "and for a trend. On a stable process six points signal far more often by chance.",
    ),
    RuleSet(
        name="making-data-count/2023",
        version="2023-11",
        source="Making Data Count, announced in NHSRplotthedots issue 194 (2023-11-06)",
        rules=(Outside(), Trend(7), Near(beyond_limits=True), Shift(7)),
        note="The two of three are now any points beyond two sigma, three sigma included; all "
        "three must be on one side of the mean and the third is labelled only if it is itself "
        "beyond two sigma. Otherwise as making-data-count/excel, with the same choices of ours.",
    ),
    RuleSet(
        name="abspc",
        version="2026",
        source="abspc, module spc.py: eight points for a shift, six (five steps) for a trend",
        rules=(Outside(), Trend(6), Near(beyond_limits=False), Shift(8)),
        minimum=15,
        note="Called Making Data Count by its authors, with other lengths. It compares exactly, "
        "where this set allows a tolerance. Its icons use the last special cause anywhere in a "
        "series, which calls 40 % of stable series special; here the latest point alone decides.",
    ),
    RuleSet(
        name="anhoej/qicharts2",
        version="0.8.1 (2025-06-23)",
        source="Anhøj J, Olesen AV (2014), PLoS ONE 9:e113825; rounding as in qicharts2",
        rules=(LongRun("round"), FewCrossings()),
        centre="median",
        on_centre="skipped",
        minimum=10,
        note=_ANHOEJ + "Under 10 points the rules say little (our minimum).",
    ),
    RuleSet(
        name="anhoej/qikit",
        version="2026",
        source="as anhoej/qicharts2, with the threshold as qikit computes it",
        rules=(LongRun("floor"), FewCrossings()),
        centre="median",
        on_centre="skipped",
        minimum=10,
        note=_ANHOEJ + "Rounds log2(n) down: at 24 points a run of 8 signals, not of 9.",
    ),
    RuleSet(
        name="anhoej/pyqicharts",
        version="2026",
        source="as anhoej/qicharts2, with the threshold as pyqicharts computes it",
        rules=(LongRun("ceil"), FewCrossings()),
        centre="median",
        on_centre="skipped",
        minimum=10,
        note=_ANHOEJ + "Rounds log2(n) up: at 20 points a run of 9 signals, not of 8.",
    ),
)

RULE_SETS: Mapping[str, RuleSet] = MappingProxyType({each.name: each for each in _SETS})
DEFAULT = "making-data-count/2023"


def rule_set(name: str) -> RuleSet:
    """Return the set of that name; ValueError, listing the names, if there is none."""
    try:
        return RULE_SETS[name]
    except KeyError:
        known = ", ".join(RULE_SETS)
        raise ValueError(f"there is no rule set called {name!r}; there are: {known}") from None
