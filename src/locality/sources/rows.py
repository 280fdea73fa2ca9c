"""What a document holds, whatever its format: sheets of text cells under a header row.

Every cell is text until a reader says what it should be, so that nothing is guessed on the way:
``0012`` stays ``0012`` and ``*`` stays ``*``. A CSV file is one sheet, a workbook has several.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa

from locality.sources.arrow import Array, pc

Cells = tuple[str, ...]

#: How many rows count as the head, the only part that recognition looks at.
HEAD = 40


@dataclass(frozen=True, slots=True)
class Stray:
    """A row whose number of cells is not that of the table: a footnote, a break, a cut."""

    line: int
    cells: Cells


def plain(word: str) -> str:
    """Return a header as compared: lower case, every run of other signs one underscore.

    >>> plain("Health Ineq  WP "), plain("pop 2022/23"), plain("dateOfBirth")
    ('health_ineq_wp', 'pop_2022_23', 'date_of_birth')
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", word)
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")


def header_row(head: Sequence[Sequence[str]]) -> int:
    """Return which row of the head is the header: the first as full as the table below it.

    Title rows above a table have few cells, or few that are filled. Returns 0 for no rows.
    """
    filled = [sum(1 for cell in row if cell.strip()) for row in head]
    widths = Counter(len(row) for row, count in zip(head, filled, strict=True) if count > 1)
    if not widths:
        return 0
    width = max(widths, key=lambda w: (widths[w], w))
    for place, row in enumerate(head):
        if _names_columns(row):
            return place
        if len(row) == width and filled[place] > 0.6 * width:
            break
    fullest = max(count for row, count in zip(head, filled, strict=True) if len(row) == width)
    for place, (row, count) in enumerate(zip(head, filled, strict=True)):
        if len(row) == width and count >= 0.6 * fullest:
            return place
    return 0


def _names_columns(row: Sequence[str]) -> bool:
    """Return whether a row can only be a header: three names or more, all filled, all different."""
    names = [cell.strip() for cell in row]
    return (
        len(names) > 2
        and len(set(names)) == len(names)
        and all(re.fullmatch(r"[A-Za-z][^\d]{2,60}", name) for name in names)
    )


@dataclass(frozen=True)
class Sheet:
    """One table of text: ``body`` has a column ``c0``, ``c1``, ... for each of ``header``.

    ``above`` are the rows over the header; ``strays`` the rows that do not fit. ``line_of``
    gives the line in the file (or row of the sheet) of a row of the body, counted from 1.
    ``cut_short`` says that the file ends in the middle of a row.
    """

    name: str
    header: Cells
    body: pa.Table
    line_of: Callable[[int], int]
    header_line: int = 1
    above: tuple[Cells, ...] = ()
    strays: tuple[Stray, ...] = ()
    cut_short: bool = False

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Return the header as compared, in column order."""
        return tuple(map(plain, self.header))

    @cached_property
    def head(self) -> tuple[Cells, ...]:
        """Return the header and the first rows under it, for recognition."""
        first = self.body.slice(0, HEAD).to_pydict()
        return (self.header, *zip(*first.values(), strict=True))

    def column(self, place: int) -> Array:
        """Return the cells of one column, trimmed, as one Arrow array of text."""
        return pc.utf8_trim_whitespace(self.body.column(place).combine_chunks())

    def with_header_as_row(self) -> Sheet:
        """Return the sheet of a file that has no header: its first row is data like the rest."""
        first = pa.table({f"c{i}": [cell] for i, cell in enumerate(self.header)})
        header_line, line_of = self.header_line, self.line_of
        return Sheet(
            name=self.name,
            header=tuple("" for _ in self.header),
            body=pa.concat_tables([first.cast(self.body.schema), self.body]),
            line_of=lambda row: header_line if row == 0 else line_of(row - 1),
            header_line=header_line,
            strays=self.strays,
            cut_short=self.cut_short,
        )


@dataclass(frozen=True)
class Content:
    """A document opened: its sheets in order, and notes on how it had to be read."""

    kind: str
    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...] = field(default=())


def sheet_of(name: str, rows: Sequence[Sequence[str]], first_line: int = 1) -> Sheet | None:
    """Return a sheet of rows already in memory, or None when no row has a cell.

    Rows may differ in length; short ones are filled with empty cells. Empty rows are passed
    over, and the lines of those that stay are remembered.
    """
    kept = [
        (first_line + i, row) for i, row in enumerate(rows) if any(cell.strip() for cell in row)
    ]
    if not kept:
        return None
    width = max(len(row) for _, row in kept)
    filled = [(line, tuple(row) + ("",) * (width - len(row))) for line, row in kept]
    top = header_row([row for _, row in filled[:HEAD]])
    below = filled[top + 1 :]
    columns = list(zip(*(row for _, row in below), strict=True)) or [()] * width
    lines = np.array([line for line, _ in below], dtype=np.int64)
    return Sheet(
        name=name,
        header=tuple(cell.strip() for cell in filled[top][1]),
        body=pa.table({f"c{i}": pa.array(c, pa.string()) for i, c in enumerate(columns)}),
        line_of=lambda row: int(lines[row]),
        header_line=filled[top][0],
        above=tuple(row for _, row in filled[:top]),
    )
