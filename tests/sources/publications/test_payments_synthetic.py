"""The made-up locality's payments: read back, about England's level, with what was planted."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest

from locality.knowledge.payment_lines import payment_lines
from locality.sources import Reading, documents, read
from locality.sources.synthetic.files.payments import payments_of
from locality.sources.synthetic.payments import payments_truths, write_payments
from locality.sources.synthetic.population import Population
from locality.sources.synthetic.registers import Registers
from locality.sources.synthetic.world import World, make

PUBLICATION = "payments"


@pytest.fixture(scope="module")
def world() -> World:
    return make(60, 8, 7)


@pytest.fixture(scope="module")
def population(world: World) -> Population:
    return Population(world)


@pytest.fixture(scope="module")
def truths(world: World, population: Population) -> dict[str, Any]:
    return payments_truths(world, population, Registers(population))


@pytest.fixture(scope="module")
def readings(
    world: World, population: Population, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Reading]:
    folder = tmp_path_factory.mktemp("payments")
    found = {}
    for written in write_payments(folder, world, population, Registers(population)):
        (document,) = documents(folder / written.file)
        (reading,) = read(document)
        assert (reading.publication, reading.period) == (PUBLICATION, written.period)
        assert reading.set_aside == ()
        found[written.period] = reading
    return found


def test_three_layouts_are_read_and_add_up_as_the_truths_say(
    readings: dict[str, Reading], truths: dict[str, Any]
) -> None:
    assert list(readings) == ["2019-20", "2021-22", "2022-23", "2023-24", "2024-25"]
    for period, reading in readings.items():
        said = truths["payments"][period]
        data = reading.tables["payments"].data
        assert set(data["line"].to_pylist()) == set(payments_of(int(period[:4])))
        sums = data.group_by("line").aggregate([("amount", "sum")]).to_pylist()
        assert {row["line"]: round(row["amount_sum"], 2) for row in sums} == said["pounds_by_line"]
        assert reading.practices == said["practices"]
        practices = reading.tables["payment_practices"].data
        assert pc.sum(pc.equal(practices["registered"], 0)).as_py() == said["no_list"] == 1
        assert len(practices) - practices["close_date"].null_count == said["closed"]


def test_levels_are_about_england(readings: dict[str, Reading]) -> None:
    known = payment_lines()
    for reading in readings.values():
        data = reading.tables["payments"].data
        people = pc.sum(reading.tables["payment_practices"].data["registered"]).as_py()
        main = pc.is_in(
            data["line_group"],
            pc.unique(
                pc.cast(
                    [g for g, o in known.groups.items() if o.counted_in == "practice"], "string"
                )
            ),
        )
        each = pc.sum(data.filter(main)["amount"]).as_py() / people
        assert 130 < each < 210


def test_what_was_planted_is_there(readings: dict[str, Reading], truths: dict[str, Any]) -> None:
    back = truths["payments_taken_back"]
    rows = readings[back["period"]].tables["payments"].rows
    below = {
        (row["practice_code"], row["line"]): row["amount"]
        for row in rows
        if row["amount"] < 0 and row["line"] != "deductions"
    }
    assert below == {(back["practice"], line): p for line, p in back["pounds"].items()}
    closed = truths["payments_closed"]
    (row,) = [
        row
        for row in readings[closed["period"]].tables["payment_practices"].rows
        if row["close_date"]
    ]
    assert row["practice_code"] == closed["practice"]
    assert row["close_date"] == date.fromisoformat(closed["close_date"])
    assert row["atypical"] == "Part year of data; Large fluctuation in patients"
    none = truths["payments_no_list"]
    for reading in readings.values():
        (row,) = [r for r in reading.tables["payment_practices"].rows if r["registered"] == 0]
        assert row["practice_code"] == none["code"]
        got = [r for r in reading.tables["payments"].rows if r["practice_code"] == none["code"]]
        assert sum(r["amount"] for r in got) == none["pounds"]
        assert {r["list_status"] for r in got} == {"no list"}


def test_the_same_seed_gives_the_same_bytes(
    world: World, population: Population, tmp_path: Path
) -> None:
    again = make(60, 8, 7)
    for name, of in (("one", world), ("two", again)):
        (tmp_path / name).mkdir()
        people = population if of is world else Population(of)
        for _ in write_payments(tmp_path / name, of, people, Registers(people)):
            pass
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert len(files) == 5
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
