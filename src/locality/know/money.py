"""Money that practices receive: by line and group, for each patient, beside board and England.

It is what a practice is paid as a contractor, out of which it pays its costs; it is not what its
GPs earn. It is a complete count, so there is no interval, and nobody is ranked by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from locality.figures import Problem, Table
from locality.know.inclusion import Inclusion
from locality.know.money_schemas import MONEY
from locality.know.money_sums import YearOfPayments, parts_of, undivided, years_of
from locality.knowledge.payment_lines import PaymentLines, payment_lines

CAPTION = (
    "Money paid to practices as contractors, before any of their costs: it is not what GPs earn. "
    "A complete count, so there is no sampling interval; practices are not ranked by it."
)
#: The total that the publisher calls payments to general practice.
TOTAL = "practice"
_BELOW = "Below zero, as published: money taken back or set against other payments."
_ABOVE = "Above zero, as published: more was given back than taken off."


def money(
    own: Table,
    board: Table,
    england: Table,
    *,
    period: str,
    name: str,
    practice: Mapping[str, Any] | None = None,
    smallest_list: float = Inclusion().minimum_list,
) -> Table:
    """Return what an organisation received in a year by line, group and total (MONEY).

    ``own``, ``board`` and ``england`` are PAYMENT_SUMS of the organisation's, its board's and
    all practices (of ``board`` there may be no rows). ``practice`` is its PAYMENT_PRACTICES row
    where it is one practice: with no list, or one under ``smallest_list``, it has no figure for
    each patient, and the notes say why. Raises Problem where nothing is loaded for that year.
    """
    known = payment_lines()
    sums = {whose: YearOfPayments(table, period) for whose, table in
            (("", own), ("icb_", board), ("england_", england))}  # fmt: skip
    mine = sums[""]
    if not mine.lines:
        raise Problem(_nothing(own, england, period, name))
    why, reason = undivided(mine, practice, smallest_list)
    rows = []
    for level, group, line, title, parts in _shown(known, mine):
        amount = mine.amount(parts)
        row: dict[str, Any] = {
            "period": period,
            "level": level,
            "line_group": group,
            "line": line,
            "title": title,
            "counted_in": known.groups[group].counted_in if group else "",
            "amount": amount,
            "missing": why,
            "note": _line_note(known, level, line, amount),
        }
        for whose, year in sums.items():
            if whose or why is None:
                row |= {f"{whose}{per}": value for per, value in year.each(parts).items()}
        rows.append(row)
    notes = [reason] if reason else []
    notes += _about_practice(practice) if practice else _about_many(known, mine)
    if blank := sum(row["not_given"] for row in mine.lines.values()):
        notes.append(f"{blank:,} amounts are not given in the file, and are in no sum.")
    notes += _about_networks(known, sums["england_"])
    return Table.of(
        MONEY,
        [{column: row.get(column) for column in MONEY.names} for row in rows],
        title=f"Payments to {name}, {period}",
        caption=CAPTION,
        notes=tuple(notes),
    )


def _shown(
    known: PaymentLines, year: YearOfPayments
) -> list[tuple[str, str, str, str, tuple[str, ...]]]:
    """Return (level, group, line, title, lines added up) in the order in which they are shown."""
    found = []
    for group in known.groups.values():
        lines = [one for one in known.of_group(group.group) if one.line in year.lines]
        if not lines:
            continue
        parts = tuple(one.line for one in lines)
        found.append(("group", group.group, "", group.title, parts))
        found += [("line", group.group, one.line, one.title, (one.line,)) for one in lines]
    there = {known.counted_in(line) for line in year.lines}
    for total in known.totals.values():
        if there.issuperset(total.adds):
            parts = parts_of(known, total.total)
            found.append(("total", "", total.total, total.title, parts))
    return found


def _line_note(known: PaymentLines, level: str, line: str, amount: float) -> str | None:
    if level == "total":
        return None
    notes = []
    deducted = level == "line" and known.lines[line].sign == "deducted"
    if level == "line":
        if amount < 0 and not deducted:
            notes.append(_BELOW)
        if amount > 0 and deducted:
            notes.append(_ABOVE)
        notes.append(known.lines[line].note)
    return " ".join(note for note in notes if note) or None


def _about_practice(practice: Mapping[str, Any]) -> list[str]:
    notes = []
    if practice["close_date"]:
        closed = practice["close_date"]
        notes.append(f"The file gives the practice a close date: {closed.day} {closed:%B %Y}.")
    if practice["atypical"]:
        notes.append(f"The publisher marks it as unusual: {practice['atypical']}.")
    notes.append(f"Patients are the {practice['patients_are']} of that file, not a later list.")
    return notes


def _about_many(known: PaymentLines, year: YearOfPayments) -> list[str]:
    notes = [f"The sum of {year.practices:,} practices that are in that year's file."]
    if year.no_list and year.listed:
        parts = parts_of(known, TOTAL)
        left = year.amount(parts) - year.amount(parts, "listed_amount")
        notes.append(
            f"{year.no_list:,} of them have no registered patients; their £{left:,.2f} of payments "
            "to general practice is in the amounts and in no figure for each patient."
        )
    return notes


def _about_networks(known: PaymentLines, england: YearOfPayments) -> list[str]:
    lines = [one for one in known.of_group("networks") if one.line in england.lines]
    if not lines:
        return []
    most = max(lines, key=lambda one: england.lines[one.line]["paid"])
    return [
        "Payments to networks stand under some practices only: in England "
        f"{england.lines[most.line]['paid']:,} of {england.practices:,} have any for "
        f"{most.title.lower()}. They say little about one practice."
    ]


def _nothing(own: Table, england: Table, period: str, name: str) -> str:
    years = sorted({*years_of(england), *years_of(own)})
    if period not in years:
        loaded = f" Years loaded: {', '.join(years)}." if years else ""
        return (
            f"No file of NHS Payments to General Practice for {period} is loaded.{loaded} Read "
            "that year's file first."
        )
    others = years_of(own)
    elsewhere = f" It is in those of {', '.join(others)}." if others else ""
    return f"{name} is not in the payments file of {period}.{elsewhere}"
