"""A pack for every practice of a board of 150: made-up files ingested, refreshed, then written.

What is timed is ``locality report ICB --every-practice`` alone: reading, judging, drawing, Word
and Excel, two processes with their start.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import date
from pathlib import Path

from bench.floor import Row
from locality.refresh import refresh
from locality.reporting import report
from locality.sources.synthetic import write
from locality.store import Lake
from locality.workbench import open_workbench

PRACTICES, WANTED, ASKED = 190, 150, 60.0


def made(home: Path, practices: int) -> None:
    """Make a lake of a made-up locality in ``home``."""
    write(home / "files", practices=practices, years=5, seed=2026)
    Lake(home).ingest([home / "files"])
    refresh(home)


def main() -> None:
    """Print how long a board's packs take, and what one weighs."""
    words = argparse.ArgumentParser()
    words.add_argument("--home", type=Path, help="a home with a made-up locality, to save time")
    words.add_argument("--workers", type=int, default=2)
    asked = words.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home = asked.home or Path(name) / "home"
        if not (home / "lake").exists():
            made(home, PRACTICES)
        bench = open_workbench(home)
        boards = bench.know.organisations("icb").rows
        sizes = {row["code"]: len(bench.know.members(row["code"])) for row in boards}
        board = max(sizes, key=lambda code: sizes[code])
        start = time.perf_counter()
        written = report(
            home, board, Path(name) / "packs", made_on=date(2026, 11, 23), every_practice=True,
            workers=asked.workers,
        )  # fmt: skip
        took = time.perf_counter() - start
        packs = len(written) // 2
        weight = sum(Path(row["file"]).stat().st_size for row in written.rows) / packs / 1e3
        print(Row(f"{packs} packs of a board, Word and Excel, {asked.workers} processes", took, "s",
                  note=f"{1e3 * took / packs:.0f} ms a pack, {weight:.0f} kB"))  # fmt: skip
        print(Row(f"the same for {WANTED}", took * WANTED / packs, "s", asked=ASKED))


if __name__ == "__main__":
    main()
