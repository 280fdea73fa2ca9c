"""The made-up locality's QOF files: they agree with each other, and carry what was planted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from locality import knowledge
from locality.sources import Document, documents, read
from locality.sources.arrow import pc
from locality.sources.synthetic.population import Population
from locality.sources.synthetic.quality import quality_truths, write_quality
from locality.sources.synthetic.registers import GROUP_CODES, Registers
from locality.sources.synthetic.returns import qof_return
from locality.sources.synthetic.sums import Written
from locality.sources.synthetic.world import make

Made = tuple[dict[str, pa.Table], dict[str, Any], Registers, list[Written], Path]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("quality")
    world = make(60, 7, 2026)
    population = Population(world)
    registers = Registers(population)
    written = list(write_quality(folder, world, population, registers))
    pieces: dict[str, list[pa.Table]] = {}
    for one in written:
        for document in documents(folder / one.file):
            assert isinstance(document, Document)
            (reading,) = read(document)
            assert (reading.publication, reading.period) == (one.publication, one.period)
            assert not reading.set_aside
            for name, table in reading.tables.items():
                pieces.setdefault(name, []).append(table.data)
    tables = {name: pa.concat_tables(some) for name, some in pieces.items()}
    return tables, quality_truths(world, population, registers), registers, written, folder


def chosen(table: pa.Table, **wanted: str) -> pa.Table:
    for name, value in wanted.items():
        table = table.filter(pc.equal(table[name], value))
    return table


def test_every_publication_and_year_is_written(made: Made) -> None:
    tables, truths, _, written, _ = made
    assert set(tables) == {
        "qof_overall", "qof_indicators", "qof_geographies", "qof_points", "qof_achievement", "iif",
    }  # fmt: skip
    assert {one.period for one in written} == set(truths["sums"])
    assert min(truths["sums"]) == "2019-20"
    # As published, no table of the whole stands for 2020-21.
    assert "2020-21" not in tables["qof_overall"]["period"].to_pylist()


def test_points_by_indicator_add_up_to_points_of_the_year(made: Made) -> None:
    tables, truths, *_ = made
    for period, told in truths["sums"].items():
        parts = chosen(tables["qof_achievement"], period=period)
        assert pc.sum(parts["points"]).as_py() == pytest.approx(told["points"])
        listed = chosen(tables["qof_indicators"], period=period)
        assert pc.sum(listed["points"]).as_py() == told["maximum"]
        if period == "2020-21":
            continue
        whole = chosen(tables["qof_overall"], period=period)
        assert whole.num_rows == told["practices"]
        assert pc.sum(whole["points"]).as_py() == pytest.approx(told["points"])
        assert pc.sum(whole["available_points"]).as_py() == told["available"]
        assert pc.sum(whole["list_size"]).as_py() == told["list"]
        assert 0.7 < told["points"] / (told["maximum"] * told["with_result"]) < 1


def test_registers_are_those_of_the_register_file(made: Made) -> None:
    tables, _, registers, *_ = made
    world = registers.world
    year = max(registers.counts)
    what = qof_return(registers, year, corrected=True)
    rows = chosen(tables["qof_achievement"], indicator_code="HYP009", period="2025-26")
    found = dict(zip(rows["practice_code"].to_pylist(), rows["register"].to_pylist(), strict=True))
    hypertension = GROUP_CODES.index("HYP")
    assert found == {
        code: int(what.registers[p, hypertension])
        for p, code in enumerate(world.practices.code)
        if what.returned[p]
    }


def test_planted_practices_stand_out(made: Made) -> None:
    tables, truths, *_ = made
    rows = tables["qof_achievement"]
    low = truths["low_achievement"]
    for period, counts in low["counts"].items():
        (row,) = chosen(
            rows, practice_code=low["practice"], period=period, indicator_code=low["indicator"]
        ).to_pylist()
        assert {name: row[name] for name in counts} == counts
        others = chosen(rows, period=period, indicator_code=low["indicator"])
        england = pc.sum(others["numerator"]).as_py() / pc.sum(others["denominator"]).as_py()
        assert row["numerator"] / row["denominator"] < 0.75 * england
    high = truths["high_adjustments"]
    measure = knowledge.load().measures["qof.achievement.hyp008"]
    for period in ("2023-24", "2024-25", "2025-26"):
        own = chosen(rows, practice_code=high["practice"], period=period).to_pylist()
        counted = knowledge.counts(measure, own)
        rate = knowledge.value(measure, counted, "pca_rate")
        assert 30 < float(rate) < 50
        assert counted["exc"] == high["counts"][period]["HYP008"]["pcas"]


def test_nothing_is_told_in_three_ways(made: Made) -> None:
    tables, truths, *_ = made
    none = truths["no_result"]
    of = {"practice_code": none["practice"], "period": none["period"]}
    (row,) = chosen(tables["qof_overall"], **of).to_pylist()
    assert (row["points"], row["missing"]) == (None, "no return") and row["list_size"] > 0
    assert chosen(tables["qof_achievement"], **of).num_rows == 0
    hidden = truths["hidden"]
    (row,) = chosen(
        tables["qof_achievement"], practice_code=hidden["practice"], period=hidden["period"],
        indicator_code=hidden["indicator"],
    ).to_pylist()  # fmt: skip
    assert (row["numerator"], row["missing"]) == (None, "suppressed by the publisher")
    fund = truths["iif"]
    (row,) = chosen(
        tables["iif"], organisation_code=fund["nobody_to_count"], indicator="ACC-08"
    ).to_pylist()
    assert (row["numerator"], row["denominator"]) == (0, 0)
    soon = chosen(tables["iif"], indicator="ACC-08")
    assert pc.sum(soon["numerator"]).as_py() == fund["soon"]
    assert pc.sum(soon["denominator"]).as_py() == fund["appointments"]


def test_sums_by_indicator_are_as_told(made: Made) -> None:
    tables, truths, *_ = made
    latest = chosen(tables["qof_achievement"], period=max(truths["sums"]))
    for code, told in truths["indicators"].items():
        rows = chosen(latest, indicator_code=code)
        assert {name: pc.sum(rows[name]).as_py() for name in told} == told


def test_the_same_seed_gives_the_same_bytes(made: Made, tmp_path: Path) -> None:
    *_, written, folder = made
    world = make(60, 7, 2026)
    population = Population(world)
    again = list(write_quality(tmp_path, world, population, Registers(population)))
    assert again == written
    for one in written:
        assert (tmp_path / one.file).read_bytes() == (folder / one.file).read_bytes(), one.file
