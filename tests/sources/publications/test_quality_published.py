"""The real QOF and Investment and Impact Fund files, against sums counted apart."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pytest

from locality.sources import Document, NotRecognised, Reading, documents, read
from locality.sources.arrow import pc

pytestmark = pytest.mark.published


def one(path: Path) -> Reading:
    (document,) = documents(path)
    assert isinstance(document, Document), document
    (reading,) = read(document)
    assert not reading.set_aside
    return reading


def plainly(path: Path) -> list[dict[str, str]]:
    text = gzip.decompress(path.read_bytes()).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize(
    ("year", "practices", "maximum", "without"),
    [
        ("2017-18", 7100, 559, 11),
        ("2018-19", 6873, 559, 19),
        ("2019-20", 6720, 559, 0),
        ("2021-22", 6470, 635, 0),
        ("2022-23", 6378, 635, 0),
    ],
)
def test_overall(published: Path, year: str, practices: int, maximum: int, without: int) -> None:
    path = published / f"practice/QOF_{year}.csv.gz"
    reading = one(path)
    table = reading.tables["qof_overall"].data
    assert (reading.period, reading.practices) == (year, practices)
    assert table["points"].null_count == table["missing"].length() - table["missing"].null_count
    assert table["points"].null_count == without
    assert set(table["maximum_points"].to_pylist()) == {maximum}
    rows = plainly(path)
    score, size = (
        next(name for name in rows[0] if name.startswith(start))
        for start in ("Achievement score", ("All ages", "List size"))
    )
    points = [float(row[score]) for row in rows if row[score] != ":"]
    assert pc.sum(table["points"]).as_py() == pytest.approx(sum(points))
    assert pc.sum(table["list_size"]).as_py() == sum(int(row[size]) for row in rows)


@pytest.mark.parametrize(
    ("name", "year", "rows", "points"),
    [
        ("INDICATOR_MAPPINGS_1819_v2.csv.gz", "2018-19", 77, 559),
        ("MAPPING_INDICATORS_2021_v2.csv.gz", "2020-21", 68, 567),
        ("qof_indicators_2019_2020.parquet", "2019-20", 68, 559),
        ("qof_indicators_2020_2021.parquet", "2020-21", 68, 567),
        ("qof_indicators_2021_2022.parquet", "2021-22", 72, 635),
        ("qof_indicators_2022_2023.parquet", "2022-23", 76, 635),
        ("qof_indicators_2023_2024.parquet", "2023-24", 76, 635),
    ],
)
def test_indicators(published: Path, name: str, year: str, rows: int, points: int) -> None:
    reading = one(published / "practice" / name)
    table = reading.tables["qof_indicators"].data
    assert (reading.period, reading.rows) == (year, rows)
    assert pc.sum(table["points"]).as_py() == points
    described = table["description"].null_count == 0
    assert described == (year == "2018-19")


@pytest.mark.parametrize(
    ("name", "year", "practices", "part"),
    [
        ("MAPPING_NHS_GEOGRAPHIES_2021.csv.gz", "2020-21", 6571, ""),
        ("qof_structures_2019_2020.parquet", "2019-20", 6720, ""),
        ("qof_structures_2020_2021.parquet", "2020-21", 6571, ""),
        ("qof_structures_2021_2022.parquet", "2021-22", 6470, ""),
        ("qof_structures_2022_2023.parquet", "2022-23", 6378, ""),
        ("qof_structures_2023_2024.parquet", "2023-24", 6267, ""),
        ("QOF_MANUAL_MAPPINGS_2324.csv.gz", "2023-24", 6410, "manual mapping"),
    ],
)
def test_geographies(published: Path, name: str, year: str, practices: int, part: str) -> None:
    reading = one(published / "practice" / name)
    table = reading.tables["qof_geographies"].data
    assert (reading.period, reading.practices, reading.part) == (year, practices, part)
    assert len(pc.unique(table["region_code"])) == 7
    assert len(pc.unique(table["icb_code"])) == 42
    assert set(pc.utf8_slice_codeunits(table["pcn_code"], 0, 1).to_pylist()) == {"U"}


def test_the_manual_mapping_has_every_practice_that_took_part(published: Path) -> None:
    manual, took_part = (
        {
            row["practice_code"]: (row["sub_icb_code"], row["icb_code"], row["region_code"])
            for row in one(published / "practice" / name).tables["qof_geographies"].rows
        }
        for name in ("QOF_MANUAL_MAPPINGS_2324.csv.gz", "qof_structures_2023_2024.parquet")
    )
    assert not took_part.keys() - manual.keys()
    assert {code for code in took_part if manual[code] != took_part[code]} == set()


def test_maximum_points(published: Path) -> None:
    path = published / "practice/ORGANISATION_REFERENCE_2021.csv.gz"
    reading = one(path)
    table = reading.tables["qof_points"].data
    assert (reading.period, reading.practices) == ("2020-21", 6571)
    total = sum(float(row["REVISED_MAXIMUM_POINTS"]) for row in plainly(path))
    assert pc.sum(table["maximum_points"]).as_py() == total


def test_iif(published: Path) -> None:
    path = published / "practice/IIF_indicators_annual_pub_2023_24.csv.gz"
    reading = one(path)
    table = reading.tables["iif"].data
    assert (reading.period, reading.practices) == ("2023-24", 6294)
    assert reading.rows == 2 * 6294 + 2 * 1273
    rows = plainly(path)
    for indicator, column, measure in (
        ("ACC-08", "numerator", "ACC-08 Numerator"),
        ("ACC-08", "denominator", "ACC-08 Denominator"),
        ("EHCH-04", "numerator", "EHCH-04 Numerator"),
        ("ACC-10", "numerator", "ACC-10 standardised numerator"),
        ("ACC-10B", "baseline_numerator", "ACC-10b baseline non-standardised numerator"),
    ):
        found = pc.sum(table.filter(pc.equal(table["indicator"], indicator))[column]).as_py()
        assert found == sum(float(row["VALUE"]) for row in rows if row["MEASURE"] == measure)
    practices = table.filter(pc.equal(table["kind"], "practice"))
    assert not pc.any(pc.starts_with(practices["organisation_code"], "U")).as_py()


@pytest.mark.parametrize(
    "name",
    [
        "MAPPING_PCAS_EXCL_TO_INDICATOR_2021_v2.csv.gz",
        "PRACTICE_VALIDATION_OUTCOMES_2021.csv.gz",
        "qof-1920-prev-ach-pca-ccg.xlsx",
    ],
)
def test_the_rest_of_the_archive_is_not_taken_for_these(published: Path, name: str) -> None:
    mine = {"qof_overall", "qof_indicators", "qof_geographies", "qof_points", "qof_achievement"}
    (document,) = documents(published / "practice" / name)
    assert isinstance(document, Document)
    try:
        found = {reading.publication for reading in read(document)}
    except NotRecognised:
        found = set()
    assert not found & {*mine, "iif"}
