"""What is remembered from one piece of a large file to the next, and judged at its end.

A file read whole is judged by :class:`~locality.sources.sieve.Sieve` and checked for patients in
one go; these do the same over many pieces.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from locality.sources import refusing
from locality.sources.reading import Document, Refused, SetAside
from locality.sources.rows import Content, Sheet, Stray

#: How many different ten-digit values of one column are remembered for the last check.
_REMEMBERED = 200_000
#: How many rows may have the wrong number of cells.
_STRAYS = 10_000


@dataclass
class Tally:
    """What was found in the pieces so far."""

    rows: int = 0
    kept: int = 0
    wrong: int = 0
    aside: dict[str, SetAside] = field(default_factory=dict)
    expected: set[str] = field(default_factory=set)
    months: set[date] = field(default_factory=set)
    practices: set[str] = field(default_factory=set)

    def put_aside(self, reason: str, rows: int, example: str, *, expected: bool) -> None:
        """Note rows that are left out; ``expected`` ones belong in the file and are not wrong."""
        # Reasons without a row yet keep their place, so that the order is that of the rules.
        before = self.aside.get(reason, SetAside(reason, 0))
        self.aside[reason] = SetAside(reason, before.rows + rows, before.example or example)
        if expected:
            self.expected.add(reason)
        else:
            self.wrong += rows

    def verdict(self, what: str) -> tuple[SetAside, ...]:
        """Return what was set aside; Refused where most rows are wrong or none is left.

        ``what`` is the publication in words, for the sentence.
        """
        aside = tuple(one for one in self.aside.values() if one.rows)
        if not self.rows:
            raise Refused("The file has a header and no rows under it. Download it again.")
        if not self.kept or 2 * self.wrong > self.rows:
            strange = [one for one in aside if one.reason not in self.expected]
            worst = max(strange or aside, key=lambda one: one.rows)
            raise Refused(
                f"The columns are those of {what}, but "
                f"{self.wrong or self.rows - self.kept:,} of its {self.rows:,} rows cannot be "
                f"used. Most often: {worst.reason} (first at {worst.example}) Check that this is "
                "the file you meant."
            )
        return aside


@dataclass
class Strays:
    """Rows whose number of cells is not that of the header, as they are met."""

    width: int
    rows: int = 0
    lines: list[int] = field(default_factory=list)
    new: list[Stray] = field(default_factory=list)
    last: Stray | None = None

    def __call__(self, row: arrow_csv.InvalidRow) -> Literal["skip"]:
        """Note a row that does not fit, unless it is blank; Refused where there are too many."""
        line = row.number or 0
        cells = tuple(next(csv.reader([row.text]), ()))
        if any(cell.strip() for cell in cells):
            self.rows += 1
            self.last = Stray(line, cells)
            self.new.append(self.last)
        if len(self.lines) >= _STRAYS:
            raise Refused(
                f"More than {_STRAYS:,} rows have more or fewer cells than the header has "
                f"({self.width}). The file is damaged: download it again."
            )
        self.lines.append(line)
        return "skip"

    def line_of(self, row: int) -> int:
        """Return the line of a row that fits, counted from 0 over the whole file."""
        line = row + 2
        for stray in self.lines:
            line += stray <= line
        return line


@dataclass
class Suspects:
    """Ten-digit values of each column, so that few in each piece are seen together."""

    columns: dict[int, np.ndarray] = field(default_factory=dict)

    def note(self, body: pa.Table) -> None:
        """Remember the ten-digit values of a piece."""
        for place, column in enumerate(body.columns):
            found = np.unique(refusing.ten_digits(column))
            before = self.columns.get(place, found[:0])
            if len(found) and len(before) < _REMEMBERED:
                self.columns[place] = np.union1d(before, found)[:_REMEMBERED]

    def check(self, header: tuple[str, ...]) -> None:
        """Raise Refused where the values of a column look like NHS numbers."""
        longest = max(map(len, self.columns.values()), default=0)
        cells = {
            f"c{place}": pa.array(
                [f"{one:010d}" for one in found] + [""] * (longest - len(found)), pa.string()
            )
            for place in range(len(header))
            for found in [self.columns.get(place, ())]
        }
        refuse_patients(Sheet("", header, pa.table(cells), lambda row: row + 2))


def refuse_patients(sheet: Sheet) -> None:
    """Raise Refused where ``sheet`` looks patient-level."""
    refusing.check(Document("", b""), Content("csv", (sheet,)))
