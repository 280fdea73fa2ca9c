"""The tables that speak of staff: by role, through time, and those of a network."""

from __future__ import annotations

from locality.figures import Column, Schema

_NETWORK = (
    Column("staff_group", "text", "director, GP, nurse, direct patient care or admin"),
    Column("role", "text", "role; total holds the group's others"),
    Column("posts", "whole", "posts; one person may hold several", "posts"),
    Column("fte", "number", "full-time equivalents", "FTE"),
)

STAFF = Schema(
    "staff",
    "Staff by role, with full-time equivalents per 10,000 patients",
    (
        Column("as_at", "date", "day of the census"),
        Column("staff_group", "text", "GP, nurse, direct patient care or admin"),
        Column("role", "text", "role; one that begins with total holds others"),
        Column("fte", "number", "full-time equivalents", "FTE", required=False),
        Column("headcount", "number", "people", "people", required=False),
        Column("rate", "number", "per 10,000 registered", "FTE", required=False),
        Column("rate_weighted", "number", "per 10,000 need-weighted", "FTE", required=False),
        Column("icb_rate", "number", "the board's, per 10,000 registered", "FTE", required=False),
        Column("icb_rate_weighted", "number", "the board's, per 10,000 need-weighted", "FTE",
               required=False),
        Column("england_rate", "number", "England's, per 10,000 registered", "FTE",
               required=False),
        Column("england_rate_weighted", "number", "England's, per 10,000 need-weighted", "FTE",
               required=False),
        Column("practices", "whole", "its practices that made a return for the group"),
        Column("no_return", "whole", "its practices that made none"),
        Column("estimated", "whole", "of those that did, practices with hours estimated by the "
               "publisher; empty where it does not say", required=False),
        Column("missing", "text", "why there is no number", required=False),
    ),
    ("as_at", "staff_group", "role"),
)  # fmt: skip

STAFF_TREND = Schema(
    "staff_trend",
    "Staff groups through time, per 10,000 registered patients",
    (
        Column("as_at", "date", "day of the census"),
        Column("staff_group", "text", "GP, nurse, direct patient care or admin"),
        Column("role", "text", "a total: of the group, or of trainees and locums apart"),
        Column("fte", "number", "full-time equivalents", "FTE", required=False),
        Column("rate", "number", "per 10,000 registered", "FTE", required=False),
        Column("practices", "whole", "practices that made a return for the group"),
        Column("no_return", "whole", "practices that made none"),
        Column("missing", "text", "why there is no number", required=False),
    ),
    ("as_at", "staff_group", "role"),
)

STAFF_OF_NETWORK = Schema(
    "staff_of_network",
    "Staff of a primary care network by role",
    (Column("as_at", "date", "day of the census"), *_NETWORK),
    ("as_at", "staff_group", "role"),
)
