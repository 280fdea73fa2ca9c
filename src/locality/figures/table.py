"""Typed tables: rows under a schema whose columns say what they mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa

_TYPES: dict[str, pa.DataType] = {
    "text": pa.string(),
    "whole": pa.int64(),
    "number": pa.float64(),
    "date": pa.date32(),
    "flag": pa.bool_(),
    "bits": pa.uint8(),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``type`` is text, whole, number, date, flag or bits; ``unit`` may be empty."""

    name: str
    type: str
    meaning: str
    unit: str = ""
    required: bool = True

    @property
    def arrow(self) -> pa.DataType:
        """Return the Arrow type that holds it."""
        return _TYPES[self.type]


@dataclass(frozen=True)
class Schema:
    """A named list of columns; ``key`` names those that together occur once.

    A ``row_level`` table has millions of rows: it stays beside its document, and only counts of
    it go on. ``counted_from`` names the row-level table that a table of counts is made of.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    row_level: bool = False
    counted_from: str = ""

    @cached_property
    def arrow(self) -> pa.Schema:
        """Return the Arrow schema, in column order."""
        return pa.schema([pa.field(c.name, c.arrow, nullable=True) for c in self.columns])

    @property
    def names(self) -> tuple[str, ...]:
        """Return the column names in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """Return the column called ``name``; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name!r}; it has {', '.join(self.names)}")


@dataclass(frozen=True)
class Table:
    """Rows under a schema, with a title, a caption and notes for whoever reads them."""

    schema: Schema
    data: pa.Table
    title: str = ""
    caption: str = ""
    notes: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        schema: Schema,
        data: pa.Table | Mapping[str, Any] | Iterable[Mapping[str, Any]],
        **words: Any,
    ) -> Table:
        """Return ``data`` (Arrow table, dict of columns, or rows) cast to ``schema``.

        Columns are put in schema order. Raises ValueError that names the column for a missing
        column, a value that does not fit its type, or an empty cell in a required column.
        """
        if isinstance(data, pa.Table):
            table = data
        elif isinstance(data, Mapping):
            table = pa.table(dict(data)) if data else schema.arrow.empty_table()
        else:
            rows = list(data)
            return cls.of(schema, pa.Table.from_pylist(rows, schema=schema.arrow), **words)
        columns = []
        for column in schema.columns:
            if column.name not in table.column_names:
                raise ValueError(f"{schema.name}: there is no column {column.name!r}")
            try:
                values = table.column(column.name).cast(column.arrow)
            except pa.ArrowInvalid as error:
                raise ValueError(f"{schema.name}.{column.name}: {error}") from None
            if column.required and values.null_count:
                raise ValueError(
                    f"{schema.name}.{column.name}: {values.null_count} cells are empty"
                )
            columns.append(values)
        return cls(schema=schema, data=pa.table(columns, schema=schema.arrow), **words)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return the rows as plain dicts, for small tables."""
        return self.data.to_pylist()

    def __len__(self) -> int:
        return int(self.data.num_rows)

    def column(self, name: str) -> Any:
        """Return one column as a NumPy array (text as objects, empty cells as NaN or None)."""
        self.schema.column(name)
        return self.data.column(name).to_numpy(zero_copy_only=False)
