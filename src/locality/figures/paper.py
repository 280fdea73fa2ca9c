"""A paper: sentences, tables, statements and pictures under headings, before it has a format."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from locality.figures.statement import Statement
from locality.figures.table import Table
from locality.figures.working import Working


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a paper: paragraphs, then points, pictures, tables and statements.

    ``drawn`` are tables that are shown as pictures, each with its own sentence; a workbook holds
    them as tables. ``space`` asks for room to write in by hand.
    """

    id: str
    title: str
    says: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    drawn: tuple[Table, ...] = ()
    tables: tuple[Table, ...] = ()
    statements: tuple[Statement, ...] = ()
    space: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "id": self.id,
            "title": self.title,
            "says": list(self.says),
            "points": list(self.points),
            "drawn": [_plain(table) for table in self.drawn],
            "tables": [_plain(table) for table in self.tables],
            "statements": [one.as_dict() for one in self.statements],
        }


@dataclass(frozen=True, slots=True)
class Paper:
    """A titled paper about one organisation; ``standfirst`` says who it is for and until when."""

    title: str
    subtitle: str
    standfirst: tuple[str, ...]
    sections: tuple[Section, ...]
    working: Working = field(default_factory=Working)

    @classmethod
    def of(
        cls,
        title: str,
        subtitle: str,
        sections: Iterable[Section],
        standfirst: Iterable[str] = (),
        working: Working | None = None,
    ) -> Paper:
        """Return a paper of ``sections`` in their order."""
        return cls(title, subtitle, tuple(standfirst), tuple(sections), working or Working())

    def section(self, id: str) -> Section:
        """Return the section called ``id``; KeyError if there is none."""
        for one in self.sections:
            if one.id == id:
                return one
        raise KeyError(f"There is no section {id!r}.")

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON: what is kept as evidence."""
        return {
            "title": self.title,
            "subtitle": self.subtitle,
            "standfirst": list(self.standfirst),
            "sections": [one.as_dict() for one in self.sections],
            "working": self.working.as_dict(),
        }


def _plain(table: Table) -> dict[str, Any]:
    return {
        "schema": table.schema.name,
        "title": table.title or table.schema.title,
        "caption": table.caption,
        "notes": list(table.notes),
        "rows": [
            {key: value.isoformat() if hasattr(value, "isoformat") else value
             for key, value in row.items()}
            for row in table.rows
        ],
    }  # fmt: skip
