"""The made-up prices and costs: "national_prices", "trim_points" and "national_costs" read back."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from locality.figures import Missing
from locality.sources import Document, documents, read
from locality.sources.synthetic.population import Population
from locality.sources.synthetic.prices import prices_truths, write_prices
from locality.sources.synthetic.registers import Registers
from locality.sources.synthetic.world import World, make


@pytest.fixture(scope="module")
def world() -> World:
    return make(30, 3, 7)


def write(folder: Path, world: World) -> list[tuple[str, str, str]]:
    population = Population(world)
    found = write_prices(folder, world, population, Registers(population))
    return [(one.file, one.publication, one.period) for one in found]


def test_what_was_written_is_read_back_and_adds_up(tmp_path: Path, world: World) -> None:
    written = write(tmp_path, world)
    truths = prices_truths(world)
    seen: set[tuple[str, str, str]] = set()
    rows: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for document in documents(tmp_path):
        assert isinstance(document, Document)
        for reading in read(document):
            seen.add((document.came_in, reading.publication, reading.period))
            for name, table in reading.tables.items():
                rows[name, reading.period] += table.rows
    assert seen == set(written) and len(written) == len(seen)
    for period, said in truths["national_prices"].items():
        prices = rows["national_prices", period]
        assert len(rows["hrgs", period]) == said["hrgs"]
        paid = [r["price"] or 0 for r in prices if r["setting"] == "non_elective"]
        assert sum(paid) == said["non_elective"]
        assert rows["trim_points", period]
        without = {r["hrg_code"] for r in prices} - {
            r["hrg_code"] for r in prices if r["price"] is not None
        }
        assert without == {truths["without_a_price"]}
        apart = {
            r["hrg_code"] for r in prices if r["setting"] == "day_case" and r["price"] is not None
        }
        assert apart == {truths["priced_apart"]}
    for period, said in truths["national_costs"].items():
        costs = rows["national_costs", period]
        assert len(costs) == said["rows"]
        assert sum(r["total_cost"] for r in costs) == pytest.approx(said["total_cost"])
        hidden = [r for r in costs if r["missing"] == Missing.SUPPRESSED]
        assert len(hidden) == said["hidden"] == int(period == truths["hidden_activity"]["period"])
        for row in hidden:
            assert truths["hidden_activity"].items() <= row.items()


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path, world: World) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        folder.mkdir()
        write(folder, world)
    names = sorted(path.name for path in one.iterdir())
    assert names == sorted(path.name for path in other.iterdir())
    assert all((one / name).read_bytes() == (other / name).read_bytes() for name in names)
    another = prices_truths(make(30, 3, 8))
    assert another["national_prices"] != prices_truths(world)["national_prices"]
