"""Reading the published files, and settling which small counts are hidden.

The files are those under LOCALITY_PUBLISHED_FILES (by default ../shared/data beside the project).
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np

from bench.floor import Row, peak_megabytes, timed
from locality.sources import documents, read
from locality.sources.reading import NotRecognised, Unopened
from locality.statistics import suppress

PUBLISHED = Path(
    os.environ.get(
        "LOCALITY_PUBLISHED_FILES", Path(__file__).resolve().parents[2] / "shared" / "data"
    )
)


def main() -> None:
    """Print what each publication took to read, and what the release gate takes."""
    gate()
    if not PUBLISHED.is_dir():
        print("No published files here: set LOCALITY_PUBLISHED_FILES to their folder.")
        return
    took: dict[str, float] = {}
    size: dict[str, int] = {}
    opened = time.perf_counter()
    for found in documents(PUBLISHED):
        if isinstance(found, Unopened):
            continue
        start = time.perf_counter()
        try:
            name = read(found)[0].publication
        except NotRecognised:
            name = "not recognised"
        took[name] = took.get(name, 0.0) + time.perf_counter() - start
        size[name] = size.get(name, 0) + len(found.content)
    for name in sorted(took):
        row = Row(f"read {name}", took[name], "s", note=f"{size[name] / 1e6:.0f} MB of content")
        print(row)
    print(Row("the whole folder, opened and read", time.perf_counter() - opened, "s"))
    print(Row("  peak memory", peak_megabytes(), "MB"))


def gate() -> None:
    """Print what settling one measure and date takes, for a board and for England."""
    draw = np.random.default_rng(5)
    for practices, sizes in ((200, (5, 40, 66, 200)), (7000, (5, 35, 66, 190, 1000, 7000))):
        levels = [np.arange(practices) // size for size in sizes]
        groups = np.array([level == one for level in levels for one in np.unique(level)])
        counts = draw.poisson(12, (3, practices)).astype(float)
        seconds = timed(lambda c=counts, g=groups: suppress(c, g), repeats=3)
        print(Row(f"release gate, {practices:,} practices, {len(groups):,} sums", seconds, "s"))


if __name__ == "__main__":
    main()
