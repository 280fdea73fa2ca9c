"""What each QOF year's file says, which is not always what was so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from locality.sources.synthetic import planted as plan
from locality.sources.synthetic.calendar import year_end
from locality.sources.synthetic.population import Counts
from locality.sources.synthetic.registers import Registers, group_index


@dataclass(frozen=True)
class Return:
    """One file: ``returned`` practices; ``registers`` and ``lists`` (practices x groups).

    ``shown`` is False for the one cell that the publisher has hidden.
    """

    year: int
    returned: NDArray[np.bool_]
    registers: Counts
    lists: Counts
    shown: NDArray[np.bool_]


def qof_return(registers: Registers, year: int, *, corrected: bool = False) -> Return:
    """Return what the year's file says; ``corrected``, what its second version says.

    In the first version of the corrected year, one practice's register was 40 per cent of what
    it should have been.
    """
    world, planted = registers.world, registers.world.planted
    counts = registers.counts[year].copy()
    returned = world.open_on(year_end(year))
    if year == plan.NO_RETURN_YEAR:
        returned[planted.no_return] = False
    shown = np.ones(counts.shape, dtype=bool)
    if year == plan.SUPPRESSED_YEAR:
        shown[planted.suppressed, group_index(plan.SUPPRESSED_GROUP)] = False
    if year == plan.CORRECTED_YEAR and not corrected:
        cell = planted.corrected, group_index(plan.CORRECTED_GROUP)
        counts[cell] = counts[cell] * 4 // 10
    return Return(year, returned, counts, registers.lists[year], shown)
