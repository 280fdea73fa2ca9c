"""What a locality and its practices supply themselves: places, successors, in-year counts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from locality.sources.synthetic.files.wrapping import lines, put
from locality.sources.synthetic.in_year import InYear
from locality.sources.synthetic.planted import MERGED_ON
from locality.sources.synthetic.world import World

_IN_YEAR_HEADER = "practice_code,indicator_code,as_at,register,denominator,numerator,pcas,source"


def write_places(folder: Path, world: World) -> Path:
    """Write which place each practice of the home board belongs to, since before any extract."""
    home = np.flatnonzero(world.place >= 0).tolist()
    columns = [
        [world.practices.code[p] for p in home],
        [world.places.code[world.place[p]] for p in home],
        [world.places.name[world.place[p]] for p in home],
        [date(world.calendar.first, 1, 1).isoformat()] * len(home),
    ]
    header = "practice_code,place_code,place_name,from_date"
    return put(folder / "places.csv", lines(header, columns))


def write_successors(folder: Path, world: World) -> Path:
    """Write which practice follows the one that merged."""
    of = world.planted
    row = [
        world.practices.code[of.closed],
        world.practices.code[of.successor],
        MERGED_ON.isoformat(),
        "merged",
    ]
    header = "practice_code,successor_code,on,how"
    return put(folder / "practice_successors.csv", lines(header, [[cell] for cell in row]))


def write_in_year(folder: Path, world: World, rows: list[InYear]) -> list[tuple[Path, date]]:
    """Write one file for each practice and date, as each practice would type it."""
    written = []
    for as_at, practice in sorted({(row.as_at, row.practice) for row in rows}):
        code = world.practices.code[practice]
        its = [row for row in rows if (row.as_at, row.practice) == (as_at, practice)]
        columns = [
            [code] * len(its),
            [row.indicator for row in its],
            [as_at.isoformat()] * len(its),
            [_cell(row.register) for row in its],
            [str(row.denominator) for row in its],
            [str(row.numerator) for row in its],
            [_cell(row.pcas) for row in its],
            ["practice search"] * len(its),
        ]
        name = f"qof-in-year-{code}-{as_at.isoformat()}.csv"
        written.append((put(folder / name, lines(_IN_YEAR_HEADER, columns)), as_at))
    return written


def _cell(count: int | None) -> str:
    """Return a count as it is typed: blank where there is none."""
    return "" if count is None else str(count)
