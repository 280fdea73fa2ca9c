"""What limits are drawn from: phases, baselines, centres and moving ranges of many series."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from locality.statistics.intervals import Array
from locality.statistics.runs import Bools, Together

Phases = Sequence[int] | npt.NDArray[np.integer[Any]] | None
Baseline = int | slice | None
Numbers = npt.NDArray[np.int16]

SCREEN = 3.267  # D4 for ranges of two: the upper limit of a moving-range chart
WIDTH = 2.66  # three sigma in mean moving ranges, as published; 3 / 1.128 is 2.6596
D2 = 1.128  # the mean range of two values, in sigma


def number_phases(phases: Phases, shape: tuple[int, ...]) -> Numbers:
    """Return phases numbered from 0, of shape (T,) or, where series differ, of ``shape``.

    A list or tuple gives the positions at which a new phase starts; an array gives a label
    for each point, and every change of label starts a new phase.
    Raises ValueError for a start outside the series or labels of another length.
    """
    times = shape[-1]
    if phases is None:
        return np.broadcast_to(np.int16(0), (times,))
    if not isinstance(phases, np.ndarray):
        starts = np.zeros(times, dtype=np.int16)
        for start in phases:
            if not 0 <= start < times:
                raise ValueError(
                    f"a phase cannot start at {start}: positions go from 0 to {times - 1}"
                )
            starts[start] = start > 0
        return np.cumsum(starts, dtype=np.int16)
    if phases.ndim == 0 or phases.shape[-1] != times:
        raise ValueError(f"phases need a label for each of the {times} points")
    if phases.ndim > 1:
        phases = np.broadcast_to(phases, shape)
    changed = np.zeros(phases.shape, dtype=np.int16)
    changed[..., 1:] = phases[..., 1:] != phases[..., :-1]
    return np.cumsum(changed, axis=-1, dtype=np.int16)


@dataclass(frozen=True, slots=True)
class Piece:
    """One phase: its columns, and which of their cells are in it where series differ."""

    columns: slice
    cells: Bools | None

    def within(self, array: Array) -> Array:
        """Return the phase's columns, missing outside the phase."""
        part = array[:, self.columns]
        return part if self.cells is None else np.where(self.cells, part, np.nan)

    def write(self, into: npt.NDArray[Any], found: npt.NDArray[Any]) -> None:
        """Put what was found into the phase's places, and nowhere else."""
        there = into[:, self.columns]
        np.copyto(there, found, where=True if self.cells is None else self.cells)


def pieces(phase: Numbers) -> Iterator[Piece]:
    """Return the phases one by one; ``phase`` is (T,) or (series, T)."""
    if phase.ndim == 1:
        starts = [0, *(np.flatnonzero(np.diff(phase)) + 1).tolist(), phase.size]
        for first, last in pairwise(starts):
            yield Piece(slice(first, last), None)
    else:
        for number in range(int(phase.max(initial=0)) + 1):
            yield Piece(slice(None), phase == number)


def used(present: Bools, baseline: Baseline) -> Bools:
    """Return which present points limits are drawn from: all, or those in the baseline.

    A baseline counts a phase's present points: its first n, or a slice of them.
    Raises ValueError for a baseline of no points or a slice that counts from the end.
    """
    if baseline is None:
        return present
    part = baseline if isinstance(baseline, slice) else slice(0, baseline)
    first, last = part.start or 0, part.stop
    if part.step not in (None, 1) or first < 0 or (last is not None and last <= first):
        raise ValueError("a baseline is a number of points from 1 up, or a slice such as 0:24")
    order = np.cumsum(present, axis=-1)
    kept = present & (order > first)
    return kept if last is None else kept & (order <= last)


def centres(value: Array, kept: Bools, middle: str) -> Array:
    """Return the mean or median of each row's kept points, (series, 1); NaN without any."""
    number = kept.sum(-1, keepdims=True)
    if middle == "median":
        ordered = np.sort(np.where(kept, value, np.nan), axis=-1)  # NaN goes last
        low = np.maximum(number - 1, 0) // 2
        high = np.minimum(number // 2, value.shape[-1] - 1)
        pair = (np.take_along_axis(ordered, place, -1) for place in (low, high))
        return np.asarray(sum(pair) / 2.0)
    total = value if kept.all() else np.where(kept, value, 0.0)
    with np.errstate(invalid="ignore"):
        return np.asarray(total.sum(-1, keepdims=True) / np.where(number, number, np.nan))


def mean_ranges(value: Array, kept: Bools, screen: bool) -> Array:
    """Return the mean moving range of each row's kept points, (series, 1).

    A range is between a kept point and the kept one before it. ``screen`` leaves out, once,
    ranges above 3.267 times their mean: Nelson LS (1982), J Qual Technol 14(3):172-173. NaN
    with fewer than two points.
    """
    whole = kept.all(-1)
    if whole.all():
        ranges = np.abs(np.diff(value, axis=-1))
    else:
        gaps = ~whole
        ranges = np.abs(np.diff(value, axis=-1))
        together = Together.of(kept[gaps])
        ranges[gaps] = np.abs(np.diff(together.take(value[gaps], np.nan), axis=-1))
        np.nan_to_num(ranges, copy=False)
    number = kept.sum(-1, keepdims=True) - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = ranges.sum(-1, keepdims=True) / np.where(number > 0, number, np.nan)
        if screen:
            large = ranges > SCREEN * mean
            ranges[large] = 0.0
            # Some range is always at or below the mean, so the divisor is never 0.
            mean = ranges.sum(-1, keepdims=True) / (number - large.sum(-1, keepdims=True))
            mean = np.where(number > 0, mean, np.nan)
    return np.asarray(mean)
