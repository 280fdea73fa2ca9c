"""DuckDB in this process: the usual engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from locality.store.connection import fetched, literal
from locality.store.queries import query_text


class DuckEngine:
    """Counts rows with DuckDB, with little memory: what does not fit goes to ``spill``."""

    def __init__(self, *, spill: Path | None = None, memory: str = "1200MB", threads: int = 2):
        self._settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory,
            "threads": threads,
            "temp_directory": "" if spill is None else str(spill),
            "python_enable_replacements": False,
            "autoinstall_known_extensions": False,
            "TimeZone": "UTC",
        }

    def counts(self, name: str, tables: Mapping[str, Sequence[Path]]) -> pa.Table:
        """Return what ``sql/rows/<name>.sql`` gives over ``tables``, Parquet files by name."""
        with duckdb.connect(config=self._settings) as connection:
            for table, files in tables.items():
                paths = [literal(file) for file in files]
                connection.read_parquet(paths).create_view(table)
            return fetched(connection, query_text(f"rows/{name}"), {})

    def close(self) -> None:
        """Hold nothing between counts: there is nothing to let go."""
