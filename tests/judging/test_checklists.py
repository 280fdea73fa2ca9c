"""Answers, progress, raters and sides, the pulse, and what is worked out: on plain values."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality import knowledge
from locality.judging.checklists import (
    Answered,
    circle,
    faults,
    met,
    progress,
    reads,
    texts,
    typed,
)
from locality.judging.filled_in import Sitting, delegated_limits, hospital_waits, right_people
from locality.judging.raters import agreement, compared, pulse, since
from locality.knowledge.checklist import Item, Template

KNOWN = knowledge.load().checklists
SSM, SEVEN, PULSE = KNOWN["ssm_five_steps"], KNOWN["checkland_seven"], KNOWN["engagement_pulse"]


def item(template: str, id: str) -> Item:
    found = KNOWN[template].asked(id)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("template", "id", "value", "field", "says"),
    [
        ("obholzer", "task", "maybe", "value", "yes, partly, no"),
        ("obholzer", "task", True, "value", "yes, partly, no"),
        ("checkland_seven", "norm", 5, "value", "from 0 to 4"),
        ("checkland_seven", "norm", True, "value", "from 0 to 4"),
        ("checkland_seven", "norm", "3", "value", "from 0 to 4"),
        ("vsm_five", "policy", "  ", "value", "Write an answer"),
        ("vsm_five", "policy", "x" * 5001, "value", "5,000 characters"),
        ("ssm_five_steps", "C_victims", [], "value", "at least one of the stakeholders"),
        ("ssm_five_steps", "C_victims", ["x"] * 41, "value", "at most 40 lines"),
        ("ssm_five_steps", "T", {"before": "a"}, "value", "not whole"),
        ("ssm_five_steps", "T", {"before": "a", "after": ""}, "value-after", "After: write"),
        ("ssm_five_steps", "T", {"before": "a\nb", "after": "c"}, "value-before", "one line"),
        ("ssm_five_steps", "model", [], "value", "at least one row"),
        ("ssm_five_steps", "model", [{"activity": "a"}], "value", "not whole"),
        ("ssm_five_steps", "model", [{"activity": "", "after": [1]}], "value-0-activity", "Row 1"),
        ("ssm_five_steps", "model", [{"activity": "a", "after": [1]}], "value-0-after", "itself"),
        ("ssm_five_steps", "model", [{"activity": "a", "after": [4]}], "value-0-after", "no row 4"),
        ("ssm_five_steps", "model", [{"activity": "a", "after": ["b"]}], "value-0-after",
         "no row b"),
        ("ssm_five_steps", "model", [{"activity": "a", "after": []}] * 31, "value", "30 rows"),
        ("five_tests", "beds", {"alternative": "yes", "treatments": "no", "efficiency": "x"},
         "value-efficiency", "yes, no"),
    ],
)  # fmt: skip
def test_what_an_answer_must_look_like(
    template: str, id: str, value: Any, field: str, says: str
) -> None:
    found = faults(item(template, id), value)
    assert found and found[0][0] == field
    assert says.lower() in found[0][1].lower()


def test_a_circle_of_activities_is_named() -> None:
    rows = [{"activity": str(n), "after": after} for n, after in enumerate(([3], [1], [2], []), 1)]
    found = faults(item("ssm_five_steps", "model"), rows)
    assert found == [("value-0-after", "The rows go in a circle: 1 after 3 after 2 after 1. One "
                      "of them must come first.")]  # fmt: skip


@given(st.integers(2, 8), st.data())
def test_rows_that_only_follow_earlier_ones_never_go_in_a_circle(n: int, data: Any) -> None:
    after = [
        data.draw(st.lists(st.integers(1, row), max_size=3)) if row else [] for row in range(n)
    ]
    assert circle(after) == ()
    first = data.draw(st.integers(1, n))
    last = data.draw(st.integers(first, n))
    if last > first:
        after[last - 1] = [*after[last - 1], first]
        after[first - 1] = [*after[first - 1], last]
        found = circle(after)
        assert found
        for here, there in zip(found, (*found[1:], found[0]), strict=True):
            assert there in after[here - 1]


def test_references_are_looked_up_where_codes_are_known() -> None:
    asked = item("ssm_five_steps", "act")
    known = {"actions": {"A-2026-001"}}
    assert faults(asked, ["A-2026-001 Call people", "Something new"], known) == []
    assert "A-2026-009" in faults(asked, ["A-2026-009: call"], known)[0][1]
    assert faults(asked, ["A-2026-009: call"]) == []


def test_what_is_typed_comes_back_as_values() -> None:
    assert typed(item("checkland_seven", "norm"), {"value": " 3 "}) == 3
    assert typed(item("checkland_seven", "norm"), {"value": "three"}) == "three"
    assert typed(item("checkland_seven", "norm"), {"value": ""}) is None
    assert typed(item("ssm_five_steps", "C_victims"), {"value": "a\r\n\r\n b "}) == ["a", "b"]
    assert typed(item("ssm_five_steps", "T"), {}) is None
    assert typed(item("ssm_five_steps", "T"), {"value-after": "b"}) == {"before": "", "after": "b"}


def test_rows_left_empty_fall_out_and_numbers_follow() -> None:
    sent = {"value-0-activity": "Call", "value-1-activity": "", "value-3-activity": "See",
            "value-3-after": "1", "value-5-activity": "Ask", "value-5-after": "4, 2"}  # fmt: skip
    rows = typed(item("ssm_five_steps", "model"), sent)
    assert [row["activity"] for row in rows] == ["Call", "See", "Ask"]
    assert rows[1]["after"] == [1]
    assert rows[2]["after"] == [2, "2 (empty)"]
    assert "no row 2 (empty)" in faults(item("ssm_five_steps", "model"), rows)[0][1]


def test_an_answer_reads_as_people_say_it() -> None:
    assert reads(item("obholzer", "task"), "partly") == "Partly"
    assert reads(item("checkland_seven", "norm"), 4) == "4, wholly"
    assert reads(item("ifpmm", "teamwork"), 3) == "3"
    assert reads(item("vsm_five", "policy"), None) == ""
    assert reads(item("ssm_five_steps", "T"), {"before": "a", "after": "b"}) == (
        "Before: a\nAfter: b"
    )
    rows = [{"activity": "Call", "after": []}, {"activity": "See", "after": [1]}]
    assert reads(item("ssm_five_steps", "model"), rows) == (
        "1. Activity: Call\n2. Activity: See; Comes after rows: 1"
    )


def test_any_one_of_three_is_enough() -> None:
    beds = item("five_tests", "beds")
    none = dict.fromkeys(("alternative", "treatments", "efficiency"), "no")
    assert faults(beds, none) == [] and not met(beds, none)
    assert met(beds, none | {"treatments": "yes"})
    assert reads(beds, none).startswith("Too few of these are so (1 needed).")
    assert not met(beds, None)


def test_every_text_in_a_value_is_found() -> None:
    value = {"a": "one", "b": ["two", {"c": "three"}], "d": 4}
    assert list(texts(value)) == ["one", "two", "three"]


def test_progress_tells_answered_from_not_applicable_from_to_do() -> None:
    template = KNOWN["obholzer"]
    found = progress(
        template,
        {
            "task": Answered("task", "no"),
            "users": Answered("users", None, applies=False, words="We see none."),
            "public": Answered("public", None, applies=False),
            "psych": Answered("psych", None, evidence="Minutes"),
        },
    )
    assert [one.id for one in found.answered] == ["task"]
    assert [one.id for one in found.not_applicable] == ["users"]
    assert len(found.to_do) == 5 and not found.is_whole
    assert found.sentence == "1 of 7 answered, 1 does not apply, 5 still to do"


# Raters and sides ---------------------------------------------------------------------------


def said(template: Template, *values: Any) -> dict[str, Answered]:
    return {
        one.id: Answered(one.id, value)
        for one, value in zip(template.item, values, strict=False)
        if value is not None
    }


def test_sides_are_compared_the_biggest_gaps_first_and_signed() -> None:
    manager = [said(SEVEN, 4, 0, 2, 2, 2, None, 1)]
    partners = [said(SEVEN, 1, 4, 2, 1, 2, 3), said(SEVEN, 1, 4, 2, 3, 2, 3),
                said(SEVEN, 2, 4, 2, 2, 2, 3)]  # fmt: skip
    table = compared(SEVEN, manager, partners, ("Manager", "Partners"))
    gaps = [(row["item"], row["gap"]) for row in table.rows]
    assert gaps == [("authority", -4), ("norm", 3), ("time", 0), ("divide", 0), ("gps_manage", 0),
                    ("role", None), ("morale", None)]  # fmt: skip
    top = table.rows[0]
    assert top["sentence"] == "Partners higher by 4 steps."
    assert (top["first"], top["second"], top["second_n"]) == ("0, not at all", "4, wholly", 3)
    assert table.caption.startswith(
        "Manager and Partners differ most on “It is unclear how far the manager may go"
    )
    assert table.caption.endswith("They say the same on 3 of 5.")
    assert table.rows[-1]["sentence"] == "Partners: nobody answered this."


def test_the_middle_of_an_even_number_lies_between() -> None:
    table = compared(SEVEN, [said(SEVEN, 1), said(SEVEN, 2)], [said(SEVEN, 4)], ("A", "B"))
    assert table.rows[0]["gap"] == -2.5
    assert table.rows[0]["first"] == "between 1, a little and 2, in part"


def test_nothing_and_alike_are_said_too() -> None:
    assert compared(SEVEN, [], [], ("A", "B")).caption == (
        "There is nothing to compare in numbers."
    )
    same = [said(SEVEN, *range(5))]
    assert "say the same on all 5 items" in compared(SEVEN, same, same, ("A", "B")).caption
    away = [{"norm": Answered("norm", None, applies=False, words="No manager.")}]
    row = next(row for row in compared(SEVEN, away, same, ("A", "B")).rows if row["item"] == "norm")
    assert row["gap"] is None and row["first"] == "Does not apply: No manager."


def test_agreement_counts_items_and_gives_no_coefficient() -> None:
    table = agreement(SEVEN, said(SEVEN, 0, 1, 2, 3, 4), said(SEVEN, 0, 2, 4, 3))
    assert [(row["apart"], row["items"]) for row in table.rows] == [
        ("the same", 2), ("one step", 1), ("more", 1),
    ]  # fmt: skip
    assert table.caption.startswith("They gave the same answer on 2 of 4 items")


# The pulse ----------------------------------------------------------------------------------


def test_a_pulse_is_counted_by_year_and_never_below_three() -> None:
    people = [said(PULSE, "yes", "no"), said(PULSE, "no", "no"), said(PULSE, "yes")]
    table = pulse(PULSE, {2026: people, 2025: people[:2]})
    early = [row for row in table.rows if row["year"] == 2025]
    assert len(early) == len(PULSE.item)
    assert all(row["people"] is None and row["of"] is None for row in early)
    change = [row for row in table.rows if (row["year"], row["item"]) == (2026, "change")]
    assert [(row["answer"], row["people"], row["of"]) for row in change] == [
        ("No", 1, 3), ("Partly", 0, 3), ("Yes", 2, 3),
    ]  # fmt: skip
    assert change[2]["share"] == pytest.approx(200 / 3)
    heard = [row for row in table.rows if (row["year"], row["item"]) == (2026, "heard")]
    assert len(heard) == 1 and heard[0]["of"] is None, "two answers are not shown"
    assert table.caption.endswith("Answered “Yes”: 2026: 2 of 3.")


@given(st.lists(st.sampled_from(["yes", "partly", "no", None]), max_size=6))
def test_counts_are_whole_or_not_there(values: list[str | None]) -> None:
    table = pulse(PULSE, {2026: [said(PULSE, one) for one in values]})
    rows = [row for row in table.rows if row["item"] == "change"]
    answered = [one for one in values if one]
    if len(answered) < 3:
        assert [row["people"] for row in rows] == [None]
    else:
        assert sum(row["people"] for row in rows) == len(answered) == rows[0]["of"]


def test_what_changed_since_is_told_item_by_item() -> None:
    then = KNOWN["obholzer"]
    new = then.item[0].model_copy(update={"id": "fresh", "question": "Is it fresh?"})
    now = then.model_copy(update={"item": [new, *then.item[1:4]]})
    table = since(
        now, {"authority": Answered("authority", "yes"), "fresh": Answered("fresh", "no"),
              "participation": Answered("participation", "no")},
        then, {"authority": Answered("authority", "no"), "task": Answered("task", "yes"),
               "participation": Answered("participation", "no")},
    )  # fmt: skip
    assert {row["item"]: row["change"] for row in table.rows} == {
        "fresh": "new", "authority": "changed", "participation": "the same",
        "psych": "not answered yet", "task": "no longer asked", "worker_risk": "no longer asked",
        "users": "no longer asked", "public": "no longer asked",
    }  # fmt: skip
    assert table.caption == "1 of 8 answers changed."


# What is worked out -------------------------------------------------------------------------

GP = Sitting("Ann", "GP partner", "A81001", Decimal(5000), ("gp",))
NOUGHT = Sitting("Ben", "Manager", "A81002", Decimal(0), ("practice manager",))
UNSAID = Sitting("Cat", "Lay member", "H-1", None, ("lay",))
GUEST = Sitting("Dan", "Guest", "A81003", None, ("finance",), attending=True)


@pytest.mark.parametrize(
    ("seats", "value"),
    [([GP], "yes"), ([GP, NOUGHT], "partly"), ([NOUGHT, UNSAID], "no"), ([GP, GUEST], "yes"),
     ([], "no"), ([GUEST], "no")],
)  # fmt: skip
def test_authority_is_what_every_members_limit_says(seats: list[Sitting], value: str) -> None:
    assert delegated_limits(seats).value == value


def test_nothing_and_unsaid_are_told_apart() -> None:
    found = delegated_limits([GP, NOUGHT, UNSAID, GUEST])
    assert found.words.splitlines()[0] == "1 of 3 members may commit money here."
    assert "Ann, GP partner (A81001): up to £5,000" in found.words
    assert found.warnings == (
        "Ben attends with £0 of authority: nothing can be settled without going back.",
        "Cat: no limit is recorded for this post, so nobody knows how far it goes.",
    )
    assert found.told.count("\n") == 6


def test_membership_is_held_against_the_task() -> None:
    found = right_people([GP, UNSAID, GUEST], ["gp", "lay", "nurse"])
    assert (found.value, found.warnings) == ("partly", ("Nobody at the table brings: nurse.",))
    assert right_people([GP], ["gp"]).value == "yes"
    assert right_people([GP], ["nurse"]).value == "no"
    assert right_people([GP], []).value is None
    assert "not recorded" in right_people([GP], []).words


def test_waits_in_words_leave_out_what_is_not_there() -> None:
    row: dict[str, Any] = {"incomplete": 12034, "share_18": 60.14, "england_share_18": 61.0,
                           "median": None, "england_median": 13.1, "over_52": 210}  # fmt: skip
    found = hospital_waits("Hospital waits of Saltmarsh, July 2026", row)
    assert found.value is None
    assert found.words == (
        "Hospital waits of Saltmarsh, July 2026: 12,034 pathways were waiting; 60.1 % of them "
        "within 18 weeks (England 61.0 %); 210 more than 52 weeks."
    )
