"""The file that a backup is: a zip with a manifest that names every member with its hash.

Members are ``records/TABLE.jsonl``, ``lake/...``, ``knowledge/...`` and a few single files.
Whatever stands in a file that somebody hands over is checked before a byte of it is believed:
names that lead out of the folder, members that are missing, changed, doubled or not announced.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from locality.figures import Problem

#: Grows when an older program could not read the file any more.
FORMAT = 1
MANIFEST = "manifest.json"
#: What a member's name begins with, and the single files there may be.
FOLDERS = ("records", "lake", "knowledge")
SINGLE = ("demonstration.txt", "secret_key")

#: What the reading of a damaged zip may end with: each of its bytes was changed in a test.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, OverflowError,
    NotImplementedError, RuntimeError,
)  # fmt: skip
_PACKED = (".parquet", ".gz", ".zip", ".xlsx")
_PIECE = 1 << 20


@dataclass(frozen=True)
class Member:
    """One member of a backup: its name, the hash of its bytes, how many; rows of a table."""

    name: str
    sha256: str
    bytes: int
    rows: int | None = None


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself."""

    format: int
    locality: str
    made_at: str
    database: str
    migration: str
    event: int
    event_at: str
    lake_version: str
    left_out: tuple[str, ...]
    members: tuple[Member, ...]

    def as_bytes(self) -> bytes:
        """Return the manifest as it stands in the file."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False).encode()


class Writing:
    """A backup in the making; :func:`writing` makes one and puts it in its place."""

    def __init__(self, packed: zipfile.ZipFile, at: datetime) -> None:
        self._packed = packed
        self._at = at.timetuple()[:6]
        self.members: list[Member] = []

    def lines(self, name: str, lines: Iterable[bytes]) -> None:
        """Write a member of lines, and count them."""
        self._write(name, lines, counted=True)

    def file(self, name: str, path: Path) -> None:
        """Write the file at ``path`` as the member ``name``, a piece at a time."""
        with path.open("rb") as file:
            self._write(name, iter(lambda: file.read(_PIECE), b""))

    def manifest(self, manifest: Manifest) -> None:
        """Write the manifest; it comes last, when every hash is known."""
        self._packed.writestr(self._named(MANIFEST), manifest.as_bytes())

    def _write(self, name: str, pieces: Iterable[bytes], counted: bool = False) -> None:
        hashed, size, rows = hashlib.sha256(), 0, 0
        with self._packed.open(self._named(name), "w", force_zip64=True) as target:
            for piece in pieces:
                target.write(piece)
                hashed.update(piece)
                size += len(piece)
                rows += 1
        self.members.append(Member(name, hashed.hexdigest(), size, rows if counted else None))

    def _named(self, name: str) -> zipfile.ZipInfo:
        said = zipfile.ZipInfo(name, self._at)
        # What is packed already would only cost time.
        stored = name.endswith(_PACKED)
        said.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        said.external_attr = 0o600 << 16
        return said


@contextlib.contextmanager
def writing(file: Path, *, force: bool = False) -> Iterator[Writing]:
    """Give a backup to be written; it stands at ``file`` whole, or not at all.

    It grows as ``FILE.part``, which only its owner can read. Raises Problem where ``file`` is
    there already (unless ``force``) or its folder is not.
    """
    _refuse_over(file, force)
    part = file.with_name(f"{file.name}.part")
    try:
        handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0),
                         0o600)  # fmt: skip
    except OSError as error:
        raise Problem(f"{part} cannot be written: {error.strerror}.") from None
    try:
        with os.fdopen(handle, "w+b") as target:
            if os.name == "posix":
                os.fchmod(target.fileno(), 0o600)
            with zipfile.ZipFile(target, "w", allowZip64=True) as packed:
                yield Writing(packed, datetime.now(UTC))
            target.flush()
            os.fsync(target.fileno())
        _refuse_over(file, force)
        part.replace(file)
        if os.name == "posix":
            folder = os.open(file.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    finally:
        part.unlink(missing_ok=True)


def _refuse_over(file: Path, force: bool) -> None:
    if file.is_dir():
        raise Problem(f"{file} is a folder. Name the file that the backup shall be.")
    if file.exists() and not force:
        raise Problem(
            f"{file} is there already, and a backup is never written over another one. Choose "
            "another name, or say --force."
        )


class Opened:
    """A backup that is open for reading, its manifest and the names in it checked."""

    def __init__(self, file: Path, packed: zipfile.ZipFile) -> None:
        self.file = file
        self._packed = packed
        self.manifest = _manifest(file, packed)

    def pieces(self, member: Member) -> Iterator[bytes]:
        """Yield the bytes of ``member``; Problem, naming it, as soon as they are not its own."""
        hashed, size = hashlib.sha256(), 0
        try:
            with self._packed.open(member.name) as source:
                while piece := source.read(_PIECE):
                    size += len(piece)
                    if size > member.bytes:
                        break
                    hashed.update(piece)
                    yield piece
        except _BROKEN:
            size = -1
        if size != member.bytes or hashed.hexdigest() != member.sha256:
            raise Problem(
                f"{self.file.name} is damaged: its member {member.name} is not what was backed "
                "up. Use another backup."
            )


@contextlib.contextmanager
def opened(file: Path) -> Iterator[Opened]:
    """Open the backup ``file``. Raises Problem where it is none, is cut off, damaged or newer."""
    try:
        packed = zipfile.ZipFile(file)
    except FileNotFoundError:
        raise Problem(f"There is no file {file}.") from None
    except _BROKEN:
        raise Problem(
            f"{file} is not a whole backup: it may have been cut off on its way. Copy it again, "
            "or use another."
        ) from None
    with packed:
        yield Opened(file, packed)


def _manifest(file: Path, packed: zipfile.ZipFile) -> Manifest:
    """Return what ``packed`` says of itself, once it and the names in it have been checked."""
    try:
        told: dict[str, Any] = json.loads(packed.read(MANIFEST))
        if not isinstance(told["format"], int):
            raise ValueError
        if told["format"] > FORMAT:
            raise Problem(
                f"{file.name} was made by a newer Locality ({told['locality']}). Restore it with "
                "that one."
            )
        members = tuple(Member(**one) for one in told.pop("members"))
        found = Manifest(**{**told, "left_out": tuple(told["left_out"])}, members=members)
        whole = all(isinstance(one.name, str) and isinstance(one.bytes, int) for one in members)
        if not whole or not isinstance(found.migration, str):
            raise ValueError
    except (KeyError, TypeError, *_BROKEN):
        raise Problem(
            f"{file.name} is no backup of Locality, or its member {MANIFEST} is damaged."
        ) from None
    names = [one.name for one in members]
    _check_names(file, packed.namelist(), names)
    # The pointer to the version in use is written from this name: it must be one that is here.
    version = found.lake_version
    if version and ("/" in version or f"lake/versions/{version}/manifest.json" not in names):
        raise Problem(f"{file.name} is damaged: its lake version {version[:40]!r} is missing.")
    return found


def _check_names(file: Path, held: list[str], announced: list[str]) -> None:
    """Raise Problem unless the names are those announced, once each, and none leads outside."""
    for name in announced:
        parts = PurePosixPath(name).parts
        inside = (len(parts) > 1 and parts[0] in FOLDERS) or name in SINGLE
        if not inside or ".." in parts or "\\" in name or ":" in name or "\0" in name:
            raise Problem(
                f"{file.name} is not restored: its member {name[:80]!r} would be written outside "
                "of the folder. Such a file was not made by Locality."
            )
    if len(set(announced)) < len(announced) or len(set(held)) < len(held):
        raise Problem(f"{file.name} is damaged: it holds a member twice.")
    missing = sorted({*announced, MANIFEST} - set(held))
    if missing:
        raise Problem(f"{file.name} is damaged: its member {missing[0]} is missing.")
    strange = sorted(set(held) - {*announced, MANIFEST})
    if strange:
        raise Problem(f"{file.name} holds a member that nobody announced: {strange[0][:80]!r}.")
