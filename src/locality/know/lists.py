"""Registered lists: complete counts, so there is no sampling interval."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from locality.figures import Figure, Missing, Period, Table, Working
from locality.figures.schemas import VALUES

MEASURE = "list.registered"
TITLE = "Registered patients"
COMPLETE = "A complete count: there is no sampling interval."


def list_size(
    lists: Table,
    organisation: Mapping[str, Any],
    members: Collection[str],
    working: Working | None = None,
) -> Figure:
    """Return the latest registered list of ``organisation`` (a row of ORGANISATIONS), in patients.

    ``lists`` holds the rows of its ``members`` (practice codes) by date. A sum of which a member
    is missing says so in its note; with no rows at all the figure is "no return".
    """
    dates = [row["as_at"] for row in lists.rows]
    words: dict[str, Any] = {
        "measure": MEASURE,
        "title": TITLE,
        "organisation": organisation["code"],
        "unit": "patients",
        "working": working or Working(),
    }
    if not dates:
        period = Period.day(organisation.get("last_seen") or date(1974, 4, 1))
        return Figure(**words, period=period, missing=Missing.NO_RETURN)
    last = max(dates)
    now = [row for row in lists.rows if row["as_at"] == last]
    counted = [row["patients"] for row in now if row["patients"] is not None]
    period = Period.day(last)
    if not counted:
        return Figure(**words, period=period, missing=Missing.SUPPRESSED)
    note = COMPLETE
    if len(members) > 1:
        note = f"The sum of {len(counted)} practices' lists. {COMPLETE}"
    return Figure(**words, period=period, value=float(sum(counted)), note=note)


def list_trend(lists: Table, organisation: Mapping[str, Any]) -> Table:
    """Return the registered list at every date that a file gives, oldest first (VALUES).

    ``lists`` holds the rows of the organisation's members by date.
    """
    sums: dict[date, float] = defaultdict(float)
    for row in lists.rows:
        if row["patients"] is not None:
            sums[row["as_at"]] += row["patients"]
    rows = [
        {
            "code": organisation["code"],
            "kind": organisation["kind"],
            "name": organisation["name"],
            "period": Period.day(on).code,
            "value": sums[on],
        }
        for on in sorted(sums)
    ]
    return Table.of(VALUES, rows, title=TITLE, caption=COMPLETE)
