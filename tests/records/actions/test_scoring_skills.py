"""Skills of a team: begun in one go, scored by themselves and peers, seen by those concerned."""

from __future__ import annotations

from typing import Any

import pytest

from locality.figures import NotFound
from locality.knowledge.skills import ladder, skill_lists
from locality.records import scoring_tables, skill_tables
from locality.records.actions import Refusal, begin_skills, make_criteria
from locality.records.actions.skills import skill_rows
from locality.records.models import CriteriaSet, Event, Person, Scoring
from tests.records import made, scored
from tests.records.scored import TOLD

LIST = skill_lists()["loop"]


def begun(*people: Person, **changes: Any) -> Scoring:
    return begin_skills(**{
        "title": "Skills, 2026", "people": [one.code for one in people], "skills": LIST,
        "ladder": ladder(), **TOLD, **changes,
    })  # fmt: skip


def test_a_review_begins_in_one_go_with_its_ladder_and_everyone_scoring() -> None:
    ann, ben, cal = made.person("Ann"), made.person("Ben"), made.person("Cal")
    held = begun(ann, ben, peers=[cal.code, ann.code])
    assert (held.state, held.purpose) == ("open", "skills")
    roles = {row["name"]: row["role"] for row in scoring_tables.assessors(held).rows}
    assert roles == {"Ann": "self and peer", "Ben": "self and peer", "Cal": "peer"}
    first = held.criteria.rows[0]
    assert [first.scale.meaning(step).split(":")[0] for step in range(4)] == [
        "unaware", "aware", "with thought", "without thinking",
    ]  # fmt: skip
    assert len({round(weight, 9) for weight in held.criteria.plain.weights}) == 1
    # The same criteria serve next year.
    again = begun(ann, skills=None, ladder=None, criteria=held.criteria.reference)
    assert again.criteria == held.criteria and CriteriaSet.objects.count() == 1


def test_a_refusal_leaves_nothing_half_begun() -> None:
    ann = made.person("Ann")
    before = Event.objects.count()
    for changes, field in (
        ({"title": ""}, "title"),
        ({"people": []}, "people"),
        ({"people": ["p-x"]}, "people"),
        ({"skills": None}, "criteria"),
        ({"body": "b-x"}, "body"),
        ({"score_by": "2001-01-01"}, "score_by"),
        ({"peers": ["p-x"]}, "assessors"),
    ):
        with pytest.raises(Refusal) as refused:
            begun(ann, **changes)
        assert field in refused.value.by_field
    assert Event.objects.count() == before and not CriteriaSet.objects.exists()
    with pytest.raises(Refusal, match="purpose is skills"):
        begun(ann, criteria=scored.criteria().reference)
    loose = make_criteria(title="S", purpose="skills", method="rank sum",
                          rows=skill_rows(LIST, ladder()), **TOLD)  # fmt: skip
    with pytest.raises(Refusal, match="Lock the criteria"):
        begun(ann, criteria=loose.reference)
    assert not Scoring.objects.exists()


def test_self_peers_and_gap_and_who_may_see_them() -> None:
    ann, ben, cal = made.person("Ann"), made.person("Ben"), made.person("Cal")
    held = begun(ann, ben, peers=[cal.code])
    number = len(LIST.skill)
    scored.handed_in(held, ann, (3,) * number, (1,) * number)
    scored.handed_in(held, ben, (1,) * number, (2,) * number)
    with pytest.raises(NotFound):
        skill_tables.skills(held, scoring_tables.subjects(held))
    scored.handed_in(held, cal, (2,) * number, (3,) * number)
    held.refresh_from_db()
    rows = skill_tables.skills(held, scoring_tables.subjects(held)).rows
    assert len(rows) == 2 * number
    first, last = rows[0], rows[-1]
    assert (first["self"], first["peers"], first["peers_median"], first["gap"]) == (3, 2, 1.5, 1.5)
    assert first["self_words"].startswith("without thinking")
    assert first["sentence"] == "They see themself 1.5 higher than the 2 colleagues who scored it."
    assert (last["self"], last["peers_median"], last["gap"]) == (2, 2, 0)
    # Comments stand without names.
    assert first["comments"].splitlines() == ["Because 1.", "Because 2.", "Because 3."]

    def sees(reader: Person | None) -> list[str]:
        return [one.name for one in skill_tables.visible(held, reader)]

    assert sees(ann) == sees(ben) == sees(cal) == ["Ann", "Ben"]
    assert sees(made.person("Dee")) == sees(None) == []


def test_who_scores_only_themself_sees_only_themself() -> None:
    from locality.records.actions import SubjectRow, name_assessors, open_scoring

    ann, ben = made.person("Ann"), made.person("Ben")
    skills = scored.criteria(purpose="skills")
    held = scored.drafted(ann, role="self", criteria=skills.reference,
                          subjects=[SubjectRow(person=one.code) for one in (ann, ben)])  # fmt: skip
    name_assessors(reference=held.reference, assessors=[(ben.code, "self")], **TOLD)
    open_scoring(reference=held.reference, who="Lead, p")
    for one, row in ((ann, (5, 5)), (ben, (1, 2))):
        cells = scored.cells(row) if one is ann else {
            (2, c): given for (_, c), given in scored.cells(row).items()
        }  # fmt: skip
        from locality.records.actions import save_sheet

        save_sheet(reference=held.reference, person=one.code, cells=cells, submit=True, who="A")
    held.refresh_from_db()
    assert [one.name for one in skill_tables.visible(held, ann)] == ["Ann"]
    row = skill_tables.skills(held, skill_tables.visible(held, ben)).rows[1]
    assert (row["name"], row["self"], row["peers"], row["gap"]) == ("Ben", 2, 0, None)
    assert row["sentence"] == "Only they scored this themself."
