import io
import re
import zipfile
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from locality.figures import Problem, Table
from locality.figures.schemas import PRACTICE_MAP
from locality.render.papers import workbook_bytes
from locality.render.papers.inert import could_run
from locality.render.papers.workbook import sheet_names
from tests.render.papers.nasty import EVERYTHING, HARM, ROWS, WORKING, table

ROW = {
    "code": "A1",
    "patients": -3,
    "value": -1.5,
    "on": date(2026, 7, 1),
    "open": True,
    "flags": 2,
}


def opened(data: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in book.sheet_names}  # fmt: skip


def parts(data: bytes, pattern: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as folder:
        return "".join(folder.read(n).decode() for n in folder.namelist() if re.search(pattern, n))


def test_numbers_dates_and_flags_keep_their_kinds() -> None:
    rows = opened(workbook_bytes([table(ROW)], "Lists"))["One column of each type"]
    assert rows[0] == ["Its name (code)", "Its name (note)", "Registered patients", "Value (%)",
                       "Day", "Open or not", "Bits"]  # fmt: skip
    assert rows[1] == ["A1", "", -3.0, -1.5, date(2026, 7, 1), True, 2.0]


@given(ROWS)
def test_what_goes_in_comes_out(rows: list[dict[str, Any]]) -> None:
    data = workbook_bytes([table(*rows)], "Lists")
    out = opened(data)["One column of each type"][1:]
    out += [[""] * 7] * (len(rows) - len(out))
    for row, cells in zip(rows, out, strict=True):
        for name, cell in zip(EVERYTHING.names, cells, strict=False):
            value = row[name]
            if name in ("code", "note"):
                # A line end is written as XML writes it: CR and CR LF come back as LF.
                assert line_ends(cell) == line_ends(value or "")
            elif value is None:
                assert cell == ""
            elif name == "value":
                assert cell == pytest.approx(value, rel=1e-15)
            else:
                assert cell == value
    assert "<f>" not in parts(data, r"sheet\d+\.xml")


def line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("text", [text for text in HARM if could_run(text)])
def test_harm_is_text_and_stays_text_when_it_is_edited(text: str) -> None:
    data = workbook_bytes([table({"code": text, "note": "plain"})], text, [text])
    sheet = parts(data, r"sheet1\.xml")
    assert "<f>" not in parts(data, r"sheet\d+\.xml")
    assert "hyperlink" not in parts(data, r"sheet\d+\.xml|rels")
    (style,) = re.findall(r'<c r="A2" s="(\d+)" t="s">', sheet)
    (plain,) = re.findall(r'<c r="B2" s="(\d+)" t="s">', sheet)
    formats = re.findall(r"<xf [^>]*?/?>", parts(data, "styles").split("<cellXfs")[1])
    assert 'quotePrefix="1"' in formats[int(style)]
    assert 'quotePrefix="1"' not in formats[int(plain)]


def test_about_says_what_whence_and_how() -> None:
    made = table(ROW, title="Lists", caption="By practice", notes=("One note",))
    data = workbook_bytes([made], "My lists", ["Open data", "Open data"], working=WORKING)
    about = opened(data)["About"]
    said = [row[:2] for row in about]
    assert said[0][0] == "My lists"
    assert [row for row in said if row[0] == "Attribution"] == [["Attribution", "Open data"]]
    for pair in (["Sheet", "Lists"], ["Caption", "By practice"], ["Note", "One note"],
                 ["Rule", "Register: measures/hyp.toml, QOF 2024-25"],
                 ["Step", "Add up: 1 + 1 = 2"]):  # fmt: skip
        assert pair in said
    assert ["4", "Value (%)", "value", "%"] in about
    assert any(row[0] == "Source" and "ab" * 32 in row[1] for row in said)


def test_the_first_table_names_a_workbook_without_a_title() -> None:
    assert opened(workbook_bytes([table(ROW, title="Lists")]))["About"][0][0] == "Lists"


def test_the_same_tables_are_the_same_bytes() -> None:
    assert workbook_bytes([table(ROW)], "x") == workbook_bytes([table(ROW)], "x")
    properties = parts(workbook_bytes([table(ROW)], "x"), "core")
    assert str(datetime.now().year) not in properties


def test_each_heading_is_given_once() -> None:
    empty = Table.of(PRACTICE_MAP, [])
    (rows,) = [
        rows for name, rows in opened(workbook_bytes([empty], "x")).items() if name != "About"
    ]
    assert len(set(rows[0])) == len(PRACTICE_MAP.columns)
    assert "Its name (pcn_name)" in rows[0]


def test_several_tables_stand_on_several_sheets() -> None:
    book = opened(workbook_bytes([table(ROW, title="Lists"), table(title="lists")], "x"))
    assert list(book) == ["Lists", "lists 2", "About"]


def test_a_table_longer_than_a_sheet_is_refused_with_another_way() -> None:
    columns = {
        name: pa.nulls(1_048_576, EVERYTHING.column(name).arrow) for name in EVERYTHING.names
    }
    long = Table(EVERYTHING, pa.table(columns), title="All months")
    with pytest.raises(Problem, match=r"All months has 1,048,576 rows .* CSV or Parquet"):
        workbook_bytes([long], "x")


def test_a_text_longer_than_a_cell_is_cut() -> None:
    rows = opened(workbook_bytes([table({"code": "x" * 40_000})], "x"))["One column of each type"]
    assert len(rows[1][0]) == 32_767


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",)), max_size=50), max_size=5))
def test_sheet_names_are_ones_that_excel_takes(titles: list[str]) -> None:
    names = sheet_names(titles)
    assert len({name.lower() for name in [*names, "about", "history"]}) == len(titles) + 2
    for name in names:
        assert 0 < len(name) <= 31
        assert not set(name) & set("[]:*?/\\")
        assert name == name.strip("'")
