from datetime import timedelta

import pytest
from django.utils import timezone

from locality.figures import NotFound
from locality.records import signal_tables as tables
from locality.records.actions import (
    Refusal,
    answer_request,
    request_change,
    say_effort,
    withdraw_effort,
)
from locality.records.models import Event, Request

NHS = "943 476 5919"


def asked(**changes) -> Request:
    return request_change(**{
        "measure": "qof.achievement.hyp008", "text": "Count home readings too.",
        "owner": "lead analyst", "organisation": "A81001", "who": "local", **changes,
    })  # fmt: skip


def test_a_request_waits_for_an_answer_that_all_can_read() -> None:
    made = asked()
    row = tables.request(made.code).rows[0]
    assert row["state"] == "received" and row["answer"] == ""
    assert row["due_on"] == timezone.localdate() + timedelta(days=28)
    answer_request(code=made.code, state="being considered", who="analyst")
    answer_request(code=made.code, state="accepted", answer="From April.", who="analyst")
    row = tables.requests("qof.achievement.hyp008").rows[0]
    assert (row["state"], row["answer"], row["answered_by"]) == (
        "accepted", "From April.", "analyst"
    )  # fmt: skip
    assert [one.what for one in Event.objects.filter(subject=made.code)] == [
        "request.made", "request.moved", "request.moved"
    ]  # fmt: skip
    assert Request.history.filter(code=made.code).count() == 3


def test_a_request_goes_forward_only() -> None:
    made = asked()
    answer_request(code=made.code, state="declined", answer="It would count twice.", who="a")
    for state in ("received", "being considered", "accepted"):
        with pytest.raises(Refusal, match="what may follow is nothing more"):
            answer_request(code=made.code, state=state, who="a",
                           answer="Yes." if state == "accepted" else "")  # fmt: skip
    with pytest.raises(Refusal, match="Write the answer"):
        answer_request(code=asked().code, state="answered", who="a")
    with pytest.raises(Refusal, match="Keep the answer"):
        answer_request(code=asked().code, state="being considered", answer="Hm.", who="a")
    with pytest.raises(Refusal, match="Choose what becomes"):
        answer_request(code=asked().code, state="lost", who="a")
    with pytest.raises(Refusal, match="no request"):
        answer_request(code="q-none", state="declined", answer="No.", who="a")


def test_those_that_wait_come_first() -> None:
    first, second = asked(), asked(text="Another wish.")
    answer_request(code=second.code, state="answered", answer="See the notes.", who="a")
    assert [row["code"] for row in tables.requests().rows] == [first.code, second.code]
    with pytest.raises(NotFound, match="no request"):
        tables.request("q-none")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("text", "", "Write what should change"),
        ("text", f"Mrs X {NHS}", "could be an NHS number"),
        ("measure", "?", "which measure"),
        ("owner", "", "who answers"),
        ("organisation", "no code", "by its code"),
    ],
)
def test_a_request_that_cannot_stand_is_refused_beside_its_field(field, value, words) -> None:
    with pytest.raises(Refusal, match=words) as refused:
        asked(**{field: value})
    assert refused.value.field == field


def said(**changes):
    return say_effort(**{
        "measure": "qof.achievement.hyp008", "minutes": "4.5", "reminders": "2",
        "crowds_out": "Home visits.", "who": "local", "why": "We timed ten.", **changes,
    })  # fmt: skip


def test_what_a_measure_costs_stands_until_somebody_says_anew() -> None:
    first = said()
    assert said().code == first.code
    second = said(minutes=6)
    rows = tables.efforts().rows
    assert [(row["code"], row["minutes"], row["reminders"]) for row in rows] == [
        (second.code, 6.0, 2)
    ]
    assert len(tables.efforts(ended=True)) == 2
    withdraw_effort(code=second.code, who="local", why="We timed the wrong thing.")
    assert len(tables.efforts()) == 0


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("minutes", "a few", "as a number"),
        ("minutes", "-1", "between 0 and 240"),
        ("minutes", "nan", "as a number"),
        ("reminders", "many", "whole number"),
        ("crowds_out", NHS, "could be an NHS number"),
        ("why", "", "Write why"),
    ],
)
def test_an_effort_that_cannot_stand_is_refused_beside_its_field(field, value, words) -> None:
    with pytest.raises(Refusal, match=words) as refused:
        said(**{field: value})
    assert refused.value.field == field
