"""Small made-up readings, and a lake that reads them from JSON instead of real files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from locality.figures import Table
from locality.figures.schemas import SOURCE_TABLES
from locality.sources.reading import Document, NotRecognised, Reading, Refused, SetAside, Unopened
from locality.store import Disk, Lake

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Publication:
    title: str
    publisher: str = "A publisher"
    local: bool = False
    corrects: str = "file"


PUBLICATIONS = {
    "practice_map": Publication("Practice map"),
    "list_sizes": Publication("List sizes"),
    "age_sex": Publication("Age and sex"),
    "ods_practices": Publication("ODS practices"),
    "qof_prevalence": Publication("QOF registers"),
    "weighted_populations": Publication("Weighted populations"),
    "qof_in_year": Publication("In-year QOF counts", local=True, corrects="rows"),
    "places": Publication("Places", local=True, corrects="rows"),
}


def filled(name: str, rows: Iterable[dict[str, Any]]) -> Table:
    """Return ``rows`` under the source table ``name``, absent columns empty."""
    schema = SOURCE_TABLES[name]
    return Table.of(schema, [{c.name: row.get(c.name) for c in schema.columns} for row in rows])


def document(name: str, *readings: dict[str, Any], salt: str = "") -> Document:
    """Return a document that :func:`read` reads as ``readings``."""
    return Document(name, json.dumps({"readings": readings, "salt": salt}, default=str).encode())


def reading(publication: str, period: str, part: str = "", **tables: Rows) -> dict[str, Any]:
    return {"publication": publication, "period": period, "part": part, "tables": tables}


def read(given: Document) -> tuple[Reading, ...]:
    """Read what :func:`document` wrote; ``refuse`` and ``strange`` in it do as they say."""
    if b"refuse" in given.content:
        raise Refused("It looks patient-level.")
    try:
        made = json.loads(given.content)
    except ValueError:
        raise NotRecognised("Its first line is not one that any publication has.") from None
    found = []
    for entry in made["readings"]:
        tables = {
            name: filled(name, [_dated(row) for row in rows])
            for name, rows in entry["tables"].items()
        }
        found.append(
            Reading(
                publication=entry["publication"],
                period=entry["period"],
                part=entry["part"],
                tables=tables,
                rows=sum(map(len, tables.values())),
                practices=len(tables),
                set_aside=(SetAside("no practice code", 2, "line 7"),),
            )
        )
    return tuple(found)


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: date.fromisoformat(value)
        if name in ("as_at", "from_date", "open_date", "close_date") and value
        else value
        for name, value in row.items()
    }


def opened(path: Path) -> Iterator[Document | Unopened]:
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    for file in files:
        if file.suffix == ".bomb":
            yield Unopened(file.name, file.name, Refused("It opens out to more than it may."))
        elif file.suffix == ".txt":
            yield Unopened(file.name, file.name, NotRecognised("A .txt file is not read here."))
        else:
            yield Document(file.name, file.read_bytes(), file.name)


def lake(home: Path, disk: Disk | None = None) -> Lake:
    """Return a lake that takes in documents written by :func:`document`."""
    return Lake(home, disk=disk, open_documents=opened, read=read, publications=PUBLICATIONS)


def put(folder: Path, *documents: Document) -> Path:
    """Write ``documents`` as files in ``folder`` and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for given in documents:
        (folder / given.name).write_bytes(given.content)
    return folder


def mapped(as_at: str, practice: str, **codes: Any) -> dict[str, Any]:
    """Return one row of a practice map."""
    row = {
        "as_at": as_at,
        "practice_code": practice,
        "practice_name": f"{practice} SURGERY",
        "pcn_code": "U00001",
        "pcn_name": "North PCN",
        "sub_icb_code": "00A",
        "sub_icb_name": "Aford",
        "icb_code": "QAA",
        "icb_name": "Ashire",
        "region_code": "Y01",
        "region_name": "Region one",
    }
    return row | codes


def listed(as_at: str, practice: str, patients: int | None, **more: Any) -> dict[str, Any]:
    """Return one row of list sizes."""
    return {"as_at": as_at, "practice_code": practice, "patients": patients} | more
