"""The made-up people who sign in to the demonstration: one for each way of using these pages."""

from __future__ import annotations

from dataclasses import dataclass

from locality.records.actions.accounts import write_account, write_grant
from locality.records.actions.people import add_person
from locality.records.actions.writing import change
from locality.records.models import Account, Person, Role

_WHY = "The demonstration has its own people."
_WHO = "demonstration"


@dataclass(frozen=True)
class Demonstrator:
    """One of them: the name they sign in by, their own name, what they are there to show."""

    username: str
    name: str
    shows: str
    role: str = ""
    place: str = ""


#: In the order of the page. ``place`` says which kind of organisation they belong to.
DEMONSTRATORS = (
    Demonstrator(
        "demo.practice", "Priya Marsh", "Practice manager", str(Role.PRACTICE), "practice"
    ),
    Demonstrator("demo.gp", "Dr Gwen Penrose", "GP on a panel"),
    Demonstrator("demo.commissioner", "Colm Ashby", "Commissioner", str(Role.COMMISSIONER), "icb"),
    Demonstrator("demo.governance", "Grace Linden", "Governance lead", str(Role.GOVERNANCE)),
    Demonstrator("demo.lay", "Lionel Dale", "Lay member"),
    Demonstrator("demo.analyst", "Anya Thorne", "Analyst", str(Role.ANALYST)),
    Demonstrator("demo.administrator", "Adam Weir", "Administrator", str(Role.ADMINISTRATOR)),
)


def open_demo_accounts(practice: str = "", board: str = "") -> dict[str, Account]:
    """Return username -> account of the demonstration's people, opened now where they are not.

    ``practice`` and ``board`` are the organisations of the practice manager and the commissioner;
    the commissioner holds everywhere where no board is named. No account has a password: only
    the demonstration's own buttons open them.
    """
    found = _there()
    if len(found) == len(DEMONSTRATORS):
        return found
    places = {"practice": practice, "icb": board, "": ""}
    with change():
        for one in DEMONSTRATORS:
            if one.username in found:
                continue
            person = _somebody(one.name)
            account = write_account(person, one.username, _WHO, _WHY)
            place = places[one.place]
            if one.role and (place or one.role != Role.PRACTICE):
                write_grant(account, one.role, place, _WHO, _WHY)
    return _there()


def _somebody(name: str) -> Person:
    """Return the one of that name who acts in the made-up locality, or somebody new."""
    held = Person.objects.filter(name=name, ended_at=None, accounts=None).first()
    return held or add_person(name=name, who=_WHO, why=_WHY)


def _there() -> dict[str, Account]:
    names = [one.username for one in DEMONSTRATORS]
    found = Account.objects.select_related("person").filter(
        username__in=names, by=_WHO, ended_at=None, person__ended_at=None
    )
    return {one.username: one for one in found}
