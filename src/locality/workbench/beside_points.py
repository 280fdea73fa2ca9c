"""What stands beside QOF points: what is certain, what moved, adjustments, what earns its keep."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from locality.figures import Period
from locality.measure import qof as room
from locality.workbench import loading, prevalence

if TYPE_CHECKING:
    from locality.knowledge import Knowledge
    from locality.workbench import Workbench

_OF_INDICATOR = re.compile(r"indicator_code == '([A-Z]+\d+)'")


def beside_points(here: Workbench, own: str, held: room.Counts) -> room.Beside:
    """Return what stands beside the points of one practice, by indicator.

    What is certain is that of the same period's measure, as :meth:`standings` has it; what moved
    is from the year before, for whole years alone.
    """
    table = "qof_achievement" if held.as_at is None else "qof_in_year"
    ids = indicator_measures(here.knowledge, table)
    when = held.period if held.as_at is None else held.as_at.isoformat()
    said = {
        row["measure"]: row["sentence"]
        for row in here.measure.standings(own).rows
        if row["period"] == when
    }
    earns = {row["measure"]: row["earns"] for row in here.measure.usual_cards.rows}
    moved: dict[str, str] = {}
    if held.as_at is None:
        last = year_before(held.period)
        rows = loading.select(here.version, "qof_achievement", period=last, practice_code=own)
        moved = room.moved(held, room.Counts.of(rows, (own,), held.codes, last))
    return room.Beside(
        care=prevalence.england_care(here.version, held.period),
        said={code: said[id] for code, id in ids.items() if id in said},
        moved=moved,
        earns={code: earns[id] for code, id in ids.items() if id in earns},
    )


def indicator_measures(known: Knowledge, table: str) -> dict[str, str]:
    """Return which measure counts each indicator of a table: code -> id."""
    found = {}
    for id, one in known.measures.items():
        where = one.source.where if one.source is not None else ""
        code = _OF_INDICATOR.search(where or "")
        if code is not None and table in one.datasets:
            found[code[1]] = id
    return found


def year_before(period: str) -> str:
    """Return the financial year before ``period``."""
    return Period.financial_year(Period.parse(period).start.year - 1).code
