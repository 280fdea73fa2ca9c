"""The made-up workforce: believable, the same for the same seed, and true to what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest

from locality.sources import Document, Reading, documents, read
from locality.sources.synthetic import staff
from locality.sources.synthetic.population import Population
from locality.sources.synthetic.registers import Registers
from locality.sources.synthetic.world import World, make

Made = tuple[World, dict[str, Reading], dict[str, Any]]


def written(folder: Path, world: World) -> tuple[list[Any], dict[str, Any]]:
    population = Population(world)
    registers = Registers(population)
    files = list(staff.write_staff(folder, world, population, registers))
    return files, staff.staff_truths(world, population, registers)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("staff")
    world = make(60, 5, 2026)
    files, truths = written(folder, world)
    found: dict[str, Reading] = {}
    for one in files:
        for document in documents(folder / one.file):
            assert isinstance(document, Document)
            (reading,) = read(document)
            assert (reading.publication, reading.period) == (one.publication, one.period)
            found[f"{one.publication} {one.period}"] = reading
    return world, found, truths


def row(reading: Reading, code: str, group: str, role: str) -> dict[str, Any]:
    (found,) = [
        r
        for r in reading.tables["practice_staff"].rows
        if (r["practice_code"], r["staff_group"], r["role"]) == (code, group, role)
    ]
    return found


def test_files_add_up_to_the_truths(made: Made) -> None:
    _, found, truths = made
    names = {
        "GP": ("GP", "total"), "GP_EXTG": ("GP", "total fully qualified"),
        "NURSES": ("nurse", "total"), "DPC": ("direct patient care", "total"),
        "ADMIN": ("admin", "total"),
    }  # fmt: skip
    checked = 0
    for key, reading in found.items():
        publication, period = key.split()
        if publication == "network_workforce":
            table = reading.tables["network_staff"].data
            told = truths["networks"][period]
            assert pc.sum(table["posts"]).as_py() == told["posts"]
            assert pc.sum(table["fte"]).as_py() == pytest.approx(told["fte"], abs=1e-5)
            checked += 1
            continue
        rows = reading.tables["practice_staff"].rows
        for stem, line in names.items():
            mine = [r["fte"] for r in rows if (r["staff_group"], r["role"]) == line]
            told = truths["england"][period][stem]
            assert sum(fte for fte in mine if fte is not None) == pytest.approx(told["fte"])
            assert sum(fte is not None for fte in mine) == told["practices"]
            checked += 1
    assert checked == 22


def test_levels_are_like_englands(made: Made) -> None:
    world, found, truths = made
    reading = found["practice_workforce 2026-06-30"]
    patients = pc.sum(reading.tables["workforce_patients"].data["patients"]).as_py()
    told = truths["england"]["2026-06-30"]
    rates = {stem: 10_000 * told[stem]["fte"] / patients for stem in told}
    assert 3.5 < rates["GP_EXTG"] < 5.5
    assert 2.0 < rates["NURSES"] < 3.4
    assert 9.5 < rates["ADMIN"] < 14.5
    assert reading.practices == int(world.open_on(staff.CENSUSES[-1]).sum())


def test_what_is_planted_is_there(made: Made) -> None:
    _, found, truths = made
    planted = truths["planted"]
    latest = found["practice_workforce 2026-06-30"]
    gone = row(latest, planted["no_return"]["practice"], "nurse", "total")
    assert (gone["missing"], gone["estimated"]) == ("no return", True)
    assert row(latest, planted["estimated"]["practice"], "admin", "total")["estimated"] is True
    step = [
        row(found[f"practice_workforce {year}-06-30"], planted["step"]["practice"], "GP", "total")
        for year in (2024, 2025)
    ]
    assert step[1]["fte"] < 0.65 * step[0]["fte"]
    codes = latest.tables["practice_staff"].data["practice_code"].unique().to_pylist()
    assert planted["closed"]["practice"] not in codes
    for key, reading in found.items():
        if key.startswith("network_workforce"):
            networks = reading.tables["network_staff"].data["pcn_code"].unique().to_pylist()
            assert planted["network_without_rows"] not in networks and len(networks) > 8


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    world = make(30, 3, 7)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        files, _ = written(tmp_path / name, world)
    assert len(files) == 5
    for one in files:
        assert (tmp_path / "one" / one.file).read_bytes() == (
            tmp_path / "two" / one.file
        ).read_bytes()
