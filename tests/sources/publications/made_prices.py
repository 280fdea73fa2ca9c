"""Small files of prices, trim points and costs, written here so that each test can spoil one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.sources import made

Rows = list[list[Any]]

EXTRACT_HEADER = [
    "hrg_code", "hrg_name", "year", "outpatient_procedure", "combined_day_case_ordinary_elective",
    "day_case", "ordinary_elective", "non_elective", "hrg_subchapter", "hrg_subchapter_name",
    "hrg_chapter", "hrg_chapter_name",
]  # fmt: skip
ANNEX_HEADER = [
    "HRG code", "HRG name", "Outpatient procedure tariff (£)",
    "Combined day case / ordinary elective spell tariff (£)", "Day case spell tariff (£)",
    "Ordinary elective spell tariff (£)", "Ordinary elective long stay trim point (days)",
    "Non-elective spell tariff (£)", "Non-elective long stay trim point (days)",
    "Per day long stay payment (for days exceeding trim point) (£)",
    "Reduced short stay emergency tariff _applicable?",
    "% applied in calculation of reduced short stay emergency tariff",
    "Reduced short stay emergency tariff (£)",
]  # fmt: skip


def prices() -> Rows:
    """Return an extract of two years: a group with one price, one priced apart, one unpriced."""
    return [
        EXTRACT_HEADER,
        *(
            [code, name, year, "", *cells, code[:2], "", code[:1], ""]
            for year in ("2017/18", "2018/19")
            for code, name, *cells in (
                ("AA22C", "Stroke, with Score 14+", "8207", "", "", "9766"),
                ("CA11A", "Nose, 19 years and over", "", "1237", "1119", "1190"),
                ("PB03Z", "Healthy Baby", "", "", "", ""),
            )
        ),
    ]


def annex(title: str = "National prices 2025/26", word: str = "tariff") -> Rows:
    """Return the sheet of a price workbook: title, header, two groups, a note."""
    rows = [
        ["AA22C", "Stroke, with Score 14+", "-", "8,207", "-", "-", "117", "9,766", "52", "238",
         "Yes", "65%", "6,348"],
        ["CA11A", "Nose", "101", "-", "1,237", "£1,119", "5", "1,190", "-", "238", "No", "-", "-"],
    ]  # fmt: skip
    header = [cell.replace("tariff", word) for cell in ANNEX_HEADER]
    return [[title], [], header, *rows, [], ["Prices are before local changes."]]


def yearly_trims() -> Rows:
    """Return the extract of elective trim points of two years, with the average of a chapter."""
    return [
        ["hrg_code", "hrg_name", "combined_price_2017_18", "elective_trim_days_2017_18",
         "elective_trim_days_2018_19"],
        ["A", "NERVOUS SYSTEM", "4240.6936", "27", "27"],
        ["AA22C", "Stroke", "8207.0", "117", "118"],
        ["CA11A", "Nose", "0.0", "5", ""],
    ]  # fmt: skip


def trims() -> Rows:
    """Return the extract of trim points that says no year."""
    return [["sushrg", "elective", "emergency"], ["AA22C", "90", "257"], ["CA11A", "5", "-"]]


def department(
    rows: Sequence[Sequence[Any]],
    header: Sequence[str] = ("Currency Code", "Currency Description", "Number of FCEs\n"),
    year: str = "2017-18",
    title: str = "ELECTIVE INPATIENT ",
    totals: bool = True,
) -> Rows:
    """Return a sheet of a schedule; ``rows`` end in activity, unit cost and total."""
    money = ["Total Costs"] if totals else ["Lower Quartile Unit Cost", "Upper Quartile Unit Cost"]
    return [
        ["Back to Index", f"National Schedule of Reference Costs - Year {year} - NHS trusts"],
        [title],
        [],
        [],
        [*header, "National Average Unit Cost", *money, "No. Data Submissions", ""],
        # The last column, without a header, is there in the real files too.
        *([*row[: len(row) - (not totals)], *([] if totals else [1, 2]), 42, 411860.78]
          for row in rows),
    ]  # fmt: skip


SERVICED = ("Service code", "Service Description", "Currency Code", "Currency Description")
ELECTIVE = [
    ["AA22C", "Stroke, with Score 14+", 73, 7663.5, 559435.5],
    ["CA11A", "Nose", 2000, 1119.25, 2238500],
]


def schedule(**sheets: Rows) -> bytes:
    """Return a workbook with an index and departments, of which EL is one unless given."""
    index = [
        [None, "National Schedule of Reference Costs - Year 2017-18"], [], [], [],
        ["INDEX", "DESCRIPTION", "Total Activity ", "Unit Cost", "Total Cost"],
        ["EL", "Elective Inpatients", 2073, 1350, 2797935.5],
    ]  # fmt: skip
    return made.workbook({"Index": index, **(sheets or {"EL": department(ELECTIVE)})})


LATER_HEADER = [
    "department_code", "currency_code", "currency_desc", "activity", "unit_cost", "cost",
]  # fmt: skip
EARLIER_HEADER = [
    "Service Code", "Dept or Currency Code", "Dept or Currency Desc", "Activity", "Unit cost",
    "Cost",
]  # fmt: skip


def costs(later: bool = True) -> Rows:
    """Return an extract of 2024/25 with one activity hidden, or of 2023/24."""
    rows = [
        ["Elective Inpatients", "AA22C", "Stroke, with Score 14+", 73.0, 7663.5, 559435.5],
        ["Daycase", "AA22C", "Stroke, with Score 14+", "", "", 5672.64],
        ["Ambulance", "01", "Hear & Treat", 1000.0, 62.5, 62500.0],
        ["Cancer MDT", "CMDTSpU", "Specialist Upper\xa0Meetings", 10.0, 96.25, 962.5],
    ]
    if later:
        return [LATER_HEADER, *rows]
    return [EARLIER_HEADER, *([r[0], f"{r[1]} ", f" {r[2]}", *r[3:]] for r in rows if r[3])]
