"""The file of a backup: private, whole or not there, and believed only once it is checked."""

from __future__ import annotations

import json
import os
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest

from locality.backup import archive, check
from locality.figures import Problem


def manifest(members: list[archive.Member], **changes: Any) -> archive.Manifest:
    return archive.Manifest(**{
        "format": archive.FORMAT, "locality": "0.1.0", "made_at": "2026-11-23T12:00:00+00:00",
        "database": "sqlite", "migration": "", "event": 0, "event_at": "", "lake_version": "",
        "left_out": (), "members": tuple(members), **changes,
    })  # fmt: skip


def made(file: Path, **changes: Any) -> Path:
    """Write a backup of two small members and return it."""
    sheet = file.with_name("own.toml")
    sheet.write_bytes(b"# a sheet\n" * 3)
    with archive.writing(file) as making:
        making.lines("records/records_note.jsonl", [b'{"id": 1}\n', b'{"id": 2}\n'])
        making.file("knowledge/own.toml", sheet)
        making.manifest(manifest(making.members, **changes))
    return file


def read(file: Path) -> dict[str, bytes]:
    with archive.opened(file) as backup:
        return {one.name: b"".join(backup.pieces(one)) for one in backup.manifest.members}


def test_it_is_private_whole_and_says_what_it_holds(tmp_path: Path) -> None:
    file = made(tmp_path / "all.backup")
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    assert not list(tmp_path.glob("*.part"))
    assert read(file) == {
        "records/records_note.jsonl": b'{"id": 1}\n{"id": 2}\n',
        "knowledge/own.toml": b"# a sheet\n" * 3,
    }
    rows = check(file).rows
    assert [(row["what"], row["files"], row["rows"], row["bytes"]) for row in rows] == [
        ("records", 1, 2, 20), ("knowledge", 1, None, 30),
    ]  # fmt: skip


def test_one_that_is_there_is_not_written_over_and_a_failure_leaves_it(tmp_path: Path) -> None:
    file = made(tmp_path / "all.backup")
    before = file.read_bytes()
    with pytest.raises(Problem, match="there already"):
        made(file)
    with (
        pytest.raises(RuntimeError, match="the disk is full"),
        archive.writing(file, force=True) as making,
    ):
        making.lines("records/records_note.jsonl", [b"{}\n"])
        raise RuntimeError("the disk is full")
    assert file.read_bytes() == before
    assert not list(tmp_path.glob("*.part"))
    with archive.writing(file, force=True) as making:
        making.manifest(manifest([]))
    assert read(file) == {}
    with pytest.raises(Problem, match="is a folder"), archive.writing(tmp_path):
        pass
    with pytest.raises(Problem, match="cannot be written"), archive.writing(tmp_path / "no" / "x"):
        pass


def test_a_wide_open_leftover_is_closed_before_anything_is_written(tmp_path: Path) -> None:
    part = tmp_path / "all.backup.part"
    part.write_bytes(b"of a killed run")
    part.chmod(0o666)
    assert stat.S_IMODE(os.stat(made(tmp_path / "all.backup")).st_mode) == 0o600


def test_whatever_byte_is_changed_nothing_else_is_ever_read(tmp_path: Path) -> None:
    file = made(tmp_path / "all.backup")
    whole, held = file.read_bytes(), read(file)
    named = set()
    for place in range(len(whole)):
        for flip in (0x01, 0x80):
            file.write_bytes(whole[:place] + bytes([whole[place] ^ flip]) + whole[place + 1 :])
            try:
                found = read(file)
            except Problem as problem:
                named |= {name for name in held if name in str(problem)}
            else:
                # A byte that no content hangs on, such as that of a date.
                assert found == held, place
    assert named == set(held)


def test_a_file_cut_off_anywhere_is_no_backup(tmp_path: Path) -> None:
    file = made(tmp_path / "all.backup")
    whole = file.read_bytes()
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        with pytest.raises(Problem):
            read(file)


@pytest.mark.parametrize(
    "name",
    ["../outside", "lake/../../outside", "/etc/passwd", "lake\\..\\x", "C:/x", "records.sqlite3",
     "lake", "elsewhere/x", "records/../secret_key", "knowledge/a\0b", "secret_key/x", ""],
)  # fmt: skip
def test_a_name_that_leads_outside_is_refused(name: str, tmp_path: Path) -> None:
    file = tmp_path / "false.backup"
    said = manifest([archive.Member(name, "0" * 64, 1)])
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr(archive.MANIFEST, said.as_bytes())
    with pytest.raises(Problem, match="outside"):
        check(file)


def forged(file: Path, members: dict[str, bytes], changes: dict[str, Any]) -> Path:
    said = [archive.Member("knowledge/a", "0" * 64, 1)]
    told = json.loads(manifest(said).as_bytes()) | changes
    with zipfile.ZipFile(file, "w") as packed:
        for name, content in members.items():
            packed.writestr(name, content)
        packed.writestr(archive.MANIFEST, json.dumps(told))
    return file


@pytest.mark.parametrize(
    ("members", "changes", "says"),
    [
        ({}, {}, "knowledge/a is missing"),
        ({"knowledge/a": b"x", "knowledge/b": b"y"}, {}, "nobody announced"),
        ({"knowledge/a": b"x"}, {}, "knowledge/a is not what was backed up"),
        ({"knowledge/a": b"x" * 99}, {}, "knowledge/a is not what was backed up"),
        ({"knowledge/a": b"x"}, {"format": archive.FORMAT + 1}, "newer Locality"),
        ({"knowledge/a": b"x"}, {"format": "1"}, "no backup of Locality"),
        ({"knowledge/a": b"x"}, {"members": "all"}, "no backup of Locality"),
        ({"knowledge/a": b"x"}, {"more": 1}, "no backup of Locality"),
        ({"knowledge/a": b"x"}, {"lake_version": "../../x"}, "lake version"),
        ({"knowledge/a": b"x"}, {"lake_version": "000001-x"}, "lake version"),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(
    members: dict[str, bytes], changes: dict[str, Any], says: str, tmp_path: Path
) -> None:
    with pytest.raises(Problem, match=says):
        check(forged(tmp_path / "false.backup", members, changes))


def test_other_files_are_no_backup(tmp_path: Path) -> None:
    text, other = tmp_path / "text", tmp_path / "other.zip"
    text.write_text("PK, but no zip")
    with zipfile.ZipFile(other, "w") as packed:
        packed.writestr("readme", "hello")
    for file, says in (
        (text, "not a whole backup"),
        (other, "no backup of Locality"),
        (tmp_path / "none", "There is no file"),
        (tmp_path, "not a whole"),
    ):
        with pytest.raises(Problem, match=says):
            check(file)
