"""A national month of prescribing, read in pieces: six gigabytes of CSV with little memory.

What is opened here is one CSV file, plain, gzipped or alone in a zip archive. It is decompressed,
hashed, checked for patients and turned into rows piece by piece; the rows go to a Parquet file.
The reading is the one that :func:`locality.sources.read` gives of the same content.
"""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from typing import IO, Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv as arrow_csv

from locality.figures.schemas.prescribing import PRESCRIBING_ROWS
from locality.sources import refusing
from locality.sources.arrow import pc
from locality.sources.delimited import cut_short_sentence, delimited
from locality.sources.opening import Limits, cannot
from locality.sources.publications import prescribing
from locality.sources.reading import Document, Hints, NotRecognised, Refused, SetAside
from locality.sources.rows import Content, Sheet, Stray

#: What one file may open out to; a national month is near 7.5 GB.
LIMITS = Limits(members=50, opened=20_000_000_000)
#: Bytes decompressed and read at a time.
_PIECE = 8 << 20
_HEAD = 1 << 16
#: How many different ten-digit values of one column are remembered for the last check.
_REMEMBERED = 200_000
#: Rows in one group of the Parquet file.
_GROUP = 131_072


@dataclass(frozen=True)
class Streamed:
    """What one large file held: as a Document and its Reading, with ``path`` in place of rows.

    ``sha256`` and ``size`` (bytes) are of the CSV, out of its wrapping. ``path`` is a Parquet file
    under PRESCRIBING_ROWS.
    """

    name: str
    came_in: str
    sha256: str
    size: int
    publication: str
    period: str
    path: Path
    rows: int
    practices: int
    reader_version: int
    set_aside: tuple[SetAside, ...]
    notes: tuple[str, ...]


class _Wrong(Exception):
    """The text is not UTF-8: it is read again as Windows-1252."""


class _Tap(io.RawIOBase):
    """A stream of bytes that is hashed, counted and held to the limits while it is read."""

    def __init__(self, inside: IO[bytes], packed: int, limits: Limits) -> None:
        self._inside, self._packed, self._limits = inside, packed, limits
        self._hash = hashlib.sha256()
        self.size = 0
        self.last = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        piece = self._inside.read(_PIECE if size < 0 else size)
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

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


@dataclass
class _Tally:
    """What was found in the pieces so far."""

    rows: int = 0
    kept: int = 0
    wrong: int = 0
    aside: dict[str, SetAside] = field(default_factory=dict)
    expected: set[str] = field(default_factory=set)
    months: set[date] = field(default_factory=set)
    practices: set[str] = field(default_factory=set)
    suspects: dict[int, np.ndarray] = field(default_factory=dict)

    def put_aside(self, reason: str, rows: int, example: str, *, expected: bool) -> None:
        before = self.aside.get(reason)
        if before is not None:
            rows, example = rows + before.rows, before.example
        self.aside[reason] = SetAside(reason, rows, example)
        if expected:
            self.expected.add(reason)

    def verdict(self) -> tuple[SetAside, ...]:
        """Return what was set aside; Refused where most rows are wrong or none is left."""
        aside = tuple(self.aside.values())
        if not self.rows:
            raise Refused("The file has a header and no rows under it. Download it again.")
        if not self.kept or 2 * self.wrong > self.rows:
            strange = [one for one in aside if one.reason not in self.expected]
            worst = max(strange or aside, key=lambda one: one.rows)
            raise Refused(
                f"The columns are those of {prescribing.TITLE}, but "
                f"{self.wrong or self.rows - self.kept:,} of its {self.rows:,} rows cannot be "
                f"used. Most often: {worst.reason} (first at {worst.example}) Check that this is "
                "the file you meant."
            )
        return aside


def streamed(
    path: Path, target: Path, *, today: date | None = None, limits: Limits = LIMITS
) -> Streamed:
    """Read the prescribing file at ``path`` and write its rows to ``target``, a Parquet file.

    ``target`` is there only when the whole file was read and is sound. Raises Refused for a file
    that looks patient-level, is damaged, or holds several months; NotRecognised for another
    publication or kind of file. Both carry the sentence to show.
    """
    part = target.with_name(target.name + ".part")
    try:
        try:
            found = _read(path, part, target, today, limits, "utf-8")
        except _Wrong:
            found = _read(path, part, target, today, limits, "cp1252")
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
    return found


