"""Writers are killed in the middle of writing, and nothing is ever half-saved."""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from locality.records import actions
from locality.records.actions import accounts, add_note, add_person, sign_in
from locality.records.models import Event, Note, Transition
from locality.records.models.recorded import acting
from tests.records import random_writing, wholeness
from tests.records.everything import write_everything
from tests.records.postgresql import ON_POSTGRESQL

ROOT = Path(__file__).resolve().parents[2]


def killed(home: Path, kills: int, address: str = "") -> dict[str, Any]:
    named = {"DATABASE_URL": address} if address else {}
    ran = subprocess.run(
        [sys.executable, "-m", "tests.records.killing", str(home), str(kills), "2026"],
        cwd=ROOT, capture_output=True, text=True, timeout=560, check=False,
        env={**os.environ, "LOCALITY_HOME": str(home), **named},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-3000:]
    said: dict[str, Any] = json.loads(ran.stdout)
    said["stderr"] = ran.stderr
    return said


@pytest.mark.parametrize(
    "engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
@pytest.mark.slow
@pytest.mark.skipif(ON_POSTGRESQL, reason="runs on both by itself")
def test_two_hundred_kills_leave_nothing_half_saved(
    engine: str, home: Path, request: pytest.FixtureRequest
) -> None:
    address = request.getfixturevalue("postgresql_url") if engine == "postgresql" else ""
    said = killed(home, 200, address)
    assert said["faults"] == [], said
    # The kills did fall in the middle of changes, and nearly everything was tried meanwhile.
    assert said["within"] >= 50, said
    assert len(said["wrote"]) >= len(random_writing.STEPS) - 8, said["never"]
    assert said["events"] > 1000


@pytest.mark.skipif(ON_POSTGRESQL, reason="runs on SQLite by itself")
def test_a_few_kills_leave_nothing_half_saved(home: Path) -> None:
    said = killed(home, 8)
    assert said["faults"] == [], said
    assert said["wrote"]


def test_every_action_is_among_those_that_are_killed() -> None:
    every = {
        name
        for module in (actions, accounts, sign_in)
        for name, one in vars(module).items()
        if inspect.isfunction(one)
        and one.__module__.startswith("locality.records.actions.")
        and not name.startswith("_")
        and {"who", "why"} & set(inspect.signature(one).parameters)
    }
    # What another action calls inside its own change, and what the first start alone does.
    inside = {"event", "keep", "settle_openid", "add_first_administrator", "write_account",
              "write_grant", "write_password", "withdraw_open", "opened"}  # fmt: skip
    assert every - inside <= set(random_writing.STEPS)


def test_what_is_whole_has_no_fault_and_each_half_is_found(home: Path) -> None:
    write_everything(home)
    # Written by hand in there: a step and an event of no scoring, which the actions never leave.
    usual = set(wholeness.faults())
    from django.db import connection

    person = add_person(name="Asha", who="local", why="New.")
    note = add_note(organisation="A81001", text="A note.", who="local")
    assert set(wholeness.faults()) == usual

    def found() -> str:
        return " ".join(set(wholeness.faults()) - usual)

    def put(statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    put(f"UPDATE records_person SET name = 'Other' WHERE id = {person.pk}")
    assert "name is not what its history says" in found()
    put(f"UPDATE records_person SET name = 'Asha' WHERE id = {person.pk}")
    with acting():
        lone = Event.objects.create(
            at=note.at, who="local", what="note.withdrawn", why="x", subject_kind="note",
            subject="n-nobody",
        )  # fmt: skip
    assert "its note is not there" in found()
    assert f"event {lone.pk} (note.withdrawn) brought nothing about" in found()
    with acting():
        Transition(subject_kind="note", subject=note.code, from_state="open", to_state="done",
                   event=note.event).save()  # fmt: skip
    assert "went on from 'open'" in found()
    put("UPDATE records_numbering SET last = last + 1 WHERE letter = 'A'")
    assert "numbers are missing or doubled" in found()
    with acting():
        Note.history.model.objects.all()
    put(
        'INSERT INTO records_note (code, organisation, measure, text, "by", at, withdrawn_by, '
        "withdrawn_why, event_id) SELECT 'n-half', organisation, measure, text, \"by\", at, '', "
        f"'', event_id FROM records_note WHERE id = {note.pk}"
    )
    assert "has no history" in found()
