"""Values of rules that people here entered, as a typed table."""

from __future__ import annotations

from typing import Any

from locality.figures import Column, Schema, Table
from locality.records.models import EnteredRule
from locality.records.signal_tables import moment

ENTERED = Schema(
    "entered_rules",
    "Values of rules entered here, with the documents they were read in",
    (
        Column("code", "text", "its own code"),
        Column("rule", "text", "the rule's id"),
        Column("title", "text", "what the rule is"),
        Column("unit", "text", "what its value is counted in"),
        Column("from_day", "date", "first day"),
        Column("to_day", "date", "last day"),
        Column("value", "text", "its value, every digit as it was entered"),
        Column("reference", "text", "the document it was read in"),
        Column("address", "text", "where the document is; empty where nobody said"),
        Column("signed_off", "flag", "whether it confirms a value that ships second hand"),
        Column("by", "text", "who entered it"),
        Column("at", "text", "when, local time"),
        Column("ended_at", "text", "when it was ended, local time", required=False),
        Column("ended_by", "text", "who ended it"),
        Column("ended_why", "text", "why"),
    ),
    ("code",),
)


def entered(rule: str = "", *, ended: bool = False) -> Table:
    """Return ENTERED by rule and day: what stands, or with ``ended`` all there was."""
    found = EnteredRule.objects.order_by("rule", "from_day", "-id")
    if rule:
        found = found.filter(rule=rule)
    if not ended:
        found = found.filter(ended_at=None)
    return Table.of(ENTERED, [_row(one) for one in found])


def _row(one: EnteredRule) -> dict[str, Any]:
    names = [column.name for column in ENTERED.columns if column.name not in ("at", "ended_at")]
    return {name: getattr(one, name) for name in names} | {
        "at": moment(one.at),
        "ended_at": moment(one.ended_at) if one.ended_at else None,
    }
