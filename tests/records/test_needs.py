"""What needs somebody: from every corner, by day, in a fixed number of questions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from locality.records import needs as room
from locality.records.actions import (
    Settled,
    agree_scores,
    close_scoring,
    finish_action,
    give_account,
    log_action,
    mark_signal,
    person_leaves,
    request_change,
    send_feedback,
    start_checklist,
)
from locality.records.actions.accounts import give_role, open_account
from locality.records.models import Event, Person
from locality.records.needs import needs
from tests.records import made, scored

TODAY = timezone.localdate()
SIGNAL = {"organisation": "A81001", "measure": "qof.register.hyp", "who": "local"}


@pytest.fixture
def asha() -> Person:
    one = made.person()
    made.post(one, title="Analyst", organisation="A81001")
    return one


def kinds(person: str, day: date | None = None) -> list[str]:
    return [row["kind"] for row in needs(person, day=day).rows]


def sent(organisation: str = "A81001", version: str = "1") -> str:
    return send_feedback(
        organisation=organisation, name="Vale", data_version=version, evidence={"title": "T"},
        who="local",
    ).code  # fmt: skip


def marked(measure: str = SIGNAL["measure"]) -> None:
    mark_signal(
        state="warranted", reason="A care home.", review_on=TODAY + timedelta(days=30),
        **{**SIGNAL, "measure": measure},
    )  # fmt: skip


def test_nothing_needs_nobody(asha: Person) -> None:
    assert kinds(asha.code) == [] and kinds("") == []


def test_actions_until_they_are_done_overdue_first(asha: Person) -> None:
    ben = made.person("Ben Beech")
    told = {"owner": ben.code, "accountable": asha.code, "who": "local"}
    late = log_action(what="Later", due_on=TODAY + timedelta(days=9), **told)
    log_action(what="Sooner", due_on=TODAY + timedelta(days=2), **told)
    assert [row["words"] for row in needs(asha.code).rows] == ["Sooner", "Later"]
    assert [row["overdue"] for row in needs(ben.code, day=TODAY + timedelta(days=5)).rows] == [
        True, False,
    ]  # fmt: skip
    finish_action(reference=late.reference, evidence="Done.", who="local")
    assert [row["words"] for row in needs(asha.code).rows] == ["Sooner"]


def test_what_somebody_left_behind_is_seen_by_who_is_accountable(asha: Person) -> None:
    ben = made.person("Ben Beech")
    log_action(what="Write", owner=ben.code, accountable=asha.code, due_on=TODAY, who="local")
    person_leaves(code=ben.code, who="local", why="Moved.")
    (row,) = needs(asha.code).rows
    assert row["whose"] == "Ben Beech, who has left"


def test_scorings_that_wait_for_a_sheet(asha: Person) -> None:
    held = scored.opened(asha, score_by=str(TODAY + timedelta(days=3)))
    (row,) = needs(asha.code).rows
    assert (row["kind"], row["about"]) == ("scoring", held.reference)
    assert row["due_on"] == TODAY + timedelta(days=3)
    scored.handed_in(held, asha, (8, 2), (3, 3))
    assert kinds(asha.code) == []


def test_scores_that_are_shown_wait_for_the_chair_to_agree_them(asha: Person) -> None:
    panel = made.body()
    made.seat(made.post(asha, title="Chair"), panel, role="chair")
    held, ann, _ = scored.revealed(body=panel.code)
    (row,) = needs(asha.code).rows
    assert (row["kind"], row["about"], row["whose"]) == ("agreeing", held.reference, panel.name)
    assert kinds(ann.code) == []
    every = {(s, c): Settled("3", "We talked it over.") for s in (1, 2) for c in (1, 2)}
    agree_scores(reference=held.reference, cells=every, who=asha.signature)
    close_scoring(reference=held.reference, who=asha.signature)
    assert kinds(asha.code) == []


def test_requests_to_the_title_of_a_post(asha: Person) -> None:
    request_change(measure="qof.register.hyp", text="Count less.", owner="analyst",
                   who=made.person("Ben").signature)  # fmt: skip
    request_change(measure="qof.register.hyp", text="Count more.", owner="somebody", who="Ben")
    (row,) = needs(asha.code).rows
    assert (row["kind"], row["said"], row["from_whom"]) == ("request", "Count less.", "Ben")
    assert "Count" not in row["words"]
    assert len(needs("")) == 2


def test_feedback_waits_for_its_reply(asha: Person) -> None:
    code, _ = sent(), sent("A81002")
    (row,) = needs(asha.code).rows
    assert (row["page"], row["about"], row["thing"]) == ("feedback", "A81001", code)
    assert row["due_on"] > TODAY
    give_account(organisation="A81001", about=code, text="We opened a branch.",
                 owner="lead", who="local")  # fmt: skip
    assert kinds(asha.code) == []


def test_who_has_an_account_answers_where_its_roles_let_them(asha: Person) -> None:
    sent()
    assert kinds(asha.code) == ["reply"]
    opened = open_account(person=asha.code, username="asha", role="", **made.TOLD)
    assert kinds(asha.code) == []
    give_role(account=opened.account.code, role="practice", organisation="A81001", **made.TOLD)
    assert kinds(asha.code) == ["reply"]


def test_marks_whose_day_has_come(asha: Person) -> None:
    marked()
    assert kinds(asha.code) == []
    (row,) = needs(asha.code, day=TODAY + timedelta(days=30)).rows
    assert (row["kind"], row["measure"], row["overdue"]) == ("mark", SIGNAL["measure"], False)


def test_checklists_to_see_to(asha: Person) -> None:
    from locality.knowledge import load

    panel = made.body()
    start_checklist(template=load().checklists["roberts_six"], about_kind="body",
                    about=panel.code, owner=asha.code, who="local")  # fmt: skip
    (row,) = needs(asha.code).rows
    assert row["kind"] == "checklist" and row["due_on"] is None


def test_what_the_records_do_not_know_of_stands_among_the_rest(asha: Person) -> None:
    log_action(what="Write", owner=asha.code, due_on=TODAY, who="local")
    told = {"kind": "rule", "words": "Check 2 numbers", "due_on": None, "whose": "",
            "page": "constants", "about": ""}  # fmt: skip
    assert [row["words"] for row in needs(asha.code, others=[told]).rows] == [
        "Write", "Check 2 numbers",
    ]  # fmt: skip


def test_a_house_with_very_much_says_that_there_is_more(
    asha: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST", 2)
    for days in (3, 2, 1):
        log_action(what=f"In {days}", owner=asha.code, due_on=TODAY + timedelta(days=days),
                   who="local")  # fmt: skip
    found = needs("")
    assert [row["words"] for row in found.rows] == ["In 1", "In 2"]
    assert "there are more" in found.notes[0]


def test_each_thing_has_a_name_of_its_own_and_when_it_was_changed(asha: Person) -> None:
    from datetime import datetime

    for version in ("1", "2"):
        sent(version=version)
    for number in range(2):
        marked(f"qof.register.m{number}")
        log_action(what="Write", owner=asha.code, due_on=TODAY, who="local")
        request_change(measure="qof.register.hyp", text="T", owner="analyst", who="local")
    rows = needs(asha.code, day=TODAY + timedelta(days=40)).rows
    names = [(row["kind"], row["thing"]) for row in rows]
    assert len(names) == 8 and len(set(names)) == 8
    last = Event.objects.order_by("-id")[0].at
    for row in rows:
        at = datetime.fromisoformat(row["changed_at"])
        assert at.utcoffset() == timedelta(0)
        assert timedelta(0) <= last - at.replace(microsecond=0) < timedelta(minutes=5)


def test_the_number_of_questions_does_not_grow(asha: Person) -> None:
    from locality.knowledge import load

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert needs(asha.code, day=TODAY + timedelta(days=40)).rows
        # The frozen papers of feedback are long, and stay where they are.
        assert not any('feedback"."evidence",' in one["sql"] for one in found.captured_queries)
        return len(found)

    def one_of_each(number: int) -> None:
        log_action(what=f"Number {number}", owner=asha.code, due_on=TODAY, who="local")
        request_change(measure="qof.register.hyp", text="T", owner="analyst", who="local")
        sent(version=str(number))
        marked(f"qof.register.m{number}")
        scored.opened(asha)
        start_checklist(template=load().checklists["roberts_six"], about_kind="body",
                        about=made.body(f"Panel {number}").code, owner=asha.code,
                        who="local")  # fmt: skip

    one_of_each(0)
    first = asked()
    for number in range(1, 5):
        one_of_each(number)
    assert len(needs(asha.code, day=TODAY + timedelta(days=40))) == 30
    assert asked() == first <= 10
