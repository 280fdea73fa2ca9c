"""What the lake holds: the readings of every document, and which of them are in use.

Whether a reading is in use or replaced is not stored: it follows from the order in which
documents came, and from what a newer file of their publication corrects.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from locality.figures import Table
from locality.figures.schemas import LINEAGE
from locality.sources.reading import SetAside
from locality.store.disk import LakeError
from locality.store.schemas import SET_ASIDE


class Published(Protocol):
    """What the store asks of a publication in ``knowledge/publications``."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def publisher(self) -> str:
        """Who publishes it."""

    @property
    def local(self) -> bool:
        """Whether a locality or practice supplies it."""

    @property
    def corrects(self) -> str:
        """What a newer file replaces: ``file`` or ``rows``."""


@dataclass(frozen=True)
class HeldReading:
    """One reading of one document in the lake; ``tables`` maps a name to (file, rows)."""

    sha256: str
    file_name: str
    came_in: str
    sequence: int
    ingested_at: str
    publication: str
    publisher: str
    period: str
    part: str
    local: bool
    corrects: str
    reader_version: int
    rows: int
    practices: int
    set_aside: tuple[SetAside, ...]
    notes: tuple[str, ...]
    tables: Mapping[str, tuple[Path, int]]

    @property
    def subject(self) -> tuple[str, str, str]:
        """Return what a correction shares with it: publication, period and part."""
        return (self.publication, self.period, self.part)


@dataclass(frozen=True)
class Holdings:
    """The readings that stood in the lake at one moment, oldest first."""

    readings: tuple[HeldReading, ...] = ()

    @cached_property
    def documents(self) -> frozenset[str]:
        """Return the hashes of the documents held."""
        return frozenset(reading.sha256 for reading in self.readings)

    @cached_property
    def in_use(self) -> tuple[HeldReading, ...]:
        """Return the readings in use: of those that correct each other, the newest."""
        newest = {reading.subject: reading.sequence for reading in self.readings}
        return tuple(
            reading
            for reading in self.readings
            if reading.corrects == "rows" or newest[reading.subject] == reading.sequence
        )

    def filling(self, table: str) -> tuple[HeldReading, ...]:
        """Return the readings in use that fill ``table``, oldest first."""
        return tuple(reading for reading in self.in_use if table in reading.tables)

    def replaced_by(self, subject: tuple[str, str, str]) -> HeldReading | None:
        """Return the reading in use that a newer one on ``subject`` replaces, or None."""
        for held in reversed(self.in_use):
            if held.subject == subject and held.corrects == "file":
                return held
        return None

    def lineage(self) -> Table:
        """Return one row for each table of each reading, replaced ones too (LINEAGE)."""
        using = set(map(id, self.in_use))
        return Table.of(
            LINEAGE,
            [
                {
                    "table": table,
                    "publication": held.publication,
                    "publisher": held.publisher,
                    "period": held.period,
                    "part": held.part,
                    "file_name": held.file_name,
                    "sha256": held.sha256,
                    "reader_version": held.reader_version,
                    "rows": rows,
                    "set_aside": sum(aside.rows for aside in held.set_aside),
                    "ingested_at": held.ingested_at,
                    "state": "in use" if id(held) in using else "replaced",
                    "local": held.local,
                }
                for held in self.readings
                for table, (_, rows) in sorted(held.tables.items())
            ],
            title=LINEAGE.title,
        )

    def set_aside(self) -> Table:
        """Return what the readings in use left out, and why (SET_ASIDE)."""
        return Table.of(
            SET_ASIDE,
            [
                {
                    "publication": held.publication,
                    "period": held.period,
                    "file_name": held.file_name,
                    "sha256": held.sha256,
                    "reason": aside.reason,
                    "rows": aside.rows,
                    "example": aside.example,
                }
                for held in self.in_use
                for aside in held.set_aside
            ],
            title=SET_ASIDE.title,
        )


def holdings(folder: Path) -> Holdings:
    """Return what stands in ``folder`` (``lake/documents``), oldest first."""
    found: list[HeldReading] = []
    if folder.is_dir():
        for place in folder.iterdir():
            found.extend(held(place))
    found.sort(key=lambda reading: reading.sequence)
    return Holdings(tuple(found))


def held(place: Path) -> Iterable[HeldReading]:
    """Yield the readings of the document kept in ``place``; LakeError where it is damaged."""
    try:
        record = json.loads((place / "reading.json").read_text("utf-8"))
    except (OSError, ValueError):
        raise LakeError(
            f"{place} is damaged: its reading.json cannot be read. Move that folder away "
            "and ingest the file again."
        ) from None
    for reading in record["readings"]:
        yield HeldReading(
            sha256=record["sha256"],
            file_name=record["file_name"],
            came_in=record["came_in"],
            sequence=record["sequence"],
            ingested_at=record["ingested_at"],
            set_aside=tuple(SetAside(**aside) for aside in reading["set_aside"]),
            notes=tuple(reading["notes"]),
            tables={
                name: (place / table["file"], table["rows"])
                for name, table in reading["tables"].items()
            },
            **{name: reading[name] for name in _PLAIN},
        )


_PLAIN = (
    "publication",
    "publisher",
    "period",
    "part",
    "local",
    "corrects",
    "reader_version",
    "rows",
    "practices",
)
