"""Which indicators of Fingertips are scores of deprivation (``fingertips/deprivation.csv``)."""

from __future__ import annotations

from functools import lru_cache

from locality.knowledge.files import PACKAGE, Shelf, rows
from locality.knowledge.problems import problem

_FILE = PACKAGE / "fingertips" / "deprivation.csv"


@lru_cache(maxsize=1)
def deprivation_indicators() -> tuple[int, ...]:
    """Return the numbers of the indicators, in order; KnowledgeError where one is no number."""
    place = Shelf(PACKAGE, local=False).place(_FILE)
    found = []
    for number, row in enumerate(rows(_FILE, place), start=2):
        if not row["indicator_id"].isdigit():
            raise problem(place, f"row {number}", f"{row['indicator_id']!r} is no indicator.")
        found.append(int(row["indicator_id"]))
    return tuple(sorted(found))
