"""National prices, trim points and cost schedules, in each layout that they have been given in.

Prices: an extract with a year in every row, and the price workbook (Annex A), in which "-" says
that there is no such price and thousands have commas. Trim points: two extracts. Costs: a
workbook with a sheet a department (with totals, or with quartiles instead), and two extracts.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import xlsxwriter

from locality.sources.synthetic.files.wrapping import put, put_gzipped

Cell = str | float | None

#: Settings of a price in the extract, in the order of its columns.
EXTRACT = (
    "outpatient_procedure",
    "combined_day_case_ordinary_elective",
    "day_case",
    "ordinary_elective",
    "non_elective",
)
_ANNEX = (
    "HRG code",
    "HRG name",
    "Outpatient procedure tariff (£)",
    "Combined day case / ordinary elective spell tariff (£)",
    "Day case spell tariff (£)",
    "Ordinary elective spell tariff (£)",
    "Ordinary elective long stay trim point\n(days)",
    "Non-elective spell tariff (£)",
    "Non-elective long stay trim point\n(days)",
    "Per day long stay payment (for days exceeding trim point) (£)",
    "Reduced short stay emergency tariff _applicable?",
    "% applied in calculation of reduced short stay emergency tariff",
    "Reduced short stay emergency tariff (£)",
)
_CREATED = datetime(2026, 7, 3, 9)


@dataclass(frozen=True)
class Priced:
    """One HRG in one year: price in pounds by setting, trim point in days by setting."""

    code: str
    name: str
    prices: Mapping[str, int | None]
    trims: Mapping[str, int | None] = field(default_factory=dict)
    #: Percentage of the non-elective price that is paid for a short emergency stay.
    short_stay: int | None = None


@dataclass(frozen=True)
class Costed:
    """One row of a cost schedule; activity None is hidden by the publisher."""

    code: str
    name: str
    activity: float | None
    unit_cost: float
    total: float
    service: str = ""
    service_name: str = ""


@dataclass(frozen=True)
class Department:
    """One department: its sheet's code, the words of the extracts, title and activity header."""

    sheet: str
    words: str
    title: str
    activity: str
    rows: tuple[Costed, ...]


def write_price_extract(path: Path, years: Mapping[str, Sequence[Priced]]) -> Path:
    """Write the extract of prices; ``years`` are keyed as 2018/19, and a price None is empty."""
    rows: list[list[Cell]] = [
        ["hrg_code", "hrg_name", "year", *EXTRACT, "hrg_subchapter", "hrg_subchapter_name",
         "hrg_chapter", "hrg_chapter_name"],
    ]  # fmt: skip
    for year, some in years.items():
        for one in some:
            found = [one.prices.get(setting) for setting in EXTRACT]
            chapter = [one.code[:2], "Made up", one.code[:1], "Made up"]
            rows.append([one.code, one.name, year, *found, *chapter])
    return put(path, _csv(rows))


def write_price_workbook(path: Path, year: str, some: Sequence[Priced], notes: str = "") -> Path:
    """Write Annex A of one ``year`` (2025/26): a title above the header, a note below the rows."""
    rows: list[list[Cell]] = [
        [f"National prices {year}: admitted patient care and outpatient procedures"],
        [],
        list(_ANNEX),
        *([one.code, one.name, *_annexed(one)] for one in some),
    ]
    if notes:
        rows += [[], [notes]]
    return _put_sheets(path, {"Contents": [["Annex A"]], "APC and OPROC": rows})


def _annexed(one: Priced) -> list[Cell]:
    price = {setting: _grouped(amount) for setting, amount in one.prices.items()}
    day = {setting: _grouped(days) for setting, days in one.trims.items()}
    return [
        *(price.get(setting, "-") for setting in EXTRACT[:4]),
        day.get("elective", "-"),
        price.get("non_elective", "-"),
        day.get("non_elective", "-"),
        price.get("long_stay_per_day", "-"),
        "No" if one.short_stay is None else "Yes",
        "-" if one.short_stay is None else f"{one.short_stay}%",
        price.get("reduced_short_stay_emergency", "-"),
    ]


def _grouped(number: int | None) -> str:
    return "-" if number is None else f"{number:,}"


