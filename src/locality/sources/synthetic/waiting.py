"""Hospital waits of a made-up locality: who waits, for what, and how long.

In the home board cardiology waits are long and lengthen from month to month: it is a part of the
demonstration's story (:mod:`.story`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from locality.sources.synthetic.calendar import LATEST
from locality.sources.synthetic.files.waiting import Pathways, write_extract
from locality.sources.synthetic.population import Population
from locality.sources.synthetic.registers import Registers
from locality.sources.synthetic.sums import Written
from locality.sources.synthetic.world import World

#: Months told, up to the last whole one.
MONTHS = 12
_WEEKS = 105


@dataclass(frozen=True, slots=True)
class Specialty:
    """A specialty: referrals a week for each 1,000 people, and the usual wait in weeks.

    ``admitted``: the share of completed pathways that end with an admission.
    """

    code: str
    name: str
    referrals: float
    weeks: float
    admitted: float


SPECIALTIES = (
    Specialty("C_100", "General Surgery Service", 0.6, 18.0, 0.35),
    Specialty("C_110", "Trauma and Orthopaedic Service", 0.9, 20.0, 0.40),
    Specialty("C_120", "Ear Nose and Throat Service", 0.6, 19.0, 0.15),
    Specialty("C_130", "Ophthalmology Service", 0.8, 16.0, 0.30),
    Specialty("C_301", "Gastroenterology Service", 0.5, 17.0, 0.25),
    Specialty("C_320", "Cardiology Service", 0.4, 15.0, 0.10),
    Specialty("C_330", "Dermatology Service", 0.7, 14.0, 0.10),
    Specialty("C_502", "Gynaecology Service", 0.6, 18.0, 0.20),
)
ALL = ("C_999", "Total")
CARDIOLOGY = "C_320"
#: In the home board: weeks at the first month told, and what each month adds.
HOME_CARDIOLOGY = (20.0, 0.8)
# As published, name and all.
_NOT_ENGLISH = (("NONC", "#N/A"), ("", ""))
_WEEKS_A_MONTH = 52 / 12


def told_months(world: World) -> tuple[date, ...]:
    """Return the first day of every month that is told, oldest first."""
    return tuple(month for month in world.calendar.months if month < LATEST)[-MONTHS:]


def write_waiting(
    folder: Path, world: World, population: Population, registers: Registers
) -> Iterator[Written]:
    """Write one full extract for each month, and yield what was written."""
    for month in told_months(world):
        path = write_extract(folder, month, rows_of(world, population, month))
        period = f"{month.year}-M{month.month:02d}"
        yield Written(path.relative_to(folder).as_posix(), "waiting_times", period)


def rows_of(world: World, population: Population, month: date) -> list[Pathways]:
    """Return every row of one month: each sub-ICB's patients at two hospitals, and a few Welsh."""
    number = told_months(world).index(month)
    rng = np.random.default_rng([world.seed, 80, number + 1])
    lists = population.lists(month)
    boards, of = world.boards_on(month)
    rows: list[Pathways] = []
    for sub, code in enumerate(world.subs.code):
        practices = np.flatnonzero(world.sub == sub)
        board = int(of[practices[0]])
        home = bool(world.sub_board[sub] == 0)
        whose = ((code, world.sub_names_on(month)[sub]), (boards.code[board], boards.name[board]))
        people = float(lists[practices].sum())
        for hospital, share in enumerate((0.7, 0.3)):
            where = (f"R{board:02d}{hospital}", f"{boards.name[board]} Hospital {hospital + 1}")
            rows += _rows(rng, where, whose, share * people, home, number)
        if sub == 0:
            rows += _rows(rng, where, _NOT_ENGLISH, 0.01 * people, False, number)
    return rows


def _rows(
    rng: np.random.Generator,
    where: tuple[str, str],
    whose: tuple[tuple[str, str], tuple[str, str]],
    people: float,
    home: bool,
    number: int,
) -> list[Pathways]:
    parent = whose[1] if whose[1][0] else ("QZZ", "ELSEWHERE")
    found: list[Pathways] = []
    totals: dict[str, NDArray[np.int64]] = {}
    plain: dict[str, int] = {}

    def tell(part: str, function: tuple[str, str], weeks: NDArray[np.int64], other: int) -> None:
        timed = part != "Part_3"
        unknown = other if part in ("Part_1A", "Part_1B") else None
        found.append(
            Pathways(where, parent, *whose, part, function, weeks.tolist() if timed else (),
                     unknown, 0 if timed else other)
        )  # fmt: skip

    for one in SPECIALTIES:
        weekly = people * one.referrals / 1000
        for part, weeks, other in _parts(rng, one, weekly, usual_wait(one, home, number)):
            if not weeks.sum() and not other:
                continue
            tell(part, (one.code, one.name), weeks, other)
            totals[part] = totals.get(part, np.zeros(_WEEKS, np.int64)) + weeks
            plain[part] = plain.get(part, 0) + other
    for part, weeks in totals.items():
        tell(part, ALL, weeks, plain[part])
    return found


def usual_wait(one: Specialty, home: bool, number: int) -> float:
    """Return the mean wait of a specialty in the month ``number``, in weeks."""
    if home and one.code == CARDIOLOGY:
        first, more = HOME_CARDIOLOGY
        return first + more * number
    return one.weeks


def _parts(
    rng: np.random.Generator, one: Specialty, weekly: float, wait: float
) -> Iterator[tuple[str, NDArray[np.int64], int]]:
    """Yield each part's pathways by week, and its count without a time."""
    week = np.arange(_WEEKS)
    # Of those referred k weeks ago, so many are still waiting; the last band holds all before.
    still = np.exp(-week / wait)
    expected = weekly * still
    expected[-1] = weekly * wait * still[-1]
    waiting = rng.poisson(expected).astype(np.int64)
    yield "Part_2", waiting, 0
    yield "Part_2A", rng.binomial(waiting, 0.15).astype(np.int64), 0
    monthly = weekly * _WEEKS_A_MONTH
    ended = rng.poisson(monthly * still / wait).astype(np.int64)
    admitted = rng.binomial(ended, one.admitted).astype(np.int64)
    yield "Part_1A", admitted, int(rng.poisson(0.001 * monthly))
    yield "Part_1B", ended - admitted, int(rng.poisson(0.001 * monthly))
    yield "Part_3", np.zeros(_WEEKS, np.int64), int(rng.poisson(monthly))


def waiting_truths(world: World, population: Population) -> dict[str, Any]:
    """Return the sums of each month, England's without those who are not English."""
    months = {}
    for month in told_months(world):
        rows = [
            row for row in rows_of(world, population, month)
            if row.part == "Part_2" and row.commissioner[0] != "NONC"
        ]  # fmt: skip
        every = [row for row in rows if row.function == ALL]
        months[f"{month.year}-M{month.month:02d}"] = {
            "incomplete": sum(sum(row.weeks) for row in every),
            "within_18": sum(sum(row.weeks[:18]) for row in every),
            "cardiology": {
                code: sum(
                    sum(row.weeks) for row in rows
                    if row.function[0] == CARDIOLOGY and row.commissioner[0] == code
                )
                for code in world.subs.code
            },
        }  # fmt: skip
    return {
        "words": (
            "Cardiology waits in the home board begin at about 20 weeks on average and lengthen by "
            "0.8 weeks a month; elsewhere they stay at about 15."
        ),
        "months": months,
    }
