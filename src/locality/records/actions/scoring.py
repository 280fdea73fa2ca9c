"""Scorings: prepare one, say who scores, open it, show its scores early, take it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from locality.judging import scales
from locality.records.actions.criteria import criteria_set
from locality.records.actions.moving import began, may_follow, move
from locality.records.actions.numbering import next_reference
from locality.records.actions.refusing import Checking, Refusal
from locality.records.actions.seen import unchanged
from locality.records.actions.signals import end
from locality.records.actions.writing import change, event, keep
from locality.records.free_text import one_line, paragraphs
from locality.records.models import (
    Assessor,
    AssessorRole,
    Body,
    CriteriaSet,
    Event,
    Person,
    Purpose,
    Scoring,
    ScoringState,
    Subject,
)

#: More subjects than these do not fit on one sheet.
MOST_SUBJECTS = 60


@dataclass(frozen=True)
class SubjectRow:
    """What is scored, as it was typed: a thing by its name, or a person by their code."""

    name: str = ""
    organisation: str = ""
    person: str = ""
    words: str = ""


def draft_scoring(
    *,
    title: str,
    criteria: str,
    subjects: Sequence[SubjectRow],
    who: str,
    why: str,
    body: str = "",
    score_by: str | date = "",
    margin: str = "1",
) -> Scoring:
    """Return a new scoring of ``subjects`` by a set of ``criteria`` (its reference).

    ``margin`` is how far an agreed score may be from the median without a reason, in steps of the
    scale. Raises Refusal for any of the fields, and for one of a subject as ``name-0``.
    """
    with Checking() as check:
        told = told_of(check, title, body, score_by, margin, why, who)
        rows = _subjects(check, subjects)
    with change():
        held = _criteria(criteria, rows)
        reference = next_reference("S")
        because = _event(reference, "scoring.drafted", told["who"], told["why"],
                         title=told["title"], criteria=held.reference)  # fmt: skip
        made = Scoring(
            reference=reference, title=told["title"], purpose=held.purpose, body=told["body"],
            criteria=held, score_by=told["score_by"], margin=told["margin"],
            state=ScoringState.DRAFTED,
        )  # fmt: skip
        began(made, because)
        _keep_subjects(made, rows, because)
    return made


def change_scoring(
    *,
    reference: str,
    title: str,
    criteria: str,
    subjects: Sequence[SubjectRow],
    who: str,
    why: str,
    body: str = "",
    score_by: str | date = "",
    margin: str = "1",
    seen: str | int | None = None,
) -> Scoring:
    """Return the scoring as it is now; only while it is being prepared.

    Raises Refusal as ``draft_scoring`` does, and Changed.
    """
    with Checking() as check:
        told = told_of(check, title, body, score_by, margin, why, who)
        rows = _subjects(check, subjects)
    with change():
        made = in_state(reference, "drafted")
        unchanged(made, seen)
        held = _criteria(criteria, rows)
        standing = list(made.subjects.filter(ended_at=None).order_by("position"))
        before = [(one.name, one.organisation, one.person, one.words) for one in standing]
        now = (told["title"], told["body"], held, told["score_by"], told["margin"], rows)
        if (made.title, made.body, made.criteria, made.score_by, made.margin, before) == now:
            return made
        because = _event(made.reference, "scoring.changed", told["who"], told["why"])
        if before != rows:
            for one in standing:
                end(one, because, "The list was written anew.")
            _keep_subjects(made, rows, because)
        made.title, made.body, made.criteria, made.score_by, made.margin = now[:5]
        made.purpose = held.purpose
        keep(made, because)
    return made


def name_assessors(
    *, reference: str, assessors: Iterable[tuple[str, str]], who: str, why: str
) -> list[Assessor]:
    """Return those of ``assessors``, (person, role), who are new or have another role now.

    While it is being prepared or scored. Raises Refusal for ``reference``, ``assessors``, ``who``
    or ``why``.
    """
    wanted = dict(assessors)
    with Checking() as check:
        if not wanted:
            check.refuse("assessors", "Choose at least one person who scores.")
        for role in set(wanted.values()) - set(AssessorRole.values):
            check.refuse("assessors", f"{role[:20]!r} is no role. Choose one of the list.")
        found = {code: check.person("assessors", code, "who scores") for code in wanted}
        why = check.reason(why)
        who = check.who(who)
    with change():
        held = in_state(reference, "drafted", "open")
        changed = []
        for code, role in wanted.items():
            one = held.assessors.filter(person=found[code]).first()
            if one is not None and (one.role == role or one.submitted_at or not one.may_score):
                continue
            one = one or Assessor(scoring=held, person=found[code], may_score=True)
            because = _event(held.reference, "scoring.assessor named", who, why, person=code,
                             role=role)  # fmt: skip
            one.role = role
            keep(one, because)
            changed.append(one)
    return changed


def exclude_assessor(*, reference: str, person: str, who: str, why: str) -> Assessor:
    """Return the assessor, who may not score, with the reason, such as a conflict of interest.

    What they had scored is kept and not used. Where nobody else is waited for, scores are shown.
    Raises Refusal for ``reference``, ``person``, ``who`` or ``why``.
    """
    with Checking() as check:
        why = check.reason(why)
        who = check.who(who)
    with change():
        held = in_state(reference, "drafted", "open")
        one = assessor_of(held, person)
        if not one.may_score:
            raise Refusal("person", f"{one.person.name} may not score already.")
        because = _event(held.reference, "scoring.assessor excluded", who, why, person=person)
        one.may_score, one.why_not, one.submitted_at = False, why, None
        keep(one, because)
        reveal_if_all_are_in(held, who)
    return one


def readmit_assessor(*, reference: str, person: str, who: str, why: str) -> Assessor:
    """Return the assessor, who may score after all. Raises Refusal likewise."""
    with Checking() as check:
        why = check.reason(why)
        who = check.who(who)
    with change():
        held = in_state(reference, "drafted", "open")
        one = assessor_of(held, person)
        if one.may_score:
            raise Refusal("person", f"{one.person.name} may score already.")
        because = _event(held.reference, "scoring.assessor readmitted", who, why, person=person)
        one.may_score, one.why_not = True, ""
        keep(one, because)
    return one


def open_scoring(
    *, reference: str, who: str, why: str = "", seen: str | int | None = None
) -> Scoring:
    """Return the scoring, open: people score now.

    The criteria are locked, and every subject has somebody who scores it. Raises Refusal for
    ``reference``, ``criteria``, ``assessors``, ``who`` or ``why``, and Changed.
    """
    with Checking() as check:
        why = check.reason(why) if why.strip() else "Everything is ready to be scored."
        who = check.who(who)
    with change():
        held = scoring_of(reference)
        unchanged(held, seen)
        may_follow(held, "open")
        if not held.criteria.is_locked:
            raise Refusal("criteria", f"Lock the criteria {held.criteria.reference} first: what "
                          "is scored by cannot change once people score.")  # fmt: skip
        able = [one for one in held.assessors.all() if one.may_score]
        subjects = list(held.subjects.filter(ended_at=None))
        _criteria(held.criteria.reference, [("", "", one.person, "") for one in subjects])
        held.purpose = held.criteria.purpose
        alone = [one.name for one in subjects if not any(a.scores_subject(one) for a in able)]
        if alone:
            raise Refusal("assessors", f"Nobody scores {alone[0]} yet. Name people who do.")
        idle = [a for a in able if not any(a.scores_subject(one) for one in subjects)]
        if idle:
            name = idle[0].person.name
            raise Refusal("assessors", f"{name} has nothing to score in the role “{idle[0].role}”.")
        move(held, "open", _event(held.reference, "scoring.opened", who, why))
    return held


def reveal_scoring(*, reference: str, who: str, why: str) -> Scoring:
    """Return the scoring, its scores shown before all are in; the reason names who is missing.

    Sheets that were not submitted are not used. Raises Refusal for ``reference``, ``state``,
    ``who`` or ``why``.
    """
    with Checking() as check:
        why = check.reason(why)
        who = check.who(who)
    with change():
        held = in_state(reference, "open")
        able = [one for one in held.assessors.select_related("person") if one.may_score]
        missing = [one.person.signature for one in able if one.submitted_at is None]
        if len(missing) == len(able):
            raise Refusal("reference", "Nobody's scores are in yet, so there is nothing to show.")
        _reveal(held, who, f"{why} Not in: {'; '.join(missing)}.", early=True)
    return held


def withdraw_scoring(
    *, reference: str, who: str, why: str, seen: str | int | None = None
) -> Scoring:
    """Return the scoring, withdrawn with the reason. Scores that were hidden stay hidden.

    Raises Refusal for ``reference``, ``state``, ``who`` or ``why``, and Changed.
    """
    with Checking() as check:
        why = check.reason(why)
        who = check.who(who)
    with change():
        held = scoring_of(reference)
        unchanged(held, seen)
        may_follow(held, "withdrawn")
        held.withdrawn_why = why
        move(held, "withdrawn", _event(held.reference, "scoring.withdrawn", who, why))
    return held


def reveal_if_all_are_in(held: Scoring, who: str) -> None:
    """Show the scores, within a change, where nobody is waited for and something is in."""
    able = list(held.assessors.filter(may_score=True))
    if held.state == ScoringState.OPEN and able and not any(one.is_awaited for one in able):
        _reveal(held, who, "All who may score have.", early=False)


def scoring_of(reference: str) -> Scoring:
    """Return the scoring under ``reference``; raises Refusal."""
    found: Scoring | None = (
        Scoring.objects.filter(reference=reference).select_related("criteria", "body").first()
    )
    if found is None:
        raise Refusal("reference", f"There is no scoring {reference[:20]!r}.")
    return found


def in_state(reference: str, *states: str) -> Scoring:
    """Return the scoring, which is in one of ``states``; raises Refusal."""
    held = scoring_of(reference)
    if held.state not in states:
        raise Refusal("reference", f"{held.reference} is {held.state}, so this cannot be done now.")
    return held


def assessor_of(held: Scoring, person: str) -> Assessor:
    """Return the assessor who is ``person`` (a code); raises Refusal."""
    found: Assessor | None = (
        held.assessors.filter(person__code=person).select_related("person").first()
        if person else None
    )  # fmt: skip
    if found is None:
        raise Refusal("person", f"You are not one of those who score {held.reference}.")
    return found


def _reveal(held: Scoring, who: str, why: str, *, early: bool) -> None:
    because = _event(held.reference, "scoring.revealed", who, why)
    held.revealed_at = because.at
    held.early_why = why if early else ""
    move(held, "revealed", because)


def told_of(
    check: Checking, title: str, body: str, score_by: str | date, margin: str, why: str, who: str
) -> dict[str, Any]:
    """Return what a form said of a scoring, as it is kept; what is wrong is put to ``check``."""
    day = None
    if score_by:
        day = check.day("score_by", score_by, "the day by which people score",
                        after=timezone.localdate())  # fmt: skip
    within = Decimal(0)
    try:
        within = scales.typed(margin)
        if within < 0:
            check.refuse("margin", "Write nought or more.")
    except ValueError as error:
        check.refuse("margin", str(error))
    found = Body.objects.filter(code=body).first() if body else None
    if body and (found is None or not found.is_open):
        check.refuse("body", "Choose a body that is open.")
    return {
        "title": check.line("title", title, "a title", 160), "body": found, "score_by": day,
        "margin": within, "why": check.reason(why), "who": check.who(who),
    }  # fmt: skip


def _subjects(
    check: Checking, subjects: Sequence[SubjectRow]
) -> list[tuple[str, str, Person | None, str]]:
    if not subjects:
        check.refuse("subjects", "Write at least one thing that is scored.")
    if len(subjects) > MOST_SUBJECTS:
        check.refuse("subjects", f"Keep it to {MOST_SUBJECTS}: more do not fit on one sheet.")
    rows: list[tuple[str, str, Person | None, str]] = []
    names: set[str] = set()
    for at, row in enumerate(subjects):
        person = check.person(f"person-{at}", row.person) if row.person else None
        name = person.name if person else row.name
        name = check.line(f"name-{at}", name, "what is scored", 120)
        words, organisation = paragraphs(row.words), one_line(row.organisation)
        if words:
            check.words(f"words-{at}", words, "the description")
        if len(organisation) > 60:
            check.refuse(f"organisation-{at}", "Write the organisation's code.")
        key = person.code if person else name.casefold()
        if key in names:
            check.refuse(f"name-{at}", f"{name} is in the list already.")
        names.add(key)
        rows.append((name, organisation, person, words))
    return rows


def _criteria(reference: str, rows: Sequence[tuple[str, str, Person | None, str]]) -> CriteriaSet:
    held = criteria_set(reference, "criteria")
    if held.purpose == Purpose.SKILLS and any(person is None for _, _, person, _ in rows):
        raise Refusal("subjects", "These criteria are skills: choose people to be scored by them.")
    return held


def _keep_subjects(
    held: Scoring, rows: Sequence[tuple[str, str, Person | None, str]], because: Event
) -> None:
    for position, (name, organisation, person, words) in enumerate(rows, 1):
        one = Subject(scoring=held, position=position, name=name, organisation=organisation,
                      person=person, words=words, by=because.who, at=because.at)  # fmt: skip
        keep(one, because)


def _event(reference: str, what: str, who: str, why: str, **detail: str) -> Event:
    return event(who=who, what=what, why=why, kind="scoring", subject=reference, detail=detail)
