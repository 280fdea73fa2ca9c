"""Measures made up for tests of compilation, with every turn that a definition can take."""

from __future__ import annotations

from datetime import date
from typing import Any

from locality.knowledge.measure import Measure

_WORDS = {
    "numerator_words": "people who are counted",
    "denominator_words": "people who could be counted",
    "views": {"share": "100 * num / den"},
}
_REST = {
    "why": "A made-up measure, here to be compiled and counted in every engine.",
    "topic": "tests",
    "unit": "%",
    "polarity": "none",
    "valid": {"from": date(2020, 4, 1)},
    "references": [{"text": "no document at all"}],
    "governance": {
        "authored_by": "lead analyst",
        "checked_by": "clinical lead",
        "next_review": date(2027, 2, 1),
        "status": "live",
        "change_log": [{"on": date(2026, 1, 1), "what": "written for tests", "by": "lead analyst"}],
    },
    "case": [
        {
            "words": "nobody at all",
            "given": {"num": 0, "den": 0},
            "expect": {"share": "nobody to count"},
        }
    ]
    * 3,
}


def measure(id_: str, numerator: str, denominator: str, **more: Any) -> Measure:
    """Return a measure; ``source`` makes it published, ``input`` derived."""
    counts = _WORDS | {"numerator": numerator, "denominator": denominator}
    if excepted := more.pop("excepted", ""):
        counts |= {"excepted": excepted, "excepted_words": "people set apart"}
    return Measure.model_validate(
        _REST
        | more
        | {
            "id": id_,
            "kind": "published" if "source" in more else "derived",
            "title": f"Made-up measure {id_}",
            "measure": counts,
        }
    )


REGISTER = measure(
    "made.register",
    "register",
    "list_size",
    source={
        "dataset": "qof_registers",
        "where": "group_code == 'HYP' and not list_type == '18OV'",
        "period": "financial_year",
    },
)
IN_YEAR = measure(
    "made.in_year",
    "numerator",
    "denominator",
    excepted="pcas",
    source={
        "dataset": "qof_in_year",
        "where": "indicator_code in list('blood_pressure')",
        "period": "month",
    },
    lists={
        "blood_pressure": {
            "codes": ["HYP010"],
            "licence": "none needed",
            "reference": {"text": "made up for a test"},
        }
    },
)
NEED = measure(
    "made.need",
    "population",
    "1",
    source={
        "dataset": "weighted_populations",
        "where": "component == 'overall' and present(population)",
        "period": "financial_year",
    },
)
OLDER = measure(
    "made.older",
    "sum(older)",
    "sum(everyone) / 1000",
    input=[
        {
            "name": "older",
            "column": "patients",
            "absent": "zero",
            "dataset": "age_sex",
            "where": "age_from >= 65",
            "period": "financial_year",
        },
        {
            "name": "everyone",
            "column": "patients",
            "absent": "no return",
            "dataset": "list_sizes",
            "period": "financial_year",
        },
    ],
)
ON_THE_DAY = measure(
    "made.on_the_day",
    "sum(women) + 0 * count(women)",
    "sum(everyone)",
    input=[
        {
            "name": "women",
            "column": "patients",
            "absent": "zero",
            "dataset": "age_sex",
            "where": "sex == 'FEMALE'",
            "period": "day",
        },
        {
            "name": "everyone",
            "column": "patients",
            "absent": "no return",
            "dataset": "age_sex",
            "period": "day",
        },
    ],
)
MEASURES = {one.id: one for one in (REGISTER, IN_YEAR, NEED, OLDER, ON_THE_DAY)}
