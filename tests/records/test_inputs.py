from __future__ import annotations

import json
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import pytest

from locality.figures import Problem
from locality.records.actions import add_note, create_group, set_setting
from locality.records.actions.writing import change, event
from locality.records.inputs import inputs
from locality.records.models import Event
from tests.records.postgresql import ON_POSTGRESQL

BY: dict[str, Any] = {"who": "local", "why": "We plan together."}


def test_nothing_written_stands_at_event_nought() -> None:
    assert inputs() == {
        "groups": [],
        "settings": [],
        "notes": [],
        "marks": [],
        "rebases": [],
        "accounts": [],
        "feedback": [],
        "event": [{"id": 0, "at": ""}],
    }


def test_plain_rows_in_a_steady_order() -> None:
    create_group(name="Vale", members=["A81002", "A81001"], kind="federation", **BY)
    create_group(name="Ash", members=["A81001"], **BY)
    set_setting(name="inclusion.minimum_list", value=500, **BY)
    note = add_note(organisation="A81001", text="Cleaned.", who="local")
    rows = inputs()
    assert rows["groups"] == [
        {"code": "g-ash", "kind": "other", "name": "Ash", "practice_code": "A81001"},
        {"code": "g-vale", "kind": "federation", "name": "Vale", "practice_code": "A81001"},
        {"code": "g-vale", "kind": "federation", "name": "Vale", "practice_code": "A81002"},
    ]
    assert rows["settings"] == [
        {"name": "inclusion.minimum_list", "organisation": "", "period": "", "value": 500}
    ]
    assert [(row["code"], row["by"]) for row in rows["notes"]] == [(note.code, "local")]
    assert rows["event"][0]["id"] == Event.objects.last().pk == 4
    assert json.loads(json.dumps(rows)) == rows


@pytest.mark.skipif(ON_POSTGRESQL, reason="about SQLite's own queue")
def test_a_turn_that_does_not_come_is_a_sentence_and_reading_goes_on(home: Path) -> None:
    from django.db import connection

    other = sqlite3.connect(home / "records.sqlite3", isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        connection.cursor().execute("PRAGMA busy_timeout=20")
        with pytest.raises(Problem, match="Nothing was saved"):
            add_note(organisation="A81001", text="Later.", who="local")
        assert inputs()["event"][0]["id"] == 0
    finally:
        other.close()
    add_note(organisation="A81001", text="Now.", who="local")
    assert inputs()["event"][0]["id"] == 1


def test_a_second_writer_waits_until_the_first_has_committed() -> None:
    """Or event 2 could be seen, and exported, before event 1."""
    at_work, go_on = threading.Event(), threading.Event()

    def slow() -> int:
        from django.db import connections

        try:
            with change():
                words = {"who": "local", "what": "note.added", "why": "", "detail": {}}
                written = event(**words, kind="note", subject="n-slow")
                at_work.set()
                assert go_on.wait(20)
                return int(written.pk)
        finally:
            connections.close_all()

    def quick() -> int:
        from django.db import connections

        try:
            return int(add_note(organisation="A81001", text="Quick.", who="local").event_id)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(slow)
        assert at_work.wait(20)
        second = pool.submit(quick)
        done, _ = wait([second], timeout=0.5)
        waited, seen = not done, inputs()["event"][0]["id"]
        go_on.set()
        assert (first.result(20), second.result(20)) == (1, 2)
    assert waited
    assert seen == 0


def test_an_export_holds_all_up_to_its_event_while_others_write() -> None:
    """Each note is one event, so an export at event n holds n notes: no more and no fewer."""

    def write(number: int) -> None:
        from django.db import connections

        try:
            add_note(organisation="A81001", text=f"Note {number}.", who="local")
        finally:
            connections.close_all()

    seen = []
    with ThreadPoolExecutor(3) as pool:
        writing = [pool.submit(write, number) for number in range(24)]
        while not all(job.done() for job in writing):
            rows = inputs()
            seen.append((rows["event"][0]["id"], len(rows["notes"])))
            time.sleep(0.002)
    assert [job.exception() for job in writing] == [None] * 24
    assert seen
    assert all(last == notes for last, notes in seen), seen
    assert list(Event.objects.values_list("id", flat=True)) == list(range(1, 25))
