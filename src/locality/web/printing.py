"""How values look on a page: cells of a typed table, days, periods, headings, kinds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from locality.figures import Column, Period, Table
from locality.figures.figure import printed
from locality.render.pictures.wording import kind_words

__all__ = [
    "capitalise",
    "cell",
    "columns_used",
    "day",
    "event_words",
    "heading",
    "interval",
    "is_count",
    "kind_words",
    "kinds_words",
    "number",
    "period_label",
    "pounds",
    "quantity",
    "reason",
    "unit_value",
]

_HEADINGS = {
    "as_at": "As at",
    "icb": "ICB",
    "icb_code": "ICB",
    "icb_name": "ICB",
    "pcn_code": "PCN",
    "sub_icb_code": "Sub-ICB",
    "region_code": "Region",
    "place_code": "Place",
    "sha256": "File's hash (SHA-256)",
    "practice_code": "Practice",
    "england_share": "England (%)",
}
_MANY = {"pcn": "PCNs", "icb": "ICBs", "sub_icb": "sub-ICBs", "england": "England"}
_EVENTS = {
    "group.created": "made",
    "group.renamed": "renamed",
    "group.members": "its practices were changed",
    "group.closed": "closed",
    "setting.set": "set",
    "setting.cleared": "set back to what is usual",
}
_COUNTS = ("whole", "number", "bits")


def heading(column: Column) -> str:
    """Return a column's heading: its name in words, and its unit where that is not plain."""
    words = _HEADINGS.get(column.name) or column.name.replace("_", " ").capitalize()
    return f"{words} ({column.unit})" if column.unit in ("%", "£") and "(" not in words else words


def cell(value: Any, column: Column) -> str:
    """Return one cell as a reader expects it; an empty cell is an empty text."""
    if value is None or value != value:
        return ""
    if column.type == "flag":
        return "yes" if value else "no"
    if column.type == "date":
        return day(value)
    if column.name == "period":
        return period_label(value)
    if column.name == "kind":
        return kind_words(value)
    if column.type == "whole":
        return f"{value:,}"
    if column.type == "number":
        return unit_value(value, column.unit) if column.unit in ("%", "£") else number(value)
    return str(value)


def number(value: Any, places: int = 2) -> str:
    """Return a number with thousands apart and no idle noughts: ``1,234.5``."""
    if value is None or value != value:
        return ""
    value = float(value)
    if value.is_integer():
        return f"{value:,.0f}"
    return f"{value:,.{places}f}"


def quantity(value: Decimal) -> str:
    """Return a line's quantity: six places for a share below one, else as numbers are printed."""
    return f"{value:.6f}" if 0 < abs(value) < 1 else number(value)


def unit_value(value: Any, unit: str = "") -> str:
    """Return ``value`` in ``unit`` as figures print it, or an empty text where there is none."""
    return "" if value is None or value != value else printed(float(value), unit)


def interval(lower: Any, upper: Any, unit: str = "") -> str:
    """Return ``14.1 to 16.4 %``, or an empty text where no interval applies."""
    if lower is None or upper is None or lower != lower or upper != upper:
        return ""
    return f"{unit_value(lower, unit)} to {unit_value(upper, unit)}".replace(" % to", " to")


def pounds(value: Decimal | float | None) -> str:
    """Return money as ``£1,234.56``."""
    return "" if value is None else f"£{value:,.2f}".replace("£-", "-£")


def whole_pounds(value: Decimal | float | None) -> str:
    """Return money to the pound, as ``£1,235``; the pennies stand in statements."""
    return "" if value is None else f"£{value:,.0f}".replace("£-", "-£")


def day(value: Any) -> str:
    """Return a date as ``1 July 2026``; text that is not a date is left as it is."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
        except ValueError:
            return value
    if isinstance(value, datetime):
        return f"{value.day} {value:%B %Y, %H:%M}"
    return f"{value.day} {value:%B %Y}" if isinstance(value, date) else str(value or "")


def period_label(code: Any) -> str:
    """Return a period code in the words of the field: years stay ``2024-25``."""
    if not code:
        return ""
    try:
        period = Period.parse(str(code))
    except ValueError:
        return str(code)
    return period.code if period.code.count("-") == 1 and "M" not in period.code else period.label


def kinds_words(kind: str) -> str:
    """Return a kind of organisation in the plural: ``pcn`` is ``PCNs``."""
    return _MANY.get(kind, f"{kind}s")


def capitalise(words: Any) -> str:
    """Return ``words`` with a capital first letter and the rest as it is: ``PCNs`` stay so."""
    text = str(words or "")
    return text[:1].upper() + text[1:]


def event_words(what: str) -> str:
    """Return what was done, in words."""
    return _EVENTS.get(what, what.replace(".", " ").replace("_", " "))


def reason(missing: Any) -> str:
    """Return why there is no number, as it is stored; ``not given`` where nobody said."""
    return str(missing) if missing else "not given"


def columns_used(table: Table, leave_out: Iterable[str] = ()) -> list[Column]:
    """Return the columns of ``table`` that hold anything, in order, without ``leave_out``."""
    out = set(leave_out)
    return [
        column
        for column in table.schema.columns
        if column.name not in out and _holds_anything(table, column)
    ]


def _holds_anything(table: Table, column: Column) -> bool:
    values = table.data.column(column.name)
    if values.null_count == len(values):
        return False
    return column.type != "text" or any(value for value in values.unique().to_pylist())


def is_count(column: Column) -> bool:
    """Return whether a column holds numbers, which stand to the right."""
    return column.type in _COUNTS


def reliability(value: float | None) -> str:
    """Return a reliability as a page prints it: ``0.83``, and ``over 0.99`` rather than 1.00."""
    if value is None:
        return "–"
    return "over 0.99" if value > 0.995 else "under 0.01" if value < 0.005 else f"{value:.2f}"


def probability(value: float | None) -> str:
    """Return a probability in per cent; nothing is ever certain or impossible."""
    if value is None:
        return "–"
    return (
        "over 99 %" if value > 0.995 else "under 1 %" if value < 0.005 else f"{100 * value:.0f} %"
    )
