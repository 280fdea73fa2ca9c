"""Which practices carry the planted truths: chosen by position, so that they never overlap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from locality.sources.synthetic.hierarchy import NEIGHBOURS, Indexes, Shape

#: The day the merged practice is gone; the day before, it closes.
MERGED_ON = date(2024, 10, 1)
#: The day the practice that moves PCN has moved.
MOVED_ON = date(2025, 4, 1)
#: QOF years, by the year they start in.
NO_RETURN_YEAR = 2023
SUPPRESSED_YEAR = 2024
CORRECTED_YEAR = 2024
STEP_YEAR = 2024
#: Registers.
SUPPRESSED_GROUP = "LD"
ZERO_GROUP = "OST"
OUTLIER_GROUP = "DEM"
STEP_GROUP = "NDH"
CORRECTED_GROUP = "HYP"
#: How many times what is expected: of an outlier, England's share or its own, the larger.
OUTLIER_TIMES = 5.0
STEP_TIMES = 2.0
#: The list of the practice that the inclusion rule leaves out.
SMALL_LIST = 412


@dataclass(frozen=True)
class Planted:
    """Practices (and one network) by index."""

    closed: int
    successor: int
    moved: int
    moved_from: int
    unallocated: int
    no_return: int
    suppressed: int
    small: int
    outlier: int
    step: int
    corrected: int
    blank: int
    in_year_pcn: int
    crossing_pcn: int


def choose(of: Shape) -> Planted:
    """Return who carries what in the home board of ``of``, whose PCNs hold three or more each."""

    def networks(place: int) -> list[int]:
        return [int(pcn) for pcn in np.flatnonzero(of.pcn_place == place)]

    def practices(pcn: int) -> list[int]:
        return [int(one) for one in np.flatnonzero(of.pcn == pcn)]

    first, second, third = networks(0), networks(1), networks(2)
    last = networks(of.places - 1)[-1]
    quiet, joined, left, small = (
        practices(first[1]),
        practices(second[0]),
        practices(second[1]),
        practices(third[0]),
    )
    return Planted(
        closed=joined[1],
        successor=joined[0],
        moved=left[0],
        moved_from=second[1],
        unallocated=quiet[0],
        no_return=quiet[1],
        suppressed=small[1],
        small=small[0],
        outlier=left[1],
        step=practices(last)[0],
        corrected=quiet[2],
        blank=left[2],
        in_year_pcn=first[0],
        crossing_pcn=last,
    )


def crossed(of: Shape, crossing_pcn: int) -> Indexes:
    """Return each practice's network, with three practices of the board next door in one of them.

    Where there is one board alone, its neighbour's practices are there already.
    """
    pcn = of.pcn.copy()
    if of.sub_board[of.sub[pcn == crossing_pcn]].max() == 0:
        pcn[np.flatnonzero(of.sub_board[of.sub] == 1)[:NEIGHBOURS]] = crossing_pcn
    return pcn
