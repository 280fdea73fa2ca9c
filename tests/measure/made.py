"""Definitions and rows made up for these tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from locality.figures import Cell, Table
from locality.figures.schemas import MEMBERS, OBSERVATIONS
from locality.knowledge import Measure

VIEWS = {
    "achievement": "100 * num / den",
    "reach": "100 * num / (den + exc)",
    "pca_rate": "100 * exc / (den + exc)",
}


def definition(**changes: Any) -> Measure:
    """Return a measure with three views; ``changes`` replace its keys."""
    content = {
        "id": "made.asthma_review",
        "kind": "published",
        "title": "Asthma: reviewed this year",
        "why": "People whose asthma is looked at every year are admitted to hospital less often.",
        "topic": "Respiratory",
        "unit": "%",
        "polarity": "none",
        "valid": {"from": date(2026, 4, 1)},
        "references": [{"text": "A made-up document", "address": "https://example.org/doc"}],
        "source": {
            "dataset": "qof_in_year",
            "where": "indicator_code == 'AST007'",
            "period": "day",
        },
        "measure": {
            "numerator": "numerator",
            "numerator_words": "people who were reviewed",
            "denominator": "denominator",
            "denominator_words": "people with asthma",
            "excepted": "pcas",
            "excepted_words": "people left out by a personalised care adjustment",
            "views": VIEWS,
        },
        "governance": {
            "authored_by": "lead analyst",
            "checked_by": "clinical lead",
            "next_review": date(2027, 4, 1),
            "status": "live",
            "change_log": [{"on": date(2026, 4, 1), "what": "written down", "by": "lead analyst"}],
        },
        "case": [
            {"words": "a few", "given": {"num": 3, "den": 4, "exc": 1}, "expect": {"reach": 60}},
            {"words": "everyone", "given": {"num": 4, "den": 4}, "expect": {"achievement": 100}},
            {"words": "nobody", "given": {"num": 0, "den": 0, "exc": 0},
             "expect": {"achievement": "nobody to count"}},
        ],
        "place": "measures/made/asthma_review.toml",
    } | changes  # fmt: skip
    return Measure.model_validate(content)


def row(
    code: str = "A00001",
    numerator: float | None = None,
    denominator: float | None = None,
    excepted: float | None = None,
    flags: Cell = Cell.OK,
    kind: str = "practice",
    period: str = "2026-06-30",
) -> dict[str, Any]:
    """Return one row of OBSERVATIONS."""
    return {
        "code": code,
        "kind": kind,
        "period": period,
        "numerator": numerator,
        "denominator": denominator,
        "excepted": excepted,
        "flags": int(flags),
    }


def observations(*rows: dict[str, Any]) -> Table:
    """Return rows as OBSERVATIONS."""
    return Table.of(OBSERVATIONS, list(rows))


def members(of: dict[tuple[str, str], list[str]]) -> Table:
    """Return MEMBERS from (kind, code) -> practices."""
    return Table.of(
        MEMBERS,
        [
            {"kind": kind, "code": code, "practice_code": practice}
            for (kind, code), practices in of.items()
            for practice in practices
        ],
    )
