"""Load, call, return: the pack that is fed back to an organisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from locality import measure as room
from locality.figures import Paper, Problem, Statement, Table, Working
from locality.workbench import loading

if TYPE_CHECKING:
    from locality.workbench import Workbench

#: A picture of a series needs some points to say anything.
_FEWEST = 6
#: Of how many measures that stand out the gap to peers is told, and of how many peers are listed.
_GAPS, _LISTED = 3, 1


def feedback(
    here: Workbench,
    code: str,
    *,
    made_on: date,
    reply_by: date | None = None,
    shared: bool = False,
    accounts: Sequence[room.Account] = (),
    marks: tuple[tuple[str, str, str], ...] = (),
    since: Mapping[str, tuple[str, ...]] | None = None,
) -> Paper:
    """Return the pack of a practice, network, board or group: its position, and room to reply.

    ``made_on`` is today; ``reply_by`` the day until which it is the organisation's alone, or
    ``shared`` says that others may have it. ``accounts`` are what it said of itself, ``marks`` and
    ``since`` (by measure) what people recorded of its signals and charts.
    """
    found = loading.organisation(here.version, code)
    own, kind = str(found["code"]), str(found["kind"])
    standings = here.measure.standings(own, marks=marks)
    charts = charted(here, own, marks, since or {})
    position, statement = _points(here, own) if kind == "practice" else (None, None)
    gaps, peers = _beside_peers(here, own, standings) if kind == "practice" else ([], [])
    return room.feedback(
        room.Held(
            code=own,
            name=str(found["name"]),
            kind=kind,
            standings=standings,
            charts=charts,
            beside_peers=gaps,
            peers=peers,
            position=position,
            statement=statement,
            accounts=accounts,
            working=statement.working if statement else Working(),
        ),
        made_on=made_on,
        reply_by=reply_by,
        shared=shared,
    )


def charted(
    here: Workbench,
    own: str,
    marks: tuple[tuple[str, str, str], ...] = (),
    since: Mapping[str, tuple[str, ...]] | None = None,
) -> dict[str, Table]:
    """Return the control charts of what a pack tells of, by measure, those with enough points."""
    standings = here.measure.standings(own, marks=marks)
    charts = {
        id: here.measure.chart(id, own, (since or {}).get(id, ())) for id in room.told(standings)
    }
    return {id: chart for id, chart in charts.items() if len(chart) >= _FEWEST}


def _points(here: Workbench, own: str) -> tuple[Table | None, Statement | None]:
    """Return the last whole year's position and statement; None where there are no results."""
    try:
        year = next(year for year, day in here.measure.qof.readings(own) if day is None)
    except StopIteration:
        return None, None
    try:
        return here.measure.qof.position(own, year), here.measure.qof.statement(own, year)
    except Problem:
        return None, None


def _beside_peers(here: Workbench, own: str, standings: Table) -> tuple[list[str], list[Table]]:
    """Return the gaps to peers of what stands out, as sentences, and the peers of the first."""
    gaps: list[str] = []
    listed: list[Table] = []
    for row in room.certain(standings):
        if len(gaps) == _GAPS:
            break
        try:
            gap = here.measure.opportunity(row["measure"], own).rows
            if gap:
                gaps.append(f"{row['title']}: {gap[0]['sentence']}")
                if len(listed) < _LISTED:
                    listed.append(here.measure.peers(row["measure"], own))
        except Problem:
            continue
    return gaps, listed
