"""Who works in practices and in primary care networks."""

from __future__ import annotations

from locality.figures.table import Column, Schema

PRACTICE_STAFF = Schema(
    "practice_staff",
    "Staff of practices by role",
    (
        Column("as_at", "date", "day of the census, the last of its month"),
        Column("practice_code", "text", "ODS code of the practice"),
        Column("staff_group", "text", "GP, nurse, direct patient care or admin"),
        Column(
            "role",
            "text",
            "role; one that begins with 'total' holds others. An absent role is zero where the "
            "group's total has a number",
        ),
        Column("fte", "number", "full-time equivalents, 37.5 hours a week", "FTE", required=False),
        Column("headcount", "number", "people; not for totals worked out here", required=False),
        Column(
            "estimated",
            "flag",
            "whether the publisher estimated hours of the group; empty where it does not say",
            required=False,
        ),
        Column("missing", "text", "why fte is empty: locality.figures.Missing", required=False),
    ),
    ("as_at", "practice_code", "staff_group", "role"),
)

WORKFORCE_PATIENTS = Schema(
    "workforce_patients",
    "Registered patients as the workforce publication gives them",
    (
        Column("as_at", "date", "day of the census, the last of its month"),
        Column("practice_code", "text", "ODS code of the practice"),
        Column("patients", "whole", "registered patients", "patients", required=False),
        Column("missing", "text", "why a count is empty: locality.figures.Missing", required=False),
    ),
    ("as_at", "practice_code"),
)

NETWORK_STAFF = Schema(
    "network_staff",
    "Staff of primary care networks by role",
    (
        Column("as_at", "date", "day of the census, the last of its month"),
        Column("pcn_code", "text", "ODS code of the network"),
        Column("staff_group", "text", "director, GP, nurse, direct patient care or admin"),
        Column("role", "text", "role; no row is a total"),
        Column("posts", "whole", "posts; one person may hold several", "posts"),
        Column("fte", "number", "full-time equivalents, 37.5 hours a week", "FTE"),
    ),
    ("as_at", "pcn_code", "staff_group", "role"),
)

TABLES: tuple[Schema, ...] = (PRACTICE_STAFF, WORKFORCE_PATIENTS, NETWORK_STAFF)
