"""One large CSV file as a stream of bytes: plain, gzipped, or alone in a zip archive.

Nothing is held: bytes are decompressed, counted, hashed and held to limits while they are read.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, cast

from locality.sources.opening import LIMITS as WHOLE
from locality.sources.opening import Limits, cannot
from locality.sources.reading import NotRecognised, Refused

#: What one file may open out to; a national month is near 7.5 GB.
LIMITS = Limits(opened=20_000_000_000)
#: Bytes read at a time where nobody says how many, and those that are recognised by.
_PIECE = 8 << 20
_HEAD = 1 << 16
#: Text shrinks to a third at least, and what is kept is packed lightly: speed comes first.
_SHRINKS = 3
_LEVEL = 3


class Tap(io.RawIOBase):
    """A stream of bytes that is hashed, counted and held to the limits while it is read."""

    def __init__(self, inside: IO[bytes], packed: int, limits: Limits) -> None:
        self._inside, self._packed, self._limits = inside, packed, limits
        self._hash = hashlib.sha256()
        self._back = b""
        self.size = 0
        self.last = b""

    @property
    def sha256(self) -> str:
        """Return the hash of what was read so far, in hexadecimal."""
        return self._hash.hexdigest()

    def readable(self) -> bool:
        """Return True: it can be read."""
        return True

    def head(self) -> bytes:
        """Return the first bytes, which are read again: as many as recognition needs."""
        self._back = self.read(_HEAD)
        return self._back

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, at most ``size``; Refused beyond the limits."""
        if self._back:
            size = max(size, 1)
            piece, self._back = self._back[:size], self._back[size:]
            return piece
        piece = self._inside.read(size if size > 0 else _PIECE)
        self._hash.update(piece)
        self.size += len(piece)
        self.last = piece[-1:] or self.last
        if self.size > self._limits.opened or (
            self.size > self._limits.ratio_from and self.size > self._limits.ratio * self._packed
        ):
            raise Refused(
                "It opens out to more than any publication does, as a damaged or hostile archive "
                "would. It was not read to its end."
            )
        return piece


def is_large(path: Path, whole: int = WHOLE.opened) -> bool:
    """Return whether the CSV, zip or gzip file at ``path`` opens out to over ``whole`` bytes.

    Whatever cannot be looked into is not large: opening it says what is wrong with it.
    """
    suffix = path.suffix.lower()
    try:
        size = path.stat().st_size
        if suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                return sum(one.file_size for one in archive.infolist()) > whole
        if suffix == ".gz":
            with path.open("rb") as file:
                file.seek(-4, os.SEEK_END)
                told = int.from_bytes(file.read(4), "little")
            # A gzip file tells its size but for whole multiples of 4 GiB.
            return told > whole or (size > whole // 10 and told < _SHRINKS * size)
        return suffix == ".csv" and size > whole
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return False


def gzipped(path: Path, sha256: str) -> Iterator[bytes]:
    """Yield the CSV in ``path`` as the pieces of a gzip file; Refused if it is not ``sha256``."""
    pack, found = zlib.compressobj(_LEVEL, wbits=31), hashlib.sha256()
    with opened(path) as (_, inside):
        while piece := inside.read(_PIECE):
            found.update(piece)
            yield pack.compress(piece)
    yield pack.flush()
    if found.hexdigest() != sha256:
        raise Refused("The file changed while it was read. Wait until it is whole and try again.")


@contextmanager
def opened(path: Path, name: str = "") -> Iterator[tuple[str, IO[bytes]]]:
    """Yield the name of the CSV in ``path`` (or ``name``), and its bytes as a stream."""
    with path.open("rb") as file:
        magic = file.read(4)
        file.seek(0)
        if magic[:2] == b"\x1f\x8b":
            own = path.name[:-3] if path.name.lower().endswith(".gz") else path.name
            name = name or own
            with gzip.open(file) as packed:
                yield _csv_name(name), cast(IO[bytes], packed)
        elif magic == b"PK\x03\x04":
            try:
                archive = zipfile.ZipFile(file)
            except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
                raise Refused(
                    "The archive is damaged or stops before its end. Download it again."
                ) from None
            with archive:
                member = _only_member(archive)
                name = _csv_name(PurePosixPath(member.filename).name)
                try:
                    inside = archive.open(member)
                except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
                    raise Refused(
                        "The file in the archive cannot be opened here. Open the archive yourself "
                        "and give the file inside."
                    ) from None
                with inside:
                    yield name, inside
        else:
            yield _csv_name(path.name), file


def _csv_name(name: str) -> str:
    if not name.lower().endswith(".csv"):
        raise NotRecognised(cannot(name))
    return name


def _only_member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    hidden = ("__MACOSX", ".")
    members = [
        one
        for one in archive.infolist()
        if not one.is_dir()
        and not any(part.startswith(hidden) for part in PurePosixPath(one.filename).parts)
    ]
    if len(members) != 1:
        raise Refused(
            f"The archive holds {len(members)} files; a file of this size is read where it is "
            "alone. Open the archive yourself and give the file inside."
        )
    return members[0]
