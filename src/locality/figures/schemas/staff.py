"""Who works in practices and in primary care networks."""

from __future__ import annotations

from locality.figures.table import Schema

TABLES: tuple[Schema, ...] = ()
