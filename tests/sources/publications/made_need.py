"""Small files of networks, Fingertips and a locality's own counts, for tests to spoil."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Rows = list[list[Any]]

MEMBERS_HEADER = [
    "Partner\nOrganisation\nCode", "Partner\nName", "Practice\nParent\nSub ICB Loc Code",
    "Practice\nParent\nSub ICB Loc Name", "PCN Code", "PCN Name", "PCN Parent\nSub ICB Loc Code",
    "PCN Parent\nSub ICB Loc Name", "Practice to PCN\nRelationship\nStart Date",
    "Practice to PCN\nRelationship\nEnd Date", "Practice Sub ICB Loc and PCN Sub ICB Loc Match ",
]  # fmt: skip
NETWORKS_HEADER = [
    "PCN Code", "PCN Name", "Current Sub ICB Loc Code", "Sub ICB Location", "Open Date",
    "Close Date", "Address Line 1", "Address Line 2", "Address Line 3", "Address Line 4",
    "Address Line 5", "Postcode",
]  # fmt: skip


def member(
    code: str = "A81001", network: str = "U89141", since: str = "20191001", until: str = ""
) -> list[Any]:
    """Return one row of core partners."""
    sub = ["16C", "A board - 16C"]
    return [code, "THE, SURGERY", *sub, network, "ONE PCN", *sub, since, until, True]


def network(code: str = "U89141", opened: str = "20191001", closed: str = "") -> list[Any]:
    """Return one row of networks."""
    address = ["", "", "", "", "", "ZZ1 1AA"]
    return [code, "ONE, PCN", "16C", "A board - 16C", opened, closed, *address]


def epcn(members: Sequence[Any] = (), networks: Sequence[Any] = ()) -> dict[str, Rows]:
    """Return the sheets of an ePCN workbook."""
    return {
        "PCNDetails": [NETWORKS_HEADER, *(networks or [network(), network("U07032")])],
        "PCN Core Partner Details": [
            MEMBERS_HEADER,
            *(members or [member(), member("A81002", "U07032"), member("A81004")]),
        ],
    }


FINGERTIPS_HEADER = [
    "Indicator ID", "Indicator Name", "Parent Code", "Parent Name", "Area Code", "Area Name",
    "Area Type", "Sex", "Age", "Category Type", "Category", "Time period", "Value",
    "Lower CI 95.0 limit", "Upper CI 95.0 limit", "Lower CI 99.8 limit", "Upper CI 99.8 limit",
    "Count", "Denominator", "Value note", "Recent Trend",
    "Compared to England value or percentiles", "Compared to percentiles",
    "Time period Sortable", "New data", "Compared to goal", "Time period range",
]  # fmt: skip


def area(
    code: str = "A81001",
    kind: str = "GPs",
    value: str = "750.5",
    count: str = "150",
    denominator: str = "200",
    note: str = "",
    *,
    indicator: str = "93930",
    time: str = "2021/22",
    sex: str = "Persons",
    category: str = "",
) -> list[str]:
    """Return one row of Fingertips."""
    interval = [value and "700", value and "800", "", ""]
    return [
        indicator, "A&E, young children", "E92000001", "England", code, "The, Surgery", kind, sex,
        "0-4 yrs", category and "Deciles", category, time, value, *interval, count, denominator,
        note, "", "Not compared", "Not compared", "20210000", "", "", "1y",
    ]  # fmt: skip


def fingertips(rows: Sequence[list[str]] = ()) -> Rows:
    """Return a Fingertips file: England, a category, a network and three practices."""
    return [
        FINGERTIPS_HEADER,
        area("E92000001", "England"),
        area("E92000001", "England", category="Most deprived decile"),
        area("U89141", "PCNs (v. 27/10/23)"),
        *(rows or [area(), area("A81002"), area("A81004", value="", count="", note=HIDDEN)]),
    ]


HIDDEN = "Value suppressed for disclosure control reasons"
SCORES: Rows = [
    ["PRACTICE_CODE", "PRACTICE_NAME", "IMD_YEAR", "IMD_SCORE"],
    ["A81001", "The Surgery, First", "2025", "33.519"],
    ["A81002", "Second", "2025", "31.289"],
    ["A81004", "Third", "2025", "24.556"],
]
AGGREGATES: Rows = [
    ["practice_code", "measure_id", "period", "numerator", "denominator", "source"],
    ["A81001", "local.referrals", "2026-M05", 9, 11840, "board's own count"],
    ["A81002", "local.referrals", "2026-M05", 4, 7302, "board's own count"],
    ["A81004", "local.referrals", "2026-M05", "*", 5120, "board's own count"],
]


def spoil(rows: Rows, column: int, value: Any) -> Rows:
    """Return rows in which one column holds the same value throughout."""
    return [rows[0], *([*row[:column], value, *row[column + 1 :]] for row in rows[1:])]


def beside(rows: Rows, header: str, values: Sequence[Any]) -> Rows:
    """Return rows with one column more."""
    more = (values * len(rows))[: len(rows) - 1] if isinstance(values, list) else values
    return [[*rows[0], header], *([*row, one] for row, one in zip(rows[1:], more, strict=True))]
