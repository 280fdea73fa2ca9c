"""Lists and registers are as real ones are: plausible, spread, and themselves from year to year."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from locality.sources.synthetic.population import Population, aged
from locality.sources.synthetic.registers import GROUPS, Registers
from locality.sources.synthetic.world import make

PEOPLE = arrays(np.int64, (3, 2, 20), elements=st.integers(0, 900))


@pytest.fixture(scope="module")
def registers() -> Registers:
    return Registers(Population(make(400, 5, 11)))


@given(PEOPLE, st.integers(0, 95))
def test_aged_equals_its_plain_twin(people: np.ndarray, limit: int) -> None:
    for practice in range(3):
        bands = [int(people[practice, 0, b] + people[practice, 1, b]) for b in range(20)]
        older = 0.0
        for band, number in enumerate(bands):
            ages = [5 * band + year for year in range(5)]
            older += number * sum(age >= limit for age in ages) / 5 if band < 19 else number
        assert abs(int(aged(people, limit)[practice]) - older) <= 0.5


@given(PEOPLE)
def test_lists_of_older_people_lie_inside_those_of_younger(people: np.ndarray) -> None:
    sizes = [aged(people, limit) for limit in (0, 6, 16, 17, 18, 50)]
    assert (sizes[0] == people.sum(axis=(1, 2))).all()
    for wider, narrower in pairwise(sizes):
        assert (wider >= narrower).all()


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.code)
def test_england_is_about_what_the_register_says(registers: Registers, group) -> None:  # type: ignore[no-untyped-def]
    g = GROUPS.index(group)
    for year, target in ((2021, group.first), (2025, group.last)):
        rate = 100 * registers.counts[year][:, g].sum() / registers.lists[year][:, g].sum()
        assert rate == pytest.approx(target, rel=0.05)


@pytest.mark.parametrize("code", ["HYP", "DM", "DEP", "COPD", "CKD"])
def test_practices_differ_more_than_chance_and_stay_themselves(
    registers: Registers, code: str
) -> None:
    g = next(i for i, group in enumerate(GROUPS) if group.code == code)
    many = registers.lists[2025][:, g] > 2000
    rate = {
        year: registers.counts[year][many, g] / registers.lists[year][many, g]
        for year in registers.counts
    }
    sizes, latest = registers.lists[2025][many, g], rate[2025]
    mean = np.average(latest, weights=sizes)
    by_chance = (mean * (1 - mean) / sizes).mean()
    assert latest.var() > 4 * by_chance
    assert np.corrcoef(rate[2024], rate[2025])[0, 1] > 0.95
    assert np.corrcoef(rate[2021], rate[2025])[0, 1] > 0.75
    # Yet no year repeats the last.
    assert (rate[2024] != rate[2025]).mean() > 0.9


def test_deprivation_shows_in_copd_and_not_in_atrial_fibrillation(registers: Registers) -> None:
    deprivation = Population(registers.world).deprivation
    codes = [group.code for group in GROUPS]
    slope = {}
    for code in ("COPD", "AF"):
        g = codes.index(code)
        sizes = registers.lists[2025][:, g]
        many = sizes > 2000
        older = np.log(registers.counts[2025][many, codes.index("CAN")] / sizes[many])
        log_rate = np.log(registers.counts[2025][many, g] / sizes[many])
        columns = np.column_stack([np.ones(many.sum()), deprivation[many], older])
        slope[code] = np.linalg.lstsq(columns, log_rate, rcond=None)[0][1]
    assert slope["COPD"] > 0.2
    assert slope["COPD"] > slope["AF"] + 0.15


def test_lists_move_smoothly(registers: Registers) -> None:
    population = Population(registers.world)
    steady = np.ones(registers.world.count, dtype=bool)
    steady[[registers.world.planted.closed, registers.world.planted.successor]] = False
    sizes = defaultdict(list)
    for on in registers.world.calendar.lists:
        for practice, patients in enumerate(population.lists(on)):
            sizes[practice].append(int(patients))
    for practice in np.flatnonzero(steady):
        series = np.array(sizes[int(practice)])
        assert (series > 0).all()
        assert (abs(np.diff(series)) <= 5 + 0.05 * series[:-1]).all()


def test_a_merger_loses_nobody(registers: Registers) -> None:
    population = Population(registers.world)
    for on in (date(2024, 7, 1), date(2024, 10, 1), date(2026, 7, 1)):
        together = population.apart(on).sum()
        assert population.registered(on).sum() == together
