"""Downloads: the same rows as the page, safe to open, named after what they hold."""

from __future__ import annotations

import csv
import io
from typing import Any

import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from tests.web import made

TABLES = [
    "/measure/qof.register.hyp/all",
    "/measure/qof.register.hyp/Y00003",
    "/know/Y00003/measures",
    "/know/Y00003/list",
    "/know/Y00003/age-sex",
    "/know/Y00003/need",
    "/know/QX1/members",
    f"/know/{made.CLOSED}/history",
    "/data/lineage",
    "/data/set-aside",
    "/data/attributions",
    "/data/coverage",
    "/data/measures",
]


@pytest.mark.parametrize("address", TABLES)
def test_three_endings_hold_the_same_rows(pages: Any, address: str) -> None:
    answers = {ending: pages.get(f"{address}.{ending}") for ending in ("csv", "xlsx", "parquet")}
    for ending, answer in answers.items():
        assert answer.status_code == 200
        assert answer["Content-Disposition"].endswith(f'.{ending}"')
        assert answer["Content-Disposition"].startswith('attachment; filename="locality-')
    text = answers["csv"].content.decode("utf-8-sig")
    lines = [r for r in csv.reader(io.StringIO(text)) if r and not r[0].startswith("# ")]
    table = pq.read_table(io.BytesIO(answers["parquet"].content))
    assert lines[0] == table.column_names
    assert len(lines) - 1 == table.num_rows > 0
    book = CalamineWorkbook.from_filelike(io.BytesIO(answers["xlsx"].content))
    assert len(book.get_sheet_by_index(0).to_python()) >= table.num_rows


def test_no_cell_can_run(pages: Any) -> None:
    text = pages.get("/measure/qof.register.hyp/all.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    cells = [cell for row in rows for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "@", "\t", "\r")]


def test_a_download_follows_the_page(pages: Any) -> None:
    answer = pages.get("/measure/qof.register.hyp/all.csv?within=QX1&period=2022-23&sort=value")
    text = io.StringIO(answer.content.decode("utf-8-sig"))
    lines = list(csv.DictReader(line for line in text if not line.startswith('"# ')))
    assert len(lines) == 20
    assert {row["period"] for row in lines} == {"2022-23"}
    values = [float(row["value"]) for row in lines]
    assert values == sorted(values)
    assert "QX1" in answer["Content-Disposition"]
    assert "2022-23" in answer["Content-Disposition"]


def test_the_address_of_a_download_names_no_file_of_this_computer(pages: Any) -> None:
    for address in ("/data/..%2f..%2fsecret.csv", "/know/Y00003/..%2fsecret_key.csv"):
        assert pages.get(address).status_code == 404
