"""Registered against need-weighted populations, shares of a board's need, and pounds.

The weighted populations are NHS England's own, read from its allocations; none is recomputed.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

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
_PRIMARY = ("primary_medical", "primary_medical_need", "health_inequalities")


def need(own: Table, icb: Table) -> Table:
    """Return registered against weighted population for each year and component (NEED).

    ``own`` and ``icb`` hold the WEIGHTED_POPULATIONS rows of an organisation's practices and of
    its board's practices (empty where it has none). England's weighted population of every
    component is scaled by the publisher to its registered one, so the index of England is 1.
    A practice without a value for a component is left out of both sides and counted in
    ``not_given``.
    """
    mine, board = _summed(own), _summed(icb)
    rows = []
    for (period, component), (weighted, registered, lacking) in sorted(
        mine.items(), key=lambda item: (item[0][0], list(COMPONENTS).index(item[0][1]))
    ):
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

    Two lines, each share x allocation: by need, and the difference from a share by heads alone.
    They add up to the share by need. Raises Problem where the year or component is not there, or
    the list has no board.
    """
    if not allocation.is_finite() or allocation <= 0:
        raise Problem("An allocation is an amount in pounds above zero, such as 1,250,000,000.")
    found = {(row["period"], row["component"]): row for row in need_of_list.rows}
    row = found.get((period, component))
    if row is None:
        years = sorted({year for year, _ in found})
        raise Problem(
            f"There is no weighted population for {component!r} in {period}. "
            f"Years loaded: {', '.join(years) or 'none'}; components: {', '.join(COMPONENTS)}."
        )
    if row["share_of_icb"] is None:
        raise Problem(f"{list_name} has no integrated care board in that year to take a share of.")
    by_heads = _decimal(row["share_of_icb_registered"] / 100)
    by_need = _decimal(row["share_of_icb"] / 100)
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
            "The allocation is the amount you typed; it is not published here.", f"£{allocation:,}"
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


def _summed(table: Table) -> dict[tuple[str, str], tuple[float, float, int]]:
    """Return (weighted, registered of the same practices, practices lacking) by year, component."""
    registered: dict[tuple[str, str], float] = {}
    values: dict[tuple[str, str], list[tuple[str, float | None]]] = defaultdict(list)
    for row in table.rows:
        if row["component"] == REGISTERED:
            if row["population"] is not None:
                registered[row["period"], row["practice_code"]] = row["population"]
        elif row["component"] in COMPONENTS:
            values[row["period"], row["component"]].append(
                (row["practice_code"], row["population"])
            )
    return {
        (period, component): (
            sum(v for code, v in some if v is not None and (period, code) in registered),
            sum(registered.get((period, code), 0.0) for code, v in some if v is not None),
            sum(v is None for _, v in some),
        )
        for (period, component), some in values.items()
    }


def primary_medical_differences(
    weighted: Table, need_weight: float, inequalities_weight: float, tolerance: float = 1e-3
) -> Table:
    """Return practices whose primary medical population is not its parts' sum (PRIMARY_MEDICAL).

    The published formula adds need and health inequalities, ``need_weight`` and
    ``inequalities_weight`` of each; a file that differs by more than ``tolerance`` people was
    altered or misread. Practices without one of the three are passed over.
    """
    parts: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for row in weighted.rows:
        if row["component"] in _PRIMARY and row["population"] is not None:
            parts[row["period"], row["practice_code"]][row["component"]] = row["population"]
    rows = []
    for (period, code), found in sorted(parts.items()):
        if len(found) < len(_PRIMARY):
            continue
        published, needed, unequal = (found[name] for name in _PRIMARY)
        expected = need_weight * needed + inequalities_weight * unequal
        if abs(published - expected) > tolerance:
            rows.append({
                "period": period, "practice_code": code,
                "published": published, "expected": expected,
            })  # fmt: skip
    return Table.of(PRIMARY_MEDICAL, rows, title=PRIMARY_MEDICAL.title)


def _decimal(share: float) -> Decimal:
    return Decimal(repr(share))
