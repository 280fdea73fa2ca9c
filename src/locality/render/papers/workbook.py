"""Tables as an Excel workbook: a sheet for each, and one that says what they are."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from math import isfinite
from typing import Any

from locality.figures import Problem, Table, Working
from locality.render.papers.inert import could_run
from locality.render.papers.words import headings, words, working_words

_ROWS = 1_048_576
_LONGEST = 32_767
_ABOUT = "About"
# The same workbook is the same bytes on every day.
_MADE = datetime(2000, 1, 1)
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_NUMBERS = {"whole": "#,##0", "bits": "0", "number": "#,##0.0###", "date": "d mmm yyyy"}


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
    import xlsxwriter

    titles = [table.title or table.schema.title for table in tables]
    title = title or next(iter(titles), "")
    for own_title, table in zip(titles, tables, strict=True):
        if len(table) >= _ROWS:
            raise Problem(
                f"{own_title} has {len(table):,} rows and an Excel sheet "
                f"holds {_ROWS - 1:,}. Take the CSV or Parquet file instead."
            )
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": title, "created": _MADE})
    looks = _Looks(book)
    names = sheet_names(titles)
    for name, table in zip(names, tables, strict=True):
        _rows(book.add_worksheet(name), table, looks)
    _about(book.add_worksheet(_ABOUT), names, tables, title, list(attributions), working, looks)
    book.close()
    return out.getvalue()


def sheet_names(titles: Iterable[str]) -> list[str]:
    """Return a name Excel accepts for each title: short, without its forbidden signs, unique."""
    taken = {_ABOUT.lower(), "history"}
    names = []
    for title in titles:
        base = " ".join(_FORBIDDEN.sub(" ", title).split()).strip("'") or "Table"
        name, number = base[:31].strip(" '") or "Table", 2
        while name.lower() in taken:
            ending = f" {number}"
            name, number = base[: 31 - len(ending)].strip(" '") + ending, number + 1
        taken.add(name.lower())
        names.append(name)
    return names


class _Looks:
    """The cell formats of one workbook."""

    def __init__(self, book: Any) -> None:
        font = {"font_name": "Arial", "font_size": 10, "valign": "top"}
        self.heading = book.add_format(
            {**font, "bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#E9EDEF"}
        )
        self.title = book.add_format({**font, "bold": True, "font_size": 14})
        self.label = book.add_format({**font, "bold": True})
        self.text = book.add_format(font)
        self.wrapped = book.add_format({**font, "text_wrap": True})
        # What Excel does when someone types an apostrophe first: it stays text when edited.
        self.marked = book.add_format({**font, "quote_prefix": True})
        self.numbers = {
            kind: book.add_format({**font, "num_format": code}) for kind, code in _NUMBERS.items()
        }

    def for_text(self, text: str) -> Any:
        return self.marked if could_run(text) else self.text


def _rows(sheet: Any, table: Table, looks: _Looks) -> None:
    """Write headings and rows, the first row held in view."""
    for place, (column, heading) in enumerate(
        zip(table.schema.columns, headings(table.schema.columns), strict=True)
    ):
        sheet.write_string(0, place, heading[:_LONGEST], looks.heading)
        values = table.data.column(column.name).to_pylist()
        for row, value in enumerate(values, start=1):
            if value is None:
                continue
            if column.type == "text":
                sheet.write_string(row, place, value[:_LONGEST], looks.for_text(value))
            elif column.type == "flag":
                sheet.write_boolean(row, place, value, looks.text)
            elif column.type == "date":
                sheet.write_datetime(row, place, value, looks.numbers["date"])
            elif isfinite(value):
                sheet.write_number(row, place, value, looks.numbers[column.type])
        longest = max((len(str(value)) for value in values[:200] if value is not None), default=0)
        sheet.set_column(place, place, min(max(longest + 2, 12), 48))
    sheet.freeze_panes(1, 0)
    if len(table):
        sheet.autofilter(0, 0, len(table), len(table.schema.columns) - 1)


def _about(
    sheet: Any,
    names: Sequence[str],
    tables: Sequence[Table],
    title: str,
    attributions: list[str],
    working: Working | None,
    looks: _Looks,
) -> None:
    """Write what the sheets are, where they come from and what each heading is called."""
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 90)
    sheet.set_column(2, 3, 24)
    sheet.write_string(0, 0, title[:_LONGEST], looks.title)
    row = 2
    whole = [("Attribution", text) for text in dict.fromkeys(attributions)]
    for kind, text in [*whole, *(working_words(working) if working else [])]:
        row = _said(sheet, row, kind, text, looks)
    for name, table in zip(names, tables, strict=True):
        row = _said(sheet, row + 1, "Sheet", name, looks)
        for kind, text in words(table):
            row = _said(sheet, row, kind, text, looks)
        for place, text in enumerate(("Column", "Heading", "Name in CSV and Parquet", "Unit")):
            sheet.write_string(row, place, text, looks.heading)
        row += 1
        for number, (column, heading) in enumerate(
            zip(table.schema.columns, headings(table.schema.columns), strict=True), start=1
        ):
            for place, text in enumerate((str(number), heading, column.name, column.unit)):
                sheet.write_string(row, place, text[:_LONGEST], looks.wrapped)
            row += 1


def _said(sheet: Any, row: int, kind: str, text: str, looks: _Looks) -> int:
    sheet.write_string(row, 0, kind, looks.label)
    sheet.write_string(row, 1, text[:_LONGEST], looks.wrapped)
    return row + 1
