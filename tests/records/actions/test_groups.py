from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from locality.records.actions import (
    Refusal,
    close_group,
    codes_in,
    create_group,
    rename_group,
    set_members,
)
from locality.records.inputs import inputs
from locality.records.models import Event, Group, GroupKind, Membership

BY: dict[str, Any] = {"who": "local", "why": "We plan together."}


def vale(**words: Any) -> Group:
    return create_group(**{"name": "Vale", "members": ["A81001", "A81002"], **BY, **words})


def practices(code: str) -> list[str]:
    return [row["practice_code"] for row in inputs()["groups"] if row["code"] == code]


def test_a_group_is_made_with_its_event() -> None:
    group = vale(
        name="  Vale  Federation ",
        kind=GroupKind.FEDERATION,
        members=[" a81002", "A81001", "A81002", ""],
        on=date(2024, 4, 1),
    )
    assert (group.code, group.name, group.kind) == (
        "g-vale-federation",
        "Vale Federation",
        "federation",
    )
    assert group.codes() == ["A81001", "A81002"]
    event = Event.objects.get()
    assert (event.who, event.what, event.why) == ("local", "group.created", BY["why"])
    assert (event.subject_kind, event.subject) == ("group", "g-vale-federation")
    assert event.detail == {
        "name": "Vale Federation",
        "kind": "federation",
        "members": ["A81001", "A81002"],
        "on": "2024-04-01",
    }
    assert group.version == event.pk
    joined = Membership.objects.values_list("joined_on", "joined_by", "left_on", "left_by")
    assert set(joined) == {(date(2024, 4, 1), event.pk, None, None)}


def test_a_code_is_made_from_any_name_and_given_once() -> None:
    assert vale(name="Über & Söhne / Östlich").code == "g-uber-sohne-ostlich"
    assert vale(name="東").code == "g-group"
    assert vale(name="!!").code == "g-group-2"
    assert len(vale(name="long " * 24).code) <= 42
    close_group(code="g-uber-sohne-ostlich", **BY)
    assert vale(name="Über & Söhne / Östlich").code == "g-uber-sohne-ostlich-2"


@pytest.mark.parametrize(
    ("words", "field", "says"),
    [
        ({"name": " "}, "name", "Write the group's name."),
        ({"name": "x" * 121}, "name", "Shorten the group's name to 120 characters"),
        ({"name": "Fans of 943 476 5919"}, "name", "could be an NHS number"),
        ({"kind": "club"}, "kind", "federation, locality"),
        ({"members": []}, "members", "Name at least one practice"),
        ({"members": ["A81001", "A8100"]}, "members", "These are not: A8100."),
        ({"members": ["81001A", "Ä81001", "A８1001"]}, "members", "letter and five digits"),
        ({"members": ["9434765919"]}, "members", "could be an NHS number"),
        ({"members": ["B99999"], "known": {"A81001"}}, "members", "has this code: B99999."),
        ({"on": timezone.localdate() + timedelta(days=1)}, "on", "not come yet"),
        ({"why": ""}, "why", "Write why this is done."),
        ({"why": "Patient 9434765919 asked"}, "why", "could be an NHS number"),
        ({"who": ""}, "who", "Write who does this."),
    ],
)
def test_what_a_group_cannot_be(words: dict[str, Any], field: str, says: str) -> None:
    with pytest.raises(Refusal) as caught:
        vale(**words)
    assert caught.value.field == field
    assert says in caught.value.by_field[field]
    assert "943" not in str(caught.value)
    assert not Group.objects.exists()
    assert not Event.objects.exists()


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(Refusal) as caught:
        create_group(name="", members=["x"], who="", why="")
    assert list(caught.value.by_field) == ["name", "members", "why", "who"]


def test_many_strange_codes_are_counted() -> None:
    with pytest.raises(Refusal, match=r"P00000, P00001, P00002, P00003, P00004 and 2 more\."):
        vale(members=[f"P0000{n}" for n in range(7)], known={"A81001"})
    with pytest.raises(Refusal, match=r"These are not: X0, X1, X2, X3, X4 and 2 more\."):
        vale(members=[f"X{n}" for n in range(7)])
    with pytest.raises(Refusal, match=r"1 are not\."):
        vale(members=["1234567890"])


def test_two_open_groups_do_not_share_a_name() -> None:
    vale()
    with pytest.raises(Refusal, match="already a group called Vale") as caught:
        vale(name="VALE")
    assert caught.value.field == "name"
    close_group(code="g-vale", **BY)
    assert vale(name="VALE").code == "g-vale-2"


def test_a_new_name_keeps_the_code_and_the_history() -> None:
    vale()
    group = rename_group(code="g-vale", name="Trent", who="local", why="The board chose it.")
    assert (group.code, group.name) == ("g-vale", "Trent")
    history = group.history.order_by("history_id")
    assert [(h.name, h.history_user, h.history_change_reason) for h in history] == [
        ("Vale", "local", BY["why"]),
        ("Trent", "local", "The board chose it."),
    ]
    assert Event.objects.last().detail == {"from": "Vale", "to": "Trent"}
    assert [h.event_id for h in history] == list(Event.objects.values_list("id", flat=True))


def test_a_name_may_change_its_capitals_but_not_take_anothers() -> None:
    vale()
    vale(name="Trent")
    assert rename_group(code="g-vale", name="VALE", **BY).name == "VALE"
    with pytest.raises(Refusal, match="already a group called Trent"):
        rename_group(code="g-vale", name="trent", **BY)


