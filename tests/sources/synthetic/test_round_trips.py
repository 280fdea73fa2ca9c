"""The first nine publications: what each writer was given is what its reader gives back."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locality.sources import Document, Reading, documents, read
from locality.sources.synthetic.calendar import LATEST
from locality.sources.synthetic.files import allocations, local, ods, patients, qof
from locality.sources.synthetic.in_year import in_year
from locality.sources.synthetic.need import weighted
from locality.sources.synthetic.planted import MERGED_ON
from locality.sources.synthetic.population import SEXES, Population
from locality.sources.synthetic.registers import GROUPS, Registers
from locality.sources.synthetic.returns import qof_return
from locality.sources.synthetic.world import UNALLOCATED, World, make

Row = tuple[Any, ...]


@lru_cache(maxsize=16)
def made(seed: int) -> tuple[World, Population, Registers]:
    world = make(30 + seed % 25, 3 + seed % 3, seed)
    population = Population(world)
    return world, population, Registers(population)


def readings(folder: Path) -> list[Reading]:
    found = []
    for document in documents(folder):
        assert isinstance(document, Document), document
        found += read(document, today=date(2026, 11, 23))
    return found


def rows(read_back: list[Reading], table: str, *columns: str) -> set[Row]:
    return {
        tuple(row[name] for name in columns)
        for reading in read_back
        if table in reading.tables
        for row in reading.tables[table].rows
    }


def practice_map(folder: Path, seed: int) -> tuple[set[Row], set[Row]]:
    world, _, _ = made(seed)
    on = world.calendar.maps[seed % len(world.calendar.maps)]
    patients.write_map(folder, world, on)
    pcn, there = world.pcn_on(on), np.flatnonzero(world.open_on(on))
    told = {
        (world.practices.code[p], world.pcns.code[pcn[p]] if pcn[p] >= 0 else UNALLOCATED,
         world.subs.code[world.sub[p]], on)
        for p in there
    }  # fmt: skip
    columns = ("practice_code", "pcn_code", "sub_icb_code", "as_at")
    return told, rows(readings(folder), "practice_map", *columns)


def list_sizes(folder: Path, seed: int) -> tuple[set[Row], set[Row]]:
    world, population, _ = made(seed)
    on = world.calendar.lists[seed % len(world.calendar.lists)]
    patients.write_lists(folder, population, on)
    lists = population.lists(on)
    told = {(world.practices.code[p], int(lists[p])) for p in np.flatnonzero(world.open_on(on))}
    return told, rows(readings(folder), "list_sizes", "practice_code", "patients")


def age_sex(folder: Path, seed: int) -> tuple[set[Row], set[Row]]:
    world, population, _ = made(seed)
    on = world.calendar.age_sex[seed % len(world.calendar.age_sex)]
    patients.write_age_sex(folder, population, on)
    people = population.registered(on)
    told = {
        (world.practices.code[p], SEXES[sex], 5 * band, int(people[p, sex, band]))
        for p, sex, band in zip(*np.nonzero(people), strict=True)
    }
    found = rows(readings(folder), "age_sex", "practice_code", "sex", "age_from", "patients")
    # The latest file writes its zeros out; to leave a band out is to say zero.
    return told, {row for row in found if row[-1]}


def ods_practices(folder: Path, seed: int) -> tuple[set[Row], set[Row]]:
    world, _, _ = made(seed)
    ods.write_epraccur(folder, world)
    there = world.open_on(LATEST)
    told = {(code, bool(there[p])) for p, code in enumerate(world.practices.code)}
    found = rows(readings(folder), "ods_practices", "practice_code", "status")
    codes = set(world.practices.code)
    return told, {(code, status == "active") for code, status in found if code in codes}


def qof_registers(folder: Path, seed: int) -> tuple[set[Row], set[Row]]:
    world, _, registers = made(seed)
    what = qof_return(registers, world.calendar.qof_years[seed % len(world.calendar.qof_years)])
    qof.write_prevalence(folder, world, what)
    told = {
        (world.practices.code[p], group.code,
         int(what.registers[p, g]) if what.shown[p, g] else None, int(what.lists[p, g]))
        for p in np.flatnonzero(what.returned)
        for g, group in enumerate(GROUPS)
    }  # fmt: skip
    columns = ("practice_code", "group_code", "register", "list_size")
    return told, rows(readings(folder), "qof_registers", *columns)


def weighted_populations(folder: Path, seed: int) -> tuple[set[Row], set[Row]]:
    world, population, _ = made(seed)
    year = world.calendar.allocation_years[seed % len(world.calendar.allocation_years)]
    needs = weighted(population, year)
    allocations.write_weighted(folder, world, year, needs)
    columns = ("practice_code", "component", "population")
    found = rows(readings(folder), "weighted_populations", *columns)
    kept = {component for _, component, _ in found}
    assert kept >= {"registered", "overall", "mental_health"}
    there = np.flatnonzero(needs["registered"] > 0)
    given = {
        (world.practices.code[p], component): float(people[p])
        for component, people in needs.items()
        if component in kept
        for p in there
    }
    # Six decimals are written: what is read back is as near as that.
    for code, component, people in found:
        if people is not None:
            assert people == pytest.approx(given[code, component], abs=1e-6)
    told = {(*key, np.isnan(people)) for key, people in given.items()}
    return told, {(code, component, people is None) for code, component, people in found}


def qof_in_year(folder: Path, seed: int) -> tuple[set[Row], set[Row]]:
    world, _, registers = made(seed)
    counts = in_year(registers)
    local.write_in_year(folder, world, counts)
    told = {
        (world.practices.code[r.practice], r.indicator, r.as_at, r.register, r.denominator,
         r.numerator, r.pcas)
        for r in counts
    }  # fmt: skip
    columns = ("practice_code", "indicator_code", "as_at", "register", "denominator", "numerator",
               "pcas")  # fmt: skip
    return told, rows(readings(folder), "qof_in_year", *columns)


def places(folder: Path, seed: int) -> tuple[set[Row], set[Row]]:
    world, _, _ = made(seed)
    local.write_places(folder, world)
    told = {
        (world.practices.code[p], world.places.code[place], world.places.name[place])
        for p, place in enumerate(world.place)
        if place >= 0
    }
    found = rows(readings(folder), "places", "practice_code", "place_code", "place_name")
    return told, found


def practice_successors(folder: Path, seed: int) -> tuple[set[Row], set[Row]]:
    world, _, _ = made(seed)
    local.write_successors(folder, world)
    of, code = world.planted, world.practices.code
    told = {(code[of.closed], code[of.successor], MERGED_ON, "merged")}
    columns = ("practice_code", "successor_code", "on", "how")
    return told, rows(readings(folder), "practice_successors", *columns)


TRIPS: tuple[Callable[[Path, int], tuple[set[Row], set[Row]]], ...] = (
    practice_map, list_sizes, age_sex, ods_practices, qof_registers, weighted_populations,
    qof_in_year, places, practice_successors,
)  # fmt: skip


@pytest.mark.parametrize("trip", TRIPS, ids=[trip.__name__ for trip in TRIPS])
@settings(max_examples=6)
@given(seed=st.integers(1, 40))
def test_what_was_written_is_read_back(trip: Any, seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        told, found = trip(Path(folder), seed)
    assert told and found == told
