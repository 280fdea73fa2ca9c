"""What became of an organisation: names, moves, mergers and closure, each with its date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from locality.figures import Column, Schema, Table
from locality.know.organisations import LEVELS, UNALLOCATED

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
    organisation: Mapping[str, Any], hierarchy: Table, successions: Table, names: Mapping[str, str]
) -> Table:
    """Return what happened to ``organisation`` (a row of ORGANISATIONS), oldest first (PAST).

    ``hierarchy`` holds its own rows (HIERARCHY) where it is a practice, else may be empty;
    ``successions`` (SUCCESSIONS) those in which it ends or follows; ``names`` maps codes to names.
    """
    code = organisation["code"]
    rows: list[dict[str, Any]] = []
    if organisation.get("open_date"):
        rows.append(_row(organisation["open_date"], "opened", "Opened."))
    spans = sorted(
        (r for r in hierarchy.rows if r["practice_code"] == code), key=lambda r: r["valid_from"]
    )
    for before, after in pairwise(spans):
        rows += _moves(before, after, names)
    for row in successions.rows:
        if row["code"] == code:
            other = row["successor_code"]
            says = "as the locality says" if "stated" in row["how"] else "as the files show"
            sentence = f"Followed by {_named(other, names)}, {says}."
            rows.append(_row(row["on"], "followed", sentence, other))
        elif row["successor_code"] == code:
            other = row["code"]
            sentence = f"Took over from {_named(other, names)}."
            rows.append(_row(row["on"], "became", sentence, other))
    if organisation.get("close_date"):
        rows.append(_row(organisation["close_date"], "closed", "Closed."))
    elif organisation["status"] == "closed" and organisation.get("last_seen"):
        sentence = "Last shown in a file; later files do not have it."
        rows.append(_row(organisation["last_seen"], "closed", sentence))
    rows.sort(key=lambda row: row["on"])
    return Table.of(PAST, rows, title=PAST.title)


def _moves(
    before: Mapping[str, Any], after: Mapping[str, Any], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    rows = []
    if before["valid_to"] and after["valid_from"] > before["valid_to"] + timedelta(days=1):
        sentence = "Shown again after it was missing from an extract."
        rows.append(_row(after["valid_from"], "moved", sentence))
    for level, column in LEVELS.items():
        old, new = before[column], after[column]
        if old == new:
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
