"""What became of a group's practices."""

from __future__ import annotations

from datetime import date
from typing import Any

from locality.figures import Table
from locality.figures.schemas import SUCCESSIONS
from locality.know import ended_members

KNOWN: dict[str, dict[str, Any]] = {
    "A1": {"name": "One", "status": "active", "close_date": None},
    "A2": {"name": "Two", "status": "closed", "close_date": date(2024, 9, 30)},
    "A3": {"name": "Three", "status": "active", "close_date": None},
    "A4": {"name": "Four", "status": "closed", "close_date": date(2023, 3, 31)},
}
MERGER = {"code": "A2", "successor_code": "A3", "on": date(2024, 10, 1), "how": "merged; stated"}


def successions(*rows: dict[str, Any]) -> Table:
    return Table.of(SUCCESSIONS, rows)


def test_a_successor_outside_the_group_takes_the_patients_with_it() -> None:
    (row,) = ended_members(["A1", "A2"], KNOWN, successions(MERGER)).rows
    assert (row["practice_code"], row["successor_code"], row["inside"]) == ("A2", "A3", False)
    assert row["on"] == date(2024, 10, 1)
    assert row["sentence"] == (
        "Two was followed by Three on 1 October 2024, which is not in the group: from then on its "
        "patients are not in the group's sums."
    )


def test_a_successor_inside_keeps_the_sums_whole() -> None:
    (row,) = ended_members(["A2", "A3"], KNOWN, successions(MERGER)).rows
    assert row["inside"] and "the sums go on" in row["sentence"]


def test_one_that_closed_without_a_known_successor_says_so_and_open_ones_are_left_out() -> None:
    (row,) = ended_members(["A1", "A4"], KNOWN, successions()).rows
    assert row["successor_code"] is None and not row["inside"]
    assert "closed on 31 March 2023; no file says who follows" in row["sentence"]
    assert not len(ended_members(["A1", "A3"], KNOWN, successions(MERGER)))
