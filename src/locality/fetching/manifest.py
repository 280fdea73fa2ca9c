"""``fetched.json``: what a folder holds of what was fetched, from where, and its sha256.

It stands beside the files, so that whoever is given the folder can check them. A file that has
begun to come waits under a hidden name (``.NAME.part``) and is known here too.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from locality.fetching.faults import FetchError, disk

NAME = "fetched.json"
_FORMAT = 1
_ON_WINDOWS = os.name == "nt"
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Seal:
    """How a server marks one state of a file: what to send back to ask for the same again."""

    etag: str = ""
    last_modified: str = ""

    @property
    def if_changed(self) -> dict[str, str]:
        """Return the headers that ask for the file only where it has changed since."""
        headers = {"If-None-Match": self.etag} if self.etag else {}
        return headers | ({"If-Modified-Since": self.last_modified} if self.last_modified else {})

    @property
    def if_range(self) -> str:
        """Return what ties the rest of a file to its beginning, or an empty text.

        A weak tag (``W/``) does not promise the same bytes, so it cannot (RFC 9110, 13.1.5).
        """
        if self.etag and not self.etag.startswith("W/"):
            return self.etag
        return "" if self.etag else self.last_modified


@dataclass(frozen=True)
class Fetched:
    """One file in the folder: what it is (``subject``), where it came from, what it holds."""

    file: str
    subject: str
    address: str
    bytes: int
    sha256: str
    fetched_at: str
    seal: Seal = Seal()


@dataclass(frozen=True)
class Begun:
    """A file that has begun to come, and how the server marked it then."""

    file: str
    subject: str
    address: str
    seal: Seal = Seal()


@dataclass
class Folder:
    """A folder that files are fetched into, and its manifest."""

    path: Path
    files: dict[str, Fetched] = field(default_factory=dict)
    begun: dict[str, Begun] = field(default_factory=dict)

    @classmethod
    @contextlib.contextmanager
    def opened(cls, path: Path) -> Iterator[Folder]:
        """Yield the folder at ``path``, made where it is missing; no other fetch may enter it.

        FetchError where it cannot be written, its manifest cannot be read, or another is inside.
        """
        try:
            path.mkdir(parents=True, exist_ok=True)
            # On POSIX the folder itself is locked; Windows locks files only.
            locked = path / ".fetching.lock" if _ON_WINDOWS else path
            handle = os.open(locked, os.O_RDWR | os.O_CREAT if _ON_WINDOWS else os.O_RDONLY)
        except OSError as error:
            raise disk(error, str(path)) from None
        try:
            if not _alone(handle):
                raise FetchError(
                    f"Another fetch is at work in {path}. Wait for it, or name another folder "
                    "with --into."
                )
            folder = cls(path)
            folder._read()
            yield folder
        finally:
            os.close(handle)

    def part(self, file: str) -> Path:
        """Return where ``file`` stands while it is coming."""
        return self.path / f".{file}.part"

    def latest(self, subject: str) -> Fetched | None:
        """Return the newest record of ``subject`` whose file still holds the same bytes."""
        found = [one for one in self.files.values() if one.subject == subject]
        for one in sorted(found, key=lambda record: record.fetched_at, reverse=True):
            if self.holds(one):
                return one
        return None

    def holds(self, record: Fetched) -> bool:
        """Return whether the file of ``record`` stands as it came: size and sha256."""
        path = self.path / record.file
        try:
            return path.stat().st_size == record.bytes and sha256_of(path) == record.sha256
        except OSError:
            return False

    def may_write(self, file: str) -> None:
        """Raise FetchError where ``file`` is somebody's own and must not be written over."""
        path = self.path / file
        record = self.files.get(file)
        if not path.exists() or file in self.begun or (record and self.holds(record)):
            return
        raise FetchError(
            f"{path} is there already, and is not as locality fetch left it. Move it away, or name "
            "another folder with --into."
        )

    def begin(self, begun: Begun) -> None:
        """Note that a file has begun to come."""
        self.begun[begun.file] = begun
        self._write()

    def drop(self, file: str) -> None:
        """Remove what has come of ``file`` so far."""
        with contextlib.suppress(OSError):
            self.part(file).unlink(missing_ok=True)
        if self.begun.pop(file, None) is not None:
            with contextlib.suppress(FetchError):
                self._write()

    def keep(self, record: Fetched) -> None:
        """Put the part of a file in its place, in one step, and note it."""
        part = self.part(record.file)
        try:
            with part.open("r+b") as file:
                os.fsync(file.fileno())
            part.replace(self.path / record.file)
        except OSError as error:
            raise disk(error, str(self.path)) from None
        self.files[record.file] = record
        self.begun.pop(record.file, None)
        self._write()

    def seen_again(self, record: Fetched, seal: Seal) -> None:
        """Note that the server still gives the file of ``record``, and how it marks it now."""
        if seal != record.seal and (seal.etag or seal.last_modified):
            self.files[record.file] = replace(record, seal=seal)
            self._write()

    def _read(self) -> None:
        place = self.path / NAME
        try:
            said = json.loads(place.read_text("utf-8"))
            self.files = {one.file: one for one in map(_fetched, said["files"])}
            self.begun = {one.file: one for one in map(_begun, said["begun"])}
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError):
            raise FetchError(
                f"{place} cannot be read. Move it and the files beside it away, and fetch again."
            ) from None

    def _write(self) -> None:
        said: dict[str, Any] = {
            "format": _FORMAT,
            "files": [asdict(self.files[file]) for file in sorted(self.files)],
            "begun": [asdict(self.begun[file]) for file in sorted(self.begun)],
        }
        fresh = self.path / f".{NAME}.new"
        try:
            fresh.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", "utf-8")
            fresh.replace(self.path / NAME)
        except OSError as error:
            with contextlib.suppress(OSError):
                fresh.unlink(missing_ok=True)
            raise disk(error, str(self.path)) from None


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fetched(said: dict[str, Any]) -> Fetched:
    return Fetched(**{**said, "seal": Seal(**said["seal"]), "file": _plain(said["file"])})


def _begun(said: dict[str, Any]) -> Begun:
    return Begun(**{**said, "seal": Seal(**said["seal"]), "file": _plain(said["file"])})


def _plain(name: str) -> str:
    """Return ``name``; ValueError where it would lead out of the folder."""
    if Path(name).name != name or name.startswith("."):
        raise ValueError(name)
    return name


def _alone(handle: int) -> bool:
    """Take the operating system's lock; it ends with the process. False where another has it."""
    if _ON_WINDOWS:
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks: go on, as nobody else is likely here
        return True
    return True
