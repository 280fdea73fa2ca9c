"""People and posts: who comes, what they may do, who leaves."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from locality.figures import NotFound
from locality.records import people_tables as tables
from locality.records.actions import (
    Changed,
    Refusal,
    add_person,
    change_person,
    change_post,
    end_post,
    person_leaves,
)
from locality.records.models import Event, Person, Post, Seat
from tests.records import made

TODAY = timezone.localdate()


def test_somebody_new_signs_with_name_and_code() -> None:
    asha = made.person(email="asha@vale.example")
    assert asha.signature == f"Asha Alder, {asha.code}"
    (row,) = tables.people().rows
    assert (row["name"], row["email"], row["left"]) == ("Asha Alder", "asha@vale.example", None)
    assert Event.objects.get().what == "person.added"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", " ", "Write the name"),
        ("name", "x" * 81, "Shorten the name"),
        ("name", "Ann 943 476 5919", "NHS number"),
        ("email", "asha at vale", "name@example.org"),
        ("email", "a@b", "name@example.org"),
        ("why", "", "why this is done"),
        ("who", "", "who does this"),
    ],
)
def test_bad_input_has_its_sentence(field: str, value: str, words: str) -> None:
    told = {"name": "Asha", **made.TOLD, field: value}
    with pytest.raises(Refusal, match=words) as refused:
        add_person(**told)
    assert list(refused.value.by_field) == [field]
    assert not Person.objects.exists() and not Event.objects.exists()


def test_an_address_is_one_persons_until_they_leave() -> None:
    first = made.person(email="post@vale.example")
    with pytest.raises(Refusal, match="Asha Alder has it"):
        made.person("Ben Beech", email="POST@vale.example")
    person_leaves(code=first.code, **made.TOLD)
    assert made.person("Ben Beech", email="POST@vale.example").email == "POST@vale.example"


def test_the_second_of_two_is_told_what_changed() -> None:
    asha = made.person()
    opened = asha.version
    change_person(code=asha.code, name="Asha Elder", who="Ben", why="Married.", seen=opened)
    with pytest.raises(Changed) as changed:
        change_person(code=asha.code, name="A. Alder", seen=opened, **made.TOLD)
    for words in ("Ben changed this", "name was “Asha Alder”, is “Asha Elder”", "save again"):
        assert words in str(changed.value)
    kept = change_person(code=asha.code, name="A. Alder", seen=changed.value.version, **made.TOLD)
    assert kept.name == "A. Alder"
    assert [row.name for row in kept.history.order_by("history_id")] == [
        "Asha Alder", "Asha Elder", "A. Alder",
    ]  # fmt: skip


def test_nothing_new_writes_nothing() -> None:
    asha = made.person()
    change_person(code=asha.code, name="Asha Alder", **made.TOLD)
    held = made.post(asha, limit="5,000")
    change_post(code=held.code, title="GP partner", tags=["gp"], limit=5000, **made.TOLD)
    assert Event.objects.count() == 2


def test_a_post_says_how_far_its_holder_may_go() -> None:
    held = made.post(limit="£12,500.50", decision_maker=True, tags=["lay", "gp"])
    assert held.limit == Decimal("12500.50")
    (row,) = tables.posts().rows
    assert (row["tags"], row["limit"], row["decision_maker"]) == ("gp, lay", 12500.5, True)
    after = change_post(code=held.code, title="Partner", **made.TOLD)
    assert after.limit is None and after.tags == []


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"person": "p-none"}, "person", "people recorded here"),
        ({"title": ""}, "title", "title of the post"),
        ({"organisation": "A 81"}, "organisation", "by its code"),
        ({"tags": ["wizard"]}, "tags", "no tag called 'wizard'"),
        ({"limit": "lots"}, "limit", "in pounds"),
        ({"limit": "-1"}, "limit", "between £0"),
        ({"limit": "1.005"}, "limit", "in pounds"),
        ({"from_day": "2026-02-30"}, "from_day", "a real day"),
        ({"from_day": "0026-02-20"}, "from_day", "cannot be right"),
        ({"from_day": ""}, "from_day", "such as 31 March 2027"),
        ({"to_day": "2024-04-01"}, "to_day", "a later day"),
    ],
)
def test_a_bad_post_has_its_sentence(changes: dict, field: str, words: str) -> None:
    asha = made.person()
    with pytest.raises(Refusal, match=words) as refused:
        made.post(asha, **changes)
    assert field in refused.value.by_field
    assert not Post.objects.exists()


def test_who_leaves_gives_up_posts_and_seats_and_keeps_what_they_did() -> None:
    asha = made.person()
    held = made.post(asha)
    later = made.post(asha, title="Lead", from_day=TODAY)
    made.seat(held)
    person_leaves(code=asha.code, **made.TOLD)
    assert Seat.objects.get().to_day == TODAY
    held.refresh_from_db()
    later.refresh_from_db()
    assert held.to_day == TODAY and later.to_day == TODAY + timedelta(days=1)
    assert len(tables.people()) == 0 and len(tables.people(left=True)) == 1
    with pytest.raises(Refusal, match="has left"):
        made.post(asha)
    with pytest.raises(Refusal, match="has left"):
        person_leaves(code=asha.code, **made.TOLD)
    with pytest.raises(Refusal, match="or an earlier day"):
        person_leaves(code=made.person("B").code, on=TODAY + timedelta(days=1), **made.TOLD)


def test_a_post_ends_once_and_its_seats_with_it() -> None:
    held = made.post()
    made.seat(held)
    with pytest.raises(Refusal, match="end it later"):
        end_post(code=held.code, to_day="2024-04-01", **made.TOLD)
    end_post(code=held.code, to_day="2025-04-01", **made.TOLD)
    assert Seat.objects.get().to_day == date(2025, 4, 1)
    assert len(tables.posts()) == 0 and len(tables.posts(ended=True)) == 1
    with pytest.raises(Refusal, match="ends on 1 April 2025"):
        end_post(code=held.code, to_day="2026-04-01", **made.TOLD)


def test_who_is_not_there_is_said() -> None:
    for table, words in ((tables.person, "nobody"), (tables.post, "no post"), (tables.body, "no")):
        with pytest.raises(NotFound, match=words):
            table("x-none")
