"""A small payments file of three practices, with columns of 2022-23, for tests to spoil."""

from __future__ import annotations

from typing import Any

from locality.sources import Document, Reading, read
from tests.sources import made

NAME = "nhspaymentsgp-22-23-prac-csv.csv"
HEADER = [
    "NHS England (Region) code", "PCN Code", "Practice Code", "Practice Name", "Practice Address",
    "Practice Open Date", "Practice Close Date", "Contract Type", "Dispensing Practice",
    "Practice type", "Practice Rurality", "Atypical characteristics",
    "Average Number of Registered Patients", "Average Number of Weighted Patients",
    "Average payments per registered patient", "Global Sum", "Total QOF Payments",
    "Minor Surgery", "Premises Payments", "Reimbursement of Drugs",
    "Total NHS Payments to General Practice",
    "Deductions for Pensions, Levies and Prescription Charge Income",
    "Total NHS Payments to General Practice Minus Deductions",
    "Total NHS Payments to General Practice including Covid and PCN payments", "PCN Workforce",
    "Covid Immunisation",
]  # fmt: skip
ROWS = [
    ["Y63", "U89141", "A81001", "THE FIRST, SURGERY", "1 A ROAD, B", "01/04/1974", "", "GMS", "No",
     "GP practice", "Urban", "", "4000.25", "4500.5", "30.02", "100000.1", "20000", "-50.05", "100",
     "7.5", "120057.55", "-1000.5", "119057.05", "120557.55", "300", "200"],
    ["Y63", "Unknown or no PCN", "A81002", "THE SECOND", "2 A ROAD", "01/04/1974", "30/04/2019",
     "Unknown", "Unknown", "GP practice", "Missing",
     "| Part year of data || No registered patients |", "0", "0", "0", "0", "0", "0", "12.34", "0",
     "12.34", "0", "12.34", "12.34", "0", "0"],
    ["Y63", "U07032", "Y07020", "THE THIRD", "3 A ROAD", "01/04/2022", "", "APMS", "Yes",
     "GP practice", "Rural", "| Large fluctuation in patients |", "1000", "900", "-1", "-500", "0",
     "0", "0", "0", "-500", "20", "-480", "-500", "0", "0"],
]  # fmt: skip


def table(header: list[str] | None = None, rows: list[list[Any]] | None = None) -> list[list[Any]]:
    """Return header and rows, copies to be spoiled."""
    return [list(header or HEADER), *[list(row) for row in (rows if rows is not None else ROWS)]]


def at(word: str) -> int:
    """Return the place of a column."""
    return HEADER.index(word)


def document(rows: list[list[Any]], name: str = NAME) -> Document:
    """Return the file as it would be given."""
    return made.document(rows, name)


def one(found: Document) -> Reading:
    """Return the one reading of a document."""
    (reading,) = read(found)
    return reading
