"""People and their posts: who comes, what they do where and how far they may go, who leaves."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone

from locality.records.actions.accounts import close_account_of
from locality.records.actions.refusing import Checking, Refusal
from locality.records.actions.seen import unchanged
from locality.records.actions.signals import subject
from locality.records.actions.writing import change, event, fresh_code, keep
from locality.records.free_text import one_line
from locality.records.models import Event, Person, Post, PostTag, Seat

_EMAIL = re.compile(r"[^@\s]{1,80}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
#: The largest limit that a post can have, in pounds.
LARGEST_LIMIT = Decimal("999999999.99")


def add_person(*, name: str, who: str, why: str, email: str = "") -> Person:
    """Return somebody new. Raises Refusal for ``name``, ``email``, ``who`` or ``why``."""
    with Checking() as check:
        name, email = _named(check, name, email)
        why = check.reason(why)
        who = check.who(who)
    with change():
        _one_address(email)
        code = fresh_code("p")
        because = event(
            who=who, what="person.added", why=why, kind="person", subject=code,
            detail={"name": name},
        )  # fmt: skip
        added = Person(code=code, name=name, email=email, by=who, at=because.at)
        keep(added, because)
    return added


def change_person(
    *, code: str, name: str, who: str, why: str, email: str = "", seen: str | int | None = None
) -> Person:
    """Return the person with their name and address as they are now.

    Raises Refusal for any of the fields, and Changed where somebody else was quicker.
    """
    with Checking() as check:
        name, email = _named(check, name, email)
        why = check.reason(why)
        who = check.who(who)
    with change():
        person = _person(code)
        unchanged(person, seen)
        if (person.name, person.email) == (name, email):
            return person
        _one_address(email, person)
        because = event(
            who=who, what="person.changed", why=why, kind="person", subject=person.code,
            detail={"from": person.name, "to": name},
        )  # fmt: skip
        person.name, person.email = name, email
        keep(person, because)
    return person


def person_leaves(
    *, code: str, who: str, why: str, on: str | date | None = None, seen: str | int | None = None
) -> Person:
    """Return the person, who has left: their posts and seats end ``on`` that day, today if unsaid.

    Their account closes with it; what they did stays theirs. Raises Refusal, also for the last
    administrator.
    """
    today = timezone.localdate()
    with Checking() as check:
        day = check.day("on", on or today, "the day they left", before=today)
        why = check.reason(why)
        who = check.who(who)
    with change():
        person = _person(code)
        unchanged(person, seen)
        because = event(
            who=who, what="person.left", why=why, kind="person", subject=person.code,
            detail={"on": str(day)},
        )  # fmt: skip
        close_account_of(person, because)
        for post in person.posts.filter(to_day=None):
            _end_post(post, day or today, because)
        person.ended_at, person.ended_by, person.ended_why = because.at, who, why
        keep(person, because)
    return person


def give_post(
    *,
    person: str,
    organisation: str,
    title: str,
    from_day: str | date,
    who: str,
    why: str,
    tags: Iterable[str] = (),
    decision_maker: bool = False,
    limit: str | Decimal | None = None,
    to_day: str | date | None = None,
) -> Post:
    """Return a post that a person holds from ``from_day`` up to but not including ``to_day``.

    ``limit`` is what it lets its holder decide alone, in pounds; empty is not stated. Raises
    Refusal for any of the fields.
    """
    with Checking() as check:
        told = _post(check, organisation, title, tags, decision_maker, limit)
        told |= _days(check, from_day, to_day)
        held = check.person("person", person)
        why = check.reason(why)
        who = check.who(who)
    with change():
        held = _person(person)
        code = fresh_code("o")
        because = event(
            who=who, what="post.given", why=why, kind="post", subject=code,
            detail={"person": held.code, "organisation": told["organisation"],
                    "title": told["title"]},
        )  # fmt: skip
        post = Post(code=code, person=held, **told)
        keep(post, because)
    return post


def change_post(
    *,
    code: str,
    title: str,
    who: str,
    why: str,
    tags: Iterable[str] = (),
    decision_maker: bool = False,
    limit: str | Decimal | None = None,
    seen: str | int | None = None,
) -> Post:
    """Return the post with its title, tags, part in decisions and limit as they are now.

    Raises Refusal for any of the fields, and Changed where somebody else was quicker.
    """
    with Checking() as check:
        told = _post(check, "ENG", title, tags, decision_maker, limit)
        told.pop("organisation")
        why = check.reason(why)
        who = check.who(who)
    with change():
        post = open_post(code)
        unchanged(post, seen)
        before = {name: getattr(post, name) for name in told}
        if before == told:
            return post
        because = event(
            who=who, what="post.changed", why=why, kind="post", subject=post.code,
            detail={"from": _plain(before), "to": _plain(told)},
        )  # fmt: skip
        for name, value in told.items():
            setattr(post, name, value)
        keep(post, because)
    return post


def end_post(
    *, code: str, to_day: str | date, who: str, why: str, seen: str | int | None = None
) -> Post:
    """Return the post, ended: ``to_day`` is the first day it is held no more, as are its seats.

    Raises Refusal.
    """
    with Checking() as check:
        day = check.day("to_day", to_day, "the day it ends")
        why = check.reason(why)
        who = check.who(who)
    with change():
        post = open_post(code)
        unchanged(post, seen)
        if day is not None and day <= post.from_day:
            raise Refusal("to_day", f"It began on {post.from_day:%-d %B %Y}: end it later.")
        because = event(
            who=who, what="post.ended", why=why, kind="post", subject=post.code,
            detail={"person": post.person.code, "on": str(day)},
        )  # fmt: skip
        _end_post(post, day or timezone.localdate(), because)
    return post


def open_post(code: str) -> Post:
    """Return the post under ``code`` that has no end; Refusal where there is none."""
    post: Post | None = Post.objects.select_related("person").filter(code=code.strip()).first()
    if post is None:
        raise Refusal("post", "Choose a post from those recorded here.")
    if post.to_day is not None:
        raise Refusal("post", f"This post ends on {post.to_day:%-d %B %Y}.")
    return post


def tags_of(check: Checking, field: str, given: Iterable[str]) -> list[str]:
    """Return the tags ``given``, in the order of the list; refuse one that is not on it."""
    asked = {tag.strip() for tag in given if tag.strip()}
    unknown = sorted(asked - set(PostTag.values))
    if unknown:
        check.refuse(
            field,
            f"There is no tag called {unknown[0][:30]!r}. There are {', '.join(PostTag.values)}.",
        )
    return [tag for tag in PostTag.values if tag in asked]


def _named(check: Checking, name: str, email: str) -> tuple[str, str]:
    name, email = check.line("name", name, "the name", 80), one_line(email)
    check.private("email", email)
    if email and not (_EMAIL.fullmatch(email) and len(email) <= 200):
        check.refuse("email", "Write the address as name@example.org, or leave it empty.")
    return name, email


def _one_address(email: str, but: Person | None = None) -> None:
    held = Person.objects.filter(email__iexact=email, ended_at=None) if email else None
    if held is not None and held.exclude(pk=but.pk if but else None).exists():
        raise Refusal("email", f"{held.exclude(pk=but.pk if but else None)[0].name} has it.")


def _person(code: str) -> Person:
    person: Person | None = Person.objects.filter(code=code.strip()).first()
    if person is None:
        raise Refusal("person", "Choose somebody from the people recorded here.")
    if not person.stands:
        raise Refusal("person", f"{person.name} has left.")
    return person


def _post(
    check: Checking,
    organisation: str,
    title: str,
    tags: Iterable[str],
    decision_maker: bool,
    limit: str | Decimal | None,
) -> dict[str, Any]:
    organisation, _ = subject(check, organisation, "any")
    return {
        "organisation": organisation,
        "title": check.line("title", title, "the title of the post", 100),
        "tags": tags_of(check, "tags", tags),
        "decision_maker": bool(decision_maker),
        "limit": _pounds(check, limit),
    }


def _pounds(check: Checking, given: str | Decimal | None) -> Decimal | None:
    text = "" if given is None else str(given).replace("£", "").replace(",", "").strip()
    if not text:
        return None
    try:
        amount = Decimal(text)
        if not amount.is_finite() or amount != round(amount, 2):
            raise InvalidOperation
    except InvalidOperation:
        check.refuse("limit", "Write the limit in pounds, such as 5,000, or leave it empty.")
        return None
    if not 0 <= amount <= LARGEST_LIMIT:
        check.refuse("limit", f"A limit lies between £0 and £{LARGEST_LIMIT:,.2f}.")
    return round(amount, 2)


def _days(check: Checking, from_day: str | date, to_day: str | date | None) -> dict[str, Any]:
    first = check.day("from_day", from_day, "the first day")
    last = check.day("to_day", to_day, "the day it ends") if to_day else None
    if first and last and last <= first:
        check.refuse("to_day", f"It begins on {first:%-d %B %Y}: choose a later day for its end.")
    return {"from_day": first, "to_day": last}


def _end_post(post: Post, day: date, because: Event) -> None:
    """End ``post`` and its open seats; one that had not begun by then held for its first day."""
    for seat in Seat.objects.filter(post=post, to_day=None):
        seat.to_day = _after(seat.from_day, day)
        keep(seat, because)
    post.to_day = _after(post.from_day, day)
    keep(post, because)


def _after(first: date, day: date) -> date:
    return max(day, date.fromordinal(first.toordinal() + 1))


def _plain(told: dict[str, Any]) -> dict[str, Any]:
    return {name: str(v) if isinstance(v, Decimal) else v for name, v in told.items()}
