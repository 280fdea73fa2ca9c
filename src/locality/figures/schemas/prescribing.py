"""What was prescribed and dispensed."""

from __future__ import annotations

from locality.figures.table import Column, Schema

_AMOUNTS = (
    Column("items", "whole", "items on prescriptions that were dispensed", "items", required=False),
    Column("quantity", "number", "total quantity, in the presentation's own unit", required=False),
    Column("nic", "number", "net ingredient cost", "£", required=False),
    Column("actual_cost", "number", "actual cost", "£", required=False),
)

PRESCRIBING_ROWS = Schema(
    "prescribing_rows",
    "What each practice prescribed, by presentation, as published",
    (
        Column("period", "text", "month"),
        Column("practice_code", "text", "ODS code of the prescriber: practices and others"),
        Column("bnf_code", "text", "BNF code of the presentation, 15 signs"),
        *_AMOUNTS,
    ),
    row_level=True,
)

PRESCRIBING = Schema(
    "prescribing",
    "What each practice prescribed, by chemical substance",
    (
        Column("period", "text", "month"),
        Column("practice_code", "text", "ODS code of the prescriber: practices and others"),
        Column("chemical", "text", "the first nine signs of the BNF code"),
        Column("paragraph", "text", "the first six signs, such as 050101"),
        Column("section", "text", "the first four signs, such as 0501"),
        *_AMOUNTS,
    ),
    ("period", "practice_code", "chemical"),
    counted_from="prescribing_rows",
)

TABLES: tuple[Schema, ...] = (PRESCRIBING_ROWS, PRESCRIBING)
