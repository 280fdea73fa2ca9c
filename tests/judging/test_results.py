"""Totals, ranks, and how far ranks hang on the weights."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.judging.criteria import Criteria, Criterion
from locality.judging.results import NOT_INTERVAL, Results, ranked
from locality.judging.scales import Scale

TEN = Scale(Decimal(0), Decimal(10))
SIGNED = Scale(Decimal(-3), Decimal(3))


def made(scores: object, weights: tuple[int, ...], scale: Scale = TEN) -> Results:
    array = np.array(scores, dtype=float)
    each = tuple(Criterion(f"C{n}", scale, Decimal(w)) for n, w in enumerate(weights))
    return Results(tuple(f"S{n}" for n in range(len(array))), Criteria("points", each), array)


def test_a_missing_score_leaves_no_total_and_is_not_nought() -> None:
    held = made([[10, 10], [5, np.nan], [4, 4]], (50, 50))
    rows = {row["subject"]: row for row in held.table().rows}
    assert rows["S1"]["total"] is None and rows["S1"]["rank"] is None
    assert "none is taken for nought" in rows["S1"]["sentence"]
    assert (rows["S0"]["rank"], rows["S2"]["rank"]) == (1, 2)
    assert held.table().rows[-1]["subject"] == "S1"
    line = next(one for one in held.working().rows if one["subject"] == "S1" and
                one["criterion"] == "C1")  # fmt: skip
    assert line["adds"] is None and line["score"] is None


def test_equal_totals_share_a_place() -> None:
    assert list(ranked(np.array([[5.0, 7.0, 0.1 + 0.2, 0.3, 7.0]]))[0]) == [3, 1, 4, 4, 1]


def test_a_rank_that_no_weight_can_change_has_no_interval() -> None:
    rows = made([[9, 9, 9], [5, 5, 5], [1, 1, 1]], (40, 40, 20)).table().rows
    for place, row in enumerate(rows, 1):
        assert row["rank"] == row["rank_from"] == row["rank_to"] == place
        assert row["best_without_one"] == row["worst_without_one"] == place
        assert "hardly ever" in row["sentence"]
    assert rows[0]["first"] == 100


def test_a_rank_that_hangs_on_the_weights_says_so() -> None:
    held = made([[10, 0], [0, 10], [5, 4.9]], (51, 49))
    rows = {row["subject"]: row for row in held.table().rows}
    assert rows["S0"]["rank"] == 1
    assert (rows["S0"]["rank_from"], rows["S0"]["rank_to"]) == (1, 3)
    assert 50 < rows["S0"]["first"] < 65
    assert (rows["S0"]["best_without_one"], rows["S0"]["worst_without_one"]) == (1, 3)
    assert "place 1 to 3" in rows["S0"]["sentence"]
    assert held.table().notes == (NOT_INTERVAL,)
    # The same question has the same answer.
    assert held.table().rows == held.table().rows


def test_weights_vary_about_those_agreed_by_about_five_points_for_a_weight_of_40() -> None:
    heavy = made([[10, 0], [0, 10]], (40, 60))
    drawn = np.random.default_rng(20_260_401).dirichlet([40.0, 60.0], 2_000)
    assert 100 * drawn[:, 0].std() == pytest.approx(4.9, abs=0.3)
    assert (heavy.varied()[:, 0] == 1).mean() == pytest.approx((drawn[:, 0] > 0.5).mean())


def test_a_criterion_without_weight_never_counts() -> None:
    held = made([[1, 10], [2, 0]], (100, 0))
    assert set(held.varied()[:, 1]) == {1}
    assert not len(held.without_one())
    assert held.table().rows[0]["best_without_one"] is None


def test_releases_score_below_nought_and_investments_above_on_one_sheet() -> None:
    held = made([[-3, -3], [3, 3], [0, 0], [-1, 2]], (50, 50), SIGNED)
    assert held.totals == pytest.approx([-100, 100, 0, 100 / 6])
    assert held.sums == pytest.approx([-300, 300, 0, 50])
    assert "-100 to 100" in held.table().caption and "0 adds nothing" in held.table().caption


def test_one_subject_has_a_total_and_no_talk_of_ranks() -> None:
    row = made([[5, 5]], (50, 50)).table().rows[0]
    assert row["sentence"] == "50, place 1 of 1."


@given(st.lists(st.lists(st.integers(0, 10), min_size=3, max_size=3), min_size=1, max_size=6))
def test_totals_stay_on_their_scale_and_ranks_agree_with_them(scores: list[list[int]]) -> None:
    held = made(scores, (20, 30, 50))
    assert ((held.totals >= -1e-9) & (held.totals <= 100 + 1e-9)).all()
    best = held.totals.max()
    assert all((held.ranks == 1) == (held.totals > best - 1e-9))
    low, high = held.varied(200).min(axis=0), held.varied(200).max(axis=0)
    assert (low <= high).all() and low.min() == 1
