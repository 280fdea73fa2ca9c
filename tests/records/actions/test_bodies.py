"""Bodies: opened, described, seated, quorate on paper, closed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from locality.decide import Rule, is_quorate
from locality.records import people_tables as tables
from locality.records.actions import (
    Changed,
    Refusal,
    close_body,
    describe_body,
    end_seat,
    set_quorum,
)
from locality.records.models import Body, Event, QuorumRule, Seat
from tests.records import made

TODAY = timezone.localdate()


def described(held: Body, **changes: object) -> Body:
    return describe_body(**{
        "code": held.code, "name": held.name, "kind": held.kind, "acts_for": held.acts_for,
        **made.TOLD, **changes,
    })  # fmt: skip


def test_a_body_says_for_whom_it_acts_and_what_to_bring() -> None:
    made.body(consent="Terms of reference, 1 April 2024.", bring="Proposals over £5,000.",
              contact="The secretary.", needs_tags=["lay", "gp"])  # fmt: skip
    (row,) = tables.bodies().rows
    assert row["consent"].startswith("Terms") and row["needs"] == "gp, lay"
    assert row["members"] == 0


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"name": ""}, "name", "name of the body"),
        ({"kind": "coven"}, "kind", "what sort"),
        ({"acts_for": " "}, "acts_for", "for whom it acts"),
        ({"consent": "Patient 943 476 5919 agreed"}, "consent", "NHS number"),
        ({"organisation": "a b"}, "organisation", "by its code"),
        ({"needs_tags": ["x"]}, "needs_tags", "no tag"),
        ({"parent": "b-none"}, "parent", "those recorded here"),
        ({"opened_on": "2024-13-01"}, "opened_on", "a real day"),
    ],
)
def test_bad_input_has_its_sentence(changes: dict, field: str, words: str) -> None:
    with pytest.raises(Refusal, match=words) as refused:
        made.body(**changes)
    assert list(refused.value.by_field) == [field]
    assert not Body.objects.exists()


def test_one_open_body_by_a_name() -> None:
    first = made.body()
    with pytest.raises(Refusal, match="already"):
        made.body("vale commissioning PANEL")
    close_body(code=first.code, **made.TOLD)
    assert made.body().code != first.code


def test_bodies_cannot_answer_to_each_other_in_a_circle() -> None:
    board = made.body("Board")
    panel = made.body("Panel", parent=board.code)
    group = made.body("Group", parent=panel.code)
    with pytest.raises(Refusal, match="Board → Group → Panel → Board") as refused:
        described(board, parent=group.code)
    assert refused.value.field == "parent"
    with pytest.raises(Refusal, match="Board → Board"):
        described(board, parent=board.code)
    assert described(group, parent=board.code).parent == board


def test_the_second_of_two_is_told_what_changed() -> None:
    panel = made.body()
    opened = panel.version
    described(panel, task="Choose what to grow.", seen=opened)
    with pytest.raises(Changed, match="task was empty, is “Choose what to grow"):
        described(panel, task="Choose.", seen=opened)
    with pytest.raises(Changed):
        set_quorum(code=panel.code, rules=[(2, [], False)], seen=opened, **made.TOLD)


def test_seats_have_dates_and_one_chair() -> None:
    panel, held = made.body(), made.post()
    chair = made.seat(held, panel, role="chair")
    other = made.post(made.person("Ben Beech"), title="Nurse", tags=["nurse"])
    for changes, field, words in (
        ({"role": "chair"}, "role", "has a chair"),
        ({"role": "guest"}, "role", "what they do"),
        ({"from_day": "2023-01-01"}, "from_day", "1 April 2024 on"),
        ({"role": "in attendance"}, "voting", "does not vote"),
        ({"from_day": "soon"}, "from_day", "such as 31 March 2027"),
    ):
        with pytest.raises(Refusal, match=words) as refused:
            made.seat(other, panel, **changes)
        assert field in refused.value.by_field
    with pytest.raises(Refusal, match="sits in it already"):
        made.seat(held, panel)
    end_seat(code=chair.code, to_day=TODAY + timedelta(days=30), **made.TOLD)
    made.seat(other, panel, role="chair", from_day=TODAY + timedelta(days=30))
    assert [row["name"] for row in tables.seats(panel.code).rows] == ["Asha Alder", "Ben Beech"]
    assert [one.name for one in tables.members(panel.code)] == ["Asha Alder"]
    assert [one.name for one in tables.members(panel.code, TODAY + timedelta(days=30))] == [
        "Ben Beech"
    ]
    with pytest.raises(Refusal, match="ended already"):
        end_seat(code=chair.code, to_day=TODAY, **made.TOLD)


def test_the_quorum_is_data_and_its_past_is_kept() -> None:
    panel = made.body()
    made.seat(made.post(), panel)
    first = set_quorum(
        code=panel.code, rules=[("2", [], True), (1, ["lay", "patient"], False)], **made.TOLD
    )
    assert tables.rules(panel.code) == [
        Rule(2, frozenset(), True), Rule(1, frozenset({"lay", "patient"})),
    ]  # fmt: skip
    assert not is_quorate(tables.rules(panel.code), tables.members(panel.code))
    again = set_quorum(
        code=panel.code, rules=[(2, [], True), (1, ["patient", "lay"], False)], **made.TOLD
    )
    assert [one.code for one in again] == [one.code for one in first]
    set_quorum(code=panel.code, rules=[(1, ["gp"], True)], **made.TOLD)
    assert is_quorate(tables.rules(panel.code), tables.members(panel.code))
    assert QuorumRule.objects.count() == 3
    assert QuorumRule.objects.filter(ended_at=None).count() == 1


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ([(0, [], True)], "from 1 to 99"),
        ([("two", [], True)], "In line 1"),
        ([(1, [], True), (1, ["wizard"], True)], "no tag"),
        ([(1, [], True)] * 9, "at most 8"),
    ],
)
def test_a_bad_quorum_has_its_sentence(rules: list, words: str) -> None:
    panel = made.body()
    events = Event.objects.count()
    with pytest.raises(Refusal, match=words):
        set_quorum(code=panel.code, rules=rules, **made.TOLD)
    assert Event.objects.count() == events


def test_a_body_closes_with_its_seats_and_after_its_children() -> None:
    board = made.body("Board")
    panel = made.body("Panel", parent=board.code)
    made.seat(within=panel)
    with pytest.raises(Refusal, match="Panel answers to it"):
        close_body(code=board.code, **made.TOLD)
    close_body(code=panel.code, **made.TOLD)
    assert Seat.objects.get().to_day == TODAY
    close_body(code=board.code, **made.TOLD)
    with pytest.raises(Refusal, match="has closed"):
        close_body(code=board.code, **made.TOLD)
    assert len(tables.bodies()) == 0 and len(tables.bodies(closed=True)) == 2
