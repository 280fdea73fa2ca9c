"""Waiting for hospital care."""

from __future__ import annotations

from locality.figures.table import Schema

TABLES: tuple[Schema, ...] = ()
