"""The rest of the publications, subject by subject: what each writes, and what is true of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from locality.sources.synthetic.access import access_truths, write_access
from locality.sources.synthetic.deprivation import deprivation_truths, write_deprivation
from locality.sources.synthetic.membership import membership_truths, write_membership
from locality.sources.synthetic.payments import payments_truths, write_payments
from locality.sources.synthetic.population import Population
from locality.sources.synthetic.prescribing import prescribing_truths, write_prescribing
from locality.sources.synthetic.prices import prices_truths, write_prices
from locality.sources.synthetic.quality import quality_truths, write_quality
from locality.sources.synthetic.registers import Registers
from locality.sources.synthetic.staff import staff_truths, write_staff
from locality.sources.synthetic.story import story_truths, write_story
from locality.sources.synthetic.sums import Written
from locality.sources.synthetic.waiting import waiting_truths, write_waiting
from locality.sources.synthetic.world import World

Writer = Callable[[Path, World, Population, Registers], Iterator[Written]]

#: In the order in which their files are written.
WRITERS: tuple[Writer, ...] = (
    write_membership,
    write_quality,
    write_staff,
    write_payments,
    write_access,
    write_deprivation,
    write_waiting,
    write_prescribing,
    write_prices,
    write_story,
)


def write_wider(
    folder: Path, world: World, population: Population, registers: Registers
) -> Iterator[Written]:
    """Write the files of every subject into ``folder``, and yield what was written."""
    for writer in WRITERS:
        yield from writer(folder, world, population, registers)


def wider_truths(world: World, population: Population, registers: Registers) -> dict[str, Any]:
    """Return what is true of each subject's files, by subject."""
    everything = (world, population, registers)
    return {
        "membership": membership_truths(world),
        "quality": quality_truths(*everything),
        "staff": staff_truths(*everything),
        "payments": payments_truths(*everything),
        "access": access_truths(*everything),
        "deprivation": deprivation_truths(population),
        "waiting": waiting_truths(world, population),
        "prescribing": prescribing_truths(*everything),
        "prices": prices_truths(world),
        "story": story_truths(world, registers),
    }
