from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections import defaultdict
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.sources.synthetic.plainly import Plain, age_from

REAL = {
    ("practice_map", "2022-01-01"): "gp-reg-pat-prac-map-jan-22.csv.gz",
    ("practice_map", "2026-07-01"): "gp-reg-pat-prac-map-jul-26.zip",
    ("list_sizes", "2022-01-01"): "gp-reg-pat-prac-all-jan-21.csv.gz",
    ("list_sizes", "2025-10-01"): "gp-reg-pat-prac-all-oct-25.csv.gz",
    ("age_sex", "2026-07-01"): "gp-reg-pat-prac-quin-age-jul-26.zip",
    ("qof_prevalence", "2021-22"): "PREVALENCE_2122.csv.gz",
    ("qof_prevalence", "2024-25"): "PREVALENCE_2425.csv.gz",
    ("weighted_populations", "2022-23"): "allocation_need_practice_2022-23.csv.gz",
    ("weighted_populations", "2023-24"): "allocation_need_practice_2023-24.csv.gz",
    ("weighted_populations", "2025-26"): "allocation_need_practice_2025-26.csv.gz",
}


def opened(path: Path) -> bytes:
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes())
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            return archive.read(archive.namelist()[0])
    return path.read_bytes()


@pytest.mark.published
@pytest.mark.parametrize(("publication", "period"), sorted(REAL))
def test_headers_and_line_ends_are_the_real_ones(
    locality: Plain, published: Path, publication: str, period: str
) -> None:
    (real,) = published.rglob(REAL[publication, period])
    ours = opened(locality.folder / locality.files(publication)[period])
    theirs = opened(real)
    # Byte order mark, names, spelling and line end, all of them.
    assert ours.split(b"\n", 1)[0] == theirs.split(b"\n", 1)[0]


@pytest.mark.published
def test_workbook_header_is_the_real_one(locality: Plain, published: Path) -> None:
    (real,) = published.rglob("GP_Practice_WP_2023_2024_2025.xlsx")
    ours = locality.folder / locality.files("weighted_populations")["2024-25"]
    heads = [
        CalamineWorkbook.from_path(str(path)).get_sheet_by_name("GP_wp_202425").to_python()[0]
        for path in (ours, real)
    ]
    assert heads[0] == heads[1]


@pytest.mark.published
def test_age_sex_rows_are_in_the_real_order(locality: Plain, published: Path) -> None:
    (real,) = published.rglob(REAL["age_sex", "2026-07-01"])

    def order(text: str) -> tuple[list[str], list[tuple[str, str]]]:
        kinds: list[str] = []
        first: list[tuple[str, str]] = []
        for row in csv.DictReader(io.StringIO(text, newline="")):
            if row["ORG_TYPE"] not in kinds:
                kinds.append(row["ORG_TYPE"])
            if len(first) < 43:
                first.append((row["SEX"], row["AGE_GROUP_5"]))
        return kinds, first

    ours = locality.text(locality.files("age_sex")["2026-07-01"])
    assert order(ours) == order(opened(real).decode())


def test_list_sizes_are_the_age_sex_totals(made: Plain) -> None:
    for period in made.files("age_sex"):
        lists = {r["CODE"]: int(r["NUMBER_OF_PATIENTS"]) for r in made.of("list_sizes", period)}
        bands: dict[str, int] = defaultdict(int)
        totals: dict[str, int] = {}
        for row in made.of("age_sex", period):
            if row["ORG_TYPE"] == "GP" and (row["SEX"], row["AGE_GROUP_5"]) == ("ALL", "ALL"):
                totals[row["ORG_CODE"]] = int(row["NUMBER_OF_PATIENTS"])
            elif row["ORG_TYPE"] == "GP" and row["AGE_GROUP_5"] != "ALL":
                bands[row["ORG_CODE"]] += int(row["NUMBER_OF_PATIENTS"])
        assert lists == totals == bands


