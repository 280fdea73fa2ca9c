"""The rules of control charts on a block of series: comparisons once, then bit planes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from locality.statistics.chart_labels import Label
from locality.statistics.intervals import Array
from locality.statistics.rule_sets import (
    FewCrossings,
    LongRun,
    Near,
    Outside,
    RuleSet,
    Shift,
    Trend,
)
from locality.statistics.runs import (
    Bools,
    Plane,
    Runs,
    Together,
    before,
    fewest_expected,
    longest_expected,
    pack,
    reach_back,
    runs_about,
    unpack,
    windows,
)

Words = npt.NDArray[np.uint16]
Sides = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Lines:
    """Centre, limits and sigma, each (series, time) or (series, 1)."""

    centre: Array
    lower: Array
    upper: Array
    sigma: Array


class Block:
    """Some series on their way: present points moved together, time in rows, labels as planes."""

    def __init__(
        self, value: Array, lines: Lines, phase: npt.NDArray[np.int16], chosen: RuleSet
    ) -> None:
        self.chosen = chosen
        self.series, self.times = value.shape
        self.present = ~np.isnan(value)
        self.together = None if self.present.all() else Together.of(self.present)
        self.value = self._turn(value)
        self.centre, self.lower = self._turn(lines.centre), self._turn(lines.lower)
        self.upper, self.sigma = self._turn(lines.upper), self._turn(lines.sigma)
        self.slack = chosen.tolerance * (np.abs(self.centre) + 3 * np.nan_to_num(self.sigma))
        one = chosen.across_phases or phase.shape[-1] == 1 or not phase.any()
        self.phase = np.zeros((1, 1), dtype=np.int16) if one else self._turn(phase, -1)
        self.join = self._join()
        self.planes: dict[Label, Plane] = {}
        self.ends: dict[Label, Plane] = {}
        self.points: list[tuple[Label, Bools, Bools]] = []
        self.about: tuple[Sides, Runs] | None = None

    def _turn(self, array: npt.NDArray[Any], fill: Any = np.nan) -> npt.NDArray[Any]:
        """Return the array with present points together and time in rows."""
        if self.together is not None and array.shape[-1] > 1:
            array = self.together.take(array, fill)
        return np.ascontiguousarray(array.T)

    def _join(self) -> Plane:
        """Return where a point and the one before it are of one phase, as a plane."""
        if len(self.phase) == 1:
            join = np.full((self.times, 1), 255, dtype=np.uint8)
            join[0] = 0
            return join
        same = np.zeros(self.phase.shape, dtype=bool)
        same[1:] = self.phase[1:] == self.phase[:-1]
        return pack(same)

    def side(self, high: bool) -> Bools:
        """Return which points are above (or below) the centre, (time, series)."""
        if high:
            return np.asarray(self.value > self.centre + self.slack)
        return np.asarray(self.value < self.centre - self.slack)

    def beyond(self, high: bool, sigmas: int) -> Bools:
        """Return which points are beyond a limit, or beyond two sigma, (time, series)."""
        if high:
            line = self.upper if sigmas == 3 else self.centre + sigmas * self.sigma
            return np.asarray(self.value > line + self.slack)
        line = self.lower if sigmas == 3 else self.centre - sigmas * self.sigma
        return np.asarray(self.value < line - self.slack)

    def last(self) -> npt.NDArray[np.intp]:
        """Return the position of each series' last present point, -1 without any."""
        final = self.times - 1 - np.argmax(self.present[:, ::-1], axis=-1)
        return np.where(self.present.any(-1), final, -1)

    def write(self, labels: Words, completed: Words) -> None:
        """Put what was found into arrays of (series, time)."""
        for planes, into in ((self.planes, labels), (self.ends, completed)):
            if planes:
                numbered = [(int(label).bit_length() - 1, v) for label, v in planes.items()]
                self._back(unpack(numbered, self.series).T, into)
        for label, points, ends in self.points:
            self._back(points * np.uint16(label), labels)
            self._back(ends * np.uint16(label), completed)

    def _back(self, found: npt.NDArray[Any], into: Words) -> None:
        into |= found if self.together is None else self.together.back(found, 0)


