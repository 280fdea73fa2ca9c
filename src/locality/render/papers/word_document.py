"""The empty Word document that a paper is written into, and its bytes.

python-docx's own template is the start: it has every built-in style. What is not used is taken
out, and what is kept is set here: A4, Arial, British English, one footer.
"""

from __future__ import annotations

import io
import zipfile
from functools import cache
from typing import TYPE_CHECKING, Any

from locality.render.papers.workbook import MADE

if TYPE_CHECKING:
    from docx.document import Document

_FONT, _INK, _SOFT, _LINES = "Arial", "1F2A30", "4A5860", "AEB7BD"
#: Width of the lines of text in millimetres: A4 without its margins.
TEXT_WIDTH = 166
_MARGIN = 22
_KEPT = (
    "Normal", "Heading 1", "Heading 2", "Title", "Subtitle", "List Bullet", "Caption", "Footer",
    "Table Grid", "Default Paragraph Font", "Normal Table", "No List",
)  # fmt: skip
# Style, size in points, bold, colour, space before and after.
_SIZES = (
    ("Normal", 11, False, _INK, 0, 6),
    ("Title", 22, True, _INK, 0, 4),
    ("Subtitle", 13, False, _SOFT, 0, 10),
    ("Heading 1", 16, True, _INK, 18, 6),
    ("Heading 2", 12, True, _INK, 12, 4),
    ("List Bullet", 11, False, _INK, 0, 4),
    ("Caption", 10, False, _SOFT, 0, 4),
    ("Footer", 9, False, _SOFT, 0, 0),
)
# Styles of our own: what stands in tables, under them, and room to write.
_OWN = (
    ("Table heading", 9, True, _INK, 2, 2),
    ("Table text", 9, False, _INK, 2, 2),
    ("Table number", 9, False, _INK, 2, 2),
    ("Table detail", 8, False, _SOFT, 0, 2),
    ("Note", 9, False, _SOFT, 2, 4),
    ("After a table", 3, False, _INK, 0, 0),
    ("Room to write", 11, False, _INK, 0, 0),
)
_NOT_NEEDED = ("thumbnail", "stylesWithEffects", "customXml", "extended-properties")


def empty_document(title: str) -> Document:
    """Return an empty document with Locality's styles and ``title`` in footer and properties."""
    from docx import Document as opened

    document = opened(io.BytesIO(_styled()))
    _footer(document, title)
    about = document.core_properties
    about.title, about.language = title[:255], "en-GB"
    about.author = about.last_modified_by = about.comments = ""
    about.created = about.modified = MADE
    about.revision = 1
    return document


@cache
def _styled() -> bytes:
    """Return an empty document with its styles and page set, made once a process."""
    from docx import Document as opened
    from docx.shared import Mm

    document = opened()
    for relations in (document.part.package.rels, document.part.rels):
        for id in [id for id, one in relations.items() if one.reltype.endswith(_NOT_NEEDED)]:
            del relations[id]
    _styles(document)
    _language(document)
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(_MARGIN)
    page.top_margin = page.bottom_margin = Mm(20)
    return document_bytes(document)


def document_bytes(document: Document) -> bytes:
    """Return the file; the same document is the same bytes on every day."""
    saved, out = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as parts, zipfile.ZipFile(out, "w") as fixed:
        for name in parts.namelist():
            # Pictures are compressed already.
            kind = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            fixed.writestr(part, parts.read(name), kind)
    return out.getvalue()


def element(name: str, **values: str) -> Any:
    """Return the element ``w:name`` with its ``w:`` attributes."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(f"w:{name}")
    for key, value in values.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _styles(document: Document) -> None:
    """Leave the styles in use alone in the file, and set them."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    styles = document.styles
    for style in list(styles):
        if style.name not in _KEPT:
            style.delete()
        else:
            for link in style.element.findall(qn("w:link")):
                style.element.remove(link)
    kept = {style.style_id for style in styles}
    for level in document.part.numbering_part.element.iter(qn("w:lvl")):
        for named in level.findall(qn("w:pStyle")):
            if named.get(qn("w:val")) not in kept:
                level.remove(named)
    for name, *_ in _OWN:
        made = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        made.base_style = styles["Normal"]
    for name, size, bold, colour, before, after in (*_SIZES, *_OWN):
        one: Any = styles[name]
        one.font.size, one.font.bold, one.font.italic = Pt(size), bold, False
        one.font.color.rgb = RGBColor.from_string(colour)
        for spacing in one.element.findall(f".//{qn('w:rPr')}/{qn('w:spacing')}"):
            spacing.getparent().remove(spacing)
        shape = one.paragraph_format
        shape.space_before, shape.space_after = Pt(before), Pt(after)
        shape.line_spacing = 1.15 if size == 11 else 1.0
        for border in one.element.findall(f".//{qn('w:pBdr')}"):
            border.getparent().remove(border)
        for fonts in one.element.findall(f".//{qn('w:rFonts')}"):
            fonts.getparent().remove(fonts)
    for name in ("Caption", "Table heading"):
        styles[name].paragraph_format.keep_with_next = True
    styles["Table number"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    (usual,) = styles.element.findall(f".//{qn('w:rPrDefault')}//{qn('w:rFonts')}")
    usual.attrib.clear()
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        usual.set(qn(f"w:{script}"), _FONT)
    for line in styles["Table Grid"].element.findall(f".//{qn('w:tblBorders')}/*"):
        line.set(qn("w:color"), _LINES)
    room = styles["Room to write"]
    room.paragraph_format.line_spacing = Pt(26)
    lines = element("pBdr")
    for side in ("bottom", "between"):
        lines.append(element(side, val="single", sz="4", space="1", color=_LINES))
    room.element.get_or_add_pPr().insert_element_before(lines, "w:spacing", "w:ind", "w:jc")


def _language(document: Document) -> None:
    from docx.oxml.ns import qn

    for tree in (document.styles.element, document.settings.element):
        for spoken in (*tree.iter(qn("w:lang")), *tree.iter(qn("w:themeFontLang"))):
            spoken.set(qn("w:val"), "en-GB")
    for setting in document.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")


def _footer(document: Document, title: str) -> None:
    """Write the title on the left and the page's number on the right."""
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.shared import Mm

    tabs = document.styles["Footer"].paragraph_format.tab_stops
    tabs.clear_all()
    tabs.add_tab_stop(Mm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    line = document.sections[0].footer.paragraphs[0]
    short = " ".join(title.split())
    line.add_run(f"{short if len(short) <= 70 else short[:69].rstrip() + '…'}\tPage ")
    for words, field in (("", "PAGE"), (" of ", "NUMPAGES")):
        if words:
            line.add_run(words)
        # The only fields of a paper: nobody's text ever becomes one.
        counted = element("fldSimple", instr=field)
        run, text = element("r"), element("t")
        text.text = "1"
        run.append(text)
        counted.append(run)
        line._p.append(counted)
