"""Peers are the nearest by what a practice is given; far ones are told as far."""

from __future__ import annotations

from math import sqrt
from statistics import median, pstdev
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.figures import NotFound
from locality.figures.schemas.judged import DRIVERS, PEERS
from locality.knowledge.drivers import Driver, drivers
from locality.measure.peers import (
    Likeness,
    Profiles,
    alike,
    drivers_table,
    how_near,
    in_words,
    nearest,
    peers_table,
    usual_difference,
)
from locality.measure.values import values_table
from tests.measure.made import definition, observations, row

NAN = float("nan")


def slow_usual(numbers: list[float]) -> float:
    there = [one for one in numbers if one == one]
    if len(set(there)) < 2:
        return NAN
    middle = median(there)
    robust = 1.482602218505602 * median([abs(one - middle) for one in there])
    if len(set(there)) == 2 or robust == 0:
        robust = pstdev(there)
    return sqrt(2) * robust


def slow_nearest(
    rows: list[list[float]], own: int, count: int, may: list[bool]
) -> list[tuple[int, float, int]]:
    """Return (place, distance, drivers shared), one pair at a time."""
    columns = range(len(rows[0]))
    usual = [slow_usual([row[j] for row, can in zip(rows, may, strict=True) if can])
             for j in columns]  # fmt: skip
    has = [j for j in columns if usual[j] == usual[j] and rows[own][j] == rows[own][j]]
    found = []
    for place, row_ in enumerate(rows):
        both = [j for j in has if row_[j] == row_[j]]
        if place == own or not may[place] or not both or 2 * len(both) < len(has):
            continue
        total = sum(((row_[j] - rows[own][j]) / usual[j]) ** 2 for j in both)
        found.append((place, sqrt(total / len(both)), len(both)))
    found.sort(key=lambda one: (one[1], one[0]))
    return found[:count]


NUMBERS = st.one_of(st.just(NAN), st.integers(-8, 8).map(lambda n: n / 2))


@given(
    st.integers(1, 4).flatmap(
        lambda width: st.lists(
            st.lists(NUMBERS, min_size=width, max_size=width), min_size=2, max_size=14
        )
    ),
    st.data(),
)
def test_it_is_its_slow_twin(rows, data) -> None:
    own = data.draw(st.integers(0, len(rows) - 1))
    may = data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    count = data.draw(st.integers(1, 6))
    if not any(may):
        may[0] = True
    found = nearest(rows, own, count, may)
    slow = slow_nearest(rows, own, count, may)
    np.testing.assert_allclose(found.distances, [one[1] for one in slow], atol=1e-12)
    # Distances that differ only by rounding may come in either order.
    assert {int(p) for p in found.places} <= set(range(len(rows))) - {own}
    if len({round(one[1], 9) for one in slow}) == len(slow):
        assert found.places.tolist() == [one[0] for one in slow] or len(slow) == count
        assert len(slow) == count or found.shared.tolist() == [one[2] for one in slow]


def test_one_is_as_far_apart_as_two_usually_are() -> None:
    rng = np.random.default_rng(7)
    many = rng.normal(size=(4000, 5)) * [1, 10, 0.01, 3, 7] + 40
    usual = usual_difference(many)
    np.testing.assert_allclose(usual / sqrt(2), [1, 10, 0.01, 3, 7], rtol=0.06)
    found = nearest(many, 0, count=3999)
    assert sqrt(np.mean(found.distances**2)) == pytest.approx(
        sqrt(np.mean(((many[1:] - many[0]) / usual) ** 2))
    )
    pairs = [nearest(many, own, 3999).distances for own in range(0, 400, 10)]
    assert sqrt(np.mean(np.square(pairs))) == pytest.approx(1, abs=0.1)


@given(st.floats(0.01, 100), st.floats(-50, 50), st.integers(0, 29))
def test_units_make_no_difference(scale, shift, own) -> None:
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(30, 3))
    other = rows * [scale, 1, 1] + [shift, 0, 0]
    one, two = nearest(rows, own, 5), nearest(other, own, 5)
    assert one.places.tolist() == two.places.tolist()
    np.testing.assert_allclose(one.distances, two.distances, rtol=1e-6)


