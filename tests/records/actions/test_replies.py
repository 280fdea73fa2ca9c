"""An account, a mark's request to an owner, and withdrawing either."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from locality.records import signal_tables as tables
from locality.records.actions import (
    Refusal,
    answer_request,
    give_account,
    lift_mark,
    mark_signal,
    open_requests,
    request_change,
    send_feedback,
    withdraw_request,
)
from locality.records.models import FOLLOWING, Event, Mark, Request, RequestState

NHS = "943 476 5919"
SOON = timezone.localdate() + timedelta(days=60)


def given(**changes: Any) -> Request:
    return give_account(**{
        "organisation": "A81001", "text": "We took on a branch in May.", "owner": "clinical lead",
        "who": "local", **changes,
    })  # fmt: skip


def marked(**changes: Any) -> Mark:
    return mark_signal(**{
        "organisation": "A81001", "measure": "qof.register.hyp", "state": "data problem",
        "reason": "A code was lost.", "review_on": SOON, "who": "local", "owner": "data lead",
        **changes,
    })  # fmt: skip


def state(made: Request) -> str:
    return str(Request.objects.get(code=made.code).state)


def test_an_account_waits_for_an_answer_and_stands_in_a_table_of_its_own() -> None:
    made = given()
    row = tables.accounts("A81001").rows[0]
    assert (row["kind"], row["measure"], row["about"], row["state"]) == (
        "account", "", "", "received"
    )  # fmt: skip
    assert row["due_on"] == timezone.localdate() + timedelta(days=28)
    assert tables.accounts("A81002").rows == [] and tables.requests().rows == []
    assert [one["code"] for one in tables.requests(kind="account").rows] == [made.code]
    answer_request(code=made.code, state="accepted", answer="We will say so.", who="lead")
    assert tables.accounts("A81001").rows[0]["answer"] == "We will say so."
    assert tables.request(made.code).rows[0]["kind"] == "account"


def test_a_newer_account_withdraws_the_older_one_that_waits_and_no_other() -> None:
    answered = given()
    answer_request(code=answered.code, state="answered", answer="Thank you.", who="lead")
    waiting = given(text="We also moved.")
    considered = given(organisation="A81002")
    answer_request(code=considered.code, state="being considered", who="lead")
    wish = request_change(measure="m.x", text="Less.", owner="o", organisation="A81001", who="a")
    newest = given(text="We moved, and took on a branch.", who="another")
    given(organisation="A81002", text="Anew.")
    assert [state(one) for one in (answered, waiting, considered, wish, newest)] == [
        "answered", "withdrawn", "withdrawn", "received", "received"
    ]  # fmt: skip
    assert [row["code"] for row in tables.accounts("A81001").rows] == [
        newest.code, waiting.code, answered.code
    ]  # fmt: skip
    told = Event.objects.filter(subject=waiting.code).last()
    assert (told.what, told.why, told.who) == (
        "request.withdrawn", "A newer account was given.", "another"
    )  # fmt: skip
    assert Request.history.filter(code=waiting.code).count() == 2


def test_an_account_of_feedback_and_one_of_everything_do_not_replace_each_other() -> None:
    sent = send_feedback(organisation="A81001", name="Vale", data_version="1",
                         evidence={"title": "T"}, who="local")  # fmt: skip
    whole, about = given(), given(about=sent.code)
    assert [state(one) for one in (whole, about)] == ["received", "received"]
    given(about=sent.code, text="Put better.")
    assert [state(one) for one in (whole, about)] == ["received", "withdrawn"]


def test_when_its_answer_is_owed_can_be_said() -> None:
    assert given(due_on=SOON).due_on == SOON
    assert given(due_on=SOON.isoformat()).due_on == SOON
    assert given(due_on="").due_on == timezone.localdate() + timedelta(days=28)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("organisation", "", "by its code"),
        ("text", " ", "Write the account"),
        ("text", f"Mrs X {NHS}", "could be an NHS number"),
        ("owner", "", "who answers the account"),
        ("due_on", "soon", "such as 31 March 2027"),
        ("due_on", timezone.localdate(), "still to come"),
        ("about", "f-none", "no feedback or mark"),
        ("who", "", "who does this"),
    ],
)
def test_an_account_that_cannot_stand_is_refused_beside_its_field(
    field: str, value: Any, words: str
) -> None:
    with pytest.raises(Refusal, match=words) as refused:
        given(**{field: value})
    assert refused.value.field == field
    assert not Event.objects.exists()


def test_an_account_replies_only_to_what_is_its_own_and_stands() -> None:
    mark = marked(owner="")
    assert given(about=mark.code).about == mark.code
    with pytest.raises(Refusal, match="of this organisation"):
        given(organisation="A81002", about=mark.code)
    lift_mark(code=mark.code, who="local", why="Put right.")
    with pytest.raises(Refusal, match="no feedback or mark"):
        given(about=mark.code)


@pytest.mark.parametrize("kind", ["data problem", "warranted"])
def test_a_mark_with_an_owner_asks_them_in_the_same_change(kind: str) -> None:
    mark = marked(state=kind)
    (row,) = tables.requests(kind=kind).rows
    assert (row["about"], row["text"], row["owner"], row["state"]) == (
        mark.code, "A code was lost.", "data lead", "received"
    )  # fmt: skip
    assert (row["organisation"], row["measure"]) == ("A81001", "qof.register.hyp")
    assert tables.requests("qof.register.hyp", "A81001").rows == [row]
    events = Event.objects.count()
    assert marked(state=kind).code == mark.code
    assert Event.objects.count() == events == 2


@pytest.mark.parametrize(
    "changes",
    [{"owner": ""}, {"owner": "  "}, {"state": "unexplained"}, {"state": "being worked on"}],
)
def test_a_mark_that_nobody_answers_for_asks_nobody(changes: dict[str, str]) -> None:
    marked(**changes)
    assert not Request.objects.exists()


def test_a_request_ends_with_its_mark_unless_it_is_answered() -> None:
    marked()
    waiting = Request.objects.get()
    mark = marked(reason="Two codes were lost.", who="another")
    answered = Request.objects.exclude(pk=waiting.pk).get()
    assert state(waiting) == "withdrawn"
    told = Event.objects.filter(subject=waiting.code).last()
    assert (told.why, told.who) == ("The mark it was about has ended.", "another")
    answer_request(code=answered.code, state="accepted", answer="Put right.", who="data lead")
    lift_mark(code=mark.code, who="local", why="It is right now.")
    assert state(answered) == "accepted"
    marked()
    considered = Request.objects.order_by("id").last()
    answer_request(code=considered.code, state="being considered", who="data lead")
    lift_mark(code=Mark.objects.get(ended_at=None).code, who="local", why="Not so.")
    assert state(considered) == "withdrawn"


def test_no_half_of_a_mark_and_its_request_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    before = marked()
    events = Event.objects.count()

    def break_off(*_: object, **__: object) -> None:
        raise OSError("the power went")

    monkeypatch.setattr(open_requests, "keep", break_off)
    for act in (
        lambda: marked(reason="Anew."),
        lambda: marked(organisation="A81009"),
        lambda: lift_mark(code=before.code, who="local", why="Put right."),
        lambda: given(),
    ):
        with pytest.raises(OSError, match="power"):
            act()
    assert Mark.objects.get().stands and Request.objects.get().is_open
    assert Event.objects.count() == events


def test_only_its_author_withdraws_a_request_and_only_while_it_waits() -> None:
    made = given()
    with pytest.raises(Refusal, match="Only local, who wrote it") as refused:
        withdraw_request(code=made.code, who="another", why="I do not like it.")
    assert refused.value.field == "who"
    with pytest.raises(Refusal, match="Write why"):
        withdraw_request(code=made.code, who="local", why="")
    withdraw_request(code=made.code, who="local", why="I was wrong.")
    assert state(made) == "withdrawn"
    assert Event.objects.last().why == "I was wrong."
    with pytest.raises(Refusal, match="It is withdrawn, so") as refused:
        withdraw_request(code=made.code, who="local", why="Again.")
    assert refused.value.field == "code"
    answered = given()
    answer_request(code=answered.code, state="declined", answer="No.", who="lead")
    with pytest.raises(Refusal, match="It is declined, so"):
        withdraw_request(code=answered.code, who="local", why="Late.")
    with pytest.raises(Refusal, match="no request"):
        withdraw_request(code="q-none", who="local", why="No.")


def test_what_is_withdrawn_is_not_answered_and_nobody_answers_by_withdrawing() -> None:
    made = given()
    with pytest.raises(Refusal, match="Only its author withdraws it") as refused:
        answer_request(code=made.code, state="withdrawn", who="lead")
    assert refused.value.field == "state"
    withdraw_request(code=made.code, who="local", why="I was wrong.")
    with pytest.raises(Refusal, match="what may follow is nothing more"):
        answer_request(code=made.code, state="answered", answer="Thanks.", who="lead")
    assert set(FOLLOWING) == set(RequestState.values)


def test_what_waits_comes_before_what_was_withdrawn() -> None:
    wish = {"measure": "qof.register.hyp", "text": "Less.", "owner": "lead", "who": "local"}
    first, second = request_change(**wish), request_change(**wish)
    withdraw_request(code=second.code, who="local", why="Said twice.")
    assert [row["code"] for row in tables.requests().rows] == [first.code, second.code]
