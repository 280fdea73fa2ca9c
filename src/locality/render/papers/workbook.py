"""Tables as an Excel workbook: a sheet for each, and one that says what they are."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from math import isfinite
from typing import Any, NamedTuple

from locality.figures import Problem, Table, Working
from locality.render.papers.inert import could_run, writable
from locality.render.papers.words import headings, words, working_words

_ROWS = 1_048_576
#: Letters that a cell holds.
LONGEST = 32_767
_ABOUT = "About"
#: The same paper is the same bytes on every day.
MADE = datetime(2000, 1, 1)
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_NUMBERS = {
    "whole": "#,##0", "bits": "0", "number": "#,##0.0###", "date": "d mmm yyyy",
    "exact": "#,##0.0#####", "pounds": "£#,##0.00", "rate": "£#,##0.00####",
}  # fmt: skip


def workbook_bytes(
    tables: Sequence[Table],
    title: str = "",
    attributions: Iterable[str] = (),
    *,
    working: Working | None = None,
) -> bytes:
    """Return ``tables`` as one ``.xlsx`` file: a sheet each, then a sheet called About.

    ``title`` is the workbook's; where it is empty, the first table's.

    Headings are the columns' meanings and units; About holds title, captions, notes,
    attributions, working and, for each heading, the schema's name. Every text cell is a text
    cell: none is ever written as a formula or a link, and one that could run if it were edited
    is marked as text. Raises Problem where a table is longer than a sheet.
    """
    book = Book(title or next((_title(table) for table in tables), ""), map(_title, tables))
    for name, table in zip(book.names, tables, strict=True):
        book.table(name, table)
    return book.finished(attributions, working)


def sheet_names(titles: Iterable[str]) -> list[str]:
    """Return a name Excel accepts for each title: short, without its forbidden signs, unique."""
    taken = {_ABOUT.lower(), "history"}
    names = []
    for title in titles:
        base = " ".join(_FORBIDDEN.sub(" ", writable(title)).split()).strip("'") or "Table"
        name, number = base[:31].strip(" '") or "Table", 2
        while name.lower() in taken:
            ending = f" {number}"
            name, number = base[: 31 - len(ending)].strip(" '") + ending, number + 1
        taken.add(name.lower())
        names.append(name)
    return names


class Looks:
    """The cell formats of one workbook."""

    def __init__(self, book: Any) -> None:
        font = {"font_name": "Arial", "font_size": 10, "valign": "top"}
        looks: dict[str, dict[str, Any]] = {
            "heading": {"bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#E9EDEF"},
            "title": {"bold": True, "font_size": 14},
            "label": {"bold": True},
            "text": {},
            "wrapped": {"text_wrap": True},
        }
        # The second is what Excel does when someone types an apostrophe first: it stays text
        # when it is edited.
        self._words = {
            name: [book.add_format({**font, **look, "quote_prefix": marked}) for marked in (0, 1)]
            for name, look in looks.items()
        }
        self.numbers = {
            kind: book.add_format({**font, "num_format": code}) for kind, code in _NUMBERS.items()
        }
        self.total = book.add_format({**font, "bold": True, "num_format": _NUMBERS["pounds"]})

    def of(self, text: str, look: str = "text") -> Any:
        """Return the format of a cell that holds ``text``, marked where it could run."""
        return self._words[look][could_run(text)]


class Entry(NamedTuple):
    """What About says of one sheet: words as (kind, text), columns as (heading, name, unit)."""

    sheet: str
    said: list[tuple[str, str]]
    columns: list[tuple[str, str, str]]


class Book:
    """One workbook being written: a sheet for each of ``titles``, and last the one called About."""

    def __init__(self, title: str, titles: Iterable[str]) -> None:
        import xlsxwriter

        self.title = writable(title)
        self.names = sheet_names(titles)
        self._out = io.BytesIO()
        self._book = xlsxwriter.Workbook(
            self._out,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self._book.set_properties({"title": self.title[:255], "created": MADE})
        self.looks = Looks(self._book)
        self._entries: list[Entry] = []

    def sheet(self, name: str, entry: Entry | None = None, heading: bool = True) -> Any:
        """Return a new sheet, to be printed on A4 on its side, one page wide.

        With ``heading`` its first row is held in view and stands on every page.
        """
        sheet = self._book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        if heading:
            sheet.freeze_panes(1, 0)
            sheet.repeat_rows(0)
        if entry:
            self._entries.append(entry)
        return sheet

    def table(self, name: str, table: Table) -> None:
        """Write headings and rows as a sheet; Problem where they are more than a sheet holds."""
        if len(table) >= _ROWS:
            raise Problem(
                f"{_title(table)} has {len(table):,} rows and an Excel sheet "
                f"holds {_ROWS - 1:,}. Take the CSV or Parquet file instead."
            )
        named = list(zip(table.schema.columns, headings(table.schema.columns), strict=True))
        columns = [(heading, column.name, column.unit) for column, heading in named]
        sheet = self.sheet(name, Entry(name, words(table), columns))
        for place, (column, heading) in enumerate(named):
            values = table.data.column(column.name).to_pylist()
            write_text(sheet, 0, place, heading, self.looks, "heading")
            for row, value in enumerate(values, start=1):
                _write(sheet, row, place, column.type, value, self.looks)
            sheet.set_column(place, place, width(values))
        if len(table):
            sheet.autofilter(0, 0, len(table), len(table.schema.columns) - 1)

    def finished(self, attributions: Iterable[str], working: Working | None = None) -> bytes:
        """Write About and return the file; the same workbook is the same bytes on every day."""
        sheet, looks = self.sheet(_ABOUT, heading=False), self.looks
        sheet.set_column(0, 0, 18)
        sheet.set_column(1, 1, 90)
        sheet.set_column(2, 3, 24)
        write_text(sheet, 0, 0, self.title, looks, "title")
        row = 2
        whole = [("Attribution", text) for text in dict.fromkeys(attributions)]
        for kind, text in [*whole, *(working_words(working) if working else [])]:
            row = _said(sheet, row, kind, text, looks)
        for entry in self._entries:
            row = _said(sheet, row + 1, "Sheet", entry.sheet, looks)
            for kind, text in entry.said:
                row = _said(sheet, row, kind, text, looks)
            for place, text in enumerate(("Column", "Heading", "Name in CSV and Parquet", "Unit")):
                write_text(sheet, row, place, text, looks, "heading")
            row += 1
            for number, column in enumerate(entry.columns, start=1):
                for place, text in enumerate((str(number), *column)):
                    write_text(sheet, row, place, text, looks, "wrapped")
                row += 1
        self._book.close()
        return self._out.getvalue()


def write_text(
    sheet: Any, row: int, place: int, text: str, looks: Looks, look: str = "text"
) -> None:
    """Write ``text`` as text, cut to what a cell holds; an empty one leaves the cell alone."""
    if text:
        sheet.write_string(row, place, text[:LONGEST], looks.of(text, look))


def width(values: Iterable[Any]) -> int:
    """Return a column's width in letters, from its first 200 cells."""
    first = islice(values, 200)
    longest = max((len(str(value)) for value in first if value is not None), default=0)
    return min(max(longest + 2, 12), 48)


def _title(table: Table) -> str:
    return table.title or table.schema.title


def _write(sheet: Any, row: int, place: int, kind: str, value: Any, looks: Looks) -> None:
    """Write one cell of a table by its column's type; an empty cell is left alone."""
    if value is None:
        return
    if kind == "text":
        write_text(sheet, row, place, value, looks)
    elif kind == "flag":
        sheet.write_boolean(row, place, value, looks.of(""))
    elif kind == "date":
        sheet.write_datetime(row, place, value, looks.numbers["date"])
    elif isfinite(value):
        sheet.write_number(row, place, value, looks.numbers[kind])


def _said(sheet: Any, row: int, kind: str, text: str, looks: Looks) -> int:
    write_text(sheet, row, 0, kind, looks, "label")
    write_text(sheet, row, 1, writable(text), looks, "wrapped")
    return row + 1
