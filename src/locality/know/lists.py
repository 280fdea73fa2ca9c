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
    active: Collection[str] | None = None,
) -> Figure:
    """Return the latest registered list of ``organisation`` (a row of ORGANISATIONS), in patients.

    ``lists`` holds the rows of its ``members`` (practice codes) by date. ``active`` are those of
    whom a list is expected now (by default those with a row on that date): a sum that lacks one
    of them says so in its note. With no rows at all the figure is "no return".
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
    counted = {row["practice_code"]: row["patients"] for row in now if row["patients"] is not None}
    period = Period.day(last)
    if not counted:
        reasons = [row["missing"] for row in now if row["missing"]]
        return Figure(**words, period=period, missing=Missing(min(reasons, default="no return")))
    expected = {row["practice_code"] for row in now} if active is None else set(active)
    lacking = len(expected - set(counted))
    notes = [COMPLETE]
    if len(members) > 1:
        notes.insert(0, f"The sum of {len(counted):,} practices' lists.")
    if lacking:
        notes.append(
            f"{lacking:,} of its practices {'has' if lacking == 1 else 'have'} no list on that "
            "date, and are not in it."
        )
    return Figure(**words, period=period, value=float(sum(counted.values())), note=" ".join(notes))


def list_trend(lists: Table, organisation: Mapping[str, Any]) -> Table:
    """Return the registered list at every date that a file gives, oldest first (VALUES).

    ``lists`` holds the rows of the organisation's members by date. A date on which none of them
    has a number says why; one that some lack is named in the notes, for it makes a dip.
    """
    sums: dict[date, float] = {}
    reasons: dict[date, set[str]] = defaultdict(set)
    for row in lists.rows:
        if row["patients"] is not None:
            sums[row["as_at"]] = sums.get(row["as_at"], 0.0) + row["patients"]
        else:
            reasons[row["as_at"]].add(row["missing"] or Missing.NO_RETURN)
    rows = [
        {
            "code": organisation["code"],
            "kind": organisation["kind"],
            "name": organisation["name"],
            "period": Period.day(on).code,
            "value": sums.get(on),
            "missing": None if on in sums else min(reasons[on]),
        }
        for on in sorted({*sums, *reasons})
    ]
    partial = [Period.day(on).label for on in sorted(reasons) if on in sums]
    notes = (f"Not every practice's list is in the sum of {', '.join(partial)}.",)
    return Table.of(VALUES, rows, title=TITLE, caption=COMPLETE, notes=notes if partial else ())
