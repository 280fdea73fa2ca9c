"""Registered against need-weighted populations, shares of a board's need, and pounds.

The weighted populations are NHS England's own, read from its allocations; none is recomputed.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from locality.figures import (
    Column,
    Line,
    Problem,
    RuleReference,
    Schema,
    Statement,
    Step,
    Table,
    Working,
)

COMPONENTS = {
    "general_and_acute": "General and acute",
    "community": "Community services",
    "mental_health": "Mental health",
    "maternity": "Maternity",
    "health_inequalities": "Health inequalities",
    "prescribing": "Prescribing",
    "overall": "Core services, all components",
    "primary_medical_need": "Primary medical care, need alone",
    "primary_medical": "Primary medical care",
}
REGISTERED = "registered"

NEED = Schema(
    "need",
    "Registered and need-weighted population, by component and year",
    (
        Column("period", "text", "financial year of the allocation"),
        Column("component", "text", "component of need"),
        Column("title", "text", "the component in words"),
        Column("registered", "number", "registered population in that file", "people"),
        Column("weighted", "number", "population weighted for need", "people"),
        Column("index", "number", "weighted / registered; England is 1", "ratio"),
        Column("index_in_icb", "number", "the same, the board's average being 1", "ratio",
               required=False),
        Column("share_of_icb_registered", "number", "share of the board's registered", "%",
               required=False),
        Column("share_of_icb", "number", "share of the board's weighted population", "%",
               required=False),
        Column("not_given", "whole", "member practices without this value", required=False),
    ),
    ("period", "component"),
)  # fmt: skip

PRIMARY_MEDICAL = Schema(
    "primary_medical_differences",
    "Primary medical populations that are not the sum of their parts",
    (
        Column("period", "text", "financial year of the allocation"),
        Column("practice_code", "text", "ODS code of the practice"),
        Column("published", "number", "primary medical population", "people"),
        Column("expected", "number", "from need and health inequalities", "people"),
    ),
    ("period", "practice_code"),
)
#: No board has so much; below it, pounds and pence times a share are exact in 28 digits.
_TOO_MUCH = 10**11
_PRIMARY = ("primary_medical", "primary_medical_need", "health_inequalities")


def need(own: Table, icb: Table) -> Table:
    """Return registered against weighted population for each year and component (NEED).

    ``own`` and ``icb`` hold the WEIGHTED_POPULATIONS rows of an organisation's practices and of
    its board's practices (empty where it has none). England's weighted population of every
    component is scaled by the publisher to its registered one, so the index of England is 1.
    A practice of that year's file without a value for a component, or without a registered
    population, is left out of both sides and counted in ``not_given``. A component that no
    practice has is not a row; nor is one whose practices have no registered people.
    """
    mine, board = _summed(own), _summed(icb)
    rows = []
    for (period, component), (weighted, registered, lacking) in mine.items():
        if not registered:
            continue
        whole = board.get((period, component))
        row: dict[str, Any] = {
            "period": period,
            "component": component,
            "title": COMPONENTS[component],
            "registered": registered,
            "weighted": weighted,
            "index": weighted / registered,
            "not_given": lacking,
        }
        if whole and whole[0] and whole[1]:
            row["index_in_icb"] = (weighted / registered) / (whole[0] / whole[1])
            row["share_of_icb_registered"] = 100 * registered / whole[1]
            row["share_of_icb"] = 100 * weighted / whole[0]
        rows.append(row)
    return Table.of(
        NEED,
        rows,
        title=NEED.title,
        caption="An index above 1 means more need than England's average for that kind of care.",
    )


def list_in_pounds(
    need_of_list: Table,
    *,
    period: str,
    component: str,
    allocation: Decimal,
    list_name: str,
    icb_name: str,
    working: Working | None = None,
) -> Statement:
    """Return what a list stands for in pounds, out of a board's ``allocation`` (pounds a year).

    ``need_of_list`` is what :func:`need` returns. Two lines, each a share x the allocation: by
    heads alone, and the difference that need makes (below zero for a list of less need). Shares
    are held to fifteen places and amounts are not rounded, so the lines add up to share by need x
    allocation exactly; the total is rounded once, to the penny. Raises Problem where the amount
    is not above zero and below 100 billion, where the year or component is not there, or where
    the list has no board.
    """
    if not allocation.is_finite() or not 0 < allocation < _TOO_MUCH:
        raise Problem(
            "An allocation is an amount in pounds above zero and below 100 billion, "
            "such as 1,250,000,000."
        )
    found = {(row["period"], row["component"]): row for row in need_of_list.rows}
    row = found.get((period, component))
    if row is None:
        years = sorted({year for year, _ in found})
        if not years:
            raise Problem(
                f"No weighted population is loaded for {list_name}, so its share is not known. "
                "Read NHS England's allocation file of practice weighted populations first."
            )
        raise Problem(
            f"There is no weighted population for {component!r} in {period}. "
            f"Years loaded: {', '.join(years)}; components: {', '.join(COMPONENTS)}."
        )
    if row["share_of_icb"] is None:
        raise Problem(f"{list_name} has no integrated care board in that year to take a share of.")
    by_heads, by_need = _share(row["share_of_icb_registered"]), _share(row["share_of_icb"])
    rule = RuleReference(
        id=f"weighted_populations.{component}",
        title=f"Share of {icb_name}'s population, {COMPONENTS[component]}, {period}",
        place="table weighted_populations",
        reference="NHS England allocations: practice registered and weighted populations",
        address="https://www.england.nhs.uk/allocations/",
    )
    steps = (
        Step(
            "Share of the board's registered population",
            f"{row['share_of_icb_registered']:.4f} %",
        ),
        Step("Share of the board's need-weighted population", f"{row['share_of_icb']:.4f} %"),
        Step(
            "The allocation is the amount you typed; it is not published here.", f"£{allocation:,f}"
        ),
    )
    given = working or Working()
    return Statement.of(
        f"What the list of {list_name} stands for, {COMPONENTS[component].lower()}, {period}",
        (
            Line("By heads alone", by_heads, "share of the board", allocation, rule),
            Line(
                "For need above or below the board's average",
                by_need - by_heads,
                "share of the board",
                allocation,
                rule,
                note="A share of an indicative amount, not money that a practice receives.",
            ),
        ),
        Working(given.sources, (*given.rules, rule), (*given.steps, *steps)),
    )


@dataclass(frozen=True, slots=True)
class _Grid:
    """Populations by component: arrays of period x practice, NaN where there is none."""

    periods: list[str]
    practices: list[str]
    people: dict[str, Any]
    shown: Any


def _gridded(table: Table, components: tuple[str, ...]) -> _Grid:
    """Return the populations of ``components`` (WEIGHTED_POPULATIONS), in the order of the rows."""
    year, periods = _encoded(table, "period")
    practice, practices = _encoded(table, "practice_code")
    component, names = _encoded(table, "component")
    value = table.data.column("population").to_numpy()
    shape = (len(periods), len(practices))
    people = {}
    shown = np.zeros(shape, dtype=bool)
    for name in components:
        people[name] = np.full(shape, np.nan)
        if name in names:
            chosen = np.flatnonzero(component == names.index(name))
            cells = year[chosen], practice[chosen]
            people[name][cells] = value[chosen]
            shown[cells] = True
    return _Grid(periods, practices, people, shown)


def _encoded(table: Table, column: str) -> tuple[Any, list[str]]:
    """Return a column of text as whole numbers (NumPy), and the text that each stands for."""
    encoded = table.data.column(column).combine_chunks().dictionary_encode()
    texts: list[Any] = encoded.dictionary.to_pylist()
    return encoded.indices.to_numpy(), texts


def _summed(table: Table) -> dict[tuple[str, str], tuple[float, float, int]]:
    """Return (weighted, registered of the same practices, practices lacking) by year, component."""
    grid = _gridded(table, (REGISTERED, *COMPONENTS))
    registered = grid.people[REGISTERED]
    found = {}
    for number, period in sorted(enumerate(grid.periods), key=lambda item: item[1]):
        people = registered[number]
        for component in COMPONENTS:
            weighted = grid.people[component][number]
            both = ~(np.isnan(weighted) | np.isnan(people))
            found[period, component] = (
                float(weighted[both].sum()),
                float(people[both].sum()),
                int((grid.shown[number] & ~both).sum()),
            )
    return found


def primary_medical_differences(
    weighted: Table, need_weight: float, inequalities_weight: float, tolerance: float = 1e-3
) -> Table:
    """Return practices whose primary medical population is not its parts' sum (PRIMARY_MEDICAL).

    The published formula adds need and health inequalities, ``need_weight`` and
    ``inequalities_weight`` of each; a file that differs by more than ``tolerance`` people was
    altered or misread. Practices without one of the three are passed over.
    """
    grid = _gridded(weighted, _PRIMARY)
    published, needed, unequal = (grid.people[name] for name in _PRIMARY)
    expected = need_weight * needed + inequalities_weight * unequal
    # NaN, where one of the three is not given, is greater than nothing.
    year, practice = np.nonzero(np.abs(published - expected) > tolerance)
    rows = [
        {
            "period": grid.periods[y],
            "practice_code": grid.practices[p],
            "published": published[y, p],
            "expected": expected[y, p],
        }
        for y, p in zip(year, practice, strict=True)
    ]
    rows.sort(key=lambda row: (row["period"], row["practice_code"]))
    return Table.of(PRIMARY_MEDICAL, rows, title=PRIMARY_MEDICAL.title)


def _share(percent: float) -> Decimal:
    """Return a share of 1 to fifteen places, as many as a float holds.

    So the product with any amount in pounds and pence below the limit is exact.
    """
    return Decimal(repr(percent / 100)).quantize(Decimal("1e-15"))
