"""Requests to an owner, a practice's account of itself, and what a measure costs to count."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone

from locality.records.actions.open_requests import opened, withdraw, withdraw_open
from locality.records.actions.refusing import Checking, Refusal
from locality.records.actions.signals import end, standing, subject
from locality.records.actions.writing import change, event, fresh_code, keep
from locality.records.free_text import paragraphs
from locality.records.models import (
    ANSWERED_STATES,
    FOLLOWING,
    Effort,
    Feedback,
    Mark,
    Request,
    RequestKind,
    RequestState,
)

_ANY = "ENG"


def request_change(
    *, measure: str, text: str, owner: str, who: str, organisation: str = ""
) -> Request:
    """Return a new request to the ``owner`` (a role) of a measure; an answer is owed in 28 days.

    Raises Refusal for any of the fields.
    """
    with Checking() as check:
        organisation, measure = subject(check, organisation or _ANY, measure)
        organisation = "" if organisation == _ANY else organisation
        text = check.words("text", paragraphs(text), "what should change, and why")
        owner = check.line("owner", owner, "who answers for the measure", 100)
        who = check.who(who)
    with change():
        return opened(kind=RequestKind.CHANGE, measure=measure, organisation=organisation,
                      text=text, owner=owner, who=who, why="A change was asked for.")  # fmt: skip


def give_account(
    *,
    organisation: str,
    text: str,
    owner: str,
    who: str,
    about: str = "",
    due_on: str | date | None = None,
) -> Request:
    """Return an organisation's account of itself, put to an ``owner`` (a role) who answers it.

    ``about`` is the code of the feedback or mark of that organisation which it replies to, or
    empty: all of it. An earlier account of the same that has no answer yet is withdrawn; one that
    was answered stands. ``due_on`` is when an answer is owed: 28 days, unless a date is given or
    typed. Raises Refusal for any of the fields.
    """
    organisation, about = organisation.strip(), about.strip()
    with Checking() as check:
        _organisation(check, organisation)
        text = check.words("text", paragraphs(text), "the account")
        owner = check.line("owner", owner, "who answers the account", 100)
        day = _due(check, due_on)
        if about and not _is_of(organisation, about):
            check.refuse("about", "There is no feedback or mark of this organisation to reply to.")
        who = check.who(who)
    with change():
        which: dict[str, Any] = {
            "kind": RequestKind.ACCOUNT,
            "organisation": organisation,
            "about": about,
        }
        withdraw_open(who, "A newer account was given.", **which)
        return opened(text=text, owner=owner, due_on=day, who=who,
                      why="An account was given.", **which)  # fmt: skip


def withdraw_request(*, code: str, who: str, why: str) -> Request:
    """Return the request, withdrawn by its author before it was answered. Raises Refusal."""
    with Checking() as check:
        why = check.reason(why)
        who = check.who(who)
    with change():
        made = _request(code)
        if not made.is_open:
            raise Refusal("code", f"It is {made.state}, so it cannot be withdrawn any more.")
        if made.by != who:
            raise Refusal("who", f"Only {made.by}, who wrote it, can withdraw it.")
        withdraw(made, who, why)
    return made


def answer_request(*, code: str, state: str, who: str, answer: str = "") -> Request:
    """Return the request in its new ``state``, with the answer that all can read.

    A request goes forward only: received, being considered, then accepted, declined or answered,
    each of which needs an ``answer``. Raises Refusal for ``code``, ``state``, ``answer``, ``who``.
    """
    with Checking() as check:
        if state not in RequestState.values:
            check.refuse("state", "Choose what becomes of it.")
        elif state == RequestState.WITHDRAWN:
            check.refuse("state", "Only its author withdraws it; choose what you answer.")
        if state in ANSWERED_STATES:
            answer = check.words("answer", paragraphs(answer), "the answer")
        elif answer.strip():
            check.refuse("answer", "Keep the answer until it is accepted, declined or answered.")
        who = check.who(who)
    with change():
        made = _request(code)
        following = FOLLOWING[made.state]
        if state not in following:
            may = " or ".join(following) or "nothing more"
            raise Refusal("state", f"It is {made.state}; what may follow is {may}.")
        because = event(
            who=who, what="request.moved", why=answer or f"Now {state}.", kind="request",
            subject=code, detail={"from": made.state, "to": state},
        )  # fmt: skip
        made.state = state
        if state in ANSWERED_STATES:
            made.answer, made.answered_by, made.answered_at = answer, who, because.at
        keep(made, because)
    return made


def say_effort(
    *,
    measure: str,
    minutes: str | float | Decimal,
    who: str,
    why: str,
    reminders: str | int = 0,
    crowds_out: str = "",
) -> Effort:
    """Return what counting ``measure`` now is said to cost; what was said before ends.

    ``minutes`` are for each patient (0 to 240, one decimal), ``reminders`` shown for each in a
    year. Raises Refusal for any of the fields.
    """
    with Checking() as check:
        _, measure = subject(check, _ANY, measure)
        kept = _minutes(check, minutes)
        shown = _reminders(check, reminders)
        crowds_out = paragraphs(crowds_out)
        if crowds_out:
            crowds_out = check.words("crowds_out", crowds_out, "what it crowds out")
        why = check.reason(why)
        who = check.who(who)
    with change():
        held = Effort.objects.filter(measure=measure, ended_at=None).first()
        if held and (held.minutes, held.reminders, held.crowds_out) == (kept, shown, crowds_out):
            return held
        code = fresh_code("e")
        because = event(
            who=who, what="effort.said", why=why, kind="effort", subject=code,
            detail={"measure": measure, "minutes": str(kept), "reminders": shown},
        )  # fmt: skip
        if held:
            end(held, because, "Something newer was said.")
        made = Effort(code=code, measure=measure, minutes=kept, reminders=shown,
                      crowds_out=crowds_out, by=who, at=because.at)  # fmt: skip
        keep(made, because)
    return made


def withdraw_effort(*, code: str, who: str, why: str) -> Effort:
    """Return what was said of a measure's cost, ended. Raises Refusal."""
    with Checking() as check:
        why = check.reason(why)
        who = check.who(who)
    with change():
        made: Effort = standing(Effort.objects.filter(code=code).first(), code)
        because = event(
            who=who, what="effort.withdrawn", why=why, kind="effort", subject=made.code,
            detail={"measure": made.measure},
        )  # fmt: skip
        end(made, because, why)
    return made


