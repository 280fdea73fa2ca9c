"""Which organisation follows one that ended: as files show, or as a locality says."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any

from locality.figures import Table
from locality.figures.schemas import SUCCESSIONS
from locality.know.organisations import LEVELS, UNALLOCATED

#: A vanished organisation is followed by the one that takes at least this share of its practices.
_SHARE = 0.8


def successions(hierarchy: Table, stated: Table) -> Table:
    """Return what follows every organisation that ended (SUCCESSIONS).

    Networks, sub-ICB locations, boards and regions: one whose practices all leave it between two
    practice maps, four in five or more of those that go on to the same other one, is followed by
    that one ("found in files"). Practices: as ``stated`` (PRACTICE_SUCCESSORS) by the locality,
    since no national file read here says so.
    """
    rows: list[dict[str, Any]] = [
        {
            "code": row["practice_code"],
            "successor_code": row["successor_code"],
            "on": row["on"],
            "how": f"{row['how']}; stated",
        }
        for row in stated.rows
    ]
    own: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in hierarchy.rows:
        own[row["practice_code"]].append(row)
    for spans in own.values():
        spans.sort(key=lambda row: row["valid_from"])
    for column in (one for level, one in LEVELS.items() if level != "place"):
        rows += _found(own, column)
    return Table.of(SUCCESSIONS, rows, title=SUCCESSIONS.title)


def _found(own: dict[str, list[dict[str, Any]]], column: str) -> list[dict[str, Any]]:
    last: dict[str, date] = {}
    moves: dict[str, Counter[tuple[str, date]]] = defaultdict(Counter)
    for spans in own.values():
        for place, span in enumerate(spans):
            code = span[column]
            if not code or code == UNALLOCATED:
                continue
            last[code] = max(last.get(code, date.min), span["valid_to"] or date.max)
            after = spans[place + 1] if place + 1 < len(spans) else None
            if after is not None and after[column] not in (code, None, UNALLOCATED):
                moves[code][after[column], after["valid_from"]] += 1
    found = []
    for code, ended in last.items():
        if ended == date.max:
            continue
        # Only the practices that left on the organisation's last day speak for what follows it.
        leaving = Counter(
            {to: number for (to, on), number in moves[code].items() if on == ended + _DAY}
        )
        if not leaving:
            continue
        (successor, number), *_ = leaving.most_common(1)
        if number >= _SHARE * sum(leaving.values()):
            found.append(
                {
                    "code": code,
                    "successor_code": successor,
                    "on": ended + _DAY,
                    "how": "merged or renamed; found in files",
                }
            )
    return found


_DAY = timedelta(days=1)
