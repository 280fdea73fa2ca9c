"""What every part of the room of measures rests on: definitions, periods, rows to be shown."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from locality import measure as room
from locality.figures import Cell, NotFound, Problem, Table
from locality.workbench import loading

if TYPE_CHECKING:
    from locality import knowledge
    from locality.store import Version
    from locality.workbench import Workbench

#: Cells with nothing to show while an earlier period has a number.
_NOTHING = np.uint8(Cell.NO_RETURN | Cell.NOT_APPLICABLE | Cell.TOO_FEW_RETURNS)


class Defining:
    """What every part of the room of measures rests on: one version and its definitions."""

    def __init__(self, here: Workbench) -> None:
        self._here = here
        self._version = here.version

    def _definition(self, id: str) -> knowledge.Measure:
        known = self._here.knowledge.measures
        if id not in known:
            near = get_close_matches(id, known, 1)
            hint = f"Did you mean {near[0]}?" if near else "'locality measures' lists them."
            raise NotFound(f"There is no measure {id!r}. {hint}")
        if id not in self._version.measures:
            raise Problem(f"{id} is newer than the figures. Run 'locality refresh' to count it.")
        return known[id]

    def _period(self, id: str, found: dict[str, Any], asked: str | None) -> str:
        """Return the period asked for, or the latest in which the organisation has counts."""
        held = list(self._version.measures[id]["periods"])
        if not held:
            raise Problem(f"No file that is loaded has counts for {id}.")
        if asked is not None:
            when = loading.parsed(asked)
            if when not in held:
                raise Problem(f"{id} has no counts for {when}; it has {', '.join(held)}.")
            return when
        return _latest_periods(self._version, id).get(str(found["code"]), held[-1])

    def _rows(self, one: knowledge.Measure, **narrowed: Any) -> Table:
        rows = self._version.observations(one.id, **narrowed)
        if not self._is_local(one.id):
            return rows
        reader = self._here.reader_among(narrowed.get("codes"))
        return room.released(rows, local=True, reader=reader)

    def _is_local(self, id: str) -> bool:
        return bool(self._version.measures[id]["local"])


@lru_cache(maxsize=256)
def _latest_periods(version: Version, id: str) -> dict[str, str]:
    """Return the last period in which each organisation has counts or a reason of its own."""
    rows = version.observations(id)
    flags = rows.column("flags")
    counted = (flags & _NOTHING) == 0
    codes = np.asarray(rows.column("code"), dtype=object)[counted]
    periods = np.asarray(rows.column("period"), dtype=object)[counted]
    order = {period: n for n, period in enumerate(version.measures[id]["periods"])}
    last: dict[str, str] = {}
    for code, period in zip(codes.tolist(), periods.tolist(), strict=True):
        if code not in last or order[period] > order[last[code]]:
            last[code] = period
    return last
