"""A paper as a Word document: headings, sentences, pictures, tables, statements, room to write."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from locality.figures import Column, Line, Paper, Period, Section, Statement, Table
from locality.figures.figure import printed
from locality.render.papers.inert import writable
from locality.render.papers.word_document import (
    TEXT_WIDTH,
    document_bytes,
    empty_document,
)
from locality.render.papers.word_table import add_table
from locality.render.papers.words import (
    ROUNDED_ONCE,
    headings,
    rule_place,
    rule_title,
    working_words,
)
from locality.render.pictures.of_table import of_table, png
from locality.render.pictures.picture import Picture

if TYPE_CHECKING:
    from docx.document import Document

#: The last part of every paper.
WHENCE = "Where this comes from"
NOTHING = "There is nothing to list here."
_LINES_TO_WRITE_ON = 6
# Pictures whose height does not follow their rows are drawn lower than on a page.
_HEIGHTS = {"control_chart": 220, "trend": 220, "inequality": 220}
# 144 dots to the inch: sharp on an office printer, and a tenth quicker than 192.
_PICTURE_WIDTH, _SCALE = 600, 1.5
_MANY_COLUMNS = 7
_NUMBERS = ("whole", "number", "bits")


def word_bytes(
    paper: Paper,
    *,
    attributions: Iterable[str] = (),
    pictures: Callable[[Table], Picture | None] | None = None,
) -> bytes:
    """Return ``paper`` as one ``.docx`` file for A4, the same bytes for the same paper.

    The title stands in Word's style Title, sections are Heading 1, tables, pictures and statements
    Heading 2. ``pictures`` says how a table in ``drawn`` becomes a picture (by default
    :func:`of_table`, which knows a unit only from the table); where it returns None the table
    itself is shown. Text is text: none of it becomes a field or a link.
    """
    title = writable(paper.title)
    document = empty_document(title)
    _say(document, title, "Title")
    if paper.subtitle:
        _say(document, paper.subtitle, "Subtitle")
    for text in paper.standfirst:
        _say(document, text)
    for section in paper.sections:
        _section(document, section, pictures or of_table)
    said = _whence(paper, attributions)
    if said:
        _say(document, WHENCE, "Heading 1")
    for kind, text in said:
        _say(document, f"{kind}: {text}", "Note")
    return document_bytes(document)


def _say(document: Document, text: str, style: str = "Normal") -> Any:
    return document.add_paragraph(writable(text), style=style)


def _section(
    document: Document, section: Section, pictures: Callable[[Table], Picture | None]
) -> None:
    _say(document, section.title, "Heading 1")
    for text in section.says:
        _say(document, text)
    for text in section.points:
        _say(document, text, "List Bullet")
    for table in section.drawn:
        picture = pictures(table)
        _titled(document, section, table.title or table.schema.title, table.caption)
        if picture is None:
            _table(document, table)
        else:
            _picture(document, picture)
        _notes(document, table)
    for table in section.tables:
        _titled(document, section, table.title or table.schema.title, table.caption)
        _table(document, table)
        _notes(document, table)
    for statement in section.statements:
        _titled(document, section, statement.title, "")
        _statement(document, statement)
    if section.space:
        for _ in range(_LINES_TO_WRITE_ON):
            _say(document, "", "Room to write")


def _titled(document: Document, section: Section, title: str, caption: str) -> None:
    if title != section.title:
        _say(document, title, "Heading 2")
    if caption:
        _say(document, caption, "Caption")


def _notes(document: Document, table: Table) -> None:
    for note in table.notes:
        _say(document, note, "Note")


def _picture(document: Document, picture: Picture) -> None:
    """Show the drawing, with words for who cannot see it, and its sentence under it."""
    from docx.shared import Inches

    drawn = png(picture, _PICTURE_WIDTH, height=_HEIGHTS.get(picture.id), scale=_SCALE)
    # 96 units to the inch: letters in the drawing are as large as those in the text.
    line = document.add_paragraph()
    line.paragraph_format.keep_with_next = True
    shown = line.add_run().add_picture(io.BytesIO(drawn), width=Inches(_PICTURE_WIDTH / 96))
    described = shown._inline.docPr
    described.set("descr", writable(picture.alt))
    described.set("title", writable(picture.title))
    _say(document, picture.sentence)


def _table(document: Document, table: Table) -> None:
    columns = table.schema.columns
    if not len(table):
        _say(document, NOTHING)
        return
    cells = [
        [_cell(value, column) for value in table.data.column(column.name).to_pylist()]
        for column in columns
    ]
    names = headings(columns)
    _grid(
        document,
        names,
        [column.type in _NUMBERS for column in columns],
        [[(text,) for text in row] for row in zip(*cells, strict=True)],
        _widths([[name, *texts] for name, texts in zip(names, cells, strict=True)]),
    )


def _widths(columns: Iterable[Sequence[str]]) -> list[float]:
    """Return widths in millimetres that share a line by the length of what stands in them."""
    letters = []
    for texts in columns:
        word = max((len(word) for text in texts for word in text[:200].split()), default=0)
        letters.append(max(4, min(word, 20), min(max(map(len, texts[1:])), 40)))
    return [TEXT_WIDTH * one / sum(letters) for one in letters]


def _cell(value: Any, column: Column) -> str:
    """Return one cell as a reader expects it; an empty cell is an empty text."""
    if value is None or value != value:
        return ""
    if column.type == "flag":
        return "yes" if value else "no"
    if column.type == "date":
        return f"{value.day} {value:%B %Y}"
    if column.type == "whole":
        return f"{value:,}"
    if column.type == "number":
        return printed(value, column.unit)
    if column.name == "period":
        try:
            return Period.parse(value).label
        except ValueError:
            return str(value)
    return str(value)


def _statement(document: Document, statement: Statement) -> None:
    """Show each line with its factors and its rule, and the total."""
    rows = [
        (
            _line_words(line),
            (f"{plainly(line.quantity)} {line.quantity_unit}".strip(),),
            (pounds(line.rate),),
            (pounds(line.pounds, 2),),
        )
        for line in statement.lines
    ]
    guessed = any(line.estimate for line in statement.lines)
    total = ("Total", "Some of it is estimated.") if guessed else ("Total",)
    _grid(
        document,
        ["Line", "Quantity", "Rate", "Amount"],
        [False, True, True, True],
        [*rows, (total, ("",), ("",), (pounds(statement.total, 2),))],
        (82, 32, 26, 26),
        last_is_total=True,
    )
    if sum((line.pounds for line in statement.lines), Decimal(0)) != statement.total:
        _say(document, ROUNDED_ONCE, "Note")


def _line_words(line: Line) -> tuple[str, ...]:
    """Return a line's label and what stands small under it."""
    said = [line.label]
    if line.estimate:
        said.append("This is an estimate.")
    if line.note:
        said.append(line.note)
    if line.factors:
        made = " × ".join(f"{plainly(one.value)} ({one.label})" for one in line.factors)
        said.append(f"Rate: {made} = {pounds(line.rate)}")
        said += [f"{one.label}: {one.working}" for one in line.factors if one.working]
    return (*said, f"Rule: {rule_title(line.rule)}: {rule_place(line.rule)}")


