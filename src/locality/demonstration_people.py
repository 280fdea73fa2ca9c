"""Made-up people for the made-up locality: posts, bodies, a panel that scores, checklists.

Everything is written through the actions that pages use, signed by the people themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from locality.records.models import Body, Person, Post

SINCE = "2024-04-01"
_SEEDED = "demonstration"
_WHY = "The made-up locality begins."


@dataclass(frozen=True)
class Somebody:
    """A made-up person and their post: ``where`` is practice 0 to 2, pcn or icb."""

    key: str
    name: str
    title: str
    where: str
    tags: tuple[str, ...]
    limit: str | None = None
    decides: bool = False


PEOPLE = (
    Somebody("partner", "Dr Asha Alder", "GP partner", "0", ("gp",), "5000", True),
    Somebody("manager", "Priya Marsh", "Practice manager", "0", ("practice manager",), "2500"),
    Somebody("second", "Dr Mia Moss", "GP partner", "0", ("gp",), "5000", True),
    Somebody("gp", "Dr Gwen Penrose", "GP", "1", ("gp",), "0"),
    Somebody("nurse", "Dan Dunn", "Lead nurse", "2", ("nurse",)),
    Somebody("network", "Ellen Elm", "Network manager", "pcn", ("practice manager",),
             "10000", True),
    Somebody("pharmacist", "Lev Lark", "Clinical pharmacist", "pcn", ("pharmacist",)),
    Somebody("commissioner", "Colm Ashby", "Head of primary care", "icb", ("finance",),
             "50000", True),
    Somebody("governance", "Grace Linden", "Governance lead", "icb", ()),
    Somebody("lay", "Lionel Dale", "Lay member", "icb", ("lay", "independent")),
    Somebody("patient", "Iris Ivory", "Chair of the patient group", "0", ("patient", "lay")),
    Somebody("consultant", "Dr Jon Juniper", "Consultant physician", "icb",
             ("secondary care", "independent")),
    Somebody("analyst", "Anya Thorne", "Analyst", "icb", ()),
    Somebody("health", "Noor North", "Public health consultant", "icb",
             ("public health", "council")),
)  # fmt: skip


@dataclass
class Made:
    """What was made, by the key of each person: the person, their post, and the bodies."""

    people: dict[str, Person]
    posts: dict[str, Post]
    places: dict[str, str]
    panel: Body
    board: Body
    partners: Body


def populate(home: Path, places: dict[str, str] | None = None) -> bool:
    """Write made-up people and what they do into the records of ``home``.

    ``places`` are the codes of practices 0 to 2, of their network (pcn) and board (icb): the
    first that fit among what is loaded, if unsaid. Returns whether anything was written: nothing
    is where anybody is recorded already.
    """
    from locality.records.setup import prepare

    prepare(home)
    from locality.records.actions.demonstration import open_demo_accounts
    from locality.records.models import Person

    if Person.objects.exists():
        return False
    made = _people(places or _places(home))
    _quorums(made)
    _scorings(made)
    _checklists(made)
    _actions(made)
    open_demo_accounts(made.places["0"], made.places["icb"])
    return True


def _places(home: Path) -> dict[str, str]:
    """Return the codes of a board, one of its networks and three practices of that network."""
    from locality.workbench import open_workbench

    bench = open_workbench(home)
    for network in bench.know.organisations("pcn").rows:
        inside = [row for row in bench.know.members(network["code"]).rows
                  if row["kind"] == "practice"]  # fmt: skip
        above = [row["code"] for row in bench.know.belongs_to(network["code"]).rows
                 if row["kind"] == "icb"]  # fmt: skip
        if len(inside) >= 3 and above:
            three = {str(at): row["code"] for at, row in enumerate(inside[:3])}
            return three | {"pcn": network["code"], "icb": above[0]}
    practices = bench.know.organisations("practice").rows
    return {key: practices[min(at, len(practices) - 1)]["code"]
            for at, key in enumerate(("0", "1", "2", "pcn", "icb"))}  # fmt: skip


def _people(places: dict[str, str]) -> Made:
    from locality.records.actions import add_person, give_post, open_body

    told: dict[str, Any] = {"who": _SEEDED, "why": _WHY}
    people, posts = {}, {}
    for one in PEOPLE:
        mail = one.name.lower().replace("dr ", "").replace(" ", ".") + "@locality.example"
        people[one.key] = add_person(name=one.name, email=mail, **told)
        posts[one.key] = give_post(
            person=people[one.key].code, organisation=places[one.where], title=one.title,
            tags=one.tags, decision_maker=one.decides, limit=one.limit, from_day=SINCE, **told,
        )  # fmt: skip
    committee = open_body(
        name="Primary care committee", kind="committee", organisation=places["icb"],
        acts_for="The board, for everybody registered with a practice of its area.",
        consent="Delegated by the board under its scheme of delegation of 1 April 2024.",
        opened_on=SINCE, **told,
    )  # fmt: skip
    panel = open_body(
        name="Commissioning panel", kind="panel", organisation=places["icb"],
        parent=committee.code,
        acts_for="The practices of the area and their patients.",
        consent="Terms of reference agreed by the committee and by every network, 1 April 2024.",
        task="Choose which services to grow, to change and to stop, within the money there is.",
        needs_tags=("gp", "nurse", "lay", "finance", "secondary care", "pharmacist"),
        bring="Proposals above £10,000 a year, with who gains, who loses and what is stopped.",
        contact="Grace Linden, governance lead.", opened_on=SINCE, **told,
    )  # fmt: skip
    board = open_body(
        name="Network board", kind="network", organisation=places["pcn"],
        acts_for="The practices of the network.",
        consent="The network agreement, schedule 1.",
        task="Share staff and settle what practices do better together.",
        needs_tags=("gp", "practice manager", "pharmacist"),
        bring="Anything that concerns more than one practice.",
        contact="Ellen Elm, network manager.", opened_on=SINCE, **told,
    )  # fmt: skip
    partners = open_body(
        name="Partners' meeting", kind="partners", organisation=places["0"],
        acts_for="The partnership.", consent="The partnership deed.", opened_on=SINCE, **told,
    )  # fmt: skip
    return Made(people, posts, places, panel, board, partners)


def _quorums(made: Made) -> None:
    from locality.records.actions import give_seat, set_quorum

    told: dict[str, Any] = {"who": made.people["governance"].signature, "why": _WHY}
    seats = (
        (made.panel, {"lay": "chair", "commissioner": "vice chair", "gp": "member",
                      "partner": "member", "nurse": "member", "consultant": "member",
                      "patient": "member", "analyst": "in attendance"}),
        (made.board, {"network": "chair", "partner": "member", "gp": "member",
                      "manager": "member", "pharmacist": "member"}),
        (made.partners, {"partner": "chair", "second": "member", "manager": "in attendance"}),
    )  # fmt: skip
    for body, roles in seats:
        for key, role in roles.items():
            give_seat(
                body_code=body.code, post=made.posts[key].code, role=role,
                voting=role != "in attendance", from_day="2024-05-01", **told,
            )  # fmt: skip
    set_quorum(
        code=made.panel.code,
        rules=[(4, (), True), (1, ("gp",), True), (1, ("lay", "patient"), True)], **told,
    )  # fmt: skip
    set_quorum(code=made.board.code, rules=[(3, (), True), (1, ("gp",), True)], **told)


#: Two services to grow, one to do for less and one to stop, as the panel scores them: benefit
#: to patients, fairness, safety and fit, from -3 to 3.
_OPTIONS = (
    ("Heart failure nurse in each network", (3, 2, 2, 2)),
    ("Evening physiotherapy", (2, 2, 1, 2)),
    ("Minor surgery in fewer places", (-1, -1, 1, 1)),
    ("Stop the Saturday phlebotomy clinic", (-1, -2, 0, -1)),
)
_CRITERIA = (
    ("Benefit to patients", "40", "How much better or worse patients would be"),
    ("Fairness", "25", "Whether those who have least gain or lose"),
    ("Safety", "20", "Whether care becomes safer or less safe"),
    ("Fit with what was agreed", "15", "Whether it helps or hinders the locality's own plan"),
)
_ANCHORS = """-3 = much worse
-1 = a little worse
0 = no change
1 = a little better
3 = much better"""
_SCORERS = ("lay", "gp", "partner", "nurse", "consultant", "patient")


def _scorings(made: Made) -> None:
    """One scoring that is agreed, and one in which three have still to score."""
    from locality.records.actions.criteria import Row, lock_criteria, make_criteria
    from locality.records.actions.scores import Given, save_sheet
    from locality.records.actions.scoring import (
        SubjectRow,
        draft_scoring,
        exclude_assessor,
        name_assessors,
        open_scoring,
    )

    chair = made.people["governance"].signature
    told: dict[str, Any] = {"who": chair, "why": "For this year's choices."}
    criteria = make_criteria(
        title="Grow, change or stop", purpose="priority setting", method="points",
        rows=[Row(name, weight, "-3", "3", "1", meaning, "", _ANCHORS)
              for name, weight, meaning in _CRITERIA], **told,
    )  # fmt: skip
    lock_criteria(reference=criteria.reference, who=chair)
    for title, waiting in (("Services for this year", 0), ("Services for next year", 3)):
        held = draft_scoring(
            title=title, criteria=criteria.reference, body=made.panel.code,
            subjects=[SubjectRow(name=name) for name, _ in _OPTIONS], margin="1", **told,
        )  # fmt: skip
        scorers = [made.people[key] for key in (*_SCORERS, "commissioner")]
        name_assessors(
            reference=held.reference, assessors=[(one.code, "member") for one in scorers], **told
        )
        exclude_assessor(
            reference=held.reference, person=made.people["commissioner"].code, who=chair,
            why="Holds the contract that one of the options would end.",
        )  # fmt: skip
        open_scoring(reference=held.reference, who=chair)
        for at, key in enumerate(_SCORERS[: len(_SCORERS) - waiting]):
            one = made.people[key]
            cells = {
                (row, column): Given(str(max(-3, min(3, value + _leaning(at, row, column)))),
                                     "I have seen it work." if (at, row) == (1, 1) else "")
                for row, (_, values) in enumerate(_OPTIONS, 1)
                for column, value in enumerate(values, 1)
            }  # fmt: skip
            save_sheet(reference=held.reference, person=one.code, cells=cells,
                       who=one.signature, submit=True)  # fmt: skip
        if not waiting:
            _agreed(held.reference, chair)


def _leaning(assessor: int, subject: int, criterion: int) -> int:
    """Return by how much somebody leans from what the table says: the same each time."""
    return (assessor * 7 + subject * 5 + criterion * 3) % 3 - 1


def _agreed(reference: str, chair: str) -> None:
    from locality.records.actions import scores

    cells = {
        (row, column): scores.Settled(str(value), "Discussed, with the evidence on the table.")
        for row, (_, values) in enumerate(_OPTIONS, 1)
        for column, value in enumerate(values, 1)
    }
    scores.agree_scores(reference=reference, cells=cells, who=chair)
    scores.close_scoring(reference=reference, who=chair)


#: What is to be done: what, by whom, who is accountable, in how many days, how far it is.
_ACTIONS = (
    ("Write to every practice about the new rota", "manager", "network", 3, "open"),
    ("Ask the trust for its price of a heart failure nurse", "commissioner", "lay", 10, "started"),
    ("Find a pharmacist for the panel", "governance", "lay", 21, "open"),
    ("Send the papers in plain words a week before", "governance", "lay", 6, "open"),
    ("Count how many Saturday appointments are free", "analyst", "commissioner", 14, "started"),
    ("Share the list of rooms between the practices", "network", "network", 30, "open"),
    ("Agree who covers which evening", "gp", "network", 45, "open"),
    ("Tell patients' groups what was decided", "patient", "governance", 60, "open"),
    ("Look again at the smallest lists", "analyst", "governance", 0, "done"),
    ("Invite a second nurse", "nurse", "governance", 0, "done"),
    ("Draft a shared rule for the hub", "network", "partner", 90, "open"),
    ("Ring the council about transport", "health", "lay", 20, "dropped"),
)


def _actions(made: Made) -> None:
    """A dozen actions of the panel, of which some are done, begun or dropped."""
    from django.utils import timezone

    from locality.records.actions import drop_action, finish_action, log_action, start_action

    today = timezone.localdate()
    for what, owner, accountable, days, state in _ACTIONS:
        by = made.people[owner].signature
        held = log_action(
            what=what, owner=made.people[owner].code, accountable=made.people[accountable].code,
            due_on=today + timedelta(days=days), body=made.panel.code, origin_kind="body",
            origin=made.panel.code, who=made.people["governance"].signature,
        )  # fmt: skip
        if state == "started":
            start_action(reference=held.reference, who=by)
        elif state == "done":
            finish_action(reference=held.reference, evidence="In the minutes.", who=by)
        elif state == "dropped":
            drop_action(reference=held.reference, who=by, why="The council does it already.")


def _checklists(made: Made) -> None:
    """Roberts' six of the panel, seven reasons of a practice from both sides, a pulse."""
    from locality.knowledge import load
    from locality.records.actions import answer_item, finish_answers, send_pulse, start_checklist

    templates = load().checklists
    chair = made.people["lay"]
    six = start_checklist(
        template=templates["roberts_six"], about_kind="body", about=made.panel.code,
        owner=made.people["governance"].code, who=made.people["governance"].signature,
    )  # fmt: skip
    for item, value, words in (
        ("clear_feasible", "yes", "Written into the terms of reference."),
        ("no_clash", "partly", "Two members hold contracts that are looked at."),
        ("worth_it", "yes", ""),
    ):
        answer_item(reference=six.reference, item=item, value=value, words=words,
                    who=chair.signature)  # fmt: skip
    manager, partners = made.people["manager"], ("partner", "second")
    seven = start_checklist(
        template=templates["checkland_seven"], about_kind="organisation",
        about=made.places["0"], owner=manager.code, who=manager.signature,
        raters=[(manager.code, "manager")]
        + [(made.people[key].code, "partners") for key in partners],
    )  # fmt: skip
    seen = {"manager": (3, 4, 4, 2, 3, 3, 2), "partner": (1, 1, 3, 1, 2, 1, 2),
            "second": (1, 2, 2, 1, 1, 1, 3)}  # fmt: skip
    for key, ratings in seen.items():
        one = made.people[key]
        for asked, rating in zip(templates["checkland_seven"].item, ratings, strict=True):
            answer_item(reference=seven.reference, item=asked.id, value=rating,
                        person=one.code, who=one.signature)  # fmt: skip
        finish_answers(reference=seven.reference, person=one.code, who=one.signature)
    pulse = start_checklist(
        template=templates["engagement_pulse"], about_kind="body", about=made.panel.code,
        owner=made.people["governance"].code, who=made.people["governance"].signature,
    )  # fmt: skip
    for at, key in enumerate(("lay", "gp", "nurse", "consultant", "patient")):
        one = made.people[key]
        said = ("no", "partly", "yes")
        values: dict[str, Any] = {
            asked.id: said[(at + place) % 3] if asked.kind == "choice" else (at + 1) % 5
            for place, asked in enumerate(templates["engagement_pulse"].item)
        }
        send_pulse(reference=pulse.reference, person=one.code, values=values, who=one.signature)
