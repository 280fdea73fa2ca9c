import csv
import io
from datetime import date

import pyarrow as pa
import pyarrow.csv as pc
import pytest
from hypothesis import given

from locality.render.papers import csv_bytes
from locality.render.papers.inert import could_run, inert
from tests.render.papers.nasty import EVERYTHING, HARM, ROWS, WORKING, table

ROW = {
    "code": "A1",
    "patients": -3,
    "value": -1.5,
    "on": date(2026, 7, 1),
    "open": True,
    "flags": 2,
}


def opened(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_numbers_stay_numbers_and_dates_dates() -> None:
    data = csv_bytes(table(ROW), words=False)
    assert data.decode("utf-8-sig") == (
        "code,note,patients,value,on,open,flags\r\n"
        '"A1",,-3,-1.5,2026-07-01,true,2\r\n'
    )  # fmt: skip


def test_excel_is_told_the_letters_are_utf_8() -> None:
    assert csv_bytes(table(ROW))[:3] == b"\xef\xbb\xbf"


@given(ROWS)
def test_what_goes_in_comes_out_and_cannot_run(rows: list[dict[str, object]]) -> None:
    header, *out = opened(csv_bytes(table(*rows), words=False))
    assert header == list(EVERYTHING.names)
    assert len(out) == len(rows)
    for row, cells in zip(rows, out, strict=True):
        for name, cell in zip(header, cells, strict=True):
            value = row[name]
            if name in ("code", "note"):
                assert cell == inert(str(value) if value is not None else "")
                assert not could_run(cell)
            elif value is None:
                assert cell == ""
            elif name in ("patients", "value", "flags"):
                assert float(cell) == value
            else:
                assert cell == str(value).lower()


@pytest.mark.parametrize("text", HARM)
def test_words_above_the_rows_cannot_run_either(text: str) -> None:
    made = table(ROW, title=text, caption=text, notes=(text, text))
    lines = opened(csv_bytes(made, attributions=[text], working=WORKING))
    start = lines.index(list(EVERYTHING.names))
    assert start == 8
    for line in lines[:start]:
        assert len(line) == 1 and line[0].startswith("# ")
        assert not could_run(line[0])


def test_the_words_say_what_whence_and_how() -> None:
    made = table(ROW, title="Lists", caption="By practice", notes=("One note",))
    lines = opened(csv_bytes(made, attributions=["Open data", "Open data"], working=WORKING))
    assert [line[0] for line in lines[:7]] == [
        "# Title: Lists",
        "# Caption: By practice",
        "# Note: One note",
        "# Attribution: Open data",
        f"# Source: Lists, NHS England, 2024-25 (file l.csv), 12 rows used, sha256 {'ab' * 32}",
        "# Rule: Register: measures/hyp.toml, QOF 2024-25",
        "# Step: Add up: 1 + 1 = 2",
    ]


def test_a_program_reads_it_with_its_types() -> None:
    made = table(ROW, {"code": 'Elm, the "old" one', "note": "two\nlines"})
    read = pc.read_csv(
        io.BytesIO(csv_bytes(made, words=False)),
        parse_options=pc.ParseOptions(newlines_in_values=True),
        convert_options=pc.ConvertOptions(
            strings_can_be_null=True, quoted_strings_can_be_null=False
        ),
    )
    assert read.schema.field("patients").type == pa.int64()
    assert read.schema.field("on").type == pa.date32()
    assert read.column("code").to_pylist() == ["A1", 'Elm, the "old" one']
    assert read.column("note").to_pylist() == [None, "two\nlines"]


def test_no_number_is_not_a_number() -> None:
    data = csv_bytes(table({"code": "A", "value": float("nan")}), words=False)
    assert opened(data)[1] == ["A", "", "", "", "", "", ""]
    data = csv_bytes(table({"code": "A", "value": float("inf")}), words=False)
    assert opened(data)[1][3] == ""
