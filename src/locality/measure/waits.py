"""Waiting for hospital care: how many wait, how long, and how many start and end.

Pathways are counted by commissioner and provider, so that a practice has no waits of its own. They
are complete counts: there is no sampling interval. A person may wait on more than one pathway.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

from locality.figures import Missing, Period, Table
from locality.figures.schemas.waiting import WAITING
from locality.measure.waits_tables import WAITS, WAITS_OVER, WAITS_TREND
from locality.statistics import percentile

# Its stubs tell apart every kind of column, which these tables' schemas do already.
pc: Any = pyarrow.compute

#: The code of all specialties together.
ALL = "C_999"
_BANDS = 105
_STANDARD = 18
#: Why there is no median where it lies in the last band, which is open.
OVER_104 = "over 104 weeks"
_CAPTION = (
    "Complete counts of pathways: there is no sampling interval, and a person may be on more than "
    "one. Times are interpolated within the week. England leaves out pathways whose commissioner "
    "is not English (NONC)."
)


def waits(waiting: Table, names: Mapping[str, str], code: str, period: str | None = None) -> Table:
    """Return the waits of ``code`` by specialty, all together first, then by name (WAITS).

    ``waiting`` (WAITING) has the rows of ``code`` and of England (ENG); ``names`` gives each
    specialty's name by its code. ``period`` is the last month of ``code`` unless given. The table
    is empty where ``code`` has no row. A percentile in the open band is empty: ``missing`` says
    "over 104 weeks" where the median is.
    """
    own = waiting.data.filter(pc.equal(waiting.data["code"], code))
    when = period or _last(own)
    england = _by_function(waiting.data, "ENG", when)
    told = []
    for function, counted in _by_function(waiting.data, code, when).items():
        beside = england.get(function, {})
        told.append(
            {
                "period": when,
                "code": code,
                "treatment_function": function,
                "name": "All specialties" if function == ALL else names.get(function, function),
                **counted,
                **{f"england_{name}": beside.get(name) for name in _BESIDE},
                "missing": _why_no_median(counted),
            }
        )
    told.sort(key=lambda row: (row["treatment_function"] != ALL, row["name"]))
    return Table.of(WAITS, told, title=WAITS.title, caption=_CAPTION)


_BESIDE = ("share_18", "median", "weeks_92")


def waits_over(
    waiting: Table,
    names: Mapping[str, str],
    treatment_function: str = ALL,
    kind: str = "sub_icb",
    period: str | None = None,
) -> Table:
    """Return one specialty's waits over organisations of a ``kind``, by name (WAITS_OVER).

    ``names`` gives organisations' names by code. ``period`` is the last month unless given.
    """
    data = waiting.data
    data = data.filter(
        pc.and_(
            pc.equal(data["kind"], kind), pc.equal(data["treatment_function"], treatment_function)
        )
    )
    when = period or _last(data)
    codes: list[Any] = pc.unique(data["code"]).to_pylist()
    told = [
        {"period": when, "code": code, "kind": kind, "name": names.get(code, code),
         "treatment_function": treatment_function, **counted}
        for code in codes
        for counted in _by_function(data, code, when).values()
    ]  # fmt: skip
    told.sort(key=lambda row: (row["name"], row["code"]))
    return Table.of(
        WAITS_OVER, told, title=WAITS_OVER.title,
        caption=f"In order of name: it is not a ranking. {_CAPTION}",
    )  # fmt: skip


def waits_trend(waiting: Table, code: str, treatment_function: str = ALL) -> Table:
    """Return one specialty's waits of ``code`` by month, oldest first (WAITS_TREND)."""
    data = waiting.data
    data = data.filter(
        pc.and_(
            pc.equal(data["code"], code), pc.equal(data["treatment_function"], treatment_function)
        )
    )
    months: list[Any] = pc.unique(data["period"]).to_pylist()
    told = [
        {"period": month, "code": code, "treatment_function": treatment_function, **counted}
        for month in sorted(months, key=Period.parse)
        for counted in _by_function(data, code, month).values()
    ]
    return Table.of(WAITS_TREND, told, title=WAITS_TREND.title, caption=_CAPTION)


