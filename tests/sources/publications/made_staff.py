"""Small workforce files, made by the synthetic writers so that each test can spoil one."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from locality.sources.synthetic.files import staff as files

NAME = "1 General Practice – June 2026 Practice Level - Detailed.csv"
ON = date(2026, 6, 30)
NAN = float("nan")
CODES = ("A81001", "A81002", "Y07020")

#: Headcount and FTE of three practices, of which the last made no return for nurses.
STAFF: dict[str, tuple[Sequence[float], Sequence[float]]] = {
    "GP": ((5, 3, 1), (4.2, 2.4, 0.8)),
    "GP_EXTG": ((3, 3, 1), (2.2, 2.4, 0.8)),
    "GP_EXL": ((5, 2, 1), (4.2, 1.9, 0.8)),
    "GP_EXTGL": ((3, 2, 1), (2.2, 1.9, 0.8)),
    "GP_PTNR_PROV": ((3, 2, 1), (2.2, 1.9, 0.8)),
    "GP_TRN_GR_ST3": ((2, 0, 0), (2.0, 0, 0)),
    "GP_LOCUM_OTH": ((0, 1, 0), (0, 0.5, 0)),
    "NURSES": ((3, 1, NAN), (1.8, 0.6, NAN)),
    "N_PRAC_NURSE": ((2, 1, NAN), (1.2, 0.6, NAN)),
    "N_NURSE_SPEC": ((1, 0, NAN), (0.6, 0, NAN)),
    "DPC": ((2, 0, 1), (1.5, 0, 0.4)),
    "DPC_HCA": ((2, 0, 1), (1.5, 0, 0.4)),
    "ADMIN": ((6, 4, 2), (4.4, 2.9, 1.1)),
    "ADMIN_RECEPT": ((6, 4, 2), (4.4, 2.9, 1.1)),
}
PROVIDED = "Fully provided"
SOURCES = (
    (PROVIDED, "Includes FTE Estimates", PROVIDED),
    (PROVIDED, PROVIDED, "Fully estimated - no data provided"),
    (PROVIDED, PROVIDED, PROVIDED),
    (PROVIDED, PROVIDED, PROVIDED),
)
PATIENTS = (4000, 9000, 1200)


def identity(
    codes: Sequence[str] = CODES, name: str = "THE SURGERY, HIGH STREET"
) -> list[list[str]]:
    """Return the ten columns that say who each practice is."""
    words = ["U12345", "ONE PCN", "16C", "A sub-ICB", "QHM", "NHS An ICB", "Y63", "A region"]
    return [list(codes), [name] * len(codes), *([word] * len(codes) for word in words)]


def people(totals: Sequence[int] = PATIENTS) -> Any:
    """Return patients by sex and band that add up to ``totals``."""
    found = np.zeros((len(totals), 2, 7), dtype=np.int64)
    found[:, 0, 2] = np.array(totals) // 2
    found[:, 1, 3] = np.array(totals) - np.array(totals) // 2
    return found


def arrays(staff: Any = None) -> dict[str, tuple[Any, Any]]:
    """Return staff as the writers take it."""
    return {
        stem: (np.array(people, np.float64), np.array(fte, np.float64))
        for stem, (people, fte) in (staff or STAFF).items()
    }


def detailed(*, united: bool = False, on: date = ON) -> list[list[str]]:
    """Return the rows of a detailed file of three practices."""
    return rows(files.detailed(identity(), people(), arrays(), SOURCES, on, united=united))


def derived() -> list[list[str]]:
    """Return the rows of the derived table of the same practices, the second of them twice."""
    columns = identity()
    kept = [*columns[:4], *columns[6:], *([word] * 3 for word in ("ZZ1 1AA", "4.0", "20.5"))]
    kept += [["5.0"] * 3, ["3000.0"] * 3]
    return rows(files.derived(kept, people(), arrays(), twice=(1,)))


def posts(*, on: date = ON, fte: Sequence[str] = ("1", "0.5", "0.6", "0.2")) -> list[list[str]]:
    """Return the rows of a network file: two networks, four posts."""
    place = ["ONE PCN", "16C", "A sub-ICB", "QHM", "NHS An ICB", "Y63", "A region"]
    care = "Other Direct Patient Care staff"
    told = (
        ("U12345", care, "Pharmacists", "Pharmacist"),
        ("U12345", care, "Pharmacists", "Pharmacist"),
        ("U12345", "Other Admin/Non-clinical staff", "Managers", "Manager"),
        ("U99999", "Directors", "Clinical Director (Nurse)", "Clinical Director – Nurse"),
    )
    return rows(
        files.posts(
            ["NWRS Staff", str(on.year), str(on.month), code, *place, *rest, hours, str(1000 + n)]
            for n, ((code, *rest), hours) in enumerate(zip(told, fte, strict=True))
        )
    )


def rows(text: str) -> list[list[str]]:
    """Return CSV text as rows."""
    return list(csv.reader(io.StringIO(text)))


def changed(table: list[list[str]], column: str, *values: str) -> list[list[str]]:
    """Return rows with one column's cells replaced; the last value goes on to the end."""
    place = table[0].index(column)
    given = [*values, *[values[-1]] * len(table)]
    return [
        table[0],
        *([*row[:place], given[n], *row[place + 1 :]] for n, row in enumerate(table[1:])),
    ]
