"""A paper as an Excel workbook: its sentences first, then its tables and statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from locality.figures import Paper
from locality.render.papers.inert import writable
from locality.render.papers.statement_paper import statement_sheet
from locality.render.papers.workbook import LONGEST, Book, write_text

FIRST = "Read this first"


def paper_workbook_bytes(paper: Paper, *, attributions: Iterable[str] = ()) -> bytes:
    """Return ``paper`` as one ``.xlsx`` file, the same bytes for the same paper.

    The first sheet holds title, standfirst and each section's sentences and points, and names the
    sheets that belong to it; then come the tables (those that are drawn elsewhere too), each
    statement with live formulas, and About. No text is ever a formula or a link. Raises Problem
    where a table is longer than a sheet.
    """
    parts = list(enumerate(paper.sections))
    tables = [(n, table) for n, part in parts for table in (*part.drawn, *part.tables)]
    statements = [(n, one) for n, part in parts for one in part.statements]
    titles = [FIRST]
    titles += [table.title or table.schema.title for _, table in tables]
    titles += [statement.title for _, statement in statements]
    book = Book(paper.title, titles)
    names = book.names[1:]
    sheets: list[list[str]] = [[] for _ in parts]
    for name, (number, _) in zip(names, (*tables, *statements), strict=True):
        sheets[number].append(name)
    _first(book, paper, sheets)
    for name, (_, table) in zip(names, tables, strict=False):
        book.table(name, table)
    for name, (_, statement) in zip(names[len(tables) :], statements, strict=True):
        statement_sheet(book, name, statement)
    return book.finished(attributions, paper.working)


def _first(book: Book, paper: Paper, sheets: Sequence[list[str]]) -> None:
    """Write what there is to read, a sentence a row; ``sheets`` names each section's own."""
    sheet, looks = book.sheet(book.names[0], heading=False), book.looks
    sheet.set_column(0, 0, 110)
    said = [(book.title, "title"), (paper.subtitle, "label")]
    said += [(text, "wrapped") for text in paper.standfirst]
    for part, own in zip(paper.sections, sheets, strict=True):
        said += [("", "wrapped"), (part.title, "label")]
        said += [(text, "wrapped") for text in part.says]
        said += [(f"• {text}", "wrapped") for text in part.points]
        if own:
            where = f"On {'sheet' if len(own) == 1 else 'sheets'}: {', '.join(own)}"
            said.append((where, "wrapped"))
    row = 0
    for text, look in said:
        whole = writable(text)
        # A sentence longer than a cell goes on in the next.
        for start in range(0, max(len(whole), 1), LONGEST):
            write_text(sheet, row, 0, whole[start : start + LONGEST], looks, look)
            row += 1
