"""Quality and Outcomes Framework, the raw file PREVALENCE: registers and their lists."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from locality.sources.synthetic.files.wrapping import lines, put, texts
from locality.sources.synthetic.registers import GROUPS
from locality.sources.synthetic.returns import Return
from locality.sources.synthetic.world import World

_HEADER = "PRACTICE_CODE,GROUP_CODE,REGISTER,PATIENT_LIST_TYPE,PRACTICE_LIST_SIZE"
#: Registers were written as whole numbers at first, later as 113.0.
_WHOLE_UNTIL = 2021


def file_name(year: int) -> str:
    """Return ``PREVALENCE_2425.csv`` for 2024."""
    return f"PREVALENCE_{year % 100:02d}{(year + 1) % 100:02d}.csv"


def write_prevalence(folder: Path, world: World, what: Return) -> Path:
    """Write one year's registers: 21 rows a practice that returned, ``*`` where hidden."""
    there = np.flatnonzero(what.returned)
    registers = texts(what.registers[there])
    if what.year > _WHOLE_UNTIL:
        registers = [f"{number}.0" for number in registers]
    for hidden in np.flatnonzero(~what.shown[there].ravel()).tolist():
        registers[hidden] = "*"
    groups = len(GROUPS)
    columns = [
        [world.practices.code[p] for p in there.tolist() for _ in range(groups)],
        [group.code for group in GROUPS] * len(there),
        registers,
        [group.list_type for group in GROUPS] * len(there),
        texts(what.lists[there]),
    ]
    return put(folder / file_name(what.year), lines(_HEADER, columns))
