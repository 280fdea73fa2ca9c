"""Which column of the workforce publications is which role: dated data, read from CSV.

``workforce/columns.csv`` has the columns of the General Practice Workforce practice-level file,
``network_roles.csv`` the roles of the Primary Care Network file under the same names where they
are truly the same, ``undated.csv`` the census that a table without a month is taken for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from locality.knowledge import files
from locality.knowledge.models import Reference, Strict, built
from locality.knowledge.problems import problem

Group = Literal["GP", "nurse", "direct patient care", "admin", "director"]
Apart = Literal["", "fully qualified", "trainee", "locum", "apprentice"]

#: The staff groups of practices, in the order in which they are shown. Directors are a group of
#: networks alone.
GROUPS: tuple[Group, ...] = ("GP", "nurse", "direct patient care", "admin")
#: What every role of the kind "total" begins with: whoever adds up roles leaves these out.
TOTAL = "total"


class StaffColumn(Strict):
    """One column: whom it counts and how. ``kind`` says whether other columns' staff are in it.

    ``apart`` tells trainees, locums and apprentices from the rest. ``since`` and ``until`` bound
    the months in which it was collected, where that is known.
    """

    column: str = Field(pattern=r"^TOTAL_[A-Z0-9_]+_(HC|FTE)$")
    staff_group: Group
    role: str = Field(min_length=4)
    kind: Literal["part", "total"]
    apart: Apart
    measure: Literal["fte", "headcount"]
    since: date | None = None
    until: date | None = None
    reference: Reference

    @model_validator(mode="after")
    def _sound(self) -> StaffColumn:
        if (self.kind == "total") != self.role.startswith(TOTAL):
            raise ValueError(
                f"{self.column}: a total's role begins with 'total', a part's does not"
            )
        if self.column.endswith("_FTE") != (self.measure == "fte"):
            raise ValueError(f"{self.column}: its name says another measure than {self.measure!r}")
        return self

    @property
    def word(self) -> str:
        """Return the header as the readers compare it: lower case."""
        return self.column.lower()


class NetworkRole(Strict):
    """A role as the network file writes it, and the house's name for it.

    ``seen`` names the files (year and month) that carry it.
    """

    published_group: str = Field(min_length=4)
    published_role: str = Field(min_length=4)
    staff_group: Group
    role: str = Field(min_length=4)
    also_in_practices: bool
    seen: tuple[str, ...] = Field(min_length=1)


class Undated(Strict):
    """A table that says its year alone: the census it is taken for, and why."""

    year: int
    as_at: date
    note: str = Field(min_length=20)


@lru_cache(maxsize=4)
def staff_columns(root: Path = files.PACKAGE) -> tuple[StaffColumn, ...]:
    """Return the columns that count staff, in the order of ``workforce/columns.csv``.

    Raises KnowledgeError, naming file and row, for a column that is there twice, or whose words
    cannot be right.
    """
    references = _references(root)
    found = tuple(
        built(
            StaffColumn,
            {
                **row,
                "since": _day(row["since"]),
                "until": _day(row["until"]),
                "reference": references.get(row["reference"]),
            },
            place,
        )
        for row, place in _rows(root, "columns.csv")
    )
    _refuse_doubles([one.column for one in found], "columns.csv", "the column")
    roles = [(one.staff_group, one.role, one.measure) for one in found]
    _refuse_doubles(roles, "columns.csv", "the role")
    return found


@lru_cache(maxsize=4)
def network_roles(root: Path = files.PACKAGE) -> Mapping[tuple[str, str], NetworkRole]:
    """Return the roles of the network file by (published group, published role), lower case.

    Raises KnowledgeError for a role that is there twice, or that claims wrongly to be one of
    practices too.
    """
    in_practices = {(one.staff_group, one.role) for one in staff_columns(root)}
    found: dict[tuple[str, str], NetworkRole] = {}
    for row, place in _rows(root, "network_roles.csv"):
        content: dict[str, Any] = dict(row)
        content["also_in_practices"] = row["also_in_practices"] == "yes"
        content["seen"] = tuple(row["seen"].split())
        one = built(NetworkRole, content, place)
        if one.also_in_practices != ((one.staff_group, one.role) in in_practices):
            raise problem(
                place, "also_in_practices", f"columns.csv says otherwise of {one.role!r}."
            )
        key = (one.published_group.lower(), one.published_role.lower())
        if key in found:
            raise problem(place, "published_role", f"{one.published_role!r} is there twice.")
        found[key] = one
    return found


@lru_cache(maxsize=4)
def undated(root: Path = files.PACKAGE) -> Mapping[int, Undated]:
    """Return the census that a table without a month is taken for, by the year it names."""
    return {
        int(row["year"]): built(
            Undated,
            {"year": int(row["year"]), "as_at": _day(row["as_at"]), "note": row["note"]},
            place,
        )
        for row, place in _rows(root, "undated.csv")
    }


def _rows(root: Path, name: str) -> list[tuple[dict[str, str], str]]:
    place = f"knowledge/workforce/{name}"
    rows = files.rows(root / "workforce" / name, place)
    return [(row, f"{place}: row {number}") for number, row in enumerate(rows, start=2)]


def _references(root: Path) -> dict[str, Reference]:
    return {
        row["name"]: built(Reference, {"text": row["text"], "address": row["address"]}, place)
        for row, place in _rows(root, "references.csv")
    }


def _refuse_doubles(keys: list[Any], name: str, what: str) -> None:
    for place, key in enumerate(keys):
        if key in keys[:place]:
            told = key if isinstance(key, str) else ", ".join(key)
            raise problem(f"knowledge/workforce/{name}", f"row {place + 2}",
                          f"{what} {told!r} is there twice.")  # fmt: skip


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
