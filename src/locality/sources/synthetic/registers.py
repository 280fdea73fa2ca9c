"""QOF disease registers: who is on them, how practices differ, how they move from year to year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from locality.sources.synthetic import planted as plan
from locality.sources.synthetic.calendar import year_end
from locality.sources.synthetic.population import BANDS, Counts, Population, aged, merge

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Group:
    """One register: its list, its share of that list in per cent, and how that share varies.

    ``first`` and ``last``: England in 2021-22 and 2025-26, rounded. ``middle``: the age at which
    half of those who will ever be on it are; ``men``: men for each woman at the same age.
    ``deprived``: change in the log of the rate for one standard deviation of deprivation.
    ``spread``: standard deviation between like practices, of the log of the rate.
    """

    code: str
    list_type: str
    first: float
    last: float
    middle: float
    men: float
    deprived: float
    spread: float


_ALL = "TOTAL"
GROUPS = (
    Group("AF", _ALL, 2.1, 2.3, 78, 1.3, 0.00, 0.15),
    Group("AST", "06OV", 6.5, 6.6, 5, 0.9, 0.05, 0.15),
    Group("CAN", _ALL, 3.3, 4.0, 72, 0.9, -0.05, 0.12),
    Group("CHD", _ALL, 3.0, 3.0, 74, 1.9, 0.10, 0.15),
    Group("CKD", "18OV", 4.0, 4.9, 80, 0.9, 0.05, 0.35),
    Group("COPD", _ALL, 1.9, 1.9, 68, 1.1, 0.30, 0.20),
    Group("DEM", _ALL, 0.7, 0.8, 90, 0.8, 0.02, 0.25),
    Group("DEP", "18OV", 12.6, 14.9, 22, 0.6, 0.10, 0.28),
    Group("DM", "17OV", 7.3, 8.1, 58, 1.3, 0.15, 0.14),
    Group("EP", "18OV", 0.8, 0.8, 5, 1.0, 0.12, 0.15),
    Group("HF", _ALL, 0.95, 1.15, 82, 1.3, 0.10, 0.25),
    Group("HYP", _ALL, 14.0, 15.6, 62, 1.0, 0.05, 0.10),
    Group("LD", _ALL, 0.55, 0.60, 10, 1.4, 0.12, 0.30),
    Group("MH", _ALL, 0.95, 1.03, 28, 1.0, 0.25, 0.22),
    Group("NDH", "18OV", 6.1, 10.2, 60, 1.0, 0.08, 0.35),
    Group("OB", "18OV", 9.7, 15.0, 35, 0.8, 0.18, 0.28),
    Group("OST", "50OV", 0.85, 1.30, 80, 0.2, 0.02, 0.60),
    Group("PAD", _ALL, 0.58, 0.55, 75, 1.9, 0.18, 0.22),
    Group("PC", _ALL, 0.46, 0.60, 80, 0.9, 0.02, 0.55),
    Group("RA", "16OV", 0.77, 0.79, 60, 0.5, 0.03, 0.15),
    Group("STIA", _ALL, 1.8, 1.9, 76, 1.2, 0.08, 0.15),
)
GROUP_CODES = tuple(group.code for group in GROUPS)
LIST_TYPES = {"TOTAL": 0, "06OV": 6, "16OV": 16, "17OV": 17, "18OV": 18, "50OV": 50}

#: Of those on a register, how many are still on it a year later.
_STAY = 0.92
_AGE = np.arange(2.5, 100, 5)


def group_index(code: str) -> int:
    """Return where the register ``code`` stands in :data:`GROUPS`."""
    return GROUP_CODES.index(code)


class Registers:
    """Registers as they truly were: ``counts[year]`` and ``lists[year]``, practices x groups.

    A practice's rate is its people's (age, sex, deprivation) times its own effect, log-normal and
    slow to change. From year to year people leave the register by chance and others join, so
    that counts are nearly binomial about the rate and closely correlated through time.
    """

    def __init__(self, population: Population) -> None:
        world = population.world
        self.world = world
        self.counts: dict[int, Counts] = {}
        self.lists: dict[int, Counts] = {}
        rng = world.rng(2)
        shape = (world.count, len(GROUPS))
        spread = np.array([group.spread for group in GROUPS])
        # Some of a practice's effect is its own way of recording, in every register alike.
        keen = rng.normal(size=(world.count, 1))
        steady = np.sqrt(0.85) * rng.normal(size=shape) + np.sqrt(0.15) * keen
        drift = rng.normal(size=shape)
        register = np.zeros(shape, dtype=np.int64)
        expected = np.zeros(shape)
        for year in world.calendar.qof_years:
            on = year_end(year)
            people = population.apart(on)
            lists = _lists(people)
            drift = 0.95 * drift + np.sqrt(1 - 0.95**2) * rng.normal(size=shape)
            effect = spread * (np.sqrt(0.9) * steady + np.sqrt(0.1) * drift)
            rate = _rates(year, people, lists, population.deprivation, effect)
            _plant(year, world.planted, rate)
            before, expected = expected, lists * rate
            if year == world.calendar.first:
                register = rng.binomial(lists, rate)
            else:
                with np.errstate(divide="ignore", invalid="ignore"):
                    stay = np.where(before > 0, np.minimum(_STAY, expected / before), 0.0)
                stayed = rng.binomial(register, stay)
                joined = rng.poisson(np.maximum(expected - stay * before, 0.0))
                register = np.minimum(stayed + joined, lists)
            self.counts[year] = merge(world, register, on)
            self.lists[year] = _lists(population.registered(on))


def target_rate(year: int, code: str) -> float:
    """Return England's share of the list on the register ``code``, as it is meant to be."""
    group = GROUPS[group_index(code)]
    return group.first * (group.last / group.first) ** ((year - 2021) / 4) / 100


