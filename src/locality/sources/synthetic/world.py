"""The made-up world as arrays: organisations, their names and codes, and who belongs to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from locality.figures import Problem
from locality.sources.synthetic import codes, names
from locality.sources.synthetic.calendar import BOARDS_BEGAN, BOARDS_MERGED, Calendar
from locality.sources.synthetic.hierarchy import Indexes, shape
from locality.sources.synthetic.planted import (
    MERGED_ON,
    MOVED_ON,
    Planted,
    choose,
    crossed,
)

FEWEST, MOST = 30, 9000
#: How the sub-ICBs of one board are told apart, by how many there are.
_DIRECTIONS = {1: ("",), 2: ("North ", "South "), 3: ("North ", "Mid ", "South ")}
UNALLOCATED = "U"


@dataclass(frozen=True)
class Kind:
    """Organisations of one kind: their codes, ONS codes and names, by index."""

    code: list[str]
    ons: list[str]
    name: list[str]


@dataclass(frozen=True)
class World:
    """Everything that does not change from one publication to the next.

    ``practices`` is in the order of their codes. ``last_pcn`` is an index into ``pcns``, or -1
    where a practice belongs to none; ``sub``, ``place`` (-1 outside the home board) likewise.
    ``older_*`` are the boards from before April 2026.
    """

    seed: int
    asked: int
    calendar: Calendar
    planted: Planted
    practices: Kind
    postcode: list[str]
    street: list[str]
    opened: list[date]
    last_pcn: Indexes
    sub: Indexes
    place: Indexes
    pcns: Kind
    subs: Kind
    places: Kind
    older: Kind
    boards: Kind
    regions: Kind
    sub_board: Indexes
    sub_older: Indexes
    board_region: Indexes

    def rng(self, subject: int) -> np.random.Generator:
        """Return fresh random numbers for one subject, whatever the others have drawn."""
        return np.random.default_rng([self.seed, subject])

    @property
    def count(self) -> int:
        """Return how many practices there ever were."""
        return len(self.practices.code)

    @property
    def home(self) -> NDArray[np.bool_]:
        """Return which practices belong to the home board."""
        home: NDArray[np.bool_] = self.sub_board[self.sub] == 0
        return home

    @property
    def closed_on(self) -> date:
        """Return the last day of the practice that merged into another."""
        return MERGED_ON - timedelta(days=1)

    def open_on(self, on: date) -> NDArray[np.bool_]:
        """Return which practices are open on that day."""
        there = np.ones(self.count, dtype=bool)
        there[self.planted.closed] = on < MERGED_ON
        return there

    def pcn_on(self, on: date) -> Indexes:
        """Return the network of each practice on that day, -1 for none."""
        pcn = self.last_pcn.copy()
        if on < MOVED_ON:
            pcn[self.planted.moved] = self.planted.moved_from
        return pcn

    def boards_on(self, on: date) -> tuple[Kind, Indexes]:
        """Return the boards of that day, and each practice's."""
        if on < BOARDS_MERGED:
            return self.older, self.sub_older[self.sub]
        return self.boards, self.sub_board[self.sub]

    def sub_names_on(self, on: date) -> list[str]:
        """Return the names of sub-ICBs (before July 2022 of CCGs) as published on that day."""
        if on < BOARDS_BEGAN:
            return [f"NHS {name} CCG" for name in self.subs.name]
        kind, of = (
            (self.older, self.sub_older) if on < BOARDS_MERGED else (self.boards, self.sub_board)
        )
        return [f"NHS {kind.name[of[sub]]} ICB - {code}" for sub, code in enumerate(self.subs.code)]


