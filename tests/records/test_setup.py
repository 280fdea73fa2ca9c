from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from locality.figures import Problem
from locality.records.setup import configure, prepare
from tests.records.postgresql import ON_POSTGRESQL

sqlite_only = pytest.mark.skipif(ON_POSTGRESQL, reason="about the SQLite file")

PREPARE = """
import sys
from pathlib import Path
from locality.records.setup import prepare
home = Path(sys.argv[1])
while not (home / "go").exists(): pass
prepare(home)
from locality.records.actions import add_note
print(add_note(organisation="A81001", text="ready", who="local").event_id)
"""


def test_migrations_are_written_down() -> None:
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_only_records_have_migrations_as_is_taken_for_granted_at_a_start() -> None:
    from django.db.migrations.loader import MigrationLoader

    assert {app for app, _ in MigrationLoader(None).disk_migrations} == {"records"}


def test_a_home_can_be_prepared_again_and_keeps_what_it_holds(home: Path) -> None:
    from locality.records.actions import add_note
    from locality.records.inputs import inputs

    add_note(organisation="A81001", text="stays", who="local")
    before = inputs()
    prepare(home)
    assert inputs() == before
    assert before["event"][0]["id"] == 1


def test_records_of_an_older_locality_keep_every_row_and_every_lock(
    home: Path, tmp_path: Path
) -> None:
    """Requests of before are changes asked for; their history is as closed as it was."""
    from django.db import IntegrityError, connection, transaction
    from django.db.migrations.executor import MigrationExecutor

    from locality.records.actions import answer_request
    from locality.records.models import Request
    from locality.records.signal_tables import requests

    if ON_POSTGRESQL:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    else:
        home = configure(tmp_path / "older")
    MigrationExecutor(connection).migrate([("records", "0004_triggers")])
    at = "2026-11-22 12:00:00+00:00"
    kept = {
        "code": "q-old", "measure": "m.x", "organisation": "", "text": "Less.", "owner": "lead",
        "by": "local", "at": at, "due_on": "2026-12-20", "state": "received", "answer": "",
        "answered_by": "", "event_id": 1,
    }  # fmt: skip
    event = {
        "at": at, "who": "local", "what": "request.made", "why": "Asked.",
        "subject_kind": "request", "subject": "q-old", "detail": "{}",
    }  # fmt: skip
    told = {
        "id": 1, "history_date": at, "history_type": "+",
        "history_user_id": "local", "history_change_reason": "Asked.",
    }  # fmt: skip
    with connection.cursor() as cursor:
        for table, row in (
            ("event", event), ("request", kept), ("request_history", kept | told)
        ):  # fmt: skip
            names, marks = ", ".join(f'"{name}"' for name in row), ", ".join(["%s"] * len(row))
            cursor.execute(
                f"INSERT INTO records_{table} ({names}) VALUES ({marks})", list(row.values())
            )
    prepare(home)
    (row,) = requests().rows
    assert (row["code"], row["kind"], row["about"]) == ("q-old", "change", "")
    assert Request.history.get().kind == "change"
    answer_request(code="q-old", state="accepted", answer="Yes.", who="lead")
    for table in ("event", "request_history"):
        with (
            pytest.raises(IntegrityError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"DELETE FROM records_{table}")


@sqlite_only
def test_a_process_moves_to_another_home(home: Path, tmp_path: Path) -> None:
    from django.conf import settings

    from locality.records.actions import add_note
    from locality.records.inputs import inputs

    add_note(organisation="A81001", text="here", who="local")
    other = tmp_path / "deep" / "other"
    prepare(other)
    assert inputs()["notes"] == []
    assert other == settings.LOCALITY_HOME
    assert (other / "secret_key").read_text().strip() == settings.SECRET_KEY
    prepare(home)
    assert [note["text"] for note in inputs()["notes"]] == ["here"]


def test_processes_that_start_at_once_find_one_set_of_records(tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    running = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", PREPARE, str(fresh)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    (fresh / "go").touch()
    ends = [process.communicate(timeout=120) for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], ends
    assert sorted(int(out) for out, _ in ends) == [1, 2, 3]


@sqlite_only
def test_records_of_a_newer_locality_are_left_alone(home: Path) -> None:
    with sqlite3.connect(home / "records.sqlite3") as records:
        records.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('records', '9999_x', '')"
        )
    records.close()
    with pytest.raises(Problem, match="newer Locality"):
        prepare(home)


@sqlite_only
def test_a_file_that_is_no_database_is_a_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "records.sqlite3").write_bytes(b"not a database " * 100)
    with pytest.raises(Problem, match=r"records\.sqlite3 cannot be used: file is not a database"):
        prepare(broken)


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Problem, match="cannot be made"):
        prepare(tmp_path / "file" / "home")


@sqlite_only
def test_the_engine_does_not_change_under_a_running_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://someone@localhost/records")
    with pytest.raises(Problem, match="DATABASE_URL changed"):
        prepare(tmp_path / "other")


def test_a_database_that_does_not_answer_is_a_sentence_without_its_password(tmp_path: Path) -> None:
    environment = {**os.environ, "DATABASE_URL": "postgres://me:geheim@127.0.0.1:1/records"}
    run = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, pathlib\n"
            "from locality.figures import Problem\n"
            "from locality.records.setup import prepare\n"
            "try: prepare(pathlib.Path(sys.argv[1]))\n"
            "except Problem as problem: print(problem)\n",
            str(tmp_path / "home2"),
        ],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    assert "DATABASE_URL names cannot be used" in run.stdout
    assert "geheim" not in run.stdout + run.stderr


@sqlite_only
def test_sqlite_keeps_a_write_ahead_log_and_foreign_keys() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        answers = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        }
    assert answers == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "synchronous": 1,
        "busy_timeout": 20_000,
    }
