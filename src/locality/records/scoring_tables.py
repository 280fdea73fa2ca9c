"""Scorings as far as a reader may see them, as typed tables for pages and downloads.

Before its scores are shown nobody learns anything of another's sheet but that it is in: no value,
no comment, no number of values. The functions that tell scores refuse until then.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from django.utils import timezone

from locality.figures import Column, NotFound, Schema, Table
from locality.judging.results import Results
from locality.judging.scales import plain
from locality.judging.sheets import Sheets
from locality.records.models import (
    AgreedScore,
    Assessor,
    CriteriaSet,
    Criterion,
    Person,
    Score,
    Scoring,
    ScoringState,
    Subject,
    Transition,
)
from locality.records.people_tables import current
from locality.records.signal_tables import moment

CRITERIA_SETS = Schema(
    "criteria_sets",
    "Sets of criteria",
    (
        Column("reference", "text", "its reference"),
        Column("title", "text", "what it is called"),
        Column("purpose", "text", "what it is for"),
        Column("method", "text", "how its weights come about"),
        Column("number", "whole", "which version it is"),
        Column("criteria", "whole", "how many criteria it has"),
        Column("state", "text", "open to change, locked, or replaced by a later version"),
        Column("scorings", "whole", "how many scorings go by it"),
    ),
    ("reference",),
)

SCORINGS = Schema(
    "scorings",
    "Scorings",
    (
        Column("reference", "text", "its reference"),
        Column("title", "text", "what is scored"),
        Column("purpose", "text", "what it is for"),
        Column("body", "text", "whose it is, by code"),
        Column("body_name", "text", "whose it is"),
        Column("criteria", "text", "by which set of criteria"),
        Column("subjects", "whole", "how many things are scored"),
        Column("state", "text", "drafted, open, revealed, agreed or withdrawn"),
        Column("progress", "text", "whose sheets are in"),
        Column("score_by", "date", "day by which people score", required=False),
        Column("version", "whole", "grows with every change"),
    ),
    ("reference",),
)

ASSESSORS = Schema(
    "assessors",
    "Who scores",
    (
        Column("person", "text", "by code"),
        Column("name", "text", "who"),
        Column("role", "text", "what they score"),
        Column("state", "text", "waited for, in, or may not score"),
        Column("why_not", "text", "why they may not score"),
    ),
    ("person",),
)

SCORES = Schema(
    "scores",
    "What each person gave",
    (
        Column("subject", "text", "what was scored"),
        Column("criterion", "text", "by which criterion"),
        Column("assessor", "text", "who scored"),
        Column("score", "number", "their score"),
        Column("meaning", "text", "what that score means"),
        Column("comment", "text", "what they said of it"),
        Column("median", "number", "the middle score of all"),
        Column("agreed", "number", "score agreed together", required=False),
        Column("reason", "text", "why it departs from the median"),
    ),
    ("subject", "criterion", "assessor"),
)

STEPS = Schema(
    "scoring_steps",
    "What became of a scoring",
    (
        Column("at", "text", "when, local time"),
        Column("state", "text", "the state it came to"),
        Column("who", "text", "who did it"),
        Column("why", "text", "why"),
    ),
)


def criteria_sets() -> Table:
    """Return CRITERIA_SETS, newest first."""
    later = set(CriteriaSet.objects.values_list("supersedes_id", flat=True))
    rows = []
    for one in CriteriaSet.objects.prefetch_related("criteria", "scorings"):
        state = "locked" if one.is_locked else "open"
        names = ("reference", "title", "purpose", "method", "number")
        rows.append(
            {name: getattr(one, name) for name in names}
            | {
                "criteria": sum(1 for row in one.criteria.all() if row.stands),
                "state": "replaced" if one.pk in later else state,
                "scorings": one.scorings.count(),
            }
        )
    return Table.of(CRITERIA_SETS, rows)


def criteria_set(reference: str) -> CriteriaSet:
    """Return the set of criteria under ``reference``; raises NotFound with a sentence."""
    found: CriteriaSet | None = (
        CriteriaSet.objects.filter(reference=reference).select_related("supersedes").first()
    )
    if found is None:
        raise NotFound(f"There is no set of criteria {reference[:20]!r}.")
    return found


def criteria(held: CriteriaSet) -> Table:
    """Return the set's criteria with their weights (judging's CRITERIA)."""
    return held.plain.table(f"{held.reference}: {held.title}")


def scoring(reference: str) -> Scoring:
    """Return the scoring under ``reference``; raises NotFound with a sentence."""
    found: Scoring | None = (
        Scoring.objects.filter(reference=reference).select_related("criteria", "body").first()
    )
    if found is None:
        raise NotFound(f"There is no scoring {reference[:20]!r}.")
    return found


def scorings(*, person: str = "", body: str = "", purpose: str = "") -> Table:
    """Return SCORINGS, newest first, narrowed by what is given; the withdrawn are left out.

    ``person`` (a code) keeps those in which the person scores, or is scored.
    """
    found = Scoring.objects.exclude(state=ScoringState.WITHDRAWN)
    if person:
        scores = Assessor.objects.filter(person__code=person).values("scoring")
        scored = Subject.objects.filter(person__code=person, ended_at=None).values("scoring")
        found = found.filter(pk__in=scores) | found.filter(pk__in=scored)
    if body:
        found = found.filter(body__code=body)
    if purpose:
        found = found.filter(purpose=purpose)
    return Table.of(SCORINGS, [_scoring(one) for one in found.select_related("body", "criteria")])


def awaited(person: str) -> Table:
    """Return SCORINGS in which the sheet of ``person`` (a code) is waited for, soonest first."""
    due = Assessor.objects.filter(
        person__code=person, may_score=True, submitted_at=None, scoring__state=ScoringState.OPEN
    )
    found = Scoring.objects.filter(pk__in=due.values("scoring")).select_related("body", "criteria")
    rows = [_scoring(one) for one in found]
    rows.sort(key=lambda row: (row["score_by"] is None, row["score_by"], row["reference"]))
    return Table.of(SCORINGS, rows)


def assessors(held: Scoring) -> Table:
    """Return ASSESSORS: who scores, who is waited for, who may not and why. Never a score."""
    rows = [
        {
            "person": one.person.code,
            "name": one.person.name,
            "role": one.role,
            "state": _assessor_state(held, one),
            "why_not": one.why_not,
        }
        for one in held.assessors.select_related("person")
    ]
    return Table.of(ASSESSORS, rows)


def subjects(held: Scoring) -> list[Subject]:
    """Return what is scored, in order."""
    return list(held.subjects.filter(ended_at=None).select_related("person").order_by("position"))


def labels(things: list[Subject]) -> tuple[str, ...]:
    """Return the names of subjects; people of one name are told apart by their codes."""
    names = [one.name for one in things]
    return tuple(
        one.person.signature if one.person and names.count(one.name) > 1 else one.name
        for one in things
    )


def assessor(held: Scoring, person: Person | None) -> Assessor | None:
    """Return the assessor who is ``person``; None where they are none."""
    found: Assessor | None = held.assessors.filter(person=person).first() if person else None
    return found


def own_cells(one: Assessor) -> dict[tuple[int, int], Score]:
    """Return (place of subject, place of criterion) -> a person's own score of it."""
    found = one.scores.select_related("subject", "criterion")
    return {(score.subject.position, score.criterion.position): score for score in found}


