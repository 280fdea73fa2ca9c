"""Deprivation, attendances and memberships of the made-up world, held against plain counts."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from locality.sources import Document, documents, read
from locality.sources.synthetic.deprivation import (
    deprivation_truths,
    scores,
    write_deprivation,
)
from locality.sources.synthetic.membership import membership_truths, write_membership
from locality.sources.synthetic.population import Population
from locality.sources.synthetic.registers import Registers
from locality.sources.synthetic.world import World, make

Made = tuple[World, Population, Registers]


@pytest.fixture(scope="module")
def made() -> Made:
    world = make(60, 5, 2026)
    population = Population(world)
    return world, population, Registers(population)


def written(made: Made, folder: Path) -> list[tuple[str, str, str]]:
    files = [*write_deprivation(folder, *made), *write_membership(folder, *made)]
    return [(one.file, one.publication, one.period) for one in files]


def test_each_file_reads_as_what_it_was_written_as(made: Made, tmp_path: Path) -> None:
    for file, publication, period in written(made, tmp_path):
        (document,) = documents(tmp_path / file)
        assert isinstance(document, Document)
        found = read(document)
        assert {(one.publication, one.period) for one in found} == {(publication, period)}


def test_the_truths_are_those_of_the_files(made: Made, tmp_path: Path) -> None:
    files = [file for file, _, _ in written(made, tmp_path)]
    truths = deprivation_truths(made[1])
    with (tmp_path / files[2]).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["Area Type"] == "GPs"]
    assert sum(int(row["Count"] or 0) for row in rows) == truths["attendances"]
    (hidden,) = [row for row in rows if not row["Value"]]
    assert hidden["Area Code"] == truths["hidden"] and int(hidden["Denominator"]) > 0
    people = sum(int(row["Denominator"]) for row in rows) - int(hidden["Denominator"])
    assert people == truths["children"]
    (book,) = documents(tmp_path / files[3])
    assert isinstance(book, Document)
    tables = {name: table.rows for one in read(book) for name, table in one.tables.items()}
    told = membership_truths(made[0])
    assert len(tables["networks"]) == told["networks"]
    assert len(tables["network_members"]) == told["memberships"]
    ended = {
        (row["practice_code"], row["pcn_code"], row["to_date"].isoformat())
        for row in tables["network_members"]
        if row["to_date"]
    }
    assert ended == {(e["practice"], e["network"], e["last_day"]) for e in told["ended"]}
    assert told["without"] not in {row["practice_code"] for row in tables["network_members"]}


def test_levels_are_those_of_england(made: Made) -> None:
    truths = deprivation_truths(made[1])
    assert 18 < truths["mean_score"]["2019"] < 26
    assert 600 < 1000 * truths["attendances"] / truths["children"] < 950
    found = scores(made[1], 2025)
    assert 2 < found[found > 0].min() < 15 and 30 < found[found > 0].max() < 70


def test_the_same_seed_gives_the_same_bytes(made: Made, tmp_path: Path) -> None:
    world = make(60, 5, 2026)
    population = Population(world)
    for name, one in (("a", made), ("b", (world, population, Registers(population)))):
        (tmp_path / name).mkdir()
        written(one, tmp_path / name)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()