def test_every_level_of_age_sex_adds_up(made: Plain) -> None:
    for period in made.files("age_sex"):
        levels: dict[str, dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
        for row in made.of("age_sex", period):
            cell = row["SEX"], row["AGE_GROUP_5"]
            levels[row["ORG_TYPE"]][cell] += int(row["NUMBER_OF_PATIENTS"])
        old = period < "2022-07-01"
        middle = {"STP", "CCG"} if old else {"ICB", "SUB_ICB_LOCATION_CODE"}
        assert levels.keys() == {"Comm Region", "PCN", "GP"} | middle
        assert all(level == levels["GP"] for level in levels.values())


def test_zeros_are_absent_until_the_latest(made: Plain) -> None:
    latest = made.planted["zeros_written_out"]["as_at"]
    for period in made.files("age_sex"):
        rows = [r for r in made.of("age_sex", period) if r["ORG_TYPE"] == "GP"]
        practices = len({r["ORG_CODE"] for r in rows})
        zeros = sum(r["NUMBER_OF_PATIENTS"] == "0" for r in rows)
        if period == latest:
            assert len(rows) == 43 * practices and zeros > 0
        else:
            assert len(rows) < 43 * practices and zeros == 0


def test_qof_lists_are_the_age_limited_lists(made: Plain) -> None:
    for period in made.files("qof_prevalence"):
        ages: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for row in made.of("age_sex", f"{int(period[:4]) + 1}-04-01"):
            if row["ORG_TYPE"] == "GP" and row["AGE_GROUP_5"] != "ALL":
                band = age_from(row["AGE_GROUP_5"])
                ages[row["ORG_CODE"]][band] += int(row["NUMBER_OF_PATIENTS"])
        for row in made.of("qof_prevalence", period):
            kind, size = row["PATIENT_LIST_TYPE"], int(row["PRACTICE_LIST_SIZE"])
            limit = 0 if kind == "TOTAL" else int(kind[:2])
            people = ages[row["PRACTICE_CODE"]]
            surely = sum(n for band, n in people.items() if band >= limit)
            perhaps = sum(n for band, n in people.items() if band < limit < band + 5)
            share = (-limit) % 5 / 5
            assert size == pytest.approx(surely + share * perhaps, abs=0.5)
            assert row["REGISTER"] == "*" or float(row["REGISTER"]) <= size


def test_registers_are_written_as_in_their_year(locality: Plain) -> None:
    for period in locality.files("qof_prevalence"):
        rows = locality.of("qof_prevalence", period)
        cells = {row["REGISTER"] for row in rows} - {"*"}
        assert all(cell.endswith(".0") == (period > "2021-22") for cell in cells)
        per_practice: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            per_practice[row["PRACTICE_CODE"]].append(row["GROUP_CODE"])
        assert all(len(g) == 21 and g == sorted(g) for g in per_practice.values())


def test_epraccur_has_27_quoted_columns_and_more_than_practices(made: Plain) -> None:
    file = made.files("ods_practices")["2026-07-01"]
    rows = made.bare_rows(file)
    assert {len(row) for row in rows} == {27}
    assert all(line.startswith('"') and line.endswith('"') for line in made.text(file).splitlines())
    assert {row[12] for row in rows} == {"A", "C", "D", "P"}
    active = {r[0] for r in rows if r[12] == "A" and r[25] == "4" and r[0][0] != "W"}
    on_map = {r["PRACTICE_CODE"] for r in made.of("practice_map", "2026-07-01")}
    assert active == on_map
    assert {row[2] for row in rows if row[0].startswith("W")} == {"W00"}
    assert {row[25] for row in rows} > {"0", "4", "9"}


def test_maps_of_each_era(made: Plain) -> None:
    for period in made.files("practice_map"):
        columns = made.of("practice_map", period)[0].keys()
        if period < "2022-07-01":
            assert {"CCG_CODE", "STP_CODE"} < columns and len(columns) == 16
        else:
            assert {"SUB_ICB_LOCATION_CODE", "ICB_CODE"} < columns and len(columns) == 17


def test_places_cover_the_home_board_and_no_other(made: Plain) -> None:
    places = made.rows("places.csv")
    home = {code for code, icb in made.last_icb.items() if icb == made.truths["home"]["code"]}
    assert {row["practice_code"] for row in places} == home
    named = {row["place_code"]: row["place_name"] for row in places}
    assert named == made.truths["home"]["places"]
    first = min(made.files("list_sizes"))
    assert all(row["from_date"] < first for row in places)
