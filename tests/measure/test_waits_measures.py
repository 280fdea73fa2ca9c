"""The measures of hospital waits: which pathways they count, of whom, and what is not there."""

from __future__ import annotations

from typing import Any

import pytest

from locality import knowledge
from locality.figures import Table
from locality.figures.schemas.waiting import WAITING
from locality.knowledge import Measure
from locality.store import recount

WITHIN, OVER = "waits.within_18_weeks", "waits.over_52_weeks"


def row(code: str, kind: str, week: int, pathways: int, **changes: Any) -> dict[str, Any]:
    return {
        "period": "2026-M01", "code": code, "kind": kind, "part": "incomplete",
        "treatment_function": "C_999", "week": week, "pathways": pathways, **changes,
    }  # fmt: skip


ROWS = [
    # Both sides of both limits, and the open band.
    row("00A", "sub_icb", 0, 1), row("00A", "sub_icb", 17, 2), row("00A", "sub_icb", 18, 4),
    row("00A", "sub_icb", 51, 8), row("00A", "sub_icb", 52, 16), row("00A", "sub_icb", 104, 32),
    # None within 18 weeks, none over 52: zero, and not "no return".
    row("00B", "sub_icb", 30, 5),
    # Counted elsewhere: another specialty, other parts, the ICB as published.
    row("00A", "sub_icb", 3, 1000, treatment_function="C_320"),
    row("00A", "sub_icb", 60, 1000, part="incomplete_dta"),
    row("00A", "sub_icb", 3, 1000, part="completed_admitted"),
    row("00A", "sub_icb", 60, 1000, part="completed_non_admitted"),
    row("00A", "sub_icb", -1, 1000, part="new_periods"),
    row("QX", "icb", 3, 1000), row("QX", "icb", 60, 1000),
    # Only new periods: nothing is known of who waits.
    row("00C", "sub_icb", -1, 9, part="new_periods"),
    # England is as published, not the sum; and another month is another cell.
    row("ENG", "england", 3, 70), row("ENG", "england", 60, 30),
    row("00A", "sub_icb", 3, 6, period="2025-M12"),
]  # fmt: skip
EXPECTED = {
    WITHIN: {("2026-M01", "00A"): (3, 63), ("2026-M01", "00B"): (0, 5),
             ("2026-M01", "ENG"): (70, 100), ("2025-M12", "00A"): (6, 6)},
    OVER: {("2026-M01", "00A"): (48, 63), ("2026-M01", "00B"): (0, 5),
           ("2026-M01", "ENG"): (30, 100), ("2025-M12", "00A"): (0, 6)},
}  # fmt: skip


@pytest.fixture(scope="module")
def known() -> dict[str, Measure]:
    measures = knowledge.load().measures
    return {id: measures[id] for id in (WITHIN, OVER)}


@pytest.mark.parametrize("id", [WITHIN, OVER])
def test_it_counts_those_of_the_sub_icb_and_no_others(known: dict[str, Measure], id: str) -> None:
    counted = recount(known[id], {"waiting": Table.of(WAITING, ROWS)}).to_pylist()
    found = {(r["period"], r["practice_code"]): (r["numerator"], r["denominator"]) for r in counted}
    assert found == EXPECTED[id] and len(counted) == len(found)


@pytest.mark.parametrize("id", [WITHIN, OVER])
def test_without_a_file_it_counts_nothing(known: dict[str, Measure], id: str) -> None:
    assert recount(known[id], {}).num_rows == 0


def test_they_are_complete_counts_summed_from_sub_icbs(known: dict[str, Measure]) -> None:
    for measure in known.values():
        assert measure.counted_for == "sub_icb" and measure.measure.interval == "none"
        assert measure.topic == "Hospital waits" and measure.datasets == ("waiting",)
        assert any("no sampling interval" in note for note in measure.notes)
    assert known[WITHIN].polarity == "higher_is_better"
    assert known[OVER].polarity == "lower_is_better"