def _request(code: str) -> Request:
    made: Request | None = Request.objects.filter(code=code).first()
    if made is None:
        raise Refusal("code", f"There is no request with the code {code[:20]!r}.")
    return made


def _organisation(check: Checking, code: str) -> None:
    # Any measure will do: an account is of the organisation alone.
    subject(check, code, "any")


def _is_of(organisation: str, code: str) -> bool:
    """Return whether ``code`` is feedback or a mark of the organisation that still stands."""
    return any(
        model.objects.filter(code=code, organisation=organisation, ended_at=None).exists()
        for model in (Feedback, Mark)
    )


def _due(check: Checking, given: str | date | None) -> date | None:
    if given is None or not str(given).strip():
        return None
    day = check.day("due_on", given, "the day an answer is owed")
    if day and day <= timezone.localdate():
        check.refuse("due_on", "Choose a day that is still to come.")
    return day


def _minutes(check: Checking, given: str | float | Decimal) -> Decimal | None:
    try:
        number = Decimal(str(given).strip())
        if not number.is_finite():
            raise InvalidOperation
    except InvalidOperation:
        check.refuse("minutes", "Write minutes as a number, such as 4 or 2.5.")
        return None
    if not 0 <= number <= 240:
        check.refuse("minutes", "Minutes for each patient lie between 0 and 240.")
    return round(number, 1)


def _reminders(check: Checking, given: str | int) -> int:
    text = str(given).strip() or "0"
    if not (text.isascii() and text.isdigit() and int(text) <= 1_000):
        check.refuse("reminders", "Write how many reminders as a whole number, up to 1,000.")
        return 0
    return int(text)