def test_an_unusual_practice_does_not_set_the_scale() -> None:
    rows = np.arange(40.0)[:, None]
    wild = np.vstack([rows, [[1e6]]])
    assert usual_difference(wild)[0] == pytest.approx(usual_difference(rows)[0], rel=0.1)
    assert np.std(wild) > 1e5


def test_yes_and_no_have_the_plain_deviation_and_sameness_none() -> None:
    flags = np.array([[1.0, 5.0, NAN]] * 2 + [[0.0, 5.0, NAN]] * 6)
    usual = usual_difference(flags)
    assert usual[0] == pytest.approx(sqrt(2 * 0.25 * 0.75))
    assert np.isnan(usual[1:]).all()
    found = nearest(flags, 0, 8)
    assert found.distances.tolist() == [0.0] + [1 / usual[0]] * 6
    assert found.used.tolist() == [True, False, False]


def test_a_driver_that_the_practice_lacks_is_left_out_and_half_must_be_shared() -> None:
    rows = np.array(
        [[0, 0, 0, NAN], [1, NAN, NAN, 9], [3, 1, NAN, 9], [2, 2, 2, 1], [5, 4, 3, 2.0]]
    )
    found = nearest(rows, 0, 9)
    assert found.used.tolist() == [True, True, True, False]
    assert 1 not in found.places.tolist()
    assert dict(zip(found.places.tolist(), found.shared.tolist(), strict=True)) == {
        2: 2, 3: 3, 4: 3
    }  # fmt: skip


def test_only_those_that_may_be_are_peers_and_set_the_scale() -> None:
    rows = np.array([[0.0], [1.0], [2.0], [3.0], [500.0]])
    found = nearest(rows, 0, 9, [False, True, False, True, True])
    assert found.places.tolist() == [1, 3, 4]
    assert found.usual[0] == usual_difference(rows[[1, 3, 4]])[0]


def test_equal_ones_come_in_their_order() -> None:
    rows = np.array([[5.0], [4.0], [6.0], [4.0], [9.0], [1.0]])
    assert nearest(rows, 0, 3).places.tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("rows", "own", "count", "may"),
    [([1.0, 2.0], 0, 1, None), ([[1.0]], 1, 1, None), ([[1.0]], 0, 0, None), ([[1.0]], 0, 1, [])],
)
def test_what_does_not_fit_together_is_refused(rows, own, count, may) -> None:
    with pytest.raises(ValueError):
        nearest(rows, own, count, may)


def profiles(numbers: Any, codes: Any = None) -> Profiles:
    known = drivers().known
    used = (known["list_size"], known["aged_75_and_over"], known["rural"])
    made = np.array(numbers, float)
    codes = codes or tuple(f"A{n:05}" for n in range(1, len(made) + 1))
    return Profiles(codes, used, made, ("2026-07-01", "2026-07-01", "2025"))


FOUR = profiles(
    [[10000, 8.0, 0], [5000, 8.0, 0], [20500, 8.0, 1], [9000, 9.0, NAN], [8000, 12.0, 1]]
)


def test_a_list_is_compared_by_ratio() -> None:
    assert FOUR.scaled[0, 0] - FOUR.scaled[1, 0] == pytest.approx(np.log(2))
    nothing = profiles([[0, 1.0, 0], [-3, 2.0, 0], [5, 3.0, 0]]).scaled
    assert np.isnan(nothing[:2, 0]).all() and nothing[2, 0] == pytest.approx(np.log(5))
    only = FOUR.only([FOUR.drivers[2], FOUR.drivers[0]])
    assert only.periods == ("2025", "2026-07-01") and only.numbers[2].tolist() == [1, 20500]
    assert FOUR.numbers[0, 0] == 10000


