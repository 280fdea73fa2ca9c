"""Checklists as data: what is asked, of whom, about what, and how well the questions are known.

One TOML file is one template. A user's own in ``HOME/knowledge/checklists/`` add to them or
replace them by id, and are marked ``local``.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal

from pydantic import Field, model_validator

from locality.knowledge.models import Reference, Strict

About = Literal["organisation", "body", "proposal", "scoring", "decision"]
Refers = Literal[
    "people", "roles", "organisations", "bodies", "measures", "actions", "proposals", "stakeholders"
]
#: What can be worked out today, or once its room is there: the key under ``computed.from``.
Worked = Literal["delegated limits", "tags of seats", "hospital waits", "decision"]
Kind = Literal["text", "choice", "rating", "fields", "table", "references", "any of"]
PartKind = Literal["text", "line", "choice", "yes or no", "references", "after"]

#: How often a checklist is opened, most often first, with words for a heading.
CADENCES = {
    "each decision": "With each decision",
    "when it comes up": "When it comes up",
    "set up and yearly": "When something is set up, then once a year",
    "yearly": "Once a year",
}
#: How well the questions are known.
GRADES = {
    "source": "read in a public source",
    "stated": "stated in the texts this project rests on",
    "recalled": "recalled, and not seen in a source",
    "ours": "written for Locality",
}
_ID = r"^[a-z][a-z0-9_]*$"
_ITEM = r"^[A-Za-z][A-Za-z0-9_]*$"


class Part(Strict):
    """One field of an item, one column of its table, or one of the things that may be so.

    An ``after`` column holds the numbers of the rows that must come before. ``needed`` parts
    are never left empty.
    """

    id: str = Field(pattern=_ITEM)
    label: str = Field(min_length=2)
    kind: PartKind = "text"
    refers: Refers | None = None
    needed: bool = True

    @model_validator(mode="after")
    def _sound(self) -> Part:
        if (self.kind == "references") != (self.refers is not None):
            raise ValueError(f"{self.id}: references say what they refer to, and nothing else does")
        return self


class Scale(Strict):
    """Whole numbers from ``least`` to ``most``; ``anchors`` say in words what some of them mean."""

    least: int
    most: int
    anchors: dict[str, str] = Field(default={})

    @model_validator(mode="after")
    def _sound(self) -> Scale:
        if not 1 <= self.most - self.least <= 20:
            raise ValueError("a scale has from 2 to 21 points")
        outside = [key for key in self.anchors if key not in {str(point) for point in self.points}]
        if outside:
            raise ValueError(f"the scale has no point {outside[0]!r}")
        return self

    @property
    def points(self) -> range:
        """Return its points in order."""
        return range(self.least, self.most + 1)

    def words(self, point: int) -> str:
        """Return ``3, often``, or the number alone where it has no words."""
        said = self.anchors.get(str(point), "")
        return f"{point}, {said}" if said else str(point)


class Computed(Strict):
    """What an item's answer, or the figures beside it, can be worked out from.

    With ``answers`` false the figures stand beside the question and a person still answers it.
    """

    from_: Worked = Field(alias="from")
    words: str = Field(min_length=20)
    answers: bool = True


class Item(Strict):
    """One question. ``part`` holds the parts of fields, tables and any-of items.

    An ``any of`` item is met where at least ``needs`` of its parts are.
    """

    id: str = Field(pattern=_ITEM)
    question: str = Field(min_length=8)
    kind: Kind
    hint: str = ""
    scale: Scale | None = None
    part: list[Part] = Field(default=[])
    needs: int = Field(default=1, ge=1)
    refers: Refers | None = None
    computed: Computed | None = None
    may_not_apply: bool = True
    check: bool = False
    check_why: str = ""

    @model_validator(mode="after")
    def _sound(self) -> Item:
        _checked(self.id, self.check, self.check_why)
        if (self.kind == "rating") != (self.scale is not None):
            raise ValueError(f"{self.id}: a rating has a scale, and nothing else has")
        if (self.kind in ("fields", "table", "any of")) != bool(self.part):
            raise ValueError(f"{self.id}: fields, tables and any-of items have parts")
        if (self.kind == "references") != (self.refers is not None):
            raise ValueError(f"{self.id}: references say what they refer to, and nothing else does")
        _once(f"{self.id}: the part", [one.id for one in self.part])
        if self.kind != "table" and any(one.kind == "after" for one in self.part):
            raise ValueError(f"{self.id}: what comes after what belongs in a table")
        if self.needs > 1 and (self.kind != "any of" or self.needs > len(self.part)):
            raise ValueError(f"{self.id}: it needs more parts than it has")
        if self.kind == "any of" and any(one.kind != "yes or no" for one in self.part):
            raise ValueError(f"{self.id}: each part of an any-of item is yes or no")
        return self

    @property
    def in_order(self) -> tuple[tuple[str, str], ...]:
        """Return the answers one may choose from (value, words), lowest first; none for text."""
        if self.scale is not None:
            return tuple((str(point), self.scale.words(point)) for point in self.scale.points)
        return CHOICES if self.kind == "choice" else ()


#: The answers of a choice, lowest first.
CHOICES = (("no", "No"), ("partly", "Partly"), ("yes", "Yes"))


class Side(Strict):
    """One of the sides that answer apart, such as the manager and the partners."""

    id: str = Field(pattern=_ID)
    title: str = Field(min_length=2)


class Template(Strict):
    """One checklist as it is asked.

    ``raters`` is ``one`` (everybody works on one set of answers), ``two`` (two people apart,
    compared) or ``each`` (everyone named answers alone). With ``sides`` each side answers apart.
    With ``agreed`` a common answer is settled once all raters are done. In an ``anonymous`` one
    answers are shown only as counts, of at least three people, and never by name.
    """

    id: str = Field(pattern=_ID)
    version: int = Field(ge=1)
    title: str = Field(min_length=8)
    purpose: str = Field(min_length=20)
    when: Literal["each decision", "when it comes up", "set up and yearly", "yearly"]
    use: str = Field(min_length=8)
    about: list[About] = Field(min_length=1)
    raters: Literal["one", "two", "each"] = "one"
    sides: list[Side] = Field(default=[])
    agreed: bool = False
    anonymous: bool = False
    grade: Literal["source", "stated", "recalled", "ours"]
    references: list[Reference] = Field(default=[])
    check: bool = False
    check_why: str = ""
    item: list[Item] = Field(min_length=1)
    place: str = ""
    local: bool = False
    replaces: str = ""

    @model_validator(mode="after")
    def _sound(self) -> Template:
        _checked(self.id, self.check, self.check_why)
        _once("the item", [one.id for one in self.item])
        _once("the side", [one.id for one in self.sides])
        if self.sides and (len(self.sides) != 2 or self.raters != "each"):
            raise ValueError("sides are two, and everyone of a side answers alone (raters each)")
        if self.agreed and (self.raters == "one" or self.anonymous or self.sides):
            raise ValueError("an agreed answer needs raters who are known, and no sides")
        if self.anonymous and (self.raters != "each" or self.sides):
            raise ValueError("in an anonymous one everyone answers alone, without sides")
        if self.anonymous and any(one.kind not in ("choice", "rating") for one in self.item):
            raise ValueError("an anonymous one asks for no words: they give people away")
        if self.raters != "one" and any(one.computed for one in self.item):
            raise ValueError("what is worked out belongs where raters = one")
        if self.grade == "source" and not self.references:
            raise ValueError("it says it was read in a source, so it names one in references")
        return self

    def asked(self, id: str) -> Item | None:
        """Return the item called ``id``, or None."""
        return next((one for one in self.item if one.id == id), None)

    @property
    def frozen(self) -> dict[str, Any]:
        """Return its content as plain values, to be kept with what is filled in from it."""
        return self.model_dump(mode="json", by_alias=True, exclude={"place", "replaces"})

    @property
    def content_hash(self) -> str:
        """Return the sha256 of its content: two alike ask the same in the same words."""
        told = {key: value for key, value in self.frozen.items() if key != "local"}
        text = json.dumps(told, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def thawed(frozen: dict[str, Any]) -> Template:
    """Return the template whose content was kept; ValueError where it is none."""
    return Template.model_validate(frozen)


def _checked(id: str, check: bool, why: str) -> None:
    if check != bool(why):
        raise ValueError(f"{id}: what is to be checked says why, and nothing else does")


def _once(what: str, ids: list[str]) -> None:
    twice = [id for id in ids if ids.count(id) > 1]
    if twice:
        raise ValueError(f"{what} {twice[0]!r} stands twice")
