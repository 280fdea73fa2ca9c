"""Engines: where row-level tables are counted. Only counts come back.

A row-level publication (a national month of prescribing, a waiting times extract) stays in
Parquet files beside its document. The set logic that counts it is one SQL file, which runs as it
stands on DuckDB and, translated by sqlglot, on Spark: on this machine, on a cluster, or in
Databricks. Tests prove that no row differs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from locality.store.disk import LakeError
from locality.store.engines.duck import DuckEngine

__all__ = ["DuckEngine", "Engine", "engine_for"]


class Engine(Protocol):
    """Something that runs a named SQL file over Parquet files and returns its rows."""

    def counts(self, name: str, tables: Mapping[str, Sequence[Path]]) -> pa.Table:
        """Return what ``sql/rows/<name>.sql`` gives over ``tables``, Parquet files by name."""

    def close(self) -> None:
        """Let go of whatever it holds."""


def engine_for(address: str = "", spill: Path | None = None) -> Engine:
    """Return the engine that ``address`` names.

    ``duckdb`` or nothing: DuckDB in this process, which may spill into ``spill``. ``local[2]``,
    ``spark://host:7077``, ``yarn``: Spark under that master. ``sc://host:15002``: a Spark Connect
    server. ``databricks``: the cluster that Databricks Connect is set up for. Raises LakeError for
    any other address, or where what it needs is not installed.
    """
    if address in ("", "duckdb"):
        return DuckEngine(spill=spill)
    known = ("local", "spark://", "sc://", "yarn", "k8s://", "databricks")
    if not address.startswith(known):
        raise LakeError(
            f"There is no engine called {address[:40]!r}. Write duckdb, local[2], "
            "spark://host:7077, sc://host:15002 or databricks."
        )
    from locality.store.engines.spark import SparkEngine

    return SparkEngine(address)
