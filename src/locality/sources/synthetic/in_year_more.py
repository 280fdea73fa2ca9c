"""Counts during earlier years, and of more indicators this year: the own past that forecasts need.

Each earlier reading leads up to the result that the year's own file publishes: fewer patients
reached, and fewer under a care adjustment, as those come late. A row with a small count is left
out, as if the practice had not typed it, so that no small count joins the planted ones.
"""

from __future__ import annotations

import csv
from datetime import date

import numpy as np

from locality.knowledge.files import PACKAGE
from locality.knowledge.qof_successions import became
from locality.sources.synthetic.calendar import LAST_QOF_YEAR, year_code
from locality.sources.synthetic.in_year import DATES, INDICATORS, SMALL, InYear
from locality.sources.synthetic.population import Population
from locality.sources.synthetic.quality_results import result
from locality.sources.synthetic.registers import Registers

_SUBJECT = 44
#: Month and day of each reading; share of the year's end that is reached; share of adjustments.
READINGS = (((6, 30), 0.55, 0.2), ((9, 30), 0.75, 0.4), ((12, 31), 0.9, 0.7))
#: Earlier years with readings, by the year they start in.
YEARS = (LAST_QOF_YEAR - 1, LAST_QOF_YEAR)
#: How much a practice's own years differ in what is reached by a date.
_SPREAD = 0.04


def more_in_year(population: Population, registers: Registers) -> list[InYear]:
    """Return readings of the in-year PCN's practices: two earlier years, and more of this one.

    Earlier years have every indicator of their sheet that paid by its counts; this year those
    that are the same indicator as in the last published one, the planted six apart.
    """
    world = population.world
    members = [int(p) for p in np.flatnonzero(world.last_pcn == world.planted.in_year_pcn)]
    rng = world.rng(_SUBJECT)
    rows = []
    for year in YEARS:
        if year not in world.calendar.qof_years:
            continue
        made = result(population, registers, year)
        live = _live(year)
        following = {} if year < LAST_QOF_YEAR else _next_codes(year)
        for place, one in enumerate(made.indicators):
            if one.code not in live:
                continue
            for practice in members:
                for (month, day), reached, adjusted in READINGS:
                    ended = (
                        made.numerators[practice, place],
                        made.denominators[practice, place],
                        made.pcas[practice, place],
                    )
                    register = int(made.registers[practice, place])
                    on = date(year, month, day)
                    share = reached + _SPREAD * rng.normal()
                    then = _reading(practice, one.code, on, register, ended, share, adjusted)
                    rows.append(then)
                    code = following.get(one.code, "")
                    on = date(year + 1, month, day)
                    if code and any(on == when for when, _ in DATES):
                        share = reached + _SPREAD * rng.normal()
                        rows.append(_reading(practice, code, on, register, ended, share, adjusted))
    return [row for row in rows if _large(row)]


def _reading(
    practice: int,
    code: str,
    on: date,
    register: int,
    ended: tuple[int, int, int],
    share: float,
    adjusted: float,
) -> InYear:
    """Return what was counted on a day, of what the year ended with."""
    numerator, denominator, pcas = map(int, ended)
    late = pcas - round(pcas * adjusted)
    return InYear(
        practice, code, on, register, denominator + late,
        min(round(numerator * float(np.clip(share, 0.05, 1))), denominator + late), pcas - late,
    )  # fmt: skip


def _large(row: InYear) -> bool:
    """Return whether no count is small, and nobody is counted who is not on the register."""
    counts = (row.register, row.denominator, row.numerator, row.pcas)
    return row.register >= row.denominator and all(n == 0 or n > SMALL for n in counts)


def _live(year: int) -> set[str]:
    """Return the indicators of a year that paid by their counts."""
    with (PACKAGE / "rules" / "qof" / f"{year_code(year)}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {row["code"] for row in rows if row["kind"] == "fraction" and row["status"] == "live"}


def _next_codes(year: int) -> dict[str, str]:
    """Return the code of the year after for each indicator that goes on, but the planted ones."""
    planted = {code for code, _, _ in INDICATORS}
    after = _live(year + 1)
    found = {}
    for code in _live(year):
        steps = became(code, year_code(year), year_code(year + 1))
        now = code if code in after else (steps[-1].to_code if steps else "")
        if now in after and now not in planted and all(s.kind == "renumbered" for s in steps):
            found[code] = now
    return found
