"""QOF counts during 2026-27 as practices typed them: a whole PCN's, and those of one tiny list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from locality.sources.synthetic.calendar import LAST_QOF_YEAR
from locality.sources.synthetic.registers import Registers, group_index
from locality.sources.synthetic.world import World

#: Indicator of 2026-27, its register, and which share of the register it is about.
INDICATORS = (
    ("AF008", "AF", 0.80),
    ("COPD010", "COPD", 0.95),
    ("DEM004", "DEM", 0.95),
    ("DM020", "DM", 0.75),
    ("HYP010", "HYP", 0.78),
    ("MH002", "MH", 0.90),
)
#: Each date, and the share of the denominator that has been reached by then.
DATES = ((date(2026, 6, 30), 0.25), (date(2026, 9, 30), 0.50))
#: Counts of 1 to this many are small: withheld from others.
SMALL = 7
_COLUMNS = ("register", "denominator", "numerator", "pcas")
#: (date, indicator, which practice of the PCN) -> numerator.
_PLANTED_NUMERATORS = {
    (DATES[0][0], "DEM004", 0): 4,
    (DATES[1][0], "DEM004", 0): 7,
    (DATES[0][0], "MH002", 1): 3,
    (DATES[0][0], "MH002", 2): 6,
    (DATES[1][0], "MH002", 2): 6,
}


@dataclass(frozen=True, slots=True)
class InYear:
    """One row; the denominator is already net of personalised care adjustments.

    No register, or no adjustments, where the practice left the cell blank.
    """

    practice: int
    indicator: str
    as_at: date
    register: int | None
    denominator: int
    numerator: int
    pcas: int | None


def in_year(registers: Registers) -> list[InYear]:
    """Return the rows by date, practice and indicator.

    In the PCN no count is small but the planted ones; on the tiny list most are.
    """
    world = registers.world
    rng = world.rng(4)
    members = [int(p) for p in np.flatnonzero(world.last_pcn == world.planted.in_year_pcn)]
    rows = []
    for as_at, reached in DATES:
        for place, practice in enumerate([*members, world.planted.small]):
            tiny = practice == world.planted.small
            floor = 0 if tiny else SMALL + 1
            for indicator, group, share in INDICATORS:
                before = int(registers.counts[LAST_QOF_YEAR][practice, group_index(group)])
                # Enough people for every natural count to be large.
                register = before if tiny else max(before, 6 * floor)
                about = round(register * share)
                pcas = min(about, max(round(about * 0.04), floor))
                denominator = about - pcas
                reach = float(np.clip(rng.normal(reached, 0.05), 0.05, 0.85))
                numerator = max(round(denominator * reach), floor)
                numerator = _PLANTED_NUMERATORS.get(
                    (as_at, indicator, -1 if tiny else place), numerator
                )
                rows.append(
                    InYear(practice, indicator, as_at, register, denominator, numerator, pcas)
                )
    return rows


def small_counts(registers: Registers, rows: list[InYear]) -> dict[str, Any]:
    """Return which cells must be withheld from others, and which totals would give one away."""
    world = registers.world
    code = world.practices.code
    members = np.flatnonzero(world.last_pcn == world.planted.in_year_pcn).tolist()
    withheld = [
        {
            "practice": code[row.practice],
            "indicator": row.indicator,
            "as_at": row.as_at.isoformat(),
            "column": column,
            "value": getattr(row, column),
        }
        for row in rows
        for column in _COLUMNS
        if 1 <= getattr(row, column) <= SMALL
    ]
    return {
        "words": (
            "Counts of 1 to 7 that practices supplied themselves: each must be withheld from "
            "others. Every member of one PCN supplied all; where one member alone is small, its "
            "count could be had by subtracting the rest from the PCN's total, so that a second "
            "member's (or the total) must be withheld too."
        ),
        "at_most": SMALL,
        "pcn": world.pcns.code[world.planted.in_year_pcn],
        "members": [code[p] for p in members],
        "also_supplied_by": [code[world.planted.small]],
        "withheld": withheld,
        "pcn_totals": [
            total
            for as_at, _ in DATES
            for indicator, _, _ in INDICATORS
            for column in _COLUMNS
            if (total := _pcn_total(world, rows, members, as_at, indicator, column))
        ],
    }


def _pcn_total(
    world: World, rows: list[InYear], members: list[int], as_at: date, indicator: str, column: str
) -> dict[str, Any] | None:
    """Return one column's values over the PCN, or None where none of them is small."""
    values = {
        world.practices.code[row.practice]: int(getattr(row, column))
        for row in rows
        if (row.as_at, row.indicator) == (as_at, indicator) and row.practice in members
    }
    small = [code for code, value in values.items() if 1 <= value <= SMALL]
    if not small:
        return None
    return {
        "indicator": indicator,
        "as_at": as_at.isoformat(),
        "column": column,
        "small": small,
        "values": values,
        "pcn_total": sum(values.values()),
        "second_needed": len(small) == 1,
    }
