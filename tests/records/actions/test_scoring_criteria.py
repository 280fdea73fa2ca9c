"""Criteria sets: made, changed while open, locked for good, and followed by a next version."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from locality.records import scoring_tables
from locality.records.actions import (
    Changed,
    Refusal,
    Row,
    change_criteria,
    lock_criteria,
    make_criteria,
    next_version,
)
from locality.records.models import CriteriaSet, Criterion, Event
from tests.records import scored
from tests.records.scored import ROWS, TOLD, criteria


def changed(held: CriteriaSet, **words: Any) -> CriteriaSet:
    return change_criteria(**{
        "reference": held.reference, "title": held.title, "purpose": held.purpose,
        "method": held.method, "rows": ROWS, **TOLD, **words,
    })  # fmt: skip


def test_a_set_is_made_with_its_reference_rows_and_event() -> None:
    held = criteria(lock=False)
    assert held.reference.startswith("C-") and held.reference.endswith("-001")
    assert [one.name for one in held.rows] == ["Need", "Cost"]
    assert list(held.plain.weights) == [60, 40]
    assert held.rows[0].scale.meaning(10) == "many"
    assert held.event.what == "criteria.made" and not held.is_locked
    assert criteria(lock=False).reference.endswith("-002")
    assert scoring_tables.criteria(held).rows[0]["anchors"] == "0 = none\n10 = many"


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"title": ""}, "title", "Write a title"),
        ({"purpose": "fun"}, "purpose", "Choose"),
        ({"method": "dice"}, "method", "Choose"),
        ({"rows": ()}, "rows", "at least one"),
        ({"rows": (ROWS[0], replace(ROWS[1], weight="30"))}, "rows", "add up to 90"),
        ({"rows": (ROWS[0], replace(ROWS[1], weight="x"))}, "weight-1", "is not a number"),
        ({"rows": (ROWS[0], replace(ROWS[1], name=" need "))}, "name-1", "Criterion 1 has"),
        ({"rows": (ROWS[0], replace(ROWS[1], upper="0"))}, "upper-1", "ends above"),
        ({"rows": (ROWS[0], replace(ROWS[1], step="3"))}, "step-1", "do not lead"),
        ({"rows": (ROWS[0], replace(ROWS[1], anchors="11 = x"))}, "anchors-1", "from 0 to 10"),
        ({"rows": (ROWS[0], replace(ROWS[1], lower="-3"))}, "rows", "below nought and some do"),
        ({"rows": (ROWS[0], replace(ROWS[1], meaning="943 476 5919"))}, "meaning-1", "NHS number"),
        ({"rows": (ROWS[0], replace(ROWS[1], anchors="1 = 943 476 5919"))}, "anchors-1", "NHS"),
        ({"method": "rank sum"}, "weight-0", "from 1 to 2"),
        ({"method": "swing"}, "rows", "Give 100"),
        ({"why": " "}, "why", "Write why"),
        ({"rows": [Row(f"C{n}", "1") for n in range(31)]}, "rows", "Keep it to 30"),
    ],
)
def test_what_does_not_hold_is_told_beside_its_field_and_nothing_is_written(
    changes: dict[str, Any], field: str, words: str
) -> None:
    before = Event.objects.count()
    with pytest.raises(Refusal) as refused:
        criteria(lock=False, **changes)
    assert words in refused.value.by_field[field]
    assert not CriteriaSet.objects.exists() and Event.objects.count() == before


def test_an_open_set_changes_and_what_it_was_is_kept() -> None:
    held = criteria(lock=False)
    again = changed(held, method="rank sum", rows=(replace(ROWS[1], weight="1"),
                                                   replace(ROWS[0], weight="2")))  # fmt: skip
    assert [one.name for one in again.rows] == ["Cost", "Need"]
    assert Criterion.objects.filter(criteria_set=held).count() == 4
    assert held.event_id != again.event_id
    same = changed(again, method="rank sum", rows=[
        Row(o.name, f"{o.weight}", f"{o.lower}", f"{o.upper}", f"{o.step}", o.meaning, o.domain,
            "\n".join(f"{k} = {v}" for k, v in o.anchors.items())) for o in again.rows
    ])  # fmt: skip
    assert same.event_id == again.event_id  # nothing was changed, so nothing was written


def test_the_second_of_two_sees_what_changed() -> None:
    held = criteria(lock=False)
    changed(held, title="Growth, this year", seen=held.version)
    with pytest.raises(Changed, match="Growth, this year"):
        changed(held, title="Growth, my way", seen=held.version)


def test_a_locked_set_never_changes_and_the_next_version_does() -> None:
    held = criteria()
    assert held.is_locked and held.locked_by == TOLD["who"]
    for act in (lambda: changed(held, title="Other"),
                lambda: lock_criteria(reference=held.reference, who="local")):  # fmt: skip
        with pytest.raises(Refusal, match="locked and stays"):
            act()
    later = next_version(reference=held.reference, **TOLD)
    assert (later.number, later.supersedes, later.is_locked) == (2, held, False)
    assert [one.plain for one in later.rows] == [one.plain for one in held.rows]
    with pytest.raises(Refusal, match=f"{later.reference} is the version after this"):
        next_version(reference=held.reference, **TOLD)
    with pytest.raises(Refusal, match="is open still"):
        next_version(reference=later.reference, **TOLD)
    states = {row["reference"]: row["state"] for row in scoring_tables.criteria_sets().rows}
    assert states == {held.reference: "replaced", later.reference: "open"}
    with pytest.raises(Refusal, match="that is here"):
        next_version(reference="C-1999-001", **TOLD)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE records_criterion SET name = 'x' WHERE id = %s",
        "UPDATE records_criterion SET locked = %s <> 0 AND 1 = 0",
        "UPDATE records_criteriaset SET locked_at = NULL, locked_by = '' WHERE id <> -1 - %s",
    ],
)
def test_the_database_itself_refuses_to_change_what_is_locked(statement: str) -> None:
    held = criteria()
    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [held.rows[0].pk])
    assert held.rows[0].name == "Need"


def test_weights_that_share_a_place_make_equal_weights() -> None:
    rows = [replace(one, weight="1") for one in scored.ROWS]
    held = make_criteria(title="Skills", purpose="skills", method="rank sum", rows=rows, **TOLD)
    assert list(held.plain.weights) == [50, 50]
