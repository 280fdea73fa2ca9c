"""Checklists: begin one, say who answers, complete it, look at it again, take it back."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from locality.judging.checklists import progress
from locality.judging.raters import LEAST
from locality.knowledge.checklist import Template
from locality.records.actions.moving import began, may_follow, move
from locality.records.actions.numbering import next_reference
from locality.records.actions.refusing import Checking, Refusal
from locality.records.actions.seen import unchanged
from locality.records.actions.writing import change, event, keep
from locality.records.checklist_tables import answered
from locality.records.free_text import one_line, paragraphs
from locality.records.models import (
    AboutKind,
    Body,
    Checklist,
    ChecklistState,
    Event,
    Person,
    Rater,
    Seat,
)

_ORGANISATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,59}")
#: A template with longer names than these could not be kept.
LONGEST_TITLE = 160


def start_checklist(
    *,
    template: Template,
    about_kind: str,
    about: str,
    owner: str,
    who: str,
    why: str = "",
    title: str = "",
    body: str = "",
    raters: Iterable[tuple[str, str]] = (),
    known: Collection[str] | None = None,
) -> Checklist:
    """Return a new checklist on ``template`` about one thing, in the care of ``owner`` (a person).

    ``about`` is an organisation's code, a body's, or the reference of anything else; ``body`` the
    body in whose name it is filled in, if any. ``raters`` are (person, side) where people answer
    apart; where a body's members do and nobody is named, all who hold a seat in it now.
    ``known`` holds the codes of organisations, to catch a slip. Raises Refusal for any field.
    """
    with Checking() as check:
        about, body = _about(check, template, about_kind, about, body, known)
        named = check.person("owner", owner, "who takes care of it")
        title = one_line(title) or template.title
        title = check.line("title", title, "the title", LONGEST_TITLE)
        why = check.reason(why) if why.strip() else f"{template.use}."
        who = check.who(who)
    with change():
        return _begun(template, about_kind, about, body, named, title, list(raters), None, who, why)


def start_anew(
    *, reference: str, template: Template, owner: str, who: str, why: str = ""
) -> Checklist:
    """Return this year's checklist after the one under ``reference``, which is now reviewed.

    It asks what ``template``, the same one as it is today, asks, of those who answered before.
    Raises Refusal for ``reference``, ``owner``, ``who`` or ``why``.
    """
    with Checking() as check:
        named = check.person("owner", owner, "who takes care of it")
        why = check.reason(why) if why.strip() else "It was time to look at it again."
        who = check.who(who)
    with change():
        last = checklist_of(reference)
        if template.id != last.template:
            raise Refusal("reference", f"{last.reference} asks {last.title!r}, not this.")
        if last.state == ChecklistState.COMPLETE:
            _review(last, who, why)
        elif last.state != ChecklistState.REVIEWED:
            raise Refusal("reference", f"Complete {last.reference} first: it is {last.state}.")
        again = last.followed_by.exclude(state=ChecklistState.WITHDRAWN).first()
        if again is not None:
            raise Refusal("reference", f"That was done: {again.reference} follows it.")
        sides = {one.id for one in template.sides}
        raters = [
            (one.person.code, one.side)
            for one in last.raters.select_related("person")
            if one.person.stands and (one.side in sides or not sides)
        ]
        if last.about_kind == AboutKind.BODY:
            raters = []
        body = last.body.code if last.body else ""
        return _begun(
            template, last.about_kind, last.about, body, named, last.title, raters, last, who, why
        )


def excuse_rater(*, reference: str, person: str, who: str, why: str) -> Rater:
    """Return the rater, whom nobody waits for any more; what they answered is not used.

    Raises Refusal for ``reference``, ``person``, ``who`` or ``why``.
    """
    with Checking() as check:
        why = check.reason(why)
        who = check.who(who)
    with change():
        held = open_checklist(reference)
        rater = rater_of(held, person)
        if not rater.is_awaited:
            raise Refusal("person", f"Nobody waits for {rater.person.name}.")
        because = _event(held, "checklist.rater excused", who, why, person=rater.person.code)
        rater.excused_why = why
        keep(rater, because)
    return rater


def finish_answers(*, reference: str, person: str, who: str) -> Rater:
    """Return the rater, who is done: their answers stand, and can be shown once all are done.

    Raises Refusal for ``reference``, ``person`` or ``who``; for ``items`` with what is missing.
    """
    with Checking() as check:
        who = check.who(who)
    with change():
        return finish(open_checklist(reference), person, who)


def finish(held: Checklist, person: str, who: str) -> Rater:
    """Return the rater, done; called inside a change. Raises Refusal likewise."""
    rater = rater_of(held, person)
    if not rater.is_awaited:
        raise Refusal("person", "That was said already.")
    done = progress(held.questions, answered(held, rater))
    # Where answers are counts alone, one may be left empty.
    if done.to_do and not (held.anonymous and done.answered):
        raise Refusal("items", f"Answer these first: {_named(done.to_do)}.")
    because = _event(held, "checklist.answers given", who, "The answers are complete.",
                     person=rater.person.code)  # fmt: skip
    rater.finished_at = because.at
    keep(rater, because)
    return rater


def complete_checklist(
    *,
    reference: str,
    review_on: str | date,
    who: str,
    why: str = "",
    seen: str | int | None = None,
) -> Checklist:
    """Return the checklist, complete, to be looked at again on ``review_on``.

    Whatever is missing is named, and then ``why`` says why it may stay so. Raises Refusal for
    ``reference``, ``review_on``, ``why`` or ``who``, and Changed where somebody was quicker.
    """
    today = timezone.localdate()
    with Checking() as check:
        day = check.day("review_on", review_on, "the day it is looked at again", after=today)
        why = paragraphs(why)
        if why:
            why = check.reason(why)
        who = check.who(who)
    with change():
        held = checklist_of(reference)
        unchanged(held, seen)
        may_follow(held, "complete")
        left = missing(held)
        if left and not why:
            raise Refusal("why", f"Still missing: {'; '.join(left)}. Say why it may stay so.")
        because = _event(held, "checklist.completed", who, why or "Everything is answered.",
                         missing=list(left))  # fmt: skip
        held.review_on = day
        held.left_open_why = why if left else ""
        move(held, "complete", because)
    return held


def review_checklist(*, reference: str, who: str, why: str) -> Checklist:
    """Return the checklist, reviewed, with what was found. Raises Refusal."""
    with Checking() as check:
        why = check.reason(why)
        who = check.who(who)
    with change():
        held = checklist_of(reference)
        _review(held, who, why)
    return held


def withdraw_checklist(
    *, reference: str, who: str, why: str, seen: str | int | None = None
) -> Checklist:
    """Return the checklist, withdrawn with the reason; its answers are kept and not shown.

    Raises Refusal for ``reference``, ``who`` or ``why``, and Changed.
    """
    with Checking() as check:
        why = check.reason(why)
        who = check.who(who)
    with change():
        held = checklist_of(reference)
        unchanged(held, seen)
        may_follow(held, "withdrawn")
        because = _event(held, "checklist.withdrawn", who, why)
        held.withdrawn_why = why
        move(held, "withdrawn", because)
    return held


def missing(held: Checklist) -> tuple[str, ...]:
    """Return, in words, what is missing: items without answer and people who are waited for."""
    asked = held.questions
    awaited = [one for one in held.raters.select_related("person") if one.is_awaited]
    if awaited:
        return tuple(f"the answers of {one.person.name}" for one in awaited)
    if asked.raters == "one" or asked.agreed:
        return tuple(f"“{one.question}”" for one in progress(asked, answered(held, None)).to_do)
    return ()


def checklist_of(reference: str) -> Checklist:
    """Return the checklist under ``reference``; raises Refusal for ``reference``."""
    held: Checklist | None = Checklist.objects.filter(reference=reference.strip()).first()
    if held is None:
        raise Refusal("reference", f"There is no checklist {reference[:20]!r}.")
    return held


def open_checklist(reference: str) -> Checklist:
    """Return the open checklist under ``reference``; raises Refusal for ``reference``."""
    held = checklist_of(reference)
    if not held.is_open:
        raise Refusal("reference", f"{held.reference} is {held.state}: its answers stand as given.")
    return held


def rater_of(held: Checklist, person: str) -> Rater:
    """Return the rater who is ``person`` (a code); raises Refusal for ``person``."""
    found: Rater | None = held.raters.filter(person__code=person).select_related("person").first()
    if found is None:
        raise Refusal("person", "Only those who were asked can answer this one.")
    return found


def _review(held: Checklist, who: str, why: str) -> None:
    may_follow(held, "reviewed")
    move(held, "reviewed", _event(held, "checklist.reviewed", who, why))


def _about(
    check: Checking, template: Template, kind: str, about: str, body: str,
    known: Collection[str] | None,
) -> tuple[str, str]:  # fmt: skip
    about, body = one_line(about), body.strip()
    if kind not in template.about:
        check.refuse("about_kind", f"Choose what it is about: {' or '.join(template.about)}.")
        return about, body
    if kind == AboutKind.BODY:
        body = about
        if not _open_body(about):
            check.refuse("about", "Choose a body that is open.")
        return about, body
    if kind == AboutKind.ORGANISATION:
        wrong = not _ORGANISATION.fullmatch(about) or (known is not None and about not in known)
        if wrong:
            check.refuse("about", "Write the organisation's code, such as A81001.")
    else:
        about = check.line("about", about, f"the reference of the {kind}", 60)
    check.private("about", about)
    if body and not _open_body(body):
        check.refuse("body", "Choose a body that is open, or none.")
    return about, body


def _open_body(code: str) -> bool:
    return Body.objects.filter(code=code, closed_on=None).exists()


def _begun(
    template: Template, about_kind: str, about: str, body: str, owner: Any, title: str,
    raters: list[tuple[str, str]], follows: Checklist | None, who: str, why: str,
) -> Checklist:  # fmt: skip
    year = timezone.localdate().year
    sits = Body.objects.filter(code=body).first() if body else None
    alike = Checklist.objects.filter(template=template.id, about_kind=about_kind, about=about)
    if sits is not None and sits.closed_on is not None:
        raise Refusal("body", f"{sits.name} is closed, so nobody can answer for it.")
    standing = alike.filter(state=ChecklistState.OPEN).first()
    if standing is not None:
        raise Refusal("about", f"{standing.reference} asks this already and is still open.")
    if template.anonymous:
        this = alike.filter(year=year).exclude(state=ChecklistState.WITHDRAWN).first()
        if this is not None:
            raise Refusal("about", f"{this.reference} asked this in {year}; the next is in a year.")
    people = _raters(template, sits, raters)
    reference = next_reference("K")
    because = event(
        who=who, what="checklist.begun", why=why, kind="checklist", subject=reference,
        detail={
            "template": template.id, "version": template.version, "about_kind": about_kind,
            "about": about, "follows": follows.reference if follows else "",
            "raters": [[one.code, side] for one, side in people],
        },
    )  # fmt: skip
    made = Checklist(
        reference=reference, template=template.id, template_version=template.version,
        template_hash=template.content_hash, template_content=template.frozen, title=title,
        about_kind=about_kind, about=about, body=sits, owner=owner, follows=follows, year=year,
        anonymous=template.anonymous, state=ChecklistState.OPEN,
    )  # fmt: skip
    began(made, because)
    for one, side in people:
        keep(Rater(checklist=made, person=one, side=side), because)
    return made


def _raters(
    template: Template, body: Body | None, named: list[tuple[str, str]]
) -> list[tuple[Person, str]]:
    """Return who answers, each once; raises Refusal for ``raters``."""
    if template.raters == "one":
        return []
    if body is not None and not template.sides and not named:
        found = [(one, "") for one in seat_holders(body)]
    else:
        found, sides = [], {one.id for one in template.sides} or {""}
        for code, side in named:
            one = Person.objects.filter(code=code, ended_at=None).first()
            if one is None or side not in sides:
                raise Refusal("raters", "Choose who answers from the people recorded here.")
            if one not in [person for person, _ in found]:
                found.append((one, side))
            elif (one, side) not in found:
                raise Refusal("raters", f"{one.name} cannot answer for both sides.")
    bare = [one.title for one in template.sides if one.id not in {side for _, side in found}]
    if bare:
        raise Refusal("raters", f"Name at least one person for each side: {', '.join(bare)}.")
    if template.raters == "two" and len(found) != 2:
        raise Refusal("raters", "Name two people, who answer apart.")
    if template.anonymous and len(found) < LEAST:
        raise Refusal("raters", "Fewer than three would answer, so one could tell whose answer "
                      "is whose. Record the seats of this body first.")  # fmt: skip
    if not found:
        raise Refusal("raters", "Name who answers.")
    return found


def seat_holders(body: Body) -> list[Person]:
    """Return who holds a seat in ``body`` today, each once, by name."""
    today = timezone.localdate()
    seats = Seat.objects.filter(Q(to_day=None) | Q(to_day__gt=today), body=body,
                                from_day__lte=today).select_related("post__person")  # fmt: skip
    people = {one.post.person.code: one.post.person for one in seats if one.post.person.stands}
    return sorted(people.values(), key=lambda one: (one.name, one.code))


def _named(items: Iterable[Any]) -> str:
    return "; ".join(f"“{one.question}”" for one in items)


def _event(held: Checklist, what: str, who: str, why: str, **detail: Any) -> Event:
    return event(who=who, what=what, why=why, kind="checklist", subject=held.reference,
                 detail=detail)  # fmt: skip
