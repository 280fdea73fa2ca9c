"""Amounts of one organisation beside its board's and England's, taken out of a wider table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from locality.figures import Column, Schema, Table

BESIDE = Schema(
    "beside",
    "Amounts beside its board's and England's",
    (
        Column("label", "text", "what it is"),
        Column("value", "number", "its own", required=False),
        Column("icb", "number", "its integrated care board's", required=False),
        Column("england", "number", "England's", required=False),
        Column("missing", "text", "why there is none", required=False),
    ),
    ("label",),
)

Row = Mapping[str, Any]


def beside(
    table: Table,
    *,
    label: Callable[[Row], str],
    value: str,
    icb: str = "",
    england: str = "",
    where: Callable[[Row], bool] = lambda row: True,
) -> Table:
    """Return the rows of ``table`` that ``where`` takes, with three of its columns (BESIDE).

    ``value``, ``icb`` and ``england`` name columns of ``table``; an empty name leaves the column
    empty. A row that says why it has no number keeps its reason and shows none.
    """
    rows = []
    for row in table.rows:
        if not where(row):
            continue
        missing = row.get("missing") or None
        rows.append(
            {
                "label": label(row),
                "value": None if missing else row[value],
                "icb": row[icb] if icb else None,
                "england": row[england] if england else None,
                "missing": missing,
            }
        )
    return Table.of(BESIDE, rows, title=table.title, caption=table.caption, notes=table.notes)
