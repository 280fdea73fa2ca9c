"""Small files about access in the publishers' layouts, written here so that tests can spoil one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from locality.sources import Document, Reading, read
from tests.sources import made

Rows = list[list[Any]]

PLACE = ["U89141", "STOCKTON PCN", "16C", "A sub-ICB", "QHM", "An ICB", "Y63", "A region"]
CODES = ("A81001", "A81002", "Y07020")


def workbook(sheets: dict[str, Rows], name: str = "book.xlsx") -> Document:
    """Return a workbook as a document; None is an empty cell."""
    whole = {
        sheet: [["" if cell is None else cell for cell in row] for row in rows]
        for sheet, rows in sheets.items()
    }
    return Document(name, made.workbook(whole), name)


def rows_of(readings: Sequence[Reading], table: str) -> list[dict[str, Any]]:
    """Return the rows of ``table`` in all readings."""
    return [row for one in readings if table in one.tables for row in one.tables[table].rows]


def one(document: Document) -> Reading:
    """Return the one reading of a document."""
    (reading,) = read(document)
    return reading


ONLINE_HEADER = [
    "Month [1]", "GP Code", "GP Name", "PCN Code [2, 3]", "PCN Name [3]", "Sub ICB Code",
    "Sub ICB Name", "ICB Code", "ICB Name", "Region Code", "Region Name", "Supplier [4, 5, 6]",
    "Submissions [7]", "Clinical Submissions [7]", "Administrative Submissions [7]",
    "Other/Unknown Type Submissions [7]", "Registered Patient Count [8]",
    "Rate per 1,000 Registered Patients [9, 10]",
]  # fmt: skip


def online_row(
    code: str, clinical: Any = 65, administrative: Any = 20, other: Any = 5, *, size: Any = 3891,
    month: str = "2026-01-01", supplier: str = "ACCURX LIMITED", part: Any = None,
) -> list[Any]:  # fmt: skip
    """Return one practice's row; ``part`` None leaves participation out."""
    total = sum(int(one) for one in (clinical, administrative, other))
    cells = [
        month, code, f"THE {code} SURGERY, NORTH", *PLACE, supplier, total, clinical,
        administrative, other, size, 21.8,
    ]  # fmt: skip
    return cells if part is None else [*cells, part]


def online(rows: Rows, participation: str = "") -> Rows:
    """Return Table 2 with its titles, header in row 12 and notes."""
    header = [*ONLINE_HEADER, participation] if participation else list(ONLINE_HEADER)
    return [
        ["Return to Contents"], ["_"], *[[]] * 8,
        ["Table 2: Submissions received by practices via Online Consultation Systems"],
        header,
        *rows,
        [],
        ["Source: NHS England"],
        ["Notes:", "  1   Data for previous months is available in the accompanying csv file"],
        ["", "  2   Geographical information on PCN, Sub ICB, ICB and Region is correct"],
        ["Copyright 2026 NHS England"],
    ]  # fmt: skip


PRACTICE_HEADER = [
    "Month [1]", "GP Practice \n(ODS_CODE)", "GP Name", "PCN Code", "PCN Name [2,3]",
    "Sub ICB Code [2]", "Sub ICB Name", "ICB Code  [2]", "ICB Name", "Region Code  [2]",
    "Region Name",
]  # fmt: skip
MONTH = "2026-01-01"


def _practice(code: str, month: str = MONTH) -> list[Any]:
    return [month, code, f"THE {code} SURGERY", *PLACE]


def outcomes_row(code: str, *counts: Any, month: str = MONTH) -> list[Any]:
    """Return a row of Table 3: inbound, answered, menu, requested, missed, made."""
    inbound, answered, menu, requested, missed, back = counts
    return [
        *_practice(code, month), inbound, None, answered, 0.5, menu, 0.2, requested, 0.1, None,
        missed, 0.1, None, back, 1,
    ]  # fmt: skip


def outcomes(rows: Rows, total: Sequence[Any] | None = None) -> Rows:
    """Return Table 3; without ``total`` its total row is the sum of ``rows``."""
    places = (11, 13, 15, 17, 20, 23)
    if total is None:
        total = [sum(int(row[place] or 0) for row in rows) for place in places]
    totals: list[Any] = ["Total", *[None] * 24]
    for place, count in zip(places, total, strict=True):
        totals[place] = count
    return [
        ["Return to Contents"],
        ["Table 3: Summary of Cloud based telephony call outcomes, by practice, England"],
        [*[None] * 13, "Count of Inbound Call Outcome"],
        [
            *PRACTICE_HEADER, "Count of Inbound calls", None, "Answered", None,
            "Ended during the IVR Stage [4]", None, "Call back requested", None, None,
            "Missed [5]", None, None, "Call back made", None,
        ],
        [
            *[None] * 11, "Total", None, "Total", "%", "Total", "%", "Total", "%", None, "Total",
            "%", None, "Total", "% of requested",
        ],
        totals,
        *rows,
        [],
        ["Notes:", "  1   Data for months October 24 - September 2025 is available elsewhere"],
        [None, "** There are four outcomes as a result of a call made to general practice"],
    ]  # fmt: skip


