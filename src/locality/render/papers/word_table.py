"""A table of a Word paper, written as its XML in one piece.

Built cell by cell through python-docx, the tables of a pack took 0.3 s more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from locality.render.papers.inert import writable

if TYPE_CHECKING:
    from docx.document import Document

_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#: Twentieths of a point in a millimetre.
_TWIPS = 1440 / 25.4
_BREAKS = re.compile(r"([\n\t])")
_SMALL = 14  # half points
_STYLES = ("Table Grid", "Table heading", "Table detail", "Table number", "Table text")

Cell = tuple[str, ...]


def add_table(
    document: Document,
    names: Sequence[str],
    right: Sequence[bool],
    rows: Iterable[Sequence[Cell]],
    widths: Sequence[float],
    *,
    last_is_total: bool = False,
    small: bool = False,
) -> None:
    """Write a table: each cell is one line of text and small ones under it; ``widths`` in mm.

    The heading is repeated on every page, and no row is torn apart by one. ``right`` says which
    columns hold numbers.
    """
    from docx.oxml import parse_xml

    styles = {name: document.styles[name].style_id for name in _STYLES}
    wide = [round(width * _TWIPS) for width in widths]
    plain = [styles["Table number" if one else "Table text"] for one in right]
    size = f'<w:sz w:val="{_SMALL}"/>' if small else ""
    body = [*rows]
    heading = [
        _cell((name,), width, styles["Table heading"], "", size, "right" if number else "")
        for name, width, number in zip(names, wide, right, strict=True)
    ]
    written = [_row(heading, "<w:tblHeader/>")]
    for place, row in enumerate(body):
        look = "<w:b/>" if last_is_total and place == len(body) - 1 else ""
        written.append(
            _row(
                [
                    _cell(lines, width, style, styles["Table detail"], look + size)
                    for lines, width, style in zip(row, wide, plain, strict=True)
                ]
            )
        )
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in wide)
    whole = (
        f'<w:tbl xmlns:w="{_SPACE}"><w:tblPr><w:tblStyle w:val="{styles["Table Grid"]}"/>'
        '<w:tblW w:type="auto" w:w="0"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0" '
        'w:noHBand="0" w:noVBand="1" w:val="04A0"/></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{''.join(written)}</w:tbl>"
    )
    body_of: Any = document.element.body
    body_of.sectPr.addprevious(parse_xml(whole))


def _row(cells: Iterable[str], more: str = "") -> str:
    return f"<w:tr><w:trPr><w:cantSplit/>{more}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(lines: Cell, width: int, style: str, detail: str, look: str, align: str = "") -> str:
    first = _paragraph(lines[0], style, look, align)
    rest = "".join(_paragraph(text, detail) for text in lines[1:])
    return f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{width}"/></w:tcPr>{first}{rest}</w:tc>'


def _paragraph(text: str, style: str, look: str = "", align: str = "") -> str:
    placed = f'<w:jc w:val="{align}"/>' if align else ""
    seen = f"<w:rPr>{look}</w:rPr>" if look else ""
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{placed}</w:pPr>'
        f"<w:r>{seen}{_text(writable(text))}</w:r></w:p>"
    )


def _text(text: str) -> str:
    """Return text as Word holds it: a new line and a tab are elements of their own."""
    parts = []
    for piece in _BREAKS.split(text):
        if piece == "\n":
            parts.append("<w:br/>")
        elif piece == "\t":
            parts.append("<w:tab/>")
        elif piece:
            parts.append(f'<w:t xml:space="preserve">{escape(piece)}</w:t>')
    return "".join(parts)
