"""What an interrupted time series is made of: its interruptions, design, refusals and changes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from locality.statistics.intervals import Array, Interval

Season = int | Literal["monthly"]
Mask = npt.NDArray[np.bool_]
Months = npt.NDArray[np.int64]

# Chosen by simulation (``python -m bench.interrupted tails``): with 12 points more than terms,
# 95 % intervals cover 91 % or more up to an autocorrelation of 0.6, with 8 they fall to 89 %.
# With 12 points before and 8 after, a change of slope is known to within half a standard deviation
# a month; with 18 and 5 to within 0.8, or four in all: it cannot be judged, a level can.
BEFORE = 8
AFTER = 3
AFTER_SLOPE = 8
SPARE = 12
YEARS_OF_SEASON = 2


@dataclass(frozen=True, slots=True)
class Interruption:
    """A change that starts ``at`` a month: of level, of slope, or of both.

    The first ``phase_in`` months from ``at`` on are left out of the fit: the change of level is
    read, and the new slope starts, at month ``at`` + ``phase_in``.
    """

    at: int
    level_change: bool = True
    slope_change: bool = True
    phase_in: int = 0

    def __post_init__(self) -> None:
        if not (self.level_change or self.slope_change):
            raise ValueError("an interruption changes the level, the slope or both")
        if self.phase_in < 0 or self.phase_in != int(self.phase_in) or self.at != int(self.at):
            raise ValueError("an interruption and its phase-in are counted in whole months")

    @property
    def start(self) -> int:
        """Return the first month that counts as after."""
        return int(self.at + self.phase_in)


@dataclass(frozen=True, slots=True)
class Change:
    """Values with their interval and the effective degrees of freedom behind it, of one shape."""

    value: Array
    interval: Interval
    freedom: Array


@dataclass(frozen=True, slots=True)
class Terms:
    """A model's ``design`` (time, terms), and ``baseline``: the same with no interruption.

    ``contrasts`` are the rows asked of the fit, in the order of ``names``; ``kept`` marks the
    months outside every phase-in; ``segment`` numbers the stretches between interruptions.
    """

    time: Months
    interruptions: tuple[Interruption, ...]
    months_after: Months
    season: Season
    design: Array
    baseline: Array
    contrasts: Array
    kept: Mask
    segment: Months

    def split(self, rows: Array) -> dict[str, Array]:
        """Return rows of contrasts (series, rows) as baseline slope, level, slope, effect, line."""
        number, months = len(self.interruptions), self.months_after.size
        ends = np.cumsum([1, number, number, number * months])
        slope, level, change, effect, line = np.split(rows, ends, axis=-1)
        level = np.where([one.level_change for one in self.interruptions], level, np.nan)
        change = np.where([one.slope_change for one in self.interruptions], change, np.nan)
        effect = effect.reshape(*rows.shape[:-1], number, months)
        seen = np.asarray([one.start for one in self.interruptions])[:, None] + self.months_after
        return {
            "baseline_slope": slope[..., 0],
            "level": level,
            "slope": change,
            "effect": np.where(seen <= self.time[-1], effect, np.nan),
            "counterfactual": line,
        }


def terms(
    number: int,
    time: npt.ArrayLike | None,
    interruptions: Interruption | Sequence[Interruption],
    season: Season,
    months_after: Sequence[int],
) -> Terms:
    """Return the terms of a segmented regression on ``number`` points.

    Wagner AK, Soumerai SB, Zhang F, Ross-Degnan D (2002), J Clin Pharm Ther 27:299-309.
    Raises ValueError for months that are not whole and rising, interruptions out of order or
    outside the months, or a season that is neither 0 to 5 pairs of waves nor "monthly".
    """
    month = _months(number, time)
    given = (interruptions,) if isinstance(interruptions, Interruption) else tuple(interruptions)
    if not given:
        raise ValueError("name at least one interruption")
    starts = [one.at for one in given]
    if any(now.start > later.at for now, later in itertools.pairwise(given)):
        raise ValueError("give interruptions in order of time, each after the last one's phase-in")
    if not (month[0] < starts[0] and given[-1].start <= month[-1]):
        raise ValueError("every interruption lies between the first and the last month")
    after = np.asarray(months_after, dtype=np.int64).reshape(-1)
    if np.any(after < 0):
        raise ValueError("months after an interruption are 0 or more")

    elapsed = (month - given[0].start).astype(np.float64)
    fixed = np.column_stack([np.ones(number), elapsed, *_season(month, season)])
    ramps: list[Array] = []
    places: list[list[int]] = []
    for one in given:
        since = (month - one.start).astype(np.float64)
        here = (since >= 0).astype(np.float64)
        pair = []
        for wanted, column in ((one.level_change, here), (one.slope_change, here * since)):
            pair.append(fixed.shape[1] + len(ramps) if wanted else -1)
            if wanted:
                ramps.append(column)
        places.append(pair)
    design = np.column_stack([fixed, *ramps])
    baseline = np.column_stack([fixed, np.zeros((number, len(ramps)))])
    kept = np.ones(number, dtype=bool)
    for one in given:
        kept &= (month < one.at) | (month >= one.start)
    segment = np.searchsorted(starts, month, side="right").astype(np.int64)
    rows = _contrasts(design.shape[1], places, after)
    return Terms(
        month, given, after, season, design, baseline, np.vstack([rows, baseline]), kept, segment
    )


def refusal(of: Terms, used: Mask) -> str:
    """Return why the points in ``used`` cannot carry the model; an empty string if they can."""
    counts = np.bincount(of.segment[used], minlength=len(of.interruptions) + 1)
    if counts[0] < BEFORE:
        return (
            f"There {_points(counts[0])} before month {of.interruptions[0].at}; "
            f"at least {BEFORE} are needed to know the earlier level and trend."
        )
    for one, points in zip(of.interruptions, counts[1:], strict=True):
        if points < AFTER:
            return (
                f"There {_points(points)} after the interruption at month {one.at}; "
                f"at least {AFTER} are needed to judge a change of level."
            )
        if one.slope_change and points < AFTER_SLOPE:
            return (
                f"There {_points(points)} after the interruption at month {one.at}; a change of "
                f"slope needs at least {AFTER_SLOPE}. Ask for the change of level alone "
                f"(slope_change=False), which needs {AFTER}."
            )
    month = of.time[used]
    if of.season and month[-1] - month[0] + 1 < 12 * YEARS_OF_SEASON:
        return (
            f"The points span {month[-1] - month[0] + 1} months; a season needs "
            f"{12 * YEARS_OF_SEASON}. Ask for a model without one (season=0)."
        )
    columns = of.design.shape[1]
    fewer = " Ask for fewer: a change of level alone (slope_change=False), or a simpler season."
    if month.size < columns + SPARE:
        return (
            f"There {_points(month.size)} for a model of {columns} terms, which needs at least "
            f"{columns + SPARE}.{fewer}"
        )
    scaled = of.design[used] / np.maximum(np.abs(of.design[used]).max(0), np.finfo(float).tiny)
    if np.linalg.matrix_rank(scaled) < columns:
        return f"These points cannot tell the terms of the model apart.{fewer}"
    return ""


def patterns(usable: Mask) -> Iterator[tuple[Mask, npt.NDArray[np.intp]]]:
    """Yield each distinct row of ``usable`` (series, time) with the series that have it."""
    packed, place = np.unique(np.packbits(usable, axis=1), axis=0, return_inverse=True)
    place = place.reshape(-1)
    order = np.argsort(place, kind="stable")
    ends = np.cumsum(np.bincount(place, minlength=packed.shape[0]))
    for series in np.split(order, ends[:-1]):
        if series.size:
            yield usable[series[0]], series


def _points(number: int) -> str:
    return "is 1 point" if number == 1 else f"are {number} points"


def _months(number: int, time: npt.ArrayLike | None) -> Months:
    if time is None:
        return np.arange(number, dtype=np.int64)
    given = np.asarray(time)
    if given.shape != (number,):
        raise ValueError(f"there are {number} points but the months have shape {given.shape}")
    month = given.astype(np.int64)
    if np.any(month != given) or np.any(np.diff(month) <= 0):
        raise ValueError("months are whole numbers that rise, such as 0, 1, 2")
    return month


def _season(month: Months, season: Season) -> list[Array]:
    """Return pairs of sine and cosine waves of a year and its parts, or eleven of twelve months."""
    if season == "monthly":
        return [(month % 12 == one).astype(np.float64) for one in range(1, 12)]
    if isinstance(season, str) or not 0 <= season <= 5 or season != int(season):
        raise ValueError('a season is 0 to 5 pairs of waves, or "monthly"')
    angle = 2 * np.pi * (month % 12) / 12
    return [wave(one * angle) for one in range(1, season + 1) for wave in (np.sin, np.cos)]


def _contrasts(columns: int, places: list[list[int]], after: Months) -> Array:
    """Return rows for the baseline slope, each level, each slope, and each effect by month."""
    unit = np.vstack([np.eye(columns), np.zeros(columns)])  # place -1 takes the row of zeros
    level = unit[[pair[0] for pair in places]]
    slope = unit[[pair[1] for pair in places]]
    effect = level[:, None, :] + after[:, None] * slope[:, None, :]
    return np.vstack([unit[1:2], level, slope, effect.reshape(-1, columns)])
