"""Score sheets: what is missing, where people stand apart."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from locality.judging.criteria import Criteria, Criterion
from locality.judging.scales import Scale
from locality.judging.sheets import Sheets, departs

SCALE = Scale(Decimal(0), Decimal(10))
TWO = Criteria("points", (Criterion("Need", SCALE, Decimal(60)),
                          Criterion("Cost", SCALE, Decimal(40))))  # fmt: skip
NO = np.nan


def sheets(values: object, due: object = True) -> Sheets:
    array = np.array(values, dtype=float)
    return Sheets(
        tuple(f"P{n}" for n in range(len(array))), ("Hub", "Clinic"), TWO, array, np.array(due)
    )


def test_what_is_missing_is_named_and_nothing_else_is_told() -> None:
    held = sheets([[[1, 2], [3, 4]], [[NO, NO], [5, NO]], [[NO, NO], [NO, NO]]])
    rows = held.progress().rows
    assert [row["given"] for row in rows] == [4, 1, 0]
    assert rows[1]["missing"] == "Hub: everything; Clinic: Cost"
    assert list(held.complete) == [True, False, False]
    assert set(rows[0]) == {"assessor", "cells", "given", "missing", "complete"}


def test_who_is_not_asked_owes_nothing_and_counts_nowhere() -> None:
    held = sheets([[[1, 2], [3, 4]], [[9, 9], [5, NO]]], [[True, True], [False, True]])
    assert held.progress().rows[1]["missing"] == "Clinic: Cost"
    assert held.medians[0] == pytest.approx([1, 2])
    assert held.spread().rows[0]["scores"] == 1


def test_the_spread_is_told_in_numbers_and_words() -> None:
    held = sheets([[[2, 5], [0, 1]], [[4, 5], [0, 1]], [[9, 5], [0, NO]], [[5, 5], [0, NO]]])
    first, same, _, two = held.spread(np.array([[7, NO], [0, 1]]), 2.0).rows
    assert first["median"] == 4.5 and first["range"] == 7
    assert (first["lower_quartile"], first["upper_quartile"]) == (3.5, 6.0)
    assert first["departs"] and not same["departs"] and same["agreed"] is None
    assert first["sentence"] == (
        "4 scores from 2 to 9, the middle one is 4.5. Agreed: 7."
    )  # fmt: skip
    assert same["sentence"] == "All 4 gave 5." and two["scores"] == 2
    empty = sheets([[[NO, NO], [NO, NO]]]).spread().rows[0]
    assert empty["sentence"] == "Nobody has scored this." and empty["median"] is None


def test_exactly_the_margin_does_not_depart() -> None:
    # 0.1 + 0.2 is not 0.3 in a computer; it is for people.
    assert not departs(np.array([0.1 + 0.2]), np.array([0.0]), 0.3)[0]
    assert departs(np.array([3.0]), np.array([0.5]), 2.0)[0]
    assert not departs(np.array([NO]), np.array([0.5]), 2.0)[0]


def test_an_array_of_another_shape_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="shape"):
        sheets([[[1, 2]]])
