"""Small files of QOF and the Investment and Impact Fund, made so that a test can spoil one."""

from __future__ import annotations

from typing import Any

Rows = list[list[Any]]

PRACTICES = ("A81001", "A81002", "Y07020")
YEARS = {
    "qof_overall": "QOF_2022-23.csv",
    "qof_indicators": "MAPPING_INDICATORS_2223.csv",
    "qof_geographies": "MAPPING_NHS_GEOGRAPHIES_2223.csv",
    "qof_points": "ORGANISATION_REFERENCE_2223.csv",
    "qof_achievement": "ACHIEVEMENT_NORTH_WEST_2223.csv",
    "iif": "IIF_indicators_annual_pub_2023_24.csv",
}


def overall() -> Rows:
    """Return overall achievement of three practices, as published for 2022-23."""
    header = [
        "Sub ICB Loc \nODS code", "Sub ICB Loc \nONS code", "Sub ICB Loc name", "PCN ODS code",
        "PCN name", "Practice code", "Practice name", "List size", "Achievement score (635 max)",
        "QOF points total / 635 available (%)",
        "Total points for indicators where register exists. (Max QOF points available)",
        "Points achieved/ max. QOF points available (%)",
    ]  # fmt: skip
    above = ["16C", "E38000247", "A sub-ICB", "U89141", "ONE PCN"]
    return [
        header,
        [*above, "A81001", "THE FIRST", 4117, 552.45, 87, 635, 87],
        [*above, "A81002", "SECOND, THE", 19006, 635, 100, 635, 100],
        [*above, "Y07020", "THE THIRD", 312, 127, 20, 330, 38.48],
    ]


def indicators() -> Rows:
    """Return three indicators, as listed since 2019-20."""
    return [
        ["INDICATOR_CODE", "INDICATOR_POINT_VALUE", "GROUP_CODE", "GROUP_DESCRIPTION",
         "DOMAIN_CODE", "DOMAIN_DESCRIPTION", "PATIENT_LIST_TYPE"],
        ["HYP001", 6, "HYP", "Hypertension", "CL", "Clinical", "TOTAL"],
        ["HYP003", 14, "HYP", "Hypertension", "CL", "Clinical", "79UN"],
        ["QIPDDMI004", 0, "QIPDD_MI", "Information", "QI", "Quality improvement", "18OV"],
    ]  # fmt: skip


def geographies() -> Rows:
    """Return three practices and whom they belonged to, as listed since 2022-23."""
    header = [
        "NAT_ONS_CODE", "NAT_CODE", "NAT_COUNTRY",
        *(f"{kind}_{what}" for kind in ("REGION", "ICB", "SUB_ICB")
          for what in ("ODS_CODE", "ONS_CODE", "NAME")),
        "PCN_ODS_CODE", "PCN_NAME", "PRACTICE_CODE", "PRACTICE_NAME",
    ]  # fmt: skip
    above = ["E92000001", "ENG", "England", "Y63", "E40", "A region", "QHM", "E54", "An ICB"]
    return [
        header,
        *(
            [*above, "16C", "E38", "A sub-ICB", pcn, name, code, f"THE {code}"]
            for code, pcn, name in zip(
                PRACTICES,
                ("U89141", "U07032", "U"),
                ("ONE PCN", "TWO PCN", "Unallocated"),
                strict=True,
            )
        ),
    ]


def points() -> Rows:
    """Return three practices and the most points each could have."""
    return [
        ["PRACTICE_CODE", "REVISED_MAX_POINTS"],
        *([code, most] for code, most in zip(PRACTICES, (635, 635, 330.5), strict=True)),
    ]


def achievement() -> Rows:
    """Return two practices, one indicator with all its counts, one register, one project."""
    rows: Rows = [["PRACTICE_CODE", "INDICATOR_CODE", "MEASURE", "VALUE"]]
    for code, num in (("A81001", 390), ("A81002", 0)):
        rows += [
            [code, "HYP008", "NUMERATOR", num],
            [code, "HYP008", "DENOMINATOR", 520],
            [code, "HYP008", "PCAS", 40],
            [code, "HYP008", "REGISTER", 660],
            [code, "HYP008", "ACHIEVED_POINTS", 9.75],
            [code, "HYP001", "REGISTER", 660],
            [code, "HYP001", "ACHIEVED_POINTS", 6],
            [code, "QI013", "ACHIEVED_POINTS", 27],
        ]
    return rows


def iif() -> Rows:
    """Return two practices and a network, four indicators."""
    header = [
        "ORGANISATION_TYPE", "ORGANISATION_CODE", "ORGANISATION_NAME", "QUALITY_SERVICE",
        "ACH_DATE", "IND_CODE", "MEASURE", "VALUE",
    ]  # fmt: skip

    def row(kind: str, code: str, indicator: str, measure: str, value: int) -> list[Any]:
        return [kind, code, f"THE {code}", "NCD2324", "31/03/2024", indicator, measure, value]

    rows = [
        row("PCN", "U00070", "NCDMI191", "ACC-10b baseline non-standardised numerator", 190),
        row("PCN", "U00070", "NCDMI191", "ACC-10b non-standardised numerator", 220),
        row("PCN", "U00070", "NCDMI210", "ACC-10 baseline denominator", 900),
        row("PCN", "U00070", "NCDMI210", "ACC-10 baseline numerator", 700),
        row("PCN", "U00070", "NCDMI210", "ACC-10 denominator", 800),
        row("PCN", "U00070", "NCDMI210", "ACC-10 standardised numerator", 850),
    ]
    for code, soon in (("A81001", 3001), ("A81002", 0)):
        rows += [
            row("GP practice", code, "NCD026", "ACC-08 Denominator", 3026 if soon else 0),
            row("GP practice", code, "NCD026", "ACC-08 Numerator", soon),
            row("GP practice", code, "NCDMI198", "EHCH-04 Numerator", 12),
        ]
    return [header, *rows]


ALL = {
    "qof_overall": overall,
    "qof_indicators": indicators,
    "qof_geographies": geographies,
    "qof_points": points,
    "qof_achievement": achievement,
    "iif": iif,
}


def spoil(rows: Rows, header: str, value: Any) -> Rows:
    """Return rows in which the column ``header`` holds one value throughout."""
    place = rows[0].index(header)
    return [rows[0], *([*row[:place], value, *row[place + 1 :]] for row in rows[1:])]
