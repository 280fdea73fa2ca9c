"""Documents as the lake keeps them: each file once, never changed, with what was read from it.

``lake/documents/<sha256>/`` holds ``document.gz`` (the bytes), one Parquet file for each table
of each reading, and ``reading.json``, which :mod:`locality.store.holdings` reads.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from locality.figures import Schema, Table
from locality.figures.schemas import SOURCE_TABLES
from locality.sources.reading import Document, Reading, Refused
from locality.store.disk import Disk, LakeError
from locality.store.holdings import HeldReading, Holdings, Published

_FORMAT = 1


def content(folder: Path, sha256: str) -> bytes:
    """Return the bytes of a document in ``folder`` (``lake/documents``); LakeError if not held."""
    try:
        return gzip.decompress((folder / sha256 / "document.gz").read_bytes())
    except FileNotFoundError:
        raise LakeError(f"The lake holds no document {sha256[:12]}.") from None


def check(readings: tuple[Reading, ...], publications: Mapping[str, Published]) -> None:
    """Raise Refused unless each reading is of a known publication, in the house's tables."""
    for reading in readings:
        if reading.publication not in publications:
            raise Refused(f"Nothing is known of the publication {reading.publication!r}.")
        for name, table in reading.tables.items():
            if SOURCE_TABLES.get(name) is not table.schema:
                raise Refused(f"The reader gave a table {name!r} that the lake does not keep.")
            double = _first_double(table)
            if double:
                raise Refused(
                    f"The same row stands more than once ({double}), with no way to tell "
                    "which one counts."
                )


def _first_double(table: Table) -> str:
    """Return the key of the first row that shares it with another, or an empty text.

    Rows of a table without a key may be alike.
    """
    key = list(table.schema.key)
    if not key:
        return ""
    counted = table.data.select(key).group_by(key).aggregate([([], "count_all")])
    double = counted.filter(pc.greater(counted.column("count_all"), pa.scalar(1))).slice(0, 1)
    if not double.num_rows:
        return ""
    row = double.to_pylist()[0]
    return ", ".join(f"{name} {row[name]}" for name in key)


def store(
    disk: Disk,
    drafts: Path,
    folder: Path,
    document: Document,
    readings: tuple[Reading, ...],
    publications: Mapping[str, Published],
    sequence: int,
    ingested_at: datetime,
) -> None:
    """Keep ``document`` and its ``readings`` under ``folder``: all in one step, or nothing."""
    draft = drafts / document.sha256
    disk.remove(draft)
    disk.make_folder(draft)
    disk.write(draft / "document.gz", gzip.compress(document.content, compresslevel=6, mtime=0))
    entries: list[dict[str, Any]] = []
    for number, reading in enumerate(readings):
        tables: dict[str, dict[str, Any]] = {}
        for name, table in reading.tables.items():
            file = f"{number}-{name}.parquet"
            disk.write_table(draft / file, table.data)
            tables[name] = {"file": file, "rows": len(table)}
        entries.append(entry(reading, publications[reading.publication], tables))
    about = {
        "sha256": document.sha256,
        "file_name": document.name,
        "came_in": document.came_in,
        "bytes": len(document.content),
    }
    keep(disk, draft, folder, about, entries, sequence, ingested_at)


def entry(
    reading: Reading, publication: Published, tables: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Return what ``reading.json`` says of a reading; ``tables`` has the file and rows of each."""
    return {
        "publication": reading.publication,
        "publisher": publication.publisher,
        "period": reading.period,
        "part": reading.part,
        "local": publication.local,
        "corrects": publication.corrects,
        "reader_version": reading.reader_version,
        "rows": reading.rows,
        "practices": reading.practices,
        "set_aside": [asdict(aside) for aside in reading.set_aside],
        "notes": list(reading.notes),
        "tables": tables,
    }


def keep(
    disk: Disk,
    draft: Path,
    folder: Path,
    about: Mapping[str, Any],
    entries: list[dict[str, Any]],
    sequence: int,
    ingested_at: datetime,
) -> None:
    """Put the whole ``draft`` of a document in its place in ``folder``, in one step."""
    record = {
        "format": _FORMAT,
        **about,
        "sequence": sequence,
        "ingested_at": ingested_at.isoformat(timespec="seconds"),
        "readings": entries,
    }
    disk.write(draft / "reading.json", json.dumps(record, indent=1).encode())
    disk.sync_folder(draft)
    disk.rename(draft, folder / about["sha256"])


def rows_in_use(held: Holdings, table: str) -> Iterable[pa.Table]:
    """Yield the rows of ``table`` in use, reading by reading, each with its ``document``.

    Where two readings could hold the same key (a publication corrected row by row, or two files
    for one period), the row that came last is the one that stays.
    """
    schema = SOURCE_TABLES[table]
    readings = held.filling(table)
    by_period: dict[str, list[HeldReading]] = defaultdict(list)
    dated = "as_at" in schema.key or "period" in schema.key
    for reading in readings:
        apart = dated and reading.corrects == "file"
        by_period[reading.period if apart else ""].append(reading)
    if "" in by_period and len(by_period) > 1:
        by_period = defaultdict(list, {"": list(readings)})
    for together in by_period.values():
        if len(together) == 1:
            yield _rows(together[0], table)
        else:
            yield _last_wins(pa.concat_tables(_rows(r, table) for r in together), schema.key)


def with_document(schema: Schema) -> pa.Schema:
    """Return the Arrow schema of a source table in a version: its columns and ``document``."""
    document = pa.field("document", pa.dictionary(pa.int32(), pa.string()))
    return schema.arrow.append(document)


def of_document(rows: pa.Table, reading: HeldReading) -> pa.Table:
    """Return ``rows`` with the hash of the document that ``reading`` was read from."""
    document = pa.DictionaryArray.from_arrays(
        pa.repeat(pa.scalar(0, pa.int32()), rows.num_rows), pa.array([reading.sha256])
    )
    return rows.append_column("document", document)


def _rows(reading: HeldReading, table: str) -> pa.Table:
    path, _ = reading.tables[table]
    return of_document(pq.read_table(path, schema=SOURCE_TABLES[table].arrow), reading)


def _last_wins(rows: pa.Table, key: tuple[str, ...]) -> pa.Table:
    """Return ``rows`` with, for each key, only the last of them."""
    numbered = rows.append_column("_row", pa.array(np.arange(rows.num_rows)))
    last = numbered.group_by(list(key)).aggregate([("_row", "max")])
    keep = pc.sort_indices(last, sort_keys=[("_row_max", "ascending")])
    return rows.take(last.column("_row_max").take(keep)).unify_dictionaries()
