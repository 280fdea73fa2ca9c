"""What cannot be judged: no number, or a difference that chance alone could explain."""

from __future__ import annotations

from locality.figures import Cell
from locality.measure import figures, unjudged
from tests.measure.made import definition, row
from tests.measure.test_tables import several

CLEAR, CHANCE, EMPTY = (definition(id=f"made.{name}", title=f"Made {name}")
                        for name in ("clear", "chance", "empty"))  # fmt: skip
COUNTED = definition(
    id="made.complete",
    title="Made complete",
    measure={
        "numerator": "numerator", "numerator_words": "pounds that were paid",
        "denominator": "denominator", "denominator_words": "people with asthma",
        "interval": "none", "views": {"rate": "num / den"},
    },
    case=[
        {"words": "a few", "given": {"num": 3, "den": 4}, "expect": {"rate": 0.75}},
        {"words": "none", "given": {"num": 0, "den": 4}, "expect": {"rate": 0}},
        {"words": "nobody", "given": {"num": 0, "den": 0}, "expect": {"rate": "nobody to count"}},
    ],
)  # fmt: skip


def test_chance_and_no_number_are_told_apart_and_complete_counts_are_neither() -> None:
    england = {"kind": "england"}
    table = figures(
        {one.id: one for one in (CLEAR, CHANCE, EMPTY, COUNTED)},
        several(
            (CLEAR.id, row("A1", 90, 100, 0)), (CLEAR.id, row("ENG", 500, 1000, 0, **england)),
            (CHANCE.id, row("A1", 52, 100, 0)), (CHANCE.id, row("ENG", 500, 1000, 0, **england)),
            (EMPTY.id, row("A1", flags=Cell.NO_RETURN)),
            (EMPTY.id, row("ENG", 500, 1000, 0, **england)),
            (COUNTED.id, row("A1", 52, 100)), (COUNTED.id, row("ENG", 500, 1000, **england)),
        ),
        "A1",
    )  # fmt: skip
    assert {r["measure"]: (r["why"]) for r in unjudged(table).rows} == {
        "made.chance": "chance", "made.empty": "no number"
    }  # fmt: skip
    complete = {r["measure"]: r for r in table.rows}["made.complete"]
    assert complete["complete"] and complete["lower"] is None and complete["standing"] == ""
    assert "100" not in complete["sentence"] and complete["sentence"].startswith("It is 0.5")
