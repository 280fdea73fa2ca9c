"""Who is registered, and what they are likely to need."""

from __future__ import annotations

from locality.figures.table import Column, Schema

LIST_SIZES = Schema(
    "list_sizes",
    "Registered patients",
    (
        Column("as_at", "date", "date of the extract"),
        Column("practice_code", "text", "ODS code of the practice"),
        Column("sub_icb_code", "text", "sub-ICB location (or CCG) it belonged to", required=False),
        Column("patients", "whole", "registered patients", "patients", required=False),
        Column("missing", "text", "why a count is empty: locality.figures.Missing", required=False),
    ),
    ("as_at", "practice_code"),
)

AGE_SEX = Schema(
    "age_sex",
    "Registered patients by sex and five-year age band",
    (
        Column("as_at", "date", "date of the extract"),
        Column("practice_code", "text", "ODS code of the practice"),
        Column("sex", "text", "FEMALE or MALE (others as published)"),
        Column("age_from", "whole", "first year of age in the band; 95 is 95 and over", "years"),
        Column("patients", "whole", "registered patients; an absent row is zero", "patients"),
    ),
    ("as_at", "practice_code", "sex", "age_from"),
)

WEIGHTED_POPULATIONS = Schema(
    "weighted_populations",
    "Registered and need-weighted populations from NHS England's allocations",
    (
        Column("period", "text", "financial year of the allocation"),
        Column("practice_code", "text", "ODS code of the practice"),
        Column("component", "text", "registered, or a need component such as general_and_acute"),
        Column("population", "number", "people, weighted for need", "people", required=False),
        Column("icb_code", "text", "integrated care board in that file", required=False),
        Column("missing", "text", "why a count is empty: locality.figures.Missing", required=False),
    ),
    ("period", "practice_code", "component"),
)

TABLES = (LIST_SIZES, AGE_SEX, WEIGHTED_POPULATIONS)
