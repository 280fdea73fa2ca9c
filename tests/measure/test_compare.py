import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.figures import Cell
from locality.measure import Standing, figure, sentence, standing
from tests.measure.made import definition, row

MEASURE = definition()
CELLS = st.tuples(st.integers(0, 400), st.integers(1, 400)).map(sorted)


def of(num: float | None, den: float | None, flags: Cell = Cell.OK, **changes):
    measure = definition(**changes) if changes else MEASURE
    return figure(measure, row("A1", num, den, flags=flags))


@given(CELLS, CELLS)
def test_it_is_antisymmetric_and_says_the_side_of_the_values(a, b) -> None:
    one, two = of(*map(float, a)), of(*map(float, b))
    opposite = {
        Standing.HIGHER: Standing.LOWER,
        Standing.LOWER: Standing.HIGHER,
        Standing.UNCLEAR: Standing.UNCLEAR,
    }
    found = standing(one, two)
    assert standing(two, one) is opposite[found]
    if found is Standing.HIGHER:
        assert one.value > two.value
    if one.lower > two.upper:
        assert found is Standing.HIGHER


def test_newcombes_own_example() -> None:
    # Newcombe (1998), 56/70 against 48/80: the difference is 0.0524 to 0.3339 by method 10.
    assert standing(of(56, 70), of(48, 80)) is Standing.HIGHER
    from math import hypot

    one, two = of(56, 70), of(48, 80)
    low = (one.value - two.value) - hypot(one.value - one.lower, two.upper - two.value)
    high = (one.value - two.value) + hypot(one.upper - one.value, two.value - two.lower)
    assert low == pytest.approx(5.24, abs=0.005)
    assert high == pytest.approx(33.39, abs=0.005)


def test_equal_truths_are_called_different_about_one_time_in_twenty() -> None:
    draw = np.random.default_rng(11)
    counts = draw.binomial(400, 0.15, (2, 1500))
    told = [standing(of(a, 400), of(b, 400)) is not Standing.UNCLEAR for a, b in counts.T]
    assert 0.03 < np.mean(told) < 0.07


def test_the_sentences() -> None:
    high, low = of(300, 1000), of(2000, 10_000)
    assert sentence(high, low, "England") == "At 30.0 %, it is higher than England (20.0 %)."
    assert sentence(low, high, "its ICB") == "At 20.0 %, it is lower than its ICB (30.0 %)."
    near = of(21, 100)
    assert sentence(near, low, "England") == (
        "At 21.0 %, it is not clearly different from England (20.0 %)."
    )
    assert sentence(high, low, "England", "lower_is_better").endswith("; lower is better.")
    assert sentence(near, low, "England", "lower_is_better").endswith("England (20.0 %).")


def test_without_polarity_nothing_is_good_or_bad() -> None:
    judging = re.compile(r"better|worse|good|bad|poor|best|worst", re.I)
    for num in (0, 100, 500):
        assert not judging.search(sentence(of(num, 500), of(100, 500), "England", "none"))


def test_what_has_no_value_is_not_compared() -> None:
    gone = of(None, None, Cell.NO_RETURN)
    assert sentence(gone, of(1, 2), "England") == ""
    assert sentence(of(1, 2), gone, "England") == ""
    assert standing(gone, of(1, 2)) is None


def test_without_intervals_both_values_are_said_and_nothing_else() -> None:
    assert sentence(of(21, 20), of(10, 20), "England") == "It is 105.0 %; England is 50.0 %."
