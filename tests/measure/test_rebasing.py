import numpy as np

from locality.measure import Terms
from locality.measure.rebasing import proposal
from tests.measure.test_series import MONTHS, SHARE, series, steady

TERMS = Terms()


def test_a_lasting_step_is_proposed_where_it_began() -> None:
    step = [*steady(1, 14, 280), *steady(2, 10, 360)]
    assert proposal(SHARE, series(step), TERMS) == MONTHS[14]


def test_nothing_is_proposed_for_a_steady_series_or_one_odd_month() -> None:
    assert proposal(SHARE, series(steady(1)), TERMS) is None
    assert proposal(SHARE, series([*steady(1, 23), 399]), TERMS) is None
    assert proposal(SHARE, series([]), TERMS) is None


def test_a_slope_is_not_a_step() -> None:
    slope = np.linspace(100, 390, 24).round().tolist()
    assert proposal(SHARE, series(slope), TERMS) is None


def test_what_has_been_drawn_afresh_is_not_proposed_again() -> None:
    step = [*steady(1, 12, 280), *steady(2, 12, 360)]
    assert proposal(SHARE, series(step), TERMS, since=(MONTHS[12],)) is None


def test_a_step_too_late_to_have_limits_of_its_own_waits() -> None:
    step = [*steady(1, 20, 280), *steady(2, 4, 360)]
    found = proposal(SHARE, series(step), TERMS)
    assert found is None or MONTHS.index(found) <= 18