def _lists(people: Counts) -> Counts:
    """Return the list that each register is counted against, practices x groups."""
    return np.stack([aged(people, LIST_TYPES[group.list_type]) for group in GROUPS], axis=1)


def _rates(year: int, people: Counts, lists: Counts, deprivation: Floats, effect: Floats) -> Floats:
    """Return the share of each list on each register, such that England's is the group's own."""
    expected = np.stack([_by_age(group, people) for group in GROUPS], axis=1)
    deprived = np.array([group.deprived for group in GROUPS])
    expected *= np.exp(deprived * deprivation[:, None] + effect)
    target = np.array([target_rate(year, group.code) for group in GROUPS])
    share = expected / np.maximum(lists, 1)
    share *= target * lists.sum(axis=0) / (share * lists).sum(axis=0)
    return np.minimum(share, 0.9)


def _by_age(group: Group, people: Counts) -> Floats:
    """Return people weighted by how likely their age and sex make this register."""
    weight = 1 / (1 + np.exp(-(_AGE - group.middle) / 8))
    limit = LIST_TYPES[group.list_type]
    weight = weight * np.clip((np.arange(len(BANDS)) * 5 + 5 - limit) / 5, 0, 1)
    return np.asarray((people[:, 0] + group.men * people[:, 1]) @ weight, dtype=np.float64)


def _plant(year: int, planted: plan.Planted, rate: Floats) -> None:
    """Write the planted rates into ``rate``: an outlier, a step change, an empty register."""
    outlier = planted.outlier, group_index(plan.OUTLIER_GROUP)
    rate[outlier] = plan.OUTLIER_TIMES * max(rate[outlier], target_rate(year, plan.OUTLIER_GROUP))
    rate[planted.small, group_index(plan.ZERO_GROUP)] = 0.0
    if year >= plan.STEP_YEAR:
        rate[planted.step, group_index(plan.STEP_GROUP)] *= plan.STEP_TIMES
    np.minimum(rate, 0.9, out=rate)
