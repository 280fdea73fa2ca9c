"""The real published files: known sums, and nothing falsely refused."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import pytest

from locality.sources import Document, NotRecognised, Reading, Refused, Unopened, documents, read
from locality.sources.reading import Known

pytestmark = pytest.mark.published


def readings(path: Path) -> list[Reading]:
    found = []
    for document in documents(path):
        assert isinstance(document, Document), document
        found += read(document)
    return found


def test_qof_registers_of_2024_25(published: Path) -> None:
    (reading,) = readings(published / "practice/PREVALENCE_2425.csv.gz")
    table = reading.tables["qof_registers"].data
    assert (reading.period, reading.practices, reading.rows) == ("2024-25", 6188, 129_948)
    hyp = table.filter(pc.equal(table["group_code"], "HYP"))
    assert pc.sum(hyp["register"]).as_py() == 9_711_491
    assert pc.sum(hyp["list_size"]).as_py() == 63_766_671
    assert set(pc.unique(table["list_type"]).to_pylist()) == {
        "TOTAL", "06OV", "16OV", "17OV", "18OV", "50OV",
    }  # fmt: skip
    assert len(pc.unique(table["group_code"])) == 21


@pytest.mark.parametrize(("name", "year"), [("2021_v2", "2020-21"), ("2122", "2021-22")])
def test_qof_registers_of_earlier_years(published: Path, name: str, year: str) -> None:
    (reading,) = readings(published / f"practice/PREVALENCE_{name}.csv.gz")
    assert reading.period == year
    assert reading.rows == 21 * reading.practices


@pytest.mark.parametrize(
    ("month", "period", "practices", "patients"),
    [
        ("jan-21", "2021-01-01", 6658, 60_606_345),
        ("oct-25", "2025-10-01", 6202, 63_919_527),
        ("nov-25", "2025-11-01", 6200, 63_947_100),
        ("dec-25", "2025-12-01", 6196, 63_936_682),
        ("jan-26", "2026-01-01", 6171, 63_894_110),
        ("mar-26", "2026-03-01", 6169, 63_707_358),
    ],
)
def test_list_sizes(
    published: Path, month: str, period: str, practices: int, patients: int
) -> None:
    (reading,) = readings(published / f"practice/gp-reg-pat-prac-all-{month}.csv.gz")
    table = reading.tables["list_sizes"].data
    assert (reading.period, reading.practices) == (period, practices)
    assert pc.sum(table["patients"]).as_py() == patients
    assert not reading.set_aside


@pytest.mark.parametrize(
    ("name", "period", "practices", "icbs", "unallocated"),
    [
        ("jul-26.zip", "2026-07-01", 6139, 36, 52),
        ("jan-22.csv.gz", "2022-01-01", 6527, 42, 68),
    ],
)
def test_the_practice_map(
    published: Path, name: str, period: str, practices: int, icbs: int, unallocated: int
) -> None:
    (reading,) = readings(published / f"practice/gp-reg-pat-prac-map-{name}")
    table = reading.tables["practice_map"].data
    assert (reading.period, reading.practices) == (period, practices)
    assert len(pc.unique(table["icb_code"])) == icbs
    assert len(pc.unique(table["sub_icb_code"])) == 106
    assert pc.sum(pc.equal(table["pcn_code"], "U")).as_py() == unallocated
    assert not reading.set_aside


def test_age_and_sex_of_england(published: Path) -> None:
    (reading,) = readings(published / "practice/gp-reg-pat-prac-quin-age-jul-26.zip")
    table = reading.tables["age_sex"].data
    assert (reading.period, reading.practices) == ("2026-07-01", 6139)
    assert pc.sum(table["patients"]).as_py() == 63_436_508


@pytest.mark.parametrize(
    ("name", "practices", "wales", "active"),
    [("may-25", 8233, 756, 6253), ("feb-23", 8223, 747, 6455)],
)
def test_epraccur(published: Path, name: str, practices: int, wales: int, active: int) -> None:
    (reading,) = readings(published / f"practice/epraccur-{name}.csv.gz")
    table = reading.tables["ods_practices"].data
    assert reading.practices == practices
    assert reading.set_aside[0].rows == wales
    working = pc.and_(table["is_gp_practice"], pc.equal(table["status"], "active"))
    assert pc.sum(working).as_py() == active
    months = {"may-25": "2025-05-01", "feb-23": "2023-02-01"}
    assert reading.period == months[name]


NEED = {
    "2022-23": (61_498_822, 6554, 17),
    "2023-24": (61_903_547, 6553, 0),
    "2024-25": (62_154_630, 6553, 0),
    "2025-26": (63_849_324, 6348, 0),
}


@pytest.mark.parametrize(
    "path",
    [
        *(f"commissioner/need/allocation_need_practice_{year}.csv.gz" for year in NEED),
        "practice/icb_allocation_tool_2022_2023.csv.gz",
        "practice/icb_allocation_tool_2025_2026.csv.gz",
        "practice/GP_Practice_WP_2023_2024_2025.xlsx",
    ],
)
def test_every_component_of_weighted_populations_sums_to_england(
    published: Path, path: str
) -> None:
    found = readings(published / path)
    need = [reading for reading in found if not reading.part]
    assert len(need) == (2 if path.endswith(".xlsx") else 1)
    for reading in need:
        people, practices, empty = NEED[reading.period]
        assert reading.period.replace("-", "_20") in path or reading.period in path or len(need) > 1
        assert reading.practices == practices
        table = reading.tables["weighted_populations"].data
        sums = table.group_by("component").aggregate([("population", "sum")]).to_pylist()
        assert len(sums) == (8 if reading.period == "2022-23" else 10)
        assert {round(row["population_sum"]) for row in sums} == {people}
        assert table["population"].null_count == empty
        assert len(pc.unique(table["icb_code"])) == 42
    points = [reading for reading in found if reading.part]
    assert len(points) == (0 if path.endswith(".xlsx") else 1)


def test_no_published_file_gives_a_traceback_or_is_taken_for_patient_level(
    published: Path,
) -> None:
    seen: dict[str, int] = {}
    for found in documents(published):
        if isinstance(found, Unopened):
            assert not found.refused, found
            kind = "unopened"
        else:
            try:
                kind = ",".join(sorted({reading.publication for reading in read(found)}))
            except Known:
                kind = "known"
            except NotRecognised:
                kind = "not recognised"
            except Refused as refusal:
                pytest.fail(f"{found.name} was refused: {refusal}")
        seen[kind] = seen.get(kind, 0) + 1
    assert seen == {
        "known": 62,
        "age_sex": 1, "deprivation": 1, "fingertips": 2, "iif": 1, "list_sizes": 6,
        "national_costs": 4, "national_prices": 1, "network_membership": 2,
        "network_workforce": 2, "ods_practices": 2, "online_consultations": 23, "payments": 6,
        "practice_map": 2, "practice_workforce": 1, "practice_workforce_derived": 1,
        "prescribing": 2, "qof_geographies": 7, "qof_indicators": 7, "qof_overall": 5,
        "qof_points": 1, "qof_prevalence": 3, "telephony": 5, "trim_points": 1,
        "waiting_times": 1, "weighted_populations": 7,
    }  # fmt: skip
