"""The demonstration's story: a community heart-failure clinic is coming.

The home board counts, each month, emergency admissions with heart failure and referrals to the
hospital's cardiology clinic. One of its places has run a small clinic of its own since October
2025; the others are to decide whether to follow. What the clinic did there is planted, and
``truths.json`` says it, so that an evaluation can be held against what is so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from locality.sources.synthetic.calendar import LATEST
from locality.sources.synthetic.files.need import write_aggregates
from locality.sources.synthetic.population import Population
from locality.sources.synthetic.registers import Registers, group_index
from locality.sources.synthetic.sums import Written
from locality.sources.synthetic.world import World

#: The first month of the clinic, and the place that has it (by index).
OPENED = date(2025, 10, 1)
CLINIC_PLACE = 1
#: Months told: three years up to the last whole month.
MONTHS = 36
_SOURCE = "board's own count from hospital returns"


@dataclass(frozen=True, slots=True)
class Series:
    """One monthly count: how often it happens, and what the clinic changes.

    ``each``: events a month for each patient on the heart-failure register. ``winter``: share more
    in January than in July. ``growth``: share more each year. ``clinic``: what it is multiplied by
    where the clinic is open. ``spread``: standard deviation between practices, of the log.
    """

    measure: str
    each: float
    winter: float
    growth: float
    clinic: float
    spread: float


SERIES = (
    Series("local.hf_emergency_admissions", 0.0150, 0.25, 0.03, 0.70, 0.15),
    Series("local.cardiology_referrals", 0.0600, 0.00, 0.04, 0.75, 0.20),
)


def told_months(world: World) -> tuple[date, ...]:
    """Return the first day of every month that is told, oldest first."""
    return tuple(month for month in world.calendar.months if month < LATEST)[-MONTHS:]


def with_clinic(world: World) -> NDArray[np.bool_]:
    """Return which practices' patients the clinic has taken since it opened."""
    there: NDArray[np.bool_] = world.place == CLINIC_PLACE
    return there


def counts(registers: Registers, series: Series) -> NDArray[np.int64]:
    """Return events by month and practice of the home board; zero where a practice is closed."""
    world = registers.world
    rng = world.rng(90 + SERIES.index(series))
    own = np.exp(series.spread * rng.normal(size=world.count))
    found = []
    for number, month in enumerate(told_months(world)):
        year = month.year if month.month >= 4 else month.year - 1
        known = min(max(registers.counts, default=year), max(year, min(registers.counts)))
        people = registers.counts[known][:, group_index("HF")]
        season = 1 + series.winter * np.cos(2 * np.pi * (month.month - 1) / 12) / 2
        grown = (1 + series.growth) ** (number / 12)
        rate = series.each * season * grown * own * people
        if month >= OPENED:
            rate = np.where(with_clinic(world), series.clinic * rate, rate)
        rate = rate * (world.open_on(month) & world.home)
        found.append(rng.poisson(rate))
    return np.array(found, dtype=np.int64)


def write_story(
    folder: Path, world: World, population: Population, registers: Registers
) -> Iterator[Written]:
    """Write one file of local counts for each series, and yield what was written."""
    for series in SERIES:
        events, months = counts(registers, series), told_months(world)
        rows = [
            (p, number, month)
            for number, month in enumerate(months)
            for p in np.flatnonzero(world.open_on(month) & world.home).tolist()
        ]
        lists = {month: population.lists(month) for month in months}
        told = (
            (
                world.practices.code[p],
                series.measure,
                _period(month),
                str(events[number, p]),
                str(lists[month][p]),
                _SOURCE,
            )
            for p, number, month in rows
        )
        name = f"{series.measure.replace('.', '-').replace('_', '-')}.csv"
        path = write_aggregates(folder / name, told)
        period = f"{months[0].isoformat()}/{(LATEST - timedelta(days=1)).isoformat()}"
        yield Written(path.relative_to(folder).as_posix(), "local_aggregates", period)


def story_truths(world: World, registers: Registers) -> dict[str, Any]:
    """Return what the clinic truly did, and the counts before and since it opened."""
    months, clinic = told_months(world), with_clinic(world)
    since = np.array([month >= OPENED for month in months])
    return {
        "words": (
            "A place of the home board opened a community heart-failure clinic. It takes three in "
            "ten off its emergency admissions and a quarter off its cardiology referrals, from the "
            "first month; nothing else changed there."
        ),
        "opened": OPENED.isoformat(),
        "place": world.places.code[CLINIC_PLACE],
        "practices": [world.practices.code[p] for p in np.flatnonzero(clinic).tolist()],
        "series": {
            series.measure: {
                "times": series.clinic,
                "growth_a_year": series.growth,
                "months": [_period(month) for month in months],
                "clinic": events[:, clinic].sum(axis=1).tolist(),
                "others": events[:, ~clinic & world.home].sum(axis=1).tolist(),
                "before": int(events[~since][:, clinic].sum()),
                "since": int(events[since][:, clinic].sum()),
            }
            for series in SERIES
            for events in [counts(registers, series)]
        },
    }


def _period(month: date) -> str:
    return f"{month.year}-M{month.month:02d}"
