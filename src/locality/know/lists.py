"""Registered lists: complete counts, so there is no sampling interval."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

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
    last = pc.max(lists.data.column("as_at"))
    words: dict[str, Any] = {
        "measure": MEASURE,
        "title": TITLE,
        "organisation": organisation["code"],
        "unit": "patients",
        "working": working or Working(),
    }
    if not last.is_valid:
        # A figure needs a date: the last that any file names it, or else the oldest ODS knows.
        period = Period.day(organisation.get("last_seen") or date(1974, 4, 1))
        return Figure(**words, period=period, missing=Missing.NO_RETURN)
    now = lists.data.filter(pc.equal(lists.data.column("as_at"), last))
    period = Period.day(last.as_py())
    given = now.filter(pc.is_valid(now.column("patients")))
    if not given.num_rows:
        return Figure(**words, period=period, missing=_why(now.column("missing").to_pylist()))
    counted = set(given.column("practice_code").to_pylist())
    expected = set(now.column("practice_code").to_pylist() if active is None else active)
    lacking = len(expected - counted)
    notes = [COMPLETE]
    if len(members) > 1:
        whose = "one practice's list" if len(counted) == 1 else f"{len(counted):,} practices' lists"
        notes.insert(0, f"The sum of {whose}.")
    if lacking:
        notes.append(
            f"{lacking:,} of its practices {'has' if lacking == 1 else 'have'} no list on that "
            f"date, and {'is' if lacking == 1 else 'are'} not in it."
        )
    patients = float(pc.sum(given.column("patients")).as_py())
    return Figure(**words, period=period, value=patients, note=" ".join(notes))


def list_trend(lists: Table, organisation: Mapping[str, Any]) -> Table:
    """Return the registered list at every date that a file gives, oldest first (VALUES).

    ``lists`` holds the rows of the organisation's members by date. A date on which none of them
    has a number says why; one that some lack is named in the notes, for it makes a dip.
    """
    data = lists.data
    sums = data.group_by("as_at").aggregate([("patients", "sum")]).to_pylist()
    empty = data.filter(pc.is_null(data.column("patients")))
    reasons: dict[date, list[str | None]] = {}
    for row in _distinct(empty, ("as_at", "missing")):
        reasons.setdefault(row["as_at"], []).append(row["missing"])
    rows = []
    partial = []
    for row in sorted(sums, key=lambda row: row["as_at"]):
        on, patients = row["as_at"], row["patients_sum"]
        rows.append(
            {
                "code": organisation["code"],
                "kind": organisation["kind"],
                "name": organisation["name"],
                "period": Period.day(on).code,
                "value": patients,
                "missing": _why(reasons[on]) if patients is None else None,
            }
        )
        if patients is not None and on in reasons:
            partial.append(Period.day(on).label)
    notes = (f"Not every practice's list is in the sum of {', '.join(partial)}.",)
    return Table.of(VALUES, rows, title=TITLE, caption=COMPLETE, notes=notes if partial else ())


def _distinct(data: pa.Table, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = data.group_by(list(columns)).aggregate([]).to_pylist()
    return rows


#: Which reason is told when the practices of a sum have several: the one that says most.
_TOLD_FIRST = (Missing.WITHHELD, Missing.SUPPRESSED, Missing.NOT_APPLICABLE)


def _why(reasons: Iterable[str | None]) -> Missing:
    """Return one reason for a sum without any number; "no return" where none is given."""
    given = set(reasons)
    return next((reason for reason in _TOLD_FIRST if reason in given), Missing.NO_RETURN)
