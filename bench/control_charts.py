"""Control charts of one measure for every practice: limits and rules, a cell at a time.

``python -m bench.control_charts`` prints nanoseconds a cell and the ratio to the floor, the time in
which NumPy reads the matrix once. ``--signals`` adds how often stable processes signal by chance.
"""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable

import numpy as np

from bench.floor import Row, peak_megabytes, timed
from locality.statistics.chart_labels import Variation
from locality.statistics.chart_signals import latest, signals
from locality.statistics.control_charts import Chart, p_prime, run_chart, xmr
from locality.statistics.rule_sets import RULE_SETS
from locality.statistics.runs import pack, windows

MDC, ANHOEJ = "making-data-count/2023", "anhoej/qicharts2"
PRACTICES, MONTHS, MEASURES = 7_000, 60, 60


def main() -> None:
    """Print the table."""
    rng = np.random.default_rng(2026)
    value = rng.normal(size=(PRACTICES, MONTHS))
    gappy = np.where(rng.random(value.shape) < 0.03, np.nan, value)
    size = rng.integers(20, 400, size=value.shape).astype(float)
    count = rng.binomial(size.astype(int), 0.7).astype(float)
    floor = timed(lambda: value.sum(), 20)

    def row(what: str, work: Callable[[], object], asked: float | None = None) -> None:
        took = timed(work, 7)
        note = f"{took / value.size * 1e9:5.1f} ns a cell"
        print(Row(what, took * 1e3, "ms", asked=asked, floor=floor * 1e3, note=note))

    chart, missing = xmr(value), xmr(gappy)
    print(f"{PRACTICES:,} series of {MONTHS} points; the floor is {floor * 1e3:.2f} ms")
    row("XmR limits", lambda: xmr(value))
    row(f"rules: {MDC}", lambda: signals(chart, MDC))
    found = signals(chart, MDC)
    row("latest point of each", lambda: latest(found))
    row("limits and rules", lambda: signals(xmr(value), MDC), 50)
    row("limits and rules, 3 % missing", lambda: signals(xmr(gappy), MDC), 50)
    row("limits and rules, 3 phases", lambda: signals(xmr(value, phases=[20, 40]), MDC), 50)
    row("p' limits and rules", lambda: signals(p_prime(count, size), MDC), 50)
    row(f"run chart and {ANHOEJ}", lambda: signals(run_chart(value), ANHOEJ))
    _layouts(value, chart, row)

    def england() -> None:
        for _ in range(MEASURES):
            signals(xmr(value), MDC)

    took = timed(england)
    print(Row(f"{MEASURES} measures, one after another", took, "s", asked=3.0,
              note=f"{took / MEASURES / value.size * 1e9:5.1f} ns a cell"))  # fmt: skip
    for what, work in (
        ("complete", lambda: signals(xmr(value), MDC)),
        ("3 % missing", lambda: signals(xmr(gappy), MDC)),
        ("p'", lambda: signals(p_prime(count, size), MDC)),
    ):
        tracemalloc.start()
        kept = work()
        extra = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        del kept
        print(Row(f"peak extra memory, {what}", extra, "MB", asked=60.0))
    print(f"peak of the process: {peak_megabytes():.0f} MB; {missing.value.size:,} cells a measure")
    if "--signals" in sys.argv:
        _by_chance()


def _layouts(value: np.ndarray, chart: Chart, row: Callable[..., None]) -> None:
    """Print runs of seven above the centre in three layouts."""
    above = value > chart.centre
    turned = np.ascontiguousarray(above.T)

    def counted() -> np.ndarray:
        length = np.zeros(len(above), dtype=np.int16)
        ends = np.zeros_like(above)
        for t in range(above.shape[1]):
            length = (length + 1) * above[:, t]
            ends[:, t] = length >= 7
        return ends

    def shifted() -> np.ndarray:
        ends = turned.copy()
        for step in (1, 2, 3):
            ends[step:] &= ends[:-step].copy()
            ends[:step] = False
        return ends

    assert np.array_equal(counted().T, shifted())
    row("  a run of 7: counting month by month", counted)
    row("  a run of 7: shifted booleans, time in rows", shifted)
    row("  a run of 7: bit planes, packing included", lambda: windows(pack(turned), 7))


def _by_chance() -> None:
    value = np.random.default_rng(1).normal(size=(40_000, 60))
    print("\nstable normal series of 60 points: share with a signal, and latest points that signal")
    for name, each in RULE_SETS.items():
        chart = run_chart(value) if each.centre == "median" else xmr(value, screen=each.screen)
        found = signals(chart, name)
        now = (latest(found).state != Variation.COMMON_CAUSE).mean()
        print(f"{name:<36}{(found.labels != 0).any(-1).mean():8.1%}{now:8.2%}")


if __name__ == "__main__":
    main()
