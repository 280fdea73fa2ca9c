from __future__ import annotations

from typing import Any

import pytest

from locality.records.actions import Refusal, add_note, withdraw_note
from locality.records.inputs import inputs
from locality.records.models import Event, Note

NOTE: dict[str, Any] = {
    "organisation": "A81001",
    "text": "The list was cleaned in May.\n\nIt fell by 210.",
    "who": "local",
}


def test_a_note_is_kept_and_the_log_does_not_repeat_it() -> None:
    note = add_note(**NOTE, measure="qof.register.hyp")
    assert note.stands
    event = Event.objects.get()
    assert (event.what, event.subject, event.why) == ("note.added", note.code, "")
    assert event.detail == {"organisation": "A81001", "measure": "qof.register.hyp"}
    assert (note.by, note.at) == ("local", event.at)
    assert [row["text"] for row in inputs()["notes"]] == [NOTE["text"]]


def test_a_note_about_a_group_may_say_why() -> None:
    note = add_note(**{**NOTE, "organisation": "g-vale"}, why="The board asked for it.")
    assert note.organisation == "g-vale"
    assert Event.objects.get().why == "The board asked for it."


def test_a_withdrawn_note_stays_but_stands_no_more() -> None:
    code = add_note(**NOTE).code
    note = withdraw_note(code=code, who="local", why="It was another practice.")
    assert not note.stands
    assert (note.withdrawn_by, note.withdrawn_why) == ("local", "It was another practice.")
    assert inputs()["notes"] == []
    assert Note.objects.get().text == NOTE["text"]
    assert Event.objects.last().what == "note.withdrawn"
    assert [h.history_change_reason for h in note.history.order_by("history_id")] == [
        "",
        "It was another practice.",
    ]
    with pytest.raises(Refusal, match="withdrawn already"):
        withdraw_note(code=code, who="local", why="Again.")


@pytest.mark.parametrize(
    ("words", "field", "says"),
    [
        ({"text": " \n "}, "text", "Write the note."),
        ({"text": "x" * 5_001}, "text", "Shorten the note to 5,000 characters"),
        ({"text": "Mrs X, 943 476 5919, rang."}, "text", "could be an NHS number"),
        ({"why": "9434765919"}, "why", "could be an NHS number"),
        ({"organisation": ""}, "organisation", "by its code"),
        ({"organisation": "the surgery"}, "organisation", "by its code"),
        ({"organisation": "9434765919"}, "organisation", "could be an NHS number"),
        ({"measure": "blood pressure!"}, "measure", "not the name of a measure"),
        ({"measure": "9434765919"}, "measure", "could be an NHS number"),
        ({"who": ""}, "who", "Write who"),
    ],
)
def test_what_a_note_cannot_be(words: dict[str, Any], field: str, says: str) -> None:
    with pytest.raises(Refusal) as caught:
        add_note(**{**NOTE, **words})
    assert says in caught.value.by_field[field]
    assert not Note.objects.exists()
    assert not Event.objects.exists()


def test_a_note_is_withdrawn_with_a_reason_only() -> None:
    code = add_note(**NOTE).code
    with pytest.raises(Refusal) as caught:
        withdraw_note(code=code, who="local", why="")
    assert caught.value.field == "why"
    assert Note.objects.get().stands
    with pytest.raises(Refusal, match="no note with the code 'n-none'"):
        withdraw_note(code="n-none", who="local", why="Gone.")
