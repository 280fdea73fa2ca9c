"""Feedback: frozen on the day, the practice's alone for some working days."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

import pytest
from django.db import connection

from locality.figures import NotFound, Problem
from locality.records import feedback_tables as tables
from locality.records import signal_tables
from locality.records.actions import (
    Refusal,
    give_account,
    send_feedback,
    set_setting,
    withdraw_feedback,
    withdraw_request,
)
from locality.records.models import Event, Feedback

NHS = "943 476 5919"
TODAY = date(2026, 12, 18)
PAPER = {"title": "Vale Surgery: your figures", "sections": [{"id": "a", "rows": [1, 2.5, None]}]}


def sent(**changes: Any) -> Feedback:
    return send_feedback(**{
        "organisation": "A81001", "name": "Vale Surgery", "data_version": "7-abc",
        "evidence": PAPER, "who": "local", "today": TODAY, **changes,
    })  # fmt: skip


def stage(made: Feedback, today: date) -> str:
    (row,) = tables.feedback(made.organisation).rows
    return tables.stage(row, signal_tables.accounts(made.organisation), today)


def test_a_practice_has_it_alone_for_ten_working_days() -> None:
    made = sent()
    (row,) = tables.feedback("A81001").rows
    # Christmas, a substitute day and New Year lie between.
    assert (row["sent_on"], row["reply_by"]) == (TODAY, date(2027, 1, 6))
    assert row["title"] == PAPER["title"] and row["name"] == "Vale Surgery"
    assert tables.feedback("A81002").rows == []
    event = Event.objects.get()
    assert event.what == "feedback.sent" and event.detail["reply_by"] == "2027-01-06"
    assert [stage(made, date(2027, 1, day)) for day in (5, 6, 7)] == [
        "with the practice alone", "with the practice alone", "may be shared"
    ]  # fmt: skip


def test_how_many_days_is_a_setting_and_may_be_said_each_time() -> None:
    set_setting(name="feedback.working_days", value="3", who="local", why="They asked for it.")
    assert sent().reply_by == date(2026, 12, 23)
    assert sent(data_version="8", days=1).reply_by == date(2026, 12, 21)


def test_an_account_of_it_frees_it_at_once_and_travels_with_it() -> None:
    made = sent()
    told = {"organisation": "A81001", "text": "We moved.", "owner": "lead", "who": "local"}
    give_account(**told)
    assert stage(made, TODAY) == "with the practice alone"
    account = give_account(**told, about=made.code)
    assert stage(made, TODAY) == "account given" == stage(made, date(2027, 6, 1))
    withdraw_request(code=account.code, who="local", why="Not so.")
    assert stage(made, TODAY) == "with the practice alone"
    assert [tables.shareable(one) for one in tables.STAGES] == [False, True, True]


def test_the_paper_is_frozen_and_its_hash_is_anyone_s_to_work_out() -> None:
    paper = json.loads(json.dumps(PAPER | {"é": ["1e16", 1e16, -0.0, 10**20, True, "\u0000\n"]}))
    made = sent(evidence=paper)
    kept = tables.evidence(made.code)
    assert kept == paper
    text = json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    (row,) = tables.feedback().rows
    assert hashlib.sha256(text.encode()).hexdigest() == row["evidence_hash"]
    paper["title"] = "Another"
    assert tables.evidence(made.code)["title"] == PAPER["title"]
    # The order in which a paper's keys come makes no difference.
    other = sent(organisation="A81002", evidence=dict(reversed(kept.items())))
    assert other.evidence_hash == row["evidence_hash"]
    with pytest.raises(NotFound, match="no feedback"):
        tables.evidence("f-none")


def test_a_paper_that_was_changed_in_the_database_is_not_shown() -> None:
    made = sent()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_feedback SET evidence = '{}'")
    with pytest.raises(Problem, match="not the one that was sent"):
        tables.evidence(made.code)


def test_one_paper_of_the_same_data_stands_at_a_time() -> None:
    first = sent()
    with pytest.raises(Refusal, match="Vale Surgery on 18/12/2026 already") as refused:
        sent()
    assert refused.value.field == "data_version"
    sent(organisation="A81002")
    sent(data_version="8")
    withdraw_feedback(code=first.code, who="local", why="The wrong figures.")
    second = sent()
    standing = {row["code"] for row in tables.feedback("A81001").rows}
    assert second.code in standing and first.code not in standing
    old = next(r for r in tables.feedback(ended=True).rows if r["code"] == first.code)
    assert (old["ended_by"], old["ended_why"]) == ("local", "The wrong figures.")
    assert tables.evidence(first.code) == PAPER
    with pytest.raises(Refusal, match="already"):
        withdraw_feedback(code=first.code, who="local", why="Again.")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("organisation", "no code", "by its code"),
        ("name", "", "Write the organisation's name"),
        ("data_version", "", "Write which data"),
        ("days", 0, "between 1 and 60 working days"),
        ("days", 61, "between 1 and 60 working days"),
        ("today", date(2028, 12, 20), "working days cannot be counted"),
        ("evidence", {}, "no paper"),
        ("evidence", {"a": float("nan")}, "no plain value"),
        ("evidence", {"a": date(2026, 1, 1)}, "no plain value"),
        ("evidence", {"a": "\ud800"}, "no plain value"),
        ("evidence", {"a": [{"b": f"Mrs X, {NHS}"}]}, "could be an NHS number"),
        ("evidence", {NHS: 1}, "could be an NHS number"),
        ("who", "", "who does this"),
    ],
)
def test_feedback_that_cannot_be_sent_is_refused_beside_its_field(
    field: str, value: Any, words: str
) -> None:
    with pytest.raises(Refusal, match=words) as refused:
        sent(**{field: value})
    assert refused.value.field == ("days" if field == "today" else field)
    assert not Event.objects.exists()


def test_the_fingerprint_of_a_file_is_no_patient() -> None:
    """Ten digits of a sha256 can pass the check of an NHS number; a paper cites many of them."""
    hex_ = "ab9434765919cd" + "0f" * 25
    assert len(hex_) == 64
    sent(evidence={"source": f"sha256:{hex_}"})
    with pytest.raises(Refusal, match="NHS number"):
        sent(evidence={"source": f"{hex_} and 9434765919"}, data_version="8")
