"""Files too large to be held in memory: taken in, and read again, piece by piece.

The reader writes the rows of such a file into a draft beside the documents. The file itself is
kept only once it was read to its end and found to hold no patients.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from locality.figures import Table
from locality.figures.schemas import SOURCE_TABLES
from locality.sources.large_files import gzipped, is_large
from locality.sources.reading import Document, Reading, Unopened
from locality.sources.streaming import Streamed, streamed
from locality.store import documents
from locality.store.disk import Disk
from locality.store.engines import DuckEngine
from locality.store.holdings import HeldReading, Published

#: The table that such a file fills.
ROWS = "prescribing_rows"


@dataclass(frozen=True)
class LargeFile:
    """A file on this computer that opens out to more than is read whole."""

    path: Path
    came_in: str

    @property
    def name(self) -> str:
        """Return the file's own name."""
        return self.path.name


def offered(
    path: Path, opened: Callable[[Path], Iterable[Document | Unopened]], whole: int
) -> Iterator[Document | Unopened | LargeFile]:
    """Yield what ``opened`` gives of ``path``, with large files in place of why they do not open.

    Large is a CSV, plain or packed, of more than ``whole`` bytes.
    """
    if path.is_file() and is_large(path, whole):
        yield LargeFile(path, path.name)
        return
    for one in opened(path):
        file = path / one.came_in
        if isinstance(one, Unopened) and file.is_file() and is_large(file, whole):
            yield LargeFile(file, one.came_in)
        else:
            yield one


def read_in(
    disk: Disk, drafts: Path, file: LargeFile, held: Collection[str], today: date
) -> Streamed:
    """Return what ``file`` holds, its rows in a draft, and its bytes too unless they are ``held``.

    Raises Refused or NotRecognised with nothing left behind.
    """
    draft = drafts / "large"
    rows = draft / f"0-{ROWS}.parquet"
    disk.remove(draft)
    disk.make_folder(draft)
    try:
        disk.step("write", rows)
        found = streamed(file.path, rows, came_in=file.came_in, today=today)
        disk.sync(rows)
        if found.sha256 not in held:
            disk.write_pieces(draft / "document.gz", gzipped(file.path, found.sha256))
    except Exception:
        disk.remove(draft)
        raise
    return found


def reading(found: Streamed) -> Reading:
    """Return ``found`` as a reading whose rows lie elsewhere."""
    return Reading(
        publication=found.publication,
        period=found.period,
        tables={},
        rows=found.rows,
        practices=found.practices,
        reader_version=found.reader_version,
        set_aside=found.set_aside,
        notes=found.notes,
    )


def store(
    disk: Disk,
    folder: Path,
    found: Streamed,
    publications: Mapping[str, Published],
    sequence: int,
    ingested_at: datetime,
) -> None:
    """Keep what was read in under ``folder``, in one step."""
    tables = {ROWS: {"file": found.path.name, "rows": found.rows}}
    about = {
        "sha256": found.sha256,
        "file_name": found.name,
        "came_in": found.came_in,
        "bytes": found.size,
    }
    entry = documents.entry(reading(found), publications[found.publication], tables)
    documents.keep(disk, found.path.parent, folder, about, [entry], sequence, ingested_at)


def rows_again(place: Path, first: HeldReading) -> Reading:
    """Return the reading of the document kept in ``place``, from its bytes read afresh.

    All rows are in memory then: near 1.5 GB for a national month.
    """
    with tempfile.TemporaryDirectory() as temporary:
        found = _again(place, first, Path(temporary))
        rows = pq.read_table(found.path, schema=SOURCE_TABLES[ROWS].arrow)
    return Reading(**{**vars(reading(found)), "tables": {ROWS: Table(SOURCE_TABLES[ROWS], rows)}})


def counts_again(place: Path, first: HeldReading, name: str) -> pa.Table:
    """Return the table of counts ``name`` of the document in ``place``, from its bytes afresh."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        found = _again(place, first, folder)
        return DuckEngine(spill=folder / "spill").counts(name, {ROWS: [found.path]})


def _again(place: Path, first: HeldReading, folder: Path) -> Streamed:
    return streamed(
        place / "document.gz",
        folder / "rows.parquet",
        name=first.file_name,
        came_in=first.came_in,
    )
