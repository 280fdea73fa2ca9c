"""National prices, trim points and costs."""

from __future__ import annotations

from locality.figures.table import Column, Schema

NATIONAL_PRICES = Schema(
    "national_prices",
    "National prices of healthcare resource groups (HRGs)",
    (
        Column("period", "text", "financial year"),
        Column("hrg_code", "text", "healthcare resource group, such as AA22C"),
        Column("setting", "text", "what the price is for: see locality.know.SETTINGS"),
        Column("price", "number", "the price, before any local adjustment", "£", required=False),
        Column("missing", "text", "why there is no price: locality.figures.Missing",
               required=False),
    ),
    ("period", "hrg_code", "setting"),
)  # fmt: skip

HRGS = Schema(
    "hrgs",
    "Names of healthcare resource groups (HRGs)",
    (
        Column("period", "text", "financial year"),
        Column("hrg_code", "text", "healthcare resource group, such as AA22C"),
        Column("name", "text", "its name in that year"),
    ),
    ("period", "hrg_code"),
)

TRIM_POINTS = Schema(
    "trim_points",
    "Days after which a long stay is paid by the day",
    (
        Column("period", "text", "financial year"),
        Column("hrg_code", "text", "healthcare resource group, such as AA22C"),
        Column("setting", "text", "elective or non_elective"),
        Column("days", "whole", "the trim point", "days", required=False),
        Column("missing", "text", "why there is none: locality.figures.Missing", required=False),
    ),
    ("period", "hrg_code", "setting"),
)

NATIONAL_COSTS = Schema(
    "national_costs",
    "What NHS providers say their activity costs, by department and currency",
    (
        Column("period", "text", "financial year"),
        Column("department", "text", "plain id of knowledge/costs/departments.csv"),
        Column("service_code", "text", "treatment function or service; empty where not split"),
        Column("currency_code", "text", "HRG or other currency"),
        Column("service_name", "text", "the service in words, or empty"),
        Column("name", "text", "the currency in words"),
        Column("activity", "number", "how much was done, in the department's own unit",
               required=False),
        Column("unit_cost", "number", "national average cost of one", "£", required=False),
        Column("total_cost", "number", "activity x unit cost", "£", required=False),
        Column("worked_out", "flag", "whether the total was multiplied here, not published"),
        Column("missing", "text", "why a cell is empty: locality.figures.Missing",
               required=False),
    ),
    ("period", "department", "service_code", "currency_code"),
)  # fmt: skip

TABLES: tuple[Schema, ...] = (NATIONAL_PRICES, HRGS, TRIM_POINTS, NATIONAL_COSTS)
