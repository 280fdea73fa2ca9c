"""Deprivation and other indicators of need, and counts that a locality supplies itself."""

from __future__ import annotations

from locality.figures.table import Schema

TABLES: tuple[Schema, ...] = ()
