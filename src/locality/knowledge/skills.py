"""Skills as data: lists of them, and the ladder on which they are scored.

The package's own lists, and over them a user's own in ``HOME/knowledge/skills/``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator

from locality.knowledge import files
from locality.knowledge.files import PACKAGE, Shelf
from locality.knowledge.models import Strict, built
from locality.knowledge.problems import problem


class Skill(Strict):
    """One skill: what it is called, the heading it stands under, and what it means to have it."""

    name: str = Field(min_length=3, max_length=120)
    domain: str = Field(default="", max_length=80)
    meaning: str = Field(min_length=10)


class SkillList(Strict):
    """A list of skills; ``local`` is one that no outside standard stands behind."""

    kind: Literal["list"]
    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(min_length=3, max_length=160)
    reference: str = Field(min_length=3)
    local: bool = False
    words: str = ""
    skill: list[Skill] = Field(min_length=1, max_length=30)
    place: str = ""

    @field_validator("skill")
    @classmethod
    def _named_once(cls, given: list[Skill]) -> list[Skill]:
        names = [one.name.casefold() for one in given]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise ValueError(f"the skill {twice!r} stands twice")
        return given


class Ladder(Strict):
    """The steps of a scale for skills, lowest first, and whose they are."""

    kind: Literal["ladder"]
    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(min_length=3)
    reference: str = Field(min_length=3)
    steps: list[str] = Field(min_length=2, max_length=11)


def skill_lists(home: str | Path | None = None) -> Mapping[str, SkillList]:
    """Return the lists there are, by id; the user's own replace those of the package.

    Raises KnowledgeError that names the file and the key.
    """
    shelves = [Shelf(PACKAGE, local=False)]
    if home is not None:
        shelves.append(Shelf(Path(home) / "knowledge", local=True))
    found: dict[str, SkillList] = {}
    for shelf in shelves:
        own: dict[str, SkillList] = {}
        for path in shelf.files("skills", ".toml"):
            place = shelf.place(path)
            content = files.toml(path, place)
            if content.get("kind") == "ladder" and not shelf.local:
                continue
            local = shelf.local or content.get("local", False)
            one = built(SkillList, content | {"local": local, "place": place}, place)
            if one.id in own:
                raise problem(place, "id", f"{one.id!r} is already in {own[one.id].place}.")
            own[one.id] = one
        found |= own
    return found


def ladder() -> Ladder:
    """Return the competence ladder."""
    shelf = Shelf(PACKAGE, local=False)
    path = PACKAGE / "skills" / "competence_ladder.toml"
    return built(Ladder, files.toml(path, shelf.place(path)), shelf.place(path))
