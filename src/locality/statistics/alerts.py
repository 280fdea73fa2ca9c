"""Alerts within a budget: how many false ones a reader accepts, and what that lets them find.

The thresholds stand in ``alert_rates.csv``: what 200,000 made-up series of each baseline's length,
in which nothing changes, do in the 24 months after it, and what they do when a step comes. So the
error in estimating a baseline from few months is in them.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from locality.statistics.comparing import discoveries
from locality.statistics.cusum import BASELINES
from locality.statistics.intervals import Array

#: Steps, in standard deviations, whose detection within six months is told.
STEPS = (1.0, 1.5, 2.0)
#: Kept back from every budget for the error of the table itself.
_KEPT_BACK = 0.02
_FILE = Path(__file__).with_name("alert_rates.csv")


@dataclass(frozen=True, slots=True)
class Budget:
    """What a budget buys on a baseline of ``baseline`` points.

    ``rate`` is false new alerts for each series and month, ``threshold`` the height of the CUSUM
    that keeps it, ``expected`` false new alerts in the time asked, over all series; ``detection``
    the share of steps of ``STEPS`` that are told within six months.
    """

    baseline: int
    rate: float
    threshold: float
    expected: float
    detection: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Which series alert: ``on`` now, ``new`` since the point before, and how ``sure``.

    ``probability`` is that of such a height by chance, two-sided; ``sure`` marks alerts that hold
    too when the share of false ones among all told is kept at the rate asked.
    """

    on: npt.NDArray[np.bool_]
    new: npt.NDArray[np.bool_]
    probability: Array
    sure: npt.NDArray[np.bool_]


def budget(series: int, false_alerts: float, months: float, baseline: int = 36) -> Budget:
    """Return the threshold that ``series`` watched for ``months`` keep to ``false_alerts``.

    A practice that watches 60 measures and accepts one false alert a quarter asks
    ``budget(60, 1, 3)``; an ICB of 150 practices at five a month ``budget(9000, 5, 1)``. Beyond
    the table's ends the nearest threshold stands. Raises ValueError for nothing to watch, or a
    baseline that is none of ``BASELINES``.
    """
    if series < 1 or false_alerts <= 0 or months <= 0:
        raise ValueError("a budget needs series to watch, false alerts above 0, and months")
    if baseline not in BASELINES:
        raise ValueError(f"a baseline has one of {', '.join(map(str, BASELINES))} points")
    table = _table()[baseline]
    rate = (1 - _KEPT_BACK) * false_alerts / (series * months)
    threshold = _threshold(table, rate)
    kept = float(np.exp(np.interp(threshold, table["height"], np.log(table["new"]))))
    found = tuple(
        float(np.interp(threshold, table["height"], table[f"step_{step}"])) for step in STEPS
    )
    return Budget(baseline, kept, threshold, kept * series * months, found)


def told(
    strength: npt.ArrayLike,
    before: npt.ArrayLike,
    baseline: npt.ArrayLike,
    rate: float,
    share_false: float = 0.1,
) -> Told:
    """Return which series alert at a ``rate`` of false new alerts for each series and month.

    ``strength`` and ``before`` are signed heights of the CUSUM now and one point earlier, of one
    shape; ``baseline`` the points each was frozen on (0: not watched). The budget decides who is
    told. ``sure`` adds control of false discoveries over all series watched (Benjamini and
    Hochberg 1995, at ``share_false``): with one false alert a quarter among one or two true ones,
    many told are false by design, so the sure ones are set apart and never hide the others.
    Raises ValueError for a rate outside (0, 1).
    """
    if not 0 < rate < 1:
        raise ValueError("a rate lies between 0 and 1")
    now, then, length = np.broadcast_arrays(
        np.asarray(strength, np.float64), np.asarray(before, np.float64), np.asarray(baseline)
    )
    on, earlier = np.zeros(now.shape, np.bool_), np.zeros(now.shape, np.bool_)
    probability = np.full(now.shape, np.nan)
    for one, table in _table().items():
        here = (length == one) & np.isfinite(now)
        height = _threshold(table, rate)
        on[here] = np.abs(now[here]) > height
        earlier[here] = np.abs(then[here]) > height
        probability[here] = _tail(table, np.abs(now[here]))
    sure = discoveries(probability.reshape(-1), share_false).flag.reshape(now.shape)
    return Told(on, on & ~earlier, probability, on & sure)


def _threshold(table: dict[str, Array], rate: float) -> float:
    # Rates fall as heights rise; interpolation wants them rising.
    return float(np.interp(-np.log(rate), -np.log(table["new"]), table["height"]))


def _tail(table: dict[str, Array], height: Array) -> Array:
    logs, heights = np.log(table["on"]), table["height"]
    inside = np.interp(height, heights, logs)
    slope = (logs[-1] - logs[-5]) / (heights[-1] - heights[-5])  # exponential beyond the table
    beyond = logs[-1] + slope * (height - heights[-1])
    return np.exp(np.where(height > heights[-1], beyond, inside))


@cache
def _table() -> dict[int, dict[str, Array]]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    found: dict[int, dict[str, Array]] = {}
    for baseline in BASELINES:
        own = [row for row in rows if int(row["baseline"]) == baseline]
        found[baseline] = {
            name: np.array([float(row[name]) for row in own])
            for name in ("height", "new", "on", *(f"step_{step}" for step in STEPS))
        }
    return found