def sheets(held: Scoring) -> Sheets:
    """Return every sheet that is in; raises NotFound before scores are shown."""
    _shown(held)
    return submitted(held)


def submitted(held: Scoring) -> Sheets:
    """Return the sheets that were submitted, whether shown or not: for actions, not for pages."""
    them = list(
        held.assessors.filter(submitted_at__isnull=False, may_score=True).select_related("person")
    )
    things, looked_at = subjects(held), held.criteria.rows
    values = np.full((len(them), len(things), len(looked_at)), np.nan)
    at = ({one.pk: n for n, one in enumerate(each)} for each in (them, things, looked_at))
    who, what, by = at
    for score in Score.objects.filter(assessor__in=them):
        if score.value is not None and score.subject_id in what and score.criterion_id in by:
            place = who[score.assessor_id], what[score.subject_id], by[score.criterion_id]
            values[place] = float(score.value)
    due = np.array([[a.scores_subject(s) for s in things] for a in them], dtype=bool)
    called = _called(one.person for one in held.assessors.select_related("person"))
    return Sheets(
        tuple(called[one.person_id] for one in them),
        labels(things),
        held.criteria.plain,
        values,
        due.reshape(len(them), len(things)),
    )


def agreed_values(held: Scoring) -> np.ndarray:
    """Return the agreed scores as subjects x criteria; NaN is not agreed yet."""
    things, looked_at = subjects(held), held.criteria.rows
    found = agreed(held)
    values = [
        [float(found[s.position, c.position].value) if (s.position, c.position) in found
         else np.nan for c in looked_at]
        for s in things
    ]  # fmt: skip
    return np.array(values, dtype=float).reshape(len(things), len(looked_at))


