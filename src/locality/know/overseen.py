"""Who oversees what, and who can help with what, as tables."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from locality.figures import Column, Schema, Table
from locality.knowledge.oversight import KNOWN, Overseer, RoleCard

_KNOWN = (
    Column("note", "text", "what else is to be known", required=False),
    Column("known", "text", "how well this is known"),
    Column("grade", "text", "read, second_hand or check"),
    Column("reference", "text", "the source", required=False),
    Column("address", "text", "where the source stands", required=False),
    Column("as_at", "text", "when this was looked at"),
    Column("place", "text", "the file of knowledge it stands in"),
    Column("local", "flag", "whether it is this locality's own"),
)

OVERSIGHT = Schema(
    "oversight",
    "Who oversees general practice, is consulted, or hears a question",
    (
        Column("id", "text", "id in knowledge/oversight"),
        Column("name", "text", "the body"),
        Column("does", "text", "what it does, in two or three words"),
        Column("over", "text", "over whom or what"),
        *_KNOWN,
    ),
    ("id",),
)

ROLE_CARDS = Schema(
    "role_cards",
    "Who can help with what: what each profession must have, and who supervises it",
    (
        Column("id", "text", "id in knowledge/roles"),
        Column("name", "text", "the profession"),
        Column("helps_with", "text", "what it helps with"),
        Column("undifferentiated", "text", "sees problems not sorted out yet", required=False),
        Column("must_have", "text", "training it must have", required=False),
        Column("register", "text", "the register it must stand in", required=False),
        Column("supervision", "text", "who supervises it, how often", required=False),
        Column("supervision_days", "whole", "days between two meetings at most", required=False),
        *_KNOWN,
    ),
    ("id",),
)


def oversight(bodies: Iterable[Overseer], on: date) -> Table:
    """Return the bodies that are there on a day, in the order given (OVERSIGHT)."""
    rows = [
        {"id": one.id, "name": one.name, "does": one.does, "over": one.over, **_known(one)}
        for one in bodies
        if one.stands(on)
    ]
    return Table.of(OVERSIGHT, rows, title=OVERSIGHT.title)


def roles(cards: Iterable[RoleCard]) -> Table:
    """Return the role cards, in the order given (ROLE_CARDS); what is not known is empty."""
    rows = [
        {
            "id": one.id,
            "name": one.name,
            "helps_with": one.helps_with,
            "undifferentiated": one.undifferentiated,
            "must_have": one.must_have,
            "register": one.register_,
            "supervision": one.supervision,
            "supervision_days": one.supervision_days,
            **_known(one),
        }
        for one in cards
    ]
    return Table.of(ROLE_CARDS, rows, title=ROLE_CARDS.title)


def _known(one: Overseer | RoleCard) -> dict[str, object]:
    return {
        "note": one.note,
        "known": KNOWN[one.grade],
        "grade": one.grade,
        "reference": one.reference.text if one.reference else "",
        "address": one.reference.address if one.reference else "",
        "as_at": one.as_at,
        "place": one.place,
        "local": one.local,
    }
