"""Checklists and their answers, as far as a reader may see them, as typed tables for pages.

Where people answer apart nobody sees another's answers until all are done; in an anonymous one
nobody ever does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.utils import timezone

from locality.figures import Column, NotFound, Schema, Table
from locality.judging.checklists import Answered, progress, reads
from locality.judging.filled_in import Sitting
from locality.records.models import (
    Action,
    ActionState,
    Answer,
    Body,
    Checklist,
    ChecklistState,
    Event,
    Person,
    Rater,
    Scoring,
    ScoringState,
    Seat,
    Transition,
)
from locality.records.signal_tables import moment

CHECKLISTS = Schema(
    "checklists",
    "Checklists filled in here",
    (
        Column("reference", "text", "its reference"),
        Column("template", "text", "on which template"),
        Column("title", "text", "what is asked"),
        Column("about_kind", "text", "organisation, body, proposal, scoring or decision"),
        Column("about", "text", "what it is about: code or reference"),
        Column("about_name", "text", "its name, where it is a body"),
        Column("owner", "text", "who takes care of it"),
        Column("state", "text", "open, complete, reviewed or withdrawn"),
        Column("progress", "text", "how far it has come"),
        Column("year", "whole", "the year in which it was begun"),
        Column("review_on", "date", "when it is looked at again", required=False),
        Column("anonymous", "flag", "whether answers are shown as counts alone"),
        Column("follows", "text", "the one before it"),
    ),
    ("reference",),
)

ANSWERS = Schema(
    "checklist_answers",
    "A checklist's answers",
    (
        Column("item", "text", "the item's id"),
        Column("question", "text", "what was asked"),
        Column("answered_by", "text", "whose answer: all together, or who answered apart"),
        Column("side", "text", "for which side, where there are sides"),
        Column("answer", "text", "the answer as it reads"),
        Column("applies", "text", "yes, no, or empty where there is no answer yet"),
        Column("words", "text", "why it does not apply, or what was added"),
        Column("evidence", "text", "where it can be seen"),
        Column("owner", "text", "who takes care of it"),
        Column("worked_out", "text", "what was worked out, and what it rests on"),
        Column("data_version", "text", "at which state of the data"),
        Column("overruled_why", "text", "why the answer is not what was worked out"),
        Column("changed_at", "text", "when it was last changed, local time"),
        Column("changed_by", "text", "by whom"),
    ),
    ("item", "answered_by"),
)

RATERS = Schema(
    "raters",
    "Who answers a checklist",
    (
        Column("person", "text", "by code"),
        Column("name", "text", "who"),
        Column("side", "text", "for which side, where there are sides"),
        Column("state", "text", "waited for, done or excused"),
        Column("why", "text", "why excused"),
    ),
    ("person",),
)

STEPS = Schema(
    "checklist_steps",
    "What became of a checklist",
    (
        Column("at", "text", "when, local time"),
        Column("state", "text", "the state it came to"),
        Column("who", "text", "who did it"),
        Column("why", "text", "why"),
    ),
)

SETTLED = Schema(
    "settled",
    "What a body settled, year by year",
    (
        Column("year", "whole", "calendar year"),
        Column("scorings", "whole", "scorings it agreed", "scorings"),
        Column("actions", "whole", "actions of its that were completed", "actions"),
    ),
    ("year",),
)


def checklist(reference: str) -> Checklist:
    """Return the checklist under ``reference``; raises NotFound with a sentence."""
    found = (
        Checklist.objects.filter(reference=reference)
        .select_related("body", "owner", "follows")
        .first()
    )
    if found is None:
        raise NotFound(f"There is no checklist {reference[:20]!r}.")
    return found


def checklists(
    *,
    about: str = "",
    body: str = "",
    template: str = "",
    person: str = "",
    open_only: bool = False,
) -> Table:
    """Return CHECKLISTS, newest first, narrowed by what is given; the withdrawn are left out.

    ``person`` (a code) keeps those that the person takes care of, rates or sits in the body of.
    """
    found = Checklist.objects.exclude(state=ChecklistState.WITHDRAWN)
    for name, value in (("about", about), ("body__code", body), ("template", template)):
        if value:
            found = found.filter(**{name: value})
    if open_only:
        found = found.filter(state=ChecklistState.OPEN)
    if person:
        sits = _seats_today().filter(post__person__code=person).values("body")
        found = found.filter(
            Q(owner__code=person) | Q(raters__person__code=person) | Q(body__in=sits)
        ).distinct()
    rows = found.select_related("body", "owner", "follows").prefetch_related("answers", "raters")
    return Table.of(CHECKLISTS, [_row(one) for one in rows.order_by("-id")])


def _row(one: Checklist) -> dict[str, Any]:
    names = ("reference", "template", "title", "about_kind", "about", "state", "year",
             "review_on", "anonymous")  # fmt: skip
    return {name: getattr(one, name) for name in names} | {
        "about_name": one.body.name if one.body and one.about_kind == "body" else "",
        "owner": one.owner.name,
        "progress": far(one),
        "follows": one.follows.reference if one.follows else "",
    }


def far(held: Checklist) -> str:
    """Return in words how far a checklist has come."""
    raters = list(held.raters.all())
    awaited = [one for one in raters if one.is_awaited]
    if raters and (awaited or not held.questions.agreed):
        return f"{len(raters) - len(awaited)} of {len(raters)} have answered"
    return progress(held.questions, answered(held, None)).sentence


def answered(held: Checklist, rater: Rater | None) -> dict[str, Answered]:
    """Return item -> answer of one rater, or of all together."""
    own = rater.pk if rater else None
    return {
        one.item: Answered(
            one.item, one.value, one.applies, one.words, one.evidence, computed=one.computed
        )
        for one in held.answers.all()
        if one.rater_id == own
    }


def may_see(held: Checklist, reader: Person | None) -> list[Rater | None]:
    """Return whose answers ``reader`` may see: raters, and None for those of all together."""
    raters = list(held.raters.select_related("person"))
    if not raters:
        return [None]
    own = [one for one in raters if reader is not None and one.person_id == reader.pk]
    if held.anonymous:
        return list(own)
    if not all_done(held):
        return list(own)
    done: list[Rater | None] = [one for one in raters if one.finished_at]
    return [*done, None] if held.questions.agreed else done


def all_done(held: Checklist) -> bool:
    """Return whether answers given apart can be shown: nobody is waited for, or it is complete."""
    if held.state == ChecklistState.WITHDRAWN:
        return False
    raters = list(held.raters.all())
    if held.is_open:
        return not any(one.is_awaited for one in raters) and any(one.finished_at for one in raters)
    return True


def by_side(held: Checklist) -> tuple[list[dict[str, Answered]], list[dict[str, Answered]]]:
    """Return the answers of the two sides, or of the two raters, of those who are done.

    Raises NotFound where there is nothing to compare, or it cannot be shown yet.
    """
    template = held.questions
    if held.anonymous or not (template.sides or template.raters == "two"):
        raise NotFound("This checklist has no two sides to compare.")
    if not all_done(held):
        raise NotFound("Both sides answer first. Then everyone sees what the other said.")
    raters = [one for one in held.raters.all() if one.finished_at]
    if template.sides:
        first, second = ([one for one in raters if one.side == side.id] for side in template.sides)
    else:
        # By the order in which they were named, whoever was done first.
        named = list(held.raters.all())
        first, second = ([one for one in raters if one == named[n]] for n in (0, 1))
    return [answered(held, one) for one in first], [answered(held, one) for one in second]


def answers(held: Checklist, reader: Person | None) -> Table:
    """Return ANSWERS that ``reader`` may see, in the order of the items; unanswered ones too."""
    rows = []
    said = {
        (one.rater_id, one.item): one
        for one in held.answers.select_related("owner", "event", "rater__person")
    }
    seen = may_see(held, reader)
    for item in held.questions.item:
        for rater in seen:
            own = said.get((rater.pk if rater else None, item.id))
            rows.append(_answer_row(held, rater, item, own))
    return Table.of(ANSWERS, rows, title=f"{held.reference}: {held.title}", caption=far(held))


def _answer_row(held: Checklist, rater: Rater | None, item: Any, own: Answer | None) -> Any:
    sides = {one.id: one.title for one in held.questions.sides}
    told: dict[str, Any] = {
        "item": item.id,
        "question": item.question,
        "answered_by": rater.person.signature if rater else "all together",
        "side": sides.get(rater.side, "") if rater else "",
    }
    if own is None:
        return told | dict.fromkeys(ANSWERS.names[4:], "")
    return told | {
        "answer": reads(item, own.value),
        "applies": "no" if not own.applies else "yes" if own.value is not None else "",
        "words": own.words,
        "evidence": own.evidence,
        "owner": own.owner.name if own.owner else "",
        "worked_out": own.computed_from,
        "data_version": own.data_version,
        "overruled_why": own.overruled_why,
        "changed_at": moment(own.event.at),
        "changed_by": own.event.who,
    }


def answer(held: Checklist, rater: Rater | None, item: str) -> Answer | None:
    """Return one answer, or None."""
    found: Answer | None = (
        held.answers.filter(rater=rater, item=item).select_related("owner", "event").first()
    )
    return found


def raters(held: Checklist) -> Table:
    """Return RATERS: who answers, and whether their answers are waited for; never the answers."""
    sides = {one.id: one.title for one in held.questions.sides}
    rows = [
        {
            "person": one.person.code,
            "name": one.person.name,
            "side": sides.get(one.side, ""),
            "state": "waited for" if one.is_awaited else "done" if one.finished_at else "excused",
            "why": one.excused_why,
        }
        for one in held.raters.select_related("person")
    ]
    return Table.of(RATERS, rows)


def steps(held: Checklist) -> Table:
    """Return STEPS: each state it came to, when, by whom and why."""
    found = Transition.objects.filter(subject_kind="checklist", subject=held.reference)
    rows = [
        {"at": moment(one.event.at), "state": one.to_state, "who": one.event.who,
         "why": one.event.why}
        for one in found.select_related("event")
    ]  # fmt: skip
    return Table.of(STEPS, rows)


def sittings(body: Body) -> list[Sitting]:
    """Return who sits in ``body`` today, as the working out of answers wants it."""
    return [
        Sitting(
            name=one.post.person.name,
            post=one.post.title,
            organisation=one.post.organisation,
            limit=one.post.limit,
            tags=tuple(one.post.tags),
            attending=one.role == "in attendance",
        )
        for one in _seats_today().filter(body=body).select_related("post__person")
    ]


def state_of_records() -> str:
    """Return at which event the records stand, as answers that rest on them say."""
    last = Event.objects.order_by("-id").values_list("id", flat=True).first()
    return f"records at event {last or 0}"


def pulses(body: str, template: str) -> dict[int, list[Mapping[str, Answered]]]:
    """Return year -> the answers of each who sent theirs, in no order that tells who.

    Of complete pulses alone: while one is open, watching the counts would tell who answered what.
    """
    found = Checklist.objects.filter(
        body__code=body, template=template, anonymous=True,
        state__in=(ChecklistState.COMPLETE, ChecklistState.REVIEWED),
    )  # fmt: skip
    years: dict[int, list[Mapping[str, Answered]]] = {}
    for held in found.prefetch_related("answers", "raters"):
        sets = [answered(held, one) for one in held.raters.all() if one.finished_at]
        years[held.year] = sorted(sets, key=lambda one: sorted((k, str(a)) for k, a in one.items()))
    return years


def settled(body: Body, years: Iterable[int]) -> Table:
    """Return SETTLED: how many scorings ``body`` agreed and actions it completed in each year."""
    agreed = Scoring.objects.filter(body=body, state=ScoringState.AGREED)
    scorings = list(agreed.values_list("reference", flat=True))
    done = Action.objects.filter(body=body, state=ActionState.DONE)
    rows = [
        {
            "year": year,
            "scorings": _reached("scoring", scorings, "agreed", year),
            "actions": done.filter(done_on__year=year).count(),
        }
        for year in sorted(years)
    ]
    return Table.of(SETTLED, rows)


def _reached(kind: str, references: list[str], state: str, year: int) -> int:
    """Return how many of ``references`` came to ``state`` in a year, local time, each once."""
    found = Transition.objects.filter(subject_kind=kind, subject__in=references, to_state=state)
    when = {
        one.subject
        for one in found.select_related("event")
        if timezone.localtime(one.event.at).year == year
    }
    return len(when)


def _seats_today() -> Any:
    today = timezone.localdate()
    return Seat.objects.filter(Q(to_day=None) | Q(to_day__gt=today), from_day__lte=today)