def test_the_table_has_its_own_first_and_says_what_each_is() -> None:
    measure = definition()
    rows = [row(code, 30 + n, 60, 5) for n, code in enumerate(FOUR.codes[:4])]
    values = values_table(measure, observations(*rows))
    found = alike(FOUR, "A00001", set(FOUR.codes[:4]), 3)
    table = peers_table(measure, FOUR, found, values, {"A00001": "The Larches"}, ("First.",))
    assert table.schema == PEERS
    own, *others = table.rows
    assert (own["code"], own["name"], own["distance"]) == ("A00001", "The Larches", 0.0)
    assert own["value"] == 50.0 and own["numerator"] == 30
    assert own["drivers"] == "Registered patients: 10,000; Aged 75 and over: 8.0 %; Rural: no"
    assert [one["distance"] for one in others] == sorted(one["distance"] for one in others)
    assert "A00005" not in {one["code"] for one in others}
    assert "Rural: not known" in next(o for o in others if o["code"] == "A00004")["drivers"]
    assert in_words(FOUR, 4).endswith("Rural: yes")
    assert table.notes[0] == "First."
    assert any("1 of the peers lack" in note for note in table.notes)


def test_a_practice_without_a_value_says_why_and_still_has_peers() -> None:
    values = values_table(definition(), observations(row("A00002", 3, 6), row("A00003", 4, 6)))
    table = peers_table(definition(), FOUR, alike(FOUR, "A00001", {"A00002", "A00003"}), values, {})
    assert table.rows[0]["missing"] == "no return" and table.rows[0]["value"] is None
    assert [one["code"] for one in table.rows[1:]] == ["A00002", "A00003"]


def test_what_is_not_known_of_it_is_told() -> None:
    found = alike(FOUR, "A00004", set(FOUR.codes), 2)
    table = peers_table(definition(), FOUR, found, values_table(definition(), observations()), {})
    assert any(note.startswith("Not known of it") and "Rural" in note for note in table.notes)
    with pytest.raises(NotFound, match="B00001"):
        alike(FOUR, "B00001", set(FOUR.codes))


def test_drivers_are_shown_for_it_its_peers_and_everyone() -> None:
    found = alike(FOUR, "A00001", set(FOUR.codes[:4]), 2)
    table = drivers_table(FOUR, found, set(FOUR.codes[:4]))
    assert table.schema == DRIVERS
    size, old, rural = table.rows
    chosen = found.places.tolist()
    assert size["own"] == 10000 and size["peers"] == FOUR.numbers[chosen, 0].mean()
    assert size["everyone"] == np.mean([10000, 5000, 20500, 9000])
    assert size["deviation"] == usual_difference(FOUR.numbers[:4])[0]
    assert old["own"] == 8.0
    assert (rural["unit"], rural["own"]) == ("%", 0.0)
    assert rural["everyone"] == pytest.approx(100 / 3)
    assert "1 July 2026" in table.notes[-1] and "Rural, 2025" in table.notes[-1]


def likeness(*distances: float) -> Likeness:
    many = len(distances)
    none = np.zeros(0)
    return Likeness(0, np.arange(many), np.array(distances), np.zeros(many, np.intp),
                    none.astype(bool), none)  # fmt: skip


@pytest.mark.parametrize(
    ("distances", "told", "not_told"),
    [
        ((), "Too little is known", "distance"),
        ((2.1, 3.0), "Nobody is much like it: the nearest practice is 2.1 times", "most like"),
        ((2.0, 3.0), "The 2 practices most like it, at a distance of 2.00 to 3.00", "Nobody"),
        ((0.2, 0.5), "0.20 to 0.50, where 1 is as far apart as two usually are. In", "no nearer"),
        ((0.2, 0.99, 1.0), "; 1 of them is no nearer to it than that.", "Nobody"),
        ((0.2,), "The practice most like it, at a distance of 0.20, where", "practices"),
    ],
)
def test_how_near_they_are_is_told_honestly(distances, told, not_told) -> None:
    said = how_near(likeness(*distances))
    assert told in said and not_told not in said


def test_every_driver_prints() -> None:
    every: tuple[Driver, ...] = tuple(drivers().known.values())
    made = Profiles(("A00001",), every, np.full((1, len(every)), 0.5), ("",) * len(every))
    assert in_words(made, 0).count(";") == len(every) - 1
    assert "As they were" not in drivers_table(made, nearest(made.scaled, 0), ()).notes[-1]
