"""Checklists as pages read them: narrowed, told in words, beside what a body settled."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from locality import knowledge
from locality.figures import NotFound
from locality.records import checklist_tables
from locality.records.actions import (
    answer_item,
    complete_checklist,
    end_seat,
    start_checklist,
    withdraw_checklist,
)
from locality.records.actions.moving import began, move
from locality.records.actions.numbering import next_reference
from locality.records.actions.writing import change, event, keep
from locality.records.models import Action, Body, Checklist, CriteriaSet, Person, Scoring
from tests.records import made

BY: dict[str, Any] = {"who": "local"}
NEXT = timezone.localdate() + timedelta(days=365)


def begun(owner: Person, template: str = "obholzer", **words: Any) -> Checklist:
    return start_checklist(**{
        "template": knowledge.load().checklists[template], "about_kind": "organisation",
        "about": "A81001", "owner": owner.code, **BY, **words,
    })  # fmt: skip


def references(**asked: Any) -> list[str]:
    return [row["reference"] for row in checklist_tables.checklists(**asked).rows]


def test_the_list_is_narrowed_and_leaves_out_what_was_withdrawn() -> None:
    ann, ben = made.person("Ann"), made.person("Ben")
    board = made.body()
    made.seat(made.post(ben), board)
    first = begun(ann)
    second = begun(ann, "roberts_six", about_kind="body", about=board.code)
    third = begun(ann, "ostrom_eight")
    withdraw_checklist(reference=third.reference, why="A slip.", **BY)
    assert references() == [second.reference, first.reference]
    assert references(about="A81001") == [first.reference]
    assert references(body=board.code) == references(template="roberts_six") == [second.reference]
    assert references(person=ann.code) == [second.reference, first.reference]
    assert references(person=ben.code) == [second.reference], "through the seat"
    assert references(person=made.person("Cat").code) == []
    complete_checklist(reference=first.reference, review_on=NEXT, why="Enough.", **BY)
    assert references(open_only=True) == [second.reference]
    row = checklist_tables.checklists(body=board.code).rows[0]
    assert (row["about_name"], row["owner"]) == (board.name, "Ann")


def test_a_seat_that_ended_counts_no_more() -> None:
    ann, board = made.person("Ann"), made.body()
    seat = made.seat(made.post(ann, limit="250.50"), board)
    (sits,) = checklist_tables.sittings(board)
    assert (sits.name, str(sits.limit), sits.tags) == ("Ann", "250.50", ("gp",))
    end_seat(code=seat.code, to_day=timezone.localdate(), who="local", why="The term ended.")
    assert checklist_tables.sittings(board) == []


def test_a_list_is_read_in_few_queries() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ann = made.person("Ann")
    for n in range(6):
        held = begun(ann, about=f"A8100{n}")
        answer_item(reference=held.reference, item="task", value="yes", **BY)
    with CaptureQueriesContext(connection) as few:
        assert len(checklist_tables.checklists()) == 6
    assert len(few) <= 4, "a list costs the same however long it is"


def test_the_state_of_the_records_is_told() -> None:
    assert checklist_tables.state_of_records() == "records at event 0"
    made.person("Ann")
    assert checklist_tables.state_of_records() == "records at event 1"


def test_what_is_not_there_is_said() -> None:
    with pytest.raises(NotFound, match="There is no checklist 'K-1999-001'"):
        checklist_tables.checklist("K-1999-001")
    with pytest.raises(NotFound, match="no two sides"):
        checklist_tables.by_side(begun(made.person("Ann")))


def scored(board: Body | None, *states: str) -> Scoring:
    """Return a scoring of a body, gone through ``states``."""
    with change():
        because = event(who="local", what="x", why="x", kind="scoring", subject="S-x", detail={})
        criteria = CriteriaSet(reference=next_reference("C"), title="T", purpose="priority setting",
                               method="points", number=1)  # fmt: skip
        keep(criteria, because)
        one = Scoring(reference=next_reference("S"), title="T", purpose="priority setting",
                      body=board, criteria=criteria, margin=1, state="drafted")  # fmt: skip
        because = event(who="local", what="scoring.made", why="x", kind="scoring",
                        subject=one.reference, detail={})  # fmt: skip
        began(one, because)
        for state in states:
            if state == "revealed":
                one.revealed_at = timezone.now()
            if state == "withdrawn":
                one.withdrawn_why = "Not so."
            move(one, state, because)
    return one


def test_what_a_body_settled_stands_by_the_year_it_was_settled_in() -> None:
    board, other = made.body(), made.body("Another panel")
    scored(board, "open", "revealed", "agreed")
    scored(board, "open", "revealed", "agreed")
    scored(board, "open", "revealed")
    scored(board, "open", "revealed", "agreed", "withdrawn")
    scored(other, "open", "revealed", "agreed")
    year = timezone.localdate().year
    table = checklist_tables.settled(board, [year, year - 1])
    assert [(row["year"], row["scorings"]) for row in table.rows] == [(year - 1, 0), (year, 2)]


def test_actions_count_in_the_year_in_which_they_were_done() -> None:
    board, ann = made.body(), made.person("Ann")
    for state, day in (("done", date(2025, 12, 31)), ("done", date(2026, 1, 1)), ("open", None)):
        told = {"done_on": day, "done_by": "Ann", "evidence": "Minutes"} if day else {}
        with change():
            because = event(who="local", what="x", why="x", kind="action", subject="A", detail={})
            keep(
                Action(reference=next_reference("A"), what="Call", origin_kind="none", owner=ann,
                       accountable=ann, body=board, due_on=NEXT, first_due=NEXT, state=state,
                       **told),
                because,
            )  # fmt: skip
    rows = checklist_tables.settled(board, [2025, 2026]).rows
    assert [row["actions"] for row in rows] == [1, 1]
