"""Who belongs to whom, at any date. Code U ("unallocated") is never an organisation."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from locality.figures import Column, Schema, Table

#: The levels of the hierarchy, smallest first, and the column that names each.
LEVELS = {
    "pcn": "pcn_code",
    "place": "place_code",
    "sub_icb": "sub_icb_code",
    "icb": "icb_code",
    "region": "region_code",
}
UNALLOCATED = "U"

BELONGS = Schema(
    "belongs_to",
    "What an organisation belongs to",
    (
        Column("kind", "text", "pcn, place, sub_icb, icb or region"),
        Column("code", "text", "its code"),
        Column("name", "text", "its name"),
        Column("practices", "whole", "how many of the organisation's practices belong to it"),
        Column("valid_from", "date", "since when, as far as files tell", required=False),
        Column("valid_to", "date", "until when; empty while it stands", required=False),
    ),
    ("kind", "code"),
)

CROSSING = Schema(
    "crossing_networks",
    "Primary care networks with practices in more than one integrated care board",
    (
        Column("pcn_code", "text", "the network"),
        Column("pcn_name", "text", "its name"),
        Column("icb_code", "text", "one of its boards"),
        Column("icb_name", "text", "its name"),
        Column("practices", "whole", "its practices there"),
    ),
    ("pcn_code", "icb_code"),
)


def hierarchy_at(hierarchy: Table, on: date) -> Table:
    """Return the rows of ``hierarchy`` (HIERARCHY) that stood on the day ``on``.

    A practice that has closed by then has none; one that no file showed yet has none either.
    """
    data = hierarchy.data
    day = pa.scalar(on, pa.date32())
    begun = pc.less_equal(data.column("valid_from"), day)
    going = pc.or_kleene(
        pc.is_null(data.column("valid_to")), pc.greater_equal(data.column("valid_to"), day)
    )
    return Table(hierarchy.schema, data.filter(pc.and_(begun, going)), hierarchy.title)


def belongs_to(
    hierarchy: Table,
    names: Mapping[str, str],
    kind: str,
    on: date | None = None,
    code: str | None = None,
) -> Table:
    """Return what the practices in ``hierarchy`` belong to, level by level (BELONGS).

    ``hierarchy`` holds the rows (HIERARCHY) of one practice, or of the members of one
    organisation of the given ``kind``; only levels above it are returned. ``on`` is a day; None
    asks for each practice's last known place, so that a closed one keeps its past.
    ``names`` maps codes to names. With the organisation's ``code``, practices count only while
    they belonged to it: a network's members of today were not always its own.
    """
    if code is not None and kind in LEVELS:
        inside: Any = pc.equal(hierarchy.data.column(LEVELS[kind]), pa.scalar(code))
        hierarchy = Table(hierarchy.schema, hierarchy.data.filter(inside))
    own: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in sorted(hierarchy.rows, key=lambda r: r["valid_from"]):
        own[row["practice_code"]].append(row)
    last_known = [spans[-1] for spans in own.values()]
    rows = last_known if on is None else hierarchy_at(hierarchy, on).rows
    wanted = [level for level in LEVELS if kind == "practice" or _above(level, kind)]
    told = []
    for level in wanted:
        column = LEVELS[level]
        counts: Counter[str] = Counter()
        since: dict[str, date] = {}
        until: dict[str, date | None] = {}
        for row in rows:
            parent = row[column]
            if not isinstance(parent, str) or parent == UNALLOCATED:
                continue
            counts[parent] += 1
            first, end = _span(own[row["practice_code"]], row, column)
            since[parent] = min(first, since.get(parent, first))
            if parent not in until or end is None or (until[parent] or date.max) < end:
                until[parent] = end
        told += [
            {
                "kind": level,
                "code": parent,
                "name": names.get(parent, parent),
                "practices": number,
                "valid_from": since[parent],
                "valid_to": until[parent],
            }
            for parent, number in counts.most_common()
        ]
    return Table.of(BELONGS, told, title=BELONGS.title)


def crossing_networks(hierarchy: Table, names: Mapping[str, str]) -> Table:
    """Return the networks whose practices lie in two or more boards (CROSSING).

    ``hierarchy`` holds the rows (HIERARCHY) of one day, as :func:`hierarchy_at` returns them.
    """
    boards: dict[str, Counter[str]] = defaultdict(Counter)
    for row in hierarchy.rows:
        network, board = row["pcn_code"], row["icb_code"]
        if network and network != UNALLOCATED and board:
            boards[network][board] += 1
    rows = [
        {
            "pcn_code": network,
            "pcn_name": names.get(network, network),
            "icb_code": board,
            "icb_name": names.get(board, board),
            "practices": number,
        }
        for network, counts in sorted(boards.items())
        if len(counts) > 1
        for board, number in counts.most_common()
    ]
    return Table.of(CROSSING, rows, title=CROSSING.title)


def _above(level: str, kind: str) -> bool:
    """Return whether ``level`` stands above ``kind``; groups stand below every level."""
    order = list(LEVELS)
    if kind == "group":
        return True
    return kind in order and order.index(level) > order.index(kind)


def _span(
    own: list[dict[str, Any]], row: Mapping[str, Any], column: str
) -> tuple[date, date | None]:
    """Return since when and until when a practice (its rows in order) has had one ``column``."""
    first = last = next(n for n, r in enumerate(own) if r["valid_from"] == row["valid_from"])
    while first and own[first - 1][column] == row[column]:
        first -= 1
    while last + 1 < len(own) and own[last + 1][column] == row[column]:
        last += 1
    return own[first]["valid_from"], own[last]["valid_to"]