def _read(
    path: Path, part: Path, target: Path, today: date | None, limits: Limits, encoding: str
) -> Streamed:
    tally = _Tally()
    with _opened(path, limits) as (name, inside):
        tap = _Tap(inside, max(path.stat().st_size, 1), limits)
        try:
            with pq.ParquetWriter(part, PRESCRIBING_ROWS.arrow, compression="zstd") as writer:
                for table in _tables(tap, tally, encoding):
                    writer.write_table(table, row_group_size=_GROUP)
        except (EOFError, zlib.error, zipfile.BadZipFile):
            raise Refused(
                "The compressed file is damaged or stops before its end: the download was cut "
                "short. Download it again."
            ) from None
    aside = tally.verdict()
    hints = Hints((name, path.name), today)
    period = prescribing.one_month(sorted(tally.months), hints)
    return Streamed(
        name=name,
        came_in=path.name,
        sha256=tap.sha256,
        size=tap.size,
        publication=prescribing.PUBLICATION,
        period=period,
        path=target,
        rows=tally.kept,
        practices=len(tally.practices),
        reader_version=prescribing.VERSION,
        set_aside=aside,
        notes=(*_CODING.get(encoding, ()), prescribing.NOTE),
    )


_CODING = {"cp1252": ("Read as Windows-1252 text: the file is not UTF-8.",)}


@contextmanager
def _opened(path: Path, limits: Limits) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield the name of the CSV in ``path``, and its bytes as a stream."""
    import gzip

    with path.open("rb") as file:
        magic = file.read(4)
        file.seek(0)
        if magic[:2] == b"\x1f\x8b":
            name = path.name[:-3] if path.name.lower().endswith(".gz") else path.name
            with gzip.open(file) as inside:
                yield _csv_name(name), inside  # type: ignore[misc]
        elif magic == b"PK\x03\x04":
            try:
                archive = zipfile.ZipFile(file)
            except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
                raise Refused(
                    "The archive is damaged or stops before its end. Download it again."
                ) from None
            with archive:
                member = _only_member(archive, limits)
                with archive.open(member) as inside:
                    yield _csv_name(PurePosixPath(member.filename).name), inside
        else:
            yield _csv_name(path.name), file


def _csv_name(name: str) -> str:
    if not name.lower().endswith(".csv"):
        raise NotRecognised(cannot(name))
    return name


def _only_member(archive: zipfile.ZipFile, limits: Limits) -> zipfile.ZipInfo:
    members = [
        one
        for one in archive.infolist()
        if not one.is_dir() and not one.filename.startswith(("__MACOSX", "."))
    ]
    if len(members) != 1:
        raise Refused(
            f"The archive holds {len(members)} files; one CSV file is read in pieces. Open it "
            "yourself and give the file inside."
        )
    if members[0].flag_bits & 0x1:
        raise Refused("The archive is locked with a password. Unlock it and give the file inside.")
    return members[0]


def _tables(tap: _Tap, tally: _Tally, encoding: str) -> Iterator[pa.Table]:
    """Yield the rows to keep, piece by piece, noting in ``tally`` what was found."""
    head = tap.read(_HEAD)
    while b"\n" not in head and (more := tap.read(_HEAD)):
        head += more
    if not head.strip():
        raise Refused("The file is empty. Download it again.")
    # The first lines go the way of any file: web pages, binary and other layouts are told apart.
    whole = head[: head.rfind(b"\n") + 1] or head
    sheet = delimited(whole).sheets[0]
    if not prescribing.recognise(sheet) or sheet.header_line != 1:
        raise NotRecognised(
            "A file of this size is read only where it is the English Prescribing Dataset, with "
            "its header in the first line."
        )
    header = sheet.header
    strays: list[Stray] = []
    reader = _reader(_Joined(head, tap), header, strays, encoding)
    line = 2
    for batch in _batches(reader):
        rows = pa.Table.from_batches([batch])
        first = line
        late = [one.line for one in strays]
        piece = Sheet(
            name="",
            header=header,
            body=rows,
            line_of=lambda row, first=first: first + row,  # type: ignore[misc]
            header_line=1,
            strays=tuple(strays),
        )
        line += batch.num_rows + len(late)
        _check(piece, tally)
        if table := _kept(piece, tally):
            yield table
        strays.clear()
    _finish(header, strays, tally, tap)


def _finish(
    header: tuple[str, ...], strays: list[Stray], tally: _Tally, tap: _Tap
) -> None:
    raise NotImplementedError
