"""What practices of the made-up locality achieve in QOF: counts and points by indicator and year.

Indicators, points and thresholds are those of the year's sheet in ``knowledge/rules/qof``; years
without one are left out. Registers are those of the register file.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from locality.knowledge.files import PACKAGE
from locality.sources.synthetic.calendar import year_code
from locality.sources.synthetic.population import Population
from locality.sources.synthetic.quality_levels import ELIGIBLE, LEVELS, Level, level_of
from locality.sources.synthetic.registers import GROUP_CODES, GROUPS, Registers, group_index
from locality.sources.synthetic.returns import qof_return
from locality.sources.synthetic.world import World

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Truths = NDArray[np.bool_]

#: The first year whose indicators are known.
FIRST_SHEET = 2019
#: The year in which one practice has a list and no result.
NO_RESULT_YEAR = 2024
#: The indicator in which one practice reaches this share of what others do.
LOW_INDICATOR, LOW_TIMES = "DM020", 0.55
#: The group in which one practice has this share under care adjustments.
ADJUSTED_GROUP, ADJUSTED_SHARE = "HYP", 0.38
#: Thresholds stand in where the sheet does not know them.
_LOWER, _UPPER = 40.0, 80.0


@dataclass(frozen=True)
class Indicator:
    """One row of a year's sheet; thresholds that are not known stand in."""

    code: str
    group: str
    name: str
    domain: str
    kind: str
    points: float
    lower: float
    upper: float
    list_type: str

    @property
    def counted(self) -> bool:
        """Return whether it has a numerator and a denominator."""
        return self.kind in ("fraction", "information")


@dataclass(frozen=True)
class Result:
    """One year: arrays are practices x indicators; -1 stands for a count that it does not have.

    ``returned`` are the practices in the year's files; ``with_result`` those that have points.
    """

    year: int
    indicators: tuple[Indicator, ...]
    returned: Truths
    with_result: Truths
    lists: Counts
    registers: Counts
    numerators: Counts
    denominators: Counts
    pcas: Counts
    points: Floats
    open_to: Truths

    @property
    def maximum(self) -> int:
        """Return the points of the whole framework."""
        return round(sum(one.points for one in self.indicators))

    @property
    def totals(self) -> Floats:
        """Return the points of each practice."""
        return np.asarray(np.round(self.points.sum(axis=1), 2))

    @property
    def available(self) -> Floats:
        """Return the points of the indicators for which each practice has anybody."""
        worth = np.array([one.points for one in self.indicators])
        return np.asarray(self.open_to @ worth)

    def index(self, code: str) -> int:
        """Return where the indicator ``code`` stands; ValueError if the year has none."""
        return [one.code for one in self.indicators].index(code)


