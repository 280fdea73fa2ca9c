"""Small hierarchies, organisations and populations made up for these tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from locality.figures import Table
from locality.figures.schemas import (
    HIERARCHY,
    ORGANISATIONS,
    PRACTICE_SUCCESSORS,
    SUCCESSIONS,
    WEIGHTED_POPULATIONS,
)

EARLY, LATE = date(2025, 1, 1), date(2026, 7, 1)
LAST_DAY = date(2026, 6, 30)


def span(
    practice: str,
    pcn: str | None = "N1",
    sub_icb: str | None = "S1",
    icb: str | None = "I1",
    region: str | None = "R1",
    place: str | None = None,
    start: date = EARLY,
    end: date | None = None,
) -> dict[str, Any]:
    """Return one row of HIERARCHY."""
    return {
        "practice_code": practice, "valid_from": start, "valid_to": end, "pcn_code": pcn,
        "place_code": place, "sub_icb_code": sub_icb, "icb_code": icb, "region_code": region,
    }  # fmt: skip


def hierarchy(*rows: dict[str, Any]) -> Table:
    """Return rows as HIERARCHY."""
    return Table.of(HIERARCHY, list(rows))


def moved(practice: str, before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the two rows of a practice that the map of LATE shows elsewhere."""
    return [span(practice, **before, end=LAST_DAY), span(practice, **after, start=LATE)]


def organisation(code: str, kind: str = "practice", **changes: Any) -> dict[str, Any]:
    """Return one row of ORGANISATIONS."""
    return {
        "code": code, "kind": kind, "name": f"The {code}", "first_seen": EARLY,
        "last_seen": LATE, "open_date": None, "close_date": None, "status": "active",
        "patients": 9000, "patients_as_at": LATE,
    } | changes  # fmt: skip


def organisations(*rows: dict[str, Any]) -> Table:
    """Return rows as ORGANISATIONS."""
    return Table.of(ORGANISATIONS, list(rows))


def successors(*rows: tuple[str, str, date, str]) -> Table:
    """Return rows as SUCCESSIONS."""
    return Table.of(SUCCESSIONS, [dict(zip(SUCCESSIONS.names, row, strict=True)) for row in rows])


def stated(*rows: tuple[str, str, date, str]) -> Table:
    """Return rows as PRACTICE_SUCCESSORS."""
    names = PRACTICE_SUCCESSORS.names
    return Table.of(PRACTICE_SUCCESSORS, [dict(zip(names, row, strict=True)) for row in rows])


def weighted(of: dict[str, dict[str, float | None]], period: str = "2025-26") -> Table:
    """Return WEIGHTED_POPULATIONS from practice -> component -> population."""
    return Table.of(
        WEIGHTED_POPULATIONS,
        [
            {"period": period, "practice_code": practice, "component": component,
             "population": people, "icb_code": None,
             "missing": "no return" if people is None else None}
            for practice, parts in of.items()
            for component, people in parts.items()
        ],
    )  # fmt: skip
