"""The English Prescribing Dataset of a month, as published: one CSV file, or a zip that holds it.

Until February 2025 the publisher headed boards as area teams and presentations as BNF_CODE; since
March 2025 as ICBs and BNF_PRESENTATION_CODE, with a SNOMED code at the end.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from locality.sources.synthetic.files.wrapping import put, put_zipped

#: A number, or what stands where there is none.
Amount = int | float | str
_ADDRESS = ("ADDRESS_1", "ADDRESS_2", "ADDRESS_3", "ADDRESS_4", "POSTCODE")
_NEW_FROM = date(2025, 3, 1)
_OLD_HEADER = (
    "YEAR_MONTH", "REGIONAL_OFFICE_NAME", "REGIONAL_OFFICE_CODE", "AREA_TEAM_NAME",
    "AREA_TEAM_CODE", "PCO_NAME", "PCO_CODE", "PRACTICE_NAME", "PRACTICE_CODE", *_ADDRESS,
    "BNF_CHEMICAL_SUBSTANCE", "CHEMICAL_SUBSTANCE_BNF_DESCR", "BNF_CODE", "BNF_DESCRIPTION",
    "BNF_CHAPTER_PLUS_CODE", "QUANTITY", "ITEMS", "TOTAL_QUANTITY", "ADQUSAGE", "NIC",
    "ACTUAL_COST", "UNIDENTIFIED",
)  # fmt: skip
_NEW_HEADER = (
    "YEAR_MONTH", "REGIONAL_OFFICE_NAME", "REGIONAL_OFFICE_CODE", "ICB_NAME", "ICB_CODE",
    "PCO_NAME", "PCO_CODE", "PRACTICE_NAME", "PRACTICE_CODE", *_ADDRESS,
    "BNF_CHEMICAL_SUBSTANCE_CODE", "BNF_CHEMICAL_SUBSTANCE", "BNF_PRESENTATION_CODE",
    "BNF_PRESENTATION_NAME", "BNF_CHAPTER_PLUS_CODE", "QUANTITY", "ITEMS", "TOTAL_QUANTITY",
    "ADQ_USAGE", "NIC", "ACTUAL_COST", "UNIDENTIFIED", "SNOMED_CODE",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Prescriber:
    """Who prescribed, and what it belongs to: (code, name) each; addresses are left empty."""

    practice: tuple[str, str]
    sub: tuple[str, str]
    board: tuple[str, str]
    region: tuple[str, str]
    identified: bool = True


@dataclass(frozen=True, slots=True)
class Presentation:
    """What was prescribed: code and name of the presentation, and name of its chemical."""

    code: str
    name: str
    chemical: str = ""


@dataclass(frozen=True, slots=True)
class Prescribed:
    """One row: ``quantity`` is that of one prescription, ``total`` that of all ``items``."""

    by: Prescriber
    what: Presentation
    quantity: Amount
    items: Amount
    total: Amount
    nic: Amount
    cost: Amount


def file_name(month: date) -> str:
    """Return ``EPD_SNOMED_202606.csv`` for June 2026, ``EPD_201709.csv`` before March 2025."""
    return f"EPD_{'SNOMED_' if month >= _NEW_FROM else ''}{month:%Y%m}.csv"


def month_text(month: date, rows: Iterable[Prescribed]) -> str:
    """Return the CSV text of one month, in the layout of its time."""
    new = month >= _NEW_FROM
    when = f"{month:%Y-%m}" if new else f"{month:%Y_%m}"
    prescribers: dict[Prescriber, str] = {}
    presentations: dict[Presentation, str] = {}
    written = [_cells(_NEW_HEADER if new else _OLD_HEADER)]
    for row in rows:
        by, what = prescribers.get(row.by), presentations.get(row.what)
        if by is None:
            by = prescribers[row.by] = _cells((when, *_whose(row.by), "", "", "", "", ""))
        if what is None:
            what = presentations[row.what] = _cells(_what(row.what))
        flag = "N" if row.by.identified else "Y"
        written.append(
            f"{by},{what},{row.quantity},{row.items},{row.total},0,{row.nic},{row.cost},{flag}"
            + ("," if new else "")
        )
    return "\n".join([*written, ""])


def write_month(
    folder: Path, month: date, rows: Iterable[Prescribed], *, zipped: bool = True
) -> Path:
    """Write one month into ``folder`` and return where."""
    name, text = file_name(month), month_text(month, rows)
    if zipped:
        return put_zipped(folder / name.replace(".csv", ".zip"), {name: text})
    return put(folder / name, text)


def _whose(by: Prescriber) -> tuple[str, ...]:
    return tuple(cell for one in (by.region, by.board, by.sub, by.practice) for cell in one[::-1])


def _what(what: Presentation) -> tuple[str, ...]:
    chapter = f"{what.code[:2]}: Chapter {int(what.code[:2])}" if what.code[:2].isdigit() else ""
    # Dressings and appliances are told apart by section alone.
    chemical = what.code[:9] if len(what.code) == 15 else what.code[:4]
    return chemical, what.chemical, what.code, what.name, chapter


def _cells(row: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(row)
    return line.getvalue()
