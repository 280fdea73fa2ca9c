from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from locality import knowledge
from locality.figures import NotFound
from locality.judging import filled_in
from locality.knowledge.checklist import Template
from locality.records import checklist_tables
from locality.records.actions import (
    Frozen,
    Refusal,
    answer_item,
    complete_checklist,
    excuse_rater,
    fill_in_computed,
    finish_answers,
    review_checklist,
    same_as_last,
    send_pulse,
    start_anew,
    start_checklist,
    withdraw_checklist,
)
from locality.records.actions.seen import Changed
from locality.records.actions.writing import change, event, keep
from locality.records.models import Answer, Body, Checklist, Event, Person, Rater, Transition
from tests.records import made

BY: dict[str, Any] = {"who": "Gov Lead, p-1"}
NEXT = (timezone.localdate() + timedelta(days=365)).isoformat()


def template(id: str, **changes: Any) -> Template:
    return knowledge.load().checklists[id].model_copy(update=changes)


def person(name: str) -> Person:
    return made.person(name)


def body(*people: Person, name: str = "Hub board") -> Body:
    board = made.body(name)
    for one in people:
        made.seat(made.post(one), board)
    return board


def obholzer(keeper: Person, **words: Any) -> Checklist:
    return start_checklist(**{"template": template("obholzer"), "about_kind": "organisation",
                              "about": "A81001", "owner": keeper.code, **BY, **words})  # fmt: skip


def apart() -> tuple[Checklist, Person, Person]:
    """Return a checklist that a manager and a partner answer apart."""
    manager, partner = person("Mo Manager"), person("Pat Partner")
    begun = start_checklist(
        template=template("checkland_seven"), about_kind="organisation", about="A81001",
        owner=manager.code, raters=[(manager.code, "manager"), (partner.code, "partners")], **BY,
    )  # fmt: skip
    return begun, manager, partner


def rate(held: Checklist, who: Person, points: int, **words: Any) -> None:
    for item in held.questions.item:
        answer_item(reference=held.reference, item=item.id, value=points, person=who.code,
                    who=who.signature, **words)  # fmt: skip


def shown(held: Checklist, reader: Person | None) -> set[str]:
    return {row["answer"] for row in checklist_tables.answers(held, reader).rows}


def test_one_is_begun_with_its_template_kept() -> None:
    owner = person("Jo")
    begun = obholzer(owner)
    assert begun.reference == f"K-{timezone.localdate().year}-001"
    assert (begun.state, begun.template, begun.title) == (
        "open",
        "obholzer",
        "Management attributes",
    )
    assert begun.template_hash == template("obholzer").content_hash
    first = Event.objects.filter(what="checklist.begun").get()
    assert (first.subject, first.why) == (
        begun.reference, "Once a year, by a practice or a body.",
    )  # fmt: skip
    assert Transition.objects.filter(subject=begun.reference).get().to_state == "open"


def test_an_old_one_reads_as_it_was_when_the_template_changes() -> None:
    owner = person("Jo")
    begun = obholzer(owner)
    items = template("obholzer").item
    other = items[0].model_copy(update={"question": "Does anybody know what we are for?"})
    changed = template("obholzer", version=2, item=[other, *items[2:]])
    answer_item(reference=begun.reference, item="authority", value="no", **BY)
    complete_checklist(reference=begun.reference, review_on=NEXT, why="Enough for now.", **BY)
    again = start_anew(reference=begun.reference, template=changed, owner=owner.code, **BY)
    kept, new = Checklist.objects.get(pk=begun.pk), Checklist.objects.get(pk=again.pk)
    assert [one.id for one in kept.questions.item][:2] == ["task", "authority"]
    assert kept.questions.item[0].question == items[0].question
    assert new.questions.item[0].question == "Does anybody know what we are for?"
    assert (kept.state, kept.template_version, new.template_version) == ("reviewed", 1, 2)
    assert kept.template_hash != new.template_hash
    assert checklist_tables.answers(kept, None).rows[1]["answer"] == "No"


