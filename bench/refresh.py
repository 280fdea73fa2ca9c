"""The refresh of England: 60 proportions x 7,000 practices x 60 months, and the line to 50M.

Observations of practices are prefilled (that is the readers' work); timed are reading them,
laying them out, summing them over networks, places, boards, regions and England, writing the
new version, and on reading it back every value and every Wilson interval.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.floor import Row, disk_bandwidth, memory_bandwidth, peak_megabytes

SIZES = ((24, 700, 60), (60, 7000, 24), (60, 7000, 60), (119, 7000, 60))


def prefill(folder: Path, practices: int, months: int) -> list[str]:
    """Write one measure's practice rows, used for every measure; return the practice codes."""
    pick = np.random.default_rng(2026)
    codes = [f"Z{n:05d}" for n in range(practices)]
    names = [f"{2021 + m // 12}-M{m % 12 + 1:02d}" for m in range(months)]
    lists = np.maximum(800, pick.lognormal(9, 0.5, practices)).round()[:, None]
    rate = 1 / (1 + np.exp(-pick.normal(-1.7, 0.25, practices)))[:, None]
    denominator = np.repeat(lists, months, axis=1)
    numerator = pick.binomial(denominator.astype(int), np.repeat(rate, months, axis=1))
    pq.write_table(
        pa.table({
            "practice_code": pa.DictionaryArray.from_arrays(
                np.repeat(np.arange(practices, dtype=np.int32), months), codes),
            "period": pa.DictionaryArray.from_arrays(
                np.tile(np.arange(months, dtype=np.int16), practices), names),
            "numerator": numerator.ravel().astype(float),
            "denominator": denominator.ravel().astype(float),
            "excepted": pa.nulls(practices * months, pa.float64()),
            "flags": np.zeros(practices * months, np.uint8),
        }),
        folder / "rows.parquet", compression="lz4",
    )  # fmt: skip
    return codes


def run(measures: int, practices: int, months: int) -> dict[str, float]:
    """Build and read back one version in this process; return seconds and megabytes."""
    from locality.figures import Table
    from locality.figures.schemas import MEMBERS
    from locality.statistics import wilson
    from locality.store import Draft, Lake
    from locality.store.schemas import LIFETIMES

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
        before = peak_megabytes()
        start = time.perf_counter()

        def write(draft: Draft) -> None:
            draft.write_result(Table.of(MEMBERS, members))
            draft.write_result(Table.of(LIFETIMES, lifetimes))
            for number in range(measures):
                rows = pq.read_table(
                    folder / "rows.parquet", read_dictionary=["practice_code", "period"]
                )
                draft.write_observations(f"m{number:03d}", rows)

        lake = Lake(folder / "home")
        version = lake.build(write, made_at=datetime.now(UTC))
        built = time.perf_counter()
        cells = 0
        for number in range(measures):
            matrix = version.matrix(f"m{number:03d}")
            with np.errstate(invalid="ignore", divide="ignore"):
                values = 100 * matrix.numerator / matrix.denominator
            interval = wilson(matrix.numerator, matrix.denominator)
            cells += int(np.isfinite(values).sum())
            assert np.all(interval.lower <= interval.upper)
        read = time.perf_counter()
        size = sum(f.stat().st_size for f in version.folder.rglob("*") if f.is_file())
        # What any program must move: rows read, matrices and tables written, read again.
        moved = cells * (25 * 2 + 8 * 6)
        floor = moved / memory_bandwidth() + size / disk_bandwidth(folder)
        return {
            "build": built - start,
            "read": read - built,
            "cells": cells,
            "peak": peak_megabytes(),
            "before": before,
            "disk": size / 1e6,
            "floor": floor,
        }


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
            [sys.executable, "-m", "bench.refresh", "--one", *map(str, size)],
            check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
        got = json.loads(told)
        took = got["build"] + got["read"]
        asked = (15.0, 700.0) if size == (60, 7000, 60) else (None, None)
        name = "refresh {} measures x {:,} practices x {} months".format(*size)
        print(Row(name, took, "s", asked=asked[0], floor=got["floor"],
                  note=f"{got['cells'] / 1e6:.1f}M cells with roll-ups, "
                       f"{1e9 * took / got['cells']:.0f} ns a cell, "
                       f"build {got['build']:.1f} s, values and intervals {got['read']:.1f} s, "
                       f"{got['disk']:.0f} MB written"))  # fmt: skip
        print(Row("  peak memory", got["peak"], "MB", asked=asked[1]), flush=True)


if __name__ == "__main__":
    main()