def write_yearly_trim_points(path: Path, years: Mapping[str, Sequence[Priced]]) -> Path:
    """Write the extract of elective trim points, with chapter averages; ``years`` as 2018_19."""
    names = list(years)
    rows: list[list[Cell]] = [
        ["hrg_code", "hrg_name", *(f"combined_price_{year}" for year in names),
         *(f"elective_trim_days_{year}" for year in names), "hrg_chapter", "hrg_chapter_name"],
    ]  # fmt: skip
    for together in zip(*years.values(), strict=True):
        one = together[0]
        if not any(row[0] == one.code[:1] for row in rows):
            average: list[Cell] = [*("1234.5678" for _ in names), *("27" for _ in names)]
            rows.append([one.code[:1], "MADE UP", *average, one.code[:1], "MADE UP"])
        combined = "combined_day_case_ordinary_elective"
        prices: list[Cell] = [f"{year.prices.get(combined) or 0}.0" for year in together]
        days = [year.trims.get("elective") for year in together]
        rows.append([one.code, one.name, *prices, *days, one.code[:1], "Made up"])
    return put(path, _csv(rows))


def write_trim_points(path: Path, some: Sequence[Priced]) -> Path:
    """Write the extract of elective and emergency trim points; the year is in the name alone."""
    rows: list[list[Cell]] = [["sushrg", "elective", "emergency"]]
    for one in some:
        days = [one.trims.get(setting) for setting in ("elective", "non_elective")]
        rows.append([one.code, *("-" if number is None else number for number in days)])
    return put(path, _csv(rows))


def write_cost_workbook(
    path: Path, year: str, departments: Sequence[Department], *, totals: bool = True
) -> Path:
    """Write a schedule of ``year`` (2017-18): an index, and a sheet a department.

    ``totals`` gives the layout of 2017/18; without, that of 2016/17, which has quartiles instead.
    """
    title = f"National Schedule of Reference Costs - Year {year} - made-up providers"
    whole = sum(row.total for one in departments for row in one.rows)
    index: list[list[Cell]] = [
        [], [title], [], [],
        ["INDEX", "DESCRIPTION", "Total Activity ", "Unit Cost", "Total Cost"],
        ["Total Quantum", None, None, None, whole],
    ]  # fmt: skip
    sheets: dict[str, Sequence[Sequence[Cell]]] = {"Index": index}
    for one in departments:
        index.append([one.sheet, one.title, None, None, sum(row.total for row in one.rows)])
        sheets[one.sheet] = _department(title, one, totals)
    index.append(["1. Everything here is made up."])
    return _put_sheets(path, sheets)


def _department(title: str, one: Department, totals: bool) -> list[list[Cell]]:
    serviced = any(row.service for row in one.rows)
    money = ["Total Cost"] if totals else ["Lower Quartile Unit Cost", "Upper Quartile Unit Cost"]
    rows: list[list[Cell]] = [
        ["Back to Index", None, title],
        [one.title.upper()],
        [],
        [],
        [
            *(["Service Code", "Service Description"] if serviced else []),
            "Currency Code", "Currency Description", f"{one.activity}\n",
            "National Average Unit Cost", *money, "No. Data Submissions",
        ],
    ]  # fmt: skip
    for row in one.rows:
        # Treatment functions are numbers in the sheet, other services are words.
        service = float(row.service) if row.service.isdigit() else row.service
        spread = [row.total] if totals else [0.8 * row.unit_cost, 1.2 * row.unit_cost]
        rows.append(
            [
                *([service, row.service_name] if serviced else []),
                row.code, row.name, row.activity, row.unit_cost, *spread, 12,
            ]
        )  # fmt: skip
    return rows


def write_cost_extract(path: Path, departments: Sequence[Department], *, year: int) -> Path:
    """Write an extract of 2023/24 (``year`` 2023: blanks around words) or of 2024/25, gzipped.

    In 2024/25 hidden activity and its unit cost are empty, and the cost is there.
    """
    later = year > 2023
    rows: list[list[Cell]] = [
        ["department_code", "currency_code", "currency_desc", "activity", "unit_cost", "cost"]
        if later
        else ["Service Code", "Dept or Currency Code", "Dept or Currency Desc", "Activity",
              "Unit cost", "Cost"]
    ]  # fmt: skip
    for one in departments:
        for row in one.rows:
            words = [row.code, row.name] if later else [f"{row.code} ", f" {row.name}"]
            shown = [None, None] if row.activity is None else [row.activity, row.unit_cost]
            rows.append([one.words, *words, *shown, row.total])
    return put_gzipped(path, ("" if later else "\ufeff") + _csv(rows))


def _csv(rows: Sequence[Sequence[Cell]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _put_sheets(path: Path, sheets: Mapping[str, Sequence[Sequence[Cell]]]) -> Path:
    """Write a workbook of ``sheets``, the same bytes every time; None is an empty cell."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": _CREATED})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(number, place, cell)
                    elif cell is not None:
                        sheet.write_number(number, place, cell)
    return put(path, out.getvalue())