BANDS = ["Less than 1 minute", "1 - 2 minutes", "2 - 5 minutes", "Longer than 5 minutes"]


def waits_row(code: str, inbound: Any, total: Any, *groups: Sequence[Any]) -> list[Any]:
    """Return a row of Table 4 (two groups of four bands) or Table 5 (one)."""
    cells = [*_practice(code), inbound, total, 0.5]
    for group in groups:
        cells += [None, *(cell for count in group for cell in (count, 0.25))]
    return cells


def waits(rows: Rows, number: int) -> Rows:
    """Return Table 4 (answered: waits and lengths) or Table 5 (missed: waits)."""
    word = "Answered" if number == 4 else "Missed"
    groups = ["Wait time [4]", "Duration "] if number == 4 else ["Wait time [4]"]
    over: list[Any] = [None] * 14
    upper: list[Any] = [*PRACTICE_HEADER, "Total Inbound calls", f"{word} [4]", None]
    lower: list[Any] = [*[None] * 11, "Count", "Count", "%"]
    for group in groups:
        over += [None, f"{word} Calls - {group}", *[None] * 7]
        upper += [None, *(cell for band in BANDS for cell in (band, None))]
        lower += [None, *["Count", "%"] * 4]
    places = [place for place, cell in enumerate(lower) if cell == "Count"]
    totals: list[Any] = ["Total", "National", *[None] * (len(lower) - 2)]
    for place in places:
        totals[place] = sum(int(row[place] or 0) for row in rows)
    return [
        ["Return to Contents"],
        [f"Table {number}: Summary of {word} Calls by practice, England, January 2026"],
        over,
        upper,
        lower,
        totals,
        *rows,
        [],
        ["Notes:", "  1   Data for months October 24 - September 2025 is available elsewhere"],
    ]


def survey(rows: Rows | None = None, extra: Sequence[str] = ()) -> Rows:
    """Return practice results of the survey: two questions, every statistic that is kept."""
    statistics = (".pcteval", ".baseevaluw", ".baseevalw", ".lowileval", ".hiwileval")
    header = [
        "ad_practicecode", "ad_practicename", "ad_icscode", "distributed", "received", "resprate",
        *(f"overallexp{one}" for one in statistics), "overallexp_1.pct",
        *(f"localgpservicesphone{one}" for one in statistics), *extra,
    ]  # fmt: skip
    if rows is None:
        rows = [
            survey_row("A81001"),
            survey_row("A81002", overall=(-97, -97, -97, -97, -97)),
            survey_row("Y07020", overall=(1, 20, 18.5, 0.9, 1)),
        ]
    return [header, *rows]


def survey_row(
    code: str,
    overall: Sequence[Any] = (0.57, 120, 98.6, 0.48, 0.66),
    phone: Sequence[Any] = (0, 100, 81.2, 0, 0.036),
) -> list[Any]:
    """Return one practice's row of the survey."""
    return [code, f"THE {code} SURGERY, NORTH", "QHM", 400, 121, 0.3, *overall, 0.2, *phone]


APPOINTMENTS_HEADER = [
    "APPOINTMENT_MONTH_START_DATE", "GP_CODE", "GP_NAME", "SUPPLIER", "PCN_CODE", "PCN_NAME",
    "SUB_ICB_LOCATION_CODE", "SUB_ICB_LOCATION_NAME", "HCP_TYPE", "APPT_MODE",
    "NATIONAL_CATEGORY", "TIME_BETWEEN_BOOK_AND_APPT", "COUNT_OF_APPOINTMENTS", "APPT_STATUS",
]  # fmt: skip


def appointment(
    code: str = "A81001", count: Any = 120, *, month: str = "01JAN2026", supplier: str = "TPP",
    sub: str = "16C", who: str = "GP", mode: str = "Face-to-Face",
    category: str = "General Consultation Routine", wait: str = "Same Day",
    status: str = "Attended",
) -> list[Any]:  # fmt: skip
    """Return one row of the crosstab."""
    return [
        month, code, f"THE {code} SURGERY, NORTH", supplier, "U89141", "STOCKTON PCN", sub,
        "A sub-ICB", who, mode, category, wait, count, status,
    ]  # fmt: skip
