"""Which publications are likely to have newer files than those held."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from locality.figures import Column, Period, Schema, Table

if TYPE_CHECKING:
    from locality.knowledge import Publication

DUE = Schema(
    "due",
    "Publications of which a newer file is likely to be out",
    (
        Column("publication", "text", "id in knowledge/publications"),
        Column("title", "text", "what it is"),
        Column("every", "text", "how often it comes: month, quarter or year"),
        Column("latest", "text", "the latest period held"),
        Column("sentence", "text", "what is held and what to look for"),
        Column("landing_page", "text", "where newer files are found", required=False),
    ),
    ("publication",),
)

_DAYS = {"month": 31, "quarter": 92, "year": 366}


def due(publications: Iterable[Publication], lineage: Table, today: date) -> Table:
    """Return the publications in use whose next file is likely to be out by ``today`` (DUE).

    One counts as likely out when half an interval has passed since the end of the period that
    comes after the latest held: 46 days after the end of a month, a year and a half after the
    end of a year. Publications without a rhythm, and those that a locality supplies, are left out.
    """
    held: dict[str, Period] = {}
    for row in lineage.rows:
        if row["state"] == "in use":
            period = Period.parse(row["period"])
            held[row["publication"]] = max(period, held.get(row["publication"], period))
    rows = []
    for one in publications:
        latest = held.get(one.id)
        if latest is None or not one.every or one.local:
            continue
        if today > latest.end + timedelta(days=_DAYS[one.every] * 3 // 2):
            rows.append(
                {
                    "publication": one.id,
                    "title": one.title,
                    "every": one.every,
                    "latest": latest.code,
                    "sentence": f"The latest held is {latest.label}. It comes out every "
                    f"{one.every}, so a newer file is likely to be out.",
                    "landing_page": one.landing_page,
                }
            )
    rows.sort(key=lambda row: (_DAYS[row["every"]], row["title"]))
    return Table.of(DUE, rows, title=DUE.title)