@pytest.mark.parametrize(
    ("words", "field", "says"),
    [
        ({"about_kind": "decision"}, "about_kind", "organisation or body"),
        ({"about": "A 81001"}, "about", "such as A81001"),
        ({"about": "9434765919"}, "about", "could be an NHS number"),
        ({"about": "A81999", "known": {"A81001"}}, "about", "such as A81001"),
        ({"about_kind": "body", "about": "b-none"}, "about", "Choose a body that is open"),
        ({"owner": ""}, "owner", "Choose who takes care of it"),
        ({"title": "x" * 161}, "title", "Shorten the title"),
        ({"body": "b-none"}, "body", "or none"),
    ],
)
def test_what_cannot_begin_says_why(words: dict[str, Any], field: str, says: str) -> None:
    owner = person("Jo")
    with pytest.raises(Refusal) as refused:
        obholzer(owner, **words)
    assert refused.value.field == field and says in refused.value.sentence
    assert not Checklist.objects.exists()


def test_the_same_is_not_asked_twice_at_a_time() -> None:
    owner = person("Jo")
    first = obholzer(owner)
    with pytest.raises(Refusal, match=f"{first.reference} asks this already"):
        obholzer(owner)
    withdraw_checklist(reference=first.reference, why="A slip.", **BY)
    assert obholzer(owner).reference.endswith("-002")


def test_an_answer_is_kept_with_evidence_owner_and_event() -> None:
    owner = person("Jo")
    begun = obholzer(owner)
    kept = answer_item(
        reference=begun.reference, item="task", value="partly", words="The new ones do not.",
        evidence="https://example.org/minutes", owner=owner.code, **BY,
    )  # fmt: skip
    row = checklist_tables.answers(begun, None).rows[0]
    assert (row["answer"], row["owner"], row["evidence"]) == (
        "Partly", "Jo", "https://example.org/minutes",
    )  # fmt: skip
    assert checklist_tables.far(begun) == "1 of 7 answered, 6 still to do"
    events = Event.objects.count()
    same = answer_item(
        reference=begun.reference, item="task", value="partly", words="The new ones do not.",
        evidence="https://example.org/minutes", owner=owner.code, **BY,
    )  # fmt: skip
    assert same.version == kept.version and Event.objects.count() == events
    assert kept.history.count() == 1
    assert Event.objects.get(pk=kept.event_id).detail == {"item": "task"}


@pytest.mark.parametrize(
    ("words", "field", "says"),
    [
        ({"value": "maybe"}, "value", "Choose one of: yes, partly, no"),
        ({"value": None}, "value", "Write an answer"),
        ({"value": None, "applies": False}, "words", "Say why it does not apply"),
        ({"words": "Mrs Jones, 943 476 5919"}, "words", "could be an NHS number"),
        ({"evidence": "943 476 5919"}, "evidence", "could be an NHS number"),
        ({"item": "nothing"}, "item", "does not ask"),
        ({"owner": "p-none"}, "owner", "from the people recorded"),
        ({"reference": "K-1999-001"}, "reference", "There is no checklist"),
    ],
)
def test_an_answer_that_cannot_stand_says_why(words: dict[str, Any], field: str, says: str) -> None:
    begun = obholzer(person("Jo"))
    given = {"reference": begun.reference, "item": "task", "value": "yes", **BY, **words}
    with pytest.raises(Refusal) as refused:
        answer_item(**given)
    assert refused.value.field == field and says in refused.value.sentence
    assert not Answer.objects.exists()


def test_a_number_of_a_patient_is_found_inside_a_table_too() -> None:
    owner = person("Jo")
    begun = start_checklist(template=template("ssm_five_steps"), about_kind="organisation",
                           about="A81001", owner=owner.code, **BY)  # fmt: skip
    rows = [{"activity": "Call people", "after": []}, {"activity": "943 476 5919", "after": [1]}]
    with pytest.raises(Refusal) as refused:
        answer_item(reference=begun.reference, item="model", value=rows, **BY)
    assert refused.value.field == "value-1-activity"


