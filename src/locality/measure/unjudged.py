"""What cannot be judged of an organisation, and why: no number, or no more than chance."""

from __future__ import annotations

from locality.figures import Column, Missing, Schema, Table
from locality.measure.compare import Standing

UNJUDGED = Schema(
    "unjudged",
    "Measures on which nothing can be concluded, and why",
    (
        Column("measure", "text", "id in knowledge/measures"),
        Column("title", "text", "what it is called"),
        Column("topic", "text", "what it is about"),
        Column("period", "text", "period code"),
        Column("why", "text", "no number, or chance"),
        Column("sentence", "text", "the same in words"),
    ),
    ("measure",),
)
NO_NUMBER, CHANCE = "no number", "chance"


def unjudged(figures: Table) -> Table:
    """Return the rows of ``figures`` (FIGURES) that allow no conclusion, with why (UNJUDGED).

    Either there is no number, or the interval of the difference from England holds zero, so that
    chance alone could explain it. Complete counts are not among them: chance has no part in one.
    """
    rows = []
    for row in figures.rows:
        if row["missing"]:
            why, said = NO_NUMBER, Missing(row["missing"]).sentence
        elif row["standing"] == Standing.UNCLEAR:
            why, said = CHANCE, row["sentence"]
        else:
            continue
        kept = {name: row[name] for name in ("measure", "title", "topic", "period")}
        rows.append({**kept, "why": why, "sentence": said})
    return Table.of(UNJUDGED, rows, title=UNJUDGED.title)
