"""One of everything that is recorded, so that every table of the records holds a row."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from locality.knowledge import load
from locality.records.actions import (
    add_note,
    answer_item,
    create_group,
    enter_rule,
    log_action,
    make_feed,
    mark_signal,
    rebase_chart,
    request_change,
    say_effort,
    send_feedback,
    set_quorum,
    set_setting,
    start_checklist,
    withdraw_note,
)
from locality.records.actions.accounts import open_account
from locality.records.actions.criteria import Row, lock_criteria, make_criteria
from locality.records.actions.numbering import next_reference
from locality.records.actions.scores import Given, Settled, agree_scores, save_sheet
from locality.records.actions.scoring import (
    SubjectRow,
    draft_scoring,
    name_assessors,
    open_scoring,
)
from locality.records.actions.writing import change
from locality.records.models import Person, Post
from tests.records import made

SOON = date.today() + timedelta(days=90)


def write_everything(home: Path) -> None:
    """Write one of everything: group 1, setting 1, note 1, person 1 and so on."""
    create_group(name="Vale", members=["A81001"], who="local", why="We plan together.")
    set_setting(name="inclusion.minimum_list", value=1, who="local", why="We are small.")
    note = add_note(organisation="A81001", text="Cleaned.", who="local")
    withdraw_note(code=note.code, who="local", why="Not so.")
    signal = {"organisation": "A81001", "measure": "qof.register.hyp", "who": "local"}
    mark_signal(state="warranted", reason="A care home.", review_on=SOON, **signal)
    rebase_chart(period="2026-M01", reason="A new clinic.", **signal)
    request_change(measure="qof.register.hyp", text="Count less.", owner="analyst", who="local")
    say_effort(measure="qof.register.hyp", minutes=4, who="local", why="We timed it.")
    send_feedback(
        organisation="A81001", name="Vale", data_version="1", evidence={"title": "T"}, who="local"
    )
    enter_rule(
        rule="qof.point_value", period="2018-19", value="179.26", reference="The directions.",
        who="local", home=home,
    )  # fmt: skip

    people()
    scored()
    with change():
        next_reference("D")


def people() -> None:
    """Write two people with a post each, the first of whom chairs a body with a quorum."""
    first = made.post(made.person(email="alder@vale.example"))
    made.post(made.person("Ben Beech"), organisation="A81002", title="Nurse", tags=["nurse"])
    panel = made.body()
    made.seat(first, panel, role="chair")
    set_quorum(code=panel.code, rules=[(1, ["gp"], True)], **made.TOLD)
    first, second = (one.person.code for one in Post.objects.order_by("id"))
    seven = start_checklist(
        template=load().checklists["checkland_seven"], about_kind="organisation", about="A81001",
        owner=first, raters=[(first, "manager"), (second, "partners")], who="local",
    )  # fmt: skip
    answer_item(reference=seven.reference, item="norm", value=2, person=first, who="local")
    log_action(what="Write to the practices", owner=first, due_on=SOON, who="local")
    make_feed(person=first, who="local")


def scored() -> None:
    """Write a scoring by one criterion, scored by one person and agreed; and an account."""
    first = Person.objects.order_by("id")[0]
    criteria = make_criteria(
        title="One thing", purpose="other", method="points", rows=[Row("Benefit", "100")],
        **made.TOLD,
    )  # fmt: skip
    lock_criteria(reference=criteria.reference, who="local")
    held = draft_scoring(
        title="One option", criteria=criteria.reference, subjects=[SubjectRow("A clinic")],
        **made.TOLD,
    )  # fmt: skip
    reference = held.reference
    name_assessors(reference=reference, assessors=[(first.code, "member")], **made.TOLD)
    open_scoring(reference=reference, who="local")
    save_sheet(reference=reference, person=first.code, cells={(1, 1): Given("5")}, submit=True,
               who=first.signature)  # fmt: skip
    agree_scores(reference=reference, cells={(1, 1): Settled("5")}, who="local")
    open_account(person=first.code, username="asha", role="administrator", **made.TOLD)