def test_members_change_from_a_day_on_and_the_past_stays() -> None:
    vale(on=date(2024, 4, 1))
    group = set_members(code="g-vale", members=["A81002", "A81003"], on=date(2025, 4, 1), **BY)
    assert group.codes() == ["A81002", "A81003"]
    rows = Membership.objects.order_by("practice_code").values_list(
        "practice_code", "joined_on", "left_on"
    )
    assert list(rows) == [
        ("A81001", date(2024, 4, 1), date(2025, 4, 1)),
        ("A81002", date(2024, 4, 1), None),
        ("A81003", date(2025, 4, 1), None),
    ]
    assert Event.objects.last().detail == {
        "joined": ["A81003"],
        "left": ["A81001"],
        "on": "2025-04-01",
    }
    assert Group.objects.get().version == Event.objects.last().pk


def test_a_practice_may_leave_and_come_back_on_one_day() -> None:
    vale()
    for members in (["A81001"], ["A81001", "A81002"], ["A81002"], ["A81001", "A81002"]):
        assert set_members(code="g-vale", members=members, **BY).codes() == members


def test_a_change_is_not_dated_before_the_last() -> None:
    vale(on=date(2024, 4, 1))
    set_members(code="g-vale", members=["A81001"], on=date(2025, 4, 1), **BY)
    with pytest.raises(Refusal, match="last changed on 1 April 2025") as caught:
        set_members(code="g-vale", members=["A81002"], on=date(2025, 3, 31), **BY)
    assert caught.value.field == "on"
    with pytest.raises(Refusal, match="last changed on 1 April 2025"):
        close_group(code="g-vale", on=date(2025, 3, 31), **BY)


def test_a_member_that_is_not_known_any_more_may_stay() -> None:
    vale()
    known = {"A81001", "A81003"}
    group = set_members(code="g-vale", members=["A81002", "A81003"], known=known, **BY)
    assert group.codes() == ["A81002", "A81003"]
    with pytest.raises(Refusal, match="No practice here has this code: A81004"):
        set_members(code="g-vale", members=["A81002", "A81004"], known=known, **BY)


def test_what_changes_nothing_writes_nothing() -> None:
    vale()
    set_members(code="g-vale", members=["A81002", "A81001"], **BY)
    rename_group(code="g-vale", name=" Vale ", **BY)
    assert Event.objects.count() == 1
    assert Group.history.count() == 1


def test_a_closed_group_is_gone_from_inputs_and_takes_no_change() -> None:
    vale()
    group = close_group(code="g-vale", **BY)
    assert group.closed_on == timezone.localdate()
    assert group.codes() == []
    assert inputs()["groups"] == []
    assert Event.objects.last().detail["left"] == ["A81001", "A81002"]
    for act in (
        lambda: rename_group(code="g-vale", name="Trent", **BY),
        lambda: set_members(code="g-vale", members=["A81001"], **BY),
        lambda: close_group(code="g-vale", **BY),
    ):
        with pytest.raises(Refusal, match="is closed") as caught:
            act()
        assert caught.value.field == "code"


def test_a_group_that_is_not_there_is_a_refusal() -> None:
    with pytest.raises(Refusal, match="no group with the code 'g-nowhere'") as caught:
        set_members(code="g-nowhere", members=["A81001"], **BY)
    assert caught.value.field == "code"


def test_half_a_change_is_no_change(monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails at the last step leaves nothing behind, not even its event."""
    vale()

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("locality.records.actions.groups.keep", fail)
    before = inputs()
    with pytest.raises(RuntimeError, match="power cut"):
        set_members(code="g-vale", members=["A81003"], **BY)
    assert inputs() == before
    assert Membership.objects.count() == 2


def test_a_text_box_is_read_word_by_word() -> None:
    assert codes_in(",A81001, a81002;\nA81003\t") == ["A81001", "a81002", "A81003"]
    assert codes_in(" \n") == []


_names = count()
members = st.sets(st.sampled_from([f"A8100{n}" for n in range(6)]), min_size=1)
steps = st.lists(st.tuples(st.integers(0, 400), members), max_size=6)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=members, later=steps)
def test_a_group_equals_its_slow_twin(first: set[str], later: list[tuple[int, set[str]]]) -> None:
    """The twin: for each day, the set that was last asked for."""
    start = date(2020, 1, 1)
    code = vale(name=f"Twin {next(_names)}", members=first, on=start).code
    asked = [(start, first)]
    for after, wanted in later:
        day = asked[-1][0] + timedelta(days=after)
        set_members(code=code, members=wanted, on=day, **BY)
        asked.append((day, wanted))
    assert practices(code) == sorted(asked[-1][1])

    rows = list(Membership.objects.filter(group__code=code))
    for day in {d + timedelta(days=shift) for d, _ in asked for shift in (-1, 0, 1)}:
        then: set[str] = next((w for d, w in reversed(asked) if d <= day), set())
        held = [
            r.practice_code
            for r in rows
            if r.joined_on <= day and (r.left_on is None or day < r.left_on)
        ]
        assert sorted(held) == sorted(then), day

    log: set[str] = set()
    for event in Event.objects.filter(subject=code):
        log |= set(event.detail.get("members", event.detail.get("joined", [])))
        log -= set(event.detail.get("left", []))
    assert log == asked[-1][1], "the event log alone tells who belongs"
