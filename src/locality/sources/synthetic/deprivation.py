"""Deprivation scores and young children's A&E attendances, as Fingertips gives them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from locality.sources.synthetic.calendar import LAST_QOF_YEAR, LATEST, year_code
from locality.sources.synthetic.files.need import (
    EARLIER_AREA_TYPES,
    SUPPRESSED,
    Area,
    Indicator,
    write_fingertips,
    write_scores,
)
from locality.sources.synthetic.population import Population
from locality.sources.synthetic.registers import Registers
from locality.sources.synthetic.sums import Written
from locality.sources.synthetic.world import World

Floats = NDArray[np.float64]

#: England's mean score, and how far apart practices are, in the log, for one standard deviation.
_MEAN, _SPREAD = 21.7, 0.46
#: Lists shorter than this have no score.
_FEWEST = 750
#: A&E attendances a year for each child under five, and how they differ between practices.
_EACH, _DEPRIVED, _CHANCE = 0.76, 0.12, 0.25
#: The year of the attendances, by the year it starts in, and the day whose lists it uses.
YEAR = LAST_QOF_YEAR - 1
_ON = date(YEAR + 1, 1, 1)


def scores(population: Population, index: int) -> Floats:
    """Return the score of each practice in the index of 2019 or 2025; NaN where it has none."""
    world = population.world
    moved = 0.0 if index == 2019 else 0.06 * world.rng(70).normal(size=world.count)
    found = np.clip(_MEAN * np.exp(_SPREAD * population.deprivation - 0.09 + moved), 2.5, 68.0)
    there = population.lists(LATEST) >= _FEWEST
    rounded: Floats = np.round(np.where(there, found, np.nan), 6).astype(np.float64)
    return rounded


def attendances(population: Population) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return attendances, rounded to 5 as published, and children under five, by practice."""
    world = population.world
    rng = world.rng(71)
    children: NDArray[np.int64] = population.registered(_ON)[:, :, 0].sum(axis=1)
    log_rate = _DEPRIVED * population.deprivation + _CHANCE * rng.normal(size=world.count)
    counts = rng.poisson(_EACH * np.exp(log_rate) * children)
    rounded: NDArray[np.int64] = 5 * np.round(counts / 5).astype(np.int64)
    return rounded, children


def write_deprivation(
    folder: Path, world: World, population: Population, registers: Registers
) -> Iterator[Written]:
    """Write both indices and the attendances, and yield what was written."""
    names = world.practices.name
    older = scores(population, 2019)
    areas = [Area("england", "E92000001", "England", repr(_MEAN))] * 2
    areas += [
        Area("practice", world.practices.code[p], names[p], repr(float(older[p])))
        for p in np.flatnonzero(~np.isnan(older)).tolist()
    ]
    path = write_fingertips(
        folder / "fingertips-93553-imd-2019-gp-practice.csv",
        Indicator(93553, "Deprivation score (IMD 2019)", "All ages", "2019"),
        areas,
        area_types=EARLIER_AREA_TYPES,
    )
    yield Written(path.relative_to(folder).as_posix(), "fingertips", "2019")
    newer = scores(population, 2025)
    path = write_scores(
        folder / "fingertips-imd-2025-gp-practice.csv",
        2025,
        [
            (world.practices.code[p], names[p], f"{newer[p]:.3f}")
            for p in np.flatnonzero(~np.isnan(newer)).tolist()
        ],
    )
    yield Written(path.relative_to(folder).as_posix(), "deprivation", "2025")
    path = write_fingertips(
        folder / "fingertips-93930-ae-attendances-0-4.csv",
        Indicator(93930, "A&E attendances (0 to 4 years)", "0-4 yrs", f"{YEAR}/{YEAR % 100 + 1}"),
        _attending(world, population),
    )
    yield Written(path.relative_to(folder).as_posix(), "fingertips", year_code(YEAR))


def deprivation_truths(population: Population) -> dict[str, Any]:
    """Return the sums of the attendances and the mean scores, and which cell is hidden."""
    world = population.world
    count, children = attendances(population)
    shown = (children > 0) & (np.arange(world.count) != world.planted.suppressed)
    return {
        "words": "One practice's attendances are hidden by the publisher; its children are there.",
        "period": year_code(YEAR),
        "attendances": int(count[shown].sum()),
        "children": int(children[shown].sum()),
        "hidden": world.practices.code[world.planted.suppressed],
        "practices_with_score": int((~np.isnan(scores(population, 2025))).sum()),
        "mean_score": {
            str(index): round(float(np.nanmean(scores(population, index))), 6)
            for index in (2019, 2025)
        },
    }


def _attending(world: World, population: Population) -> Iterator[Area]:
    count, children = attendances(population)
    everyone = int(count.sum()), int(children.sum())
    boys = int(0.56 * everyone[0]), int(0.51 * everyone[1])
    girls = everyone[0] - boys[0], everyone[1] - boys[1]
    for sex, of in (("Male", boys), ("Female", girls), ("Persons", everyone)):
        yield _rate("england", "E92000001", "England", *of, sex=sex)
    tenths = "District & UA deprivation deciles in England (IMD2019, 4/23 geography)"
    yield _rate(
        "england", "E92000001", "England", int(0.13 * everyone[0]), int(0.11 * everyone[1]),
        category=(tenths, "Most deprived decile (IMD2019)"),
    )  # fmt: skip
    for pcn, code in enumerate(world.pcns.code):
        its = world.pcn_on(_ON) == pcn
        if children[its].sum():
            of = int(count[its].sum()), int(children[its].sum())
            yield _rate("pcn", code, world.pcns.name[pcn], *of)
    for p in np.flatnonzero(children > 0).tolist():
        code, name = world.practices.code[p], world.practices.name[p]
        if p == world.planted.suppressed:
            yield Area("practice", code, name, denominator=str(children[p]), note=SUPPRESSED)
        else:
            yield _rate("practice", code, name, int(count[p]), int(children[p]))


def _rate(
    kind: str,
    code: str,
    name: str,
    count: int,
    children: int,
    *,
    sex: str = "Persons",
    category: tuple[str, str] = ("", ""),
) -> Area:
    value, half = 1000 * count / children, 1960 * max(count, 1) ** 0.5 / children
    return Area(
        kind=kind,
        code=code,
        name=name,
        value=f"{value:.5f}",
        lower=f"{max(value - half, 0):.5f}",
        upper=f"{value + half:.5f}",
        count=str(count),
        denominator=str(children),
        sex=sex,
        category=category,
    )
