"""The action log: take something on, change it, start, finish or drop it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from locality.records.actions.bodies import body as open_body_of
from locality.records.actions.moving import began, may_follow, move
from locality.records.actions.numbering import next_reference
from locality.records.actions.refusing import Checking, Refusal
from locality.records.actions.seen import unchanged
from locality.records.actions.signals import subject
from locality.records.actions.writing import change, event, keep
from locality.records.free_text import one_line, paragraphs
from locality.records.models import (
    Action,
    ActionState,
    Body,
    Checklist,
    CriteriaSet,
    EnteredRule,
    Event,
    Feedback,
    Mark,
    OriginKind,
    Person,
    Request,
    Scoring,
)

#: Where an action's origin is found: the model, the field of its code, what it is called.
_ORIGINS: dict[str, tuple[Any, str, str]] = {
    "body": (Body, "code", "body"),
    "scoring": (Scoring, "reference", "scoring"),
    "checklist": (Checklist, "reference", "checklist"),
    "criteria set": (CriteriaSet, "reference", "set of criteria"),
    "mark": (Mark, "code", "mark"),
    "request": (Request, "code", "request"),
    "feedback": (Feedback, "code", "feedback"),
    "rule": (EnteredRule, "code", "entered number"),
}
#: The latest day on which an action can be due, in days from now.
LATEST = 5 * 366


def log_action(
    *,
    what: str,
    owner: str,
    due_on: str | date,
    who: str,
    why: str = "",
    accountable: str = "",
    origin_kind: str = "none",
    origin: str = "",
    body: str = "",
    organisation: str = "",
    depends_on: str = "",
) -> Action:
    """Return a new action, open. Whoever is not named accountable is its owner.

    ``owner`` and ``accountable`` are people by code; ``origin`` is the code or reference of what
    it came out of; ``depends_on`` the reference of an action that has to be done first. Raises
    Refusal for any of the fields.
    """
    with Checking() as check:
        told = _told(check, what, owner, accountable or owner, due_on, organisation)
        told |= _origin(check, origin_kind, origin)
        why = check.reason(why) if why.strip() else "It was taken on."
        who = check.who(who)
    with change():
        told["body"] = open_body_of(body) if body else None
        told["depends_on"] = _first(depends_on) if depends_on else None
        reference = next_reference("A")
        because = _event(reference, "action.logged", who, why, owner=told["owner"].code,
                         due_on=str(told["due_on"]))  # fmt: skip
        made = Action(reference=reference, state=ActionState.OPEN, first_due=told["due_on"],
                      **told)  # fmt: skip
        began(made, because)
    return made


def change_action(
    *,
    reference: str,
    what: str,
    owner: str,
    due_on: str | date,
    who: str,
    why: str,
    accountable: str = "",
    depends_on: str = "",
    seen: str | int | None = None,
) -> Action:
    """Return the action as it is now: what, whose, by when. A day that moves is counted.

    Raises Refusal for any of the fields, for ``depends_on`` also where actions would wait for
    each other in a circle, and Changed.
    """
    with Checking() as check:
        held = action_of(reference)
        # A day that has passed stays where it is until somebody moves it.
        kept = str(due_on).strip() == str(held.due_on)
        told = _told(check, what, owner, accountable or owner, due_on, "", passed=kept)
        told.pop("organisation")
        why = check.reason(why)
        who = check.who(who)
    with change():
        held = _to_do(reference)
        unchanged(held, seen)
        told["depends_on"] = _first(depends_on) if depends_on else None
        _no_circle(held, told["depends_on"])
        changed = [name for name, value in told.items() if getattr(held, name) != value]
        if not changed:
            return held
        detail = {name: (_said(getattr(held, name)), _said(told[name])) for name in changed}
        held.moved += "due_on" in changed
        because = _event(reference, "action.changed", who, why, changes=detail)
        for name in changed:
            setattr(held, name, told[name])
        keep(held, because)
    return held


def start_action(
    *, reference: str, who: str, why: str = "", seen: str | int | None = None
) -> Action:
    """Return the action, in progress. Raises Refusal, also where another has to be done first."""
    with Checking() as check:
        why = check.reason(why) if why.strip() else "It was begun."
        who = check.who(who)
    with change():
        held = action_of(reference)
        unchanged(held, seen)
        may_follow(held, "in progress")
        _free(held)
        move(held, "in progress", _event(reference, "action.started", who, why))
    return held


def finish_action(
    *,
    reference: str,
    evidence: str,
    who: str,
    done_on: str | date | None = None,
    seen: str | int | None = None,
) -> Action:
    """Return the action, done on a day (today, if unsaid), with what shows it.

    Raises Refusal for ``evidence``, ``done_on``, ``state``, ``who``, and Changed.
    """
    today = timezone.localdate()
    with Checking() as check:
        evidence = check.words("evidence", paragraphs(evidence), "what shows that it is done")
        day = check.day("done_on", done_on or today, "the day it was done", before=today)
        who = check.who(who)
    with change():
        held = action_of(reference)
        unchanged(held, seen)
        may_follow(held, "done")
        _free(held)
        held.evidence, held.done_on, held.done_by = evidence, day, who
        because = _event(reference, "action.done", who, "It is done.", done_on=str(day))
        move(held, "done", because)
    return held


def drop_action(*, reference: str, who: str, why: str, seen: str | int | None = None) -> Action:
    """Return the action, dropped with the reason. Raises Refusal, and Changed."""
    with Checking() as check:
        why = check.reason(why)
        who = check.who(who)
    with change():
        held = action_of(reference)
        unchanged(held, seen)
        may_follow(held, "dropped")
        held.dropped_why = why
        move(held, "dropped", _event(reference, "action.dropped", who, why))
    return held


def reopen_action(
    *, reference: str, due_on: str | date, who: str, why: str, seen: str | int | None = None
) -> Action:
    """Return the action, open again, due on a day to come. Raises Refusal, and Changed.

    What was said when it ended stays in its history.
    """
    with Checking() as check:
        day = _due(check, due_on)
        why = check.reason(why)
        who = check.who(who)
    with change():
        held = action_of(reference)
        unchanged(held, seen)
        may_follow(held, "open")
        if not held.owner.stands:
            raise Refusal("owner", f"{held.owner.name} has left. Log it anew for somebody else.")
        changes = {"due_on": (str(held.due_on), str(day))} if day != held.due_on else {}
        held.moved += len(changes)
        held.due_on, held.done_on, held.done_by = day, None, ""
        held.evidence, held.dropped_why = "", ""
        because = _event(reference, "action.reopened", who, why, changes=changes)
        move(held, "open", because)
    return held


def action_of(reference: str, field: str = "reference") -> Action:
    """Return the action under ``reference``; raises Refusal in ``field``."""
    found: Action | None = (
        Action.objects.select_related("owner", "accountable", "body", "depends_on")
        .filter(reference=reference.strip())
        .first()
    )
    if found is None:
        raise Refusal(field, f"There is no action {reference.strip()[:20]!r}.")
    return found


def _to_do(reference: str) -> Action:
    held = action_of(reference)
    if not held.is_to_do:
        raise Refusal("state", f"{held.reference} is {held.state}. Open it again to change it.")
    return held


def _first(reference: str) -> Action:
    first = action_of(reference, "depends_on")
    if first.state == ActionState.DROPPED:
        raise Refusal("depends_on", f"{first.reference} was dropped: nothing can wait for it.")
    return first


def _free(held: Action) -> None:
    first = held.depends_on
    if first is not None and first.state == ActionState.DROPPED:
        raise Refusal(
            "depends_on", f"{first.reference}, for which it waits, was dropped. Change the action "
            "so that it waits for nothing, or for another."
        )  # fmt: skip
    if first is not None and first.state != ActionState.DONE:
        raise Refusal("depends_on", f"{first.reference} has to be done first: it is {first.state}.")


def _no_circle(held: Action, first: Action | None) -> None:
    way = [held.reference]
    while first is not None:
        way.append(first.reference)
        if first.pk == held.pk:
            raise Refusal(
                "depends_on", f"They would wait for each other in a circle: {' → '.join(way)}."
            )
        first = first.depends_on


def _told(
    check: Checking, what: str, owner: str, accountable: str, due_on: str | date,
    organisation: str, *, passed: bool = False,
) -> dict[str, Any]:  # fmt: skip
    told: dict[str, Any] = {"what": check.line("what", what, "what is to be done", 300)}
    told["owner"] = check.person("owner", owner, "who does it")
    told["accountable"] = (
        told["owner"] if accountable == owner
        else check.person("accountable", accountable, "who is accountable for it")
    )  # fmt: skip
    told["due_on"] = (
        check.day("due_on", due_on, "the day it is due") if passed else _due(check, due_on)
    )
    told["organisation"] = subject(check, organisation, "any")[0] if organisation.strip() else ""
    return told


def _due(check: Checking, given: str | date) -> date | None:
    today = timezone.localdate()
    return check.day(
        "due_on", given, "the day it is due", after=today, before=today + timedelta(days=LATEST)
    )


def _origin(check: Checking, kind: str, code: str) -> dict[str, str]:
    kind, code = kind.strip() or "none", one_line(code)
    check.private("origin", code)
    if kind not in OriginKind.values:
        check.refuse("origin_kind", "Choose what it came out of.")
    elif (kind == OriginKind.NONE) != (not code):
        check.refuse("origin", "Say which one it came out of, or choose nothing in particular.")
    elif kind in _ORIGINS:
        model, field, called = _ORIGINS[kind]
        if not model.objects.filter(**{field: code}).exists():
            check.refuse(
                "origin", f"There is no {called} {code[:20]!r} here. Look at its number again, or "
                "choose nothing in particular."
            )  # fmt: skip
    return {"origin_kind": kind, "origin": code}


def _said(value: Any) -> str:
    """Return a field in words that stay true: a person's name, an action's number."""
    if isinstance(value, Person):
        return str(value.name)
    return value.reference if isinstance(value, Action) else str(value or "")


def _event(reference: str, what: str, who: str, why: str, **detail: Any) -> Event:
    return event(who=who, what=what, why=why, kind="action", subject=reference, detail=detail)
