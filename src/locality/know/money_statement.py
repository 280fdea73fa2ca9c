"""What one practice received in a year as a statement, each line citing its published column."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from locality.figures import Line, Missing, Problem, Statement, Step, Table, Working
from locality.know.money import CAPTION
from locality.knowledge.payment_lines import CountedIn, payment_lines

#: What the publisher's total of payments to general practice adds up.
IN_THE_TOTAL: tuple[CountedIn, ...] = ("practice",)


def money_statement(
    payments: Table,
    practice: Mapping[str, Any],
    *,
    name: str,
    counted_in: Collection[CountedIn] = IN_THE_TOTAL,
    working: Working | None = None,
) -> Statement:
    """Return the payments of one practice in one year, line by line, in pounds.

    ``payments`` holds its PAYMENTS rows of that year, ``practice`` its PAYMENT_PRACTICES row.
    Lines are those that count towards ``counted_in`` and are not zero, by group; their total is
    to the penny the one that the publisher gives. Payments to networks, for COVID-19 and
    deductions are left out unless asked for. Raises Problem where there are no rows.
    """
    known = payment_lines()
    period = str(practice["period"])
    amounts = {row["line"]: row for row in payments.rows}
    if not amounts:
        raise Problem(f"{name} is not in the payments file of {period}.")
    lines, zero, not_given = [], [], []
    for group in known.groups.values():
        for one in known.of_group(group.group):
            if group.counted_in not in counted_in or one.line not in amounts:
                continue
            amount = amounts[one.line]["amount"]
            if amount is None:
                not_given.append(f"{one.title} ({Missing(amounts[one.line]['missing']).value})")
            elif amount == 0:
                zero.append(one.title)
            else:
                lines.append(
                    Line(
                        label=f"{group.title}: {one.title}" if one.title != group.title
                        else one.title,
                        quantity=Decimal(1),
                        quantity_unit="year",
                        rate=Decimal(repr(round(amount, 2))),
                        rule=known.cite(one.line, period),
                        note=one.note,
                    )
                )  # fmt: skip
    steps = [Step(CAPTION)]
    if zero:
        steps.append(Step(f"Nothing was paid under: {'; '.join(zero)}."))
    if not_given:
        steps.append(Step(f"No amount is given for: {'; '.join(not_given)}."))
    if practice["close_date"]:
        closed = practice["close_date"]
        steps.append(Step(f"The file gives a close date: {closed.day} {closed:%B %Y}."))
    if practice["atypical"]:
        steps.append(Step(f"The publisher marks the practice: {practice['atypical']}."))
    given = working or Working()
    return Statement.of(
        f"Payments to {name} as a contractor, {period}",
        lines,
        Working(
            given.sources,
            (*given.rules, *(line.rule for line in lines)),
            (*given.steps, *steps),
        ),
    )
