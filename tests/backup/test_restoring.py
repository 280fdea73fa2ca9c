"""Backing up while others work, and restoring wholly or not at all."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from locality.backup import archive, backup, check, restore
from locality.figures import Problem
from locality.records import copying
from locality.records.setup import configure, prepare
from tests.backup.furnished import kept, with_lake, write
from tests.store.made import NOON


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the bytes of records that are ready and empty: making them takes seconds."""
    home = tmp_path_factory.mktemp("prepared")
    prepare(home)
    return home / "records.sqlite3"


@pytest.fixture
def home(tmp_path: Path, prepared: Path) -> Path:
    """Return a home with a lake, sheets, and records that hold a note and its event."""
    from locality.records.actions import add_note

    with_lake(tmp_path / "home")
    (tmp_path / "home" / "records.sqlite3").write_bytes(prepared.read_bytes())
    prepare(tmp_path / "home")
    add_note(organisation="A81001", text="Before.", who="local")
    return tmp_path / "home"


def lines(file: Path, table: str) -> list[dict[str, Any]]:
    with archive.opened(file) as opened:
        (one,) = [m for m in opened.manifest.members if m.name == f"records/{table}.jsonl"]
        return [json.loads(line) for line in b"".join(opened.pieces(one)).splitlines()]


def test_what_is_written_meanwhile_is_wholly_in_or_wholly_out(home: Path, tmp_path: Path) -> None:
    from locality.records.actions import add_note
    from locality.records.models import Note

    def somebody(number: int) -> None:
        add_note(organisation="A81002", text=f"Meanwhile, {number}.", who="local")
        from django.db import connection

        connection.close()

    wrote = []

    def meanwhile(sentence: str, done: int, of: int) -> None:
        if sentence == "Copying records":
            other = threading.Thread(target=somebody, args=(done,))
            other.start()
            other.join(30)
            assert not other.is_alive(), "a writer waited for the backup"
            wrote.append(done)

    file = tmp_path / "all.backup"
    backup(home, file, progress=meanwhile)
    assert len(wrote) > 30
    assert Note.objects.count() == 1 + len(wrote)
    with archive.opened(file) as opened:
        assert opened.manifest.event == 1
    assert [row["id"] for row in lines(file, "records_event")] == [1]
    assert [row["text"] for row in lines(file, "records_note")] == ["Before."]
    assert [row["event_id"] for row in lines(file, "records_note_history")] == [1]
    backup(home, file, force=True)
    assert {row["event_id"] for row in lines(file, "records_note")} == {
        row["id"] for row in lines(file, "records_event")
    }
    assert len(lines(file, "records_note")) == 1 + len(wrote)


def test_a_refresh_may_swap_and_clear_away_meanwhile(home: Path, tmp_path: Path) -> None:
    from tests.store.made import lake

    before, swapped = kept(home), []

    def meanwhile(sentence: str, done: int, of: int) -> None:
        if sentence == "Copying files" and done in (0, 5):
            later = NOON + timedelta(days=10 + done)
            lake(home).build(write, made_at=later, keep=1).close()
            swapped.append(done)

    file = tmp_path / "all.backup"
    backup(home, file, progress=meanwhile)
    assert swapped == [0, 5]
    assert kept(home).keys() != before.keys()
    check(file)
    restore(file, tmp_path / "there")
    assert kept(tmp_path / "there") == before


def test_secret_and_leftovers(home: Path, tmp_path: Path) -> None:
    from locality.records.models import Attempt

    Attempt.objects.create(at=NOON, name_mark="n", address_mark="a", failed=True)
    (home / "fetched").mkdir()
    (home / "fetched" / "x.csv").write_text("as fetched")
    without, with_it = tmp_path / "without", tmp_path / "with"
    told = backup(home, without)
    assert any("secret" in note for note in told.notes)
    backup(home, with_it, with_secret=True)
    names = {}
    for file in (without, with_it):
        with archive.opened(file) as opened:
            names[file] = {one.name for one in opened.manifest.members}
    assert names[with_it] - names[without] == {"secret_key"}
    assert not [n for n in names[with_it]
                if n.startswith(("fetched", "generated", "records/records_attempt"))]  # fmt: skip
    secret = (home / "secret_key").read_bytes()
    assert secret.strip() not in without.read_bytes()
    restore(with_it, tmp_path / "same")
    assert (tmp_path / "same" / "secret_key").read_bytes() == secret
    assert not Attempt.objects.exists()


