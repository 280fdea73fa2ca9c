"""What the database itself refuses, whoever asks: no model, no action stands in between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from locality.records.locking import LOCKED
from locality.records.triggers import APPEND_ONLY
from tests.records.conftest import Records, copy_of
from tests.records.everything import write_everything

NOW = "2026-11-22 12:00:00+00:00"


def sql(statement: str, values: Sequence[Any] = ()) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, list(values))


def insert(table: str, row: dict[str, Any]) -> None:
    names, marks = ", ".join(f'"{name}"' for name in row), ", ".join(["%s"] * len(row))
    sql(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values()))


def rows(table: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
        return list(cursor.fetchall())


@pytest.fixture(scope="module")
def written(empty: Records, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Records]:
    """One of everything: group 1, setting 1, note 1, what is said of signals, people..."""
    with copy_of(empty, tmp_path_factory.mktemp("written") / "home") as records:
        write_everything(records.folder)
        connection.close()
        yield records


@pytest.fixture(autouse=True)
def home(written: Records, tmp_path: Path) -> Iterator[Path]:
    with copy_of(written, tmp_path / "home") as records:
        yield records.folder


EVENT = {
    "at": NOW,
    "who": "local",
    "what": "group.closed",
    "why": "Done.",
    "subject_kind": "group",
    "subject": "g-vale",
    "detail": "{}",
}
GROUP = {"code": "g-x", "kind": "other", "name": "X", "opened_on": "2026-01-01", "event_id": 1}
MEMBERSHIP = {
    "group_id": 1,
    "practice_code": "A81002",
    "joined_on": "2026-01-01",
    "joined_by_id": 1,
}
SETTING = {"name": "x", "organisation": "", "period": "", "value": "1", "event_id": 1}
NOTE = {
    "code": "n-x",
    "organisation": "A81001",
    "measure": "",
    "text": "Words.",
    "by": "local",
    "at": NOW,
    "withdrawn_by": "",
    "withdrawn_why": "",
    "event_id": 1,
}
ENDING = {"by": "local", "at": NOW, "ended_by": "", "ended_why": "", "event_id": 1}
MARK = {
    "code": "m-x",
    "organisation": "A81002",
    "measure": "qof.register.hyp",
    "state": "warranted",
    "reason": "A care home.",
    "review_on": "2027-01-01",
    **ENDING,
}
REBASE = {
    "code": "r-x",
    "organisation": "A81002",
    "measure": "qof.register.hyp",
    "period": "2026-M01",
    "reason": "A new clinic.",
    "proposed": False,
    **ENDING,
}
EFFORT = {
    "code": "e-x",
    "measure": "qof.register.dm",
    "minutes": 4,
    "reminders": 0,
    "crowds_out": "",
    **ENDING,
}
REQUEST = {
    "code": "q-x",
    "kind": "change",
    "about": "",
    "measure": "qof.register.hyp",
    "organisation": "",
    "text": "Count less.",
    "owner": "analyst",
    "by": "local",
    "at": NOW,
    "due_on": "2026-12-20",
    "state": "received",
    "answer": "",
    "answered_by": "",
    "event_id": 1,
}


FEEDBACK = {
    "code": "f-x",
    "organisation": "A81002",
    "name": "Vale",
    "title": "Feedback",
    "data_version": "1",
    "sent_on": "2026-11-22",
    "reply_by": "2026-12-04",
    "evidence": "{}",
    "evidence_hash": "0" * 64,
    **ENDING,
}
ENTERED = {
    "code": "v-x",
    "rule": "qof.point_value",
    "title": "Value of one point",
    "unit": "pounds",
    "from_day": "2027-04-01",
    "to_day": "2028-03-31",
    "value": "230.10",
    "reference": "The directions.",
    "address": "",
    "signed_off": False,
    **ENDING,
}
#: Nothing but the organisation: what an account may be about.
ACCOUNT = {**REQUEST, "kind": "account", "measure": "", "organisation": "A81001"}
WARRANTED = {**REQUEST, "kind": "warranted", "organisation": "A81001", "about": "m-x"}


PERSON = {"code": "p-x", "name": "Ben Beech", "email": "", **ENDING}
POST = {
    "code": "o-x", "person_id": 1, "organisation": "A81002", "title": "Nurse", "tags": "[]",
    "decision_maker": False, "limit": None, "from_day": "2026-01-01", "event_id": 1,
}  # fmt: skip
BODY = {
    "code": "b-x", "name": "Board", "kind": "board", "organisation": "", "parent_id": None,
    "acts_for": "All.", "consent": "", "bring": "", "contact": "", "task": "", "needs_tags": "[]",
    "opened_on": "2026-01-01", "event_id": 1,
}  # fmt: skip
SEAT = {
    "code": "s-x", "body_id": 1, "post_id": 2, "role": "member", "voting": True,
    "from_day": "2026-01-01", "event_id": 1,
}  # fmt: skip
QUORUM = {
    "code": "u-x", "body_id": 1, "position": 9, "minimum": 1, "any_of": "[]",
    "voting_only": False, **ENDING,
}  # fmt: skip
STEP = {
    "subject_kind": "scoring", "subject": "S-2026-999", "from_state": "", "to_state": "open",
    "event_id": 1,
}  # fmt: skip


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("records_event", EVENT),
        ("records_group", GROUP),
        ("records_membership", MEMBERSHIP),
        ("records_setting", SETTING),
        ("records_note", NOTE),
        ("records_mark", MARK),
        ("records_rebase", REBASE),
        ("records_effort", EFFORT),
        ("records_request", REQUEST),
        ("records_request", ACCOUNT),
        ("records_request", WARRANTED),
        ("records_request", {**ACCOUNT, "state": "withdrawn"}),
        ("records_feedback", FEEDBACK),
        ("records_enteredrule", ENTERED),
        ("records_enteredrule", {**ENTERED, "value": "0"}),
    ],
)
def test_a_whole_row_is_taken(table: str, row: dict[str, Any]) -> None:
    """Without this the refusals below could all be for a slip in the row."""
    before = len(rows(table))
    insert(table, row)
    assert len(rows(table)) == before + 1


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("records_event", {**EVENT, "who": ""}),
        ("records_event", {**EVENT, "what": ""}),
        ("records_event", {**EVENT, "why": ""}),
        ("records_event", {**EVENT, "subject": ""}),
        ("records_event", {**EVENT, "subject_kind": "patient"}),
        ("records_event", {**EVENT, "detail": "{"}),
        ("records_group", {**GROUP, "code": "x"}),
        ("records_group", {**GROUP, "code": "g-"}),
        ("records_group", {**GROUP, "code": "g-vale"}),
        ("records_group", {**GROUP, "kind": "club"}),
        ("records_group", {**GROUP, "name": ""}),
        ("records_group", {**GROUP, "name": "VALE"}),
        ("records_group", {**GROUP, "closed_on": "2025-12-31"}),
        ("records_group", {**GROUP, "event_id": None}),
        ("records_membership", {**MEMBERSHIP, "practice_code": "a81002"}),
        ("records_membership", {**MEMBERSHIP, "practice_code": "A8100"}),
        ("records_membership", {**MEMBERSHIP, "practice_code": "A81001"}),
        ("records_membership", {**MEMBERSHIP, "left_on": "2026-02-01"}),
        ("records_membership", {**MEMBERSHIP, "left_by_id": 1}),
        ("records_membership", {**MEMBERSHIP, "left_on": "2025-12-31", "left_by_id": 1}),
        ("records_membership", {**MEMBERSHIP, "joined_by_id": None}),
        ("records_setting", {**SETTING, "name": ""}),
        ("records_setting", {**SETTING, "name": "inclusion.minimum_list"}),
        ("records_setting", {**SETTING, "event_id": None}),
        ("records_note", {**NOTE, "code": "x"}),
        ("records_note", {**NOTE, "organisation": ""}),
        ("records_note", {**NOTE, "text": ""}),
        ("records_note", {**NOTE, "by": ""}),
        ("records_note", {**NOTE, "withdrawn_at": NOW}),
        ("records_note", {**NOTE, "withdrawn_at": NOW, "withdrawn_by": "local"}),
        ("records_note", {**NOTE, "withdrawn_by": "local", "withdrawn_why": "No."}),
        ("records_note", {**NOTE, "event_id": None}),
        ("records_mark", {**MARK, "code": "x"}),
        ("records_mark", {**MARK, "state": "known"}),
        ("records_mark", {**MARK, "reason": ""}),
        ("records_mark", {**MARK, "review_on": None}),
        ("records_mark", {**MARK, "organisation": "A81001"}),
        ("records_mark", {**MARK, "ended_at": NOW}),
        ("records_mark", {**MARK, "ended_by": "local", "ended_why": "No."}),
        ("records_rebase", {**REBASE, "period": ""}),
        ("records_rebase", {**REBASE, "reason": ""}),
        ("records_rebase", {**REBASE, "organisation": "A81001"}),
        ("records_rebase", {**REBASE, "ended_at": NOW, "ended_by": "local"}),
        ("records_effort", {**EFFORT, "minutes": 241}),
        ("records_effort", {**EFFORT, "minutes": -1}),
        ("records_effort", {**EFFORT, "measure": "qof.register.hyp"}),
        ("records_request", {**REQUEST, "text": ""}),
        ("records_request", {**REQUEST, "state": "lost"}),
        ("records_request", {**REQUEST, "answer": "Yes."}),
        ("records_request", {**REQUEST, "state": "accepted"}),
        ("records_request", {**REQUEST, "state": "accepted", "answer": "Yes."}),
        ("records_request", {**REQUEST, "state": "withdrawn", "answer": "Yes."}),
        ("records_request", {**REQUEST, "state": "withdrawn", "answered_by": "local"}),
        ("records_request", {**REQUEST, "state": "withdrawn", "answered_at": NOW}),
        ("records_request", {**REQUEST, "kind": "wish"}),
        ("records_request", {**REQUEST, "kind": ""}),
        ("records_request", {**REQUEST, "measure": ""}),
        ("records_request", {**WARRANTED, "measure": ""}),
        ("records_request", {**WARRANTED, "organisation": ""}),
        ("records_request", {**ACCOUNT, "organisation": ""}),
        ("records_feedback", {**FEEDBACK, "code": "x"}),
        ("records_feedback", {**FEEDBACK, "organisation": ""}),
        ("records_feedback", {**FEEDBACK, "organisation": "A81001"}),
        ("records_feedback", {**FEEDBACK, "name": ""}),
        ("records_feedback", {**FEEDBACK, "title": ""}),
        ("records_feedback", {**FEEDBACK, "data_version": ""}),
        ("records_feedback", {**FEEDBACK, "evidence": ""}),
        ("records_feedback", {**FEEDBACK, "evidence_hash": "0" * 63}),
        ("records_feedback", {**FEEDBACK, "evidence_hash": "G" * 64}),
        ("records_feedback", {**FEEDBACK, "reply_by": "2026-11-22"}),
        ("records_feedback", {**FEEDBACK, "ended_at": NOW}),
        ("records_feedback", {**FEEDBACK, "event_id": None}),
        ("records_enteredrule", {**ENTERED, "code": "x"}),
        ("records_enteredrule", {**ENTERED, "rule": ""}),
        ("records_enteredrule", {**ENTERED, "title": ""}),
        ("records_enteredrule", {**ENTERED, "unit": ""}),
        ("records_enteredrule", {**ENTERED, "reference": ""}),
        ("records_enteredrule", {**ENTERED, "value": "-1"}),
        ("records_enteredrule", {**ENTERED, "value": "1e3"}),
        ("records_enteredrule", {**ENTERED, "value": "01"}),
        ("records_enteredrule", {**ENTERED, "value": "1."}),
        ("records_enteredrule", {**ENTERED, "value": ""}),
        ("records_enteredrule", {**ENTERED, "to_day": "2027-03-31"}),
        ("records_enteredrule", {**ENTERED, "from_day": "2018-04-01"}),
        ("records_enteredrule", {**ENTERED, "ended_by": "local", "ended_why": "No."}),
        ("records_enteredrule", {**ENTERED, "event_id": None}),
        ("records_person", {**PERSON, "code": "x"}),
        ("records_person", {**PERSON, "name": ""}),
        ("records_person", {**PERSON, "by": ""}),
        ("records_person", {**PERSON, "ended_at": NOW}),
        ("records_person", {**PERSON, "email": "ALDER@vale.example"}),
        ("records_person", {**PERSON, "event_id": None}),
        ("records_post", {**POST, "code": "x"}),
        ("records_post", {**POST, "title": ""}),
        ("records_post", {**POST, "organisation": ""}),
        ("records_post", {**POST, "person_id": None}),
        ("records_post", {**POST, "limit": -1}),
        ("records_post", {**POST, "to_day": "2026-01-01"}),
        ("records_post", {**POST, "event_id": None}),
        ("records_body", {**BODY, "code": "x"}),
        ("records_body", {**BODY, "name": ""}),
        ("records_body", {**BODY, "name": "vale COMMISSIONING panel"}),
        ("records_body", {**BODY, "kind": "coven"}),
        ("records_body", {**BODY, "acts_for": ""}),
        ("records_body", {**BODY, "id": 77, "parent_id": 77}),
        ("records_body", {**BODY, "closed_on": "2025-12-31"}),
        ("records_body", {**BODY, "event_id": None}),
        ("records_seat", {**SEAT, "code": "x"}),
        ("records_seat", {**SEAT, "role": "guest"}),
        ("records_seat", {**SEAT, "role": "chair"}),
        ("records_seat", {**SEAT, "role": "in attendance"}),
        ("records_seat", {**SEAT, "post_id": 1}),
        ("records_seat", {**SEAT, "to_day": "2026-01-01"}),
        ("records_seat", {**SEAT, "event_id": None}),
        ("records_quorumrule", {**QUORUM, "code": "x"}),
        ("records_quorumrule", {**QUORUM, "minimum": 0}),
        ("records_quorumrule", {**QUORUM, "position": 1}),
        ("records_quorumrule", {**QUORUM, "ended_at": NOW}),
        ("records_transition", {**STEP, "to_state": ""}),
        ("records_transition", {**STEP, "subject": ""}),
        ("records_transition", {**STEP, "from_state": "open"}),
        ("records_transition", {**STEP, "event_id": None}),
        ("records_numbering", {"letter": "d", "year": 2026, "last": 1}),
        ("records_numbering", {"letter": "Z", "year": 2026, "last": 0}),
    ],
)
def test_half_a_row_is_refused(table: str, row: dict[str, Any]) -> None:
    before = rows(table)
    # PostgreSQL reads JSON as it comes in; SQLite checks it as a constraint.
    with pytest.raises((IntegrityError, DataError) if row.get("detail") == "{" else IntegrityError):
        insert(table, row)
    assert rows(table) == before


@pytest.mark.parametrize(
    "table",
    [
        "person",
        "post",
        "body",
        "seat",
        "quorumrule",
        "transition",
        "group",
        "setting",
        "note",
        "membership",
        "feedback",
        "enteredrule",
    ],
)
def test_everything_stands_on_an_event_that_exists(table: str) -> None:
    column = "joined_by_id" if table == "membership" else "event_id"
    with pytest.raises(IntegrityError):
        sql(f"UPDATE records_{table} SET {column} = 999999")


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_the_log_and_the_histories_are_only_added_to(table: str) -> None:
    key = "history_id" if table.endswith("_history") else "id"
    before = rows(table)
    assert before
    attempts = [
        f"UPDATE {table} SET {key} = {key} + 100",
        f"UPDATE {table} SET {key} = {key}",
        f"DELETE FROM {table}",
        f"DELETE FROM {table} WHERE {key} = 1",
    ]
    if connection.vendor == "postgresql":
        attempts += [f"TRUNCATE {table} CASCADE"]
    else:
        attempts += [f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"]
    for attempt in attempts:
        with pytest.raises(IntegrityError, match="append-only"):
            sql(attempt)
        assert rows(table) == before, attempt


@pytest.mark.parametrize(
    ("first", "last", "fits"),
    [
        ("2024-01-01", "2024-02-01", True),
        ("2024-05-01", "2024-06-01", True),
        ("2024-02-01", "2024-02-01", True),
        ("2024-01-01", "2024-02-02", False),
        ("2024-04-30", "2024-06-01", False),
        ("2024-03-01", "2024-04-01", False),
        ("2024-01-01", "2024-06-01", False),
        ("2024-01-01", None, False),
        ("2024-05-01", None, True),
    ],
)
def test_a_practice_is_in_a_group_once_at_a_time(first: str, last: str | None, fits: bool) -> None:
    def stay(first: str, last: str | None) -> dict[str, Any]:
        end = {"left_on": last, "left_by_id": 1} if last else {}
        return {**MEMBERSHIP, "joined_on": first, **end}

    insert("records_membership", stay("2024-02-01", "2024-05-01"))
    if fits:
        insert("records_membership", stay(first, last))
    else:
        with pytest.raises(IntegrityError, match="twice in one group"):
            insert("records_membership", stay(first, last))
        insert("records_membership", {**stay(first, last), "practice_code": "A81003"})


def test_a_stay_cannot_be_stretched_over_another() -> None:
    for first, last in (("2024-01-01", "2024-02-01"), ("2024-03-01", "2024-04-01")):
        insert(
            "records_membership",
            {**MEMBERSHIP, "joined_on": first, "left_on": last, "left_by_id": 1},
        )
    with pytest.raises(IntegrityError, match="twice in one group"):
        sql("UPDATE records_membership SET left_on = '2024-03-02' WHERE joined_on = '2024-01-01'")


def test_every_trigger_is_in_place() -> None:
    """SQLite drops them without a word when a migration remakes a table."""
    if connection.vendor == "postgresql":
        wanted = {f"{table}_{name}" for table in APPEND_ONLY for name in ("keep", "keep_all")}
        wanted.add("records_membership_apart")
        wanted |= {f"{table}_locked" for table in LOCKED}
        found = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'"
    else:
        wanted = {
            f"{table}_no_{name}"
            for table in APPEND_ONLY
            for name in ("update", "delete", "replace")
        }
        wanted |= {f"records_membership_apart_{name}" for name in ("insert", "update")}
        wanted |= {f"{table}_locked" for table in LOCKED}
        found = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(found)
        assert {name for (name,) in cursor.fetchall()} == wanted
