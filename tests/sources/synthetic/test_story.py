"""The story that the demonstration tells is in its files, and is what the truths say."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from locality.sources.synthetic.population import Population
from locality.sources.synthetic.registers import Registers
from locality.sources.synthetic.story import (
    OPENED,
    SERIES,
    counts,
    story_truths,
    told_months,
    with_clinic,
    write_story,
)
from locality.sources.synthetic.world import World, make


@pytest.fixture(scope="module")
def made() -> tuple[World, Population, Registers]:
    world = make(240, 5, 2026)
    population = Population(world)
    return world, population, Registers(population)


def test_three_years_of_months_up_to_the_last_whole_one(made) -> None:
    months = told_months(made[0])
    assert (len(months), months[0], months[-1]) == (36, date(2023, 7, 1), date(2026, 6, 1))
    assert OPENED in months


@pytest.mark.parametrize("series", SERIES, ids=[one.measure for one in SERIES])
def test_the_planted_effect_can_be_found_again(made, series) -> None:
    world, _, registers = made
    events, clinic = counts(registers, series), with_clinic(world)
    since = np.array([month >= OPENED for month in told_months(world)])
    inside, outside = events[:, clinic].sum(axis=1), events[:, ~clinic & world.home].sum(axis=1)
    # Both sides grow alike and have the same winters, so the ratio of ratios is the effect.
    found = (inside[since].sum() / outside[since].sum()) / (
        inside[~since].sum() / outside[~since].sum()
    )
    error = np.sqrt(
        sum(1 / side[part].sum() for side in (inside, outside) for part in (since, ~since))
    )
    assert abs(np.log(found / series.clinic)) < 3 * error
    assert abs(np.log(found)) > 3 * error, "an effect that could be chance teaches nothing"


def test_the_files_hold_the_counts_the_truths_tell(made, tmp_path: Path) -> None:
    world, population, registers = made
    truths = story_truths(world, registers)
    for written in write_story(tmp_path, world, population, registers):
        with (tmp_path / written.file).open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        told = truths["series"][rows[0]["measure_id"]]
        inside = dict.fromkeys(told["months"], 0)
        for row in rows:
            assert int(row["numerator"]) <= int(row["denominator"])
            if row["practice_code"] in truths["practices"]:
                inside[row["period"]] += int(row["numerator"])
        assert list(inside.values()) == told["clinic"]
        assert told["before"] + told["since"] == sum(told["clinic"])
        closed = world.practices.code[world.planted.closed]
        assert "2024-M10" not in {r["period"] for r in rows if r["practice_code"] == closed}


def test_the_same_seed_gives_the_same_story(made, tmp_path: Path) -> None:
    _, _, registers = made
    again = Registers(Population(make(240, 5, 2026)))
    assert (counts(registers, SERIES[0]) == counts(again, SERIES[0])).all()
