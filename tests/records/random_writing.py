"""Writing at random through the actions: a step finds something to do, or is refused.

A step is given ``r`` (random) and returns what an action returned. Steps are named after the
actions they try, and a test looks that no action is left out.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from locality.knowledge import load
from locality.knowledge.skills import ladder, skill_lists
from locality.records import actions
from locality.records.actions import accounts, passwords, sign_in, visits
from locality.records.actions.scores import Given, Settled
from locality.records.models import (
    Account,
    Action,
    Assessor,
    Body,
    Checklist,
    CriteriaSet,
    Criterion,
    Effort,
    EnteredRule,
    Feedback,
    Grant,
    Group,
    Mark,
    Note,
    Person,
    Post,
    Rater,
    Rebase,
    Request,
    Scoring,
    Seat,
    Subject,
    Visit,
)

HOME = Path(os.environ.get("LOCALITY_HOME", "."))
TOLD: dict[str, Any] = {"who": "local", "why": "It was time for it."}
DAY = date(2025, 4, 1)
_PLACES = [f"A8{number:04d}" for number in range(1, 30)]
_MEASURES = [f"qof.register.{one}" for one in ("hyp", "dm", "af", "ast", "can", "chd")]


class Nothing(Exception):
    """There is nothing yet that this step could be done to."""


def one(r: Random, model: Any, **where: Any) -> Any:
    """Return one of the newest rows of ``model``; Nothing where there is none."""
    found = list(model.objects.filter(**where).order_by("-id")[:12])
    if not found:
        raise Nothing
    return r.choice(found)


def words(r: Random, size: int = 3) -> str:
    some = ("clinic", "hours", "staff", "panel", "larger", "closed", "merged", "tried", "asked")
    return " ".join(r.choice(some) for _ in range(size)) + f" {_letters(r.getrandbits(40))}"


def _letters(number: int) -> str:
    return "".join("abcdefghij"[int(digit)] for digit in str(number))


def soon(r: Random) -> str:
    return str(date.today() + timedelta(days=r.randrange(20, 300)))


def place(r: Random) -> str:
    return r.choice(_PLACES)


def group(r: Random, **where: Any) -> str:
    return str(one(r, Group, closed_on=None, **where).code)


def open_checklist(r: Random) -> Any:
    return one(r, Checklist, state="open")


def person(r: Random) -> str:
    return str(one(r, Person, ended_at=None).code)


def criteria_rows(r: Random) -> list[actions.Row]:
    return [actions.Row(words(r, 1), "60"), actions.Row(words(r, 1), "40")]


def draft_scoring(r: Random) -> Any:
    held = one(r, CriteriaSet, locked_at__isnull=False)
    return actions.draft_scoring(
        title=words(r), criteria=held.reference,
        subjects=[actions.SubjectRow(words(r, 1)), actions.SubjectRow(words(r, 1))], **TOLD,
    )  # fmt: skip


def change_scoring(r: Random) -> Any:
    held = one(r, Scoring, state="drafted")
    return actions.change_scoring(
        reference=held.reference, title=words(r), criteria=held.criteria.reference,
        subjects=[actions.SubjectRow(words(r, 1))], **TOLD,
    )  # fmt: skip


def name_assessors(r: Random) -> Any:
    people = {person(r) for _ in range(3)}
    return actions.name_assessors(
        reference=one(r, Scoring, state="drafted").reference,
        assessors=[(code, "member") for code in people], **TOLD,
    )  # fmt: skip


def cells_of(held: Scoring) -> list[tuple[int, int]]:
    """Return the cells that a sheet of a scoring has: by subject and by criterion."""
    subjects = Subject.objects.filter(scoring=held, ended_at=None)
    criteria = Criterion.objects.filter(criteria_set=held.criteria, ended_at=None)
    return [(s.position, c.position) for s in subjects for c in criteria]


def save_sheet(r: Random) -> Any:
    held = one(r, Scoring, state="open")
    scorer = one(r, Assessor, scoring=held, may_score=True)
    due = {one.position for one in Subject.objects.filter(scoring=held, ended_at=None)
           if scorer.scores_subject(one)}  # fmt: skip
    cells = {cell: Given(str(r.randrange(0, 4)), "Because.")
             for cell in cells_of(held) if cell[0] in due}  # fmt: skip
    return actions.save_sheet(
        reference=held.reference, person=scorer.person.code, cells=cells,
        submit=r.random() < 0.7, who="local",
    )  # fmt: skip


def agree_scores(r: Random) -> Any:
    held = one(r, Scoring, state="revealed")
    cells = {cell: Settled(str(r.randrange(0, 4)), "We talked.") for cell in cells_of(held)}
    return actions.agree_scores(reference=held.reference, cells=cells, who="local")


def sheet_of(r: Random, **where: Any) -> dict[str, str]:
    held = one(r, Assessor, **where)
    return {"reference": held.scoring.reference, "person": held.person.code}


def start_checklist(r: Random) -> Any:
    ann, ben = person(r), person(r)
    return actions.start_checklist(
        template=load().checklists["checkland_seven"], about_kind="organisation", about=place(r),
        owner=ann, raters=[(ann, "manager"), (ben, "partners")][: 1 + (ann != ben)], **TOLD,
    )  # fmt: skip


def start_alone(r: Random) -> Any:
    """Begin a checklist that one person fills in: only there is anything worked out."""
    some = [one for one in load().checklists.values()
            if one.raters == "one" and {"organisation", "body"} & set(one.about)]  # fmt: skip
    template = r.choice(sorted(some, key=lambda one: one.id))
    kind = "organisation" if "organisation" in template.about else "body"
    about = place(r) if kind == "organisation" else one(r, Body, closed_on=None).code
    return actions.start_checklist(
        template=template, about_kind=kind, about=about, owner=person(r), **TOLD
    )


def start_pulse(r: Random) -> Any:
    return actions.start_checklist(
        template=load().checklists["engagement_pulse"], about_kind="body",
        about=one(r, Body, closed_on=None).code, owner=person(r), **TOLD,
    )  # fmt: skip


def rating(r: Random) -> tuple[Any, str]:
    """Return an open checklist that asks for ratings, and somebody who is asked."""
    rater = one(r, Rater, checklist__state="open", checklist__template="checkland_seven")
    return rater.checklist, str(rater.person.code)


def answer_item(r: Random) -> Any:
    held, who = rating(r)
    item = r.choice(load().checklists["checkland_seven"].item).id
    return actions.answer_item(
        reference=held.reference, item=item, value=r.randrange(5), person=who, who="local",
        words=words(r),
    )  # fmt: skip


def answer_all_and_finish(r: Random) -> Any:
    held, who = rating(r)
    for item in load().checklists["checkland_seven"].item:
        actions.answer_item(
            reference=held.reference, item=item.id, value=r.randrange(5), person=who, who="local"
        )
    return actions.finish_answers(reference=held.reference, person=who, who="local")


def send_pulse(r: Random) -> Any:
    rater = one(r, Rater, checklist__state="open", checklist__template="engagement_pulse")
    values = {item.id: 4 if item.kind == "rating" else "yes"
              for item in load().checklists["engagement_pulse"].item}  # fmt: skip
    return actions.send_pulse(
        reference=rater.checklist.reference, person=rater.person.code, values=values, who="local"
    )


def fill_in(r: Random) -> Any:
    alone = [one for one in Checklist.objects.filter(state="open").order_by("-id")[:40]
             if one.questions.raters == "one"]  # fmt: skip
    if not alone:
        raise Nothing
    held = r.choice(alone)
    item = r.choice([i for i in held.questions.item if i.computed] or held.questions.item).id
    frozen = actions.Frozen(item, None, words(r), "1")
    return actions.fill_in_computed(reference=held.reference, filled=[frozen], **TOLD)


def anew(r: Random) -> Any:
    held = one(r, Checklist, state__in=("complete", "reviewed"))
    return actions.start_anew(
        reference=held.reference, template=load().checklists[held.template], owner=person(r), **TOLD
    )


def same(r: Random) -> Any:
    held, who = rating(r)
    return actions.same_as_last(reference=held.reference, item="norm", person=who, who="local")


def excuse(r: Random) -> Any:
    rater = one(r, Rater, checklist__state="open")
    return actions.excuse_rater(
        reference=rater.checklist.reference, person=rater.person.code, **TOLD
    )


def begin_skills(r: Random) -> Any:
    skills = next(iter(skill_lists().values()))
    return actions.begin_skills(
        title=words(r), people=[person(r), person(r)], skills=skills, ladder=ladder(), **TOLD
    )


def describe_body(r: Random) -> Any:
    held = one(r, Body, closed_on=None)
    return actions.describe_body(
        code=held.code, name=words(r), kind="panel", acts_for=words(r), **TOLD
    )


def give_seat(r: Random) -> Any:
    return actions.give_seat(
        body_code=one(r, Body, closed_on=None).code, post=one(r, Post, to_day=None).code,
        role="member", from_day=str(DAY + timedelta(days=r.randrange(60))), **TOLD,
    )  # fmt: skip


def end_visits(r: Random) -> Any:
    return visits.end_visits(one(r, Account))


A = actions
STEPS: dict[str, Callable[[Random], Any]] = {
    "create_group": lambda r: A.create_group(name=words(r), members=r.sample(_PLACES, 4), **TOLD),
    "rename_group": lambda r: A.rename_group(code=group(r), name=words(r), **TOLD),
    "set_members": lambda r: A.set_members(code=group(r), members=r.sample(_PLACES, 5), **TOLD),
    "close_group": lambda r: A.close_group(code=group(r), **TOLD),
    "take_in_groups": lambda r: A.take_in_groups(
        groups=[A.Named(words(r), tuple(r.sample(_PLACES, 3))) for _ in range(3)], **TOLD),
    "add_note": lambda r: A.add_note(organisation=place(r), text=words(r), who="local"),
    "withdraw_note": lambda r: A.withdraw_note(code=one(r, Note, withdrawn_at=None).code, **TOLD),
    "set_setting": lambda r: A.set_setting(
        name="inclusion.minimum_list", value=r.randrange(1, 3000), **TOLD),
    "mark_signal": lambda r: A.mark_signal(
        organisation=place(r), measure=r.choice(_MEASURES), state="warranted", reason=words(r),
        review_on=soon(r), who="local", owner="analyst"),
    "lift_mark": lambda r: A.lift_mark(code=one(r, Mark, ended_at=None).code, **TOLD),
    "rebase_chart": lambda r: A.rebase_chart(
        organisation=place(r), measure=r.choice(_MEASURES),
        period=f"2026-M{r.randrange(1, 13):02d}", reason=words(r), who="local"),
    "undo_rebase": lambda r: A.undo_rebase(code=one(r, Rebase, ended_at=None).code, **TOLD),
    "request_change": lambda r: A.request_change(
        measure=r.choice(_MEASURES), text=words(r), owner="analyst", who="local"),
    "answer_request": lambda r: A.answer_request(
        code=one(r, Request, state__in=("received", "being considered")).code,
        state=r.choice(("being considered", "accepted", "declined")), answer=words(r),
        who="local"),
    "withdraw_request": lambda r: A.withdraw_request(
        code=one(r, Request, state="received").code, **TOLD),
    "give_account": lambda r: A.give_account(
        organisation=place(r), text=words(r), owner="lead", who="local"),
    "say_effort": lambda r: A.say_effort(
        measure=r.choice(_MEASURES), minutes=r.randrange(1, 60), **TOLD),
    "withdraw_effort": lambda r: A.withdraw_effort(
        code=one(r, Effort, ended_at=None).code, **TOLD),
    "send_feedback": lambda r: A.send_feedback(
        organisation=place(r), name=words(r), data_version="1", evidence={"n": r.random()},
        who="local"),
    "withdraw_feedback": lambda r: A.withdraw_feedback(
        code=one(r, Feedback, ended_at=None).code, **TOLD),
    "enter_rule": lambda r: A.enter_rule(
        rule="qof.point_value", period="2018-19", value=f"{r.randrange(100, 200)}.26",
        reference="The directions of that year.", who="local", home=HOME),
    "withdraw_rule": lambda r: A.withdraw_rule(
        code=one(r, EnteredRule, ended_at=None).code, home=HOME, **TOLD),
    "write_rules": lambda r: A.write_rules(HOME),
    "add_person": lambda r: A.add_person(name=words(r, 1), **TOLD),
    "change_person": lambda r: A.change_person(code=person(r), name=words(r, 1), **TOLD),
    "person_leaves": lambda r: A.person_leaves(code=person(r), **TOLD),
    "give_post": lambda r: A.give_post(
        person=person(r), organisation=place(r), title=words(r, 1), tags=["gp"],
        from_day=str(DAY), limit=r.randrange(9000), **TOLD),
    "change_post": lambda r: A.change_post(
        code=one(r, Post, to_day=None).code, title=words(r, 1), tags=["nurse"], **TOLD),
    "end_post": lambda r: A.end_post(
        code=one(r, Post, to_day=None).code, to_day=str(date.today()), **TOLD),
    "open_body": lambda r: A.open_body(
        name=words(r), kind="panel", acts_for=words(r), opened_on=str(DAY), **TOLD),
    "describe_body": describe_body,
    "set_quorum": lambda r: A.set_quorum(
        code=one(r, Body, closed_on=None).code,
        rules=[(r.randrange(1, 9), ["gp"], True), (r.randrange(1, 9), ["nurse"], True)], **TOLD),
    "give_seat": give_seat,
    "end_seat": lambda r: A.end_seat(
        code=one(r, Seat, to_day=None).code, to_day=str(date.today()), **TOLD),
    "close_body": lambda r: A.close_body(code=one(r, Body, closed_on=None).code, **TOLD),
    "make_criteria": lambda r: A.make_criteria(
        title=words(r), purpose="other", method="points", rows=criteria_rows(r), **TOLD),
    "change_criteria": lambda r: A.change_criteria(
        reference=one(r, CriteriaSet, locked_at=None).reference, title=words(r), purpose="other",
        method="points", rows=criteria_rows(r), **TOLD),
    "lock_criteria": lambda r: A.lock_criteria(
        reference=one(r, CriteriaSet, locked_at=None).reference, who="local"),
    "next_version": lambda r: A.next_version(
        reference=one(r, CriteriaSet, locked_at__isnull=False).reference, **TOLD),
    "draft_scoring": draft_scoring,
    "change_scoring": change_scoring,
    "name_assessors": name_assessors,
    "open_scoring": lambda r: A.open_scoring(
        reference=one(r, Scoring, state="drafted", assessors__isnull=False).reference,
        who="local"),
    "exclude_assessor": lambda r: A.exclude_assessor(
        **sheet_of(r, scoring__state="open", may_score=True), **TOLD),
    "readmit_assessor": lambda r: A.readmit_assessor(
        **sheet_of(r, scoring__state="open", may_score=False), **TOLD),
    "save_sheet": save_sheet,
    "reopen_sheet": lambda r: A.reopen_sheet(**sheet_of(r, scoring__state="open"), who="local"),
    "reveal_scoring": lambda r: A.reveal_scoring(
        reference=one(r, Scoring, state="open").reference, **TOLD),
    "agree_scores": agree_scores,
    "close_scoring": lambda r: A.close_scoring(
        reference=one(r, Scoring, state="revealed").reference, who="local"),
    "withdraw_scoring": lambda r: A.withdraw_scoring(
        reference=one(r, Scoring, state="drafted").reference, **TOLD),
    "begin_skills": begin_skills,
    "start_checklist": start_checklist,
    "start_alone": start_alone,
    "start_pulse": start_pulse,
    "answer_item": answer_item,
    "finish_answers": answer_all_and_finish,
    "send_pulse": send_pulse,
    "fill_in_computed": fill_in,
    "same_as_last": same,
    "excuse_rater": excuse,
    "complete_checklist": lambda r: A.complete_checklist(
        reference=open_checklist(r).reference, review_on=soon(r), who="local"),
    "review_checklist": lambda r: A.review_checklist(
        reference=one(r, Checklist, state="complete").reference, **TOLD),
    "start_anew": anew,
    "withdraw_checklist": lambda r: A.withdraw_checklist(
        reference=open_checklist(r).reference, **TOLD),
    "log_action": lambda r: A.log_action(
        what=words(r), owner=person(r), due_on=soon(r), who="local"),
    "change_action": lambda r: A.change_action(
        reference=one(r, Action, state="open").reference, what=words(r), owner=person(r),
        due_on=soon(r), **TOLD),
    "start_action": lambda r: A.start_action(
        reference=one(r, Action, state="open").reference, who="local"),
    "finish_action": lambda r: A.finish_action(
        reference=one(r, Action, state__in=("open", "in progress")).reference,
        evidence=words(r), who="local"),
    "reopen_action": lambda r: A.reopen_action(
        reference=one(r, Action, state="done").reference, due_on=soon(r), **TOLD),
    "drop_action": lambda r: A.drop_action(
        reference=one(r, Action, state="open").reference, **TOLD),
    "make_feed": lambda r: A.make_feed(person=person(r), who="local"),
    "end_feed": lambda r: A.end_feed(person=person(r), **TOLD),
    "open_account": lambda r: accounts.open_account(
        person=person(r), username=_letters(r.getrandbits(40)), **TOLD),
    "close_account": lambda r: accounts.close_account(
        code=one(r, Account, ended_at=None).code, **TOLD),
    "give_role": lambda r: accounts.give_role(
        account=one(r, Account, ended_at=None).code, role="practice", organisation=place(r),
        **TOLD),
    "take_role": lambda r: accounts.take_role(code=one(r, Grant, ended_at=None).code, **TOLD),
    "link_openid": lambda r: accounts.link_openid(
        account=one(r, Account, ended_at=None).code, issuer="https://sign-in.example",
        subject=_letters(r.getrandbits(40)), **TOLD),
    "reset_password": lambda r: passwords.reset_password(
        account=one(r, Account, ended_at=None).code, **TOLD),
    "begin_visit": lambda r: visits.begin_visit(one(r, Account, ended_at=None), how="password"),
    "seen_visit": lambda r: visits.seen_visit(one(r, Visit)),
    "end_visits": end_visits,
    "turn_on": lambda r: sign_in.turn_on(home=HOME, **TOLD),
    "turn_off": lambda r: sign_in.turn_off(home=HOME, **TOLD),
}  # fmt: skip

#: Steps that take long (a password's hash, all knowledge read anew): tried less often.
SLOW = ("enter_rule", "withdraw_rule", "write_rules", "open_account", "reset_password",
        "begin_skills", "turn_on", "turn_off")  # fmt: skip
#: Steps that end things, or that much hangs on: rarer and more frequent than the others.
ENDING = ("person_leaves", "close_body", "end_post", "close_group", "withdraw_scoring",
          "withdraw_checklist", "close_account", "excuse_rater", "exclude_assessor")  # fmt: skip
FEEDING = ("add_person", "save_sheet", "finish_answers", "open_scoring", "draft_scoring",
           "name_assessors", "lock_criteria", "agree_scores", "close_scoring",
           "complete_checklist", "send_pulse", "start_pulse", "give_seat",
           "start_anew")  # fmt: skip


def weight(name: str) -> float:
    """Return how often a step is tried, beside the others."""
    return 0.15 if name in SLOW else 0.3 if name in ENDING else 3 if name in FEEDING else 1


def step(r: Random) -> str:
    """Do one thing at random; return its name, or nothing where it was refused or had no place."""
    names = list(STEPS)
    name = r.choices(names, [weight(one) for one in names])[0]
    try:
        STEPS[name](r)
    except (Nothing, actions.Refusal):
        return ""
    return name
