"""Counts of one measure as a Parquet file: every organisation and period, in one order.

Rows stand by kind, code and period, every cell of them, so that one organisation's series lies
together and one period is read with three narrow columns. Counts are split by byte and packed
with LZ4: small, and fast both ways.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from locality.figures import Cell, Table
from locality.figures.schemas import OBSERVATIONS
from locality.store.connection import fetched, literal
from locality.store.disk import Disk, LakeError
from locality.store.matrices import Matrix

_NUMBERS = ("numerator", "denominator", "excepted")
_WORDS = ("code", "kind", "period")


def as_table(*matrices: Matrix) -> pa.Table:
    """Return matrices over the same periods as one table, by kind, code and period.

    Texts are dictionary-coded; an empty number is null. An organisation stands in one of the
    matrices only.
    """
    codes = [code for matrix in matrices for code in matrix.codes]
    kinds = [kind for matrix in matrices for kind in matrix.kinds]
    periods = matrices[0].periods
    if any(matrix.periods != periods for matrix in matrices):
        raise ValueError("matrices of one measure share their periods")
    order = np.array(sorted(range(len(codes)), key=lambda n: (kinds[n], codes[n])), np.intp)
    names = [codes[n] for n in order]
    kind_names = sorted(set(kinds))
    kind_place = {kind: place for place, kind in enumerate(kind_names)}
    many = len(periods)
    columns: dict[str, Any] = {
        "code": _coded(np.repeat(np.arange(len(names), dtype=np.int32), many), names),
        "kind": _coded(
            np.repeat(np.array([kind_place[kinds[n]] for n in order], np.int8), many), kind_names
        ),
        "period": _coded(np.tile(np.arange(many, dtype=np.int16), len(names)), periods),
    }
    for name in _NUMBERS:
        values = np.concatenate([getattr(m, name) for m in matrices])[order].reshape(-1)
        columns[name] = pa.array(values, from_pandas=True)
    columns["flags"] = pa.array(np.concatenate([m.flags for m in matrices])[order].reshape(-1))
    return pa.table(columns)


def _coded(places: Any, words: Sequence[str]) -> Any:
    return pa.DictionaryArray.from_arrays(pa.array(places), pa.array(words, pa.string()))


def withheld(table: pa.Table, hidden: NDArray[np.bool_]) -> pa.Table:
    """Return ``table`` with the flag WITHHELD on the rows where ``hidden`` is true."""
    flags = table.column("flags").to_numpy() | np.where(hidden, np.uint8(Cell.WITHHELD), 0)
    place = table.column_names.index("flags")
    return table.set_column(place, "flags", pa.array(flags.astype(np.uint8)))


def write(disk: Disk, path: Path, table: pa.Table) -> None:
    """Write what :func:`as_table` gave to ``path``."""
    with disk.parquet(
        path,
        table.schema,
        compression="lz4",
        use_dictionary=list(_WORDS),
        column_encoding=dict.fromkeys(_NUMBERS, "BYTE_STREAM_SPLIT"),
    ) as writer:
        writer.write_table(table, row_group_size=65_536)


def read(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    codes: Sequence[str] | None = None,
    kind: str | None = None,
    period: str | None = None,
) -> pa.Table:
    """Return the rows of an observations file, all or those asked for, in the file's order."""
    wanted: dict[str, Any] = {"path": literal(path)}
    clauses = []
    if codes is not None:
        wanted |= {f"code{n}": code for n, code in enumerate(codes)}
        clauses.append(f"code IN ({', '.join(f'$code{n}' for n in range(len(codes))) or 'NULL'})")
    if kind is not None:
        wanted["kind"] = kind
        clauses.append("kind = $kind")
    if period is not None:
        wanted["period"] = period
        clauses.append("period = $period")
    text = "FROM read_parquet($path)"
    if clauses:
        text += " WHERE " + " AND ".join(clauses)
    return fetched(connection, text, wanted)


def as_observations(rows: pa.Table) -> Table:
    """Return observation rows under their schema (OBSERVATIONS)."""
    return Table.of(OBSERVATIONS, rows, title=OBSERVATIONS.title)


def as_matrix(rows: pa.Table) -> Matrix:
    """Return rows in the file's order (every period of each organisation) as a matrix."""
    periods: tuple[Any, ...] = tuple(rows.column("period").unique().to_pylist())
    many = len(periods)
    if many == 0 or rows.num_rows % many:
        raise LakeError("These observations do not make a whole matrix.")
    first = rows.select(["code", "kind"]).take(np.arange(0, rows.num_rows, many))

    def words(name: str) -> tuple[Any, ...]:
        return tuple(first.column(name).to_pylist())

    def grid(name: str) -> Any:
        return rows.column(name).to_numpy().reshape(-1, many)

    return Matrix(
        codes=words("code"),
        kinds=words("kind"),
        periods=periods,
        numerator=grid("numerator"),
        denominator=grid("denominator"),
        excepted=grid("excepted"),
        flags=grid("flags"),
    )