def test_two_who_save_at_once_do_not_overwrite_each_other() -> None:
    begun = obholzer(person("Jo"))
    told: dict[str, Any] = {"reference": begun.reference, "item": "task"}
    first = answer_item(value="yes", seen="0", who="Ann", **told)
    with pytest.raises(Changed, match="Ann changed this"):
        answer_item(value="no", seen="0", who="Ben", **told)
    second = answer_item(value="no", seen=first.version, who="Ben", **told)
    with pytest.raises(Changed, match="Ben changed this") as changed:
        answer_item(value="partly", seen=first.version, who="Ann", **told)
    assert changed.value.version == second.version
    assert Answer.objects.get().value == "no"


def test_sides_see_nothing_of_each_other_until_both_are_done() -> None:
    held, manager, partner = apart()
    rate(held, manager, 4)
    assert len(checklist_tables.answers(held, manager)) == 7
    for reader in (partner, None, person("Nosy")):
        assert "4, wholly" not in shown(held, reader)
    with pytest.raises(NotFound, match="Both sides answer first"):
        checklist_tables.by_side(held)
    finish_answers(reference=held.reference, person=manager.code, who=manager.signature)
    rate(held, partner, 1)
    assert shown(held, partner) == {"1, a little"}
    with pytest.raises(NotFound):
        checklist_tables.by_side(held)
    finish_answers(reference=held.reference, person=partner.code, who=partner.signature)
    assert len(checklist_tables.answers(held, None)) == 14
    first, second = checklist_tables.by_side(held)
    assert (first[0]["norm"].value, second[0]["norm"].value) == (4, 1)


def test_withdrawing_shows_nobody_anything() -> None:
    held, manager, partner = apart()
    rate(held, manager, 4)
    withdraw_checklist(reference=held.reference, why="A slip.", **BY)
    held.refresh_from_db()
    assert shown(held, partner) == {""}
    with pytest.raises(NotFound):
        checklist_tables.by_side(held)


def test_who_is_done_is_done_and_what_is_missing_is_named() -> None:
    held, manager, partner = apart()
    with pytest.raises(Refusal, match="Answer these first") as refused:
        finish_answers(reference=held.reference, person=manager.code, **BY)
    assert refused.value.field == "items"
    rate(held, manager, 2)
    finish_answers(reference=held.reference, person=manager.code, **BY)
    with pytest.raises(Refusal, match="so they stand"):
        rate(held, manager, 3)
    with pytest.raises(Refusal, match="Only those who were asked"):
        rate(held, person("Nosy"), 3)
    with pytest.raises(Refusal, match="the answers of Pat Partner"):
        complete_checklist(reference=held.reference, review_on=NEXT, **BY)
    excuse_rater(reference=held.reference, person=partner.code, why="On leave.", **BY)
    done = complete_checklist(reference=held.reference, review_on=NEXT, **BY)
    assert done.state == "complete" and not done.left_open_why


def test_completing_names_what_is_missing_and_asks_why() -> None:
    begun = obholzer(person("Jo"))
    answer_item(reference=begun.reference, item="task", value="yes", **BY)
    with pytest.raises(Refusal) as refused:
        complete_checklist(reference=begun.reference, review_on=NEXT, **BY)
    assert refused.value.field == "why"
    assert refused.value.sentence.count("“") == 6
    with pytest.raises(Refusal, match="the day it is looked at again"):
        complete_checklist(reference=begun.reference, review_on="2001-01-01", why="Now.", **BY)
    done = complete_checklist(reference=begun.reference, review_on=NEXT, why="Next year.", **BY)
    assert done.left_open_why == "Next year."
    with pytest.raises(Refusal, match="its answers stand as given"):
        answer_item(reference=begun.reference, item="task", value="no", **BY)
    with pytest.raises(Refusal, match="what may follow is reviewed or withdrawn"):
        complete_checklist(reference=begun.reference, review_on=NEXT, why="Again.", **BY)
    assert review_checklist(reference=begun.reference, why="Nothing new.", **BY).state == "reviewed"
    states = Transition.objects.filter(subject=begun.reference).values_list("to_state", flat=True)
    assert list(states) == ["open", "complete", "reviewed"]


