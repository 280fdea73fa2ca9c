"""Which census, and which practices, the tables of staff are made of."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from locality import know
from locality.figures import NotFound, Period, Table
from locality.workbench import loading

if TYPE_CHECKING:
    from locality.store import Version


def staff(version: Version, code: str, as_at: date | None = None) -> Table:
    """Return staff by role of ``code`` beside its board and England (know.STAFF).

    The census is the latest that most of England's practices are in, unless ``as_at`` names
    another; NotFound with the days there are where it is none of them.
    """
    days = censuses(version)
    if as_at is not None and as_at not in days:
        held = ", ".join(day.isoformat() for day in sorted(days)) or "none"
        raise NotFound(f"No workforce file of {as_at.isoformat()} is loaded; there are {held}.")
    day = as_at or whole_census(days)
    wanted = {} if day is None else {"as_at": day}
    own = loading.practices(version, code)
    boards = loading.boards(version).get(str(loading.organisation(version, code)["code"]), ())
    board = loading.practices(version, next(iter(boards))) if len(boards) == 1 else ()
    return know.staff(
        loading.select(version, "practice_staff", **wanted),
        loading.select(version, "workforce_patients", **wanted),
        loading.select(version, "weighted_populations", period=_need_year(version, day)),
        own,
        board,
    )


def staff_trend(version: Version, code: str) -> Table:
    """Return the staff groups of ``code`` at every census (know.STAFF_TREND)."""
    own = loading.practices(version, code)
    return know.staff_trend(
        loading.select(version, "practice_staff", practice_code=own),
        loading.select(version, "workforce_patients", practice_code=own),
        own,
    )


def network_staff(version: Version, code: str) -> Table:
    """Return the staff that a network employs or contracts (know.STAFF_OF_NETWORK)."""
    found = loading.organisation(version, code)
    rows = loading.select(version, "network_staff", pcn_code=str(found["code"]))
    return know.network_staff(rows, str(found["name"]))


@lru_cache(maxsize=8)
def censuses(version: Version) -> dict[date, int]:
    """Return how many practices are in each workforce file, by its day."""
    answer = version.run(
        "SELECT as_at, count(DISTINCT practice_code) AS practices "
        "FROM workforce_patients GROUP BY as_at"
    )
    found: list[Any] = answer.to_pylist()
    return {row["as_at"]: row["practices"] for row in found}


def whole_census(days: dict[date, int]) -> date | None:
    """Return the latest day with at least half as many practices as the fullest, or None.

    A file of a few practices would make an England of a few practices.
    """
    fullest = max(days.values(), default=0)
    return max((day for day, practices in days.items() if 2 * practices >= fullest), default=None)


@lru_cache(maxsize=32)
def _need_year(version: Version, day: date | None) -> str:
    """Return the year of weighted populations that holds ``day``, or the nearest before it."""
    found: list[Any] = (
        version.run("SELECT DISTINCT period FROM weighted_populations").column("period").to_pylist()
    )
    years = sorted(map(Period.parse, found))
    before = [year for year in years if day is not None and year.start <= day]
    chosen = before[-1] if before else years[0] if years else None
    return chosen.code if chosen else ""
