"""The tables that speak of hospital waits."""

from __future__ import annotations

from locality.figures import Column, Schema

_COUNTED = (
    Column("incomplete", "whole", "pathways still waiting at the month's end", "pathways",
           required=False),
    Column("within_18", "whole", "of them, waiting 18 weeks or less", "pathways", required=False),
    Column("share_18", "number", "share of them within 18 weeks", "%", required=False),
    Column("over_52", "whole", "waiting more than 52 weeks", "pathways", required=False),
    Column("over_65", "whole", "waiting more than 65 weeks", "pathways", required=False),
    Column("over_78", "whole", "waiting more than 78 weeks", "pathways", required=False),
    Column("median", "number", "half have waited less", "weeks", required=False),
    Column("weeks_92", "number", "92 in 100 have waited less", "weeks", required=False),
    Column("new_periods", "whole", "referrals that started a clock in the month", "pathways",
           required=False),
    Column("completed_admitted", "whole", "treated as an inpatient or day case", "pathways",
           required=False),
    Column("completed_non_admitted", "whole", "ended otherwise, as in outpatients", "pathways",
           required=False),
)  # fmt: skip

WAITS = Schema(
    "waits",
    "Hospital waits by specialty, beside England's",
    (
        Column("period", "text", "month"),
        Column("code", "text", "whose patients: sub-ICB, ICB or ENG"),
        Column("treatment_function", "text", "code of the specialty; C_999 is all"),
        Column("name", "text", "the specialty"),
        *_COUNTED,
        Column("england_share_18", "number", "England's share within 18 weeks", "%",
               required=False),
        Column("england_median", "number", "England's median", "weeks", required=False),
        Column("england_weeks_92", "number", "England's 92nd percentile", "weeks", required=False),
        Column("missing", "text", "why there is no median", required=False),
    ),
    ("period", "code", "treatment_function"),
)  # fmt: skip

WAITS_OVER = Schema(
    "waits_over",
    "Hospital waits of one specialty by organisation, in order of name",
    (
        Column("period", "text", "month"),
        Column("code", "text", "organisation"),
        Column("kind", "text", "sub_icb, icb or england"),
        Column("name", "text", "its name"),
        Column("treatment_function", "text", "code of the specialty; C_999 is all"),
        *_COUNTED,
    ),
    ("period", "code", "kind"),
)

WAITS_TREND = Schema(
    "waits_trend",
    "Hospital waits of one specialty by month",
    (
        Column("period", "text", "month"),
        Column("code", "text", "organisation"),
        Column("treatment_function", "text", "code of the specialty; C_999 is all"),
        *_COUNTED,
    ),
    ("period", "code"),
)
