"""Bodies that meet: opened, described, closed; who sits in them; when they may settle anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from locality.records.actions.people import open_post, tags_of
from locality.records.actions.refusing import Checking, Refusal
from locality.records.actions.seen import unchanged
from locality.records.actions.signals import end, subject
from locality.records.actions.writing import change, event, fresh_code, keep
from locality.records.free_text import paragraphs
from locality.records.models import Body, BodyKind, QuorumRule, Seat, SeatRole

#: Most things that a quorum can ask for.
MOST_RULES = 8
_TEXTS = {
    "acts_for": "for whom it acts",
    "consent": "by what consent it acts",
    "bring": "what to bring to it",
    "contact": "whom to contact",
    "task": "what it is there to do",
}


def open_body(
    *,
    name: str,
    kind: str,
    acts_for: str,
    who: str,
    why: str,
    opened_on: str | date | None = None,
    organisation: str = "",
    parent: str = "",
    consent: str = "",
    bring: str = "",
    contact: str = "",
    task: str = "",
    needs_tags: Iterable[str] = (),
) -> Body:
    """Return a new body. Raises Refusal for any of the fields."""
    texts = {"acts_for": acts_for, "consent": consent, "bring": bring, "contact": contact,
             "task": task}  # fmt: skip
    with Checking() as check:
        told = _told(check, name, kind, organisation, texts, needs_tags)
        day = check.day("opened_on", opened_on or timezone.localdate(), "the day it began")
        why = check.reason(why)
        who = check.who(who)
    with change():
        above = body(parent, "parent") if parent else None
        _one_name(told)
        code = fresh_code("b")
        because = event(
            who=who, what="body.opened", why=why, kind="body", subject=code,
            detail={"name": told["name"]},
        )  # fmt: skip
        opened = Body(code=code, parent=above, opened_on=day, **told)
        keep(opened, because)
    return opened


def describe_body(
    *,
    code: str,
    name: str,
    kind: str,
    acts_for: str,
    who: str,
    why: str,
    organisation: str = "",
    parent: str = "",
    consent: str = "",
    bring: str = "",
    contact: str = "",
    task: str = "",
    needs_tags: Iterable[str] = (),
    seen: str | int | None = None,
) -> Body:
    """Return the body as it is described now: every field, as it stands on the form.

    Raises Refusal for any of the fields, for ``parent`` also where bodies would answer to each
    other in a circle, and Changed where somebody else was quicker.
    """
    texts = {"acts_for": acts_for, "consent": consent, "bring": bring, "contact": contact,
             "task": task}  # fmt: skip
    with Checking() as check:
        told = _told(check, name, kind, organisation, texts, needs_tags)
        why = check.reason(why)
        who = check.who(who)
    with change():
        held = body(code, "code")
        unchanged(held, seen)
        told["parent"] = body(parent, "parent") if parent else None
        _no_circle(held, told["parent"])
        changed = [name for name, value in told.items() if getattr(held, name) != value]
        if not changed:
            return held
        _one_name(told, held)
        because = event(
            who=who, what="body.described", why=why, kind="body", subject=held.code,
            detail={"changed": changed},
        )  # fmt: skip
        for field in changed:
            setattr(held, field, told[field])
        keep(held, because)
    return held


def set_quorum(
    *,
    code: str,
    rules: Sequence[tuple[str | int, Iterable[str], bool]],
    who: str,
    why: str,
    seen: str | int | None = None,
) -> list[QuorumRule]:
    """Return what must be so before the body may settle anything; what was asked before ends.

    Each rule is (minimum, tags of which a member must hold one, whether only those who vote
    count); all must hold, and none at all is a body without a quorum. ``seen`` is the body's
    version. Raises Refusal for ``rules``, ``code``, ``who`` or ``why``.
    """
    with Checking() as check:
        wanted = _rules(check, rules)
        why = check.reason(why)
        who = check.who(who)
    with change():
        held = body(code, "code")
        unchanged(held, seen)
        standing = list(held.quorum.filter(ended_at=None).order_by("position"))
        if [(one.minimum, one.any_of, one.voting_only) for one in standing] == wanted:
            return standing
        because = event(
            who=who, what="body.quorum_set", why=why, kind="body", subject=held.code,
            detail={"rules": [list(rule) for rule in wanted]},
        )  # fmt: skip
        for one in standing:
            end(one, because, "The quorum was set anew.")
        made = []
        for position, (minimum, tags, voting) in enumerate(wanted, 1):
            rule = QuorumRule(
                code=fresh_code("u"), body=held, position=position, minimum=minimum,
                any_of=tags, voting_only=voting, by=who, at=because.at,
            )  # fmt: skip
            keep(rule, because)
            made.append(rule)
        # The quorum is part of what somebody else may have open: the body moves on with it.
        keep(held, because)
    return made


def close_body(
    *, code: str, who: str, why: str, on: str | date | None = None, seen: str | int | None = None
) -> Body:
    """Return the body, closed ``on`` that day (today if unsaid), its seats with it.

    Raises Refusal.
    """
    today = timezone.localdate()
    with Checking() as check:
        day = check.day("on", on or today, "the day it ended", before=today) or today
        why = check.reason(why)
        who = check.who(who)
    with change():
        held = body(code, "code")
        unchanged(held, seen)
        if day < held.opened_on:
            raise Refusal("on", f"It began on {held.opened_on:%-d %B %Y}: it ended later.")
        if held.children.filter(closed_on=None).exists():
            first = held.children.filter(closed_on=None).first()
            raise Refusal("code", f"{first.name} answers to it: say first to whom it will answer.")
        because = event(
            who=who, what="body.closed", why=why, kind="body", subject=held.code,
            detail={"on": str(day)},
        )  # fmt: skip
        for one in held.seats.filter(to_day=None):
            one.to_day = max(day, date.fromordinal(one.from_day.toordinal() + 1))
            keep(one, because)
        held.closed_on = day
        keep(held, because)
    return held


def give_seat(
    *,
    body_code: str,
    post: str,
    role: str,
    from_day: str | date,
    who: str,
    why: str,
    voting: bool = True,
) -> Seat:
    """Return a seat in a body for the holder of a post, from ``from_day`` on.

    Somebody in attendance does not vote. Raises Refusal for any of the fields, and where the
    post sits there already or the chair is taken.
    """
    with Checking() as check:
        if role not in SeatRole.values:
            check.refuse("role", "Choose what they do in it.")
        day = check.day("from_day", from_day, "the first day")
        if role == SeatRole.ATTENDING and voting:
            check.refuse("voting", "Somebody in attendance does not vote.")
        why = check.reason(why)
        who = check.who(who)
    with change():
        held = body(body_code, "body_code")
        sits = open_post(post)
        if day and day < max(sits.from_day, held.opened_on):
            first = max(sits.from_day, held.opened_on)
            raise Refusal("from_day", f"Post and body are both there from {first:%-d %B %Y} on.")
        if held.seats.filter(post=sits, to_day=None).exists():
            raise Refusal("post", f"{sits.person.name} sits in it already with this post.")
        if role == SeatRole.CHAIR and held.seats.filter(role=role, to_day=None).exists():
            raise Refusal("role", "It has a chair. End that seat first, from the day it changes.")
        code = fresh_code("s")
        because = event(
            who=who, what="seat.given", why=why, kind="seat", subject=code,
            detail={"body": held.code, "post": sits.code, "role": role},
        )  # fmt: skip
        seat = Seat(code=code, body=held, post=sits, role=role, voting=voting, from_day=day)
        keep(seat, because)
    return seat


def end_seat(
    *, code: str, to_day: str | date, who: str, why: str, seen: str | int | None = None
) -> Seat:
    """Return the seat, ended: ``to_day`` is the first day it is held no more. Raises Refusal."""
    with Checking() as check:
        day = check.day("to_day", to_day, "the day it ends")
        why = check.reason(why)
        who = check.who(who)
    with change():
        seat: Seat | None = Seat.objects.select_related("body").filter(code=code).first()
        if seat is None or seat.to_day is not None:
            raise Refusal("code", "This seat has ended already, or never was.")
        unchanged(seat, seen)
        if day is not None and day <= seat.from_day:
            raise Refusal("to_day", f"It began on {seat.from_day:%-d %B %Y}: end it later.")
        because = event(
            who=who, what="seat.ended", why=why, kind="seat", subject=seat.code,
            detail={"body": seat.body.code, "on": str(day)},
        )  # fmt: skip
        seat.to_day = day
        keep(seat, because)
    return seat


def body(code: str, field: str = "body") -> Body:
    """Return the open body under ``code``; Refusal in ``field`` where there is none."""
    held: Body | None = Body.objects.filter(code=code.strip()).first()
    if held is None:
        raise Refusal(field, "Choose a body from those recorded here.")
    if not held.is_open:
        raise Refusal(field, f"{held.name} has closed.")
    return held


def _told(
    check: Checking,
    name: str,
    kind: str,
    organisation: str,
    texts: dict[str, str],
    needs_tags: Iterable[str],
) -> dict[str, Any]:
    told: dict[str, Any] = {"name": check.line("name", name, "the name of the body", 120)}
    if kind not in BodyKind.values:
        check.refuse("kind", "Choose what sort of body it is.")
    told["kind"] = kind
    told["organisation"] = subject(check, organisation, "any")[0] if organisation.strip() else ""
    for field, text in texts.items():
        text = paragraphs(text)
        asked = field == "acts_for" or text
        told[field] = check.words(field, text, _TEXTS[field]) if asked else ""
    told["needs_tags"] = tags_of(check, "needs_tags", needs_tags)
    return told


def _one_name(told: dict[str, Any], but: Body | None = None) -> None:
    same = Body.objects.filter(
        name__iexact=told["name"], organisation=told["organisation"], closed_on=None
    )
    if same.exclude(pk=but.pk if but else None).exists():
        raise Refusal("name", f"There is a body called {told['name']} already.")


def _no_circle(held: Body, above: Body | None) -> None:
    way = [held.name]
    while above is not None:
        way.append(above.name)
        if above.pk == held.pk:
            raise Refusal(
                "parent", f"They would answer to each other in a circle: {' → '.join(way)}."
            )
        above = above.parent


def _rules(
    check: Checking, rules: Sequence[tuple[str | int, Iterable[str], bool]]
) -> list[tuple[int, list[str], bool]]:
    if len(rules) > MOST_RULES:
        check.refuse("rules", f"A quorum asks for at most {MOST_RULES} things.")
    wanted = []
    for number, (minimum, tags, voting) in enumerate(rules, 1):
        text = str(minimum).strip()
        if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 99):
            check.refuse("rules", f"In line {number}, write how many as a number from 1 to 99.")
            continue
        wanted.append((int(text), tags_of(check, "rules", tags), bool(voting)))
    return wanted
