"""Who may do what: one table of page, action and role, and nothing that it does not allow.

``permissions.csv`` holds a row for each page and action. A cell is empty (no), ``yes``, or rules
about the thing in the address, one of which has to hold. What ``public`` may, everybody may; what
``member`` may, everybody may who is signed in.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from locality.figures import Column, Problem, Schema, Table
from locality.records.object_rules import KINDS, RULES, Asking, Thing, seats_of, thing

PUBLIC, MEMBER = "public", "member"
ROLES = (PUBLIC, MEMBER, "practice", "network", "commissioner", "governance", "analyst",
         "administrator")  # fmt: skip
ACTIONS = ("read", "write")
#: Roles to whom an organisation's own includes what lies within it.
PLANNING = frozenset({"network", "commissioner"})
#: Kinds of thing that an address may name; those without rules of their own satisfy none.
OBJECTS = frozenset({*KINDS, "scoring", "criteria set", "action", "rule", "visit", "grant"})
#: Parts of pages, which have rows like pages: what people here wrote beside published figures.
PARTS = frozenset({
    "notes", "marks", "every_action", "body_actions", "organisation_actions", "speak_for",
    "begin_about", "begin_for", "review_skills",
})  # fmt: skip
_HEADER = ["page", "action", "object", *ROLES]

PERMISSIONS = Schema(
    "permissions",
    "Who may do what, once people sign in",
    (
        Column("page", "text", "the page, or the part of one"),
        Column("action", "text", "read or write"),
        Column("object", "text", "what its address names; empty is nothing in particular"),
        Column("public", "text", "everybody, signed in or not"),
        Column("member", "text", "everybody who is signed in"),
        Column("practice", "text", "who works in a practice"),
        Column("network", "text", "who runs a network, federation or neighbourhood"),
        Column("commissioner", "text", "who plans and buys care"),
        Column("governance", "text", "governance leads"),
        Column("analyst", "text", "analysts"),
        Column("administrator", "text", "administrators"),
    ),
    ("page", "action"),
)


@dataclass(frozen=True)
class Row:
    """One page and action: what each role may, and in which line of the file it stands."""

    page: str
    action: str
    object: str
    cells: Mapping[str, str]
    line: int


@dataclass(frozen=True)
class Asker:
    """Who asks: a person with roles in places, or nobody in particular.

    How things and seats are found can be given, so that a page asks for each of them once.
    """

    person: str = ""
    grants: tuple[tuple[str, str], ...] = ()
    within: Callable[[str], frozenset[str]] = field(default=lambda code: frozenset(), compare=False)
    thing: Callable[[str, str], Thing | None] = field(default=thing, compare=False)
    seats: Callable[[str], Mapping[str, frozenset[str]]] = field(default=seats_of, compare=False)

    @property
    def signed_in(self) -> bool:
        """Return whether it is somebody."""
        return bool(self.person)

    @property
    def roles(self) -> tuple[str, ...]:
        """Return their roles, in the order of the table."""
        held = {role for role, _ in self.grants}
        return tuple(
            role for role in ROLES
            if role == PUBLIC or (role == MEMBER and self.signed_in) or role in held
        )  # fmt: skip

    def asking(self, role: str) -> Asking:
        """Return how they ask in one of their roles."""
        every = role in (PUBLIC, MEMBER)
        places = frozenset(
            place for held, place in self.grants if (every and place) or held == role
        )
        if role in PLANNING:
            return Asking(self.person, places, self.within, seats=self.seats)
        return Asking(self.person, places, seats=self.seats)


NOBODY = Asker()


class Permissions:
    """The table, by page and action."""

    def __init__(self, rows: Collection[Row]) -> None:
        self.rows = tuple(rows)
        self._by_name = {(row.page, row.action): row for row in rows}

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def row(self, page: str, action: str) -> Row | None:
        """Return the row of a page and action, or None: then nobody may."""
        return self._by_name.get((page, action))

    def allows(self, asker: Asker, page: str, action: str, code: str = "") -> bool:
        """Return whether ``asker`` may: in any of their roles, about the thing under ``code``."""
        row = self.row(page, action)
        if row is None:
            return False
        cells = [(role, row.cells[role]) for role in asker.roles if row.cells[role]]
        if any(cell == "yes" for _, cell in cells):
            return True
        if not cells:
            return False
        about = asker.thing(row.object, code)
        return any(_holds(cell, asker.asking(role), about) for role, cell in cells)

    def by_rule(self, asker: Asker, page: str, action: str) -> bool:
        """Return whether it turns on the thing: some role of theirs may, about some things."""
        row = self.row(page, action)
        return row is not None and any(row.cells[role] for role in asker.roles)

    def may_know_of(self, asker: Asker, page: str, action: str, code: str) -> bool:
        """Return whether ``asker`` may know that the thing exists: read the page of its kind."""
        row = self.row(page, action)
        kind = row.object.replace(" ", "_") if row is not None else ""
        return bool(kind) and self.allows(asker, kind, "read", code)

    def who_may(self, page: str, action: str) -> tuple[str, ...]:
        """Return the roles that may, about some things at least, in the order of the table."""
        row = self.row(page, action)
        return () if row is None else tuple(role for role in ROLES if row.cells[role])

    def unknown(self, pages: Collection[str]) -> list[str]:
        """Return a sentence for each row that names no page there is."""
        return [
            f"Line {row.line}: there is no page called {row.page!r}."
            for row in self.rows
            if row.page not in pages and row.page not in PARTS
        ]

    @property
    def table(self) -> Table:
        """Return the table for pages, documents and the command line."""
        return Table.of(
            PERMISSIONS,
            [
                {"page": row.page, "action": row.action, "object": row.object, **row.cells}
                for row in self.rows
            ],
            notes=(
                "yes: always. own: of their organisation, or within it. mine: it names them. "
                "seat: they sit in its body. chair: they chair it. shared: own, once it may be "
                "shared. Two of them: either. Empty: no.",
            ),
        )


@cache
def permissions() -> Permissions:
    """Return the table of this program, read once. Raises Problem naming the line."""
    return read(files("locality.records").joinpath("permissions.csv").read_text("utf-8"))


def read(text: str) -> Permissions:
    """Return the table in ``text``; raises Problem naming the first line that is wrong."""
    lines = csv.reader(text.splitlines(), strict=True)
    rows: list[Row] = []
    seen: dict[tuple[str, str], int] = {}
    try:
        if next(lines, []) != _HEADER:
            raise _wrong(1, f"the columns are {', '.join(_HEADER)}")
        for cells in lines:
            if not cells:
                continue
            row = _row(cells, lines.line_num)
            before = seen.setdefault((row.page, row.action), row.line)
            if before != row.line:
                raise _wrong(row.line, f"{row.page} {row.action} stands in line {before} already")
            rows.append(row)
    except csv.Error as error:
        raise _wrong(lines.line_num, str(error)) from None
    return Permissions(rows)


def _row(cells: list[str], line: int) -> Row:
    if len(cells) != len(_HEADER):
        raise _wrong(line, f"there are {len(cells)} cells, not {len(_HEADER)}")
    page, action, kind, *by_role = cells
    if not page or page != page.strip():
        raise _wrong(line, f"{page!r} is not the name of a page")
    if action not in ACTIONS:
        raise _wrong(line, f"{action!r} is no action: there are {' and '.join(ACTIONS)}")
    if kind and kind not in OBJECTS:
        raise _wrong(line, f"{kind!r} is no kind of thing: there are {', '.join(sorted(OBJECTS))}")
    for role, cell in zip(ROLES, by_role, strict=True):
        if cell in ("", "yes"):
            continue
        unknown = [name for name in cell.split(" ") if name not in RULES]
        if unknown:
            raise _wrong(
                line, f"{unknown[0]!r} under {role} is no rule: there are yes, {', '.join(RULES)}"
            )
        if not kind:
            raise _wrong(line, f"{cell!r} under {role} needs an object in the third column")
        if role == PUBLIC:
            raise _wrong(line, f"public is nobody in particular: {cell!r} cannot hold for them")
    return Row(page, action, kind, dict(zip(ROLES, by_role, strict=True)), line)


def _holds(cell: str, asking: Asking, about: Thing | None) -> bool:
    return any(RULES[name].test(asking, about) for name in cell.split(" "))


def _wrong(line: int, why: str) -> Problem:
    return Problem(f"permissions.csv, line {line}: {why}.")
