"""A made-up paper with everything that one can hold; every name in it is invented."""

from datetime import date
from decimal import Decimal
from typing import Any

from locality.figures import (
    Factor,
    Line,
    Paper,
    RuleReference,
    Section,
    Statement,
    Step,
    Table,
    Working,
)
from locality.figures.schemas.judged import CONTROL_CHART
from tests.render.papers.nasty import WORKING, table

RULE = RuleReference("qof.x", "Pounds for a point", "rules/qof.toml", "SFE 2025-26, section 4")
OWN = RuleReference("local.x", "What was agreed here", "home/rules", "Letter", local=True)


def chart(months: int = 14, title: str = "Blood pressure controlled (%)") -> Table:
    """Return one series by month with its limits."""
    blank = dict.fromkeys(CONTROL_CHART.names)
    blank |= {"code": "A1", "kind": "practice", "rules": "", "direction": "", "sentence": ""}
    rows = [
        blank
        | {
            "period": f"{2024 + n // 12}-M{1 + n % 12:02}",
            "value": 40.0 + n % 5,
            "centre": 42.0,
            "lower": 35.0,
            "upper": 49.0,
            "phase": 0,
        }
        for n in range(months)
    ]
    return Table.of(CONTROL_CHART, rows, title=title, caption="By month", notes=("Its own past.",))


def statement(title: str = "What the points come to") -> Statement:
    """Return lines with and without factors, one of them below zero, one estimated."""
    points = Line.made_of(
        "High blood pressure",
        Decimal("11.37"),
        "points",
        [
            Factor("Pounds for a point", Decimal("225.49"), RULE),
            Factor("List-size factor", Decimal("1.043217"), RULE, "10,432 patients over 10,000"),
            Factor("Prevalence factor", Decimal("0.9312"), OWN),
        ],
        RULE,
        note="Up to July",
        estimate=True,
    )
    sum_ = Line("Global sum", Decimal(10432), "weighted patients", Decimal("121.9"), RULE)
    taken = Line("Taken back", Decimal(1), "year", Decimal("-1200.005"), OWN)
    return Statement.of(title, [points, sum_, taken], Working(steps=(Step("Money", "a + b"),)))


def practices(*rows: dict[str, Any], **words: Any) -> Table:
    """Return a table with every type of column."""
    row = {"code": "A1", "note": "Elm", "patients": 12345, "value": 12.5, "on": date(2026, 7, 1),
           "open": True, "flags": 2}  # fmt: skip
    words = {"title": "Practices", "caption": "All here", "notes": ("One note.",)} | words
    return table(row, *rows, **words)


def paper(*sections: Section, **changed: Any) -> Paper:
    """Return a paper of ``sections``, or of one of each kind."""
    usual = (
        Section("moved", "What moved", ("It rose.", "Why?"), ("One", "Two"), drawn=(chart(),)),
        Section("list", "Who is here", tables=(practices(), table(title="Nobody"))),
        Section("money", "Money", ("In pounds.",), statements=(statement(),)),
        Section("notes", "Your notes", ("Please write here.",), space=True),
    )
    fields: dict[str, Any] = {"standfirst": ("For the manager.",), "working": WORKING} | changed
    return Paper.of("Pack for Elm Surgery", "July 2026", sections or usual, **fields)
