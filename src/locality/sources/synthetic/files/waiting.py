"""Referral to treatment waiting times, the full extract: 121 columns in a zip of one CSV."""

from __future__ import annotations

import csv
import io
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from locality.sources.synthetic.calendar import MONTHS
from locality.sources.synthetic.files.wrapping import put_zipped

_LONG = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
#: Parts of a pathway, as published.
PARTS = {
    "Part_1A": "Completed Pathways For Admitted Patients",
    "Part_1B": "Completed Pathways For Non-Admitted Patients",
    "Part_2": "Incomplete Pathways",
    "Part_2A": "Incomplete Pathways with DTA",
    "Part_3": "New RTT Periods - All Patients",
}
HEADER = (
    "Period", "Provider Parent Org Code", "Provider Parent Name", "Provider Org Code",
    "Provider Org Name", "Commissioner Parent Org Code", "Commissioner Parent Name",
    "Commissioner Org Code", "Commissioner Org Name", "RTT Part Type", "RTT Part Description",
    "Treatment Function Code", "Treatment Function Name",
    *(f"Gt {week:02d} To {week + 1:02d} Weeks SUM 1" for week in range(104)),
    "Gt 104 Weeks SUM 1", "Total", "Patients with unknown clock start date", "Total All",
)  # fmt: skip
_WEEKS = 105


@dataclass(frozen=True, slots=True)
class Pathways:
    """One row: whose patients, where, for what; ``weeks`` has 105 counts, or none (new periods).

    Organisations are (code, name); an empty code of the commissioner's parent means that NHS
    England commissions itself.
    """

    provider: tuple[str, str]
    provider_parent: tuple[str, str]
    commissioner: tuple[str, str]
    commissioner_parent: tuple[str, str]
    part: str
    function: tuple[str, str]
    weeks: Sequence[int] = ()
    unknown: int | None = None
    new: int = 0


def file_name(month: date) -> str:
    """Return ``Full-CSV-data-file-Jan26-ZIP.zip`` for January 2026."""
    return f"Full-CSV-data-file-{MONTHS[month.month - 1]}{month.year % 100:02d}-ZIP.zip"


def write_extract(folder: Path, month: date, rows: Iterable[Pathways]) -> Path:
    """Write one month's extract as a zip, and return where."""
    last = monthrange(month.year, month.month)[1]
    named = f"RTT-{_LONG[month.month - 1]}-{month.year}"
    inside = f"{month.year}{month.month:02d}{last:02d}-{named}-full-extract.csv"
    return put_zipped(folder / file_name(month), {inside: extract_text(month, rows)})


def extract_text(month: date, rows: Iterable[Pathways]) -> str:
    """Return one month's extract as CSV text."""
    out = io.StringIO()
    written = csv.writer(out, lineterminator="\r\n")
    written.writerow(HEADER)
    for row in rows:
        written.writerow(_cells(f"RTT-{_LONG[month.month - 1]}-{month.year}", row))
    return out.getvalue()


def _cells(period: str, row: Pathways) -> list[str]:
    weeks = [str(number) for number in row.weeks] or [""] * _WEEKS
    total = sum(row.weeks)
    told = ""
    if row.weeks and row.part not in ("Part_2", "Part_2A"):
        told = str(total)
    unknown = "" if row.unknown is None else str(row.unknown)
    every = total + (row.unknown or 0) if row.weeks else row.new
    return [
        period, *row.provider_parent, *row.provider, *row.commissioner_parent, *row.commissioner,
        row.part, PARTS[row.part], *row.function, *weeks, told, unknown, str(every),
    ]  # fmt: skip
