"""Staff of practices by role, per 10,000 registered and need-weighted; staff of networks apart.

A rate is of the practices that made a return for the staff group: their staff over their own
patients. No return is said; it is never zero. Complete counts: there is no sampling interval.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from locality.figures import Missing, Table
from locality.figures.schemas import WEIGHTED_POPULATIONS
from locality.know.staff_grid import HEADLINES, TOTAL, WEIGHTS, Grid, place_of
from locality.know.staff_tables import STAFF, STAFF_OF_NETWORK, STAFF_TREND

# Its stubs tell apart every kind of column, which these tables' schemas do already.
pc: Any = pyarrow.compute

_NOT_HERE = (
    "Staff employed by primary care networks are not in practice figures; they stand in the "
    "network's own table and are never divided among practices."
)
_SAME = (
    "Each rate is of the practices that made a return for the staff group: their staff over their "
    "own patients."
)
_COMPLETE = "Complete counts: there is no sampling interval."


def staff(
    rows: Table,
    patients: Table,
    weighted: Table,
    own: Collection[str],
    icb: Collection[str] = (),
) -> Table:
    """Return staff by role, beside the board's and England's rates (STAFF).

    ``rows`` (PRACTICE_STAFF) and ``patients`` (WORKFORCE_PATIENTS) hold England's practices on
    one day; of several days the latest counts. ``weighted`` holds one year's need-weighted
    populations (WEIGHTED_POPULATIONS), ``own`` and ``icb`` practice codes. Lines are the totals
    that stand for a group, its other totals, then every role that anybody in England has. A role
    without a row is zero where the practice made a return for the group. With no return at all a
    line says "no return"; a rate over no patients is empty. ``no_return`` counts those of ``own``
    in the census's file without a return: who had closed or not begun is not in it.
    """
    day = _latest(rows)
    if day is None:
        return Table.of(STAFF, [], title=STAFF.title, caption="No workforce file is loaded.")
    grid = Grid.of(_on(rows, day), _on(patients, day), weighted.data)
    mine, board = grid.members(own), grid.members(icb)
    everyone = np.ones(len(grid.practices), dtype=bool)
    told = []
    for line in grid.lines:
        here = grid.summed(line, mine)
        around, england = grid.summed(line, board), grid.summed(line, everyone)
        told.append(
            {
                "as_at": day,
                "staff_group": line[0],
                "role": line[1],
                "fte": here.fte,
                "headcount": here.headcount,
                "rate": here.rate,
                "rate_weighted": here.rate_weighted,
                "icb_rate": around.rate,
                "icb_rate_weighted": around.rate_weighted,
                "england_rate": england.rate,
                "england_rate_weighted": england.rate_weighted,
                "practices": here.returned,
                "no_return": (int(mine.sum()) or len(set(own))) - here.returned,
                "estimated": here.estimated,
                "missing": None if here.returned else Missing.NO_RETURN.value,
            }
        )
    return Table.of(
        STAFF,
        told,
        title=f"{STAFF.title}, {day.day} {day:%B %Y}",
        caption=f"{_NOT_HERE} {_SAME} {_COMPLETE}",
        notes=tuple(_notes(told, grid, own)),
    )


def staff_trend(rows: Table, patients: Table, own: Collection[str]) -> Table:
    """Return the totals that stand for a group at every census, oldest first (STAFF_TREND).

    ``rows`` (PRACTICE_STAFF) and ``patients`` (WORKFORCE_PATIENTS) hold the rows of the practices
    ``own`` at every date. A census to which none made a return says so; ``no_return`` counts
    those in the census's file without one.
    """
    nothing = WEIGHTED_POPULATIONS.arrow.empty_table()
    told = []
    partial: set[date] = set()
    for day in sorted(pc.unique(rows.data.column("as_at")).to_pylist()):
        grid = Grid.of(_on(rows, day), _on(patients, day), nothing)
        mine = grid.members(own)
        for line in HEADLINES:
            here = grid.summed(line, mine)
            # Who had closed or not begun by then is not in the file, and no return was due.
            lacking = int(mine.sum()) - here.returned
            if here.returned and lacking:
                partial.add(day)
            told.append(
                {
                    "as_at": day,
                    "staff_group": line[0],
                    "role": line[1],
                    "fte": here.fte,
                    "rate": here.rate,
                    "practices": here.returned,
                    "no_return": lacking,
                    "missing": None if here.returned else Missing.NO_RETURN.value,
                }
            )
    notes = [f"Not every practice made a return on {_days(partial)}."] if partial else []
    return Table.of(
        STAFF_TREND, told, title=STAFF_TREND.title,
        caption=f"{_NOT_HERE} {_SAME} {_COMPLETE}", notes=tuple(notes),
    )  # fmt: skip


def network_staff(rows: Table, name: str) -> Table:
    """Return a network's staff by role at its latest census, groups' totals first.

    ``rows`` (NETWORK_STAFF) are the network's own; ``name`` is for the sentences. Without any row
    the table is empty, and its caption says that nobody and no return look alike.
    """
    day = _latest(rows)
    if day is None:
        return Table.of(
            STAFF_OF_NETWORK, [], title=f"Staff of {name}",
            caption=f"No network workforce file has a row for {name}. It may have nobody, or may "
            "not have made a return: the file cannot tell.",
        )  # fmt: skip
    told: list[dict[str, Any]] = []
    here = _on(rows, day).to_pylist()
    for group in sorted({row["staff_group"] for row in here}, key=place_of):
        those = [row for row in here if row["staff_group"] == group]
        those.sort(key=lambda row: (-row["fte"], row["role"]))
        summed = {
            "as_at": day, "staff_group": group, "role": TOTAL,
            "posts": sum(row["posts"] for row in those), "fte": sum(row["fte"] for row in those),
        }  # fmt: skip
        told += [summed, *({name: row[name] for name in STAFF_OF_NETWORK.names} for row in those)]
    return Table.of(
        STAFF_OF_NETWORK,
        told,
        title=f"Staff of {name}, {day.day} {day:%B %Y}",
        caption=(
            "People employed by the network or contracted for it. They are not in practice "
            "figures, and are never divided among practices. One person may hold several posts. "
            f"{_COMPLETE}"
        ),
    )


def _notes(told: list[dict[str, Any]], grid: Grid, own: Collection[str]) -> list[str]:
    notes = ["Locums are among the fully qualified GPs; trainees are not."]
    if grid.weight:
        notes.append(f"Need-weighted patients are weighted for {WEIGHTS[grid.weight]}.")
    else:
        notes.append("No need-weighted population is loaded, so there is no rate over it.")
    lacking = {r["staff_group"]: r["no_return"] for r in told if r["role"] == TOTAL}
    if some := [f"{group} ({n:,})" for group, n in lacking.items() if n]:
        notes.append(
            f"Practices without a return, by staff group: {', '.join(some)}. "
            "They are not counted as having nobody."
        )
    if len(set(own)) > 1:
        notes.append(
            "Headcounts of several practices are added up: who works in two of them counts twice."
        )
    return notes


def _latest(table: Table) -> date | None:
    found: date | None = pc.max(table.data.column("as_at")).as_py()
    return found


def _on(table: Table, day: date) -> pa.Table:
    return table.data.filter(pc.equal(table.data.column("as_at"), pa.scalar(day, pa.date32())))


def _days(days: Iterable[date]) -> str:
    return ", ".join(f"{day.day} {day:%B %Y}" for day in sorted(days))