def test_last_year_can_be_taken_over_item_by_item() -> None:
    owner = person("Jo")
    begun = obholzer(owner)
    answer_item(reference=begun.reference, item="task", value="yes", evidence="Plan", **BY)
    with pytest.raises(Refusal, match="Complete K-"):
        start_anew(reference=begun.reference, template=template("obholzer"), owner=owner.code, **BY)
    complete_checklist(reference=begun.reference, review_on=NEXT, why="Later.", **BY)
    again = start_anew(
        reference=begun.reference, template=template("obholzer"), owner=owner.code, **BY
    )
    kept = same_as_last(reference=again.reference, item="task", seen="0", **BY)
    assert (kept.value, kept.evidence) == ("yes", "Plan")
    with pytest.raises(Refusal, match="no answer of the time before"):
        same_as_last(reference=again.reference, item="users", **BY)
    with pytest.raises(Refusal, match="That was done"):
        start_anew(reference=begun.reference, template=template("obholzer"), owner=owner.code, **BY)


def test_the_same_people_are_asked_again_and_an_agreed_answer_comes_last() -> None:
    one, two = person("Ann"), person("Ben")
    held = start_checklist(
        template=template("ifpmm"), about_kind="organisation", about="A81001", owner=one.code,
        raters=[(one.code, ""), (two.code, "")], **BY,
    )  # fmt: skip
    for who, points in ((one, 2), (two, 5)):
        rate(held, who, points)
        finish_answers(reference=held.reference, person=who.code, **BY)
    assert len(checklist_tables.answers(held, None)) == 21
    rate(held, one, 4)
    assert Answer.objects.filter(rater=None).count() == 7
    done = complete_checklist(reference=held.reference, review_on=NEXT, **BY)
    again = start_anew(reference=done.reference, template=template("ifpmm"), owner=one.code, **BY)
    assert {rater.person.name for rater in again.raters.all()} == {"Ann", "Ben"}


# What was worked out ------------------------------------------------------------------------


def charter() -> Checklist:
    owner = person("Jo")
    board = body(owner)
    return start_checklist(template=template("roberts_six"), about_kind="body", about=board.code,
                           owner=owner.code, **BY)  # fmt: skip


def filled(value: Any = "partly", words: str = "1 of 2 members may commit money.") -> list[Frozen]:
    return [Frozen("home_invests", value, words, "records at event 9")]


def test_what_is_worked_out_says_what_it_rests_on() -> None:
    held = charter()
    kept = fill_in_computed(reference=held.reference, filled=filled(), **BY)
    assert [one.item for one in kept] == ["home_invests"]
    answer = Answer.objects.get()
    assert answer.computed and answer.value == "partly"
    assert answer.data_version == "records at event 9"
    assert fill_in_computed(reference=held.reference, filled=filled(), **BY) == []
    row = next(r for r in checklist_tables.answers(held, None).rows if r["item"] == "home_invests")
    assert row["worked_out"] == "1 of 2 members may commit money."


def test_the_frozen_answer_from_the_seats_of_a_body() -> None:
    held = charter()
    assert held.body is not None
    worked = filled_in.delegated_limits(checklist_tables.sittings(held.body))
    assert worked.value == "no" and "no limit is recorded" in worked.told


