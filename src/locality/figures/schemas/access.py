"""How patients reach the practice: online, by telephone, by appointment, and what they say."""

from __future__ import annotations

from locality.figures.table import Schema

TABLES: tuple[Schema, ...] = ()
