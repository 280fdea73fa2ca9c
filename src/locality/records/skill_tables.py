"""Skills of people, as they see themselves and as their peers see them, for those who may see it.

A person's skills are theirs: they see them, and those peers who scored them; a page decides who
sees a whole team.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from locality.figures import Column, Schema, Table
from locality.judging.scales import plain
from locality.records import scoring_tables
from locality.records.models import Assessor, Criterion, Person, Score, Scoring, Subject

SKILLS = Schema(
    "skills",
    "Skills of people",
    (
        Column("person", "text", "whose, by code"),
        Column("name", "text", "whose"),
        Column("skill", "text", "which skill"),
        Column("domain", "text", "the heading it stands under"),
        Column("self", "number", "what they gave themself", required=False),
        Column("self_words", "text", "what that step means"),
        Column("peers", "whole", "how many others scored it"),
        Column("peers_median", "number", "the middle score of the others", required=False),
        Column("gap", "number", "own score less that of the others", required=False),
        Column("agreed", "number", "step agreed together", required=False),
        Column("comments", "text", "what was said, a line each, without names"),
        Column("sentence", "text", "the same in words"),
    ),
    ("person", "skill"),
)


def visible(held: Scoring, reader: Person | None) -> list[Subject]:
    """Return the people whose skills ``reader`` may see: their own, and whom they scored."""
    if reader is None:
        return []
    one: Assessor | None = held.assessors.filter(
        person=reader, may_score=True, submitted_at__isnull=False
    ).first()
    return [
        each
        for each in scoring_tables.subjects(held)
        if each.person_id == reader.pk or (one is not None and one.scores_subject(each))
    ]


def skills(held: Scoring, people: list[Subject]) -> Table:
    """Return SKILLS of ``people`` in order; raises NotFound until scores are shown."""
    scoring_tables.sheets(held)
    agreed = scoring_tables.agreed(held)
    given: dict[tuple[int, int], list[Score]] = {}
    found = Score.objects.filter(
        assessor__scoring=held, assessor__submitted_at__isnull=False, value__isnull=False
    ).select_related("assessor", "subject")
    for score in found:
        if score.assessor.scores_subject(score.subject):
            given.setdefault((score.subject_id, score.criterion_id), []).append(score)
    rows = []
    for one in people:
        for criterion in held.criteria.rows:
            own = agreed.get((one.position, criterion.position))
            row = _row(one, criterion, given.get((one.pk, criterion.pk), []))
            row["agreed"] = float(own.value) if own else None
            rows.append(row)
    return Table.of(SKILLS, rows, title=f"{held.reference}: {held.title}")


def _row(one: Subject, criterion: Criterion, scores: list[Score]) -> dict[str, Any]:
    mine = [s for s in scores if s.assessor.person_id == one.person_id]
    others = [s for s in scores if s.assessor.person_id != one.person_id]
    self_ = float(mine[0].value) if mine else None
    median = float(np.median([float(s.value) for s in others])) if others else None
    gap = None if self_ is None or median is None else self_ - median
    # In an order that does not tell who said what.
    comments = sorted(s.comment for s in scores if s.comment)
    return {
        "person": one.person.code if one.person else "",
        "name": one.name,
        "skill": criterion.name,
        "domain": criterion.domain,
        "self": self_,
        "self_words": criterion.scale.meaning(self_) if self_ is not None else "",
        "peers": len(others),
        "peers_median": median,
        "gap": gap,
        "comments": "\n".join(comments),
        "sentence": _sentence(self_, median, gap, len(others)),
    }


def _sentence(own: float | None, median: float | None, gap: float | None, peers: int) -> str:
    if own is None and median is None:
        return "Nobody scored this."
    if gap is None:
        return "Only they scored this themself." if median is None else "They did not score it."
    if gap > 0:
        return f"They see themself {plain(gap)} higher than the {_people(peers)} who scored it."
    if gap < 0:
        return f"The {_people(peers)} who scored it see them {plain(-gap)} higher."
    return f"They and the {_people(peers)} who scored it agree."


def _people(peers: int) -> str:
    return "colleague" if peers == 1 else f"{peers} colleagues"
