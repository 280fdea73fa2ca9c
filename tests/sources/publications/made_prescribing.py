"""Small months of prescribing in the publisher's layouts, written here to be spoilt."""

from __future__ import annotations

from typing import Any

from locality.sources import Document, Reading, read
from tests.sources import made

Rows = list[list[Any]]

_ADDRESS = ["ADDRESS_1", "ADDRESS_2", "ADDRESS_3", "ADDRESS_4", "POSTCODE"]
OLD = [
    "YEAR_MONTH", "REGIONAL_OFFICE_NAME", "REGIONAL_OFFICE_CODE", "AREA_TEAM_NAME",
    "AREA_TEAM_CODE", "PCO_NAME", "PCO_CODE", "PRACTICE_NAME", "PRACTICE_CODE", *_ADDRESS,
    "BNF_CHEMICAL_SUBSTANCE", "CHEMICAL_SUBSTANCE_BNF_DESCR", "BNF_CODE", "BNF_DESCRIPTION",
    "BNF_CHAPTER_PLUS_CODE", "QUANTITY", "ITEMS", "TOTAL_QUANTITY", "ADQUSAGE", "NIC",
    "ACTUAL_COST", "UNIDENTIFIED",
]  # fmt: skip
_RENAMED = {
    "AREA_TEAM_NAME": "ICB_NAME",
    "AREA_TEAM_CODE": "ICB_CODE",
    "BNF_CHEMICAL_SUBSTANCE": "BNF_CHEMICAL_SUBSTANCE_CODE",
    "CHEMICAL_SUBSTANCE_BNF_DESCR": "BNF_CHEMICAL_SUBSTANCE",
    "BNF_CODE": "BNF_PRESENTATION_CODE",
    "BNF_DESCRIPTION": "BNF_PRESENTATION_NAME",
    "ADQUSAGE": "ADQ_USAGE",
}
#: Boards have ICB columns for some years before presentations are renamed.
BETWEEN = [{"AREA_TEAM_NAME": "ICB_NAME", "AREA_TEAM_CODE": "ICB_CODE"}.get(n, n) for n in OLD]
NEW = [*(_RENAMED.get(name, name) for name in OLD), "SNOMED_CODE"]

AMOXICILLIN, OMEPRAZOLE, HOSIERY = "0501013B0AAABAB", "0103050P0AAAAAA", "21070410110"


def row(
    code: str = "A81001", bnf: str = AMOXICILLIN, items: Any = 3, total: Any = 63.0,
    nic: Any = 3.78, cost: Any = 3.51234, *, month: str = "2017_09", unidentified: str = "N",
    snomed: bool = False,
) -> list[Any]:  # fmt: skip
    """Return one row; ``snomed`` for the layout that ends with a code."""
    cells = [
        month, "A REGION", "Y63", "AN AREA, WITH A COMMA", "QHM", "A SUB-ICB", "16C00",
        f"THE {code} SURGERY", code, "", "", "", "", "", bnf[:9], "A chemical", bnf,
        'A presentation, 6" wide', "05: Infections", 21.0, items, total, 0.0, nic, cost,
        unidentified,
    ]  # fmt: skip
    return [*cells, "323509004"] if snomed else cells


def month(rows: Rows | None = None, header: list[str] | None = None) -> Rows:
    """Return a file of ``rows`` (else three) under ``header`` (else that of 2017)."""
    below = [row(), row("A81002", OMEPRAZOLE), row("A81002", HOSIERY)] if rows is None else rows
    return [list(header or OLD), *below]


def one(given: Rows | Document, **more: Any) -> Reading:
    """Return the one reading of rows or of a document."""
    document = given if isinstance(given, Document) else made.document(given)
    (reading,) = read(document, **more)
    return reading


def changed(column: str, value: Any, which: int = 1) -> Rows:
    """Return the small month with one cell changed."""
    rows = month()
    rows[which][OLD.index(column)] = value
    return rows
