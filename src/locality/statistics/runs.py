"""Runs in many series at once: bit planes, points moved together, and run lengths.

A bit plane holds one yes or no for each point of many series: time in rows, eight series a byte.
A run of seven is then an AND of shifted rows (three steps by doubling), labelling it back an OR
of shifted rows, whatever the number of series.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import comb
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Plane = npt.NDArray[np.uint8]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Together:
    """Which points of (series, time) count, and where they stand once moved to the left.

    Points that do not count (missing months) are skipped: those on either side become neighbours.
    """

    kept: Bools
    inside: Bools

    @classmethod
    def of(cls, kept: Bools) -> Together:
        """Return the move that brings the ``kept`` points of each row together."""
        number = kept.sum(-1, keepdims=True)
        return cls(kept, np.arange(kept.shape[-1]) < number)

    def take(self, array: npt.NDArray[Any], fill: Any) -> npt.NDArray[Any]:
        """Return the kept points moved to the left, ``fill`` after them."""
        moved = np.full(self.kept.shape, fill, dtype=array.dtype)
        moved[self.inside] = np.broadcast_to(array, self.kept.shape)[self.kept]
        return moved

    def back(self, array: npt.NDArray[Any], fill: Any) -> npt.NDArray[Any]:
        """Return what was moved in its old places, ``fill`` where nothing was kept."""
        placed = np.full(self.kept.shape, fill, dtype=array.dtype)
        placed[self.kept] = array[self.inside]
        return placed


def pack(yes: Bools) -> Plane:
    """Return the bit plane of (time, series) booleans: (time, series / 8, rounded up)."""
    return np.packbits(yes, axis=-1)


def before(plane: Plane) -> Plane:
    """Return the plane one step later: at each time what the plane was at the time before."""
    later = np.zeros_like(plane)
    later[1:] = plane[:-1]
    return later


def windows(plane: Plane, length: int) -> Plane:
    """Return where a window of ``length`` ones ends, by doubling."""
    ended, have = plane.copy(), 1
    while have < length:
        step = min(have, length - have)
        ended[step:] &= ended[:-step].copy()
        ended[:step] = 0
        have += step
    return ended


def reach_back(plane: Plane, length: int) -> Plane:
    """Return the ones and the ``length`` - 1 times before each of them, by doubling."""
    reached, have = plane.copy(), 1
    while have < length:
        step = min(have, length - have)
        reached[:-step] |= reached[step:].copy()
        have += step
    return reached


# For each byte of a plane, eight bytes that hold its bits: the first series is the highest bit.
_SPREAD = np.ascontiguousarray(
    np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1)
).view(np.uint64)[:, 0]  # fmt: skip


def unpack(planes: list[tuple[int, Plane]], series: int) -> Plane:
    """Return (time, series) bytes in which bit k of a byte is the plane given with number k."""
    first = planes[0][1]
    gathered = np.zeros(first.shape, dtype=np.uint64)
    for bit, plane in planes:
        gathered |= _SPREAD[plane] << np.uint64(bit)
    return gathered.view(np.uint8)[:, :series]


@dataclass(frozen=True, slots=True)
class Runs:
    """For each point, its place in its run (from 1) and the run's length, (series, time).

    ``useful`` and ``crossings`` are its phase's points that count and its crossings; ``last``
    marks the phase's last point that counts. All are zero where a point does not count.
    """

    place: Integers
    length: Integers
    useful: Integers
    crossings: Integers
    last: Bools


def runs_about(side: npt.NDArray[np.int8], phase: npt.NDArray[np.integer[Any]]) -> Runs:
    """Return the runs of one side: ``side`` is 1 above, -1 below and 0 not counted.

    ``phase`` broadcasts to it; a run ends with its phase, and crossings are counted within one.
    """
    series, times = side.shape
    together = Together.of(side != 0)
    here = together.take(side, 0)
    part = together.take(np.asarray(phase, dtype=np.int64), 0)
    inside = together.inside
    at = np.arange(times)
    same = np.zeros(side.shape, dtype=bool)
    same[:, 1:] = inside[:, 1:] & (part[:, 1:] == part[:, :-1])
    joined = same.copy()
    joined[:, 1:] &= here[:, 1:] == here[:, :-1]
    start = np.maximum.accumulate(np.where(joined, 0, at), axis=1)
    place = at - start + 1
    ends = np.ones(side.shape, dtype=bool)
    ends[:, :-1] = ~joined[:, 1:]
    end = np.minimum.accumulate(np.where(ends, at, times)[:, ::-1], axis=1)[:, ::-1]
    length = end - start + 1
    phases = int(part.max(initial=0)) + 1
    key = np.arange(series)[:, None] * phases + part
    useful = np.bincount(key[inside], minlength=series * phases)[key]
    crossed = np.bincount(key[same & ~joined], minlength=series * phases)[key]
    last = inside.copy()
    last[:, :-1] &= ~same[:, 1:]
    placed = [together.back(each, 0) for each in (place, length, useful, crossed)]
    return Runs(placed[0], placed[1], placed[2], placed[3], together.back(last, False))


@lru_cache(maxsize=32)
def longest_expected(points: int, rounding: Literal["round", "floor", "ceil"]) -> Integers:
    """Return, for 0 to ``points`` useful points, the longest run that is still unremarkable.

    log2(n) + 3, made whole. Anhøj J, Olesen AV (2014), PLoS ONE 9:e113825, who round to the
    nearest; tools differ in the rounding. Never NaN: without points it is 3.
    """
    exact = np.log2(np.arange(1, points + 1))
    whole = np.floor(exact) if rounding == "floor" else np.ceil(exact)
    if rounding == "round":
        whole = np.rint(exact)  # log2 of a whole number is never halfway
    return np.concatenate([[3], whole + 3]).astype(np.int64)


@lru_cache(maxsize=32)
def fewest_expected(points: int, share: float) -> Integers:
    """Return, for 0 to ``points`` useful points, the fewest crossings that are unremarkable.

    The ``share`` quantile of Binomial(n - 1, 1/2), counted in whole numbers.
    Chen Z (2010), as in Anhøj J, Olesen AV (2014), PLoS ONE 9:e113825.
    """
    millionths = round(share * 1_000_000)
    fewest = [0]
    for n in range(1, points + 1):
        least, total = 0, 1
        while total * 1_000_000 < millionths << (n - 1):
            least += 1
            total += comb(n - 1, least)
        fewest.append(least)
    return np.array(fewest, dtype=np.int64)
