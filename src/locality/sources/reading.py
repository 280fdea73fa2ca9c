"""What a reader is given and what it gives back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from locality.figures import Problem, Table


@dataclass(frozen=True)
class Document:
    """One file to read, out of its wrapping: the bytes of a CSV, workbook, JSON or Parquet file.

    ``name`` is the file's own name (inside an archive, the member's), ``came_in`` the file the
    user gave. ``sha256`` is of ``content``, so the same CSV is the same document whether it
    arrived plain, gzipped or zipped.
    """

    name: str
    content: bytes
    came_in: str = ""

    @cached_property
    def sha256(self) -> str:
        """Return the hash of the bytes, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Hints:
    """What a reader may know beside the rows: the file's names, nearest first, and the date.

    Without ``today``, no row is found to lie in the future. ``intervals`` says how each measure
    that is defined counts, by its id (``share``, ``events`` or ``none``, as in its definition).
    """

    names: tuple[str, ...] = ()
    today: date | None = None
    intervals: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SetAside:
    """Rows left out of what was kept, and why; ``example`` quotes one place, never a person."""

    reason: str
    rows: int
    example: str = ""


@dataclass(frozen=True)
class Reading:
    """What one document holds, in the house's own tables.

    ``part`` tells apart several documents that share a publication and period (a region, a
    practice's own counts); the same publication, period and part read again is a correction.
    """

    publication: str
    period: str
    tables: Mapping[str, Table]
    rows: int
    practices: int
    part: str = ""
    reader_version: int = 1
    set_aside: tuple[SetAside, ...] = ()
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Unopened:
    """One file (or one member of an archive) that gave no document, and the sentence why.

    ``problem`` is :class:`Refused` for a file that is damaged or unsafe, and
    :class:`NotRecognised` for a kind of file that nobody reads here.
    """

    name: str
    came_in: str
    problem: Refused | NotRecognised

    @property
    def refused(self) -> bool:
        """Return whether the file counts as refused (exit code 1)."""
        return isinstance(self.problem, Refused)

    @property
    def sentence(self) -> str:
        """Return why it was not opened, and what to do."""
        return str(self.problem)


class Refused(Problem):
    """The file may not be stored; ``str()`` is the sentence a manager reads. Exit code 1."""


class NotRecognised(Problem):
    """No reader knows this content; ``str()`` says what was looked at. Exit code 0."""


class Known(NotRecognised):
    """No reader takes it, but what it is is known; ``str()`` says why it is not stored.

    ``what`` names it in a few words. Exit code 0.
    """

    def __init__(self, sentence: str, what: str) -> None:
        super().__init__(sentence)
        self.what = what