def sheet(year: int) -> tuple[Indicator, ...]:
    """Return the indicators of a year, in the order of its sheet."""
    with (PACKAGE / "rules" / "qof" / f"{year_code(year)}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    types = {group.code: group.list_type for group in GROUPS}
    return tuple(
        Indicator(
            code=row["code"],
            group=row["group"],
            name=row["title"].partition(":")[0].partition(",")[0],
            domain=row["domain"],
            kind=row["kind"],
            points=float(row["points"] or 0),
            lower=float(row["lower"] or _LOWER),
            upper=float(row["upper"] or _UPPER),
            list_type=row["list_type"] or types.get(row["group"], "TOTAL"),
        )
        for row in rows
    )


def years(world: World) -> tuple[int, ...]:
    """Return the QOF years that have a sheet, each by the year it starts in."""
    return tuple(year for year in world.calendar.qof_years if year >= FIRST_SHEET)


def result(population: Population, registers: Registers, year: int) -> Result:
    """Return what every practice achieved in a year."""
    world, indicators = population.world, sheet(year)
    return_ = qof_return(registers, year, corrected=True)
    shape = (world.count, len(indicators))
    size, register = _sizes(indicators, registers, year)
    counted = np.array([one.counted for one in indicators])
    levels = [level_of(one.code, one.group) for one in indicators]
    rng = world.rng(6000 + year)
    rate, adjusted = _rates(world, population, indicators, levels)
    eligible = np.round(size * np.array([level.eligible for level in levels])).astype(np.int64)
    eligible[:, ~counted] = 0
    pcas = rng.binomial(eligible, adjusted)
    denominators = eligible - pcas
    numerators = rng.binomial(denominators, rate)
    worth = np.array([one.points for one in indicators])
    lower = np.array([one.lower for one in indicators])
    upper = np.array([one.upper for one in indicators])
    with np.errstate(divide="ignore", invalid="ignore"):
        reached = (100 * numerators / denominators - lower) / (upper - lower)
    points = worth * np.clip(np.nan_to_num(reached), 0, 1)
    kept = np.array([one.kind == "register" for one in indicators])
    points[:, kept] = np.where(register[:, kept] > 0, worth[kept], 0.0)
    projects = ~counted & ~kept
    points[:, projects] = worth[projects] * (rng.random((world.count, projects.sum())) < 0.95)
    open_to = np.ones(shape, dtype=bool)
    open_to[:, counted] = denominators[:, counted] > 0
    open_to[:, kept] = register[:, kept] > 0
    with_result = return_.returned.copy()
    if year == NO_RESULT_YEAR:
        with_result[world.planted.blank] = False
    for counts in (numerators, denominators, pcas):
        counts[:, ~counted] = -1
    return Result(
        year=year,
        indicators=indicators,
        returned=return_.returned,
        with_result=with_result,
        lists=registers.lists[year][:, group_index("HYP")],
        registers=register,
        numerators=numerators,
        denominators=denominators,
        pcas=pcas,
        points=np.asarray(np.round(np.where(open_to, points, 0.0), 2), dtype=np.float64),
        open_to=open_to,
    )


def _sizes(
    indicators: tuple[Indicator, ...], registers: Registers, year: int
) -> tuple[Counts, Counts]:
    """Return the people that each indicator starts from, and its register (-1 where none)."""
    counts = registers.counts[year]
    everyone = registers.lists[year][:, group_index("HYP")]
    size = np.zeros((len(counts), len(indicators)), dtype=np.int64)
    register = np.full_like(size, -1)
    for place, one in enumerate(indicators):
        if one.group in GROUP_CODES:
            size[:, place] = register[:, place] = counts[:, group_index(one.group)]
        elif one.group in ELIGIBLE:
            together = [group_index(code) for code in ELIGIBLE[one.group]]
            size[:, place] = counts[:, together].sum(axis=1)
        else:
            size[:, place] = everyone
    return size, register


def _rates(
    world: World,
    population: Population,
    indicators: tuple[Indicator, ...],
    levels: list[Level],
) -> tuple[Floats, Floats]:
    """Return the chance to meet each indicator, and to be under a care adjustment."""
    keen = world.rng(60).normal(size=world.count)
    known = sorted(LEVELS)
    steady = world.rng(61).normal(size=(world.count, len(known) + 1))
    place = [known.index(one.code) if one.code in LEVELS else -1 for one in indicators]
    effect = 0.25 * keen[:, None] + 0.25 * steady[:, place]
    level = np.array([one.achieved for one in levels])
    odds = np.log(level / (1 - level)) + effect - 0.08 * population.deprivation[:, None]
    rate = 1 / (1 + np.exp(-odds))
    habit = np.exp(0.4 * world.rng(62).normal(size=world.count))
    adjusted = np.minimum(np.array([one.adjusted for one in levels]) * habit[:, None], 0.3)
    for number, one in enumerate(indicators):
        if one.code == LOW_INDICATOR:
            rate[world.planted.outlier, number] = level[number] * LOW_TIMES
        if one.group == ADJUSTED_GROUP:
            adjusted[world.planted.step, number] = ADJUSTED_SHARE
    return rate, adjusted
