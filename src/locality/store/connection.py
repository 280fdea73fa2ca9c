"""DuckDB over the Parquet files of one version, able to read those and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa


def connect(
    views: Mapping[str, Path],
    *,
    readable: Iterable[Path] = (),
    memory: str = "1GB",
    threads: int = 2,
    spill: Path | None = None,
) -> duckdb.DuckDBPyConnection:
    """Return an in-memory DuckDB with one view for each named Parquet file.

    Afterwards it can open no other file (but those ``readable``), load no extension and change
    no setting. ``memory`` is its limit; where ``spill`` is given, what does not fit goes to that
    folder, else it fails.
    """
    connection = duckdb.connect(
        config={
            "memory_limit": memory,
            "threads": threads,
            "temp_directory": "" if spill is None else str(spill),
            "python_enable_replacements": False,
            "autoinstall_known_extensions": False,
            "TimeZone": "UTC",
        }
    )
    for name, path in views.items():
        connection.read_parquet(literal(path)).create_view(name)
    files = (*views.values(), *readable)
    allowed = [name for file in files for name in {str(file), literal(file)}]
    connection.execute("SET allowed_paths = $allowed", {"allowed": allowed})
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def fetched(
    connection: duckdb.DuckDBPyConnection, text: str, parameters: Mapping[str, Any]
) -> pa.Table:
    """Return what ``text`` gives under its named ``parameters`` (written ``$name``)."""
    relation = connection.sql(text, params=dict(parameters) if parameters else None)
    table: pa.Table = relation.to_arrow_table()
    return table


def over(tables: Mapping[str, pa.Table], text: str) -> pa.Table:
    """Return what the SQL ``text`` gives over ``tables`` in memory, by name."""
    with duckdb.connect(config={"python_enable_replacements": False}) as connection:
        for name, table in tables.items():
            connection.register(name, table)
        return fetched(connection, text, {})


def literal(path: Path) -> str:
    """Return ``path`` with the signs that DuckDB would expand taken literally."""
    return "".join(f"[{sign}]" if sign in "[*?" else sign for sign in str(path))
