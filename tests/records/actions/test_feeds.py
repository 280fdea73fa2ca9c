"""Calendar feeds: one a person, known by its hash alone, ended by whoever may."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import IntegrityError

from locality.records.action_tables import feeds
from locality.records.actions import Refusal, end_feed, make_feed, person_leaves
from locality.records.actions.accounts import close_account, open_account
from locality.records.actions.feeds import person_of
from locality.records.actions.writing import change, keep
from locality.records.models import Event, Feed
from tests.records import made


def test_a_new_address_replaces_the_old_one() -> None:
    asha = made.person()
    _, first = make_feed(person=asha.code, who="local")
    assert person_of(first) == asha
    _, second = make_feed(person=asha.code, who="local")
    assert person_of(first) is None and person_of(second) == asha
    kept = [str(value) for row in Feed.objects.values() for value in row.values()]
    kept += [str(one.detail) for one in Event.objects.all()]
    assert not any(token in value for token in (first, second) for value in kept)
    end_feed(person=asha.code, who="local", why="A lost telephone.")
    assert person_of(second) is None
    with pytest.raises(Refusal, match="no calendar feed"):
        end_feed(person=asha.code, who="local", why="Again.")


def test_who_left_has_no_feed() -> None:
    asha = made.person()
    _, token = make_feed(person=asha.code, who="local")
    person_leaves(code=asha.code, who="local", why="Moved.")
    assert person_of(token) is None
    with pytest.raises(Refusal, match="has left"):
        make_feed(person=asha.code, who="local")
    assert person_of("") is None and person_of("x" * 500) is None


def test_whose_account_is_closed_has_no_feed(home: Path) -> None:
    asha = made.person()
    opened = open_account(person=asha.code, username="asha", role="", **made.TOLD)
    _, token = make_feed(person=asha.code, who="local")
    assert person_of(token) == asha
    close_account(code=opened.account.code, **made.TOLD)
    assert person_of(token) is None


def test_one_stands_at_a_time_in_the_database_too() -> None:
    asha = made.person()
    made_one, _ = make_feed(person=asha.code, who="local")
    second = Feed(code="f-two", person=asha, token_hash="0" * 64, by="local", at=made_one.at)
    with pytest.raises(IntegrityError), change():
        keep(second, made_one.event)
    assert [row["person"] for row in feeds().rows] == [asha.code]
    assert not len(feeds("p-none"))
