"""The action log as typed tables for pages, downloads, reminders and the command line."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from locality.figures import Column, NotFound, Schema, Table
from locality.records.models import TO_DO, Action, Event, Feed, Seat, Transition
from locality.records.people_tables import current
from locality.records.signal_tables import moment

ACTIONS = Schema(
    "actions",
    "The action log",
    (
        Column("reference", "text", "the action's number"),
        Column("what", "text", "what is to be done"),
        Column("state", "text", "open, in progress, done or dropped"),
        Column("due_on", "date", "by when"),
        Column("overdue", "flag", "whether that day has passed and it is not done"),
        Column("owner", "text", "who does it, by code"),
        Column("owner_name", "text", "who does it"),
        Column("owner_left", "flag", "whether they have left"),
        Column("accountable", "text", "who is accountable, by code"),
        Column("accountable_name", "text", "who is accountable"),
        Column("body", "text", "of which body, by code"),
        Column("body_name", "text", "of which body"),
        Column("organisation", "text", "for which organisation, by code"),
        Column("origin_kind", "text", "what it came out of"),
        Column("origin", "text", "which one"),
        Column("depends_on", "text", "which action has to be done first"),
        Column("moved", "whole", "how often its day was moved"),
        Column("first_due", "date", "the day it was first due"),
        Column("evidence", "text", "what shows that it is done"),
        Column("done_on", "date", "when it was done", required=False),
        Column("done_by", "text", "who said so"),
        Column("dropped_why", "text", "why it was dropped"),
        Column("version", "whole", "grows with every change"),
    ),
    ("reference",),
)

#: The orders in which the log can stand: by which fields. The day comes first, or last.
ORDERS: dict[str, tuple[str, ...]] = {
    "due": ("due_on", "id"),
    "owner": ("owner__name", "due_on", "id"),
    "what": ("what", "id"),
    "state": ("state", "due_on", "id"),
    "moved": ("-moved", "due_on", "id"),
    "latest": ("-id",),
}

STEPS = Schema(
    "steps",
    "From state to state",
    (
        Column("state", "text", "the state that was reached"),
        Column("at", "text", "when, local time"),
        Column("days", "whole", "for how many days it was in it, until now if it still is"),
        Column("who", "text", "who brought it there"),
        Column("why", "text", "why"),
    ),
    (),
)

CHANGES = Schema(
    "changes_of_an_action",
    "What was changed",
    (
        Column("event", "whole", "place in the log; what was changed together shares it"),
        Column("at", "text", "when, local time"),
        Column("field", "text", "what: the day it is due, its owner and so on"),
        Column("was", "text", "what it was"),
        Column("now", "text", "what it became"),
        Column("who", "text", "who changed it"),
        Column("why", "text", "why"),
    ),
    (),
)

FEEDS = Schema(
    "feeds",
    "Calendars that follow what needs somebody",
    (
        Column("person", "text", "whose, by code"),
        Column("name", "text", "whose"),
        Column("made_on", "date", "when its address was made"),
        Column("by", "text", "who made it"),
    ),
    ("person",),
)


def actions(
    *,
    person: str = "",
    body: str = "",
    organisation: str = "",
    origin: str = "",
    show: str = "to do",
    sits_in: bool = False,
    order: str = "due",
    first: int = 0,
    most: int | None = None,
    day: date | None = None,
) -> Table:
    """Return ACTIONS in an order of ORDERS: ``show`` to do, overdue, done, dropped or all.

    Of one person (owner or accountable), body, organisation or origin where these are given;
    with ``sits_in`` also those of bodies in which the person has a seat. ``most`` of them from
    the ``first`` on. Those that ended stand latest first where the day is the order.
    """
    today = day or timezone.localdate()
    found = Action.objects.all()
    if person:
        whose = Q(owner__code=person) | Q(accountable__code=person)
        if sits_in:
            whose |= Q(body__code__in=bodies_of(person, today))
        found = found.filter(whose)
    for name, code in (("body__code", body), ("organisation", organisation), ("origin", origin)):
        if code:
            found = found.filter(**{name: code})
    found = _shown(found, show, today)
    ended = order == "due" and show in ("done", "dropped")
    found = found.order_by(*(("-done_on", "-event_id") if ended else ORDERS[order]))
    rows = found[first : first + most] if most is not None else found[first:]
    return Table.of(ACTIONS, _rows(rows, today))


def held_up(reference: str) -> list[str]:
    """Return the references of the actions that wait for this one to be done."""
    found = Action.objects.filter(depends_on__reference=reference).order_by("id")
    return list(found.values_list("reference", flat=True))


def action(reference: str) -> Table:
    """Return one action (ACTIONS, one row); raises NotFound with a sentence."""
    rows = _rows(Action.objects.filter(reference=reference), timezone.localdate())
    if not rows:
        raise NotFound(f"There is no action {reference[:20]!r}.")
    return Table.of(ACTIONS, rows)


def steps(kind: str, subject: str) -> Table:
    """Return STEPS of one thing, the first first, with the days it was in each state."""
    found = list(
        Transition.objects.filter(subject_kind=kind, subject=subject).select_related("event")
    )
    ends = [one.event.at for one in found[1:]] + [timezone.now()]
    rows = [
        {
            "state": one.to_state,
            "at": moment(one.event.at),
            "days": (end - one.event.at).days,
            "who": one.event.who,
            "why": one.event.why,
        }
        for one, end in zip(found, ends, strict=True)
    ]
    return Table.of(STEPS, rows)


def changes(reference: str) -> Table:
    """Return CHANGES of one action, the first first: each field that was changed, and why."""
    found = Event.objects.filter(
        subject_kind="action", subject=reference, what__in=("action.changed", "action.reopened")
    ).order_by("id")
    return Table.of(
        CHANGES,
        [
            {
                "event": one.pk,
                "at": moment(one.at),
                "field": field,
                "was": was,
                "now": now,
                "who": one.who,
                "why": one.why,
            }
            for one in found
            for field, (was, now) in one.detail.get("changes", {}).items()
        ],
    )


def bodies_of(person: str, day: date) -> list[str]:
    """Return the codes of the bodies in which a person has a seat on ``day``."""
    held = current(Seat.objects.filter(post__person__code=person), day)
    return list(held.values_list("body__code", flat=True))


def feeds(person: str = "") -> Table:
    """Return FEEDS that stand, by name; of one person where it is given. No address is known."""
    found = Feed.objects.filter(ended_at=None).select_related("person").order_by("person__name")
    if person:
        found = found.filter(person__code=person)
    rows = [
        {
            "person": one.person.code,
            "name": one.person.name,
            "made_on": timezone.localtime(one.at).date(),
            "by": one.by,
        }
        for one in found
    ]
    return Table.of(FEEDS, rows)


#: Fields of an action that stand in its row as they are, and those that stand under another name.
_PLAIN = ("reference", "what", "state", "due_on", "organisation", "origin_kind", "origin",
          "moved", "first_due", "evidence", "done_on", "done_by", "dropped_why")  # fmt: skip
_NAMED = {
    "owner": "owner__code",
    "owner_name": "owner__name",
    "accountable": "accountable__code",
    "accountable_name": "accountable__name",
    "body": "body__code",
    "body_name": "body__name",
    "depends_on": "depends_on__reference",
    "version": "event_id",
}


def _rows(found: QuerySet, today: date) -> list[dict[str, Any]]:
    """Return rows of ACTIONS, for which only what stands in them is read."""
    return [
        {name: one[name] for name in _PLAIN}
        | {name: one[field] or "" for name, field in _NAMED.items()}
        | {
            "overdue": one["state"] in TO_DO and one["due_on"] < today,
            "owner_left": one["owner__ended_at"] is not None,
        }
        for one in found.values(*_PLAIN, *_NAMED.values(), "owner__ended_at")
    ]


def _shown(found: QuerySet, show: str, today: date) -> QuerySet:
    if show == "overdue":
        return found.filter(state__in=TO_DO, due_on__lt=today)
    if show == "to do":
        return found.filter(state__in=TO_DO)
    if show in ("done", "dropped"):
        return found.filter(state=show)
    return found
