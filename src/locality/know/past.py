"""What became of an organisation: names, moves, mergers and closure, each with its date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pyarrow.compute as pc

from locality.figures import Column, Schema, Table
from locality.know.organisations import LEVELS, UNALLOCATED, hierarchy_at

PAST = Schema(
    "past",
    "What happened to an organisation, oldest first",
    (
        Column("on", "date", "when, or the first extract that shows it"),
        Column("what", "text", "opened, moved, became, followed or closed"),
        Column("sentence", "text", "the same in words"),
        Column("code", "text", "the other organisation, where there is one", required=False),
    ),
)

_WORDS = {
    "pcn": "primary care network",
    "place": "place",
    "sub_icb": "sub-ICB location",
    "icb": "integrated care board",
    "region": "region",
}


def past(
    organisation: Mapping[str, Any],
    hierarchy: Table,
    successions: Table,
    names: Mapping[str, str],
    named: Iterable[tuple[date, str]] = (),
) -> Table:
    """Return what happened to ``organisation`` (a row of ORGANISATIONS), oldest first (PAST).

    ``hierarchy`` holds the rows (HIERARCHY) of the practice, or of an organisation's practices;
    it may be empty. ``successions`` (SUCCESSIONS) has those in which it ends or follows;
    ``names`` maps codes to names. ``named`` says what extracts called it, by their date: a CCG
    that became a sub-ICB location keeps its code and has another name.
    """
    code, kind = organisation["code"], organisation["kind"]
    rows: list[dict[str, Any]] = []
    if organisation.get("open_date"):
        rows.append(_row(organisation["open_date"], "opened", "Opened."))
    if kind == "practice":
        spans = [row for row in hierarchy.rows if row["practice_code"] == code]
        for before, after in pairwise(sorted(spans, key=lambda row: row["valid_from"])):
            rows += _moves(before, after, LEVELS, names)
    elif kind in LEVELS:
        above = list(LEVELS)[list(LEVELS).index(kind) + 1 :]
        own = hierarchy.data.filter(pc.equal(hierarchy.data.column(LEVELS[kind]), code))
        for before, after in pairwise(_majorities(Table(hierarchy.schema, own), above)):
            rows += _moves(before, after, above, names)
    rows += _renamings(named)
    rows += _successions(code, successions, names)
    if organisation.get("close_date"):
        rows.append(_row(organisation["close_date"], "closed", "Closed."))
    elif organisation["status"] == "closed" and organisation.get("last_seen"):
        sentence = "Last shown in a file; later files do not have it."
        rows.append(_row(organisation["last_seen"], "closed", sentence))
    rows.sort(key=lambda row: row["on"])
    return Table.of(PAST, rows, title=PAST.title)


def _successions(
    code: str, successions: Table, names: Mapping[str, str]
) -> Iterable[dict[str, Any]]:
    """Return what followed the organisation, and what it follows."""
    for row in successions.rows:
        how, _, evidence = row["how"].partition("; ")
        says = "as the locality says" if evidence == "stated" else "as the files show"
        if row["code"] == code:
            other = row["successor_code"]
            verb = {"renamed": "Goes on as", "divided": "Divided; some of its practices went to",
                    "merged": "Merged into"}.get(how, "Followed by")  # fmt: skip
            yield _row(row["on"], "followed", f"{verb} {_named(other, names)}, {says}.", other)
        elif row["successor_code"] == code:
            other = row["code"]
            verb = {"renamed": "Was", "divided": "Took some of the practices of"}.get(
                how, "Took over from"
            )
            yield _row(row["on"], "became", f"{verb} {_named(other, names)}, {says}.", other)


def _renamings(named: Iterable[tuple[date, str]]) -> Iterable[dict[str, Any]]:
    """Return a row for each change of name, at the first extract that has the new one.

    An extract that spells a name in two ways, or in other letters or spaces, changes nothing.
    """
    by_day: dict[date, dict[str, str]] = {}
    for on, name in sorted(named):
        by_day.setdefault(on, {}).setdefault(_folded(name), name)
    old = ""
    for on, spellings in by_day.items():
        same = spellings.get(_folded(old))
        new = same or next(iter(spellings.values()))
        if old and not same:
            yield _row(on, "became", f"Was called {old}; called {new} since.")
        old = new


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _majorities(own: Table, levels: Iterable[str]) -> list[dict[str, Any]]:
    """Return one row for each day on which something changed: where most practices belonged."""
    found = []
    days: list[Any] = own.data.column("valid_from").unique().to_pylist()
    for day in sorted(days):
        standing = hierarchy_at(own, day).data
        one: dict[str, Any] = {"valid_from": day, "valid_to": None}
        for column in (LEVELS[level] for level in levels):
            counted = standing.group_by(column).aggregate([("practice_code", "count")])
            most: list[Any] = counted.to_pylist()
            one[column] = min(
                most, key=lambda row: (-row["practice_code_count"], row[column] or "")
            )[column]
        found.append(one)
    return found


def _moves(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    levels: Iterable[str],
    names: Mapping[str, str],
) -> list[dict[str, Any]]:
    rows = []
    if before["valid_to"] and after["valid_from"] > before["valid_to"] + timedelta(days=1):
        sentence = "Shown again after it was missing from an extract."
        rows.append(_row(after["valid_from"], "moved", sentence))
    for level in levels:
        old, new = before[LEVELS[level]], after[LEVELS[level]]
        if old == new or {old, new} <= {None, UNALLOCATED}:
            continue
        what = _WORDS[level]
        if new in (None, UNALLOCATED):
            sentence = f"Left the {what} {_named(old, names)}; in none since."
        elif old in (None, UNALLOCATED):
            sentence = f"Joined the {what} {_named(new, names)}."
        else:
            sentence = f"Its {what} changed from {_named(old, names)} to {_named(new, names)}."
        rows.append(_row(after["valid_from"], "moved", sentence, new))
    return rows


def _named(code: str, names: Mapping[str, str]) -> str:
    name = names.get(code)
    return f"{name} ({code})" if name and name != code else str(code)


def _row(on: date, what: str, sentence: str, code: str | None = None) -> dict[str, Any]:
    return {"on": on, "what": what, "sentence": sentence, "code": code}
