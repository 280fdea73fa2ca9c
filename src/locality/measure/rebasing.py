"""Where new limits might begin: proposed by the tool, decided and reasoned by a person."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np

from locality.figures import Table
from locality.measure.series import control_chart
from locality.measure.terms import Terms

if TYPE_CHECKING:
    from locality.knowledge import Measure

#: A proposal leaves at least so many points on either side, or half of what a chart needs.
_FEWEST = 6


def proposal(
    measure: Measure, observations: Table, terms: Terms, since: Collection[str] = ()
) -> str | None:
    """Return the period from which new limits are worth asking about, or None.

    Asked is only where the latest point is marked. The candidate splits the latest phase where
    the squared distances from the two averages are least (Hawkins DM 2001, Comput Stat Data
    Anal 37:323-341, for one change); it is proposed where, with new limits from there, the latest
    point is no longer marked and no more than half as many points are. Whether anything changed
    is for somebody who knows to say: limits are never drawn afresh by themselves.
    """
    drawn = control_chart(measure, observations, terms, since)
    rows = [row for row in drawn.rows if row["value"] is not None]
    if not rows or not rows[-1]["direction"]:
        return None
    phase = rows[-1]["phase"]
    last = [row for row in rows if row["phase"] == phase]
    least = max(_FEWEST, terms.fewest_points // 2)
    if len(last) < 2 * least:
        return None
    value = np.array([row["value"] for row in last], np.float64)
    places = np.arange(least, len(value) - least + 1)
    lost = [value[:n].var() * n + value[n:].var() * (len(value) - n) for n in places]
    found = str(last[int(places[int(np.argmin(lost))])]["period"])
    again = control_chart(measure, observations, terms, (*since, found)).rows
    told = [row for row in again if row["value"] is not None]
    marked = sum(bool(row["direction"]) for row in last)
    left = sum(bool(row["direction"]) for row in told if row["phase"] >= phase)
    return found if not told[-1]["direction"] and 2 * left <= marked else None
