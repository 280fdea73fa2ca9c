from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locality.sources.synthetic.hierarchy import NEIGHBOURS, shape
from locality.sources.synthetic.planted import choose, crossed
from locality.sources.synthetic.world import make
from tests.sources.synthetic.plainly import Plain


def test_the_default_is_as_promised(locality: Plain) -> None:
    home = locality.truths["home"]
    assert home["practices_open"] == 60
    assert home["pcns"] == 12
    assert len(home["places"]) == 3
    assert home["patients"] == pytest.approx(520_000, abs=500)
    assert sorted(locality.files("qof_prevalence")) == [
        "2021-22", "2022-23", "2023-24", "2024-25", "2025-26",
    ]  # fmt: skip
    rows = locality.of("practice_map", "2026-07-01")
    assert len(rows) == 60 + NEIGHBOURS
    assert len({row["ICB_CODE"] for row in rows}) == 2
    dates = sorted(locality.files("list_sizes"))
    assert dates[0] == "2021-04-01" and dates[-1] == "2026-07-01" and len(dates) == 30


def test_three_hundred_practices_are_two_boards(larger: Plain) -> None:
    rows = larger.of("practice_map", "2026-07-01")
    assert len(rows) == 300
    assert len({row["ICB_CODE"] for row in rows}) == 2
    assert len({row["ICB_CODE"] for row in larger.of("practice_map", "2026-01-01")}) == 3
    assert len({row["PCN_CODE"] for row in rows} - {"U"}) == 60
    patients = larger.truths["england"]["list_sizes"]["2026-07-01"]
    assert patients == pytest.approx(300 * 520_000 / 60, rel=0.001)


def test_england_size_has_england_s_shape() -> None:
    world = make(7000, 5, 1)
    # England, July 2026: 36 boards (42 before April), 106 sub-ICBs, 7 regions, 4.7 to a PCN.
    assert len(world.boards.code) == 36 and len(world.older.code) == 42
    assert len(world.subs.code) == 108
    assert len(world.regions.code) == 7
    assert 4.5 < 7000 / len(world.pcns.code) < 5.5
    assert world.count == 7001
    assert int(world.open_on(world.calendar.maps[-1]).sum()) == 7000
    in_regions = np.bincount(world.board_region[world.sub_board[world.sub]])
    assert in_regions.min() > 700


@given(st.integers(30, 2500), st.integers(0, 99))
@settings(max_examples=60)
def test_any_size_hangs_together(practices: int, seed: int) -> None:
    of = shape(practices, np.random.default_rng(seed))
    neighbours = NEIGHBOURS if practices < 255 else 0
    assert len(of.pcn) == len(of.sub) == practices + 1 + neighbours
    assert np.bincount(of.pcn).min() >= 3
    # Each parent has a child, and each network of the home board lies in one sub-ICB and place.
    assert set(of.sub.tolist()) == set(range(len(of.sub_board)))
    assert set(of.sub_older.tolist()) == set(range(len(of.older_board)))
    assert set(of.older_board.tolist()) == set(range(of.boards))
    assert set(of.pcn_place[of.pcn_place >= 0].tolist()) == set(range(of.places))
    for pcn in np.flatnonzero(of.pcn_place >= 0):
        homes = of.sub[(of.pcn == pcn) & (of.sub_board[of.sub] == 0)]
        assert len(set(homes.tolist())) == 1
    for place in range(of.places):
        home = of.sub_board[of.sub] == 0
        assert len(set(of.sub[home & (of.pcn_place[of.pcn] == place)].tolist())) == 1

    planted = choose(of)
    carrying = [
        planted.closed, planted.successor, planted.moved, planted.unallocated, planted.no_return,
        planted.suppressed, planted.small, planted.outlier, planted.step, planted.corrected,
        planted.blank,
    ]  # fmt: skip
    assert len(set(carrying)) == len(carrying)
    assert planted.in_year_pcn not in of.pcn[carrying]
    assert (of.sub_board[of.sub[carrying]] == 0).all()
    assert of.pcn_place[planted.moved_from] == of.pcn_place[of.pcn[planted.successor]]
    boards = of.sub_board[of.sub[crossed(of, planted.crossing_pcn) == planted.crossing_pcn]]
    assert set(boards.tolist()) == {0, 1}
