import io
import re
import subprocess
import sys
import zipfile
from decimal import Decimal
from typing import Any

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from hypothesis import given, settings
from hypothesis import strategies as st

from locality.figures import Line, Paper, Section, Statement
from locality.render.papers import word_bytes
from locality.render.papers.inert import writable
from locality.render.papers.word import NOTHING, WHENCE, plainly, pounds
from locality.render.papers.words import ROUNDED_ONCE
from locality.render.pictures import of_table
from tests.render.papers import packs
from tests.render.papers.nasty import HARM, table

DATA = word_bytes(packs.paper(), attributions=["Open data", "Open data"])


def opened(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def said(data: bytes) -> list[tuple[str, str]]:
    return [(line.style.name, line.text) for line in opened(data).paragraphs]


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as folder:
        return {name: folder.read(name) for name in folder.namelist()}


def cells(grid: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in grid.rows]


def test_sentences_points_and_headings_stand_in_their_order_and_styles() -> None:
    lines = [(style, text) for style, text in said(DATA) if text]
    sentence = of_table(packs.chart()).sentence  # type: ignore[union-attr]
    assert lines == [
        ("Title", "Pack for Elm Surgery"),
        ("Subtitle", "July 2026"),
        ("Normal", "For the manager."),
        ("Heading 1", "What moved"),
        ("Normal", "It rose."),
        ("Normal", "Why?"),
        ("List Bullet", "One"),
        ("List Bullet", "Two"),
        ("Heading 2", "Blood pressure controlled (%)"),
        ("Caption", "By month"),
        ("Normal", sentence),
        ("Note", "Its own past."),
        ("Heading 1", "Who is here"),
        ("Heading 2", "Practices"),
        ("Caption", "All here"),
        ("Note", "One note."),
        ("Heading 2", "Nobody"),
        ("Normal", NOTHING),
        ("Heading 1", "Money"),
        ("Normal", "In pounds."),
        ("Heading 2", "What the points come to"),
        ("Heading 1", "Your notes"),
        ("Normal", "Please write here."),
        ("Heading 1", WHENCE),
        ("Note", "Attribution: Open data"),
        ("Note", "Source: Lists, NHS England, 2024-25 (file l.csv), 12 rows used, sha256 "
                 + "ab" * 32),
        ("Note", "Rule: Register: measures/hyp.toml, QOF 2024-25"),
        ("Note", "Step: Add up: 1 + 1 = 2"),
        ("Note", "Step: Money: a + b"),
    ]  # fmt: skip


def test_a_table_is_a_table_with_its_heading_on_every_page() -> None:
    grid = opened(DATA).tables[0]
    assert cells(grid) == [
        ["Its name (code)", "Its name (note)", "Registered patients", "Value (%)", "Day",
         "Open or not", "Bits"],
        ["A1", "Elm", "12,345", "12.5 %", "1 July 2026", "yes", "2"],
    ]  # fmt: skip
    header, row = grid.rows
    assert "<w:tblHeader/>" in header._tr.xml and "<w:tblHeader/>" not in row._tr.xml
    for place, cell in enumerate(row.cells):
        style = "Table number" if place in (2, 3, 6) else "Table text"
        assert cell.paragraphs[0].style.name == style
    right = opened(DATA).styles["Table number"].paragraph_format.alignment
    assert right == WD_ALIGN_PARAGRAPH.RIGHT
    assert header.cells[2].paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.RIGHT
    assert header.cells[0].paragraphs[0].alignment is None


def test_empty_cells_are_empty_and_periods_are_in_words() -> None:
    made = table({"code": "B", "value": float("nan")})
    data = word_bytes(packs.paper(Section("a", "A", tables=(made,))))
    assert cells(opened(data).tables[0])[1] == ["B", "", "", "", "", "", ""]
    paper = packs.paper(Section("a", "A", drawn=(packs.chart(1),)))
    shown = word_bytes(paper, pictures=lambda _: None)
    assert "January 2024" in cells(opened(shown).tables[0])[1]


def test_a_statement_shows_factors_rules_estimates_and_the_total() -> None:
    grid = cells(opened(DATA).tables[1])
    assert grid[0] == ["Line", "Quantity", "Rate", "Amount"]
    label, *numbers = grid[1]
    assert label.split("\n") == [
        "High blood pressure",
        "This is an estimate.",
        "Up to July",
        "Rate: 225.49 (Pounds for a point) × 1.043217 (List-size factor) × 0.9312 (Prevalence "
        "factor) = £219.050833",
        "List-size factor: 10,432 patients over 10,000",
        "Rule: Pounds for a point: rules/qof.toml, SFE 2025-26, section 4",
    ]
    assert numbers == ["11.37 points", "£219.050833", "£2,490.61"]
    assert grid[2][1:] == ["10,432 weighted patients", "£121.90", "£1,271,660.80"]
    assert grid[3] == [
        "Taken back\nRule: What was agreed here (the locality's own): home/rules, Letter",
        "1 year", "-£1,200.005", "-£1,200.01",
    ]  # fmt: skip
    assert grid[-1] == ["Total\nSome of it is estimated.", "", "", "£1,272,951.40"]
    assert "estimate" not in grid[2][0]


def test_lines_that_do_not_add_up_to_the_penny_say_why() -> None:
    lines = [Line("a", Decimal(1), "", Decimal("0.004"), packs.RULE)] * 2
    paper = packs.paper(Section("a", "A", statements=(Statement.of("A", lines),)))
    assert ("Note", ROUNDED_ONCE) in said(word_bytes(paper))
    assert cells(opened(word_bytes(paper)).tables[0])[-1] == ["Total", "", "", "£0.01"]
    assert ("Note", ROUNDED_ONCE) not in said(DATA)


def test_a_picture_has_words_for_who_cannot_see_it_and_its_sentence_after_it() -> None:
    picture = of_table(packs.chart())
    assert picture is not None
    body = opened(DATA)
    (shown,) = body.inline_shapes
    assert shown._inline.docPr.get("descr") == picture.alt
    places = [n for n, line in enumerate(body.paragraphs) if "<w:drawing>" in line._p.xml]
    assert body.paragraphs[places[0] + 1].text == picture.sentence
    (drawn,) = [part for name, part in parts(DATA).items() if name.endswith(".png")]
    assert drawn.startswith(b"\x89PNG")
    assert Mm(150) < shown.width < Mm(166)


def test_the_caller_may_say_what_is_drawn() -> None:
    paper = packs.paper(Section("a", "A", drawn=(packs.chart(), packs.practices())))
    grid = opened(word_bytes(paper, pictures=lambda table: None))
    assert len(grid.tables) == 2 and len(grid.inline_shapes) == 0
    named = opened(word_bytes(paper, pictures=lambda t: of_table(t, name="Elm", unit="per 1,000")))
    assert len(named.tables) == 1 and len(named.inline_shapes) == 1
    assert "per 1,000" in named.inline_shapes[0]._inline.docPr.get("descr")


def test_room_to_write_is_ruled() -> None:
    lines = [text for style, text in said(DATA) if style == "Room to write"]
    assert len(lines) == 6 and not any(lines)
    assert "w:between" in opened(DATA).styles["Room to write"].element.xml
    none = word_bytes(packs.paper(Section("a", "A", ("x",))))
    assert "Room to write" not in [style for style, _ in said(none)]


def test_it_is_a4_in_arial_and_british_english_with_numbered_pages() -> None:
    body = opened(DATA)
    page = body.sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    styles = body.styles.element.xml
    assert 'w:ascii="Arial"' in styles and "Theme=" not in styles
    assert set(re.findall(r'<w:lang w:val="([^"]+)"', styles)) == {"en-GB"}
    assert body.core_properties.language == "en-GB"
    assert body.core_properties.title == "Pack for Elm Surgery"
    assert body.styles["Normal"].font.size == Pt(11)
    footer = parts(DATA)["word/footer1.xml"].decode()
    assert re.findall(r'w:instr="(\w+)"', footer) == ["PAGE", "NUMPAGES"]
    assert page.footer.paragraphs[0].text.startswith("Pack for Elm Surgery\tPage ")


def test_every_style_that_is_used_is_there() -> None:
    files = parts(DATA)
    known = set(re.findall(r'w:styleId="([^"]+)"', files["word/styles.xml"].decode()))
    for name in ("word/document.xml", "word/footer1.xml", "word/numbering.xml"):
        used = re.findall(r'<w:(?:p|r|tbl)Style w:val="([^"]+)"', files[name].decode())
        assert set(used) <= known
    assert {"Heading1", "Heading2", "Title", "ListBullet"} <= known


def test_the_same_paper_is_the_same_bytes_on_every_day() -> None:
    assert word_bytes(packs.paper(), attributions=["Open data"]) == DATA
    with zipfile.ZipFile(io.BytesIO(DATA)) as folder:
        assert {part.date_time for part in folder.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    about = opened(DATA).core_properties
    assert about.created.year == about.modified.year == 2000
    assert not (about.author or about.comments or about.last_modified_by)


def nasty(text: str) -> Paper:
    # A table cannot hold half a sign.
    held = text.replace("\ud800", "")
    rows = packs.practices({"code": held, "note": held}, title=text, caption=text, notes=(text,))
    line = Line(text, Decimal(1), text, Decimal(2), packs.RULE, note=text, estimate=True)
    section = Section("a", text, (text,), (text,), (packs.chart(3, held),), (rows,),
                      (Statement.of(text, [line]),), True)  # fmt: skip
    return Paper.of(text, text, [section], (text,))


@pytest.mark.parametrize(
    "text",
    [
        "=cmd|'/c calc'!A1",
        "<w:p><w:r/></w:p> & ]]>",
        "a\x0bb\x00c\x1fd\ufffee\ud800f",
        "x" * 33_000,
        "£ € 🩺 👩🏽‍⚕️ ½",
        "{ DDEAUTO c:\\windows\\system32\\cmd.exe }",
        '{HYPERLINK "http://example.org"}',
        *HARM[:4],
    ],
)
def test_hostile_text_survives_as_text(text: str) -> None:
    data = word_bytes(nasty(text), attributions=[text])
    lines = said(data)
    for style in ("Title", "Subtitle", "Normal", "Heading 1", "List Bullet", "Caption", "Note"):
        assert (style, writable(text)) in lines, style
    grid = [cell for table in opened(data).tables for row in cells(table) for cell in row]
    assert writable(text) in grid
    written = parts(data)
    body = written["word/document.xml"].decode()
    assert not re.search("instrText|fldSimple|fldChar|w:hyperlink|w:object", body)
    assert len(re.findall("fldSimple ", written["word/footer1.xml"].decode())) == 2
    assert "External" not in "".join(
        part.decode() for name, part in written.items() if name.endswith(".rels")
    )


ANY = st.text(st.characters(exclude_categories=()), max_size=30)


@settings(max_examples=40)
@given(ANY)
def test_any_text_comes_out_without_what_xml_cannot_hold(text: str) -> None:
    section = Section("a", "A", (text,), tables=(packs.practices(),))
    data = word_bytes(Paper.of(text, "", [section]), attributions=[text])
    lines = said(data)
    assert lines[0] == ("Title", writable(text))
    assert ("Normal", writable(text)) in lines


@pytest.mark.parametrize(
    "paper",
    [
        Paper.of("T", "", []),
        Paper.of("T", "", [Section("a", "A")]),
        Paper.of("T", "", [Section("a", "A", drawn=(packs.chart(0),), tables=(table(),))]),
        Paper.of("T", "", [Section("a", "A", statements=(Statement.of("S", []),))]),
    ],
)
def test_a_paper_with_little_in_it_is_still_a_paper(paper: Paper) -> None:
    data = word_bytes(paper)
    assert said(data)[0] == ("Title", "T")
    assert WHENCE not in [text for _, text in said(data)]
    assert not opened(data).inline_shapes


@pytest.mark.parametrize(
    ("value", "text"),
    [("1234.5", "1,234.5"), ("0.931200", "0.9312"), ("10432", "10,432"), ("100", "100"),
     ("0", "0"), ("-2.50", "-2.5"), ("0.00000012", "1.2E-7"), ("1E+3", "1,000")],
)  # fmt: skip
def test_numbers_are_printed_plainly(value: str, text: str) -> None:
    assert plainly(Decimal(value)).upper() == text


@pytest.mark.parametrize(
    ("value", "text"),
    [("1200", "£1,200.00"), ("-0.5", "-£0.50"), ("219.050833238", "£219.050833"),
     ("1.230", "£1.23"), ("0", "£0.00")],
)  # fmt: skip
def test_pounds_keep_two_places(value: str, text: str) -> None:
    assert pounds(Decimal(value)) == text


def test_nothing_for_word_or_drawing_is_loaded_before_it_is_asked_for() -> None:
    code = (
        "import sys, locality.render.papers; "
        "print(*sorted({'docx', 'lxml', 'vl_convert', 'altair', 'xlsxwriter'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []
