"""An alert's sentence agrees with the numbers in it."""

from __future__ import annotations

import pytest

from locality.measure.alerts import _row
from tests.measure.made import definition


@pytest.mark.parametrize(
    ("strength", "value", "said"),
    [
        (6.0, 72.0, "has been higher than its own past for longer than chance would: 72.0 %, where "
         "60.0 % was usual"),
        (-6.0, 55.0, "has been lower than its own past for longer than chance would: 55.0 %, where "
         "60.0 % was usual"),
        (-6.0, 64.0, "(60.0 % was usual); its latest value, 64.0 %, is back on the other side"),
    ],
)  # fmt: skip
def test_it_never_calls_lower_what_is_above(strength: float, value: float, said: str) -> None:
    row = {"code": "A81001", "strength": strength, "usual": 60.0, "value": value,
           "period": "2026-M06"}  # fmt: skip
    sentence = _row(definition(), row, {"A81001": "Elm"}, {}, "new", False)["sentence"]
    assert said in sentence
