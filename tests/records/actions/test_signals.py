from datetime import timedelta

import pytest
from django.utils import timezone

from locality.records import signal_tables as tables
from locality.records.actions import Refusal, lift_mark, mark_signal, rebase_chart, undo_rebase
from locality.records.inputs import inputs
from locality.records.models import Event, Mark

SIGNAL = {"organisation": "A81001", "measure": "qof.register.hyp", "who": "local"}
SOON = (timezone.localdate() + timedelta(days=60)).isoformat()
NHS = "943 476 5919"


def marked(**changes):
    return mark_signal(**{
        **SIGNAL, "state": "warranted", "reason": "A care home.", "review_on": SOON, **changes
    })  # fmt: skip


def test_a_mark_stands_until_the_next_one_ends_it() -> None:
    first = marked()
    second = marked(state="being worked on", reason="We look at coding.")
    assert [row["code"] for row in tables.marks("A81001").rows] == [second.code]
    old = next(row for row in tables.marks(ended=True).rows if row["code"] == first.code)
    assert old["ended_by"] == "local" and old["ended_why"] == "Something newer was said."
    assert inputs()["marks"] == [{
        "organisation": "A81001", "measure": "qof.register.hyp", "state": "being worked on",
        "reason": "We look at coding.", "review_on": SOON,
    }]  # fmt: skip


def test_the_same_said_again_writes_nothing() -> None:
    first = marked()
    events = Event.objects.count()
    assert marked().code == first.code
    assert Event.objects.count() == events


def test_a_mark_can_be_lifted_once_with_a_reason() -> None:
    made = marked()
    lift_mark(code=made.code, who="local", why="It was a coding error, now put right.")
    assert len(tables.marks()) == 0
    assert Mark.history.filter(code=made.code).count() == 2
    with pytest.raises(Refusal, match="already"):
        lift_mark(code=made.code, who="local", why="Again.")
    with pytest.raises(Refusal, match="nothing with the code"):
        lift_mark(code="m-none", who="local", why="No.")
    with pytest.raises(Refusal) as refused:
        lift_mark(code=made.code, who="local", why=" ")
    assert refused.value.field == "why"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("state", "bad", "Choose what is known"),
        ("reason", "", "Write what is known"),
        ("reason", f"Patient {NHS} moved", "could be an NHS number"),
        ("review_on", "soon", "such as 31 March 2027"),
        ("review_on", "2020-01-01", "still to come"),
        ("review_on", "2099-01-01", "within two years"),
        ("organisation", "a b", "by its code"),
        ("measure", "", "which measure"),
    ],
)
def test_what_cannot_stand_is_said_beside_its_field(field, value, words) -> None:
    with pytest.raises(Refusal, match=words) as refused:
        marked(**{field: value})
    assert refused.value.field == field
    assert Event.objects.count() == 0


def test_new_limits_begin_where_somebody_says_so_with_the_reason() -> None:
    made = rebase_chart(**SIGNAL, period="2025-M10", reason="The clinic opened.", proposed=True)
    rows = tables.rebases("A81001", "qof.register.hyp").rows
    assert rows[0]["period"] == "2025-M10" and rows[0]["proposed"]
    assert inputs()["rebases"][0]["reason"] == "The clinic opened."
    with pytest.raises(Refusal, match="already"):
        rebase_chart(**SIGNAL, period="2025-M10", reason="Again.")
    undo_rebase(code=made.code, who="local", why="It closed again.")
    assert len(tables.rebases()) == 0 and inputs()["rebases"] == []
    rebase_chart(**SIGNAL, period="2025-M10", reason="It did open.")
    event = Event.objects.order_by("-id").first()
    assert event.why == "It did open." and event.detail["proposed"] is False


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("period", "last autumn", "period"),
        ("reason", "  ", "Write what changed"),
        ("reason", f"{NHS}", "could be an NHS number"),
    ],
)
def test_new_limits_need_a_period_and_a_reason(field, value, words) -> None:
    given = {**SIGNAL, "period": "2025-M10", "reason": "The clinic opened.", field: value}
    with pytest.raises(Refusal, match=words) as refused:
        rebase_chart(**given)
    assert refused.value.field == field
