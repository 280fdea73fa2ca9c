"""Small files in the publications' layouts, written here so that each test can spoil one."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from locality.sources import Document

Rows = Sequence[Sequence[Any]]


def text(rows: Rows, separator: str = ",", end: str = "\n") -> str:
    """Return rows as CSV text."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=end).writerows(rows)
    return out.getvalue()


def document(content: str | bytes | Rows, name: str = "file.csv") -> Document:
    """Return a document of CSV rows, text or bytes."""
    if isinstance(content, str):
        content = content.encode()
    elif not isinstance(content, bytes):
        content = text(content).encode()
    return Document(name, content, name)


def workbook(sheets: Mapping[str, Rows], hidden: Iterable[str] = (), far: str = "") -> bytes:
    """Return an .xlsx workbook; ``far`` is a cell of every sheet that holds a stray word."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
            if far:
                sheet.write(far, "stray")
            if name in hidden:
                sheet.hide()
    return out.getvalue()


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return a zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def gzipped(content: bytes) -> bytes:
    """Return gzip-compressed bytes."""
    return gzip.compress(content, mtime=0)


def parquet(rows: Rows) -> bytes:
    """Return a Parquet file with the types that the cells have."""
    out = io.BytesIO()
    names, *below = rows
    columns = {name: [row[i] for row in below] for i, name in enumerate(names)}
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


PRACTICES = ("A81001", "A81002", "Y07020")

LIST_HEADER = [
    "PUBLICATION", "EXTRACT_DATE", "TYPE", "SUB_ICB_LOCATION_CODE", "ONS_SUB_ICB_LOCATION_CODE",
    "CODE", "POSTCODE", "SEX", "AGE", "NUMBER_OF_PATIENTS",
]  # fmt: skip


def list_sizes(
    patients: Sequence[Any] = (3827, 18706, 312), date: str = "2025-10-01", era: str = "icb"
) -> list[list[Any]]:
    """Return a list-size file of three practices."""
    header = list(LIST_HEADER)
    if era == "ccg":
        header[3:5] = ["CCG_CODE", "ONS_CCG_CODE"]
    return [
        header,
        *(
            ["GP_PRAC_PAT_LIST", date, "GP", "16C", "E38000247", code, "ZZ1 1AA", "ALL", "ALL", n]
            for code, n in zip(PRACTICES, patients, strict=True)
        ),
    ]


def practice_map(era: str = "icb", date: str = "01Jul2026") -> list[list[Any]]:
    """Return a practice map of three practices, of which the last has no PCN."""
    upper = ("CCG", "STP") if era == "ccg" else ("SUB_ICB_LOCATION", "ICB")
    header = [
        "PUBLICATION", "EXTRACT_DATE", "PRACTICE_CODE", "PRACTICE_NAME", "PRACTICE_POSTCODE",
        "PCN_CODE", "PCN_NAME",
        *(f"{p}{u}_{s}" for u in upper for p, s in (("ONS_", "CODE"), ("", "CODE"), ("", "NAME"))),
        "ONS_COMM_REGION_CODE", "COMM_REGION_CODE", "COMM_REGION_NAME",
    ]  # fmt: skip
    rows = [
        [
            "GP_PRAC_PAT_LIST", date, code, f"THE {name} SURGERY", "ZZ1 1AA", *pcn, "E38", "16C",
            "A sub-ICB", "E54", "QHM", "An ICB", "E40", "Y63", "A region",
        ]
        for code, name, pcn in zip(
            PRACTICES,
            ("FIRST", "SECOND", "THIRD"),
            (("U89141", "ONE PCN"), ("U07032", "TWO PCN"), ("U", "Unallocated")),
            strict=True,
        )
    ]  # fmt: skip
    if era == "icb":
        header.append("SUPPLIER_NAME")
        for row in rows:
            row.append("TPP")
    return [header, *rows]


BANDS = [*(f"{age}_{age + 4}" for age in range(0, 95, 5)), "95+"]


def age_sex(spare: str = "") -> list[list[Any]]:
    """Return an age-sex file: region, ICB and three practices, totals included.

    Men of the practice ``spare`` have no one aged 95 and over: the row is not there.
    """
    header = [
        "PUBLICATION", "EXTRACT_DATE", "ORG_TYPE", "ORG_CODE", "ONS_CODE", "POSTCODE", "SEX",
        "AGE_GROUP_5", "NUMBER_OF_PATIENTS",
    ]  # fmt: skip
    below: list[list[Any]] = []
    region = 0
    for place, code in enumerate(PRACTICES, 1):
        total = 0
        own: list[list[Any]] = []
        for sex in ("FEMALE", "MALE"):
            patients = {b: 10 * place + i for i, b in enumerate(BANDS)}
            if sex == "MALE" and code == spare:
                del patients["95+"]
            own.append([sex, "ALL", sum(patients.values())])
            own += [[sex, band, n] for band, n in patients.items()]
            total += sum(patients.values())
        own.insert(0, ["ALL", "ALL", total])
        below += [["P", "2026-07-01", "GP", code, "", "ZZ1 1AA", *cells] for cells in own]
        region += total
    above = [
        ["P", "2026-07-01", "Comm Region", "Y63", "E40", "", "ALL", "ALL", region],
        ["P", "2026-07-01", "ICB", "QHM", "E54", "", "ALL", "ALL", region],
        ["P", "2026-07-01", "SUB_ICB_LOCATION_CODE", "16C", "E38", "", "ALL", "ALL", region],
        ["P", "2026-07-01", "PCN", "U89141", "", "", "ALL", "ALL", region],
    ]
    return [header, *above, *below]


def ods_row(
    code: str = "A81001", opened: str = "19740401", closed: str = "", status: str = "A",
    setting: str = "4", region: str = "Y63", joined: str = "20200401", phone: str = "01642 672351",
) -> list[str]:  # fmt: skip
    """Return one row of epraccur."""
    row = [""] * 27
    row[0:4] = [code, f"THE {code} SURGERY", region, "QHM"]
    row[9:13] = ["ZZ1 1AA", opened, closed, status]
    row[14:18] = ["16C", joined, closed, phone]
    row[25] = setting
    return row


def ods() -> list[list[str]]:
    """Return an epraccur file: open, closed, dormant, proposed, a cost centre, Wales, Jersey."""
    return [
        ods_row(),
        ods_row("A81002", closed="20250331", status="C"),
        ods_row("A81003", status="D"),
        ods_row("A81004", opened="20990101", joined="20990101", status="P"),
        ods_row("Y08689", setting="26"),
        ods_row("W00001", region="W00"),
        ods_row("JER001", region=""),
    ]


def prevalence(register: Sequence[Any] = ("113.0", "540", "0.0")) -> list[list[Any]]:
    """Return a QOF prevalence file: one group against everyone, one against an age."""
    rows: list[list[Any]] = [
        ["PRACTICE_CODE", "GROUP_CODE", "REGISTER", "PATIENT_LIST_TYPE", "PRACTICE_LIST_SIZE"]
    ]
    for code, n in zip(PRACTICES, register, strict=True):
        rows.append([code, "HYP", n, "TOTAL", 3904])
        rows.append([code, "AST", "324.0", "06OV", 3687])
    return rows


_WP = ["G&A WP", "CS WP", "MH WP", "Mat WP", "Health Ineq WP", "Prescr WP", "Final WP"]
_PMC = ["Primary Medical Care WP", "Final PMC WP"]


def weighted(layout: str = "2025", maternity: str = "45.5") -> list[list[Any]]:
    """Return weighted populations in the layout of 2022, 2023 (and 2024), 2025 or workbook."""
    population, icb, lad = {
        "2022": ("pop 2022/23", "ICS22", ("LAD21", "LTLA21")),
        "2023": ("pop 2022/23", "ICS22", ("LAD21", "LTLA21")),
        "2025": ("Population", "ICB", ("LAD", "LTLA")),
        "workbook": ("pop 2023/24", "ICB23", ("LAD21", "LTLA21")),
    }[layout]
    later = [] if layout == "2022" else _PMC
    weights = list(_WP)
    if layout == "workbook":
        # As published: doubled and trailing blanks, and another name for primary medical care.
        weights[4], weights[6], later = (
            "Health Ineq  WP", "Final WP ", ["Primary Medical Care need", "Final PMC WP"]
        )  # fmt: skip
    points = [] if layout == "workbook" else ["Latitude", "Longitude"]
    header = [
        "Practice_Code", "GP_Practice_Name", "Practice_Postcode", *points, icb, f"{icb}name", *lad,
        "Patients", population, *weights, *later,
    ]  # fmt: skip
    rows = []
    for place, code in enumerate(PRACTICES, 1):
        weighted = [f"{100 * place + i}.25" for i in range(len(_WP) + len(later))]
        if place == 1:
            weighted[3] = maternity
        rows.append(
            [
                code, f"THE {place}", "ZZ1 1AA", *(["54.5", "-1.3"] if points else []), "QHM",
                "An ICB", "E06000004", "A district", "", f"{1000 * place}.5", *weighted,
            ]
        )  # fmt: skip
    return [header, *rows]


IN_YEAR_HEADER = [
    "practice_code", "indicator_code", "as_at", "register", "denominator", "numerator", "pcas",
    "source",
]  # fmt: skip


def in_year() -> list[list[Any]]:
    """Return counts in the year of one practice: three indicators at one date."""
    return [
        IN_YEAR_HEADER,
        ["A81001", "HYP010", "30/09/2026", 540, 500, 400, 40, "practice search"],
        ["A81001", "HYP011", "30/09/2026", 120, 110, 90, 10, "practice search"],
        ["A81001", "DM020", "30/09/2026", 300, 280, 0, 20, "practice search"],
    ]


def nhs_numbers(count: int, start: int = 400_000_000) -> list[str]:
    """Return ten-digit numbers that pass the check of an NHS number, worked out digit by digit."""
    found: list[str] = []
    nine = start
    while len(found) < count:
        digits = str(nine)
        check = 11 - sum(int(d) * w for d, w in zip(digits, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            found.append(digits + str(check % 11))
        nine += 7_919
    return found


def other_numbers(count: int) -> list[str]:
    """Return ten-digit numbers that fail the check of an NHS number."""
    return [n[:-1] + str((int(n[-1]) + 1) % 10) for n in nhs_numbers(count, 500_000_000)]
