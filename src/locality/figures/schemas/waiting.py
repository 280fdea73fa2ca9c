"""Waiting for hospital care."""

from __future__ import annotations

from locality.figures.table import Column, Schema

#: Columns of pathways by whole weeks waited: ``w000`` up to one week ... ``w104`` over 104 weeks.
WEEKS: tuple[str, ...] = tuple(f"w{week:03d}" for week in range(105))

WAITING_ROWS = Schema(
    "waiting_rows",
    "Referral to treatment pathways, as published: provider, commissioner, specialty and part",
    (
        Column("period", "text", "month"),
        Column("provider_code", "text", "ODS code of the provider"),
        Column("provider_parent_code", "text", "ICB or region of the provider", required=False),
        Column("commissioner_code", "text", "ODS code of the commissioner; NONC is not English"),
        Column(
            "commissioner_parent_code",
            "text",
            "ICB of the commissioner; empty where NHS England commissions itself",
            required=False,
        ),
        Column(
            "part",
            "text",
            "incomplete, incomplete_dta, completed_admitted, completed_non_admitted or new_periods",
        ),
        Column("treatment_function", "text", "code, such as C_320; C_999 is the total"),
        *(
            Column(name, "whole", f"pathways of over {week} weeks, up to {week + 1}"
                   if week < 104 else "pathways of over 104 weeks", "pathways", required=False)
            for week, name in enumerate(WEEKS)
        ),
        Column("total", "whole", "pathways with a known start", "pathways", required=False),
        Column("unknown_start", "whole", "pathways with an unknown start", "pathways",
               required=False),
        Column("total_all", "whole", "all of them", "pathways", required=False),
    ),
    ("period", "provider_code", "commissioner_code", "part", "treatment_function"),
    row_level=True,
)  # fmt: skip

WAITING = Schema(
    "waiting",
    "Referral to treatment pathways by commissioner, specialty and weeks waited",
    (
        Column("period", "text", "month"),
        Column("code", "text", "sub-ICB, ICB as published, or ENG for England without NONC"),
        Column("kind", "text", "sub_icb, icb or england"),
        Column(
            "part",
            "text",
            "incomplete, incomplete_dta, completed_admitted, completed_non_admitted or new_periods",
        ),
        Column("treatment_function", "text", "code, such as C_320; C_999 is the total"),
        Column(
            "week",
            "whole",
            "whole weeks waited, 104 for over 104; -1 where no time is counted (new periods, or "
            "an unknown start)",
            "weeks",
        ),
        Column("pathways", "whole", "pathways; an absent row is zero", "pathways"),
    ),
    ("period", "code", "kind", "part", "treatment_function", "week"),
    counted_from="waiting_rows",
)

TREATMENT_FUNCTIONS = Schema(
    "treatment_functions",
    "Names of treatment functions, as the waiting times publication writes them",
    (
        Column("period", "text", "month"),
        Column("treatment_function", "text", "code, such as C_320; C_999 is the total"),
        Column("name", "text", "such as Cardiology Service"),
    ),
    ("period", "treatment_function"),
)

TABLES: tuple[Schema, ...] = (WAITING_ROWS, WAITING, TREATMENT_FUNCTIONS)
