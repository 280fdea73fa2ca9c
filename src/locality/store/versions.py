"""One version of the lake: tables and results that never change once it is made."""

from __future__ import annotations

import filecmp
import json
import threading
import weakref
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from locality.figures import Schema, Table
from locality.figures.schemas import LINEAGE
from locality.store import observations
from locality.store.connection import connect, fetched
from locality.store.disk import Hold, LakeError
from locality.store.matrices import Matrix
from locality.store.queries import query_text
from locality.store.schemas import LATEST, SCHEMAS, SET_ASIDE

MANIFEST = "manifest.json"
SHELVES = ("tables", "results")


class Shelves:
    """Reading what stands in one version's folder, finished or not."""

    folder: Path

    def path(self, name: str) -> Path:
        """Return the Parquet file of the table ``name``; LakeError where there is none."""
        for shelf in SHELVES:
            file = self.folder / shelf / f"{name}.parquet"
            if file.exists():
                return file
        raise LakeError(
            f"This version of the lake holds no table {name!r}; "
            f"it holds {', '.join(sorted(self.paths())) or 'none'}."
        )

    def paths(self) -> dict[str, Path]:
        """Return every table's Parquet file, by name."""
        return {
            file.stem: file
            for shelf in SHELVES
            for file in sorted((self.folder / shelf).glob("*.parquet"))
        }

    def table(self, name: str) -> Table:
        """Return the whole table ``name`` under its schema; LakeError where there is none."""
        path = self.path(name)
        schema = SCHEMAS.get(name)
        if schema is None:
            raise LakeError(f"The table {name!r} has no schema; read {path.name} with query().")
        return Table(
            schema=schema,
            data=pq.read_table(path, columns=list(schema.names)).cast(schema.arrow),
            title=schema.title,
        )


class Version(Shelves):
    """A finished version. Threads may share one; it stays readable until it is closed."""

    def __init__(self, folder: Path, *, memory: str = "1GB", threads: int = 2) -> None:
        self.folder = folder
        self.id = folder.name
        self._memory, self._threads = memory, threads
        self._hold = Hold(folder / MANIFEST)
        self._release = weakref.finalize(self, self._hold.release)
        self._local = threading.local()
        self._lock = threading.Lock()
        self._database: duckdb.DuckDBPyConnection | None = None

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        """Return what the version says of itself: made_at, knowledge_hash, records_event, ..."""
        return dict(json.loads((self.folder / MANIFEST).read_text("utf-8")))

    @property
    def made_at(self) -> datetime:
        """Return when it was made, in UTC."""
        return datetime.fromisoformat(self.manifest["made_at"])

    def lineage(self) -> Table:
        """Return which file each row set came from, replaced files too (LINEAGE)."""
        return Table.of(LINEAGE, self.manifest["lineage"], title=LINEAGE.title)

    def set_aside(self) -> Table:
        """Return the rows that readers left out, and why (SET_ASIDE)."""
        return Table.of(SET_ASIDE, self.manifest["set_aside"], title=SET_ASIDE.title)

    def sources(self, table: str, **cells: Any) -> Table:
        """Return the lineage of the rows of a source ``table`` that hold ``cells`` (LINEAGE).

        ``cells`` are values by column, such as ``practice_code="A81001"``; without any, the
        lineage of the whole table in use.
        """
        filters: Any = [(column, "=", value) for column, value in cells.items()] or None
        found = pq.read_table(self.path(table), columns=["document"], filters=filters)
        used = set(found.column("document").unique().to_pylist())
        return Table.of(
            LINEAGE,
            [
                row
                for row in self.manifest["lineage"]
                if row["table"] == table and row["sha256"] in used and row["state"] == "in use"
            ],
            title=LINEAGE.title,
        )

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Return this thread's DuckDB cursor over the version's tables; it can read only these."""
        cursor: duckdb.DuckDBPyConnection | None = getattr(self._local, "cursor", None)
        if cursor is None:
            with self._lock:
                if self._database is None:
                    self._database = connect(
                        self.paths(),
                        readable=(self.folder / "observations").glob("*.parquet"),
                        memory=self._memory,
                        threads=self._threads,
                    )
                cursor = self._local.cursor = self._database.cursor()
        return cursor

    def query(self, name: str, **parameters: Any) -> pa.Table:
        """Return what the SQL file ``name`` gives; ``parameters`` fill its ``$names``."""
        return fetched(self.connect(), query_text(name), parameters)

    def run(self, text: str, **parameters: Any) -> pa.Table:
        """Return what the SQL ``text`` gives over this version's tables."""
        return fetched(self.connect(), text, parameters)

    @staticmethod
    def schema(name: str) -> Schema:
        """Return the schema of the table ``name``; LakeError where there is none."""
        if name not in SCHEMAS:
            raise LakeError(f"No version of the lake holds a table {name!r}.")
        return SCHEMAS[name]

    @property
    def measures(self) -> Mapping[str, Mapping[str, Any]]:
        """Return what stands of each measure, by id: periods (oldest first), definition_hash."""
        found: Mapping[str, Mapping[str, Any]] = self.manifest["measures"]
        return found

    def observations(
        self,
        measure: str,
        *,
        codes: Sequence[str] | str | None = None,
        kind: str | None = None,
        period: str | None = None,
    ) -> Table:
        """Return the counts of ``measure`` by kind, code and period (OBSERVATIONS).

        Narrowed to ``codes``, a ``kind`` of organisation or a ``period`` where these are given.
        Raises LakeError for a measure that this version does not hold.
        """
        return observations.as_observations(self._observed(measure, codes, kind, period))

    def matrix(self, measure: str, kind: str = "practice") -> Matrix:
        """Return the counts of ``measure`` for one ``kind``, organisations by periods."""
        return observations.as_matrix(self._observed(measure, None, kind, None))

    def counts_as(self, other: Version, measure: str) -> bool:
        """Return whether ``other`` holds the very same counts of ``measure``, byte for byte."""
        name = f"observations/{measure}.parquet"
        return filecmp.cmp(self.folder / name, other.folder / name, shallow=False)

    def latest(
        self,
        *,
        codes: Sequence[str] | str | None = None,
        kind: str | None = None,
    ) -> Table:
        """Return each measure's latest period, for all organisations or those asked (LATEST)."""
        found = observations.read(self.connect(), self.path("latest"), _several(codes), kind)
        return Table.of(LATEST, found, title=LATEST.title)

    def _observed(
        self,
        measure: str,
        codes: Sequence[str] | str | None,
        kind: str | None,
        period: str | None,
    ) -> pa.Table:
        if measure not in self.measures:
            raise LakeError(f"This version of the lake holds no measure {measure!r}.")
        path = self.folder / "observations" / f"{measure}.parquet"
        return observations.read(self.connect(), path, _several(codes), kind, period)

    def close(self) -> None:
        """Let go of the version; it may be removed once a newer one is in use."""
        with self._lock:
            if self._database is not None:
                self._database.close()
                self._database = None
            self._local = threading.local()
        self._release()

    def __repr__(self) -> str:
        return f"Version({self.id!r})"


def _several(codes: Sequence[str] | str | None) -> Sequence[str] | None:
    return [codes] if isinstance(codes, str) else codes
