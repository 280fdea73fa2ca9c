"""Getting one file.

What is there already is asked for again only where it changed; a cut connection is taken up
where it broke; a file takes its name only once it is whole and right.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPResponse
from io import FileIO
from typing import Any
from urllib.parse import urlsplit

from locality.fetching.asking import Visitor
from locality.fetching.content import HEAD, check_head, check_whole
from locality.fetching.faults import FetchError, PassingFault, disk
from locality.fetching.manifest import Begun, Fetched, Folder, Seal
from locality.fetching.plan import File

Progress = Callable[[str, int, int], None]

_BLOCK = 1 << 17
_HASHES = {32: "md5", 40: "sha1", 64: "sha256"}  # a catalogue's hash, told by its length
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")


@dataclass(frozen=True)
class Got:
    """What became of a file: ``changed`` is false where the one held is still the publisher's."""

    record: Fetched
    changed: bool
    before: Fetched | None = None


def download(
    file: File,
    folder: Folder,
    visitor: Visitor,
    clock: Callable[[], datetime],
    progress: Progress | None = None,
) -> Got:
    """Fetch ``file`` into ``folder`` and return what became of it.

    FetchError says why there is none. After a broken connection, what came waits for the next
    time; after anything else nothing is left behind.
    """
    held = folder.latest(file.subject)
    if held is not None and file.hash == held.sha256:
        return Got(held, changed=False)
    if held is None or held.file != file.save_as:
        folder.may_write(file.save_as)
    coming = _Coming(file, folder, visitor, held, progress)
    try:
        record = visitor.persist(coming.attempt, lambda: coming.size)
        if record is not None:
            return Got(record, changed=False)
        return coming.finish(clock().astimezone(UTC).isoformat(timespec="seconds"))
    except FetchError as error:
        if not error.keep:
            folder.drop(file.save_as)
        raise


