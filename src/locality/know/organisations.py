"""Who belongs to whom, at any date. Code U ("unallocated") is never an organisation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
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
    organisation of the given ``kind``; only levels above it are returned, the parent of most
    practices first. ``on`` is a day; None asks for the last day that any of the rows stood, so
    that a closed practice keeps its past, and a member that closed under a board since abolished
    does not put a living network in that board. ``names`` maps codes to names; a code without
    one stands for itself. With the organisation's ``code``, practices count only while they
    belonged to it: a network's members of today were not always its own.

    ``valid_from`` and ``valid_to`` bound the unbroken stretch around that day; a practice that
    is missing from an extract and returns begins anew.
    """
    data = hierarchy.data
    if code is not None and kind in LEVELS:
        data = data.filter(pc.equal(data.column(LEVELS[kind]), pa.scalar(code)))
    wanted = [level for level in LEVELS if kind == "practice" or _above(level, kind)]
    if not wanted or not data.num_rows:
        return Table.of(BELONGS, [], title=BELONGS.title)
    data = data.sort_by([("practice_code", "ascending"), ("valid_from", "ascending")])
    first, last = _days(data, "valid_from"), _days(data, "valid_to")
    day = last.max() if on is None else on.toordinal() - _EPOCH
    standing = (first <= day) & (day <= last)
    practice, _ = _encoded(data, "practice_code")
    follows = (practice[1:] == practice[:-1]) & (first[1:] == last[:-1] + 1)
    told = []
    for level in wanted:
        parent, codes = _encoded(data, LEVELS[level])
        begins = np.append(True, ~(follows & (parent[1:] == parent[:-1])))
        stretch = np.cumsum(begins) - 1
        since = first[begins][stretch]
        until = last[np.append(begins[1:], True)][stretch]
        rows = []
        for number, one in enumerate(codes):
            if one in (None, UNALLOCATED) or not (here := standing & (parent == number)).any():
                continue
            rows.append(
                {
                    "kind": level,
                    "code": one,
                    "name": names.get(one, one),
                    "practices": int(here.sum()),
                    "valid_from": _date(since[here].min()),
                    "valid_to": _date(until[here].max()),
                }
            )
        told += sorted(rows, key=lambda row: (-row["practices"], row["code"]))
    return Table.of(BELONGS, told, title=BELONGS.title)


def crossing_networks(hierarchy: Table, names: Mapping[str, str]) -> Table:
    """Return the networks whose practices lie in two or more boards (CROSSING).

    ``hierarchy`` holds the rows (HIERARCHY) of one day, as :func:`hierarchy_at` returns them.
    """
    counted = hierarchy.data.group_by(["pcn_code", "icb_code"]).aggregate(
        [("practice_code", "count")]
    )
    boards: dict[str, list[tuple[int, str]]] = {}
    for row in counted.to_pylist():
        network, board = row["pcn_code"], row["icb_code"]
        if network not in (None, UNALLOCATED) and board not in (None, UNALLOCATED):
            boards.setdefault(network, []).append((-row["practice_code_count"], board))
    rows = [
        {
            "pcn_code": network,
            "pcn_name": names.get(network, network),
            "icb_code": board,
            "icb_name": names.get(board, board),
            "practices": -number,
        }
        for network, some in sorted(boards.items())
        if len(some) > 1
        for number, board in sorted(some)
    ]
    return Table.of(CROSSING, rows, title=CROSSING.title)


def _above(level: str, kind: str) -> bool:
    """Return whether ``level`` stands above ``kind``; groups stand below every level."""
    order = list(LEVELS)
    if kind == "group":
        return True
    return kind in order and order.index(level) > order.index(kind)


_EPOCH = date(1970, 1, 1).toordinal()
#: The day number of a row that still stands: after every day that a calendar has.
_STANDING = date.max.toordinal() - _EPOCH


def _days(data: pa.Table, column: str) -> Any:
    """Return a column of dates as day numbers (NumPy); an empty end is after all of them."""
    days: Any = pc.fill_null(data.column(column).cast(pa.int32()), pa.scalar(_STANDING, pa.int32()))
    return days.to_numpy().astype(np.int64)


def _date(day: int) -> date | None:
    return None if day == _STANDING else date.fromordinal(int(day) + _EPOCH)


def _encoded(data: pa.Table, column: str) -> tuple[Any, list[Any]]:
    """Return a column as whole numbers (NumPy), and the text or None that each stands for."""
    encoded = data.column(column).combine_chunks().dictionary_encode("encode")
    return encoded.indices.to_numpy(zero_copy_only=False), encoded.dictionary.to_pylist()
