"""What NHS providers say their activity costs: of a department, a currency, a service, by year.

The figures are the national average of what providers reported, as published: neither a price nor
what would be saved by doing less. Activity that the publisher hides because it is small is left
out of unit costs on both sides, and said so.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from locality.figures import (
    Column,
    Figure,
    Missing,
    Period,
    Problem,
    Schema,
    Step,
    Table,
    Working,
)
from locality.knowledge.cost_departments import cost_departments
from locality.knowledge.problems import nearest

pc: Any = pyarrow.compute

_SPLIT = (
    Column("department", "text", "plain id of the department"),
    Column("department_title", "text", "the department in words"),
    Column("unit", "text", "what its activity counts; empty where the publisher does not say"),
)

COST_LIST = Schema(
    "cost_list",
    "National costs of what was found",
    (
        Column("period", "text", "financial year"),
        *_SPLIT,
        Column("service_code", "text", "treatment function or service; empty where not split"),
        Column("service_name", "text", "the service in words, or empty"),
        Column("currency_code", "text", "HRG or other currency"),
        Column("name", "text", "the currency in words"),
        Column("activity", "number", "how much was done", required=False),
        Column("unit_cost", "number", "national average cost of one", "£", required=False),
        Column("total_cost", "number", "activity x unit cost", "£", required=False),
        Column("worked_out", "flag", "whether the total was multiplied here, not published"),
        Column("missing", "text", "why a cell is empty: locality.figures.Missing", required=False),
    ),
    ("period", "department", "service_code", "currency_code"),
)

COST_HISTORY = Schema(
    "cost_history",
    "What an activity cost, by year",
    (
        Column("period", "text", "financial year"),
        Column("rows", "whole", "rows of the schedule that are added up"),
        Column("activity", "number", "how much was done, where shown", required=False),
        Column("unit_cost", "number", "cost of one: shown cost / shown activity", "£",
               required=False),
        Column("total_cost", "number", "all cost, of hidden activity too", "£", required=False),
        Column("hidden", "whole", "rows whose activity the publisher hides"),
        Column("hidden_cost", "number", "the cost of those rows", "£"),
        Column("missing", "text", "why there is no unit cost: locality.figures.Missing",
               required=False),
    ),
    ("period",),
)  # fmt: skip

_CAPTION = "Average cost as providers reported it: not a price, nor what doing less would save."


def cost_list(costs: Table, text: str, period: Period | None = None, limit: int = 200) -> Table:
    """Return the rows that have every word of ``text`` in a code or a name (COST_LIST).

    ``costs`` holds NATIONAL_COSTS rows. Words are looked for in currency code and name, service
    code and name, and the department's title. Latest years come first, then the largest costs.
    """
    titles = cost_departments().titles
    rows = costs.data
    if period is not None:
        rows = rows.filter(pc.equal(rows.column("period"), period.code))
    words = text.casefold().split()
    for word in words:
        departments = pa.array([i for i, title in titles.items() if word in title.casefold()])
        mask = pc.is_in(rows.column("department"), value_set=departments.cast(pa.string()))
        for field in ("currency_code", "name", "service_code", "service_name"):
            mask = pc.or_(mask, pc.match_substring(rows.column(field), word, ignore_case=True))
        rows = rows.filter(mask)
    keys = [("period", "descending"), ("total_cost", "descending"), ("currency_code", "ascending")]
    rows = rows.take(pc.sort_indices(rows, sort_keys=keys)) if words else rows.slice(0, 0)
    found = [
        {
            **row,
            "department_title": titles.get(row["department"], row["department"]),
            "unit": _unit([row["department"]], Period.parse(row["period"])),
        }
        for row in rows.slice(0, limit).to_pylist()
    ]
    shown = (f"The first {limit:,} of {rows.num_rows:,} rows.",) if rows.num_rows > limit else ()
    return Table.of(
        COST_LIST, found, title=f"National costs like {text!r}", caption=_CAPTION, notes=shown
    )


def cost_history(
    costs: Table,
    departments: Collection[str],
    *,
    currencies: Collection[str] | None = None,
    services: Collection[str] | None = None,
) -> Table:
    """Return what one unit cost in each year loaded, oldest first (COST_HISTORY).

    ``costs`` holds NATIONAL_COSTS rows; all of ``departments`` (plain ids), of ``currencies`` and
    of ``services`` (codes; None for every one) are added up. The unit cost is the cost of rows
    whose activity is shown over that activity. Notes say what to mind about a year. A year
    without such a row is no row. Raises Problem for a department that is not known.
    """
    _check(departments)
    rows = _chosen(costs, departments, currencies, services)
    periods = sorted(pc.unique(rows.column("period")).to_pylist())
    years = [
        _summed(rows.filter(pc.equal(rows.column("period"), period)), period) for period in periods
    ]
    return Table.of(
        COST_HISTORY,
        years,
        title=", ".join(cost_departments().titles[one] for one in departments),
        caption=_CAPTION,
        notes=tuple(
            f"{period}: {note}"
            for period in periods
            for note in _notes(departments, Period.parse(period))
        ),
    )


def cost(
    costs: Table,
    departments: Collection[str],
    period: Period,
    *,
    currencies: Collection[str] | None = None,
    services: Collection[str] | None = None,
    working: Working | None = None,
) -> Figure:
    """Return the average cost of one unit of activity in a year, in pounds, with its working.

    The rows are chosen and added up as in :func:`cost_history`; ``numerator`` is their cost in
    pounds and ``denominator`` their activity. Where there is none, the figure's note says why.
    Raises Problem for a department that is not known.
    """
    history = cost_history(costs, departments, currencies=currencies, services=services)
    found = {row["period"]: row for row in history.rows}
    row = found.get(period.code)
    notes = list(_notes(departments, period))
    given = working or Working()
    unit = _unit(departments, period) or "unit of activity"
    value = None if row is None else row["unit_cost"]
    steps: tuple[Step, ...] = ()
    missing = None
    if row is None:
        missing = Missing.NO_RETURN
        loaded = sorted(pc.unique(costs.data.column("period")).to_pylist())
        if period.code in loaded:
            where = f"It is in {', '.join(found)}." if found else "It is in no year loaded."
            notes.append(f"The schedule of {period.code} has no such row. {where}")
        else:
            notes.append(
                f"No cost schedule of {period.code} is loaded. "
                f"Years loaded: {', '.join(loaded) or 'none'}."
            )
    else:
        missing = None if value is not None else Missing(row["missing"])
        if row["hidden"]:
            notes.append(
                f"Rows left out because their small activity is hidden: {row['hidden']:,}, with "
                f"£{row['hidden_cost']:,.2f} of cost."
            )
        if value is not None:
            shown = row["total_cost"] - row["hidden_cost"]
            steps = (
                Step(
                    "Add up the schedule's rows and divide cost by activity (rows: "
                    f"{row['rows'] - row['hidden']:,}).",
                    f"£{shown:,.2f} / {row['activity']:,.0f} = £{value:,.2f}",
                ),
            )
    return Figure(
        measure="national_cost",
        title=f"{history.title}: average cost of one {unit}",
        organisation="ENG",
        period=period,
        unit=f"£ per {unit}",
        value=value,
        missing=missing,
        numerator=None if row is None or value is None else row["total_cost"] - row["hidden_cost"],
        denominator=None if row is None or value is None else row["activity"],
        complete=row is not None and value is not None and not row["hidden"],
        note=" ".join(notes),
        working=Working(given.sources, given.rules, (*given.steps, *steps)),
    )


def _summed(rows: pa.Table, period: str) -> dict[str, Any]:
    activity, total, unit = (
        rows.column(field).to_numpy(zero_copy_only=False)
        for field in ("activity", "total_cost", "unit_cost")
    )
    shown = np.isfinite(activity) & np.isfinite(total) & np.isfinite(unit)
    hidden = np.isfinite(total) & ~shown
    done = float(activity[shown].sum()) if shown.any() else None
    value = float(total[shown].sum()) / done if done else None
    reason = None
    if value is None:
        reasons = sorted(map(str, rows.column("missing").drop_null().to_pylist()))
        nothing = str(Missing.NOTHING_TO_COUNT)
        reason = nothing if done == 0 else next(reversed(reasons), str(Missing.NO_RETURN))
    return {
        "period": period,
        "rows": rows.num_rows,
        "activity": done,
        "unit_cost": value,
        "total_cost": float(np.nansum(total)) if np.isfinite(total).any() else None,
        "hidden": int(hidden.sum()),
        "hidden_cost": float(total[hidden].sum()),
        "missing": reason,
    }


def _chosen(
    costs: Table,
    departments: Collection[str],
    currencies: Collection[str] | None,
    services: Collection[str] | None,
) -> pa.Table:
    rows = costs.data
    wanted = (
        ("department", departments),
        ("currency_code", currencies),
        ("service_code", services),
    )
    for field, some in wanted:
        if some is not None:
            codes = [one if field == "department" else one.strip().upper() for one in some]
            values = pa.array(codes, pa.string())
            rows = rows.filter(pc.is_in(rows.column(field), value_set=values))
    return rows


def _check(departments: Collection[str]) -> None:
    if isinstance(departments, str) or not departments:
        raise Problem("Name one department of the national costs or several, as a list.")
    titles = cost_departments().titles
    for one in departments:
        if one not in titles:
            raise Problem(f"There is no department {one!r} in the costs; {nearest(one, titles)}")


def _unit(departments: Collection[str], period: Period) -> str:
    """Return what the departments' activity counts in a year; empty where they differ."""
    units = {about.unit for one in departments for about in cost_departments().about(one, period)}
    # An extract's own words have no unit, a sheet's code has: a year comes in one layout.
    return units.pop() if len(units) == 1 else ""


def _notes(departments: Collection[str], period: Period) -> tuple[str, ...]:
    found = dict.fromkeys(
        about.note
        for one in departments
        for about in cost_departments().about(one, period)
        if about.note
    )
    return tuple(found)
