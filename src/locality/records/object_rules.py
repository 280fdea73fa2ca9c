"""Rules about one thing: is it of their own organisation, does it name them, do they sit there.

Each is a predicate over who asks and what is asked about. A thing that is not there satisfies
none of them, so that nobody learns by asking whether it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from rules.predicates import Predicate, predicate

from locality.records import feedback_tables, signal_tables
from locality.records.models import (
    Account,
    Action,
    Assessor,
    Body,
    Checklist,
    CriteriaSet,
    Feedback,
    Mark,
    Membership,
    Note,
    Person,
    Post,
    Purpose,
    Rater,
    Rebase,
    Request,
    Scoring,
    Seat,
    SeatRole,
    Subject,
)
from locality.records.people_tables import current

_SIGNED = re.compile(r", (p-[0-9a-z]+)$")


def _nowhere(code: str) -> frozenset[str]:
    return frozenset()


def seats_of(person: str) -> Mapping[str, frozenset[str]]:
    """Return the bodies in which a person sits today, with their roles there."""
    found: dict[str, frozenset[str]] = {}
    if person:
        held = current(Seat.objects.filter(post__person__code=person))
        for body, role in held.values_list("body__code", "role"):
            found[body] = found.get(body, frozenset()) | {role}
    return found


@dataclass(frozen=True)
class Asking:
    """Who asks, in one of their roles.

    ``places`` are the organisations in which they hold it, an empty one being everywhere.
    ``within`` returns what an organisation belongs to; only who plans for others is asked it.
    ``seats`` returns where a person sits.
    """

    person: str = ""
    places: frozenset[str] = frozenset()
    within: Callable[[str], frozenset[str]] = field(default=_nowhere, compare=False)
    seats: Callable[[str], Mapping[str, frozenset[str]]] = field(default=seats_of, compare=False)


@dataclass(frozen=True)
class Thing:
    """What is asked about: the organisations, people and bodies it concerns, by their codes."""

    kind: str
    code: str
    organisations: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    bodies: frozenset[str] = frozenset()


@predicate
def own(asking: Asking, thing: Thing | None) -> bool:
    """Return whether it is of an organisation of theirs, or of one within it."""
    return thing is not None and any(_holds(asking, one) for one in thing.organisations)


@predicate
def ours(asking: Asking, thing: Thing | None) -> bool:
    """Return whether it is of an organisation of theirs itself, not of one within it."""
    return thing is not None and not asking.places.isdisjoint(thing.organisations)


@predicate
def mine(asking: Asking, thing: Thing | None) -> bool:
    """Return whether it names them: owner, accountable, assessor, rater, author."""
    return thing is not None and bool(asking.person) and asking.person in thing.people


@predicate
def seat(asking: Asking, thing: Thing | None) -> bool:
    """Return whether they hold a seat in its body today."""
    return thing is not None and _sits(asking, thing)


@predicate
def chair(asking: Asking, thing: Thing | None) -> bool:
    """Return whether they are chair or vice chair of its body today."""
    return thing is not None and _sits(asking, thing, SeatRole.CHAIR, SeatRole.VICE_CHAIR)


@predicate
def given(asking: Asking, thing: Thing | None) -> bool:
    """Return whether the organisation's pack may be shown beyond it: its reply day has passed.

    An account that it gave earlier opens the pack too. Where none was sent there is none to show.
    """
    if thing is None or thing.kind != "organisation":
        return False
    rows = feedback_tables.feedback(thing.code).rows
    if not rows:
        return False
    accounts = signal_tables.accounts(thing.code)
    stage = feedback_tables.stage(rows[0], accounts, timezone.localdate())
    return feedback_tables.shareable(stage)


#: What a cell of the permission table may ask. ``shared``: own, and given to be shown.
RULES: dict[str, Predicate] = {
    "own": own,
    "ours": ours,
    "mine": mine,
    "seat": seat,
    "chair": chair,
    "shared": own & given,
}


def thing(kind: str, code: str) -> Thing | None:
    """Return the thing of a ``kind`` under ``code``, or None where there is none."""
    if not code:
        return None
    return KINDS[kind](code) if kind in KINDS else None


def things(kind: str, codes: Collection[str]) -> dict[str, Thing | None]:
    """Return many things of one kind by their codes, with as few questions as there can be."""
    if kind in MANY:
        found = MANY[kind](codes)
        return {code: found.get(code) for code in codes if code}
    return {code: thing(kind, code) for code in codes}


def _organisation(code: str) -> Thing:
    return Thing("organisation", code, organisations=frozenset((code,)))


def _person(code: str) -> Thing | None:
    there = Person.objects.filter(code=code).exists()
    return Thing("person", code, people=frozenset((code,))) if there else None


def _post(code: str) -> Thing | None:
    one = Post.objects.select_related("person").filter(code=code).first()
    return one and Thing("post", code, _some(one.organisation), _some(one.person.code))


def _body(code: str) -> Thing | None:
    one = Body.objects.filter(code=code).first()
    return one and Thing("body", code, _some(one.organisation), bodies=_some(one.code))


def _seat(code: str) -> Thing | None:
    one = Seat.objects.select_related("body", "post__person").filter(code=code).first()
    return one and Thing(
        "seat", code, _some(one.body.organisation), _some(one.post.person.code),
        _some(one.body.code),
    )  # fmt: skip


def _said(model: Any, kind: str) -> Callable[[str], Thing | None]:
    """Return what finds a thing that somebody said of an organisation, signed ``by`` them."""

    def find(code: str) -> Thing | None:
        one = model.objects.filter(code=code).first()
        return one and Thing(kind, code, _some(one.organisation), signed(one.by))

    return find


def _signal(code: str) -> Thing | None:
    return _said(Mark, "signal")(code) or _said(Rebase, "signal")(code)


def _checklists(codes: Collection[str]) -> dict[str, Thing]:
    raters: dict[int, set[str]] = {}
    asked = Rater.objects.filter(checklist__reference__in=codes)
    for checklist, person in asked.values_list("checklist", "person__code"):
        raters.setdefault(checklist, set()).add(person)
    found = Checklist.objects.filter(reference__in=codes).values_list(
        "pk", "reference", "about_kind", "about", "owner__code", "body__code"
    )
    return {
        reference: Thing(
            "checklist", reference, _some(about if kind == "organisation" else ""),
            frozenset((owner, *raters.get(key, ()))), _some(body or ""),
        )
        for key, reference, kind, about, owner, body in found
    }  # fmt: skip


def _action(code: str) -> Thing | None:
    one = (
        Action.objects.select_related("owner", "accountable", "body").filter(reference=code).first()
    )
    return one and Thing(
        "action", code, _some(one.organisation),
        _some(one.owner.code, one.accountable.code), _some(one.body.code if one.body else ""),
    )  # fmt: skip


def _scorings(codes: Collection[str]) -> dict[str, Thing]:
    """Return scorings: of their body, naming those who may score, and whose skills are scored.

    A skills review is of the organisation for which all those people were chosen.
    """
    people: dict[int, set[str]] = {}
    teams: dict[int, set[str]] = {}
    who_may = Assessor.objects.filter(scoring__reference__in=codes, may_score=True)
    for scoring, person in who_may.values_list("scoring", "person__code"):
        people.setdefault(scoring, set()).add(person)
    skilled = Subject.objects.filter(
        scoring__reference__in=codes, scoring__purpose=Purpose.SKILLS, person__isnull=False,
        ended_at=None,
    )  # fmt: skip
    for scoring, person, team in skilled.values_list("scoring", "person__code", "organisation"):
        people.setdefault(scoring, set()).add(person)
        teams.setdefault(scoring, set()).add(team)
    found = Scoring.objects.filter(reference__in=codes).values_list("pk", "reference", "body__code")
    return {
        reference: Thing(
            "scoring", reference, _some(*teams[key]) if len(teams.get(key, ())) == 1 else _some(),
            frozenset(people.get(key, ())), _some(body or ""),
        )
        for key, reference, body in found
    }  # fmt: skip


def _criteria_set(code: str) -> Thing | None:
    """Return a set of criteria: of the bodies that score by it, naming who locked it."""
    one = CriteriaSet.objects.filter(reference=code).first()
    if one is None:
        return None
    bodies = one.scorings.filter(body__isnull=False).values_list("body__code", flat=True)
    return Thing("criteria set", code, people=signed(one.locked_by), bodies=frozenset(bodies))


def _account(code: str) -> Thing | None:
    one = Account.objects.select_related("person").filter(code=code).first()
    return one and Thing("account", code, people=_some(one.person.code))


#: How many things are found at once, where pages list them.
MANY: dict[str, Callable[[Collection[str]], dict[str, Thing]]] = {
    "checklist": _checklists,
    "scoring": _scorings,
}
#: How a thing is found by the code in an address. A kind that is not here satisfies no rule.
KINDS: dict[str, Callable[[str], Thing | None]] = {
    "organisation": _organisation,
    "group": _organisation,
    "person": _person,
    "post": _post,
    "body": _body,
    "seat": _seat,
    "note": _said(Note, "note"),
    "signal": _signal,
    "request": _said(Request, "request"),
    "feedback": _said(Feedback, "feedback"),
    "checklist": lambda code: _checklists((code,)).get(code),
    "action": _action,
    "scoring": lambda code: _scorings((code,)).get(code),
    "criteria set": _criteria_set,
    "account": _account,
}


def signed(signature: str) -> frozenset[str]:
    """Return whose signature it is, by their code: none for one who was not signed in."""
    found = _SIGNED.search(signature)
    return frozenset((found[1],)) if found else frozenset()


def _some(*codes: str) -> frozenset[str]:
    return frozenset(code for code in codes if code)


def _holds(asking: Asking, organisation: str) -> bool:
    places = asking.places
    if "" in places or organisation in places:
        return True
    if not places or asking.within is _nowhere:
        return False
    groups = {place for place in places if place.startswith("g-")}
    if groups and _in_group(organisation, groups):
        return True
    return bool(asking.within(organisation) & places)


def _in_group(practice: str, groups: Iterable[str]) -> bool:
    return Membership.objects.filter(
        group__code__in=groups, group__closed_on=None, practice_code=practice, left_on=None
    ).exists()


def _sits(asking: Asking, about: Thing, *roles: object) -> bool:
    if not asking.person or not about.bodies:
        return False
    held = asking.seats(asking.person)
    return any(
        body in held and (not roles or not held[body].isdisjoint(roles)) for body in about.bodies
    )
