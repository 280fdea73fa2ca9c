"""Alerts and their budgets: false alarms and detection by simulation, fixed seeds.

``python -m bench.alerts --table`` works the table of rates out again and prints it.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from bench.floor import Row
from locality.statistics.alerts import STEPS, budget
from locality.statistics.cusum import BASELINES, cusum, standardised

AFTER = 24  # months watched behind the baseline
HEIGHTS = (*np.arange(0.0, 8.0, 0.25).tolist(), *np.arange(8.0, 20.01, 1.0).tolist())
_BLOCK = 20_000


def paths(baseline: int, series: int, seed: int, step: float = 0.0, when: int = 6, **how: float):
    """Return |strength| of made-up series in the months after a baseline, (series, AFTER)."""
    pick = np.random.default_rng(seed)
    found = []
    for _ in range(0, series, _BLOCK):
        size = (_BLOCK, baseline + AFTER)
        noise = pick.normal(size=size)
        rho = how.get("rho", 0.0)
        if rho:
            for month in range(1, size[1]):
                noise[:, month] = rho * noise[:, month - 1] + np.sqrt(1 - rho**2) * noise[:, month]
        if how.get("poisson"):
            mean = how["poisson"]
            noise = (pick.poisson(mean, size) - mean) / np.sqrt(mean)
        if how.get("odd"):
            noise[:, baseline // 2] += how["odd"]
        noise[:, baseline + when :] += step
        made = standardised(noise, longest=baseline)
        found.append(np.abs(cusum(made.z).strength[:, baseline:]))
    return np.concatenate(found)


def new_alerts(path: np.ndarray, height: float) -> float:
    """Return new alerts for each series and month."""
    on = path > height
    new = on.copy()
    new[:, 1:] &= ~on[:, :-1]
    return float(new.mean())


def detected(path: np.ndarray, height: float, when: int = 6) -> float:
    """Return the share of series, quiet before the step, that alert within six months of it."""
    quiet = path[:, when - 1] <= height
    return float((path[quiet, when : when + 6] > height).any(axis=1).mean())


def table(series: int = 200_000) -> list[tuple[float, ...]]:
    """Return rows of alert_rates.csv: baseline, height, new, on, detection of each step."""
    rows = []
    for baseline in BASELINES:
        still = paths(baseline, series, 1000 + baseline)
        moved = [paths(baseline, series // 2, 2000 + baseline, step) for step in STEPS]
        for height in HEIGHTS:
            rates = new_alerts(still, height), float((still > height).mean())
            floor = 0.5 / still.size  # a rate that was never seen
            rows.append((baseline, height, *(max(one, floor) for one in rates),
                         *(detected(one, height) for one in moved)))  # fmt: skip
    return rows


def main() -> None:
    """Print the promises, or the table of rates."""
    words = argparse.ArgumentParser()
    words.add_argument("--table", action="store_true")
    if words.parse_args().table:
        print("# False new alerts and alerts standing, for each series and month, and the share of "
              "steps told in six months.")  # fmt: skip
        print("# Made by: python -m bench.alerts --table (200,000 series a baseline, fixed seeds).")
        print("baseline,height,new,on," + ",".join(f"step_{step}" for step in STEPS))
        for row in table():
            print(",".join(f"{one:.6g}" for one in row))
        return
    print("60 stable measures, one practice: new false alerts in a quarter; 1.5 SD step told in 6 "
          "months")  # fmt: skip
    for name, how in (
        ("normal", {}), ("autocorrelation 0.3", {"rho": 0.3}), ("Poisson, mean 5", {"poisson": 5}),
        ("one wild month of 5 SD in the baseline", {"odd": 5.0}),
    ):  # fmt: skip
        for baseline in (36, 24):
            told = budget(60, 1, 3, baseline)
            still = paths(baseline, 200_000, 7, **how)
            moved = paths(baseline, 60_000, 8, 1.5, **how)
            false = 180 * new_alerts(still, told.threshold)
            asked = (1.0, 0.7) if baseline == 36 and not how else (None, None)
            print(Row(f"{name}, baseline {baseline}", false, "a quarter", asked=asked[0],
                      note=f"told {100 * detected(moved, told.threshold):.1f} %"
                           + (f" (asked {100 * asked[1]:.0f} %)" if asked[1] else "")))  # fmt: skip
    print("ICB of 150 practices x 60 measures, 5 false alerts a month")
    for baseline in (36, 24):
        told = budget(9_000, 5, 1, baseline)
        still = paths(baseline, 200_000, 9)
        parts = [
            f"{step} SD {100 * detected(paths(baseline, 60_000, 10, step), told.threshold):.0f} %"
            for step in STEPS
        ]
        print(Row(f"baseline {baseline}", 9_000 * new_alerts(still, told.threshold),
                  "a month", asked=5.5, note="told in 6 months: " + ", ".join(parts)))  # fmt: skip
    noise = np.random.default_rng(1).normal(size=(9_000, 60))
    start = time.perf_counter()
    for _ in range(5):
        cusum(standardised(noise).z)
    took = (time.perf_counter() - start) / 5
    print(Row("9,000 series x 60 months", took, "s",
              note=f"{1e9 * took / noise.size:.0f} ns a cell"))  # fmt: skip


if __name__ == "__main__":
    main()
