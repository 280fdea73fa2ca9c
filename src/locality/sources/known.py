"""Which file it is, among those that are known and not stored (``knowledge/known/``)."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Iterator
from typing import Any

from locality.knowledge.known import KnownFile, Marks, known_files
from locality.sources.reading import Document
from locality.sources.rows import Content, plain
from locality.sources.structured import parsed


def known(
    document: Document, content: Content, files: Iterable[KnownFile] | None = None
) -> KnownFile | None:
    """Return what a document is known to be, or None; ``files`` are by default all that are known.

    Where several fit, the one with most marks is meant.
    """
    seen = _Seen(document, content)
    fitting = [one for one in files or known_files() if seen.has(one.marks)]
    return max(fitting, key=lambda one: one.marks.count, default=None)


class _Seen:
    """What a document shows of itself, worked out once for all that is compared with it."""

    def __init__(self, document: Document, content: Content) -> None:
        sheets = content.sheets
        self.name = document.name
        self.headers = [{word for word in sheet.words if word} for sheet in sheets]
        self.sheets = {plain(sheet.name) for sheet in sheets}
        self.titles: set[str] = set()
        if content.kind in ("workbook", "old workbook"):
            self.titles = {
                plain(cell)
                for sheet in sheets
                for row in (*sheet.above, *sheet.head)
                for cell in row
                if cell.strip()
            }
        self.json: Any = parsed(document.content) if content.kind == "json" else None
        self.properties = {plain(word) for word in _properties(self.json)}
        self.words: set[str | None] = set()
        if content.kind == "r data":
            self.words = set(sheets[0].body.column(0).to_pylist())

    def has(self, marks: Marks) -> bool:
        """Return whether every mark is there."""
        if marks.names:
            lowered = self.name.lower()
            return any(fnmatch.fnmatchcase(lowered, name.lower()) for name in marks.names)
        columns = {plain(word) for word in marks.columns}
        return (
            (not columns or any(columns <= header for header in self.headers))
            and {plain(name) for name in marks.sheets} <= self.sheets
            and all(any(plain(part) in title for title in self.titles) for part in marks.titles)
            and all(any(True for _ in _under(self.json, key.split("."))) for key in marks.keys)
            and all(
                any(value in str(found) for found in _under(self.json, key.split(".")))
                for key, value in marks.values.items()
            )
            and {plain(word) for word in marks.properties} <= self.properties
            and set(marks.words) <= self.words
        )


def _under(found: Any, path: list[str]) -> Iterator[Any]:
    """Yield what stands in ``found`` under a path of keys; a list is looked at by its first."""
    if isinstance(found, list):
        found = found[0] if found else None
    if not path:
        yield found
    elif isinstance(found, dict):
        first, *rest = path
        for inner in found.values() if first == "*" else [found[first]] if first in found else []:
            yield from _under(inner, rest)


def _properties(found: Any) -> list[str]:
    if isinstance(found, dict) and found.get("type") == "FeatureCollection":
        for inner in _under(found, ["features", "properties"]):
            if isinstance(inner, dict):
                return list(inner)
    return []