def make(practices: int, years: int, seed: int) -> World:
    """Return the world of ``practices`` open practices; Problem where it cannot be made."""
    if not FEWEST <= practices <= MOST:
        raise Problem(
            f"A made-up locality has {FEWEST} to {MOST:,} practices; {practices:,} were asked for."
        )
    if not 3 <= years <= 10:
        raise Problem(f"A made-up locality has 3 to 10 years; {years} were asked for.")
    rng = np.random.default_rng([seed, 0])
    of = shape(practices, rng)
    planted = choose(of)
    last_pcn = crossed(of, planted.crossing_pcn)
    last_pcn[planted.unallocated] = -1
    last_pcn[planted.moved] = of.pcn[planted.successor]
    place = np.where(of.sub_board[of.sub] == 0, of.pcn_place[of.pcn], -1)

    count = len(of.pcn)
    gazetteer = names.Gazetteer(rng)
    board_names = [names.HOME_BOARD, names.NEIGHBOUR_BOARD, *gazetteer.places(of.boards - 2)]
    older_names = _older_names(of.older_board, board_names, gazetteer)
    sub_count, older_count = len(of.sub_board), len(of.older_board)
    # A board that did not merge keeps its code, as 30 of England's did.
    merged = np.bincount(of.older_board) > 1
    older_codes, new_codes = codes.older_icb_codes(older_count), codes.icb_codes(of.boards)
    older_ons = codes.ons_codes("E54", older_count)
    new_ons = codes.ons_codes("E54", older_count + of.boards)[older_count:]
    before = np.array([int(np.flatnonzero(of.older_board == b)[0]) for b in range(of.boards)])
    opened = rng.integers(0, 44, size=count)
    return World(
        seed=seed,
        asked=practices,
        calendar=Calendar(years),
        planted=planted,
        practices=Kind(codes.practice_codes(count), [""] * count, gazetteer.practices(count)),
        postcode=codes.postcodes(count),
        street=[
            f"{number} {name} Lane"
            for number, name in zip(
                rng.integers(1, 90, size=count), _repeat(gazetteer.places(60), count), strict=True
            )
        ],
        opened=[date(1974 + int(year), 4, 1) for year in opened],
        last_pcn=last_pcn,
        sub=of.sub,
        place=place,
        pcns=Kind(
            codes.pcn_codes(of.pcns),
            [""] * of.pcns,
            [f"{name} PCN" for name in gazetteer.places(of.pcns)],
        ),
        subs=Kind(
            codes.sub_icb_codes(sub_count),
            codes.ons_codes("E38", sub_count),
            _sub_names(of.sub_older, older_names),
        ),
        places=Kind(
            [f"PLACE-{number:02d}" for number in range(1, of.places + 1)],
            [""] * of.places,
            [*names.PLACES, *gazetteer.places(of.places - len(names.PLACES))],
        ),
        older=Kind(older_codes, older_ons, older_names),
        boards=Kind(
            [new_codes[b] if merged[b] else older_codes[before[b]] for b in range(of.boards)],
            [new_ons[b] if merged[b] else older_ons[before[b]] for b in range(of.boards)],
            board_names,
        ),
        regions=Kind(
            codes.region_codes(int(of.board_region.max()) + 1),
            codes.ons_codes("E40", int(of.board_region.max()) + 1),
            list(names.REGIONS[: int(of.board_region.max()) + 1]),
        ),
        sub_board=of.sub_board,
        sub_older=of.sub_older,
        board_region=of.board_region,
    )


def _older_names(older: Indexes, board_names: list[str], gazetteer: names.Gazetteer) -> list[str]:
    """Return the names from before April 2026; a merged board joins the names of its two halves."""
    halves = np.bincount(older)
    found: list[str] = []
    for board, name in enumerate(board_names):
        if halves[board] == 1:
            found.append(name)
        elif board == 0:
            found += names.OLDER_BOARDS
        else:
            other = gazetteer.places(1)[0]
            found += [name, other]
            board_names[board] = f"{name} and {other}"
    return found


def _sub_names(sub_older: Indexes, older_names: list[str]) -> list[str]:
    """Return the names of the CCGs that the sub-ICBs were: the board's, told apart by direction."""
    found = []
    for sub, older in enumerate(sub_older):
        siblings = [int(one) for one in np.flatnonzero(sub_older == older)]
        directions = _DIRECTIONS[len(siblings)]
        found.append(directions[siblings.index(sub)] + older_names[older])
    return found


def _repeat(some: list[str], count: int) -> list[str]:
    return [some[number % len(some)] for number in range(count)]
