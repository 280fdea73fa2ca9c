"""What the files add up to, over England, a board or any other set of practices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from locality.sources.synthetic.calendar import LAST_QOF_YEAR, LATEST, year_code
from locality.sources.synthetic.hierarchy import Indexes
from locality.sources.synthetic.in_year import InYear
from locality.sources.synthetic.need import Floats, allocation_date
from locality.sources.synthetic.population import SEXES, Population
from locality.sources.synthetic.registers import GROUPS, Registers
from locality.sources.synthetic.returns import Return, qof_return
from locality.sources.synthetic.world import Kind, World

Words = dict[str, Any]


@dataclass(frozen=True)
class Written:
    """One file of the locality: where, which publication, which period."""

    file: str
    publication: str
    period: str


@dataclass(frozen=True)
class Made:
    """Everything that was made, for the truths to be counted from."""

    world: World
    population: Population
    registers: Registers
    weighted: dict[int, dict[str, Floats]]
    in_year: list[InYear]
    files: list[Written]
    correction: str


def sums(made: Made, of: NDArray[np.bool_]) -> Words:
    """Return the sums of every publication over the practices ``of``."""
    world, population = made.world, made.population
    age_sex = {}
    for on in world.calendar.age_sex:
        by_sex = population.registered(on)[of].sum(axis=(0, 2))
        age_sex[on.isoformat()] = dict(zip(SEXES, by_sex.tolist(), strict=True))
    return {
        "practices_open": {
            on.isoformat(): int((world.open_on(on) & of).sum()) for on in world.calendar.maps
        },
        "list_sizes": {
            on.isoformat(): int(population.lists(on)[of].sum()) for on in world.calendar.lists
        },
        "age_sex": age_sex,
        "weighted_populations": {
            year_code(year): {
                component: round(
                    float(np.nansum(people[of & world.open_on(allocation_date(year))])), 6
                )
                for component, people in populations.items()
                if year != 2022 or not component.startswith("primary")
            }
            for year, populations in made.weighted.items()
        },
        "qof_registers": {
            year_code(year): register_sums(qof_return(made.registers, year), of)
            for year in world.calendar.qof_years
        },
    }


def register_sums(what: Return, of: NDArray[np.bool_]) -> Words:
    """Return each register's sum over the practices ``of``, as one year's file says it."""
    there = (of & what.returned)[:, None]
    counted = there & what.shown
    register = np.where(counted, what.registers, 0).sum(axis=0).tolist()
    list_counted = np.where(counted, what.lists, 0).sum(axis=0).tolist()
    in_file = np.where(there, what.lists, 0).sum(axis=0).tolist()
    return {
        group.code: {
            "register": register[g],
            "list_counted": list_counted[g],
            "list": in_file[g],
            "list_type": group.list_type,
        }
        for g, group in enumerate(GROUPS)
    }


def latest_by_kind(made: Made) -> Words:
    """Return each organisation's practices, people and hypertension, by kind and code, latest."""
    world = made.world
    board = world.sub_board[world.sub]
    kinds: dict[str, tuple[Kind, Indexes]] = {
        "pcn": (world.pcns, world.last_pcn),
        "place": (world.places, world.place),
        "sub_icb": (world.subs, world.sub),
        "icb": (world.boards, board),
        "region": (world.regions, world.board_region[board]),
    }
    what = qof_return(made.registers, LAST_QOF_YEAR)
    hypertension = next(g for g, group in enumerate(GROUPS) if group.code == "HYP")
    numbers = {
        "practices": world.open_on(LATEST).astype(np.int64),
        "patients": made.population.lists(LATEST),
        "hyp_register": np.where(what.returned, what.registers[:, hypertension], 0),
        "hyp_list": np.where(what.returned, what.lists[:, hypertension], 0),
    }
    found: Words = {"period": year_code(LAST_QOF_YEAR), "as_at": LATEST.isoformat()}
    for name, (kind, of) in kinds.items():
        inside = of >= 0
        totals = {
            what_is: np.bincount(of[inside], number[inside], minlength=len(kind.code))
            for what_is, number in numbers.items()
        }
        found[name] = {
            code: {what_is: int(total[one]) for what_is, total in totals.items()}
            for one, code in enumerate(kind.code)
            if totals["practices"][one]
        }
    return found
