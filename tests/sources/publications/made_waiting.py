"""Small full extracts of waiting times, in the published layout."""

from __future__ import annotations

from typing import Any

HEADER = [
    "Period", "Provider Parent Org Code", "Provider Parent Name", "Provider Org Code",
    "Provider Org Name", "Commissioner Parent Org Code", "Commissioner Parent Name",
    "Commissioner Org Code", "Commissioner Org Name", "RTT Part Type", "RTT Part Description",
    "Treatment Function Code", "Treatment Function Name",
    *(f"Gt {week:02d} To {week + 1:02d} Weeks SUM 1" for week in range(104)),
    "Gt 104 Weeks SUM 1", "Total", "Patients with unknown clock start date", "Total All",
]  # fmt: skip
PARTS = {
    "Part_1A": "Completed Pathways For Admitted Patients",
    "Part_2": "Incomplete Pathways",
    "Part_3": "New RTT Periods - All Patients",
}


def row(
    provider: str = "RA1",
    commissioner: str = "00A",
    parent: str = "QA1",
    part: str = "Part_2",
    function: str = "C_320",
    weeks: dict[int, int] | None = None,
    unknown: int | None = None,
    period: str = "RTT-January-2026",
    new: int = 0,
) -> list[Any]:
    """Return one row; ``weeks`` maps a week to its pathways."""
    waited = weeks or {}
    timed = part != "Part_3"
    cells: list[Any] = [waited.get(week, 0) if timed else "" for week in range(105)]
    total = sum(waited.values())
    # As published: the total of incomplete pathways stands in the last column alone.
    ends = ["" if part == "Part_2" else total, "" if unknown is None else unknown,
            total + (unknown or 0) if timed else new]  # fmt: skip
    if not timed:
        ends[0] = ""
    named = [provider, "HOSPITAL, THE", parent, "BOARD", commissioner, "SUB ICB"]
    kind = [part, PARTS.get(part, part), function, "Cardiology Service"]
    return [period, "QX", "BOARD", *named, *kind, *cells, *ends]


def extract(*rows: list[Any]) -> list[list[Any]]:
    """Return a header and rows; without rows, three that fit."""
    some = rows or (
        row(weeks={0: 5, 17: 2, 18: 1, 104: 3}),
        row(provider="RA2", part="Part_1A", weeks={3: 4}, unknown=2),
        row(part="Part_3", new=40),
    )
    return [HEADER, *some]