def test_a_person_adds_words_and_does_not_overwrite_silently() -> None:
    held = charter()
    fill_in_computed(reference=held.reference, filled=filled(), **BY)
    told: dict[str, Any] = {"reference": held.reference, "item": "home_invests", **BY}
    added = answer_item(value="partly", words="Ann was given two hours a week.", **told)
    assert added.computed and added.words
    for other in ({"value": "yes"}, {"value": None, "applies": False, "words": "No."}):
        with pytest.raises(Refusal) as refused:
            answer_item(**other, **told)
        assert refused.value.field == "overrule"
    other = answer_item(value="yes", overrule="The letter came yesterday.", **told)
    assert (other.value, other.computed, other.computed_value) == ("yes", False, "partly")
    assert other.overruled_why == "The letter came yesterday."
    fill_in_computed(reference=held.reference, filled=filled("no", "Nobody may."), **BY)
    again = Answer.objects.get()
    assert (again.value, again.computed_value, again.computed) == ("yes", "no", False)
    back = answer_item(value="no", **told)
    assert back.computed and not back.overruled_why


def test_an_answer_given_before_stays_beside_what_is_worked_out() -> None:
    held = charter()
    answer_item(reference=held.reference, item="home_invests", value="yes", **BY)
    fill_in_computed(reference=held.reference, filled=filled(), **BY)
    answer = Answer.objects.get()
    assert (answer.value, answer.computed, answer.computed_value) == ("yes", False, "partly")
    assert "before this was worked out" in answer.overruled_why


def test_figures_alone_leave_the_question_to_do() -> None:
    owner = person("Jo")
    held = start_checklist(template=template("commissioning_plan"), about_kind="organisation",
                           about="A81001", owner=owner.code, **BY)  # fmt: skip
    waits = Frozen("waiting", None, "1,204 people waited in July 2026.", "v7")
    fill_in_computed(reference=held.reference, filled=[waits], **BY)
    assert checklist_tables.far(held) == "0 of 4 answered, 4 still to do"
    answer_item(reference=held.reference, item="waiting",
                value={"text": "We refer late.", "measures": []}, **BY)  # fmt: skip
    answer = Answer.objects.get()
    assert answer.computed_from.startswith("1,204") and not answer.computed
    assert checklist_tables.far(held) == "1 of 4 answered, 3 still to do"


@pytest.mark.parametrize(
    ("frozen", "says"),
    [
        (Frozen("clear_feasible", "yes", "Because.", "v7"), "is not one that is worked out"),
        (Frozen("home_invests", "perhaps", "Because.", "v7"), "is no answer to"),
        (Frozen("home_invests", "yes", "", "v7"), "what it rests on"),
        (Frozen("home_invests", "yes", "Because.", ""), "what it rests on"),
    ],
)
def test_nothing_is_worked_out_that_cannot_be(frozen: Frozen, says: str) -> None:
    held = charter()
    with pytest.raises(Refusal, match=says):
        fill_in_computed(reference=held.reference, filled=[frozen], **BY)
    assert not Answer.objects.exists()


# The pulse ----------------------------------------------------------------------------------


def pulse(*people: Person, name: str = "Hub board") -> tuple[Checklist, Body]:
    board = body(*people, name=name)
    held = start_checklist(template=template("engagement_pulse"), about_kind="body",
                           about=board.code, owner=people[0].code, **BY)  # fmt: skip
    return held, board


VALUES: dict[str, Any] = {"change": "yes", "heard": "no", "stay": 3}


