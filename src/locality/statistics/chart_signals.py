"""Which points of control charts are signals, by which rule of which set."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from locality.statistics.chart_labels import Label, Variation, labels_of
from locality.statistics.control_charts import Chart
from locality.statistics.rule_planes import Block, Lines, apply
from locality.statistics.rule_sets import DEFAULT, RuleSet, rule_set

Words = npt.NDArray[np.uint16]
States = npt.NDArray[np.int8]
SERIES = 1024  # worked on at a time: half a megabyte of values, which stays in the cache


@dataclass(frozen=True, slots=True)
class Signals:
    """Labels of every point, by one rule set: ``Label`` bits in arrays of the chart's shape.

    ``labels``: every point that belongs to a signal. ``completed``: only where a rule comes to
    hold that did not hold one point before. ``last``: position of each series' latest point, -1
    without any; ``points``: how many points stand behind its limits.
    """

    labels: Words
    completed: Words
    last: npt.NDArray[np.intp]
    points: npt.NDArray[np.int32]
    rule_set: RuleSet


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest point of each series: its ``state`` (``Variation``), ``labels`` and position."""

    state: States
    labels: Words
    position: npt.NDArray[np.intp]


def signals(chart: Chart, rules: RuleSet | str = DEFAULT) -> Signals:
    """Return the signals of every series of a chart by a rule set or its name.

    Missing months are skipped: their neighbours are consecutive. A missing point has no label.
    Where a phase has no limits, the rules that need them find nothing. Comparisons allow the set's
    tolerance times the chart's scale, |centre| + 3 sigma.
    Raises ValueError for a name that is no rule set.
    """
    chosen = rule_set(rules) if isinstance(rules, str) else rules
    shape = chart.value.shape
    value = chart.value.reshape(-1, shape[-1])
    drawn = [_rows(each) for each in (chart.centre, chart.lower, chart.upper, chart.sigma)]
    phase = _rows(chart.phase)
    labels = np.zeros(value.shape, dtype=np.uint16)
    completed = np.zeros(value.shape, dtype=np.uint16)
    last = np.empty(len(value), dtype=np.intp)
    for start in range(0, len(value), SERIES):
        part = slice(start, start + SERIES)
        lines = Lines(drawn[0][part], drawn[1][part], drawn[2][part], drawn[3][part])
        block = Block(value[part], lines, phase[part], chosen)
        apply(block)
        block.write(labels[part], completed[part])
        last[part] = block.last()
    points = np.take_along_axis(_rows(chart.points, shape[-1]), np.maximum(last, 0)[:, None], -1)
    return Signals(
        labels.reshape(shape),
        completed.reshape(shape),
        last.reshape(shape[:-1]),
        np.where(last >= 0, points[:, 0], 0).astype(np.int32).reshape(shape[:-1]),
        chosen,
    )


def states(found: Signals) -> States:
    """Return what each point says (``Variation``), as a chart colours it; missing: common cause.

    Where a point meets several rules the set's order decides. A limit or a side gives the
    direction by where the point lies, a trend by where it goes; a point that ends a rise and
    starts a fall takes the next rule's direction, or has none (``CHANGED``).
    """
    return _directions(found.rule_set)[found.labels]


def latest(found: Signals, minimum: int | None = None) -> Latest:
    """Return the variation of each series' latest point: what an icon beside the chart shows.

    ``TOO_FEW`` where fewer than ``minimum`` points (the set's own, if None) stand behind the
    latest limits, whatever its labels. The latest point decides, not the latest signal: by the
    latter, four in ten stable series of 60 points would be called special.
    """
    least = found.rule_set.minimum if minimum is None else minimum
    place = np.maximum(found.last, 0)[..., None]
    labels = np.take_along_axis(found.labels, place, -1)[..., 0]
    state = np.where(
        found.points < least, np.int8(Variation.TOO_FEW), _directions(found.rule_set)[labels]
    )
    return Latest(np.asarray(state, dtype=np.int8), labels, found.last)


@lru_cache(maxsize=32)
def _directions(chosen: RuleSet) -> States:
    """Return the state of every combination of labels, by the set's order of rules."""
    table = np.zeros(2 * max(Label), dtype=np.int8)
    for labels in range(1, table.size):
        table[labels] = Variation.CHANGED
        for rule in chosen.rules:
            up, *down = labels_of(rule)
            high, low = bool(labels & up), bool(down and labels & down[0])
            if down and high != low:
                table[labels] = Variation.HIGH if high else Variation.LOW
                break
    return table


def _rows(array: npt.NDArray[Any], width: int | None = None) -> npt.NDArray[Any]:
    """Return the array as (series, time), or as one column where time is only a view of it."""
    if width is None and array.strides[-1] == 0:
        array = array[..., :1]
    return array.reshape(-1, array.shape[-1])
