"""Criteria sets as a whole."""

from __future__ import annotations

from decimal import Decimal

import pytest

from locality.judging.criteria import Criteria, Criterion
from locality.judging.scales import Scale

TEN, SIGNED = Scale(Decimal(0), Decimal(10)), Scale(Decimal(-3), Decimal(3))


def made(*rows: tuple[str, Scale, int], method: str = "points") -> Criteria:
    return Criteria(method, tuple(Criterion(n, s, Decimal(w)) for n, s, w in rows))


def test_a_set_that_holds_is_a_table_with_its_weights_and_source() -> None:
    table = made(("Need", TEN, 1), ("Cost", TEN, 2), method="rank sum").table("Hub")
    assert [round(row["weight"], 2) for row in table.rows] == [66.67, 33.33]
    assert [row["given"] for row in table.rows] == [1, 2]
    assert "Roberts and Goodwin" in table.notes[0]


def test_signed_and_unsigned_scales_do_not_mix() -> None:
    assert not made(("Need", SIGNED, 50), ("Cost", SIGNED, 50)).faults()
    assert made(("Need", SIGNED, 100)).signed
    told = made(("Need", SIGNED, 50), ("Cost", TEN, 50)).faults()
    assert told[0][:2] == (None, "scales")


def test_names_stand_once_and_weights_hold() -> None:
    told = made(("Need", TEN, 50), ("need", TEN, 40)).faults()
    assert [(place, field) for place, field, _ in told] == [(None, "weight"), (1, "name")]
    with pytest.raises(ValueError, match="add up to 90"):
        made(("Need", TEN, 90)).table()
