"""Small made-up tables and figures for drawing; every name in them is invented."""

from typing import Any

import numpy as np

from locality.figures import Column, Figure, Period, Schema, Table
from locality.figures.schemas import VALUES
from locality.statistics import wilson

AGES = Schema(
    "age_sex_against_england",
    "Age and sex",
    (
        Column("sex", "text", "sex"),
        Column("age_from", "whole", "first year of age"),
        Column("band", "text", "age band"),
        Column("patients", "whole", "patients"),
        Column("share", "number", "share", "%", required=False),
        Column("england_share", "number", "England's share", "%", required=False),
    ),
)
NEED = Schema(
    "need",
    "Need by component",
    (
        Column("component", "text", "component"),
        Column("index", "number", "index", required=False),
        Column("missing", "text", "why there is none", required=False),
    ),
)


def ages(**changed: Any) -> Table:
    """Return ages 0 to 9, each five-year band half as large as England's or twice."""
    rows = [
        {"sex": sex, "age_from": age, "band": f"{age} to {age + 4}", "patients": n,
         "share": n / 2, "england_share": e}
        for sex, age, n, e in (
            ("FEMALE", 0, 40, 30.0), ("FEMALE", 5, 60, 22.0), ("MALE", 0, 50, 26.0),
            ("MALE", 5, 50, 22.0),
        )
    ]  # fmt: skip
    rows[0].update(changed)
    return Table.of(AGES, rows)


def value(code: str, period: str = "2024-25", **fields: Any) -> dict[str, Any]:
    """Return one row of VALUES with what is given and nothing else."""
    row = dict.fromkeys(VALUES.names) | {"code": code, "kind": "practice", "period": period}
    return row | {"name": f"Practice {code}"} | fields


def values(*rows: dict[str, Any]) -> Table:
    """Return rows of VALUES as a table."""
    return Table.of(VALUES, rows)


def england(value: float | None = 15.2, **fields: Any) -> Figure:
    """Return England's figure of one register."""
    return Figure(
        "qof.register.hyp",
        "High blood pressure register",
        "ENG",
        Period.parse("2024-25"),
        "%",
        value=value,
        **fields,
    )


def practices(how_many: int, seed: int = 7) -> Table:
    """Return made-up practices whose names are no easier to pack than England's."""
    draw = np.random.default_rng(seed)
    lists = draw.lognormal(9, 0.6, how_many).astype(int) + 750
    registers = draw.binomial(lists, np.clip(draw.normal(0.15, 0.035, how_many), 0.01, 0.5))
    ends = wilson(registers, lists)
    letters = draw.integers(97, 123, (how_many, 8))
    # One letter and five digits, in order, as the published files have them.
    numbers = sorted(draw.choice(1_600_000, how_many, replace=False))
    return Table.of(
        VALUES,
        {
            "code": [f"{'ABCDEFGHJKLMNPWY'[n // 100_000]}{n % 100_000:05}" for n in numbers],
            "kind": ["practice"] * how_many,
            "name": [
                "".join(map(chr, word)).upper() + (" SURGERY", " MEDICAL CENTRE")[n % 2]
                for n, word in enumerate(letters)
            ],
            "period": ["2024-25"] * how_many,
            "value": 100 * registers / lists,
            "lower": 100 * ends.lower,
            "upper": 100 * ends.upper,
            "numerator": registers.astype(float),
            "denominator": lists.astype(float),
            "excepted": [None] * how_many,
            "missing": [None] * how_many,
        },
    )