def test_a_pulse_is_answered_alone_and_shown_by_nobodys_name() -> None:
    people = [person(name) for name in ("Ann", "Ben", "Cat", "Dan")]
    held, board = pulse(*people)
    assert {one.person.name for one in held.raters.all()} == {"Ann", "Ben", "Cat", "Dan"}
    for one, change_ in zip(people[:3], ("yes", "no", "no"), strict=True):
        send_pulse(reference=held.reference, person=one.code,
                   values=VALUES | {"change": change_}, who=one.signature)  # fmt: skip
    with pytest.raises(Refusal, match="sent before"):
        send_pulse(reference=held.reference, person=people[0].code, values=VALUES, **BY)
    assert checklist_tables.pulses(board.code, "engagement_pulse") == {}, "not while it is open"
    assert checklist_tables.answers(held, None).rows == []
    assert {row["answered_by"] for row in checklist_tables.answers(held, people[0]).rows} == {
        people[0].signature
    }
    complete_checklist(reference=held.reference, review_on=NEXT, why="Dan is away.", **BY)
    sets = checklist_tables.pulses(board.code, "engagement_pulse")[held.year]
    assert sorted(one["change"].value for one in sets) == ["no", "no", "yes"]
    assert not any(one.code in str(sets) or one.name in str(sets) for one in people)
    held.refresh_from_db()
    assert checklist_tables.answers(held, people[1]).rows[0]["answered_by"] == people[1].signature
    log = "".join(str(one.detail) for one in Event.objects.filter(what="checklist.answered"))
    assert "change" not in log and "yes" not in log


def test_a_pulse_needs_three_and_comes_once_a_year() -> None:
    people = [person(name) for name in ("Ann", "Ben", "Cat")]
    with pytest.raises(Refusal, match="Fewer than three"):
        pulse(*people[:2])
    held, board = pulse(*people, name="Another board")
    with pytest.raises(Refusal, match="Answer at least one"):
        send_pulse(reference=held.reference, person=people[0].code, values={}, **BY)
    with pytest.raises(Refusal) as refused:
        send_pulse(reference=held.reference, person=people[0].code, values={"stay": 9}, **BY)
    assert refused.value.field == "stay" and not Answer.objects.exists()
    complete_checklist(reference=held.reference, review_on=NEXT, why="Nobody came.", **BY)
    with pytest.raises(Refusal, match="asked this in"):
        start_checklist(template=template("engagement_pulse"), about_kind="body",
                        about=board.code, owner=people[0].code, **BY)  # fmt: skip


# The database itself ------------------------------------------------------------------------


def _broken(thing: Any, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(thing, name, value)
    with pytest.raises(IntegrityError), transaction.atomic(), change():
        because = event(who="x", what="x", why="x", kind="checklist", subject="x", detail={})
        keep(thing, because)
    thing.refresh_from_db()


def test_half_set_states_cannot_exist() -> None:
    held, manager, _ = apart()
    _broken(held, state="complete")
    _broken(held, review_on=date(2030, 1, 1))
    _broken(held, state="withdrawn")
    _broken(held, withdrawn_why="Why.")
    _broken(held, about_kind="body")
    _broken(held, state="lost")
    rater = held.raters.first()
    assert rater is not None
    _broken(rater, finished_at=timezone.now(), excused_why="Both.")
    answer = answer_item(reference=held.reference, item="norm", value=2, person=manager.code, **BY)
    for fields in (
        {"computed": True},
        {"computed_from": "words"},
        {"data_version": "v7"},
        {"overruled_why": "why"},
        {"computed_from": "words", "data_version": "v7", "computed_value": 1},
        {"computed_from": "words", "data_version": "v7", "computed": True},
        {"applies": False, "value": 2, "words": "Why."},
        {"applies": False, "value": None, "words": ""},
    ):
        _broken(answer, **fields)


def test_one_answer_a_rater_and_item() -> None:
    held, manager, _ = apart()
    answer_item(reference=held.reference, item="norm", value=2, person=manager.code, **BY)
    rater = Rater.objects.get(checklist=held, person=manager)
    twice = Answer(checklist=held, rater=rater, item="norm", value=3, applies=True, computed=False)
    together = Answer(checklist=held, item="norm", value=3, applies=True, computed=False)
    with change():
        because = event(who="x", what="x", why="x", kind="checklist", subject="x", detail={})
        with pytest.raises(IntegrityError), transaction.atomic():
            keep(twice, because)
        keep(together, because)
        again = Answer(checklist=held, item="norm", value=1, applies=True, computed=False)
        with pytest.raises(IntegrityError), transaction.atomic():
            keep(again, because)
