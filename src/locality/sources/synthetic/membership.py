"""Networks and their members as ODS keeps them: with those that ended, moved or never joined."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from locality.sources.synthetic import codes
from locality.sources.synthetic.calendar import LATEST
from locality.sources.synthetic.files.membership import Member, Network, write_epcn
from locality.sources.synthetic.planted import MOVED_ON
from locality.sources.synthetic.population import Population
from locality.sources.synthetic.registers import Registers
from locality.sources.synthetic.sums import Written
from locality.sources.synthetic.world import World

#: The day on which networks began.
BEGAN = date(2019, 10, 1)
#: The last day of a network that is no more; nobody belongs to it.
_CLOSED = date(2021, 3, 31)


def networks(world: World) -> list[Network]:
    """Return every network, open ones first; each belongs to the sub-ICB of most of its members."""
    names = world.sub_names_on(LATEST)
    postcodes = codes.postcodes(len(world.pcns.code))
    found = []
    for pcn, code in enumerate(world.pcns.code):
        its = world.sub[world.last_pcn == pcn]
        sub = int(np.bincount(its).argmax()) if len(its) else 0
        found.append(
            Network(
                code, world.pcns.name[pcn], (world.subs.code[sub], names[sub]), BEGAN,
                postcode=postcodes[pcn],
            )
        )  # fmt: skip
    former = codes.pcn_codes(len(world.pcns.code) + 1)[-1]
    home = (world.subs.code[0], names[0])
    return [*found, Network(former, "Former Fields PCN", home, BEGAN, _CLOSED)]


def members(world: World, of: list[Network]) -> list[Member]:
    """Return every membership there ever was, in the order of practices and time."""
    names = world.sub_names_on(LATEST)
    found = []
    for p, code in enumerate(world.practices.code):
        sub = int(world.sub[p])
        now = int(world.last_pcn[p])
        stretches: list[tuple[int, date, date | None]] = []
        if p == world.planted.moved:
            stretches.append((world.planted.moved_from, BEGAN, MOVED_ON - timedelta(days=1)))
            stretches.append((now, MOVED_ON, None))
        elif now >= 0:
            stretches.append((now, BEGAN, world.closed_on if p == world.planted.closed else None))
        for pcn, since, until in stretches:
            found.append(
                Member(
                    code, world.practices.name[p], (world.subs.code[sub], names[sub]), of[pcn],
                    since, until,
                )
            )  # fmt: skip
    return found


def write_membership(
    folder: Path, world: World, population: Population, registers: Registers
) -> Iterator[Written]:
    """Write ``ePCN`` as at the latest practice map, and yield what was written."""
    of = networks(world)
    path = write_epcn(folder, LATEST, of, members(world, of))
    yield Written(path.relative_to(folder).as_posix(), "network_membership", LATEST.isoformat())


def membership_truths(world: World) -> dict[str, Any]:
    """Return how many networks and memberships the file holds, and those that ended."""
    of = networks(world)
    links = members(world, of)
    return {
        "words": "A network that closed and memberships that ended stand among the others.",
        "networks": len(of),
        "closed_networks": [one.code for one in of if one.closed],
        "memberships": len(links),
        "lasting": sum(one.until is None for one in links),
        "ended": [
            {"practice": one.code, "network": one.network.code, "last_day": one.until.isoformat()}
            for one in links
            if one.until
        ],
        "without": world.practices.code[world.planted.unallocated],
    }
