"""England judged: 60 measures x 7,000 practices x 60 months, everything said, written and read.

Timed for each measure: laying practice rows out, summing them over networks, areas, boards,
regions and England, writing; models, reliability, likely true values, probabilities, funnels,
calls, adjusted values, control charts with their rules, CUSUMs; writing what was judged; then
reading all of it back, roll-ups too, with values and intervals. Half the measures are shares,
half rates. ``loading`` is the import of SciPy, which one refresh does once. Seconds by part leave
out what other parts within them took, and "the rest" is what no part has.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from bench.floor import Row, disk_bandwidth, memory_bandwidth, peak_megabytes
from bench.refresh import prefill

SIZES = ((60, 7000, 60),)
#: What is timed inside judging and writing: module, or module and class; name there; its part.
INSIDE = (
    ("locality.measure.judged", "fit", "models"),
    ("locality.measure.judged", "verdicts", "verdicts"),
    ("locality.measure.judged", "adjusted", "adjusting"),
    ("locality.measure.series", "chart_of", "charts"),
    ("locality.statistics", "signals", "charts"),
    ("locality.statistics", "latest", "charts"),
    ("locality.statistics", "standardised", "alerts"),
    ("locality.statistics", "cusum", "alerts"),
    ("locality.store.drafts:Draft", "_write_judged", "writing judged"),
)


class Clock:
    """Seconds by part; a part within another counts for itself alone."""

    def __init__(self) -> None:
        self.took: dict[str, float] = defaultdict(float)
        self._inner = [0.0]

    def __call__(self, part: str, work: Callable[[], Any]) -> Any:
        """Return what ``work`` returns, and add its seconds to ``part``."""
        self._inner.append(0.0)
        start = time.perf_counter()
        try:
            return work()
        finally:
            whole = time.perf_counter() - start
            self.took[part] += whole - self._inner.pop()
            self._inner[-1] += whole

    def watch(self, where: str, name: str, part: str) -> None:
        """Time every call of one function of the product from here on."""
        module, _, owner = where.partition(":")
        holder: Any = importlib.import_module(module)
        holder = getattr(holder, owner) if owner else holder
        plain = getattr(holder, name)
        setattr(holder, name, lambda *a, **k: self(part, lambda: plain(*a, **k)))


def definition(number: int) -> Any:
    """Return a made-up measure: a share if its number is even, a rate of events otherwise."""
    from locality.knowledge import Measure

    share = number % 2 == 0
    return Measure.model_validate({
        "id": f"bench.m{number:03d}", "kind": "published", "title": f"Made-up measure {number}",
        "why": "It stands for any measure of practices, so that the whole can be timed.",
        "topic": "Benchmark", "unit": "%" if share else "per 1,000 patients",
        "polarity": "higher_is_better" if share else "none", "valid": {"from": date(2019, 4, 1)},
        "references": [{"text": "A made-up document", "address": "https://example.org/doc"}],
        "source": {"dataset": "qof_in_year", "where": "indicator_code == 'AST007'",
                   "period": "day"},
        "measure": {
            "numerator": "numerator", "numerator_words": "what is counted",
            "denominator": "denominator", "denominator_words": "what it is counted over",
            "interval": "share" if share else "events",
            "views": {"value": "100 * num / den" if share else "1000 * num / den"},
        },
        "governance": {"authored_by": "lead analyst", "checked_by": "clinical lead",
                       "next_review": date(2030, 4, 1), "status": "live",
                       "change_log": [{"on": date(2026, 4, 1), "what": "written down for timing",
                                       "by": "lead analyst"}]},
        "case": [
            {"words": "some", "given": {"num": 1, "den": 4},
             "expect": {"value": 25 if share else 250}},
            {"words": "all", "given": {"num": 4, "den": 4},
             "expect": {"value": 100 if share else 1000}},
            {"words": "nobody", "given": {"num": 0, "den": 0},
             "expect": {"value": "nobody to count"}},
        ],
        "place": "bench.toml",
    })  # fmt: skip


def run(measures: int, practices: int, months: int) -> dict[str, Any]:
    """Build and read back one version in this process; return seconds by part and megabytes."""
    from locality.figures import Table
    from locality.figures.schemas import MEMBERS
    from locality.measure import Terms, judged, values
    from locality.store import Draft, Lake, as_matrix
    from locality.store.schemas import LIFETIMES

    clock = Clock()
    for where, name, part in INSIDE:
        clock.watch(where, name, part)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        codes = prefill(folder, practices, months)
        members = [
            {"code": f"{kind}{n // size}", "kind": kind, "practice_code": code}
            for kind, size in (("pcn", 5), ("place", 35), ("sub_icb", 66), ("icb", 190),
                               ("region", 1000), ("england", practices))
            for n, code in enumerate(codes)
        ]  # fmt: skip
        lifetimes = [{"practice_code": c, "open_from": date(1974, 4, 1), "open_until": None}
                     for c in codes]  # fmt: skip
        facts = np.random.default_rng(4).normal(size=(practices, 5))
        compared = {"practice": np.ones(practices, np.bool_)}
        definitions = [definition(number) for number in range(measures)]
        before = peak_megabytes()
        start = time.perf_counter()
        clock("loading", lambda: [importlib.import_module(f"scipy.{one}")
                                  for one in ("optimize", "special")])  # fmt: skip

        def count(draft: Draft, measure: Any) -> Any:
            rows = pq.read_table(
                folder / "rows.parquet", read_dictionary=["practice_code", "period"]
            )
            return draft.write_observations(measure.id, rows)

        def write(draft: Draft) -> None:
            draft.write_result(Table.of(MEMBERS, members))
            draft.write_result(Table.of(LIFETIMES, lifetimes))
            for one in definitions:
                written = clock("counting", lambda m=one: count(draft, m))
                found = clock("other judging", lambda w=written, m=one: judged(
                    m, as_matrix(w.observed), compared, Terms(), facts))  # fmt: skip
                draft.keep_judged(*found)

        version = Lake(folder / "home").build(write, made_at=datetime.now(UTC))
        cells = whole = 0
        for one in definitions:
            matrix = clock("reading", lambda m=one: as_matrix(version.observations(m.id).data))
            made = clock("intervals", lambda m=one, x=matrix: values(
                m, x.numerator, x.denominator, x.excepted, x.flags))  # fmt: skip
            cells += made.value.size
            whole += len(codes) * months
            assert np.all(made.lower <= made.upper)  # none is missing, or this is not true
        found = clock("reading", lambda: [version.table(name) for name in ("judged", "models")])
        took = time.perf_counter() - start
        size = sum(f.stat().st_size for f in version.folder.rglob("*") if f.is_file())
        # What any program must move: rows read, matrices and tables written, read again.
        moved = cells * (25 * 2 + 8 * 6)
        parts = {**clock.took, "the rest": took - sum(clock.took.values())}
        return {
            "took": took, "parts": parts, "cells": whole, "summed": cells - whole,
            "judged": len(found[0]), "models": len(found[1]),
            "can": found[0].data.column("state").to_pylist().count("can be judged"),
            "before": before, "peak": peak_megabytes(), "disk": size / 1e6,
            "floor": moved / memory_bandwidth() + size / disk_bandwidth(folder),
        }  # fmt: skip


def main() -> None:
    """Run each size in a process of its own and print the table."""
    words = argparse.ArgumentParser()
    words.add_argument("--one", nargs=3, type=int)
    one = words.parse_args().one
    if one:
        print(json.dumps(run(*one)))
        return
    for size in SIZES:
        load = f"{os.getloadavg()[0]:.1f} busy on {os.cpu_count()} cores as it began"
        told = subprocess.run(
            [sys.executable, "-m", "bench.national", "--one", *map(str, size)],
            check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
        got = json.loads(told)
        name = "judged: {} measures x {:,} practices x {} months".format(*size)
        print(Row(name, got["took"], "s", asked=30.0, floor=got["floor"],
                  note=f"{got['cells'] / 1e6:.1f}M cells and {got['summed'] / 1e6:.1f}M of "
                       f"roll-ups, {1e9 * got['took'] / got['cells']:,.0f} ns a cell, "
                       f"{got['judged']:,} judged by {got['models']} models, "
                       f"{got['disk']:.0f} MB written; {load}"))  # fmt: skip
        for part, took in sorted(got["parts"].items(), key=lambda each: -each[1]):
            print(Row(f"  {part}", took, "s", note=f"{took / got['took']:.0%}"))
        print(Row("  peak memory", got["peak"], "MB", asked=1000.0,
                  note=f"{got['before']:.0f} MB as it began"), flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