def combined(waiting: Table, members: Mapping[str, Collection[str]], kind: str) -> Table:
    """Return the waits of organisations that sum sub-ICBs, as rows of ``kind`` (WAITING).

    ``members`` gives each organisation's sub-ICBs: an ICB of today has waits of months before it
    was formed.
    """
    data = waiting.data
    own = data.filter(pc.equal(data["kind"], "sub_icb"))
    keys = ["period", "part", "treatment_function", "week"]
    pieces = []
    for code, subs in sorted(members.items()):
        inside = own.filter(pc.is_in(own["code"], pa.array(sorted(subs), pa.string())))
        summed = inside.group_by(keys).aggregate([("pathways", "sum")])
        rows = summed.num_rows
        pieces.append(
            pa.table(
                {
                    **{name: summed[name] for name in keys},
                    "code": pa.repeat(pa.scalar(code), rows),
                    "kind": pa.repeat(pa.scalar(kind), rows),
                    "pathways": summed["pathways_sum"],
                }
            ).select(WAITING.names)
        )
    return Table.of(WAITING, pa.concat_tables(pieces) if pieces else {}, title=WAITING.title)


def joined(first: Table, second: Table) -> Table:
    """Return the rows of two tables of the same schema as one."""
    return Table(first.schema, pa.concat_tables([first.data, second.data]), title=first.title)


def _by_function(data: pa.Table, code: str, period: str) -> dict[str, dict[str, Any]]:
    """Return what is counted of one organisation in one month, by specialty."""
    rows = data.filter(pc.and_(pc.equal(data["code"], code), pc.equal(data["period"], period)))
    functions: list[Any] = pc.unique(rows["treatment_function"]).to_pylist()
    place = {function: number for number, function in enumerate(functions)}
    at = np.array([place[one] for one in rows["treatment_function"].to_pylist()], np.intp)
    week = np.asarray(rows["week"], dtype=np.int64)
    pathways = np.asarray(rows["pathways"], dtype=np.float64)
    part = np.asarray(rows["part"].to_pylist(), dtype=object)
    grids: dict[str, npt.NDArray[np.float64]] = {}
    # The first column is week -1: pathways without a time.
    for name in ("incomplete", "completed_admitted", "completed_non_admitted", "new_periods"):
        grid = np.zeros((len(functions), _BANDS + 1))
        here = part == name
        np.add.at(grid, (at[here], week[here] + 1), pathways[here])
        grids[name] = grid
    waiting = grids["incomplete"][:, 1:]
    median, weeks_92 = percentile(waiting, 0.5), percentile(waiting, 0.92)
    found = {}
    for function, number in place.items():
        total = grids["incomplete"][number].sum()
        within = waiting[number, :_STANDARD].sum()
        found[function] = {
            "incomplete": int(total),
            "within_18": int(within),
            "share_18": 100 * within / total if total else None,
            **{f"over_{weeks}": int(waiting[number, weeks:].sum()) for weeks in (52, 65, 78)},
            "median": _cell(median[number]),
            "weeks_92": _cell(weeks_92[number]),
            **{name: int(grids[name][number].sum()) for name in list(grids)[1:]},
        }
    return found


def _why_no_median(counted: Mapping[str, Any]) -> str | None:
    if counted["median"] is not None:
        return None
    # Whoever has a time and no median has it in the open band, and so has waited over 78 weeks.
    return OVER_104 if counted["over_78"] else Missing.NOTHING_TO_COUNT.value


def _cell(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _last(data: pa.Table) -> str:
    months: list[Any] = pc.unique(data["period"]).to_pylist()
    return str(max(months, key=Period.parse, default=""))
