"""The real workforce files, against sums counted another way."""

from __future__ import annotations

import csv
import gzip
import io
import math
import zipfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import pyarrow.compute
import pytest

from locality.knowledge.workforce_columns import TOTAL
from locality.sources import Document, Reading, documents, read
from locality.sources.synthetic.files import staff_headers

pytestmark = pytest.mark.published
pc: Any = pyarrow.compute


def readings(path: Path) -> list[Reading]:
    found: list[Reading] = []
    for document in documents(path):
        if isinstance(document, Document) and document.name.lower().endswith(".csv"):
            found += read(document)
    return found


def csv_rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize(
    ("name", "period", "posts", "networks", "fte"),
    [
        ("PCNWFIndividualCSV.062026.zip", "2026-06-30", 39_940, 1271, 31_253.328615),
        ("PCNWF-September-2022-Individual-Level.csv.gz", "2022-09-30", 17_239, 1105, 14_149.27192),
    ],
)
def test_networks(
    published: Path, name: str, period: str, posts: int, networks: int, fte: float
) -> None:
    path = published / "practice" / name
    (reading,) = readings(path)
    assert (reading.publication, reading.period) == ("network_workforce", period)
    assert not reading.set_aside
    table = reading.tables["network_staff"].data
    assert pc.sum(table["posts"]).as_py() == posts
    assert pc.sum(table["fte"]).as_py() == pytest.approx(fte)
    assert len(pc.unique(table["pcn_code"])) == networks
    if name.endswith(".zip"):
        with zipfile.ZipFile(path) as archive:
            (member,) = [n for n in archive.namelist() if n.endswith(".csv")]
            text = archive.read(member).decode("utf-8-sig")
    else:
        text = gzip.decompress(path.read_bytes()).decode("cp1252")
    slowly: dict[str, float] = defaultdict(float)
    for row in csv_rows(text):
        if row["DETAILED_STAFF_ROLE"] == "Care Coordinator":
            slowly[row["PCN_CODE"]] += float(row["FTE"])
    assert {
        row["pcn_code"]: pytest.approx(row["fte"])
        for row in table.filter(pc.equal(table["role"], "care coordinator")).to_pylist()
    } == slowly
    assert not any("new here" in note for note in reading.notes)


def test_the_derived_table_of_2023(published: Path) -> None:
    path = published / "practice/derived/gp_workforce_practice_2023.csv.gz"
    (reading,) = readings(path)
    assert (reading.publication, reading.period) == ("practice_workforce_derived", "2023-04-30")
    assert (reading.practices, [aside.rows for aside in reading.set_aside]) == (6313, [8])
    rows = reading.tables["practice_staff"].rows
    raw = {
        row["practice_code"]: row
        for row in csv_rows(gzip.decompress(path.read_bytes()).decode("utf-8-sig"))
    }
    columns = {
        ("GP", TOTAL): "total_gp_fte",
        ("GP", "total fully qualified"): "total_gp_extg_fte",
        ("nurse", TOTAL): "total_nurses_fte",
        ("direct patient care", TOTAL): "total_dpc_fte",
        ("direct patient care", "pharmacist"): "total_dpc_pharma_fte",
        ("admin", TOTAL): "total_admin_fte",
    }
    for (group, role), column in columns.items():
        mine = [r["fte"] for r in rows if (r["staff_group"], r["role"]) == (group, role)]
        given = [float(row[column]) for row in raw.values() if row[column]]
        told = [fte for fte in mine if fte is not None]
        assert math.fsum(told) == pytest.approx(math.fsum(given))
        if role.startswith(TOTAL):
            assert (len(mine), len(told)) == (6313, len(given))
    trainees = [r["fte"] for r in rows if r["role"] == "total trainees" and r["fte"] is not None]
    assert math.fsum(trainees) == pytest.approx(
        math.fsum(
            float(row["total_gp_fte"]) - float(row["total_gp_extg_fte"])
            for row in raw.values()
            if row["total_gp_fte"]
        )
    )
    patients = reading.tables["workforce_patients"].data
    assert pc.sum(patients["patients"]).as_py() == sum(
        int(float(row["total_patients"])) for row in raw.values()
    )


def test_no_return_in_the_derived_table(published: Path) -> None:
    (reading,) = readings(published / "practice/derived/gp_workforce_practice_2023.csv.gz")
    missing: dict[str, int] = defaultdict(int)
    for row in reading.tables["practice_staff"].rows:
        if row["role"] == TOTAL:
            missing[row["staff_group"]] += row["missing"] == "no return"
    # One practice without a return for nurses stands twice in the file, so 315 rows are 314.
    assert missing == {"GP": 66, "nurse": 314, "direct patient care": 133, "admin": 28}


def test_the_sample_of_the_detailed_file(published: Path) -> None:
    june, july = readings(published / "practice/gpw_practice_detailed_sample10.csv.gz")
    assert (june.publication, june.period, june.practices) == (
        "practice_workforce",
        "2025-06-30",
        3,
    )
    assert (july.period, july.practices) == ("2025-07-31", 7)
    rows = {
        (r["practice_code"], r["staff_group"], r["role"]): r
        for r in july.tables["practice_staff"].rows
    }
    assert rows["A81001", "GP", "total fully qualified"]["fte"] == 1
    assert rows["A81001", "GP", "total trainees"]["fte"] == pytest.approx(3.84)
    assert rows["A81009", "GP", "retainer"]["fte"] == pytest.approx(0.426666667)
    nurses = rows["A81001", "nurse", TOTAL]
    assert (nurses["fte"], nurses["missing"], nurses["estimated"]) == (None, "no return", True)
    assert rows["A81002", "admin", TOTAL]["headcount"] == 31
    for code in ("A81002", "A81004", "A81005", "A81006", "A81007", "A81009"):
        for group in ("GP", "nurse", "direct patient care", "admin"):
            parts = [
                r["fte"]
                for (mine, of, role), r in rows.items()
                if (mine, of) == (code, group) and not role.startswith(TOTAL)
            ]
            assert math.fsum(parts) == pytest.approx(rows[code, group, TOTAL]["fte"], abs=1e-4)


def test_the_writers_put_the_columns_in_the_published_order(published: Path) -> None:
    sample = published / "practice/gpw_practice_detailed_sample10.csv.gz"
    with gzip.open(sample, "rt", encoding="utf-8") as lines:
        header = next(csv.reader(lines))
    assert [word.lower() for word in staff_headers.header(united=True)] == header
    assert len(header) == 831
    with gzip.open(
        published / "practice/derived/gp_workforce_practice_2023.csv.gz", "rt", encoding="utf-8-sig"
    ) as lines:
        assert staff_headers.derived_header() == next(csv.reader(lines))
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(
        str(published / "practice/GPW_Detailed_Practice-Level_CSV_Overall_Definitions.xlsx")
    )
    cells = book.get_sheet_by_index(0).to_python()
    told = [str(row[1]).strip() for row in cells if str(row[1]).strip()]
    assert staff_headers.header() == told[told.index("PRAC_CODE") :]