def agreed(held: Scoring) -> dict[tuple[int, int], AgreedScore]:
    """Return (place of subject, place of criterion) -> agreed score."""
    found = AgreedScore.objects.filter(subject__scoring=held, subject__ended_at=None)
    return {
        (one.subject.position, one.criterion.position): one
        for one in found.select_related("subject", "criterion", "event")
    }


def spread(held: Scoring) -> Table:
    """Return how far people stand apart (judging's SPREAD); raises NotFound until shown."""
    return sheets(held).spread(agreed_values(held), float(held.margin))


def results(held: Scoring) -> Results:
    """Return totals and ranks of the agreed scores; raises NotFound until scores are shown."""
    _shown(held)
    return Results(labels(subjects(held)), held.criteria.plain, agreed_values(held))


def scores(held: Scoring) -> Table:
    """Return SCORES: what each person gave and said; raises NotFound until shown."""
    _shown(held)
    medians, settled = submitted(held).medians, agreed(held)
    those = subjects(held)
    names, things = labels(those), {one.pk: n for n, one in enumerate(those)}
    looked_at: dict[int, tuple[int, Criterion]] = {
        one.pk: (n, one) for n, one in enumerate(held.criteria.rows)
    }
    found = Score.objects.filter(
        assessor__scoring=held, assessor__submitted_at__isnull=False, value__isnull=False
    ).select_related("assessor__person", "assessor", "subject", "criterion")
    called = _called(one.person for one in held.assessors.select_related("person"))
    rows = []
    for one in found.order_by("subject__position", "criterion__position", "assessor_id"):
        if one.subject_id not in things or not one.assessor.scores_subject(one.subject):
            continue
        place, criterion = looked_at[one.criterion_id]
        own = settled.get((one.subject.position, criterion.position))
        rows.append(
            {
                "subject": names[things[one.subject_id]],
                "criterion": criterion.name,
                "assessor": called[one.assessor.person_id],
                "score": float(one.value),
                "meaning": criterion.scale.meaning(one.value),
                "comment": one.comment,
                "median": float(medians[things[one.subject_id], place]),
                "agreed": float(own.value) if own else None,
                "reason": own.reason if own else "",
            }
        )
    return Table.of(SCORES, rows, title=f"{held.reference}: {held.title}")


def steps(held: Scoring) -> Table:
    """Return STEPS: each state it came to, when, by whom and why."""
    found = Transition.objects.filter(subject_kind="scoring", subject=held.reference)
    rows = [
        {"at": moment(one.event.at), "state": one.to_state, "who": one.event.who,
         "why": one.event.why}
        for one in found.select_related("event")
    ]  # fmt: skip
    return Table.of(STEPS, rows)


def seats(held: Scoring) -> list[tuple[str, str, str]]:
    """Return (person, name, role) of those who sit in its body now and take part, the chair first.

    Those in attendance are left out: they may be named, and are not asked by themselves.
    """
    if held.body is None:
        return []
    found = current(held.body.seats.exclude(role="in attendance"))
    return [
        (one.post.person.code, one.post.person.name, one.role)
        for one in found.select_related("post__person").order_by("role", "post__person__name")
    ]


def _called(people: Iterable[Person]) -> dict[int, str]:
    """Return what each is called here: by name, and two of one name by their signatures."""
    them = list(people)
    names = [one.name for one in them]
    return {one.pk: one.signature if names.count(one.name) > 1 else one.name for one in them}


def _shown(held: Scoring) -> None:
    if not held.is_shown:
        raise NotFound("Scores are shown to everyone when all who may score have.")


def _assessor_state(held: Scoring, one: Assessor) -> str:
    if not one.may_score:
        return "may not score"
    if one.submitted_at is not None:
        return "in"
    return "waited for" if held.state in (ScoringState.DRAFTED, ScoringState.OPEN) else "not in"


def _scoring(one: Scoring) -> dict[str, Any]:
    names = ("reference", "title", "purpose", "state", "score_by", "version")
    able = one.assessors.filter(may_score=True)
    done = able.filter(submitted_at__isnull=False).count()
    return {name: getattr(one, name) for name in names} | {
        "body": one.body.code if one.body else "",
        "body_name": one.body.name if one.body else "",
        "criteria": one.criteria.reference,
        "subjects": one.subjects.filter(ended_at=None).count(),
        "progress": f"{done} of {able.count()} sheets are in",
    }


def overdue(held: Scoring) -> bool:
    """Return whether the day by which people score has passed and some have not."""
    today = timezone.localdate()
    return held.state == ScoringState.OPEN and held.score_by is not None and held.score_by < today


def number_text(value: Any) -> str:
    """Return a kept number as it was typed; an empty text where there is none."""
    return "" if value is None else plain(value)
