"""What practices were paid, line by line."""

from __future__ import annotations

from locality.figures.table import Column, Schema

PAYMENTS = Schema(
    "payments",
    "Payments to general practices by line",
    (
        Column("period", "text", "financial year"),
        Column("practice_code", "text", "ODS code of the practice"),
        Column(
            "line", "text", "kind of payment: locality.knowledge.payment_lines; none is a total"
        ),
        Column("line_group", "text", "group of the line, such as core, dispensing or premises"),
        Column(
            "list_status",
            "text",
            "'list' where the same file has registered patients for the practice, or 'no list'",
        ),
        Column(
            "amount",
            "number",
            "pounds and pence as published; below zero is taken back, or a deduction",
            "£",
            required=False,
        ),
        Column("missing", "text", "why it is empty: locality.figures.Missing", required=False),
    ),
    ("period", "practice_code", "line"),
)

PAYMENT_PRACTICES = Schema(
    "payment_practices",
    "Practices in the payments publication: patients, contract, and what is unusual",
    (
        Column("period", "text", "financial year"),
        Column("practice_code", "text", "ODS code of the practice"),
        Column(
            "registered",
            "number",
            "registered patients as this publication has them; zero is no list",
            "patients",
            required=False,
        ),
        Column(
            "weighted",
            "number",
            "patients weighted for payment, in the same publication",
            "patients",
            required=False,
        ),
        Column("patients_are", "text", "'last known figure' or 'average', as headed that year"),
        Column("contract_type", "text", "GMS, PMS or APMS; empty where unknown", required=False),
        Column("dispensing", "flag", "dispensing practice; empty where unknown", required=False),
        Column("practice_type", "text", "as published: GP practice, or a walk-in centre",
               required=False),
        Column("rurality", "text", "Urban or Rural; empty where missing", required=False),
        Column("open_date", "date", "day it opened", required=False),
        Column("close_date", "date", "day it closed, before, in or after the year", required=False),
        Column("atypical", "text", "what the publisher marks as unusual; empty for nothing",
               required=False),
        Column("pcn_code", "text", "primary care network in that file", required=False),
        Column("sub_icb_code", "text", "sub-ICB (or CCG) in that file", required=False),
        Column("missing", "text", "why patients are not there: locality.figures.Missing",
               required=False),
    ),
    ("period", "practice_code"),
)  # fmt: skip

TABLES: tuple[Schema, ...] = (PAYMENTS, PAYMENT_PRACTICES)
