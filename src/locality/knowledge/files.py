"""Opening files of knowledge: TOML with exact numbers, CSV with a header."""

from __future__ import annotations

import csv
import io
import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from locality.knowledge.problems import KnowledgeError, nearest, problem

FOLDERS = ("checklists", "measures", "oversight", "publications", "roles", "rules", "skills")
SINGLE = ("coverage.toml", "glossary.toml")
PACKAGE = Path(__file__).parent


@dataclass(frozen=True)
class Shelf:
    """One folder of knowledge: the package's own, or the user's (``local``)."""

    root: Path
    local: bool

    def place(self, path: Path) -> str:
        """Return how a person is told of a file: under ``knowledge/``, or in full for their own."""
        if self.local:
            return str(path)
        return "knowledge/" + path.relative_to(self.root).as_posix()

    def files(self, folder: str, ending: str) -> list[Path]:
        """Return the files under one folder, in order of name; hidden ones are passed over."""
        return [path for path in walked(self.root / folder) if path.name.endswith(ending)]

    def check_folders(self) -> None:
        """Raise KnowledgeError for a file that no folder or name would ever bring to light."""
        if not self.local or not self.root.is_dir():
            return
        for path in walked(self.root):
            first, *rest = path.relative_to(self.root).parts
            if path.suffix in (".toml", ".csv") and not (
                first in FOLDERS if rest else first in SINGLE
            ):
                near = nearest(first, FOLDERS if rest else SINGLE)
                raise KnowledgeError(f"{path}: nothing reads a file that stands here; {near}")


def walked(folder: Path) -> Iterator[Path]:
    """Yield every file under ``folder`` in order of name, hidden ones left out."""
    if not folder.is_dir():
        return
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda one: one.name):
            if entry.name.startswith((".", "__")):
                continue
            if entry.is_dir():
                yield from walked(Path(entry.path))
            else:
                yield Path(entry.path)


def fingerprint(shelf: Shelf) -> tuple[tuple[str, int, int], ...]:
    """Return path, time and size of every file of knowledge on a shelf."""
    found = []
    for path in walked(shelf.root):
        if path.suffix in (".toml", ".csv"):
            status = path.stat()
            found.append((str(path), status.st_mtime_ns, status.st_size))
    return tuple(found)


def toml(path: Path, place: str, *, exact: bool = False) -> dict[str, Any]:
    """Return the content of a TOML file; with ``exact``, fractions come as Decimal."""
    text = _text(path, place)
    try:
        return tomllib.loads(text, parse_float=Decimal if exact else float)
    except tomllib.TOMLDecodeError as error:
        raise problem(place, "", f"it cannot be read as TOML: {error}.") from None


def rows(path: Path, place: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file as dicts of stripped text; every row must fill its header."""
    reader = csv.reader(io.StringIO(_text(path, place)), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        if not header:
            raise problem(place, "", "it is empty; the first row names the columns.")
        twice = {name for name in header if header.count(name) > 1}
        if twice:
            raise problem(place, "row 1", f"the column {sorted(twice)[0]!r} stands twice.")
        found = []
        for number, cells in enumerate(reader, start=2):
            if not cells:
                continue
            if len(cells) != len(header):
                raise problem(
                    place, f"row {number}",
                    f"it has {len(cells)} cells and the header has {len(header)}.",
                )  # fmt: skip
            found.append({name: cell.strip() for name, cell in zip(header, cells, strict=True)})
        return found
    except csv.Error as error:
        raise problem(place, "", f"it cannot be read as CSV: {error}.") from None


def _text(path: Path, place: str) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise problem(place, "", "it is not UTF-8 text; save it as UTF-8.") from None
    except OSError as error:
        raise problem(place, "", f"it cannot be opened: {error.strerror}.") from None
