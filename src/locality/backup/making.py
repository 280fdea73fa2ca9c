"""One file of everything: records at one moment, the lake in use, the user's own knowledge.

People go on writing and a refresh may swap versions meanwhile. The version is held, so that it
stays until it is copied; documents wait to be taken in or out; records are read at one moment.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from locality._version import __version__
from locality.backup import archive
from locality.backup.tables import BACKUP, summed
from locality.figures import Problem, Table
from locality.store import Lake
from locality.store.disk import Disk

if TYPE_CHECKING:
    from locality.store.versions import Version

Progress = Callable[[str, int, int], None]

#: What stays behind, and what follows from that; the manifest repeats it.
LEFT_OUT = (
    "Who is signed in, and attempts to: everybody signs in again.",
    "Versions of the lake before the one in use: what changed since them is not shown.",
    "Counts and drawings that are made again when they are needed (lake/counts, generated).",
    "Files as they were fetched (fetched): what was taken in of them is in the lake.",
)
NO_SECRET = "The secret that signs cookies: what browsers remember of their reader is forgotten."


def backup(
    home: Path,
    file: Path,
    *,
    force: bool = False,
    with_secret: bool = False,
    progress: Progress | None = None,
) -> Table:
    """Write everything in ``home``, and its records wherever they stand, into ``file`` (BACKUP).

    Only its owner can read the file: it holds hashes of passwords, and with ``with_secret`` the
    key that signs cookies. Raises Problem where there is nothing to back up, ``file`` is there
    already (unless ``force``), lies in the home's own folders, or cannot be written.
    """
    home, file = Path(home).expanduser().resolve(), Path(file).expanduser().absolute()
    for folder in ("lake", "knowledge"):
        if file.resolve().is_relative_to(home / folder):
            raise Problem(f"{file} would be a part of itself. Choose a place outside of {home}.")
    written = (home / "records.sqlite3").exists() or bool(os.environ.get("DATABASE_URL"))
    if not written and not (home / "lake").is_dir() and not (home / "knowledge").is_dir():
        raise Problem(f"There is nothing to back up in {home}. Name the folder with --home.")
    tell = progress or (lambda sentence, done, of: None)
    with archive.writing(file, force=force) as making:
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        with _lake(home) as (version, files):
            stand = _records(home, making, tell) if written else {}
            files += _own(home)
            if with_secret and (home / "secret_key").exists():
                files.append(home / "secret_key")
            for done, path in enumerate(files):
                tell("Copying files", done, len(files))
                making.file(path.relative_to(home).as_posix(), path)
        manifest = archive.Manifest(
            format=archive.FORMAT,
            locality=__version__,
            made_at=made_at,
            lake_version=version.id if version else "",
            left_out=LEFT_OUT if with_secret else (*LEFT_OUT, NO_SECRET),
            members=tuple(making.members),
            database=str(stand.get("database", "")),
            migration=str(stand.get("migration", "")),
            event=int(stand.get("event", 0)),
            event_at=str(stand.get("event_at", "")),
        )
        making.manifest(manifest)
    return summed(manifest, title=f"Backed up into {file}", schema=BACKUP)


def _records(home: Path, making: archive.Writing, tell: Progress) -> dict[str, str | int]:
    """Write every table of the records as at one moment, and return what they stand at."""
    from locality.records.setup import configure

    configure(home)
    from django.db import DatabaseError, connection

    from locality.records import copying

    try:
        with copying.reading() as stand:
            for done, table in enumerate(stand.tables):
                tell("Copying records", done, len(stand.tables))
                making.lines(f"records/{table}.jsonl", stand.lines(table))
            return {
                name: getattr(stand, name) for name in ("database", "migration", "event",
                                                        "event_at")
            }  # fmt: skip
    except DatabaseError as error:
        first = (str(error).strip() or "no answer").splitlines()[0]
        raise Problem(f"The records cannot be read, so nothing was backed up: {first}") from error
    finally:
        connection.close()


@contextlib.contextmanager
def _lake(home: Path) -> Iterator[tuple[Version | None, list[Path]]]:
    """Give the version in use and the files of the lake that stay while the block runs.

    Those are all documents, also such as were taken out (with the reason), and the version.
    """
    folder = home / "lake"
    if not folder.is_dir():
        yield None, []
        return
    lake = Lake(home)
    # Documents that come or go would do so half-way: they wait. Pages and refreshes do not.
    with Disk().lock(folder / "documents.lock", None, ""):
        version = lake.current()
        try:
            places = [folder / "documents", folder / "forgotten"]
            files = [path for place in places for path in _files(place)]
            if version is not None:
                # The pointer stays out, which a refresh may move: the manifest names the version.
                files += _files(version.folder)
            yield version, files
        finally:
            if version is not None:
                version.close()


def _own(home: Path) -> list[Path]:
    """Return the user's own sheets, and what says that this is the demonstration."""
    stamp = home / "demonstration.txt"
    return [*_files(home / "knowledge"), *([stamp] if stamp.is_file() else [])]


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.rglob("*") if path.is_file())