def plainly(value: Decimal) -> str:
    """Return a number with thousands apart, six places at most and no idle noughts."""
    text = f"{value:,.6f}".rstrip("0").rstrip(".")
    return text if value == 0 or text not in ("0", "-0") else f"{value:.3g}"


def pounds(value: Decimal, places: int = 6) -> str:
    """Return an amount in pounds: two places at least and ``places`` at most."""
    whole, _, rest = f"{abs(value):,.{places}f}".partition(".")
    return f"{'-' if value < 0 else ''}£{whole}.{rest.rstrip('0'):0<2}"


def _grid(
    document: Document,
    names: Sequence[str],
    right: Sequence[bool],
    rows: Iterable[Sequence[tuple[str, ...]]],
    widths: Sequence[float],
    last_is_total: bool = False,
) -> None:
    """Write a table, and the little room that keeps it apart from the next."""
    small = len(names) > _MANY_COLUMNS
    add_table(document, names, right, rows, widths, last_is_total=last_is_total, small=small)
    # Two tables that touch would become one.
    document.add_paragraph(style="After a table")


def _whence(paper: Paper, attributions: Iterable[str]) -> list[tuple[str, str]]:
    """Return attributions, and files, rules and steps of the paper and its statements."""
    said = [("Attribution", text) for text in attributions] + working_words(paper.working)
    for section in paper.sections:
        for statement in section.statements:
            said += working_words(statement.working)
    return list(dict.fromkeys(said))
