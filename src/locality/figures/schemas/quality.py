"""Quality and Outcomes Framework (registers, achievement, points), and the networks' fund."""

from __future__ import annotations

from locality.figures.table import Column, Schema

_YEAR = Column("period", "text", "financial year")
_PRACTICE = Column("practice_code", "text", "ODS code of the practice")
_INDICATOR = Column("indicator_code", "text", "QOF indicator, such as HYP010")
_MISSING = Column(
    "missing", "text", "why a count is empty: locality.figures.Missing", required=False
)


def _patients(name: str, meaning: str) -> Column:
    return Column(name, "whole", meaning, "patients", required=False)


def _points(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, "number", meaning, "points", required=required)


QOF_REGISTERS = Schema(
    "qof_registers",
    "QOF disease registers and the list each is counted against",
    (
        _YEAR,
        _PRACTICE,
        Column("group_code", "text", "disease group, such as HYP"),
        _patients("register", "patients on the register"),
        Column("list_type", "text", "which list: TOTAL, or ages such as 18OV"),
        _patients("list_size", "patients on that list"),
        _MISSING,
    ),
    ("period", "practice_code", "group_code"),
)

QOF_IN_YEAR = Schema(
    "qof_in_year",
    "QOF counts during the year, as a practice supplies them",
    (
        Column("as_at", "date", "date of the count"),
        _PRACTICE,
        _INDICATOR,
        _patients("register", "patients on the register"),
        _patients("denominator", "net of personalised care adjustments"),
        _patients("numerator", "patients who meet the indicator"),
        _patients("pcas", "personalised care adjustments"),
        Column("source", "text", "where the practice took the count from"),
        _MISSING,
    ),
    ("as_at", "practice_code", "indicator_code"),
)

QOF_OVERALL = Schema(
    "qof_overall",
    "QOF points of each practice over the whole year",
    (
        _YEAR,
        _PRACTICE,
        _patients("list_size", "registered patients"),
        _points("points", "points achieved"),
        _points("maximum_points", "points of the whole framework that year", required=True),
        _points("available_points", "points of the indicators that the practice has patients for"),
        _MISSING,
    ),
    ("period", "practice_code"),
)

QOF_INDICATORS = Schema(
    "qof_indicators",
    "QOF indicators of each year, as published",
    (
        _YEAR,
        _INDICATOR,
        Column("group_code", "text", "group, such as HYP"),
        Column("group_name", "text", "what the group is called", required=False),
        Column("domain", "text", "such as Clinical or Public Health"),
        Column("list_type", "text", "which list: TOTAL, or ages such as 18OV", required=False),
        _points("points", "points that the indicator is worth", required=True),
        Column("description", "text", "its wording, where the file gives it", required=False),
    ),
    ("period", "indicator_code"),
)

QOF_GEOGRAPHIES = Schema(
    "qof_geographies",
    "Whom each practice belonged to in a QOF year",
    (
        _YEAR,
        _PRACTICE,
        Column("practice_name", "text", "its name then", required=False),
        Column("pcn_code", "text", "primary care network, U where there is none", required=False),
        Column("pcn_name", "text", "its name then", required=False),
        Column("sub_icb_code", "text", "sub-ICB location (earlier, CCG)"),
        Column("sub_icb_name", "text", "its name then", required=False),
        Column("icb_code", "text", "ICB (earlier, STP)"),
        Column("icb_name", "text", "its name then", required=False),
        Column("region_code", "text", "region"),
        Column("region_name", "text", "its name then", required=False),
    ),
    ("period", "practice_code"),
)

QOF_POINTS = Schema(
    "qof_points",
    "The most points each practice could have had in a QOF year",
    (
        _YEAR,
        _PRACTICE,
        _points("maximum_points", "points open to the practice"),
        _MISSING,
    ),
    ("period", "practice_code"),
)

QOF_ACHIEVEMENT = Schema(
    "qof_achievement",
    "QOF counts and points by indicator at the end of the year, as published",
    (
        _YEAR,
        _PRACTICE,
        _INDICATOR,
        _patients("numerator", "patients who meet the indicator"),
        _patients("denominator", "net of personalised care adjustments"),
        _patients("pcas", "personalised care adjustments"),
        _patients("register", "patients on the register"),
        _patients("newly_diagnosed", "patients diagnosed in the year"),
        _points("points", "points achieved"),
        _MISSING,
    ),
    ("period", "practice_code", "indicator_code"),
)

IIF = Schema(
    "iif",
    "Investment and Impact Fund counts of practices and networks",
    (
        _YEAR,
        Column("organisation_code", "text", "ODS code of the practice or network"),
        Column("kind", "text", "practice or pcn: their codes look alike"),
        Column("indicator_code", "text", "code of the collection, such as NCD026"),
        Column("indicator", "text", "name of the indicator, such as ACC-08"),
        Column("numerator", "number", "count", required=False),
        Column("denominator", "number", "count", required=False),
        Column("baseline_numerator", "number", "count of the year before", required=False),
        Column("baseline_denominator", "number", "count of the year before", required=False),
        Column(
            "numerator_kind",
            "text",
            "standardised or non-standardised, where the file says so",
            required=False,
        ),
        _MISSING,
    ),
    ("period", "organisation_code", "indicator_code"),
)

TABLES = (
    QOF_REGISTERS,
    QOF_IN_YEAR,
    QOF_OVERALL,
    QOF_INDICATORS,
    QOF_GEOGRAPHIES,
    QOF_POINTS,
    QOF_ACHIEVEMENT,
    IIF,
)
