"""National prices, trim points and costs."""

from __future__ import annotations

from locality.figures.table import Schema

TABLES: tuple[Schema, ...] = ()