def test_a_home_that_holds_anything_is_refused(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.backup"
    backup(home, file)
    there = tmp_path / "there"
    there.mkdir()
    (there / "secret_key").write_text("kept")
    with pytest.raises(Problem, match="it holds secret_key"):
        restore(file, there)
    assert [path.name for path in there.iterdir()] == ["secret_key"]
    (tmp_path / "a file").write_text("")
    with pytest.raises(Problem, match="is a file"):
        restore(file, tmp_path / "a file")
    empty = tmp_path / "empty"
    empty.mkdir()
    restore(file, empty)
    assert kept(empty) == kept(home)


@pytest.mark.parametrize(
    "breaks", ["lake/documents", "records/records_note.jsonl", "lake/versions", "knowledge"]
)
def test_a_damaged_member_is_named_and_nothing_is_left(
    breaks: str, home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "all.backup"
    backup(home, file)
    whole = bytearray(file.read_bytes())
    with archive.opened(file) as opened:
        entry = next(i for i in opened._packed.infolist()
                     if i.filename.startswith(breaks) and i.compress_size > 8)  # fmt: skip
    name = len(entry.filename.encode())
    extra = int.from_bytes(whole[entry.header_offset + 28 : entry.header_offset + 30], "little")
    whole[entry.header_offset + 30 + name + extra + entry.compress_size // 2] ^= 0xFF
    file.write_bytes(whole)
    for attempt in (lambda: check(file), lambda: restore(file, tmp_path / "there")):
        with pytest.raises(Problem, match=entry.filename):
            attempt()
    assert not (tmp_path / "there").exists()
    assert not list(tmp_path.glob(".there*"))


def test_records_that_cannot_be_loaded_leave_nothing(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "all.backup"
    backup(home, file)

    def fails(*_: object) -> None:
        raise Problem("The disk is full.")

    monkeypatch.setattr(copying, "_row", fails)
    with pytest.raises(Problem, match="disk is full"):
        restore(file, tmp_path / "there")
    assert not (tmp_path / "there").exists()
    assert not list(tmp_path.glob(".there*"))


def test_a_backup_of_an_earlier_schema_is_loaded_and_brought_up(tmp_path: Path) -> None:
    from django.core.management import call_command
    from django.db import connection

    old = tmp_path / "old"
    configure(old)
    call_command("migrate", "records", "0002_triggers", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_event (id, at, who, what, why, subject_kind, subject, detail) "
            "VALUES (7, '2025-01-01 10:00:00', 'local', 'note.added', '', 'note', 'n-1', '{}')"
        )
    connection.close()
    file = tmp_path / "old.backup"
    backup(old, file)
    with archive.opened(file) as opened:
        assert (opened.manifest.migration, opened.manifest.event) == ("0002_triggers", 7)
    # Backing up changes nothing: an old home can be backed up before it is brought up.
    configure(old)
    assert copying.schema() == "0002_triggers"
    connection.close()

    restore(file, tmp_path / "there")
    from locality.records.actions import add_note
    from locality.records.models import Event

    assert copying.schema() > "0010"
    assert list(Event.objects.values_list("pk", "subject")) == [(7, "n-1")]
    assert add_note(organisation="A81001", text="On.", who="local").event_id == 8


def test_a_backup_of_a_newer_schema_is_refused(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "all.backup"
    backup(home, file)
    as_bytes = archive.Manifest.as_bytes

    def later(self: archive.Manifest) -> bytes:
        return as_bytes(self).replace(self.migration.encode(), b"9999_later")

    monkeypatch.setattr(archive.Manifest, "as_bytes", later)
    backup(home, file, force=True)
    with pytest.raises(Problem, match="newer Locality"):
        restore(file, tmp_path / "there")
    assert not (tmp_path / "there").exists()


def test_where_there_is_nothing_or_the_place_is_wrong(home: Path, tmp_path: Path) -> None:
    with pytest.raises(Problem, match="nothing to back up"):
        backup(tmp_path / "nobody", tmp_path / "x")
    for folder in ("lake", "knowledge"):
        with pytest.raises(Problem, match="part of itself"):
            backup(home, home / folder / "x")
    assert not (tmp_path / "nobody").exists()


def test_a_home_without_records_or_without_a_lake(tmp_path: Path, home: Path) -> None:
    lakeless = tmp_path / "lakeless"
    with_lake(lakeless)
    backup(lakeless, tmp_path / "one")
    assert not (lakeless / "records.sqlite3").exists()
    restore(tmp_path / "one", tmp_path / "there")
    assert kept(tmp_path / "there") == kept(lakeless)
    assert copying.schema() > "0010"
