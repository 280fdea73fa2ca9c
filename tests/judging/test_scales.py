"""Scales, their steps and their anchors."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from locality.judging.scales import Scale, anchors_text, anchors_typed, faults, plain, typed

SIGNED = Scale(Decimal(-3), Decimal(3), Decimal(1), {Decimal(-3): "much worse"})


def test_a_value_is_on_the_scale_or_the_sentence_says_what_may_be_given() -> None:
    halves = Scale(Decimal(1), Decimal(5), Decimal("0.5"))
    assert not halves.fault(Decimal("2.5"))
    assert halves.fault(Decimal("5.5")) == "Give a score from 1 to 5."
    assert halves.fault(Decimal("2.2")) == "Scores go in steps of 0.5: 2 or 2.5."
    assert SIGNED.fault(Decimal(-4)) and not SIGNED.fault(Decimal(-3))
    assert [plain(one) for one in SIGNED.steps] == ["-3", "-2", "-1", "0", "1", "2", "3"]
    tenths = Scale(Decimal(0), Decimal(1), Decimal("0.1"))
    assert not tenths.fault(Decimal("0.3")) and len(tenths.steps) == 11


def test_shares_of_the_scale() -> None:
    assert Scale(Decimal(1), Decimal(5)).shares([1, 2, 5]) == pytest.approx([0, 25, 100])
    assert SIGNED.shares([-3, 0, 1.5]) == pytest.approx([-100, 0, 50])
    lop = Scale(Decimal(-1), Decimal(4))
    assert lop.shares([-1, 0, 4]) == pytest.approx([-25, 0, 100])
    assert np.isnan(SIGNED.shares(np.nan))


@pytest.mark.parametrize(
    ("lower", "upper", "step", "field"),
    [("0", "0", "1", "upper"), ("3", "1", "1", "upper"), ("-3", "0", "1", "upper"),
     ("0", "5", "0", "step"), ("0", "5", "2", "step"), ("0", "100", "0.5", "step")],
)  # fmt: skip
def test_a_scale_that_does_not_hold_is_told_at_its_field(
    lower: str, upper: str, step: str, field: str
) -> None:
    told = faults(Decimal(lower), Decimal(upper), Decimal(step), {})
    assert [one[0] for one in told] == [field]
    assert not faults(Decimal(-3), Decimal(3), Decimal(1), {})


def test_anchors_are_typed_a_line_each_and_stand_on_the_scale() -> None:
    text = "-3 = much worse\n0=no difference\n\n 3 = much better"
    read = anchors_typed(text)
    assert read[Decimal(-3)] == "much worse" and len(read) == 3
    assert anchors_typed(anchors_text(read)) == read
    assert not faults(Decimal(-3), Decimal(3), Decimal(1), read)
    told = faults(Decimal(-2), Decimal(2), Decimal(1), read)
    assert "much worse" in told[0][1] and told[0][0] == "anchors"
    assert Scale(Decimal(-3), Decimal(3), Decimal(1), read).meaning(Decimal("0.0")) == (
        "no difference"
    )
    for wrong, words in (("0 none", "Line 1"), ("0 =", "Line 1"), ("a = b", "not a number"),
                         ("0 = a\n0.0 = b", "Line 2: 0 has")):  # fmt: skip
        with pytest.raises(ValueError, match=words):
            anchors_typed(wrong)


def test_what_is_typed_is_a_number_or_says_so() -> None:
    assert typed(" −2 ") == Decimal(-2) and typed("0.5") == Decimal("0.5")
    for wrong in ("", "two", "1e9", "NaN", "inf", "0.12345"):
        with pytest.raises(ValueError, match=r".+\."):
            typed(wrong)
    assert plain(Decimal("1E+2")) == "100" and plain(-0.0) == "0" and plain(47.50) == "47.5"
