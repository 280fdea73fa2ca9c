"""Three columns of a wider table, and no number where a reason stands."""

from __future__ import annotations

from locality.figures import Column, Schema, Table
from locality.know import beside

WIDE = Schema(
    "wide",
    "Wide",
    (
        Column("what", "text", "what"),
        Column("rate", "number", "own", required=False),
        Column("all", "number", "England's", required=False),
        Column("missing", "text", "why", required=False),
    ),
)


def test_rows_are_taken_in_order_and_a_reason_hides_the_number() -> None:
    table = Table.of(
        WIDE,
        [
            {"what": "b", "rate": 2.0, "all": 3.0, "missing": None},
            {"what": "a", "rate": 9.0, "all": 1.0, "missing": "no return"},
            {"what": "c", "rate": 4.0, "all": 5.0, "missing": None},
        ],
        caption="As counted.",
    )
    found = beside(
        table, label=lambda row: row["what"].upper(), value="rate", england="all",
        where=lambda row: row["what"] != "c",
    )  # fmt: skip
    assert found.rows == [
        {"label": "B", "value": 2.0, "icb": None, "england": 3.0, "missing": None},
        {"label": "A", "value": None, "icb": None, "england": 1.0, "missing": "no return"},
    ]
    assert found.caption == "As counted."
