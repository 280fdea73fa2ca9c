"""A table as Parquet: for analysts; types, meanings and attributions travel inside the file."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable

from locality.figures import Table, Working
from locality.render.papers.words import words


def parquet_bytes(
    table: Table, *, attributions: Iterable[str] = (), working: Working | None = None
) -> bytes:
    """Return ``table`` as one Parquet file; column names are the schema's.

    Text is exactly as in the table: Parquet cells are typed, so none can run as a formula. The
    file's metadata hold ``locality`` (JSON: schema, key, words, working); each column's hold
    ``meaning`` and ``unit``.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    about = {
        "schema": table.schema.name,
        "key": list(table.schema.key),
        "words": [list(pair) for pair in words(table, attributions)],
        "working": working.as_dict() if working else None,
    }
    fields = [
        pa.field(column.name, column.arrow).with_metadata(
            {"meaning": column.meaning, "unit": column.unit}
        )
        for column in table.schema.columns
    ]
    schema = pa.schema(fields, metadata={"locality": json.dumps(about, ensure_ascii=False)})
    out = io.BytesIO()
    pq.write_table(table.data.cast(schema), out, compression="zstd")
    return out.getvalue()
