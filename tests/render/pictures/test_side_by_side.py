"""Amounts beside the ICB's and England's: what is drawn is what the table and sentence say."""

from __future__ import annotations

from typing import Any

from locality.figures import Column, Schema, Table
from locality.render.pictures import Picture, side_by_side

AMOUNTS = Schema(
    "amounts",
    "Amounts",
    (
        Column("line", "text", "what"),
        Column("value", "number", "own", required=False),
        Column("icb", "number", "its ICB's", required=False),
        Column("england", "number", "England's", required=False),
        Column("missing", "text", "why there is none", required=False),
    ),
)


def picture(*rows: tuple[Any, ...], **words: Any) -> Picture:
    names = ("line", "value", "icb", "england", "missing")
    table = Table.of(AMOUNTS, [dict(zip(names, (*row, None)[:5], strict=True)) for row in rows])
    asked = {"label": "line", "title": "Received", "name": "Ash", "unit": "£ per patient"}
    return side_by_side(table, **{**asked, **words})


def test_three_marks_a_row_in_the_order_of_the_table() -> None:
    drawn = picture(("Core", 100.0, 90.0, 95.0), ("Premises", 5.0, 9.0, 9.5))
    points = drawn.spec["datasets"]["points"]
    assert [(p["k"], p["w"], p["x"]) for p in points] == [
        ("Core", "Ash", 100), ("Core", "Its ICB", 90), ("Core", "England", 95),
        ("Premises", "Ash", 5), ("Premises", "Its ICB", 9), ("Premises", "England", 9.5),
    ]  # fmt: skip
    assert drawn.sentence == (
        "In 1 of 2 rows Ash is above England; the largest is core, £100.00 against £95.00."
    )
    assert ">£100.00<" in drawn.svg(300)


def test_a_row_with_a_reason_is_a_gap_and_shows_no_number() -> None:
    drawn = picture(("Core", 777.0, None, 95.0, "no return"), ("Other", 1.0, None, 2.0))
    assert "777" not in drawn.json().decode() + drawn.sentence
    assert "1 row has no value (no return)" in drawn.sentence
    assert ">no value<" in drawn.svg(640)


def test_without_comparators_the_sentence_says_how_many_rows_have_a_value() -> None:
    drawn = picture(("Core", 3.0, None, None))
    assert drawn.sentence == "Received: 1 of 1 rows have a value for Ash."
    assert {p["w"] for p in drawn.spec["datasets"]["points"]} == {"Ash"}


def test_a_long_table_is_drawn_in_part_and_says_so() -> None:
    drawn = picture(*((f"Line {n}", float(n), None, 5.0) for n in range(30)), most=10)
    assert len({p["k"] for p in drawn.spec["datasets"]["points"]}) == 10
    assert "20 more are in the table" in drawn.sentence and len(drawn.table) == 30


def test_negative_amounts_are_drawn_left_of_zero() -> None:
    drawn = picture(("Deductions", -4.5, None, -3.0))
    assert drawn.spec["datasets"]["points"][0] == {
        "k": "Deductions", "w": "Ash", "x": -4.5, "t": "-£4.50"
    }  # fmt: skip
    assert "not above England" in drawn.sentence
