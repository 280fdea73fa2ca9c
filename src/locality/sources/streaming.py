"""A national month of prescribing, read in pieces: six gigabytes of CSV with little memory.

What is opened here is one CSV file, plain, gzipped or alone in a zip archive. It is decompressed,
hashed, checked for patients and turned into rows piece by piece; the rows go to a Parquet file.
The reading is the one that :func:`locality.sources.read` gives of the same content.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv as arrow_csv

from locality.figures.schemas.prescribing import PRESCRIBING_ROWS
from locality.sources.arrow import pc
from locality.sources.delimited import cut_short_sentence, delimited
from locality.sources.large_files import LIMITS, Tap, opened
from locality.sources.opening import Limits
from locality.sources.pieces import Strays, Suspects, Tally, refuse_patients
from locality.sources.publications import prescribing
from locality.sources.reading import Hints, NotRecognised, Refused, SetAside
from locality.sources.rows import Sheet
from locality.sources.sieve import Sieve

#: Bytes turned into rows at a time.
_PIECE = 4 << 20
#: Rows in one group of the Parquet file.
_GROUP = 131_072
_CODING = {"cp1252": ("Read as Windows-1252 text: the file is not UTF-8.",)}


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


class _NotUtf8(Exception):
    """The text is in another encoding: it is read again as Windows-1252."""


def streamed(
    path: Path,
    target: Path,
    *,
    name: str = "",
    came_in: str = "",
    today: date | None = None,
    limits: Limits = LIMITS,
    piece: int = _PIECE,
) -> Streamed:
    """Read the prescribing file at ``path`` and write its rows to ``target``, a Parquet file.

    ``name`` and ``came_in`` are those of a Document, where ``path`` does not tell them.
    ``piece`` is how many bytes are turned into rows at a time, and memory grows with it.
    ``target`` is there only when the whole file was read and is sound. Raises Refused for a file
    that looks patient-level, is damaged, or holds several months; NotRecognised for another
    publication or kind of file. Both carry the sentence to show.
    """
    part = target.with_name(target.name + ".part")
    try:
        try:
            found = _read(path, name, part, today, limits, piece, "utf-8")
        except _NotUtf8:
            found = _read(path, name, part, today, limits, piece, "cp1252")
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return replace(found, path=target, came_in=came_in or path.name)


def _read(
    path: Path,
    name: str,
    part: Path,
    today: date | None,
    limits: Limits,
    piece: int,
    encoding: str,
) -> Streamed:
    tally = Tally()
    with opened(path, name) as (name, inside):
        tap = Tap(inside, max(path.stat().st_size, 1), limits)
        hints = Hints((name, path.name), today)
        try:
            with pq.ParquetWriter(part, PRESCRIBING_ROWS.arrow, compression="zstd") as writer:
                for table in _tables(tap, tally, hints, piece, encoding):
                    writer.write_table(table, row_group_size=_GROUP)
        except (EOFError, zlib.error, zipfile.BadZipFile):
            raise Refused(
                "The compressed file is damaged or stops before its end: the download was cut "
                "short. Download it again."
            ) from None
    aside = tally.verdict(prescribing.TITLE)
    return Streamed(
        name=name,
        came_in=path.name,
        sha256=tap.sha256,
        size=tap.size,
        publication=prescribing.PUBLICATION,
        period=prescribing.one_month(list(tally.months), hints),
        path=part,
        rows=tally.kept,
        practices=len(tally.practices),
        reader_version=prescribing.VERSION,
        set_aside=aside,
        notes=(*_CODING.get(encoding, ()), prescribing.NOTE),
    )


def _tables(tap: Tap, tally: Tally, hints: Hints, size: int, encoding: str) -> Iterator[pa.Table]:
    """Yield the rows to keep, piece by piece, noting in ``tally`` what was found."""
    header = _header(tap.head())
    strays, suspects, seen = Strays(len(header)), Suspects(), 0
    for batch in _batches(tap, header, strays, size, encoding):
        body, kept = _filled(pa.Table.from_batches([batch]), seen)
        seen += batch.num_rows
        piece = Sheet(
            name="",
            header=header,
            body=body,
            line_of=lambda row, kept=kept: strays.line_of(int(kept[row])),  # type: ignore[misc]
            strays=tuple(strays.new),
        )
        strays.new.clear()
        refuse_patients(piece)
        suspects.note(body)
        if body.num_rows and (table := _kept(piece, tally, hints)):
            yield table
    if strays.new:
        nothing = pa.table({f"c{place}": pa.array([], pa.string()) for place in range(len(header))})
        refuse_patients(Sheet("", header, nothing, strays.line_of, strays=tuple(strays.new)))
    suspects.check(header)
    if strays.rows:
        end = seen + len(strays.lines) + 1
        last = strays.last
        if last and last.line == end and len(last.cells) < len(header) and tap.last != b"\n":
            raise Refused(cut_short_sentence(end))
        tally.rows += strays.rows
        reason = f"The row has more or fewer cells than the header has ({len(header)})."
        example = f"line {strays.lines[0]:,}"
        tally.put_aside(reason, strays.rows, example, expected=False)


def _header(head: bytes) -> tuple[str, ...]:
    """Return the header in the first bytes; Refused or NotRecognised for any other file."""
    # The first lines go the way of any file: web pages, binary and other layouts are told apart.
    whole = head[: head.rfind(b"\n") + 1] or head
    sheet = delimited(whole).sheets[0]
    if not prescribing.recognise(sheet) or sheet.header_line != 1:
        raise NotRecognised(
            "A file of this size is read only where it is the English Prescribing Dataset, with "
            "its header in the first line."
        )
    return sheet.header


def _batches(
    tap: Tap, header: tuple[str, ...], strays: Strays, size: int, encoding: str
) -> Iterator[pa.RecordBatch]:
    names = [f"c{place}" for place in range(len(header))]
    try:
        yield from arrow_csv.open_csv(
            cast(Any, tap),
            read_options=arrow_csv.ReadOptions(
                column_names=names,
                skip_rows=1,
                block_size=size,
                encoding=encoding,
                use_threads=False,
            ),
            parse_options=arrow_csv.ParseOptions(
                newlines_in_values=True, invalid_row_handler=strays
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except UnicodeDecodeError:
        raise Refused(
            "The letters of the file are in no encoding known here (UTF-8 or Windows-1252). Save "
            "it again as CSV (UTF-8)."
        ) from None
    except pa.ArrowInvalid as error:
        if "UTF8" in str(error) and encoding == "utf-8":
            raise _NotUtf8 from None
        if "Empty CSV" in str(error):
            return
        raise Refused(
            "The rows of the file cannot be told apart. It is damaged, or it is not a CSV file. "
            "Download it again."
        ) from None


def _filled(body: pa.Table, first: int) -> tuple[pa.Table, np.ndarray]:
    """Return the rows with any cell filled, and each one's place among all, from ``first``."""
    places = np.arange(first, first + body.num_rows)
    empty = np.ones(body.num_rows, dtype=bool)
    for column in body.columns:
        empty &= np.asarray(pc.equal(pc.binary_length(column), 0))
        if not empty.any():
            return body, places
    return body.filter(pa.array(~empty)), places[~empty]


def _kept(piece: Sheet, tally: Tally, hints: Hints) -> pa.Table | None:
    """Return the rows of ``piece`` to keep, or None; Refused where a second month begins."""
    columns = prescribing.Columns.of(piece)
    sieve = Sieve(piece, columns.practice_code)
    for where, reason, expected in columns.faults():
        going = where & sieve.keep
        example = sieve.example(int(np.argmax(going))) if going.any() else ""
        tally.put_aside(reason, int(going.sum()), example, expected=expected)
        sieve.keep &= ~going
    rows = int(sieve.keep.sum())
    tally.rows += len(sieve.keep)
    tally.kept += rows
    if not rows:
        return None
    tally.months.update(pc.unique(sieve.kept(columns.month)).to_pylist())
    tally.practices.update(pc.unique(sieve.kept(columns.practice_code)).to_pylist())
    return columns.table(sieve.keep, prescribing.one_month(list(tally.months), hints)).data