@dataclass
class _Coming:
    """One file on its way: how much of it is here, and what its bytes add up to."""

    file: File
    folder: Folder
    visitor: Visitor
    held: Fetched | None
    progress: Progress | None
    size: int = 0
    total: int | None = None
    seal: Seal = field(default_factory=Seal)
    _sums: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.host = urlsplit(self.file.address).hostname or self.file.address
        self.path = self.folder.part(self.file.save_as)
        begun = self.folder.begun.get(self.file.save_as)
        self._reset()
        if begun and (begun.subject, begun.address) == (self.file.subject, self.file.address):
            self.seal = begun.seal
            if self.seal.if_range and self.path.is_file():
                self._take_up()

    def attempt(self) -> Fetched | None:
        """Ask once: return the file held, if it is still the one, or None once all has come."""
        headers: dict[str, str] = {}
        if self.size and self.seal.if_range:
            headers = {"Range": f"bytes={self.size}-", "If-Range": self.seal.if_range}
        elif self.held is not None and self.held.address == self.file.address:
            headers = self.held.seal.if_changed
        with self.visitor.ask(self.file.address, headers) as answer:
            if answer.status == 304:
                if self.held is None:
                    raise FetchError(f"{self.host} says that nothing changed, but nothing is here.")
                return self.held
            if answer.status == 416:
                self._empty()
                raise PassingFault(f"{self.host} has another file by now", 0.0)
            self._receive(answer)
        return None

    def finish(self, now: str) -> Got:
        """Check the whole file, put it in its place and return what became of it."""
        file, sha256 = self.file, self._sums["sha256"].hexdigest()
        if file.size is not None and self.size != file.size:
            raise FetchError(
                f"The file from {self.host} has {self.size:,} bytes, and its catalogue promises "
                f"{file.size:,}. Nothing was kept. Fetch it again later."
            )
        if file.hash:
            found = self._sums[_HASHES[len(file.hash)]].hexdigest()
            if found != file.hash:
                raise FetchError(
                    f"The file from {self.host} is not the one that its catalogue promises "
                    f"({_HASHES[len(file.hash)]} {found[:12]}, not {file.hash[:12]}). Nothing was "
                    "kept. Fetch it again later, and tell the publisher if it stays so."
                )
        check_whole(self.path, file.content, self.host)
        if self.held is not None and self.held.sha256 == sha256:
            self.folder.drop(file.save_as)
            self.folder.seen_again(self.held, self.seal)
            return Got(self.held, changed=False)
        record = Fetched(
            file.save_as, file.subject, file.address, self.size, sha256, now, self.seal
        )
        self.folder.keep(record)
        return Got(record, changed=True, before=self.held)

    def _receive(self, answer: HTTPResponse) -> None:
        """Write what comes to the part; PassingFault where it breaks off."""
        seal = Seal(answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", ""))
        length = answer.headers.get("Content-Length", "")
        coming = int(length) if length.isdigit() else None
        if answer.status == 206:
            begins = _RANGE.fullmatch(answer.headers.get("Content-Range", "").strip())
            if not begins or int(begins[1]) != self.size or (seal.etag or "") != self.seal.etag:
                self._empty()
                raise PassingFault(f"{self.host} gave another piece than the one asked for", 0.0)
            self.total = int(begins[3]) if begins[3] != "*" else None
        else:
            self._empty()
            self.seal, self.total = seal, coming
            self.folder.begin(Begun(self.file.save_as, self.file.subject, self.file.address, seal))
        self._room()
        with self._part() as part:
            while block := answer.read(_BLOCK):
                if self.size == 0:  # gigabytes may follow: look first
                    check_head(block[:HEAD], self.file.content, self.host)
                self._write(part, block)
        if self.total is not None and self.size < self.total:
            raise PassingFault(f"the connection with {self.host} broke off")
        if self.size == 0:
            raise FetchError(f"{self.host} gave an empty file. Nothing was kept. Try again later.")

    def _write(self, part: FileIO, block: bytes) -> None:
        self.size += len(block)
        self._small_enough(self.size)
        left = memoryview(block)
        try:
            while left:
                left = left[part.write(left) :]
        except OSError as error:
            raise disk(error, str(self.folder.path)) from None
        for one in self._sums.values():
            one.update(block)
        if self.progress is not None:
            self.progress(f"Fetching {self.file.save_as}", self.size, self.total or 0)

    def _part(self) -> FileIO:
        try:
            return FileIO(self.path, "ab")
        except OSError as error:
            raise disk(error, str(self.folder.path)) from None

    def _room(self) -> None:
        """Refuse before it begins what is too large, or what the disk has no room for."""
        if self.total is None:
            return
        self._small_enough(self.total)
        free = shutil.disk_usage(self.folder.path).free
        if self.total - self.size > free:
            raise FetchError(
                f"{self.file.save_as} has {_mb(self.total)} and the disk of {self.folder.path} has "
                f"room for {_mb(free)}. Make room, or name another folder with --into."
            )

    def _small_enough(self, size: int) -> None:
        if size > self.file.largest:
            raise FetchError(
                f"What {self.host} gives is larger than any file of this publication "
                f"({_mb(self.file.largest)}). Nothing was kept. If it has grown, raise largest_mb "
                f"in {self.file.publication.place or 'its publication'}."
            )

    def _empty(self) -> None:
        """Start anew: nothing of the file stays here."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise disk(error, str(self.folder.path)) from None
        self._reset()

    def _reset(self) -> None:
        self.size, self.total = 0, None
        wanted = {"sha256", *([_HASHES[len(self.file.hash)]] if self.file.hash else [])}
        self._sums = {name: hashlib.new(name, usedforsecurity=False) for name in wanted}

    def _take_up(self) -> None:
        """Add up what came the last time, so that the rest can follow."""
        with self.path.open("rb") as part:
            while block := part.read(_BLOCK):
                self.size += len(block)
                for one in self._sums.values():
                    one.update(block)


def _mb(size: int) -> str:
    return f"{size / 1_000_000:,.0f} MB"
