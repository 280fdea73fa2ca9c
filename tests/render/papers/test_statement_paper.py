import csv
import io
import re
import zipfile
from decimal import ROUND_HALF_UP, Decimal
from math import prod
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from locality.figures import Factor, Line, Statement
from locality.render.papers import statement_csv_bytes, statement_workbook_bytes
from locality.render.papers.inert import could_run, writable
from tests.render.papers import packs
from tests.render.papers.nasty import HARM

PENNY = Decimal("0.01")
HEADINGS = [
    "Line", "Quantity", "Unit of quantity", "Pounds for a point", "List-size factor",
    "Prevalence factor", "Rate (£)", "Amount (£)", "Rule", "Reference", "Estimate", "Note",
]  # fmt: skip
PLACE = "rules/qof.toml, SFE 2025-26, section 4"


def sheet(data: bytes, values: bool = False) -> Any:
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=values)
    return book[book.sheetnames[0]]


def evaluated(sheet: Any) -> dict[str, Decimal]:
    """Return what each formula comes to, by cell: products, a sum and its rounding, no more."""
    known = {
        cell.coordinate: Decimal(repr(cell.value))
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
    }
    out: dict[str, Decimal] = {}

    def value(cell: str) -> Decimal:
        formula = sheet[cell].value
        if isinstance(formula, str) and formula.startswith("="):
            out[cell] = computed(formula[1:])
            return out[cell]
        return known[cell]

    def computed(formula: str) -> Decimal:
        total = re.fullmatch(r"ROUND\(SUM\(([A-Z]+)(\d+):\1(\d+)\),2\)", formula)
        if total:
            column, first, last = total[1], int(total[2]), int(total[3])
            whole = sum((value(f"{column}{row}") for row in range(first, last + 1)), Decimal(0))
            return whole.quantize(PENNY, rounding=ROUND_HALF_UP)
        assert re.fullmatch(r"[A-Z]+\d+(\*[A-Z]+\d+)*", formula), formula
        return prod(map(value, formula.split("*")), start=Decimal(1))

    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                value(cell.coordinate)
    return out


def lines(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_the_sheet_has_a_column_for_each_factor_and_formulas_that_live() -> None:
    rows = list(sheet(statement_workbook_bytes(packs.statement())).values)
    assert list(rows[0]) == HEADINGS
    assert rows[1] == (
        "High blood pressure",
        11.37,
        "points",
        225.49,
        1.043217,
        0.9312,
        "=D2*E2*F2",
        "=B2*G2",
        "Pounds for a point",
        PLACE,
        "yes",
        "Up to July",
    )
    assert rows[2] == (
        "Global sum",
        10432,
        "weighted patients",
        None,
        None,
        None,
        121.9,
        "=B3*G3",
        "Pounds for a point",
        PLACE,
        "no",
        None,
    )
    assert rows[3][6:] == (
        -1200.005,
        "=B4*G4",
        "What was agreed here (the locality's own)",
        "home/rules, Letter",
        "no",
        None,
    )
    assert rows[4] == ("Total", *[None] * 6, "=ROUND(SUM(H2:H4),2)", None, None, "in part", None)
    assert len(rows) == 5  # fmt: skip


def test_readers_that_do_not_calculate_see_the_numbers() -> None:
    statement = packs.statement()
    data = statement_workbook_bytes(statement)
    rows = list(sheet(data, values=True).values)
    assert [row[6] for row in rows[1:4]] == [float(line.rate) for line in statement.lines]
    assert [row[7] for row in rows[1:4]] == [float(line.amount) for line in statement.lines]
    assert rows[4][7] == 1272951.40
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.sheet_names == ["What the points come to", "About"]
    assert book.get_sheet_by_index(0).to_python()[4][7] == 1272951.40


DECIMALS = st.decimals(-99999, 99999, places=3)
FACTORS = st.lists(
    st.builds(Factor, st.sampled_from(["a", "b", "Rate (£)"]), st.decimals(0, 9, places=4),
              st.just(packs.RULE)),
    max_size=3,
)  # fmt: skip
LINES = st.one_of(
    st.builds(Line, st.just("x"), DECIMALS, st.just("points"), DECIMALS, st.just(packs.RULE)),
    st.builds(Line.made_of, st.just("y"), st.decimals(-999, 999, places=2), st.just("points"),
              FACTORS, st.just(packs.OWN)),
)  # fmt: skip


@settings(max_examples=60)
@given(st.lists(LINES, max_size=5))
def test_formulas_come_to_the_statement_to_the_penny(made: list[Line]) -> None:
    statement = Statement.of("Money", made)
    data = statement_workbook_bytes(statement)
    live = sheet(data)
    got = evaluated(live)
    headings = [cell.value for cell in live[1]]
    amount = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[headings.index("Amount (£)")]
    for row, line in enumerate(made, start=2):
        pounds = got[f"{amount}{row}"].quantize(PENNY, rounding=ROUND_HALF_UP)
        assert pounds == line.pounds
    stored = sheet(data, values=True)
    total = f"{amount}{len(made) + 2}"
    assert got.get(total, Decimal(0)) == statement.total
    assert stored[total].value == float(statement.total)
    assert all(stored[cell].value == pytest.approx(float(x)) for cell, x in got.items())


def test_a_rate_that_its_factors_do_not_come_to_stands_as_a_number() -> None:
    factor = Factor("Price", Decimal("1.234"), packs.RULE)
    line = Line("x", Decimal(2), "items", Decimal("1.23"), packs.RULE, factors=(factor,))
    rows = list(sheet(statement_workbook_bytes(Statement.of("S", [line]))).values)
    assert rows[1][3:6] == (1.234, 1.23, "=B2*E2")


def test_a_factor_met_twice_in_a_line_has_two_columns() -> None:
    factors = [Factor("Share", Decimal(n), packs.RULE) for n in (2, 3)]
    line = Line.made_of("x", Decimal(1), "year", [*factors, Factor("rate", Decimal(5), packs.RULE)],
                        packs.RULE)  # fmt: skip
    statement = Statement.of("S", [line])
    rows = list(sheet(statement_workbook_bytes(statement)).values)
    assert rows[0][3:6] == ("Share", "Share 2", "rate (factor)")
    assert rows[1][3:8] == (2, 3, 5, "=D2*E2*F2", "=B2*G2")
    head = next(row for row in lines(statement_csv_bytes(statement)) if row[0] == "label")
    assert len(set(head)) == len(head)


def test_a_statement_without_lines_comes_to_nothing() -> None:
    empty = Statement.of("S", [])
    rows = list(sheet(statement_workbook_bytes(empty)).values)
    assert rows[1][:5] == ("Total", None, None, None, 0)
    assert lines(statement_csv_bytes(empty))[-1][:5] == ["Total", "", "", "", "0.00"]


def test_about_says_where_each_factor_comes_from() -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(statement_workbook_bytes(packs.statement(), ["Open data"]))
    )
    said = [row[:2] for row in book["About"].values]
    assert ("Attribution", "Open data") in said
    assert ("Factor", "List-size factor = 1.043217; 10,432 patients over 10,000; Pounds for a "
            f"point: {PLACE}") in said  # fmt: skip
    assert ("Step", "Money: a + b") in said


