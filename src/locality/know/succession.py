"""Which organisation follows one that ended: as files show, or as a locality says."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from locality.figures import Table
from locality.figures.schemas import SUCCESSIONS
from locality.know.organisations import LEVELS, UNALLOCATED

#: An organisation that ended is followed by the one that takes at least this percentage of its
#: practices; where none does, it was divided among those that take at least the second. Whole
#: numbers, so that four of five is four in five.
_MOST, _SOME = 80, 10


def successions(hierarchy: Table, stated: Table) -> Table:
    """Return what follows every organisation that ended (SUCCESSIONS).

    Networks, sub-ICB locations, boards and regions that a practice map no longer shows: where
    four in five or more of the practices that go on with it to the next map go to one other, it
    "merged" into that one, or was "renamed" if that one is new and has no others' practices;
    else it was "divided" among those that take one in ten or more ("found in files"). A practice
    that goes to no organisation (``U``) says nothing. Practices: as ``stated``
    (PRACTICE_SUCCESSORS) by the locality, since no national file read here says so.
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
    first: dict[str, date] = {}
    last: dict[str, date] = {}
    moves: dict[tuple[str, date], Counter[str]] = defaultdict(Counter)
    origins: dict[tuple[str, date], set[str]] = defaultdict(set)
    for spans in own.values():
        for span in spans:
            if code := _named(span[column]):
                first[code] = min(first.get(code, date.max), span["valid_from"])
                last[code] = max(last.get(code, date.min), span["valid_to"] or date.max)
        for span, after in pairwise(spans):
            code, to, on = _named(span[column]), _named(after[column]), after["valid_from"]
            if to and code != to:
                origins[to, on].add(code)
            if code and to and code != to:
                moves[code, on][to] += 1
    found = []
    for code, ended in sorted(last.items()):
        if ended == date.max:
            continue
        # Only the practices that left on the organisation's last day speak for what follows it.
        on = ended + _DAY
        leaving = moves[code, on]
        whole = leaving.total()
        some = {to: number for to, number in leaving.most_common() if 100 * number >= _SOME * whole}
        one = next((to for to, number in some.items() if 100 * number >= _MOST * whole), None)
        for to in some if one is None else (one,):
            new = first[to] == on and origins[to, on] == {code}
            how = "divided" if one is None else "renamed" if new else "merged"
            found.append(
                {"code": code, "successor_code": to, "on": on, "how": f"{how}; found in files"}
            )
    return found


def _named(code: str | None) -> str:
    """Return a code that names an organisation, or an empty text."""
    return "" if code in (None, UNALLOCATED) else str(code)


_DAY = timedelta(days=1)
