"""A version in the making."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from locality.figures import Table
from locality.figures.schemas import SOURCE_TABLES
from locality.figures.schemas.judged import JUDGED, MODELS
from locality.store import documents, observations
from locality.store.connection import connect, fetched
from locality.store.disk import Disk, LakeError
from locality.store.engines import Engine
from locality.store.holdings import HeldReading, Holdings
from locality.store.matrices import Matrix, Membership
from locality.store.queries import DERIVED, query_text
from locality.store.schemas import GROUPS, LATEST, SCHEMAS
from locality.store.versions import MANIFEST, SHELVES, Shelves

#: Given every observation of a measure (OBSERVATIONS) and MEMBERS: which rows to withhold, as
#: one truth value a row.
Withhold = Callable[[Table, Table], NDArray[np.bool_]]

_SAFE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_LATEST_ORDER = ("kind", "code", "measure")


@dataclass(frozen=True, slots=True)
class Written:
    """What was written of one measure: cells of organisation and period, the periods, the counts.

    ``observed`` are the rows themselves (OBSERVATIONS, texts dictionary-coded), by kind and code,
    with what the release gate withholds flagged so.
    """

    rows: int
    periods: tuple[str, ...]
    observed: pa.Table


class Draft(Shelves):
    """A version in the making, beside the one in use; nobody reads it until it is finished.

    ``holdings`` are the documents that stood in the lake when it began.
    """

    def __init__(self, folder: Path, disk: Disk, holdings: Holdings) -> None:
        self.folder = folder
        self.id = folder.name
        self.holdings = holdings
        self.disk = disk
        self._notes: dict[str, Any] = {}
        self._measures: dict[str, dict[str, Any]] = {}
        self._latest: list[pa.Table] = []
        self._judged: list[pa.Table] = []
        self._models: list[dict[str, Any]] = []
        for shelf in (*SHELVES, "observations"):
            disk.make_folder(folder / shelf)

    def note(self, name: str, value: Any) -> None:
        """Keep a plain ``value`` in the version's manifest under ``name``."""
        self._notes[name] = value

    def write_source_tables(self, names: Iterable[str] = tuple(SOURCE_TABLES)) -> None:
        """Write source tables from the readings in use, each row with its ``document``'s hash.

        Row-level tables stay beside their documents; :meth:`count_rows` writes counts of them.
        """
        for name in names:
            schema = SOURCE_TABLES[name]
            if schema.row_level or schema.counted_from:
                continue
            self._write(
                self.folder / "tables" / f"{name}.parquet",
                documents.with_document(schema),
                documents.rows_in_use(self.holdings, name),
            )

    def count_rows(self, engine: Engine) -> None:
        """Write the tables of counts that ``engine`` makes from row-level tables in use.

        One document is counted at a time, and what was counted of it before is taken as it is:
        neither a document nor the SQL file's text changes under its hash.
        """
        kept = self.folder.parents[2] / "counts"
        self.disk.make_folder(kept)
        for name, schema in SOURCE_TABLES.items():
            if not schema.counted_from:
                continue
            hashed = hashlib.sha256(query_text(f"rows/{name}").encode()).hexdigest()[:12]
            self._write(
                self.folder / "tables" / f"{name}.parquet",
                documents.with_document(schema),
                (
                    documents.of_document(self._counted(engine, name, held, kept, hashed), held)
                    for held in self.holdings.filling(schema.counted_from)
                ),
            )

    def _counted(
        self, engine: Engine, name: str, held: HeldReading, kept: Path, hashed: str
    ) -> pa.Table:
        schema = SOURCE_TABLES[name]
        rows, _ = held.tables[schema.counted_from]
        path = kept / f"{held.sha256}-{rows.stem}-{hashed}.parquet"
        if not path.exists():
            counts = engine.counts(name, {schema.counted_from: [rows]})
            new = path.with_suffix(".new")
            self.disk.write_table(new, Table.of(schema, counts).data)
            self.disk.rename(new, path)
        return pq.read_table(path, schema=schema.arrow)

    def write_groups(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write the groups users made: rows of code, kind, name, practice_code."""
        self.write_table(Table.of(GROUPS, rows))

    def write_table(self, table: Table, name: str = "") -> None:
        """Write a table that did not come from a document, under its schema's name."""
        path = self.folder / "tables" / f"{name or table.schema.name}.parquet"
        self.disk.write_table(path, table.data)

    def write_result(self, table: Table, name: str = "") -> None:
        """Write a table computed from others, under its schema's name."""
        path = self.folder / "results" / f"{name or table.schema.name}.parquet"
        self.disk.write_table(path, table.data)

    def derive(self, name: str) -> Table:
        """Run the SQL file ``name``, write its result under its schema, and return it."""
        table = Table.of(SCHEMAS[name], self.query(name), title=SCHEMAS[name].title)
        self.write_result(table)
        return table

    def derive_all(self) -> None:
        """Derive lists, hierarchy, members and the rest, in the order they rest on each other.

        Source tables and groups come first: :meth:`write_source_tables`, :meth:`write_groups`.
        """
        for name in DERIVED:
            self.derive(name)

    @cached_property
    def practices(self) -> tuple[str, ...]:
        """Return the codes of England's practices, sorted; members must have been derived."""
        members = pq.read_table(self.path("members"), filters=[("kind", "=", "england")])
        codes: list[Any] = members.column("practice_code").to_pylist()
        return tuple(sorted(codes))

    @cached_property
    def _membership(self) -> Membership:
        return Membership.of(self.table("members").data, self.practices)

    @cached_property
    def _lifetimes(self) -> pa.Table:
        return self.table("lifetimes").data

    def write_observations(
        self,
        measure: str,
        rows: pa.Table,
        *,
        kind: str = "practice",
        periods: Sequence[str] | None = None,
        withhold: Withhold | None = None,
        **notes: Any,
    ) -> Written:
        """Write the counts of ``measure`` for practices, and their sums over members.

        ``rows`` has practice_code, period, numerator, denominator, excepted, flags, as a
        compiled measure gives; cells without a row follow from the practices' lifetimes. Rows of
        codes that are no practices of England are left out and counted in the manifest: files of
        prescribing and of a locality's own have some. For another ``kind`` of organisation the
        codes stand in practice_code all the same, and a row of ENG is England as published.
        ``notes`` (plain values, such as definition_hash) go to the manifest. Members and
        lifetimes must have been derived. LakeError as in :meth:`Matrix.of_practices`.
        """
        if kind != "practice":
            return self._write_above(measure, rows, kind, periods, withhold, notes)
        known = pc.is_in(rows.column("practice_code"), pa.array(self.practices, pa.string()))
        kept = rows.filter(known)
        if kept.num_rows < rows.num_rows:
            notes["left_out"] = rows.num_rows - kept.num_rows
        matrix = Matrix.of_practices(kept, self.practices, periods, self._lifetimes)
        told = matrix if periods is not None else matrix.told
        return self.write_matrix(measure, told, withhold=withhold, **notes)

    def _write_above(
        self,
        measure: str,
        rows: pa.Table,
        kind: str,
        periods: Sequence[str] | None,
        withhold: Withhold | None,
        notes: dict[str, Any],
    ) -> Written:
        """Write the counts of organisations that are not practices, and who sums them."""
        england = pc.equal(rows.column("practice_code"), pa.scalar("ENG"))
        own, published = rows.filter(pc.invert(england)), rows.filter(england)
        found: list[Any] = own.column("practice_code").unique().to_pylist()
        codes = sorted(found)
        matrix = Matrix.of_practices(own, codes, periods, kind=kind)
        matrix = matrix if periods is not None else matrix.told
        above = Membership.above(self.table("members").data, kind, codes).summed(matrix)
        if published.num_rows:
            whole = Matrix.of_practices(published, ("ENG",), matrix.periods, kind="england")
            above = above.with_row(whole)
        return self._write_matrices(measure, matrix, above, withhold, notes)

    def write_matrix(
        self, measure: str, matrix: Matrix, *, withhold: Withhold | None = None, **notes: Any
    ) -> Written:
        """Write a practice ``matrix`` of ``measure``, and its sums over members.

        ``withhold`` is given all of these counts and the members, and returns which of them
        others may not see; they are kept, and flagged WITHHELD.
        """
        return self._write_matrices(
            measure, matrix, self._membership.summed(matrix), withhold, notes
        )

    def _write_matrices(
        self,
        measure: str,
        matrix: Matrix,
        summed: Matrix,
        withhold: Withhold | None,
        notes: Mapping[str, Any],
    ) -> Written:
        if not _SAFE.fullmatch(measure):
            raise LakeError(f"{measure!r} cannot be the id of a measure.")
        table = observations.as_table(matrix, summed)
        if withhold is not None:
            hidden = withhold(observations.as_observations(table), self.table("members"))
            table = observations.withheld(table, hidden)
        path = self.folder / "observations" / f"{measure}.parquet"
        observations.write(self.disk, path, table)
        self._measures[measure] = {**notes, "periods": list(matrix.periods)}
        many = len(matrix.periods)
        if many:
            last = table.take(np.arange(many - 1, table.num_rows, many))
            named = pa.array([measure]).dictionary_encode().take(np.zeros(len(last), np.int8))
            self._latest.append(last.add_column(0, "measure", named))
        return Written(table.num_rows, matrix.periods, table)

    def keep_judged(self, judged: pa.Table, models: Iterable[Mapping[str, Any]]) -> None:
        """Keep what was judged of one measure (JUDGED) and its models (MODELS) until the end."""
        self._judged.append(_wide_indices(judged))
        self._models.extend(dict(row) for row in models)

    def _write_judged(self) -> None:
        pieces = self._judged or [JUDGED.arrow.empty_table()]
        table = pa.concat_tables(pieces, promote_options="permissive").unify_dictionaries()
        self._judged.clear()
        keys = table.select(_LATEST_ORDER).cast(
            pa.schema([(n, pa.string()) for n in _LATEST_ORDER])
        )
        order = pc.sort_indices(keys, sort_keys=[(name, "ascending") for name in _LATEST_ORDER])
        path = self.folder / "results" / "judged.parquet"
        self.disk.write_table(path, table.take(order).combine_chunks())
        self.write_result(Table.of(MODELS, self._models))

    def _write_latest(self) -> None:
        pieces = [piece.cast(LATEST.arrow) for piece in self._latest]
        table = pa.concat_tables([LATEST.arrow.empty_table(), *pieces])
        self.write_result(
            Table(LATEST, table.sort_by([(name, "ascending") for name in _LATEST_ORDER]))
        )

    def query(self, name: str, **parameters: Any) -> pa.Table:
        """Return what the SQL file ``name`` gives over the tables written so far."""
        return self.run(query_text(name), **parameters)

    def run(self, text: str, **parameters: Any) -> pa.Table:
        """Return what the SQL ``text`` gives over the tables written so far."""
        spill = self.folder / "spill"
        with connect(self.paths(), memory="2GB", spill=spill) as connection:
            return fetched(connection, text, parameters)

    def finish(self, made_at: datetime, knowledge_hash: str, records_event: int | None) -> None:
        """Write the manifest and wait until the whole draft is on the disk."""
        self.disk.remove(self.folder / "spill")
        self._write_latest()
        self._write_judged()
        manifest = {
            **self._notes,
            "format": 1,
            "id": self.id,
            "made_at": made_at.isoformat(timespec="seconds"),
            "knowledge_hash": knowledge_hash,
            "records_event": records_event,
            "measures": self._measures,
            "lineage": self.holdings.lineage().rows,
            "set_aside": self.holdings.set_aside().rows,
        }
        self.disk.write(self.folder / MANIFEST, json.dumps(manifest, indent=1).encode())
        for shelf in (*SHELVES, "observations"):
            self.disk.sync_folder(self.folder / shelf)
        self.disk.sync_folder(self.folder)

    def _write(self, path: Path, schema: pa.Schema, pieces: Iterable[pa.Table]) -> None:
        with self.disk.parquet(path, schema) as writer:
            for piece in pieces:
                writer.write_table(piece.cast(schema))


def _wide_indices(table: pa.Table) -> pa.Table:
    """Return ``table`` whose dictionaries have room for those of every other measure.

    Eight bits point to few enough texts in one measure, and to too few over all of them.
    """
    for place, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            column: Any = table.column(place)
            chunks: Any = [
                pa.DictionaryArray.from_arrays(one.indices.cast(pa.int32()), one.dictionary)
                for one in column.chunks
            ]
            kind: Any = pa.dictionary(pa.int32(), column.type.value_type)
            table = table.set_column(place, field.name, pa.chunked_array(chunks, kind))
    return table
