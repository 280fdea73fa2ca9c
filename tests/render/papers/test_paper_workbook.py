import io
import re
import zipfile
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from locality.figures import Paper, Section, Statement
from locality.render.papers import paper_workbook_bytes
from locality.render.papers.inert import could_run, writable
from tests.render.papers import packs
from tests.render.papers.nasty import HARM, table
from tests.render.papers.test_statement_paper import evaluated

DATA = paper_workbook_bytes(packs.paper(), attributions=["Open data"])
NAMES = [
    "Read this first", "Blood pressure controlled (%)", "Practices", "Nobody",
    "What the points come to", "About",
]  # fmt: skip


def opened(data: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
    }


def test_sheets_stand_in_the_order_in_which_they_are_read() -> None:
    assert list(opened(DATA)) == NAMES


def test_the_first_sheet_says_every_sentence_and_where_the_tables_are() -> None:
    assert [row[0] for row in opened(DATA)["Read this first"] if row[0]] == [
        "Pack for Elm Surgery", "July 2026", "For the manager.",
        "What moved", "It rose.", "Why?", "• One", "• Two",
        "On sheet: Blood pressure controlled (%)",
        "Who is here", "On sheets: Practices, Nobody",
        "Money", "In pounds.", "On sheet: What the points come to",
        "Your notes", "Please write here.",
    ]  # fmt: skip


def test_tables_stand_cell_by_cell_and_statements_with_live_formulas() -> None:
    sheets = opened(DATA)
    assert sheets["Practices"][1][:4] == ["A1", "Elm", 12345.0, 12.5]
    assert len(sheets["Blood pressure controlled (%)"]) == 15
    assert sheets["What the points come to"][4][7] == 1272951.40
    live = openpyxl.load_workbook(io.BytesIO(DATA))["What the points come to"]
    assert evaluated(live)["H5"] == packs.statement().total
    for name in NAMES[1:5]:
        sheet = openpyxl.load_workbook(io.BytesIO(DATA))[name]
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_about_says_what_whence_and_how() -> None:
    said = [row[:2] for row in opened(DATA)["About"]]
    for pair in (["Pack for Elm Surgery", ""], ["Attribution", "Open data"],
                 ["Rule", "Register: measures/hyp.toml, QOF 2024-25"], ["Sheet", "Practices"],
                 ["Note", "One note."], ["Sheet", "What the points come to"],
                 ["Step", "Money: a + b"]):  # fmt: skip
        assert pair in said


def test_two_of_one_title_and_titles_that_are_taken_are_told_apart() -> None:
    part = Section("a", "A", tables=(table(title="About"), table(title="Read this first")),
                   statements=(packs.statement("Same"), packs.statement("same")))  # fmt: skip
    sheets = opened(paper_workbook_bytes(packs.paper(part, part)))
    assert list(sheets)[1:-1] == [
        "About 2", "Read this first 2", "About 3", "Read this first 3", "Same", "same 2", "Same 3",
        "same 4",
    ]  # fmt: skip
    first = [row[0] for row in sheets["Read this first"]]
    assert "On sheets: About 2, Read this first 2, Same, same 2" in first
    assert "On sheets: About 3, Read this first 3, Same 3, same 4" in first


@pytest.mark.parametrize(
    "text",
    [*HARM[:8], "=cmd|'/c calc'!A1", "<w:p>", "a\x0bb\x01\ufffe\ud800", "£ 🩺", "x" * 70_000],
)
def test_hostile_text_survives_as_text(text: str) -> None:
    held = text.replace("\ud800", "")
    rows = packs.practices({"code": held}, title=held, notes=(held,))
    section = Section("a", text, (text,), (text,), tables=(rows,),
                      statements=(packs.statement(text),))  # fmt: skip
    data = paper_workbook_bytes(Paper.of(text, text, [section], (text,)), attributions=[held])
    said = "".join(str(row[0]) for row in opened(data)["Read this first"])
    assert said.count(writable(text).strip("\n")) >= 4
    with zipfile.ZipFile(io.BytesIO(data)) as folder:
        files = {name: folder.read(name).decode() for name in folder.namelist()}
    sheets = "".join(xml for name, xml in files.items() if "sheet" in name)
    assert set(re.findall("<f>(.*?)</f>", sheets)) == {
        "D2*E2*F2", "B2*G2", "B3*G3", "B4*G4", "ROUND(SUM(H2:H4),2)",
    }  # fmt: skip
    assert "hyperlink" not in sheets
    first = openpyxl.load_workbook(io.BytesIO(data))["Read this first"]
    for row in range(1, 8):
        cell = first.cell(row, 1)
        assert cell.data_type in "sn"
        assert bool(cell.quotePrefix) == could_run(str(cell.value or ""))


def test_the_same_paper_is_the_same_bytes_on_every_day() -> None:
    assert paper_workbook_bytes(packs.paper(), attributions=["Open data"]) == DATA
    with zipfile.ZipFile(io.BytesIO(DATA)) as folder:
        assert str(datetime.now().year) not in folder.read("docProps/core.xml").decode()


@pytest.mark.parametrize(
    "paper",
    [
        Paper.of("T", "", []),
        Paper.of("", "", [Section("a", "A")]),
        Paper.of("T", "", [Section("a", "A", drawn=(packs.chart(0),), tables=(table(),))]),
        Paper.of("T", "", [Section("a", "A", statements=(Statement.of("S", []),))]),
    ],
)
def test_a_paper_with_little_in_it_is_still_a_workbook(paper: Paper) -> None:
    sheets = list(opened(paper_workbook_bytes(paper)))
    assert sheets[0] == "Read this first" and sheets[-1] == "About"
