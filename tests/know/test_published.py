"""The room on NHS England's own files, parsed here plainly and not by the readers."""

import csv
import gzip
import io
import zipfile
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from locality.figures import Table
from locality.figures.schemas import HIERARCHY, PRACTICE_SUCCESSORS, WEIGHTED_POPULATIONS
from locality.know import (
    belongs_to,
    crossing_networks,
    hierarchy_at,
    need,
    primary_medical_differences,
    successions,
)

pytestmark = pytest.mark.published

COMPONENTS = {
    "general_and_acute": "G&A WP", "community": "CS WP", "mental_health": "MH WP",
    "maternity": "Mat WP", "health_inequalities": "Health Ineq WP", "prescribing": "Prescr WP",
    "overall": "Final WP", "primary_medical_need": "Primary Medical Care WP",
    "primary_medical": "Final PMC WP",
}  # fmt: skip
PEOPLE = {"2023-24": "pop 2022/23", "2024-25": "pop 2022/23", "2025-26": "Population"}
#: The allocation tool's own example: four practices of West Yorkshire, 2024/25.
PLACE = {"B85005", "B85022", "B85026", "B85061"}
INDICES = {
    "general_and_acute": 1.080, "community": 1.066, "mental_health": 0.661, "maternity": 0.591,
    "prescribing": 1.044, "health_inequalities": 0.547, "overall": 0.945, "primary_medical": 0.904,
}  # fmt: skip
EARLY, LAST_DAY, LATE = date(2022, 1, 1), date(2026, 6, 30), date(2026, 7, 1)


