"""The made-up locality's files about access: read back whole, the same every time."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from locality.sources import Document, Reading, documents, read
from locality.sources.synthetic.access import access_truths, write_access
from locality.sources.synthetic.population import Population
from locality.sources.synthetic.registers import Registers
from locality.sources.synthetic.sums import Written
from locality.sources.synthetic.world import World, make
from tests.sources.publications.made_access import rows_of

Made = tuple[World, Population, Registers]


@pytest.fixture(scope="module")
def made_up() -> Made:
    world = make(40, 3, 7)
    population = Population(world)
    return world, population, Registers(population)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, made_up: Made) -> Path:
    return tmp_path_factory.mktemp("access")


@pytest.fixture(scope="module")
def written(folder: Path, made_up: Made) -> list[Written]:
    return list(write_access(folder, *made_up))


@pytest.fixture(scope="module")
def readings(folder: Path, written: list[Written]) -> list[Reading]:
    assert written
    found: list[Reading] = []
    for document in documents(folder):
        assert isinstance(document, Document), document.sentence
        found += read(document)
    return found


def test_every_file_is_read_as_what_was_written(
    written: list[Written], readings: list[Reading]
) -> None:
    said = {(one.publication, one.period) for one in written}
    assert {(reading.publication, reading.period) for reading in readings} == said


def test_sums_are_those_of_the_truths(made_up: Made, readings: list[Reading]) -> None:
    truths = access_truths(*made_up)
    online: Counter[str] = Counter()
    for row in rows_of(readings, "online_consultations"):
        online[row["period"]] += row["submissions"] or 0
    assert dict(online) == truths["online_submissions"]
    booked: Counter[str] = Counter()
    for row in rows_of(readings, "appointments"):
        booked[row["period"]] += row["appointments"]
    assert dict(booked) == truths["appointments"]
    for period, said in truths["telephone"].items():
        rows = [row for row in rows_of(readings, "telephony") if row["period"] == period]
        assert len(rows) == said["practices"]
        assert sum(row["inbound"] for row in rows) == said["inbound"]
        assert sum(row["answered"] for row in rows) == said["answered"]


def test_planted_practices_are_as_planted(made_up: Made, readings: list[Reading]) -> None:
    truths = access_truths(*made_up)
    silent = truths["online_no_return"]
    last = max(truths["online_submissions"])
    found = {
        row["practice_code"]
        for row in rows_of(readings, "online_consultations")
        if row["period"] == last and row["missing"] == "no return"
    }
    assert found == {*silent["takes_no_part"], *silent["nothing_sent"]} and len(found) >= 2
    hidden = {
        row["practice_code"]
        for row in rows_of(readings, "survey_answers")
        if row["missing"] == "suppressed by the publisher"
    }
    assert truths["survey_hidden"]["practice"] in hidden
    online = truths["online_submissions"]
    assert online["2025-M10"] > 1.2 * online["2025-M09"]


def test_a_practice_that_has_closed_is_in_no_file(made_up: Made, readings: list[Reading]) -> None:
    world = made_up[0]
    closed = world.practices.code[world.planted.closed]
    for table in ("online_consultations", "telephony", "appointments"):
        assert closed not in {row["practice_code"] for row in rows_of(readings, table)}


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path, folder: Path, made_up: Made) -> None:
    again = {one.file for one in write_access(tmp_path, *made_up)}
    assert all((tmp_path / file).read_bytes() == (folder / file).read_bytes() for file in again)
