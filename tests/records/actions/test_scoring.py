"""Scorings: prepared, opened, scored alone, shown when all are in, agreed, and then locked."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from locality.figures import NotFound
from locality.records import scoring_tables
from locality.records.actions import (
    Changed,
    Given,
    Refusal,
    Settled,
    SubjectRow,
    agree_scores,
    change_scoring,
    close_scoring,
    exclude_assessor,
    name_assessors,
    open_scoring,
    person_leaves,
    readmit_assessor,
    reopen_sheet,
    reveal_scoring,
    save_sheet,
    withdraw_scoring,
)
from locality.records.actions.writing import change, event, keep
from locality.records.models import AgreedScore, Assessor, Event, Score, Scoring, Transition
from tests.records import made
from tests.records.scored import TOLD, cells, criteria, drafted, handed_in, opened, revealed

WHO: dict[str, Any] = {"who": TOLD["who"]}


def states(held: Scoring) -> list[str]:
    found = Transition.objects.filter(subject_kind="scoring", subject=held.reference)
    return [one.to_state for one in found]


# Preparing -------------------------------------------------------------------------------------


def test_a_scoring_is_drafted_with_its_reference_and_subjects() -> None:
    held = drafted(body=made.body().code, score_by="2199-01-01", margin="1.5")
    assert held.reference.startswith("S-") and held.purpose == "priority setting"
    assert [one.name for one in scoring_tables.subjects(held)] == ["Hub", "Clinic"]
    assert states(held) == ["drafted"]
    assert scoring_tables.scorings().rows[0]["body_name"] == "Vale commissioning panel"


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"title": ""}, "title", "Write a title"),
        ({"criteria": "C-1"}, "criteria", "Choose a set"),
        ({"subjects": []}, "subjects", "at least one"),
        ({"subjects": [SubjectRow("Hub"), SubjectRow("hub")]}, "name-1", "in the list already"),
        ({"subjects": [SubjectRow("Mr J 943 476 5919")]}, "name-0", "NHS number"),
        ({"subjects": [SubjectRow(person="p-nobody")]}, "person-0", "people recorded here"),
        ({"body": "b-none"}, "body", "open"),
        ({"score_by": "2020-01-01"}, "score_by", "or a later day"),
        ({"score_by": "soon"}, "score_by", "such as 31 March 2027"),
        ({"margin": "-1"}, "margin", "nought or more"),
        ({"margin": "some"}, "margin", "is not a number"),
    ],
)
def test_what_does_not_hold_is_told_beside_its_field(
    changes: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(Refusal) as refused:
        drafted(**changes)
    assert words in refused.value.by_field[field]
    assert not Scoring.objects.exists()


def test_a_draft_changes_and_an_open_one_does_not() -> None:
    ann = made.person()
    held = drafted(ann)
    told: dict[str, Any] = {"reference": held.reference, "title": "Growth",
                            "criteria": held.criteria.reference, **TOLD}  # fmt: skip
    change_scoring(subjects=[SubjectRow("Clinic"), SubjectRow("Bus")], seen=held.version, **told)
    assert [one.name for one in scoring_tables.subjects(held)] == ["Clinic", "Bus"]
    with pytest.raises(Changed, match="Growth"):
        change_scoring(subjects=[SubjectRow("Hub")], seen=held.version, **told)
    before = Event.objects.count()
    change_scoring(subjects=[SubjectRow("Clinic"), SubjectRow("Bus")], **told)
    assert Event.objects.count() == before
    open_scoring(reference=held.reference, **WHO)
    with pytest.raises(Refusal, match="is open, so this cannot"):
        change_scoring(subjects=[SubjectRow("Hub")], **told)


def test_it_opens_once_the_criteria_are_locked_and_everything_has_somebody_who_scores_it() -> None:
    ann = made.person()
    held = drafted(ann, criteria=criteria(lock=False).reference)
    with pytest.raises(Refusal, match="Lock the criteria") as refused:
        open_scoring(reference=held.reference, **WHO)
    assert refused.value.field == "criteria" and states(held) == ["drafted"]
    with pytest.raises(Refusal, match="Nobody scores Hub"):
        open_scoring(reference=drafted().reference, **WHO)
    with pytest.raises(Refusal, match="has nothing to score"):
        other = drafted(ann)
        name_assessors(reference=other.reference,
                       assessors=[(made.person("Ben").code, "self")], **TOLD)  # fmt: skip
        open_scoring(reference=other.reference, **WHO)
    done = drafted(ann)
    open_scoring(reference=done.reference, **WHO)
    with pytest.raises(Refusal, match="It is open; what may follow"):
        open_scoring(reference=done.reference, **WHO)


def test_assessors_are_named_once_and_roles_change() -> None:
    ann, ben = made.person("Ann"), made.person("Ben")
    held = drafted(ann)
    both = [(ann.code, "member"), (ben.code, "peer")]
    assert [one.person for one in
            name_assessors(reference=held.reference, assessors=both, **TOLD)] == [ben]  # fmt: skip
    assert not name_assessors(reference=held.reference, assessors=both, **TOLD)
    for wrong, words in (([], "at least one"), ([("p-x", "member")], "recorded here"),
                         ([(ann.code, "king")], "is no role")):  # fmt: skip
        with pytest.raises(Refusal, match=words):
            name_assessors(reference=held.reference, assessors=wrong, **TOLD)
    person_leaves(code=ben.code, **TOLD)
    with pytest.raises(Refusal, match="has left"):
        name_assessors(reference=held.reference, assessors=[(ben.code, "member")], **TOLD)


# Hidden until all are in -----------------------------------------------------------------------


def test_nothing_leaks_before_all_are_in() -> None:
    ann, ben = made.person("Ann"), made.person("Ben")
    held = opened(ann, ben)
    handed_in(held, ann, (8, 2), (3, 3))
    held.refresh_from_db()
    assert held.state == "open" and not held.is_shown
    tellers = (scoring_tables.sheets, scoring_tables.scores, scoring_tables.spread,
               scoring_tables.results)  # fmt: skip
    for tell in tellers:
        with pytest.raises(NotFound, match="when all who may score have"):
            tell(held)
    rows = scoring_tables.assessors(held).rows
    assert [(row["name"], row["state"]) for row in rows] == [("Ann", "in"), ("Ben", "waited for")]
    # Neither the log nor what is awaited holds a value, a comment, or how many there are.
    said = " ".join(f"{one.why} {one.detail}" for one in Event.objects.filter(
        subject=held.reference, what__startswith="scoring.sheet"))  # fmt: skip
    assert "Because" not in said and "8" not in said.replace(ann.code, "")
    assert scoring_tables.awaited(ben.code).rows[0]["progress"] == "1 of 2 sheets are in"
    assert not len(scoring_tables.awaited(ann.code))


def test_the_last_sheet_shows_all_of_them_in_the_same_moment() -> None:
    held, ann, _ = revealed()
    assert held.state == "revealed" and states(held) == ["drafted", "open", "revealed"]
    assert held.revealed_at is not None and held.early_why == ""
    rows = scoring_tables.scores(held).rows
    assert len(rows) == 8 and rows[0]["comment"] == "Because 8."
    assert {row["assessor"] for row in rows} == {"Ann Ash", "Ben Beech"}
    assert rows[0]["median"] == 6
    spread = scoring_tables.spread(held).rows
    assert spread[0]["sentence"] == "2 scores from 4 to 8, the middle one is 6."
    with pytest.raises(Refusal, match="is revealed, so this cannot"):
        handed_in(held, ann, (1, 1), (1, 1))
    with pytest.raises(Refusal, match="is revealed"):
        reopen_sheet(reference=held.reference, person=ann.code, **WHO)


def test_a_sheet_is_a_draft_until_it_is_handed_in_whole() -> None:
    ann, ben = made.person("Ann"), made.person("Ben")
    held = opened(ann, ben)
    sheet: dict[str, Any] = {"reference": held.reference, "person": ann.code, "who": "Ann, p"}
    save_sheet(cells={(1, 1): Given("7", "Much."), (1, 2): Given("", "I wonder.")}, **sheet)
    with pytest.raises(Refusal) as refused:
        save_sheet(cells={(2, 1): Given("11"), (2, 2): Given("")}, submit=True, **sheet)
    assert list(refused.value.by_field) == ["score-2-1", "score-1-2", "score-2-2"]
    assert refused.value.by_field["score-2-1"] == "Give a score from 0 to 10."
    assert refused.value.by_field["score-1-2"] == "Score Cost for Hub."
    one = scoring_tables.assessor(held, ann)
    assert one is not None and one.is_awaited
    kept = scoring_tables.own_cells(one)
    assert (kept[1, 1].value, kept[1, 2].value, kept[1, 2].comment) == (7, None, "I wonder.")
    assert (2, 1) not in kept  # what was refused was not half saved
    before = Event.objects.count()
    save_sheet(cells={(1, 1): Given("7", "Much.")}, **sheet)
    assert Event.objects.count() == before
    # Emptied again, and its history knows both.
    save_sheet(cells={(1, 1): Given("", "")}, **sheet)
    score = Score.objects.get(assessor=one, subject__position=1, criterion__position=1)
    assert score.value is None and score.history.count() == 2


def test_a_sheet_is_taken_back_until_scores_are_shown() -> None:
    ann, ben = made.person("Ann"), made.person("Ben")
    held = opened(ann, ben)
    handed_in(held, ann, (8, 2), (3, 3))
    with pytest.raises(Refusal, match="Take it back first"):
        handed_in(held, ann, (9, 2), (3, 3))
    reopen_sheet(reference=held.reference, person=ann.code, **WHO)
    handed_in(held, ann, (9, 2), (3, 3))
    handed_in(held, ben, (1, 1), (1, 1))
    assert scoring_tables.sheets(Scoring.objects.get()).values[0, 0, 0] == 9
    with pytest.raises(Refusal):
        reopen_sheet(reference=held.reference, person="p-x", **WHO)


@pytest.mark.parametrize(
    ("cell", "given", "field", "words"),
    [
        ((1, 1), Given("10.5"), "score-1-1", "from 0 to 10"),
        ((1, 1), Given("1.5"), "score-1-1", "in steps of 1: 1 or 2"),
        ((1, 1), Given("much"), "score-1-1", "is not a number"),
        ((2, 2), Given("1", "Mr J, 943 476 5919"), "comment-2-2", "NHS number"),
        ((3, 1), Given("1"), "reference", "not whole"),
        ((1, 0), Given("1"), "reference", "not whole"),
    ],
)
def test_a_slip_on_a_sheet_is_told_beside_its_cell(
    cell: tuple[int, int], given: Given, field: str, words: str
) -> None:
    ann = made.person()
    held = opened(ann)
    with pytest.raises(Refusal) as refused:
        save_sheet(reference=held.reference, person=ann.code, cells={cell: given}, who="Ann, p")
    assert words in refused.value.by_field[field]
    assert not Score.objects.exists()


def test_the_same_sheet_open_twice_never_loses_a_score() -> None:
    ann = made.person()
    held = opened(ann, made.person("Ben"))
    one = scoring_tables.assessor(held, ann)
    assert one is not None
    sheet: dict[str, Any] = {"reference": held.reference, "person": ann.code, "who": "Ann, p",
                             "seen": one.version}  # fmt: skip
    save_sheet(cells={(1, 1): Given("7")}, **sheet)
    with pytest.raises(Changed, match="after you opened it"):
        save_sheet(cells={(1, 1): Given("")}, **sheet)
    assert Score.objects.get().value == 7


# Who may not score -----------------------------------------------------------------------------


def test_who_may_not_score_is_told_with_the_reason_and_nobody_waits_for_them() -> None:
    ann, ben = made.person("Ann"), made.person("Ben")
    held = opened(ann, ben)
    handed_in(held, ann, (8, 2), (3, 3))
    told: dict[str, Any] = {"reference": held.reference, "person": ben.code, "who": "Chair, p"}
    exclude_assessor(why="Ben owns a share of the hub.", **told)
    held.refresh_from_db()
    assert held.state == "revealed" and states(held)[-1] == "revealed"
    row = scoring_tables.assessors(held).rows[1]
    assert (row["state"], row["why_not"]) == ("may not score", "Ben owns a share of the hub.")
    assert {row["assessor"] for row in scoring_tables.scores(held).rows} == {"Ann"}


def test_scores_of_who_may_not_score_are_kept_and_not_used() -> None:
    ann, ben = made.person("Ann"), made.person("Ben")
    held = opened(ann, ben)
    handed_in(held, ben, (0, 0), (0, 0))
    told: dict[str, Any] = {"reference": held.reference, "person": ben.code, "who": "Chair, p"}
    exclude_assessor(why="A conflict came to light.", **told)
    with pytest.raises(Refusal, match="may not score already"):
        exclude_assessor(why="Again.", **told)
    with pytest.raises(Refusal, match="You do not score this: A conflict"):
        handed_in(held, ben, (1, 1), (1, 1))
    held.refresh_from_db()
    assert held.state == "open"  # nothing is in, so nothing is shown
    readmit_assessor(why="It was another Ben.", **told)
    with pytest.raises(Refusal, match="may score already"):
        readmit_assessor(why="Again.", **told)
    exclude_assessor(why="It was him after all.", **told)
    handed_in(held, ann, (8, 2), (3, 3))
    held.refresh_from_db()
    assert list(scoring_tables.sheets(held).medians[0]) == [8, 2]
    assert Score.objects.filter(assessor__person=ben).count() == 4


def test_a_chair_shows_scores_early_with_a_reason_that_names_who_is_missing() -> None:
    ann, ben = made.person("Ann"), made.person("Ben")
    held = opened(ann, ben)
    told: dict[str, Any] = {"reference": held.reference, "who": "Chair, p-9"}
    with pytest.raises(Refusal, match="Nobody's scores are in"):
        reveal_scoring(why="We must decide today.", **told)
    handed_in(held, ann, (8, 2), (3, 3))
    save_sheet(reference=held.reference, person=ben.code, cells={(1, 1): Given("0")}, who="Ben, p")
    with pytest.raises(Refusal, match="Write why"):
        reveal_scoring(why="", **told)
    shown = reveal_scoring(why="We must decide today.", **told)
    assert shown.early_why == f"We must decide today. Not in: {ben.signature}."
    assert {row["assessor"] for row in scoring_tables.scores(shown).rows} == {"Ann"}
    # Ben's draft stays his: it is in no median and on no sheet that others see.
    found = scoring_tables.sheets(shown)
    assert found.assessors == ("Ann",) and found.medians[0, 0] == 8
    assert scoring_tables.spread(shown).rows[0]["sentence"] == "One score, 8."
    assert scoring_tables.assessors(shown).rows[1]["state"] == "not in"
    assert scoring_tables.steps(shown).rows[-1]["why"] == shown.early_why


# Agreeing --------------------------------------------------------------------------------------


def test_a_score_is_agreed_with_a_reason_where_it_departs_by_more_than_the_margin() -> None:
    held, _, _ = revealed(margin="1")
    told: dict[str, Any] = {"reference": held.reference, **WHO}
    with pytest.raises(Refusal) as refused:
        agree_scores(cells={(1, 1): Settled("8"), (1, 2): Settled("11"), (2, 2): Settled("6")},
                     **told)  # fmt: skip
    assert refused.value.by_field == {
        "reason-1-1": "8 is more than 1 from the median 6: say why.",
        "agreed-1-2": "Give a score from 0 to 10.",
    }
    assert not AgreedScore.objects.exists()
    cells = {(1, 1): Settled("8", "Ben had not seen the new list."), (1, 2): Settled("3"),
             (2, 1): Settled("")}  # fmt: skip
    assert len(agree_scores(cells=cells, **told)) == 2
    first = AgreedScore.objects.get(subject__position=1, criterion__position=1)
    assert (first.value, first.median, first.departs) == (8, 6, True)
    assert not agree_scores(cells=cells, **told)  # the same again writes nothing
    with pytest.raises(Changed, match="after you opened it"):
        agree_scores(cells={(1, 1): Settled("7", seen="0")}, **told)
    agree_scores(cells={(1, 1): Settled("7", "", str(first.version))}, **told)
    first.refresh_from_db()
    assert (first.value, first.departs, first.reason) == (7, False, "")


def test_it_closes_when_every_score_is_agreed_and_then_nothing_changes() -> None:
    held, ann, _ = revealed()
    told: dict[str, Any] = {"reference": held.reference, **WHO}
    agree_scores(cells={(1, 1): Settled("6"), (1, 2): Settled("2")}, **told)
    with pytest.raises(Refusal, match="Agree a score first for Clinic: Need"):
        close_scoring(**told)
    totals = {row["subject"]: row["total"] for row in scoring_tables.results(held).table().rows}
    assert totals == {"Hub": pytest.approx(44), "Clinic": None}
    agree_scores(cells={(2, 1): Settled("3"), (2, 2): Settled("6")}, **told)
    done = close_scoring(**told)
    assert done.state == "agreed"
    rows = scoring_tables.results(done).table().rows
    assert [(row["subject"], row["rank"]) for row in rows] == [("Hub", 1), ("Clinic", 2)]
    person: dict[str, Any] = {"reference": held.reference, "person": ann.code, **WHO}
    for act in (
        lambda: agree_scores(cells={(1, 1): Settled("7")}, **told),
        lambda: close_scoring(**told),
        lambda: reopen_sheet(**person),
        lambda: exclude_assessor(why="No.", **person),
        lambda: readmit_assessor(why="No.", **person),
        lambda: name_assessors(assessors=[(ann.code, "peer")], why="No.", **told),
        lambda: reveal_scoring(why="No.", **told),
        lambda: open_scoring(**told),
    ):
        with pytest.raises(Refusal):
            act()
    assert done.event_id == Scoring.objects.get().event_id


@pytest.mark.parametrize("how_far", ["drafted", "open", "revealed"])
def test_it_is_withdrawn_from_any_state_with_a_reason_and_hidden_scores_stay_hidden(
    how_far: str,
) -> None:
    ann, ben = made.person("Ann"), made.person("Ben")
    held = drafted(ann, ben) if how_far == "drafted" else opened(ann, ben)
    if how_far != "drafted":
        handed_in(held, ann, (8, 2), (3, 3))
    if how_far == "revealed":
        handed_in(held, ben, (8, 2), (3, 3))
    held.refresh_from_db()
    with pytest.raises(Refusal, match="Write why"):
        withdraw_scoring(reference=held.reference, why="", **WHO)
    gone = withdraw_scoring(reference=held.reference, why="The money is gone.", **WHO)
    assert gone.state == "withdrawn" and gone.is_shown == (how_far == "revealed")
    assert not len(scoring_tables.scorings())
    if not gone.is_shown:
        with pytest.raises(NotFound):
            scoring_tables.scores(gone)
    with pytest.raises(Refusal):
        withdraw_scoring(reference=held.reference, why="Again.", **WHO)


# Skills ----------------------------------------------------------------------------------------


def test_each_role_scores_its_own_subjects() -> None:
    ann, ben = made.person("Ann"), made.person("Ben")
    skills = criteria(purpose="skills")
    people = [SubjectRow(person=one.code) for one in (ann, ben)]
    held = drafted(ann, criteria=skills.reference, subjects=people, role="self and peer")
    name_assessors(reference=held.reference, assessors=[(ben.code, "peer")], **TOLD)
    open_scoring(reference=held.reference, **WHO)
    with pytest.raises(Refusal, match="not whole"):
        save_sheet(reference=held.reference, person=ben.code, cells=cells((1, 1), (2, 2)), who="B")
    handed_in(held, ben, (3, 1))
    handed_in(held, ann, (2, 2), (1, 1))
    held.refresh_from_db()
    assert held.state == "revealed"
    found = scoring_tables.sheets(held)
    assert found.due.tolist() == [[True, True], [True, False]]


def test_skills_are_of_people_and_two_of_one_name_are_told_apart() -> None:
    ann, other = made.person("Ann"), made.person("Ann")
    skills = criteria(purpose="skills")
    with pytest.raises(Refusal, match="choose people"):
        drafted(criteria=skills.reference)
    people = [SubjectRow(person=one.code) for one in (ann, other)]
    held = opened(ann, other, criteria=skills.reference, subjects=people)
    handed_in(held, ann, (1, 1), (2, 2))
    handed_in(held, other, (1, 1), (2, 2))
    held.refresh_from_db()
    both = (ann.signature, other.signature)
    assert scoring_tables.sheets(held).subjects == both
    assert scoring_tables.sheets(held).assessors == both
    assert {row["assessor"] for row in scoring_tables.scores(held).rows} == set(both)
    with pytest.raises(Refusal, match="in the list already"):
        drafted(criteria=skills.reference, subjects=[people[0], people[0]])


# The database ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spoil",
    [
        lambda held: setattr(held, "revealed_at", None),
        lambda held: setattr(held, "state", "open"),
        lambda held: setattr(held, "withdrawn_why", "Because."),
        lambda held: setattr(held, "state", "withdrawn"),
        lambda held: setattr(held, "margin", -1),
        lambda held: setattr(held, "title", ""),
    ],
)
def test_the_database_holds_no_half_set_state(spoil: Any) -> None:
    held, _, _ = revealed()
    spoil(held)
    with pytest.raises(IntegrityError), transaction.atomic(), change():
        keep(held, _because())


def test_the_database_holds_one_score_a_cell_and_reasons_for_departures() -> None:
    held, _, _ = revealed()
    agree_scores(reference=held.reference, cells={(1, 1): Settled("6")}, **WHO)
    first, agreed = Score.objects.first(), AgreedScore.objects.get()
    assessor = Assessor.objects.first()
    assert first is not None and assessor is not None
    agreed.departs = True
    assessor.may_score = False
    for row in (
        Score(assessor=first.assessor, subject=first.subject, criterion=first.criterion),
        AgreedScore(subject=agreed.subject, criterion=agreed.criterion, value=1, departs=False),
        Assessor(scoring=held, person=assessor.person, role="peer", may_score=True),
        agreed,
        assessor,
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), change():
            keep(row, _because())


def _because() -> Event:
    return event(who="x", what="scoring.spoilt", why="A test.", kind="scoring", subject="S-1",
                 detail={})  # fmt: skip
