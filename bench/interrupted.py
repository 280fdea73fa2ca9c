"""Interrupted time series: what their intervals cover, and how fast they are.

``python -m bench.interrupted [coverage] [tails] [counts] [speed]``; all four if none is named.
Series of no change are made with fixed seeds; an interval covers if it holds "no change".
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")  # the speed asked for is that of one core

import numpy as np  # noqa: E402
from scipy import stats  # noqa: E402

from bench.floor import Row, timed  # noqa: E402
from locality.statistics.interrupted import interrupted_series  # noqa: E402
from locality.statistics.interrupted_counts import (  # noqa: E402
    InterruptedCounts,
    interrupted_counts,
    interrupted_proportions,
)
from locality.statistics.interrupted_design import Change, Interruption  # noqa: E402

SERIES = 4000
CORRELATIONS = (0.0, 0.2, 0.4, 0.6, 0.8)
TAILS = ((18, 5, False), (18, 3, False), (12, 3, False), (8, 8, True), (12, 8, True), (36, 8, True))


def drifting(rng: np.random.Generator, series: int, points: int, rho: float) -> np.ndarray:
    """Return stationary first-order autoregressive series of variance 1."""
    made = rng.standard_normal((series, points))
    for now in range(1, points):
        made[:, now] = rho * made[:, now - 1] + np.sqrt(1 - rho * rho) * made[:, now]
    return made


def covered(change: Change, truth: float, given: np.ndarray) -> float:
    """Return the percentage of the given intervals that hold the truth."""
    inside = (change.interval.lower < truth) & (change.interval.upper > truth)
    return 100 * float(inside[given].mean())


def coverage() -> None:
    print(
        "Interruption half-way: % of 95 % intervals covering, level / slope (autocorrelation's own)"
    )
    print(f"{'points':>8}" + "".join(f"{f'rho {rho}':>22}" for rho in CORRELATIONS))
    for points in (24, 36, 60, 120):
        line = f"{points:>8}"
        for rho in CORRELATIONS:
            rng = np.random.default_rng([1, points, int(10 * rho)])
            made = interrupted_series(drifting(rng, SERIES, points, rho), Interruption(points // 2))
            every = made.refused == ""
            ends = made.autocorrelation_interval
            own = 100 * float(((ends.lower < rho) & (ends.upper > rho)).mean())
            pair = f"{covered(made.level, 0, every):.1f} / {covered(made.slope, 0, every):.1f}"
            line += f"{f'{pair} ({own:.1f})':>22}"
        print(line, flush=True)


def tails() -> None:
    print("Short series: % covering, and median half-width in standard deviations (slope: a month)")
    for before, after, slope in TAILS:
        line = f"{before:>4} before, {after} after, {'slope' if slope else 'level':<6}"
        for rho in CORRELATIONS[:4]:
            rng = np.random.default_rng([2, before, after, int(10 * rho)])
            made = interrupted_series(
                drifting(rng, SERIES, before + after, rho), Interruption(before, slope_change=slope)
            )
            every = made.refused == ""
            for change in (made.level, made.slope)[: 1 + slope]:
                half = np.median(change.interval.upper - change.interval.lower) / 2
                line += f"  {covered(change, 0, every):.1f} ±{half:.2f}"
            line += " |"
        print(line, flush=True)


def counts() -> None:
    print("Counts: % covering, level / slope, [refused %]")
    kinds: dict[str, Callable[..., InterruptedCounts]] = {
        "negative binomial, dispersion 1.5": _spread,
        "Poisson about a drifting log rate (SD 0.15)": _latent,
        "binomial, a third of 3 x mean": _binomial,
    }
    for kind, make in kinds.items():
        print(kind)
        for points in (36, 60, 120):
            for mean in (2, 10, 100):
                line = f"{points:>6} points, mean {mean:>3}"
                for rho in (0.0, 0.3, 0.6):
                    rng = np.random.default_rng([3, points, mean, int(10 * rho)])
                    made = make(rng, drifting(rng, SERIES // 2, points, rho), mean)
                    given = made.refused == ""
                    pair = f"{covered(made.level, 1, given):.1f} / "
                    pair += f"{covered(made.slope, 1, given):.1f}"
                    line += f"{f'rho {rho}: {pair} [{100 * (1 - given.mean()):.1f}]':>32}"
                print(line, flush=True)


def _spread(rng: np.random.Generator, drift: np.ndarray, mean: float) -> InterruptedCounts:
    count = stats.nbinom.ppf(stats.norm.cdf(drift), mean / 0.5, 1 / 1.5)
    return interrupted_counts(count, Interruption(drift.shape[1] // 2))


def _latent(rng: np.random.Generator, drift: np.ndarray, mean: float) -> InterruptedCounts:
    count = rng.poisson(mean * np.exp(0.15 * drift))
    return interrupted_counts(count, Interruption(drift.shape[1] // 2))


def _binomial(rng: np.random.Generator, drift: np.ndarray, mean: float) -> InterruptedCounts:
    size = np.full(drift.shape, 3.0 * mean)
    count = stats.binom.ppf(stats.norm.cdf(drift), size, 1 / 3)
    return interrupted_proportions(count, size, Interruption(drift.shape[1] // 2))


def speed() -> int:
    rng = np.random.default_rng(4)
    whole = drifting(rng, 7000, 60, 0.4)
    holed = np.where(rng.random(whole.shape) < 0.05, np.nan, whole)
    events = rng.poisson(50 * np.exp(0.1 * whole))
    middle = Interruption(30)
    copy = timed(whole.copy, repeats=5)
    rows = [
        Row("7,000 series x 60 points", timed(lambda: interrupted_series(whole, middle)), "s", 5),
        Row(
            "the same with 5 % missing, each its own way",
            timed(lambda: interrupted_series(holed, middle)),
            "s",
            5,
        ),
        Row(
            "the same with a season of two pairs of waves",
            timed(lambda: interrupted_series(whole, middle, season=2)),
            "s",
            5,
        ),
        Row(
            "7,000 series of counts x 60 points",
            timed(lambda: interrupted_counts(events, middle)),
            "s",
        ),
    ]
    print(f"(one core; copying the values takes {1000 * copy:.2f} ms)")
    for row in rows:
        print(row, flush=True)
    return int(any(row.asked is not None and row.took > row.asked for row in rows))


def main() -> int:
    """Run the parts named, or all; 1 if a time asked for was not met."""
    named = sys.argv[1:] or ["coverage", "tails", "counts", "speed"]
    tables = {"coverage": coverage, "tails": tails, "counts": counts}
    for name, table in tables.items():
        if name in named:
            table()
            print()
    return speed() if "speed" in named else 0


if __name__ == "__main__":
    sys.exit(main())
