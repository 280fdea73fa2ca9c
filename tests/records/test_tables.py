from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from locality.figures import NotFound
from locality.records import tables
from locality.records.actions import (
    add_note,
    close_group,
    create_group,
    set_members,
    set_setting,
    withdraw_note,
)

BY: dict[str, Any] = {"who": "local", "why": "We plan together."}


def test_empty_records_are_empty_tables() -> None:
    for table in (tables.groups(), tables.settings(), tables.notes(), tables.events()):
        assert len(table) == 0


def test_groups_count_their_practices_now() -> None:
    create_group(name="Vale", members=["A81001", "A81002"], on=date(2024, 4, 1), **BY)
    create_group(name="Ash", members=["A81001"], **BY)
    set_members(code="g-vale", members=["A81002"], **BY)
    close_group(code="g-ash", **BY)
    assert [(r["code"], r["practices"], r["version"]) for r in tables.groups().rows] == [
        ("g-vale", 1, 3)
    ]
    assert [r["code"] for r in tables.groups(closed=True).rows] == ["g-ash", "g-vale"]
    today = timezone.localdate()
    assert tables.memberships("g-vale").rows == [
        {
            "code": "g-vale",
            "practice_code": "A81001",
            "joined_on": date(2024, 4, 1),
            "left_on": today,
        },
        {
            "code": "g-vale",
            "practice_code": "A81002",
            "joined_on": date(2024, 4, 1),
            "left_on": None,
        },
    ]
    assert tables.group("g-ash").name == "Ash"
    with pytest.raises(NotFound, match="no group with the code 'g-x'"):
        tables.memberships("g-x")


def test_settings_are_read_as_text() -> None:
    set_setting(name="inclusion.active_only", value=False, **BY)
    set_setting(name="inclusion.minimum_list", value=1000, **BY)
    set_setting(name="allocation.overall", value="12", organisation="QE1", period="2026-27", **BY)
    set_setting(name="inclusion.minimum_list", value=None, **BY)
    assert [
        (r["title"], r["organisation"], r["value"], r["event"]) for r in tables.settings().rows
    ] == [
        ("Allocation of an ICB", "QE1", "12.00", 3),
        ("Count active practices only", "", "no", 1),
    ]
    assert tables.setting("inclusion.active_only") is False
    assert tables.setting("inclusion.minimum_list") is None


def test_notes_are_found_by_what_they_are_about() -> None:
    first = add_note(organisation="A81001", text="One.", who="local")
    second = add_note(organisation="A81001", measure="qof.register.hyp", text="Two.", who="local")
    add_note(organisation="A81002", text="Three.", who="local")
    withdraw_note(code=first.code, **BY)
    assert [r["text"] for r in tables.notes().rows] == ["Three.", "Two."]
    assert [r["code"] for r in tables.notes("A81001").rows] == [second.code]
    assert [r["text"] for r in tables.notes("A81001", "qof.register.hyp").rows] == ["Two."]
    row = tables.notes("A81001", withdrawn=True).rows[-1]
    assert (row["text"], row["withdrawn_by"], row["withdrawn_why"]) == ("One.", "local", BY["why"])
    assert row["withdrawn_at"] is not None


def test_events_come_newest_first_and_by_subject() -> None:
    create_group(name="Vale", members=["A81001"], **BY)
    set_setting(name="inclusion.minimum_list", value=1, **BY)
    close_group(code="g-vale", **BY)
    assert [r["what"] for r in tables.events().rows] == [
        "group.closed",
        "setting.set",
        "group.created",
    ]
    assert [r["id"] for r in tables.events("group", "g-vale").rows] == [3, 1]
    assert [r["id"] for r in tables.events(limit=1).rows] == [3]
