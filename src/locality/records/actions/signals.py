"""Signals: say what is known of one, and draw a chart's limits afresh with the reason."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.utils import timezone

from locality.figures import Period
from locality.records.actions.open_requests import opened, withdraw_open
from locality.records.actions.refusing import Checking, Refusal
from locality.records.actions.writing import change, event, fresh_code, keep
from locality.records.free_text import paragraphs
from locality.records.models import Mark, MarkState, Rebase
from locality.records.models.ending import Ending
from locality.records.models.event import Event

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,59}")
_MEASURE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
#: A mark is looked at again within so many days.
LONGEST_REVIEW = 731
#: Marks that somebody has to answer for, where an owner is named.
_ANSWERED_FOR = (MarkState.DATA_PROBLEM, MarkState.WARRANTED)


def mark_signal(
    *,
    organisation: str,
    measure: str,
    state: str,
    reason: str,
    review_on: str | date,
    who: str,
    owner: str = "",
) -> Mark:
    """Return what is now said of one measure of one organisation; what was said before ends.

    ``review_on`` is the day it is looked at again, as a date or typed (2027-03-31). With an
    ``owner`` (a role), a data problem and a warranted difference also open a request of that kind
    to them, with the reason as its text. Raises Refusal for any of the fields.
    """
    with Checking() as check:
        organisation, measure = subject(check, organisation, measure)
        if state not in MarkState.values:
            check.refuse("state", "Choose what is known of it.")
        reason = check.words("reason", paragraphs(reason), "what is known, and how")
        day = _review(check, review_on)
        owner = check.line("owner", owner, "who answers for it", 100) if owner.strip() else ""
        who = check.who(who)
    with change():
        held = Mark.objects.filter(
            organisation=organisation, measure=measure, ended_at=None
        ).first()
        if held and (held.state, held.reason, held.review_on) == (state, reason, day):
            return held
        code = fresh_code("m")
        because = event(
            who=who, what="mark.made", why=reason, kind="mark", subject=code,
            detail={"organisation": organisation, "measure": measure, "state": state},
        )  # fmt: skip
        if held:
            end(held, because, "Something newer was said.")
            _withdraw_replies(held, who)
        made = Mark(code=code, organisation=organisation, measure=measure, state=state,
                    reason=reason, review_on=day, by=who, at=because.at)  # fmt: skip
        keep(made, because)
        if owner and state in _ANSWERED_FOR:
            opened(kind=state, about=code, organisation=organisation, measure=measure, text=reason,
                   owner=owner, who=who, why="A signal was marked so.")  # fmt: skip
    return made


def lift_mark(*, code: str, who: str, why: str) -> Mark:
    """Return the mark, ended: nothing is said of that signal any more. Raises Refusal.

    A request about it that still waits for its answer is withdrawn with it.
    """
    with Checking() as check:
        why = check.reason(why)
        who = check.who(who)
    with change():
        made: Mark = standing(Mark.objects.filter(code=code).first(), code)
        because = event(
            who=who, what="mark.lifted", why=why, kind="mark", subject=made.code,
            detail={"organisation": made.organisation, "measure": made.measure},
        )  # fmt: skip
        end(made, because, why)
        _withdraw_replies(made, who)
    return made


def rebase_chart(
    *,
    organisation: str,
    measure: str,
    period: str,
    reason: str,
    who: str,
    proposed: bool = False,
) -> Rebase:
    """Return new limits for one organisation's chart, from ``period`` on, with the reason.

    ``proposed`` says whether the program asked about this very period. Raises Refusal for any of
    the fields, and where new limits begin there already.
    """
    with Checking() as check:
        organisation, measure = subject(check, organisation, measure)
        try:
            period = Period.parse(period.strip()).code
        except ValueError as error:
            check.refuse("period", str(error))
        reason = check.words("reason", paragraphs(reason), "what changed, and how you know")
        who = check.who(who)
    with change():
        if Rebase.objects.filter(
            organisation=organisation, measure=measure, period=period, ended_at=None
        ).exists():
            raise Refusal("period", f"New limits begin in {period} already.")
        code = fresh_code("r")
        because = event(
            who=who, what="chart.rebased", why=reason, kind="rebase", subject=code,
            detail={"organisation": organisation, "measure": measure, "period": period,
                    "proposed": proposed},
        )  # fmt: skip
        made = Rebase(code=code, organisation=organisation, measure=measure, period=period,
                      reason=reason, proposed=proposed, by=who, at=because.at)  # fmt: skip
        keep(made, because)
    return made


def undo_rebase(*, code: str, who: str, why: str) -> Rebase:
    """Return the rebase, ended: the chart has its old limits again. Raises Refusal."""
    with Checking() as check:
        why = check.reason(why)
        who = check.who(who)
    with change():
        made: Rebase = standing(Rebase.objects.filter(code=code).first(), code)
        because = event(
            who=who, what="chart.rebase_undone", why=why, kind="rebase", subject=made.code,
            detail={"organisation": made.organisation, "measure": made.measure,
                    "period": made.period},
        )  # fmt: skip
        end(made, because, why)
    return made


def subject(check: Checking, organisation: str, measure: str) -> tuple[str, str]:
    """Return an organisation's code and a measure's id as they are kept; refuse odd ones."""
    organisation, measure = organisation.strip(), measure.strip()
    if not _CODE.fullmatch(organisation):
        check.refuse("organisation", "Say which organisation this is about, by its code.")
    if not _MEASURE.fullmatch(measure):
        check.refuse("measure", "Say which measure this is about.")
    check.private("organisation", organisation)
    check.private("measure", measure)
    return organisation, measure


def standing(found: Ending | None, code: str) -> Ending:
    """Return what was found under ``code``; Refusal where it is not there or has ended."""
    if found is None:
        raise Refusal("code", f"There is nothing with the code {code[:20]!r}.")
    if not found.stands:
        raise Refusal("code", "This has been ended already.")
    return found


def end(thing: Ending, because: Event, why: str) -> None:
    """End ``thing`` by the event ``because``, and keep it."""
    thing.ended_at, thing.ended_by, thing.ended_why = because.at, because.who, why
    keep(thing, because)


def _withdraw_replies(mark: Mark, who: str) -> None:
    withdraw_open(who, "The mark it was about has ended.", about=mark.code)


def _review(check: Checking, given: str | date) -> date | None:
    today, day = timezone.localdate(), check.day("review_on", given, "the day of the review")
    if day is None:
        return None
    if day <= today:
        check.refuse("review_on", "Choose a day that is still to come.")
    elif day > today + timedelta(days=LONGEST_REVIEW):
        check.refuse("review_on", "Choose a day within two years: what is known grows old.")
    return day
