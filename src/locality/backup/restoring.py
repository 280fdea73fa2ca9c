"""A backup put back: into an empty home and an empty database, wholly or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from locality.backup import archive
from locality.backup.tables import summed
from locality.figures import Problem, Table

Progress = Callable[[str, int, int], None]

#: Where the lines of the records wait, in the folder in the making, until they are loaded.
_WAITING = "records"


def check(file: Path, progress: Progress | None = None) -> Table:
    """Read every byte of ``file``, compare every hash, and return what it holds (BACKUP).

    Nothing is written. Raises Problem, naming the member, where anything is not as backed up.
    """
    tell = progress or (lambda sentence, done, of: None)
    with archive.opened(Path(file).expanduser()) as backup:
        members = backup.manifest.members
        for done, member in enumerate(members):
            tell("Comparing", done, len(members))
            for _ in backup.pieces(member):
                pass
        return summed(backup.manifest, title=f"{file} is whole: every hash was compared")


def restore(file: Path, home: Path, progress: Progress | None = None) -> Table:
    """Put the backup ``file`` back into ``home`` and, where DATABASE_URL names one, its database.

    Both must be empty. Files grow in a folder beside ``home`` that takes its name at the end;
    records are loaded at the schema they were backed up at and then brought up to this program's
    (on PostgreSQL in one transaction). Returns BACKUP. Raises Problem, with nothing restored,
    where something is not empty, damaged, or newer than this program.
    """
    file, home = Path(file).expanduser().absolute(), Path(home).expanduser().resolve()
    tell = progress or (lambda sentence, done, of: None)
    _refuse_unless_empty(home)
    with archive.opened(file) as backup, _beside(home) as place:
        manifest = backup.manifest
        for done, member in enumerate(manifest.members):
            tell("Putting files back", done, len(manifest.members))
            _extract(place / member.name, backup.pieces(member))
        if manifest.lake_version:
            _write(place / "lake" / "current", [f"{manifest.lake_version}\n".encode()])
        tell("Loading records", 0, 0)
        _load(manifest, place, home)
    from locality.records.setup import configure

    configure(home)
    return summed(manifest, title=f"Restored into {home}")


def _load(manifest: archive.Manifest, place: Path, home: Path) -> None:
    """Load the lines that wait in ``place`` and, as the last step, give ``place`` its name."""
    from locality.records.setup import configure

    configure(place)
    from django.db import connection

    from locality.records import copying

    waiting = place / _WAITING
    tables = {path.stem: partial(_lines, path) for path in sorted(waiting.glob("*.jsonl"))}
    moved: list[Path] = []
    named = os.environ.get("LOCALITY_HOME")

    def move() -> None:
        if connection.vendor == "sqlite":
            connection.close()  # all of it is in the file now, and none in a log beside it
        shutil.rmtree(waiting, ignore_errors=True)
        _synced(place)
        if home.exists():
            home.rmdir()
        place.rename(home)
        moved.append(home)

    try:
        counted = copying.put_back(manifest.migration, tables, finish=move)
    except BaseException:
        if moved:  # the database did not keep it after all
            home.rename(place)
        os.environ.pop("LOCALITY_HOME", None)
        if named is not None:
            os.environ["LOCALITY_HOME"] = named
        raise
    finally:
        connection.close()
    # What the manifest counted came from the same lines: a difference would be a mistake of ours.
    said = {one.name: one.rows for one in manifest.members}
    assert all(said[f"records/{table}.jsonl"] == rows for table, rows in counted.items())


def _refuse_unless_empty(home: Path) -> None:
    if home.exists() and not home.is_dir():
        raise Problem(f"{home} is a file. Name an empty folder with --home.")
    held = sorted(path.name for path in home.iterdir()) if home.is_dir() else []
    if held:
        raise Problem(
            f"{home} is not empty (it holds {', '.join(held[:3])}"
            f"{' and more' if len(held) > 3 else ''}), and nothing is restored over what is "
            "there. Name an empty folder with --home, or move this one away first."
        )


@contextlib.contextmanager
def _beside(home: Path) -> Iterator[Path]:
    """Give a folder beside ``home`` to fill; whatever is left of it afterwards is removed."""
    place = home.with_name(f".{home.name}.restoring-{secrets.token_hex(4)}")
    try:
        place.mkdir(parents=True)
    except OSError as error:
        raise Problem(f"{place} cannot be made: {error.strerror}.") from None
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _extract(path: Path, pieces: Iterable[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(path, pieces, mode=0o600 if path.name == "secret_key" else 0o666)


def _write(path: Path, pieces: Iterable[bytes], mode: int = 0o666) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    with os.fdopen(handle, "wb") as target:
        for piece in pieces:
            target.write(piece)


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from file


def _synced(place: Path) -> None:
    """Wait until everything in ``place`` is on the disk."""
    for path in place.rglob("*"):
        if path.is_file():
            with path.open("rb+") as file:
                os.fsync(file.fileno())
