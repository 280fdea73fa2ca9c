"""Who oversees what, and who can help with what: bodies and role cards as data.

A file in ``knowledge/oversight/`` holds bodies, one in ``knowledge/roles/`` role cards. A user's
own in the same folders of ``HOME/knowledge/`` add to them, or replace them by id.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import Field, model_validator

from locality.knowledge import files
from locality.knowledge.files import PACKAGE, Shelf
from locality.knowledge.models import Reference, Strict, built
from locality.knowledge.problems import problem

#: How well a body or a role card is known.
KNOWN = {
    "read": "read in the source named",
    "second_hand": "read in a third party's page",
    "check": "to be checked: not seen in a source",
}
Known = Literal["read", "second_hand", "check"]
_ID = r"^[a-z][a-z0-9_]*$"


class _Known(Strict):
    """What both share: an id, a name, how well it is known, and when that was looked at."""

    id: str = Field(pattern=_ID)
    name: str = Field(min_length=3, max_length=120)
    grade: Known
    reference: Reference | None = None
    note: str = ""
    as_at: str = ""
    place: str = ""
    local: bool = False

    @model_validator(mode="after")
    def _referred(self) -> _Known:
        if self.reference is None and self.grade != "check":
            raise ValueError(f"{self.id}: name the reference, or grade it 'check'")
        return self


class Overseer(_Known):
    """A body: what it does, over whom or what, and between which days where these are known."""

    does: str = Field(min_length=5, max_length=60)
    over: str = Field(min_length=5)
    from_: date | None = Field(default=None, alias="from")
    to: date | None = None

    def stands(self, on: date) -> bool:
        """Return whether it is there on a day, as far as its days are known."""
        return (self.from_ is None or self.from_ <= on) and (self.to is None or on <= self.to)


class RoleCard(_Known):
    """A profession: what it helps with, what it must have, and who supervises it how often.

    ``undifferentiated``: whether it may see patients whose problem is not sorted out yet. Empty
    fields are not known; ``supervision_days`` is the longest between two meetings.
    """

    helps_with: str = Field(min_length=10)
    must_have: str = ""
    register_: str = Field(default="", alias="register")
    supervision: str = ""
    supervision_days: int | None = Field(default=None, ge=1, le=366)
    named_supervisor: bool | None = None
    undifferentiated: Literal["", "yes", "no", "within the specialty", "by protocol"] = ""


class _Overseers(Strict):
    as_at: str = Field(min_length=4)
    body: list[Overseer] = Field(min_length=1)


class _Roles(Strict):
    as_at: str = Field(min_length=4)
    role: list[RoleCard] = Field(min_length=1)


K = TypeVar("K", Overseer, RoleCard)


def overseers(home: str | Path | None = None) -> Mapping[str, Overseer]:
    """Return the bodies that oversee general practice, by id, in the order of their files.

    Raises KnowledgeError that names the file and the key.
    """
    found: dict[str, Overseer] = {}
    for shelf in _shelves(home):
        own: dict[str, Overseer] = {}
        for path in shelf.files("oversight", ".toml"):
            place = shelf.place(path)
            sheet = built(_Overseers, files.toml(path, place), place)
            _add(own, sheet.body, sheet.as_at, shelf, place)
        found |= own
    return found


def role_cards(home: str | Path | None = None) -> Mapping[str, RoleCard]:
    """Return the role cards, by id, in the order of their files. Raises KnowledgeError."""
    found: dict[str, RoleCard] = {}
    for shelf in _shelves(home):
        own: dict[str, RoleCard] = {}
        for path in shelf.files("roles", ".toml"):
            place = shelf.place(path)
            sheet = built(_Roles, files.toml(path, place), place)
            _add(own, sheet.role, sheet.as_at, shelf, place)
        found |= own
    return found


def _shelves(home: str | Path | None) -> list[Shelf]:
    shelves = [Shelf(PACKAGE, local=False)]
    if home is not None:
        shelves.append(Shelf(Path(home) / "knowledge", local=True))
    return shelves


def _add(own: dict[str, K], given: list[K], as_at: str, shelf: Shelf, place: str) -> None:
    for one in given:
        if one.id in own:
            raise problem(place, "id", f"{one.id!r} is already in {own[one.id].place}.")
        marks = {"place": place, "local": shelf.local, "as_at": one.as_at or as_at}
        own[one.id] = one.model_copy(update=marks)
