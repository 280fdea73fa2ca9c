"""Counts during earlier years, and of more indicators this year: the own past that forecasts need.

Each earlier reading leads up to the result that the year's own file publishes: fewer patients
reached, and fewer under a care adjustment, as those come late. A row with a small count is left
out, as if the practice had not typed it, and small adjustments are left blank, so that no small
count joins the planted ones.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from locality.knowledge.files import PACKAGE
from locality.knowledge.qof_successions import came_from
from locality.sources.synthetic.calendar import LAST_QOF_YEAR, year_code
from locality.sources.synthetic.in_year import DATES, INDICATORS, SMALL, InYear
from locality.sources.synthetic.population import Population
from locality.sources.synthetic.quality_levels import Level
from locality.sources.synthetic.quality_results import result
from locality.sources.synthetic.registers import GROUP_CODES, Registers, group_index
from locality.sources.synthetic.world import World

_SUBJECT = 44
#: Month and day of each reading; share of the year's end that is reached; share of adjustments.
READINGS = (((6, 30), 0.55, 0.2), ((9, 30), 0.75, 0.4), ((12, 31), 0.9, 0.7))
#: Earlier years with readings, by the year they start in.
YEARS = (LAST_QOF_YEAR - 1, LAST_QOF_YEAR)
#: How much a practice's own years differ in what is reached by a date, and its dates in a year.
_SPREAD, _WOBBLE = 0.035, 0.01
#: How many count once for each count of both registers, where two were put together.
_ONCE = 0.93
#: How many more a widened indicator is about.
_WIDER = 1.04
#: What this year's new indicators would end with: shares of the register, as in quality_levels.
_NEW = {
    "DM037": Level(0.97, 0.60, 0.04),
    "HF009": Level(0.40, 0.38, 0.10),
    "OB004": Level(0.95, 0.21, 0.03),
    "OB005": Level(0.30, 0.66, 0.05),
}


@dataclass(frozen=True, slots=True)
class _End:
    """What a year ends with, for one practice and indicator; no register where there is none."""

    register: int | None
    numerator: int
    denominator: int
    pcas: int

    def __add__(self, other: _End) -> _End:
        register = None if self.register is None else self.register + (other.register or 0)
        return _End(
            register, self.numerator + other.numerator, self.denominator + other.denominator,
            self.pcas + other.pcas,
        )  # fmt: skip

    def times(self, share: float) -> _End:
        """Return every count times ``share``."""
        register = None if self.register is None else round(self.register * share)
        numerator, denominator = round(self.numerator * share), round(self.denominator * share)
        return _End(register, numerator, denominator, round(self.pcas * share))


#: (practice, indicator) -> what the year ends with.
_Ends = dict[tuple[int, str], _End]


def more_in_year(population: Population, registers: Registers) -> list[InYear]:
    """Return readings of the in-year PCN's practices: two earlier years, and more of this one.

    Every indicator of the year's sheet that pays by its counts is there; this year the planted
    ones apart. Indicators about no register have none.
    """
    world = population.world
    members = [int(p) for p in np.flatnonzero(world.last_pcn == world.planted.in_year_pcn)]
    rng = world.rng(_SUBJECT)
    rows: list[InYear] = []
    ends: _Ends = {}
    for year in YEARS:
        if year in world.calendar.qof_years:
            ends = _published(population, registers, year, members)
            dates = [date(year, *on) for on, _, _ in READINGS]
            rows += _readings(ends, dates, rng)
    following = _expected(world, registers, ends, members, rng)
    rows += _readings(following, [on for on, _ in DATES], rng)
    return [row for row in map(_without_small_adjustments, rows) if _large(row)]


def _readings(ends: _Ends, dates: list[date], rng: np.random.Generator) -> Iterator[InYear]:
    """Yield what was counted on each day, of what the year ends with: never fewer than before."""
    shares = {on: (reached, adjusted) for on, reached, adjusted in READINGS}
    for (practice, code), end in ends.items():
        own, before = _SPREAD * rng.normal(), 0
        for on in dates:
            reached, adjusted = shares[on.month, on.day]
            late = end.pcas - round(end.pcas * adjusted)
            share = float(np.clip(reached + own + _WOBBLE * rng.normal(), 0.05, 1))
            before = max(before, round(end.numerator * share))
            yield InYear(
                practice, code, on, end.register, end.denominator + late, before, end.pcas - late
            )


def _published(
    population: Population, registers: Registers, year: int, members: list[int]
) -> _Ends:
    """Return what a year's file publishes of the indicators that paid by their counts."""
    made, live = result(population, registers, year), _live(year)
    return {
        (practice, one.code): _End(
            register if (register := int(made.registers[practice, at])) >= 0 else None,
            int(made.numerators[practice, at]),
            int(made.denominators[practice, at]),
            int(made.pcas[practice, at]),
        )
        for at, one in enumerate(made.indicators)
        if one.code in live
        for practice in members
    }


def _expected(
    world: World, registers: Registers, ends: _Ends, members: list[int], rng: np.random.Generator
) -> _Ends:
    """Return what this year would end with, were it like the last: ``ends``, under new codes."""
    was, now = (year_code(LAST_QOF_YEAR + step) for step in (0, 1))
    planted = {code for code, _, _ in INDICATORS}
    counts = registers.counts[LAST_QOF_YEAR]
    found: _Ends = {}
    for code, group in _live(LAST_QOF_YEAR + 1).items():
        steps = came_from(code, now, was)
        kinds = {one.kind for one in steps}
        for practice in members:
            if code in planted:
                continue
            before = [ends.get((practice, one.from_code)) for one in steps]
            if code in _NEW and group in GROUP_CODES:
                register = int(counts[practice, group_index(group)])
                found[practice, code] = _begun(register, _NEW[code], rng)
            elif kinds == {"merged"} and len(before) == 2 and before[0] and before[1]:
                found[practice, code] = (before[0] + before[1]).times(_ONCE)
            elif kinds <= {"renumbered", "widened"}:
                end = before[0] if before else ends.get((practice, code))
                if end is not None:
                    wider = _WIDER if "widened" in kinds else 1.0
                    found[practice, code] = end.times(wider)
    return found


def _begun(register: int, level: Level, rng: np.random.Generator) -> _End:
    """Return what a new indicator would end with, by chance about its level."""
    eligible = round(register * level.eligible)
    pcas = int(rng.binomial(eligible, level.adjusted))
    reached = int(rng.binomial(eligible - pcas, level.achieved))
    return _End(register, reached, eligible - pcas, pcas)


def _without_small_adjustments(row: InYear) -> InYear:
    """Return the row, its adjustments blank where they would be a small count."""
    return replace(row, pcas=None) if row.pcas and row.pcas <= SMALL else row


def _large(row: InYear) -> bool:
    """Return whether no count is small."""
    counts = (row.register, row.denominator, row.numerator, row.pcas)
    return all(not n or n > SMALL for n in counts)


def _live(year: int) -> dict[str, str]:
    """Return the indicators of a year that pay by their counts, each with its group."""
    with (PACKAGE / "rules" / "qof" / f"{year_code(year)}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {
        row["code"]: row["group"]
        for row in rows
        if row["kind"] == "fraction" and row["status"] == "live"
    }
