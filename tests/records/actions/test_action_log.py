"""The action log: taken on, moved, held up, finished, dropped, opened again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from locality.figures import NotFound
from locality.records import action_tables as tables
from locality.records.actions import (
    Changed,
    Refusal,
    change_action,
    drop_action,
    finish_action,
    log_action,
    person_leaves,
    reopen_action,
    start_action,
)
from locality.records.models import Action, Event, Person, Transition
from tests.records import made

TODAY = timezone.localdate()
SOON, LATER = TODAY + timedelta(days=14), TODAY + timedelta(days=60)
LOCAL: dict[str, Any] = {"who": "local"}


@pytest.fixture
def asha() -> Person:
    return made.person()


def logged(holder: Person, **changes: Any) -> Action:
    return log_action(**{"what": "Write to the practices", "owner": holder.code, "due_on": SOON,
                         **LOCAL, **changes})  # fmt: skip


def changed(held: Action, **changes: Any) -> Action:
    return change_action(**{
        "reference": held.reference, "what": held.what, "owner": held.owner.code,
        "accountable": held.accountable.code, "due_on": held.due_on, "why": "It has to wait.",
        "depends_on": held.depends_on.reference if held.depends_on else "", **LOCAL, **changes,
    })  # fmt: skip


def test_numbers_follow_each_other_and_a_refusal_takes_none(asha: Person) -> None:
    first = logged(asha)
    with pytest.raises(Refusal):
        logged(asha, depends_on="A-1999-001")
    assert [first.reference, logged(asha).reference] == [
        f"A-{TODAY.year}-001", f"A-{TODAY.year}-002",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"what": " "}, "what", "what is to be done"),
        ({"what": "Ring 943 476 5919"}, "what", "NHS number"),
        ({"owner": "p-none"}, "owner", "who does it"),
        ({"accountable": "p-none"}, "accountable", "who is accountable"),
        ({"due_on": TODAY - timedelta(days=1)}, "due_on", "or a later day"),
        ({"due_on": TODAY + timedelta(days=3000)}, "due_on", "or an earlier day"),
        ({"due_on": "2027-02-31"}, "due_on", "a real day"),
        ({"origin_kind": "dream"}, "origin_kind", "what it came out of"),
        ({"origin_kind": "scoring"}, "origin", "which one"),
        ({"origin": "S-2026-001"}, "origin", "which one"),
        ({"origin_kind": "scoring", "origin": "S-1999-001"}, "origin", "no scoring 'S-1999-001'"),
        ({"origin_kind": "mark", "origin": "943 476 5919"}, "origin", "NHS number"),
        ({"organisation": "a b"}, "organisation", "by its code"),
        ({"body": "b-none"}, "body", "those recorded here"),
        ({"depends_on": "A-1"}, "depends_on", "no action"),
    ],
)
def test_bad_input_has_its_sentence(
    asha: Person, changes: dict[str, Any], field: str, words: str
) -> None:
    events = Event.objects.count()
    with pytest.raises(Refusal, match=words) as refused:
        logged(asha, **changes)
    assert list(refused.value.by_field) == [field]
    assert not Action.objects.exists() and Event.objects.count() == events


def test_from_state_to_state_with_each_step_in_the_log(asha: Person) -> None:
    held = logged(asha)
    start_action(reference=held.reference, **LOCAL)
    with pytest.raises(Refusal, match="what shows that it is done"):
        finish_action(reference=held.reference, evidence="", **LOCAL)
    with pytest.raises(Refusal, match="or an earlier day"):
        finish_action(reference=held.reference, evidence="Sent.", done_on=SOON, **LOCAL)
    done = finish_action(reference=held.reference, evidence="Sent to all 14.", **LOCAL)
    assert (done.state, done.done_on, done.done_by) == ("done", TODAY, "local")
    with pytest.raises(Refusal, match="It is done; what may follow is open"):
        start_action(reference=held.reference, **LOCAL)
    again = reopen_action(reference=held.reference, due_on=LATER, why="Two came back.", **LOCAL)
    assert (again.state, again.evidence, again.done_on, again.moved) == ("open", "", None, 1)
    drop_action(reference=held.reference, why="They merged.", **LOCAL)
    states = [row["state"] for row in tables.steps("action", held.reference).rows]
    assert states == ["open", "in progress", "done", "open", "dropped"]
    assert [one.from_state for one in Transition.objects.all()] == ["", *states[:-1]]
    (row,) = tables.action(held.reference).rows
    assert row["dropped_why"] == "They merged." and not row["overdue"]


def test_a_day_that_moves_is_counted_and_kept(asha: Person) -> None:
    held = logged(asha)
    assert changed(held).moved == 0
    later = changed(held, due_on=LATER)
    assert (later.moved, later.first_due, later.due_on) == (1, SOON, LATER)
    ben = made.person("Ben Beech")
    assert changed(later, owner=ben.code, what="Ring", why="Asha is away.").moved == 1
    told = [
        (row["field"], row["was"], row["now"], row["why"])
        for row in tables.changes(held.reference).rows
    ]
    assert told == [
        ("due_on", str(SOON), str(LATER), "It has to wait."),
        ("what", "Write to the practices", "Ring", "Asha is away."),
        ("owner", "Asha Alder", "Ben Beech", "Asha is away."),
    ]


def test_a_day_that_moves_when_it_is_opened_again_is_kept(asha: Person) -> None:
    held = logged(asha)
    drop_action(reference=held.reference, why="No money.", **LOCAL)
    reopen_action(reference=held.reference, due_on=LATER, why="There is money.", **LOCAL)
    (row,) = tables.changes(held.reference).rows
    assert (row["was"], row["now"], row["why"]) == (str(SOON), str(LATER), "There is money.")


def test_one_that_is_overdue_can_be_changed_without_moving_its_day(
    asha: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = logged(asha)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: LATER)
    assert tables.actions(show="overdue").rows[0]["reference"] == held.reference
    assert changed(held, what="Write to all practices").what == "Write to all practices"
    with pytest.raises(Refusal, match="or a later day"):
        changed(held, due_on=SOON + timedelta(days=1))


def test_actions_cannot_wait_for_each_other_in_a_circle(asha: Person) -> None:
    first = logged(asha)
    second = logged(asha, depends_on=first.reference)
    third = logged(asha, depends_on=second.reference)
    with pytest.raises(Refusal, match="in a circle") as refused:
        changed(first, depends_on=third.reference)
    assert f"{first.reference} → {third.reference} → {second.reference}" in str(refused.value)
    for do in (start_action, lambda **told: finish_action(evidence="Done.", **told)):
        with pytest.raises(Refusal, match="has to be done first"):
            do(reference=second.reference, **LOCAL)
    finish_action(reference=first.reference, evidence="Done.", **LOCAL)
    assert start_action(reference=second.reference, **LOCAL).state == "in progress"
    assert tables.held_up(second.reference) == [third.reference]
    drop_action(reference=second.reference, why="No.", **LOCAL)
    with pytest.raises(Refusal, match="nothing can wait for it"):
        logged(asha, depends_on=second.reference)
    with pytest.raises(Refusal, match="was dropped"):
        start_action(reference=third.reference, **LOCAL)
    assert changed(third, depends_on="").depends_on is None
    assert start_action(reference=third.reference, **LOCAL).state == "in progress"


def test_the_second_of_two_is_told_what_changed(asha: Person) -> None:
    held = logged(asha)
    opened = held.version
    changed(held, due_on=LATER, seen=opened, who="Ben")
    with pytest.raises(Changed, match="Ben changed this"):
        changed(held, what="Ring", seen=opened)
    with pytest.raises(Changed):
        finish_action(reference=held.reference, evidence="Done.", seen=opened, **LOCAL)
    with pytest.raises(Changed):
        drop_action(reference=held.reference, why="No.", seen=opened, **LOCAL)


def test_who_left_leaves_their_actions_to_be_seen(asha: Person) -> None:
    held = logged(asha)
    ben = made.person("Ben Beech")
    person_leaves(code=asha.code, who="local", why="Moved.")
    assert tables.actions().rows[0]["owner_left"]
    with pytest.raises(Refusal, match="has left"):
        logged(asha)
    moved = changed(held, owner=ben.code, accountable=ben.code)
    assert moved.owner == ben and not tables.actions().rows[0]["owner_left"]
    drop_action(reference=logged(ben).reference, why="No.", **LOCAL)


def test_lists_are_narrowed(asha: Person) -> None:
    ben = made.person("Ben Beech")
    panel = made.body()
    made.seat(made.post(ben), panel)
    mine = logged(asha, organisation="A81001", origin_kind="body", origin=panel.code)
    theirs = logged(ben, accountable=asha.code)
    of_body = logged(asha, body=panel.code)

    def found(**asked: Any) -> list[str]:
        return [row["reference"] for row in tables.actions(**asked).rows]

    assert found(person=ben.code) == [theirs.reference]
    assert found(person=ben.code, sits_in=True) == [theirs.reference, of_body.reference]
    assert found(organisation="A81001") == [mine.reference]
    assert found(body=panel.code) == [of_body.reference]
    assert found(origin=panel.code) == [mine.reference]
    assert found(show="done") == [] and len(found(show="all")) == 3
    with pytest.raises(NotFound, match="no action"):
        tables.action("A-0")


def test_they_stand_in_the_order_asked_for_a_page_at_a_time(asha: Person) -> None:
    ben = made.person("Ben Beech")
    late = logged(ben, what="B", due_on=LATER)
    soon = logged(asha, what="C")
    often = changed(logged(asha, what="A", due_on=TODAY), due_on=TODAY + timedelta(days=1))

    def found(order: str, **asked: Any) -> list[str]:
        return [row["reference"] for row in tables.actions(order=order, **asked).rows]

    a, b, c = often.reference, late.reference, soon.reference
    assert found("due") == [a, c, b]
    assert found("owner") == [a, c, b] and found("latest") == [a, c, b]
    assert found("what") == [a, b, c]
    assert found("moved")[0] == a
    assert found("due", first=1, most=1) == [c] and found("due", first=3) == []
    for one, day in ((late, TODAY - timedelta(days=2)), (soon, TODAY)):
        finish_action(reference=one.reference, evidence="Done.", done_on=day, **LOCAL)
    assert found("due", show="done") == [c, b]
