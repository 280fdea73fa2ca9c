"""Quality and Outcomes Framework: registers, achievement, points."""

from __future__ import annotations

from locality.figures.table import Column, Schema

QOF_REGISTERS = Schema(
    "qof_registers",
    "QOF disease registers and the list each is counted against",
    (
        Column("period", "text", "financial year"),
        Column("practice_code", "text", "ODS code of the practice"),
        Column("group_code", "text", "disease group, such as HYP"),
        Column("register", "whole", "patients on the register", "patients", required=False),
        Column("list_type", "text", "which list: TOTAL, or ages such as 18OV"),
        Column("list_size", "whole", "patients on that list", "patients", required=False),
        Column("missing", "text", "why a count is empty: locality.figures.Missing", required=False),
    ),
    ("period", "practice_code", "group_code"),
)

QOF_IN_YEAR = Schema(
    "qof_in_year",
    "QOF counts during the year, as a practice supplies them",
    (
        Column("as_at", "date", "date of the count"),
        Column("practice_code", "text", "ODS code of the practice"),
        Column("indicator_code", "text", "QOF indicator, such as HYP010"),
        Column("register", "whole", "patients on the register", "patients", required=False),
        Column(
            "denominator",
            "whole",
            "net of personalised care adjustments",
            "patients",
            required=False,
        ),
        Column("numerator", "whole", "patients who meet the indicator", "patients", required=False),
        Column("pcas", "whole", "personalised care adjustments", "patients", required=False),
        Column("source", "text", "where the practice took the count from"),
        Column("missing", "text", "why a count is empty: locality.figures.Missing", required=False),
    ),
    ("as_at", "practice_code", "indicator_code"),
)

TABLES = (QOF_REGISTERS, QOF_IN_YEAR)
