"""Weights from points, an order, or swings."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.judging.weights import METHODS, faults, sum_sentence, weights


def made(*numbers: object) -> list[Decimal]:
    return [Decimal(str(one)) for one in numbers]


def test_points_are_the_weights_and_must_come_to_100() -> None:
    assert list(weights("points", made(40, 10, 40, 10))) == [40, 10, 40, 10]
    assert sum_sentence(made(40, 10, 40, 10)) == "The points add up to 100."
    told = faults("points", made(40, 10, 40, 5))
    assert told == [(None, "The points add up to 95 and must add up to 100: 5 are still to give.")]
    assert "take 2.5 away" in sum_sentence(made(60, 42.5))
    with pytest.raises(ValueError, match="add up to 95"):
        weights("points", made(40, 55))
    # Thirds as typed come to 100 exactly, because they are added as they are written.
    assert not faults("points", made("33.333", "33.333", "33.334"))


def test_the_centroid_of_an_order_is_the_mean_of_all_weights_in_that_order() -> None:
    found = weights("rank order centroid", made(1, 2, 3, 4))
    # (1 + 1/2 + 1/3 + 1/4) / 4 and so on, by hand.
    by_hand = [Fraction(25, 48), Fraction(13, 48), Fraction(7, 48), Fraction(3, 48)]
    assert found == pytest.approx([100 * float(one) for one in by_hand])
    # What the name says: the middle of all sets of weights that keep the order.
    drawn = np.sort(np.random.default_rng(1).dirichlet(np.ones(4), 40_000), axis=1)[:, ::-1]
    assert found == pytest.approx(100 * drawn.mean(axis=0), abs=0.3)


def test_the_rank_sum_goes_down_in_even_steps() -> None:
    assert weights("rank sum", made(2, 1, 3, 4)) == pytest.approx([30, 40, 20, 10])


@pytest.mark.parametrize("method", ["rank sum", "rank order centroid"])
def test_criteria_that_share_a_place_share_the_weights_of_the_places_they_fill(method: str) -> None:
    apart, shared = weights(method, made(1, 2, 3)), weights(method, made(1, 1, 3))
    assert shared[:2] == pytest.approx([apart[:2].mean()] * 2)
    assert shared[2] == pytest.approx(apart[2])


@pytest.mark.parametrize(
    ("raw", "place", "words"),
    [
        ((1, 2, 2), None, ""),
        ((1, 1, 2), 2, "Place 3 is free"),
        ((2, 3, 4), 2, "from 1 to 3"),
        ((2, 2, 3), 0, "Place 1 is free"),
        ((1, 2.5, 3), 1, "from 1 to 3"),
        ((1, -1, 3), 1, "nought or more"),
    ],
)
def test_an_order_that_does_not_hold_is_told_at_its_place(
    raw: tuple[float, ...], place: int | None, words: str
) -> None:
    told = faults("rank sum", made(*raw))
    assert bool(told) == bool(words)
    if words:
        assert told[0][0] == place and words in told[0][1]


def test_swings_are_divided_by_their_sum_and_one_of_them_is_100() -> None:
    assert weights("swing", made(100, 60, 40)) == pytest.approx([50, 30, 20])
    assert "Give 100" in faults("swing", made(80, 60))[0][1]
    assert faults("swing", made(100, 120)) == [(1, "A swing is 100 at most.")]
    # Points that are all nought are no weights either.
    assert faults("points", made(0, 0))


def test_an_unknown_method_or_an_empty_list_is_told() -> None:
    assert faults("lots", made(100))[0][1].startswith("Choose")
    assert faults("points", [])[0][1].startswith("Write at least one")
    assert all(one.reference for one in METHODS.values())


@given(st.integers(1, 12), st.sampled_from(["rank sum", "rank order centroid"]))
def test_weights_of_an_order_come_to_100_and_never_rise(n: int, method: str) -> None:
    found = weights(method, made(*range(1, n + 1)))
    assert found.sum() == pytest.approx(100)
    assert (np.diff(found) <= 1e-9).all() and (found > 0).all()
