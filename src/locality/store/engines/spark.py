"""Spark, here or elsewhere: for row-level tables that outgrow one machine."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from locality.store.disk import LakeError
from locality.store.queries import query_text


class SparkEngine:
    """Counts rows with the Spark that ``address`` names; only the counts come back.

    Spark reads the Parquet files itself, so that it must see the lake's folder: on another
    machine, put the lake where both can read it.
    """

    def __init__(self, address: str) -> None:
        self._session = _session(address)

    def counts(self, name: str, tables: Mapping[str, Sequence[Path]]) -> pa.Table:
        """Return what ``sql/rows/<name>.sql`` gives over ``tables``, Parquet files by name."""
        for table, files in tables.items():
            rows = self._session.read.parquet(*map(_address, files))
            rows.createOrReplaceTempView(table)
        answer: pa.Table = self._session.sql(query_text(f"rows/{name}", "spark")).toArrow()
        return answer

    def close(self) -> None:
        """End the session."""
        self._session.stop()


def _address(file: Path) -> str:
    # Spark takes spaces as they are, and would expand these signs. A Databricks volume has the
    # same address from everywhere; any other path is this machine's.
    path = str(file.resolve())
    scheme = "" if path.startswith("/Volumes/") else "file://"
    return scheme + re.sub(r"([\\*?\[\]{}])", r"\\\1", path)


def _session(address: str) -> Any:
    try:
        if address == "databricks":
            from databricks.connect import DatabricksSession

            return DatabricksSession.builder.getOrCreate()
        from pyspark.sql import SparkSession
    except ImportError:
        what = "databricks-connect" if address == "databricks" else "pyspark"
        raise LakeError(
            f"The engine {address!r} needs the package {what}, which is not installed. "
            f"Install it beside Locality (pip install {what}), or leave --engine out."
        ) from None
    builder = SparkSession.builder.appName("Locality")
    builder = builder.remote(address) if address.startswith("sc://") else builder.master(address)
    settings = {
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "true",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    for key, value in settings.items():
        builder = builder.config(key, value)
    try:
        return builder.getOrCreate()
    except Exception as error:  # Spark's own errors are many, and most are of Java
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise LakeError(f"Spark could not be reached at {address!r}: {said[:200]}") from None