def test_the_csv_has_the_same_columns_and_the_total_below() -> None:
    out = lines(statement_csv_bytes(packs.statement(), ["Open data", "Open data"]))
    start = next(n for n, row in enumerate(out) if not row[0].startswith("# "))
    assert [row[0] for row in out[:3]] == [
        "# Title: What the points come to",
        "# Note: Amounts are added up before they are rounded; the total is rounded to the penny.",
        "# Attribution: Open data",
    ]
    assert out[start - 1] == ["# Step: Money: a + b"] and start == 7
    head, first, second, third, total = out[start:]
    assert head == ["label", "quantity", "quantity_unit", *HEADINGS[3:6], "rate", "amount", "rule",
                    "reference", "estimate", "note"]  # fmt: skip
    assert first == ["High blood pressure", "11.37", "points", "225.49", "1.043217", "0.9312",
                     "219.050833238496", "2490.60797392169952", "Pounds for a point", PLACE, "yes",
                     "Up to July"]  # fmt: skip
    assert second[3:8] == ["", "", "", "121.9", "1271660.8"]
    assert third[7] == "-1200.005"
    assert total == ["Total", *[""] * 6, "1272951.40", "", "", "in part", ""]
    assert sum(Decimal(row[7]) for row in (first, second, third)).quantize(PENNY) == Decimal(
        total[7]
    )


@pytest.mark.parametrize("text", [*HARM, "<w:p>", "£ 🩺", "a\x0bb", "x" * 33_000])
def test_hostile_text_cannot_run_anywhere(text: str) -> None:
    factor = Factor(text, Decimal(2), packs.RULE, text)
    line = Line.made_of(text, Decimal(1), text, [factor], packs.RULE, note=text)
    statement = Statement.of(text, [line])
    for row in lines(statement_csv_bytes(statement, [text])):
        assert not any(could_run(cell) for cell in row if not re.fullmatch(r"-?[\d.]+", cell))
    data = statement_workbook_bytes(statement, [text])
    with zipfile.ZipFile(io.BytesIO(data)) as folder:
        sheets = [folder.read(name).decode() for name in folder.namelist() if "sheet" in name]
    formulas = [formula for xml in sheets for formula in re.findall("<f>(.*?)</f>", xml)]
    assert formulas == ["D2", "B2*E2", "ROUND(SUM(F2:F2),2)"]
    assert not any("hyperlink" in xml for xml in sheets)
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    shown = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert shown[1][0] == writable(text)[:32_767]


def test_the_same_statement_is_the_same_bytes_and_prints_on_one_page_across() -> None:
    data = statement_workbook_bytes(packs.statement())
    assert data == statement_workbook_bytes(packs.statement())
    assert statement_csv_bytes(packs.statement()) == statement_csv_bytes(packs.statement())
    shown = sheet(data)
    assert (shown.page_setup.orientation, shown.page_setup.paperSize) == ("landscape", 9)
    assert shown.sheet_properties.pageSetUpPr.fitToPage
    assert (shown.page_setup.fitToWidth or 1, shown.page_setup.fitToHeight) == (1, 0)
    assert shown.print_title_rows == "$1:$1"
