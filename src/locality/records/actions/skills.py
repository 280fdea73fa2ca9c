"""Skills of a team: criteria, people and who scores whom, begun in one go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from locality.knowledge.skills import Ladder, SkillList
from locality.records.actions.criteria import Row, criteria_set, lock_criteria, make_criteria
from locality.records.actions.refusing import Checking, Refusal
from locality.records.actions.scoring import (
    SubjectRow,
    draft_scoring,
    name_assessors,
    open_scoring,
    told_of,
)
from locality.records.actions.writing import change
from locality.records.models import Post, Purpose, Scoring, Seat
from locality.records.people_tables import current


def begin_skills(
    *,
    title: str,
    people: Sequence[str],
    who: str,
    why: str,
    skills: SkillList | None = None,
    ladder: Ladder | None = None,
    criteria: str = "",
    peers: Sequence[str] = (),
    organisation: str = "",
    body: str = "",
    score_by: str | date = "",
) -> Scoring:
    """Return a skills review that is open: each of ``people`` scores themself and the others.

    ``peers`` score them too and are not scored. By a list of ``skills`` on a ``ladder``, all of
    one weight, or by a locked set of ``criteria``. Where it is of an ``organisation`` they all
    work there, and where it is in a ``body`` they all sit there: who runs it there sees their
    skills, or how far they have come. Everything is begun, or nothing. Raises Refusal for
    ``title``, ``people``, ``criteria``, ``body``, ``score_by``, ``who`` or ``why``.
    """
    everyone = list(dict.fromkeys(people))
    with Checking() as check:
        told_of(check, title, body, score_by, "0", why, who)
        if not everyone:
            check.refuse("people", "Choose at least one person.")
        if not criteria and (skills is None or ladder is None):
            check.refuse("criteria", "Choose a list of skills.")
        for code in everyone:
            _of_this_team(check, code, organisation, body)
    with change():
        if not criteria and skills is not None and ladder is not None:
            criteria = _criteria(skills, ladder, who, why)
        if criteria_set(criteria, "criteria").purpose != Purpose.SKILLS:
            raise Refusal("criteria", "Choose criteria whose purpose is skills.")
        try:
            held = draft_scoring(
                title=title, criteria=criteria, margin="0", body=body, score_by=score_by,
                subjects=[SubjectRow(person=code, organisation=organisation) for code in everyone],
                who=who, why=why,
            )  # fmt: skip
        except Refusal as refusal:
            raise _as_people(refusal) from None
        both = [(code, "self and peer") for code in everyone]
        others = [(code, "peer") for code in peers if code not in everyone]
        name_assessors(reference=held.reference, assessors=[*both, *others], who=who, why=why)
        return open_scoring(reference=held.reference, who=who)


def skill_rows(skills: SkillList, ladder: Ladder) -> list[Row]:
    """Return the rows of a criteria set: each skill on the ladder, all of one weight."""
    anchors = "\n".join(f"{step} = {words}" for step, words in enumerate(ladder.steps))
    return [
        Row(one.name, "1", "0", str(len(ladder.steps) - 1), "1", one.meaning, one.domain, anchors)
        for one in skills.skill
    ]


def _of_this_team(check: Checking, code: str, organisation: str, body: str) -> None:
    """Refuse somebody who does not work in the ``organisation``, or sit in the ``body``, today."""
    person = check.person("people", code, "whose skills")
    if person is None:
        return
    posts = Post.objects.filter(person=person, organisation=organisation)
    if organisation and not current(posts).exists():
        check.refuse("people", f"{person.name} holds no post in {organisation} today.")
    seats = Seat.objects.filter(post__person=person, body__code=body)
    if body and not current(seats).exists():
        check.refuse("people", f"{person.name} does not sit in this body today.")


def _criteria(skills: SkillList, ladder: Ladder, who: str, why: str) -> str:
    # All share the first place, so all have one weight.
    made = make_criteria(title=skills.title, purpose=str(Purpose.SKILLS), method="rank sum",
                         rows=skill_rows(skills, ladder), who=who, why=why)  # fmt: skip
    return str(lock_criteria(reference=made.reference, who=who).reference)


def _as_people(refusal: Refusal) -> Refusal:
    """Return what was refused of a subject as said of the people."""
    told = [
        ("people" if field.startswith(("person-", "name-")) else field, sentence)
        for field, sentence in refusal.reasons
    ]
    return Refusal(*told[0], *told[1:])