def apply(block: Block) -> None:
    """Label a block by every rule of its set."""
    for rule in block.chosen.rules:
        if isinstance(rule, Outside):
            _outside(block)
        elif isinstance(rule, Shift):
            _shift(block, rule)
        elif isinstance(rule, Trend):
            _trend(block, rule)
        elif isinstance(rule, Near):
            _near(block, rule)
        elif isinstance(rule, LongRun):
            _long_run(block, rule)
        else:
            _few_crossings(block, rule)


def _outside(block: Block) -> None:
    for high, label in ((True, Label.ABOVE), (False, Label.BELOW)):
        block.planes[label] = block.ends[label] = pack(block.beyond(high, 3))


def _shift(block: Block, rule: Shift) -> None:
    if block.chosen.on_centre == "skipped":
        side, runs = _about(block)
        for sign, label in ((1, Label.SHIFT_UP), (-1, Label.SHIFT_DOWN)):
            points = (side == sign) & (runs.length >= rule.points)
            block.points.append((label, points, points & (runs.place == rule.points)))
        return
    for high, label in ((True, Label.SHIFT_UP), (False, Label.SHIFT_DOWN)):
        plane = pack(block.side(high))
        _run(block, plane & before(plane) & block.join, rule.points, label)


def _trend(block: Block, rule: Trend) -> None:
    slack = block.slack if len(block.slack) == 1 else block.slack[1:]
    step = np.diff(block.value, axis=0)
    for high, label in ((True, Label.TREND_UP), (False, Label.TREND_DOWN)):
        moved = np.zeros(block.value.shape, dtype=bool)
        moved[1:] = step > slack if high else step < -slack
        _run(block, pack(moved) & block.join, rule.points, label)


def _run(block: Block, pairs: Plane, points: int, label: Label) -> None:
    """Label runs of so many points, given which points follow on from the one before."""
    ended = windows(pairs, points - 1)
    block.planes[label] = reach_back(ended, points)
    block.ends[label] = ended & ~before(ended)


def _near(block: Block, rule: Near) -> None:
    for high, label in ((True, Label.NEAR_UPPER), (False, Label.NEAR_LOWER)):
        side, near = pack(block.side(high)), pack(block.beyond(high, 2))
        if not rule.beyond_limits:
            near &= ~pack(block.beyond(high, 3))
        pairs = side & before(side) & block.join
        second = before(near)
        first = before(second)
        two = (first & second) | (near & (first | second))
        ended = pairs & before(pairs) & two
        block.planes[label] = near & reach_back(ended, 3)
        block.ends[label] = ended & ~before(ended)


def _about(block: Block) -> tuple[Sides, Runs]:
    """Return the sides of the points, (series, time), and the runs they make; worked out once."""
    if block.about is None:
        side = (block.side(True).astype(np.int8) - block.side(False).astype(np.int8)).T
        block.about = side, runs_about(side, block.phase.T)
    return block.about


def _long_run(block: Block, rule: LongRun) -> None:
    side, runs = _about(block)
    most = longest_expected(block.times, rule.rounding)[runs.useful]
    for sign, label in ((1, Label.LONG_RUN_UP), (-1, Label.LONG_RUN_DOWN)):
        points = (side == sign) & (runs.length > most)
        block.points.append((label, points, points & (runs.place == most + 1)))


def _few_crossings(block: Block, rule: FewCrossings) -> None:
    side, runs = _about(block)
    fewest = fewest_expected(block.times, rule.share)[runs.useful]
    points = (side != 0) & (runs.crossings < fewest)
    block.points.append((Label.FEW_CROSSINGS, points, points & runs.last))
