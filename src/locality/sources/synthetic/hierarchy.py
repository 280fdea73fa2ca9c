"""How many organisations there are and who belongs to whom, shaped like England's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Indexes = NDArray[np.int64]

#: England in July 2026: 6,139 practices, 1,298 networks, 106 sub-ICBs, 36 boards, 7 regions;
#: 42 boards before April 2026.
_PRACTICES_PER_BOARD = 170
_PRACTICES_PER_PCN = 5
_PRACTICES_PER_PLACE = 20
_MOST_BOARDS = 36
_MOST_REGIONS = 7
#: Practices of the board next door, where there is one board alone.
NEIGHBOURS = 3


@dataclass(frozen=True)
class Shape:
    """Parents as indexes: of practices, networks, sub-ICBs, older boards and boards.

    ``pcn``: of each practice. ``pcn_sub``, ``pcn_place`` (-1 outside the home board): of each
    network. ``sub_board``, ``sub_older``: of each sub-ICB. ``older_board``: the board that each
    older board became. ``board_region``: of each board. The home board is number 0.
    """

    pcn: Indexes
    sub: Indexes
    pcn_place: Indexes
    sub_board: Indexes
    sub_older: Indexes
    older_board: Indexes
    board_region: Indexes
    places: int

    @property
    def boards(self) -> int:
        """Return how many boards there are."""
        return len(self.board_region)

    @property
    def pcns(self) -> int:
        """Return how many networks there are."""
        return len(self.pcn_place)


def shape(practices: int, rng: np.random.Generator) -> Shape:
    """Return the hierarchy of ``practices`` practices, and one more that will have closed.

    The home board has one practice more than its share: the one that closes. Where there is one
    board alone, three practices of a neighbouring board are added, in the home board's last PCN.
    """
    boards = min(_MOST_BOARDS, max(1, round(practices / _PRACTICES_PER_BOARD)))
    shares = np.full(boards, practices // boards)
    shares[: practices % boards] += 1
    pcn_of: list[int] = []
    sub_of: list[int] = []
    pcn_place: list[int] = []
    sub_board: list[int] = []
    sub_older: list[int] = []
    older_board: list[int] = []
    places = 0
    merged = max(1, round(boards / 6))
    for board, share in enumerate(int(n) for n in shares):
        networks = round(share / _PRACTICES_PER_PCN)
        sizes = 3 + rng.multinomial(
            share + (board == 0) - 3 * networks, np.full(networks, 1 / networks)
        )
        subs = 3 if share >= 100 else 2
        # Places and sub-ICBs are runs of networks; a sub-ICB is a run of whole places.
        in_board = max(3, round(share / _PRACTICES_PER_PLACE))
        place = _runs(networks, in_board)
        sub = _runs(in_board, subs)[place]
        pcn_of += np.repeat(len(pcn_place) + np.arange(networks), sizes).tolist()
        sub_of += np.repeat(len(sub_board) + sub, sizes).tolist()
        pcn_place += place.tolist() if board == 0 else [-1] * networks
        places = in_board if board == 0 else places
        # A board that merged was two: its first sub-ICBs, and its last.
        halves = 2 if board < merged else 1
        sub_older += [len(older_board) + (halves == 2 and s == subs - 1) for s in range(subs)]
        sub_board += [board] * subs
        older_board += [board] * halves
    if boards == 1:
        pcn_of += [len(pcn_place) - 1] * NEIGHBOURS
        sub_of += [len(sub_board)] * NEIGHBOURS
        sub_older.append(len(older_board))
        sub_board.append(1)
        older_board.append(1)
        boards = 2
    regions = min(_MOST_REGIONS, max(1, round(boards / 5)))
    return Shape(
        pcn=np.array(pcn_of),
        sub=np.array(sub_of),
        pcn_place=np.array(pcn_place),
        sub_board=np.array(sub_board),
        sub_older=np.array(sub_older, dtype=np.int64),
        older_board=np.array(older_board),
        board_region=_runs(boards, regions),
        places=places,
    )


def _runs(many: int, groups: int) -> Indexes:
    """Return, for each of ``many`` in order, which of ``groups`` nearly equal runs it is in."""
    return np.arange(many) * groups // many
