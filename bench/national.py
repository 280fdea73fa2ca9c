"""England judged: 60 measures x 7,000 practices x 60 months, everything said, written and read.

Timed for each measure: laying practice rows out, summing them over networks, areas, boards,
regions and England, writing; models, reliability, likely true values, probabilities, funnels,
calls, adjusted values, control charts with their rules, CUSUMs; writing what was judged; then
reading all of it back with values and intervals. Half the measures are shares, half rates.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from bench.floor import Row, disk_bandwidth, memory_bandwidth, peak_megabytes
from bench.refresh import prefill

SIZES = ((60, 7000, 60),)


def definition(number: int):
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


def run(measures: int, practices: int, months: int) -> dict[str, float]:
    """Build and read back one version in this process; return seconds by part and megabytes."""
    from locality.figures import Table
    from locality.figures.schemas import MEMBERS
    from locality.measure import Terms, judged
    from locality.statistics import wilson
    from locality.store import Draft, Lake, as_matrix
    from locality.store.schemas import LIFETIMES

    took: dict[str, float] = defaultdict(float)

    def timed(part: str, work):
        start = time.perf_counter()
        found = work()
        took[part] += time.perf_counter() - start
        return found

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
        start = time.perf_counter()

        def write(draft: Draft) -> None:
            draft.write_result(Table.of(MEMBERS, members))
            draft.write_result(Table.of(LIFETIMES, lifetimes))
            for one in definitions:
                rows = timed("read", lambda: pq.read_table(
                    folder / "rows.parquet", read_dictionary=["practice_code", "period"]
                ))  # fmt: skip
                written = timed("count", lambda r=rows, m=one: draft.write_observations(m.id, r))
                found = timed("judge", lambda w=written, m=one: judged(
                    m, as_matrix(w.observed), compared, Terms(), facts))  # fmt: skip
                draft.keep_judged(*found)

        lake = Lake(folder / "home")
        version = lake.build(write, made_at=datetime.now(UTC))
        built = time.perf_counter()
        cells = 0
        for one in definitions:
            matrix = version.matrix(one.id)
            with np.errstate(invalid="ignore", divide="ignore"):
                values = 100 * matrix.numerator / matrix.denominator
            interval = wilson(matrix.numerator, matrix.denominator)
            cells += int(np.isfinite(values).sum())
            assert np.all(interval.lower <= interval.upper)
        judgements = len(version.table("judged")) + len(version.table("models"))
        read = time.perf_counter()
        size = sum(f.stat().st_size for f in version.folder.rglob("*") if f.is_file())
        moved = cells * (25 * 2 + 8 * 6)
        return {
            **took, "write": built - start - sum(took.values()), "back": read - built,
            "all": read - start, "cells": cells, "judgements": judgements,
            "peak": peak_megabytes(), "disk": size / 1e6,
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
        told = subprocess.run(
            [sys.executable, "-m", "bench.national", "--one", *map(str, size)],
            check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
        got = json.loads(told)
        name = "judged: {} measures x {:,} practices x {} months".format(*size)
        parts = ", ".join(f"{part} {got[part]:.1f}" for part in
                          ("read", "count", "judge", "write", "back"))  # fmt: skip
        print(Row(name, got["all"], "s", asked=30.0, floor=got["floor"],
                  note=f"{got['cells'] / 1e6:.1f}M cells, {got['judgements']:,.0f} judgements, "
                       f"{got['disk']:.0f} MB written; {parts} s"))  # fmt: skip
        print(Row("  peak memory", got["peak"], "MB", asked=1000.0), flush=True)


if __name__ == "__main__":
    main()
