"""Whatever the format, a sheet of text: encodings, separators, titles, broken rows."""

from __future__ import annotations

import csv
import io
import json

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from locality.sources import Refused, contents
from locality.sources.delimited import delimited
from locality.sources.rows import Sheet, header_row, plain, sheet_of
from tests.sources import made

ROWS = [["code", "name", "patients"], ["A81001", "Café Surgery", "12"], ["A81002", "B", "0012"]]


def only(content: bytes) -> Sheet:
    (sheet,) = delimited(content).sheets
    return sheet


def cells(sheet: Sheet) -> list[list[str]]:
    return [list(row) for row in zip(*sheet.body.to_pydict().values(), strict=True)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_encoding_separator_and_line_end_gives_the_same_cells(
    encoding: str, separator: str, end: str
) -> None:
    sheet = only(made.text(ROWS, separator, end).encode(encoding))
    assert list(sheet.header) == ROWS[0]
    assert cells(sheet) == ROWS[1:]


def test_windows_text_is_noted() -> None:
    assert "Windows-1252" in delimited(made.text(ROWS).encode("cp1252")).notes[0]
    assert delimited(made.text(ROWS).encode()).notes == ()


def test_titles_above_and_footnotes_below_are_kept_apart() -> None:
    sheet = only(("Patients by practice\n\n" + made.text(ROWS) + "Source: made up\n").encode())
    assert list(sheet.header) == ROWS[0]
    assert cells(sheet) == ROWS[1:]
    assert sheet.above == (("Patients by practice",),)
    assert [(s.line, s.cells) for s in sheet.strays] == [(6, ("Source: made up",))]
    assert not sheet.cut_short


def test_padded_titles_and_a_header_of_two_lines_in_one_cell() -> None:
    sheet = only(b'Title,,\n,,\ncode,"list\nsize",name\nA81001,5,B\n,,\nA81002,6,"C\nD"\n')
    assert sheet.words == ("code", "list_size", "name")
    assert cells(sheet) == [["A81001", "5", "B"], ["A81002", "6", "C\nD"]]
    assert [sheet.line_of(row) for row in range(2)] == [5, 7]


def test_lines_are_counted_past_blank_and_broken_rows() -> None:
    sheet = only(b"a,b,c\n1,2,3\n\n4,5\n6,7,8\n,,\n9,10,11\n")
    assert cells(sheet) == [["1", "2", "3"], ["6", "7", "8"], ["9", "10", "11"]]
    assert [sheet.line_of(row) for row in range(3)] == [2, 5, 7]
    assert [s.line for s in sheet.strays] == [4]


def test_a_file_that_ends_within_a_row_is_cut_short() -> None:
    assert only(b"a,b,c\n1,2,3\n4,5").cut_short
    assert not only(b"a,b,c\n1,2,3\n4,5,6").cut_short
    assert not only(b"a,b,c\n1,2,3\n4,5\n").cut_short


def test_an_open_quotation_mark_is_refused_and_one_for_inches_is_not() -> None:
    with pytest.raises(Refused, match="line 3"):
        only(b'a,b,c\n1,2,3\n4,"5,6\n7,8,9\n')
    with pytest.raises(Refused, match="middle of line 3"):
        only(b'a,b,c\n1,2,3\n4,5,"si')
    assert cells(only(b'a,b,c\n1,12" pipe,3\n'))[0][1] == '12" pipe'


@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=6),
            min_size=4,
            max_size=4,
        ),
        min_size=1,
        max_size=8,
    )
)
def test_cells_are_those_of_the_slow_reader(rows: list[list[str]]) -> None:
    text = made.text([["one", "two", "three", "four"], *rows])
    slow = [row for row in list(csv.reader(io.StringIO(text)))[1:] if any(row)]
    assert cells(only(text.encode())) == slow


@pytest.mark.parametrize(
    ("head", "place"),
    [
        ([["a", "b", "c"], ["1", "2", "3"]], 0),
        ([["Title", "", ""], ["Practice code", "Name", "List"], ["A81001", "B", "1"]], 1),
        ([["Table 2"], ["code", "name", "list"], ["A81001", "B", "1"]], 1),
        # Every row broken by a comma too many: the header is still the header.
        ([["code", "name", "list"], ["A81001", "B", "C", "1"], ["A81002", "B", "C", "1"]], 0),
        ([["A81001", "X", "", "19740401"], ["A81002", "Y", "", "19740401"]], 0),
        ([[""], [""]], 0),
        ([], 0),
    ],
)
def test_the_header_is_found(head: list[list[str]], place: int) -> None:
    assert header_row(head) == place


@pytest.mark.parametrize(
    ("header", "word"),
    [
        ("NUMBER_OF_PATIENTS", "number_of_patients"),
        ("Health Ineq  WP ", "health_ineq_wp"),
        ("pop 2022/23", "pop_2022_23"),
        ("dateOfBirth", "date_of_birth"),
        ("PCN\nCode [2, 3]", "pcn_code_2_3"),
    ],
)
def test_headers_are_compared_plainly(header: str, word: str) -> None:
    assert plain(header) == word


def test_workbooks_keep_codes_and_write_numbers_and_dates_plainly() -> None:
    rows = [["Title", "", ""], ["code", "n", "share"], ["0012", 113.0, 0.1], ["", 7, 1e-7]]
    content = contents(made.document(made.workbook({"A": rows, "Empty": []}), "b.xlsx"))
    (sheet,) = content.sheets
    assert sheet.name == "A"
    assert sheet.header == ("code", "n", "share")
    assert cells(sheet) == [["0012", "113", "0.1"], ["", "7", "1e-07"]]
    assert sheet.line_of(1) == 4


def test_a_format_without_content_far_away_does_no_harm() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate(ROWS):
            sheet.write_row(place, 0, row)
        sheet.write_blank("XFD1048576", None, book.add_format({"bold": True}))
    (found,) = contents(made.document(out.getvalue(), "x.xlsx")).sheets
    assert cells(found) == ROWS[1:]


def test_parquet_and_json_give_the_same_sheet() -> None:
    rows = [["code", "name", "patients"], ["A81001", "B", 12], ["A81002", None, 13]]
    records = json.dumps([dict(zip(rows[0], row, strict=True)) for row in rows[1:]]).encode()
    for document in (
        made.document(made.parquet(rows), "x.parquet"),
        made.document(records, "x.json"),
        made.document(b'{"rows": ' + records + b"}", "x.json"),
    ):
        (sheet,) = contents(document).sheets
        assert sheet.header == ("code", "name", "patients")
        assert cells(sheet) == [["A81001", "B", "12"], ["A81002", "", "13"]]


def test_no_cells_no_sheet() -> None:
    assert sheet_of("x", [["", " "], []]) is None