def lines(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


@pytest.fixture(scope="module")
def allocation(published: Path):
    def read(year: str) -> list[dict[str, str]]:
        folder = published / "commissioner" / "need"
        return lines(folder / f"allocation_need_practice_{year}.csv.gz")

    return read


def as_table(rows: list[dict[str, str]], year: str) -> Table:
    columns = {"registered": PEOPLE[year], **COMPONENTS}
    cells = [
        (row["Practice_Code"], component, float(row[column]) if row[column] else None)
        for row in rows
        for component, column in columns.items()
    ]
    codes, components, people = map(list, zip(*cells, strict=True))
    nothing = pa.nulls(len(cells), pa.string())
    return Table.of(WEIGHTED_POPULATIONS, {
        "period": [year] * len(cells), "practice_code": codes, "component": components,
        "population": people, "icb_code": nothing, "missing": nothing,
    })  # fmt: skip


def test_the_allocation_tools_own_example(allocation) -> None:
    rows = allocation("2024-25")
    own = [row for row in rows if row["Practice_Code"] in PLACE]
    board = [row for row in rows if row["ICS22"] == own[0]["ICS22"]]
    made = {
        row["component"]: row
        for row in need(as_table(own, "2024-25"), as_table(board, "2024-25")).rows
    }
    assert len(own) == 4
    for component, index in INDICES.items():
        assert made[component]["index_in_icb"] == pytest.approx(index, abs=0.0005)
    assert made["overall"]["registered"] == pytest.approx(32_127, abs=0.5)
    assert made["overall"]["share_of_icb_registered"] == pytest.approx(1.218, abs=0.0005)
    assert made["overall"]["share_of_icb"] == pytest.approx(1.150, abs=0.0005)
    assert made["primary_medical"]["share_of_icb"] == pytest.approx(1.101, abs=0.0005)


@pytest.mark.parametrize("year", list(PEOPLE))
def test_primary_medical_care_is_exactly_its_parts(allocation, year) -> None:
    table = as_table(allocation(year), year)
    assert len(table) > 60_000
    assert len(primary_medical_differences(table, 0.85, 0.15)) == 0


@pytest.mark.parametrize("year", list(PEOPLE))
def test_the_index_of_england_is_one(allocation, year) -> None:
    table = as_table(allocation(year), year)
    for row in need(table, table).rows:
        assert row["index"] == pytest.approx(1, abs=0.001), row["component"]
        assert row["index_in_icb"] == pytest.approx(1)


@pytest.fixture(scope="module")
def maps(published: Path) -> tuple[Table, dict[str, str]]:
    """Return England's hierarchy from the maps of January 2022 and July 2026, and names."""
    folder = published / "practice"
    early = lines(folder / "gp-reg-pat-prac-map-jan-22.csv.gz")
    with zipfile.ZipFile(folder / "gp-reg-pat-prac-map-jul-26.zip") as packed:
        text = packed.read(packed.namelist()[0]).decode("utf-8-sig")
    late = list(csv.DictReader(io.StringIO(text)))
    codes = {"pcn_code": ("PCN_CODE",) * 2, "icb_code": ("STP_CODE", "ICB_CODE"),
             "sub_icb_code": ("CCG_CODE", "SUB_ICB_LOCATION_CODE"),
             "region_code": ("COMM_REGION_CODE",) * 2}  # fmt: skip
    spans = [
        {"practice_code": row["PRACTICE_CODE"], "place_code": None, "valid_from": start,
         "valid_to": end, **{name: row[columns[which]] or None for name, columns in codes.items()}}
        for which, (rows, start, end) in enumerate(((early, EARLY, LAST_DAY), (late, LATE, None)))
        for row in rows
    ]  # fmt: skip
    names = {
        row[columns[which]]: row[columns[which].replace("_CODE", "_NAME")]
        for which, rows in enumerate((early, late))
        for row in rows
        for columns in codes.values()
    }
    return Table.of(HIERARCHY, spans), names


def test_forty_two_boards_before_and_thirty_six_after(maps) -> None:
    hierarchy, _ = maps
    for on, boards in ((EARLY, 42), (LAST_DAY, 42), (LATE, 36)):
        standing = hierarchy_at(hierarchy, on)
        assert len(set(standing.column("icb_code"))) == boards
        assert len(set(standing.column("sub_icb_code"))) == 106


def test_every_board_that_ended_has_its_successors(maps) -> None:
    hierarchy, names = maps
    none = Table.of(PRACTICE_SUCCESSORS, [])
    found: dict[str, dict[str, str]] = {}
    for row in successions(hierarchy, none).rows:
        assert row["on"] == LATE
        found.setdefault(row["code"], {})[row["successor_code"]] = row["how"].split(";")[0]
    ended = set(hierarchy_at(hierarchy, EARLY).column("icb_code")) - set(
        hierarchy_at(hierarchy, LATE).column("icb_code")
    )
    assert len(ended) == 12
    assert ended <= set(found)
    assert found["QMJ"] == found["QRV"] == {"Z9B2Z": "merged"}  # North and North West London
    assert found["QUE"] == {"S1Y5D": "merged"}  # one practice of 83 went elsewhere
    assert found["QJG"] == {"T6Y0W": "divided", "D7T5G": "divided"}  # Suffolk and north-east Essex
    assert set(found["QNQ"]) == {"S0E4D", "QRL", "S9B9J"}  # Frimley, three ways
    assert "U" not in found
    assert all("U" not in after for after in found.values())
    assert names["Z9B2Z"] == "NHS West and North London Integrated Care Board"


def test_networks_cross_boards_and_the_unallocated_are_none(maps) -> None:
    hierarchy, names = maps
    standing = hierarchy_at(hierarchy, LATE)
    boards: dict[str, set[str]] = {}
    for row in standing.rows:
        if row["pcn_code"] not in (None, "U"):
            boards.setdefault(row["pcn_code"], set()).add(row["icb_code"])
    twin = {pcn for pcn, some in boards.items() if len(some) > 1}
    assert {row["pcn_code"] for row in crossing_networks(standing, names).rows} == twin


def test_a_closed_practice_keeps_the_board_of_its_time(maps) -> None:
    hierarchy, names = maps
    now = set(hierarchy_at(hierarchy, LATE).column("practice_code"))
    closed = next(
        row for row in hierarchy.rows
        if row["practice_code"] not in now and row["icb_code"] == "QRV" and row["pcn_code"] != "U"
    )  # fmt: skip
    own = Table.of(HIERARCHY, [closed])
    kept = {row["kind"]: row for row in belongs_to(own, names, "practice").rows}
    assert kept["icb"]["name"] == "North West London Health and Care Partnership"
    assert kept["icb"]["valid_to"] == LAST_DAY
    assert kept["pcn"]["code"] == closed["pcn_code"]


def test_no_living_network_lies_in_an_abolished_board(maps) -> None:
    hierarchy, names = maps
    standing = hierarchy_at(hierarchy, LATE)
    boards = set(standing.column("icb_code"))
    living = set(standing.column("pcn_code")) - {"U", None}
    closed = set(hierarchy.column("practice_code")) - set(standing.column("practice_code"))
    lost = {
        row["pcn_code"] for row in hierarchy.rows
        if row["practice_code"] in closed and row["icb_code"] not in boards
    } & living  # fmt: skip
    assert len(lost) > 50
    for network in lost:
        made = belongs_to(hierarchy, names, "pcn", code=network)
        assert {row["code"] for row in made.rows if row["kind"] == "icb"} <= boards
        assert all(row["valid_to"] is None for row in made.rows)
