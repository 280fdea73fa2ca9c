"""What became of a group's practices: who closed, and into whom they merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from locality.figures import Column, Schema, Table

ENDED = Schema(
    "ended",
    "Practices of a group that have ended, and who follows them",
    (
        Column("practice_code", "text", "ODS code of the practice that ended"),
        Column("name", "text", "its name", required=False),
        Column("on", "date", "when, where a file tells", required=False),
        Column("successor_code", "text", "the practice that follows it", required=False),
        Column("successor_name", "text", "its name", required=False),
        Column("inside", "flag", "whether that practice is in the group too"),
        Column("sentence", "text", "the same in words"),
    ),
    ("practice_code", "successor_code"),
)


def ended_members(
    members: Iterable[str], organisations: Mapping[str, Mapping[str, Any]], successions: Table
) -> Table:
    """Return the practices among ``members`` that have ended (ENDED), by code.

    ``organisations`` are rows of ORGANISATIONS by code; ``successions`` (SUCCESSIONS) says who
    follows whom. A group sums the past of a practice that ended; the patients it handed on are
    counted from then on only if its successor is in the group.
    """
    own = set(members)
    followed: dict[str, list[dict[str, Any]]] = {}
    for row in successions.rows:
        followed.setdefault(row["code"], []).append(row)
    rows = []
    for code in sorted(own):
        known = organisations.get(code, {})
        if known.get("status") != "closed" and code not in followed:
            continue
        after: dict[str, Any] | None
        for after in followed.get(code) or [None]:  # type: ignore[list-item]
            rows.append(_row(code, known, after, own, organisations))
    return Table.of(ENDED, rows, title=ENDED.title)


def _row(
    code: str, known: Mapping[str, Any], after: dict[str, Any] | None, own: set[str], every: Any
) -> dict[str, Any]:
    name = known.get("name") or code
    successor = after["successor_code"] if after else None
    called = (every.get(successor, {}).get("name") or successor) if successor else None
    on = after["on"] if after else known.get("close_date")
    when = f" on {on.day} {on:%B %Y}" if on else ""
    if successor is None:
        said = f"{name} closed{when}; no file says who follows it."
    elif successor in own:
        said = f"{name} was followed by {called}{when}, which is in the group: the sums go on."
    else:
        said = (
            f"{name} was followed by {called}{when}, which is not in the group: from then on its "
            "patients are not in the group's sums."
        )
    return {
        "practice_code": code,
        "name": known.get("name"),
        "on": on,
        "successor_code": successor,
        "successor_name": called,
        "inside": successor in own,
        "sentence": said,
    }
