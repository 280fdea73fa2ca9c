"""All of the published files: opened and read, kept in a lake, and refreshed into figures.

Asked: at most 240 s and 2 GB on two cores. Reading files and computing figures are timed apart,
each in a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from bench.floor import Row, peak_megabytes, timed
from bench.reading import PUBLISHED

_MOST_SECONDS, _MOST_MEGABYTES = 240.0, 2000.0


def main() -> None:
    """Print what ingesting and refreshing everything published takes."""
    if not PUBLISHED.is_dir():
        print("No published files here: set LOCALITY_PUBLISHED_FILES to their folder.")
        return
    if len(sys.argv) > 2:
        step(sys.argv[1], Path(sys.argv[2]))
        return
    files = [path for path in PUBLISHED.rglob("*") if path.is_file()]
    print(Row("published files", len(files), "files"))
    print(Row("  as they came", sum(path.stat().st_size for path in files) / 1e6, "MB"))
    floor = timed(lambda: [path.read_bytes() for path in files], repeats=3)
    print(Row("floor: reading their bytes", floor, "s"))
    with tempfile.TemporaryDirectory(prefix="locality-bench-") as home:
        for name in ("ingest", "refresh", "refresh"):
            command = [sys.executable, "-m", "bench.whole", name, home]
            subprocess.run(command, check=True)
    print(f"Asked: ingest and refresh together {_MOST_SECONDS:.0f} s, {_MOST_MEGABYTES:.0f} MB.")


def step(name: str, home: Path) -> None:
    """Print what one step takes: ``ingest`` or ``refresh``."""
    from locality.refresh import refresh
    from locality.store import Lake

    if name == "ingest":
        seconds = timed(lambda: Lake(home).ingest([PUBLISHED]), repeats=1)
        kept = sum(path.stat().st_size for path in home.rglob("*") if path.is_file()) / 1e6
        print(Row("ingest: open, check, read, keep", seconds, "s", note=f"{kept:.0f} MB kept"))
    else:
        seconds = timed(lambda: refresh(home), repeats=1)
        print(Row("refresh: unite, count, sum", seconds, "s"))
    print(Row("  peak memory", peak_megabytes(), "MB"))


if __name__ == "__main__":
    main()
