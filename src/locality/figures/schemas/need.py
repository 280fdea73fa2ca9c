"""Deprivation and other indicators of need, and counts that a locality supplies itself."""

from __future__ import annotations

from locality.figures.table import Column, Schema

_MISSING = Column(
    "missing", "text", "why a number is not there: locality.figures.Missing", required=False
)

FINGERTIPS = Schema(
    "fingertips",
    "Indicators of Fingertips, for practices and networks",
    (
        Column("indicator_id", "whole", "number of the indicator in Fingertips"),
        Column("period", "text", "year, or the stretch of years that is counted together"),
        Column("code", "text", "ODS code of the practice or network"),
        Column("kind", "text", "practice or pcn"),
        Column("sex", "text", "Persons, Male or Female"),
        Column("age", "text", "ages counted, as published: All ages, 0-4 yrs"),
        Column("value", "number", "the value, in the indicator's own unit", required=False),
        Column("lower", "number", "lower end of the 95% interval", required=False),
        Column("upper", "number", "upper end of the 95% interval", required=False),
        Column("count", "number", "events or people counted", required=False),
        Column("denominator", "number", "people counted over", required=False),
        _MISSING,
    ),
    ("indicator_id", "period", "code", "sex", "age"),
)

DEPRIVATION = Schema(
    "deprivation",
    "Deprivation of the people on each practice list (Index of Multiple Deprivation)",
    (
        Column("period", "text", "which index: 2019 or 2025"),
        Column("practice_code", "text", "ODS code of the practice"),
        Column("score", "number", "score: higher is more deprived", required=False),
        _MISSING,
    ),
    ("period", "practice_code"),
)

LOCAL_AGGREGATES = Schema(
    "local_aggregates",
    "Counts for practices that a locality supplies itself",
    (
        Column("practice_code", "text", "ODS code of the practice"),
        Column("measure_id", "text", "what is counted: the id of a measure"),
        Column("period", "text", "year, quarter, month or day"),
        Column("numerator", "number", "what is counted", required=False),
        Column("denominator", "number", "what it is counted over", required=False),
        Column("source", "text", "where the counts come from"),
        _MISSING,
    ),
    ("practice_code", "measure_id", "period"),
)

TABLES = (FINGERTIPS, DEPRIVATION, LOCAL_AGGREGATES)
