"""Money that practices received over the years, by group of payments."""

from __future__ import annotations

from locality.figures import Table
from locality.know.inclusion import Inclusion
from locality.know.money import CAPTION, TOTAL
from locality.know.money_schemas import MONEY_TREND
from locality.know.money_sums import YearOfPayments, parts_of, undivided, years_of
from locality.knowledge.payment_lines import payment_lines


def money_trend(own: Table, *, name: str, smallest_list: float = Inclusion().minimum_list) -> Table:
    """Return what an organisation received in each year by group, and in all (MONEY_TREND).

    ``own`` is PAYMENT_SUMS of its practices over the years. Amounts are in the money of their
    year. A year in which the list is none or under ``smallest_list`` has no figure for each
    patient. Without rows it is an empty table.
    """
    known = payment_lines()
    rows = []
    for period in years_of(own):
        year = YearOfPayments(own, period)
        why, _ = undivided(year, None, smallest_list)
        groups = [
            (group, known.groups[group].title, tuple(line.line for line in known.of_group(group)))
            for group in known.groups
        ]
        total = known.totals[TOTAL]
        for group, title, parts in [*groups, ("", total.title, parts_of(known, TOTAL))]:
            if not year.has(parts):
                continue
            each = year.each(() if why else parts)
            rows.append(
                {
                    "period": period,
                    "line_group": group,
                    "title": title,
                    "counted_in": known.groups[group].counted_in if group else "",
                    "amount": year.amount(parts),
                    **each,
                    "practices": year.practices,
                    "registered": year.registered,
                    "missing": why,
                }
            )
    return Table.of(
        MONEY_TREND,
        rows,
        title=f"Payments to {name} over the years",
        caption=f"{CAPTION} Amounts are in the money of their year, not adjusted for prices.",
        notes=(
            "Headings and programmes change from year to year; a group without a row in a year "
            "had no column in that year's file.",
        ),
    )
