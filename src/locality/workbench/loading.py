"""Loading from one lake version: rows of a table, chosen by equality. Nothing is computed here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from locality.figures import NotFound, Period, Problem, Table

if TYPE_CHECKING:
    from locality.store import Version

Wanted = str | date | Iterable[str] | None


def select(version: Version, name: str, **wanted: Wanted) -> Table:
    """Return the rows of table ``name`` whose columns equal (or are among) what is wanted.

    None asks nothing of that column. Rows keep the table's order.
    """
    schema = version.schema(name)
    clauses, parameters = [], {}
    for column, value in wanted.items():
        schema.column(column)
        if value is None:
            continue
        many = not isinstance(value, (str, date))
        parameters[column] = list(value) if many else value  # type: ignore[arg-type]
        clauses.append(
            f'list_contains(${column}, "{column}")' if many else f'"{column}" = ${column}'
        )
    where = f" WHERE {' AND '.join(clauses)}" if clauses else ""
    # Names are the schema's own; values go in as parameters.
    columns = ", ".join(f'"{column}"' for column in schema.names)
    text = f"SELECT {columns} FROM {name}{where}"  # noqa: S608
    return Table.of(schema, version.run(text, **parameters), title=schema.title)


def latest(version: Version, name: str, column: str = "as_at") -> date | None:
    """Return the last date in ``column`` of table ``name``, or None where it has no rows."""
    version.schema(name).column(column)
    answer = version.run(f"SELECT max({column}) AS last FROM {name}")  # noqa: S608
    found: date | None = answer.column("last")[0].as_py()
    return found


@lru_cache(maxsize=8)
def known_organisations(version: Version) -> dict[str, dict[str, object]]:
    """Return every organisation of a version by code, read once and kept while it is in use."""
    rows = version.table("organisations").rows
    # A code is one organisation; should two kinds share it, the practice is the one meant.
    rows.sort(key=lambda row: row["kind"] == "practice")
    return {row["code"]: row for row in rows}


@lru_cache(maxsize=8)
def members_of(version: Version) -> dict[str, tuple[str, ...]]:
    """Return the member practices of every organisation that sums, sorted by code."""
    members = version.table("members").data
    grouped = members.group_by("code").aggregate([("practice_code", "distinct")])
    found: list[Any] = grouped.to_pylist()
    return {row["code"]: tuple(sorted(row["practice_code_distinct"])) for row in found}


def organisation(version: Version, code: str) -> dict[str, object]:
    """Return the organisation ``code``; NotFound with what to do otherwise."""
    known = known_organisations(version)
    found = known.get(code) or known.get(code.upper())
    if found is None:
        raise NotFound(
            f"No file that is loaded names an organisation {code!r}. "
            "Look for it by part of its name: locality search TEXT."
        )
    return found


def practices(version: Version, code: str) -> tuple[str, ...]:
    """Return the practices that ``code`` sums, or itself for a practice."""
    found = organisation(version, code)
    if found["kind"] == "practice":
        return (str(found["code"]),)
    return members_of(version).get(str(found["code"]), ())


def counted(version: Version, code: str, kind: str) -> tuple[str, ...]:
    """Return the organisations of a ``kind`` whose published counts ``code`` sums, or itself.

    For practices they are its members; for another kind those that have a practice in common
    with it.
    """
    if kind == "practice":
        return practices(version, code)
    found = organisation(version, code)
    if found["kind"] == kind:
        return (str(found["code"]),)
    inside = set(practices(version, code))
    known = known_organisations(version)
    return tuple(
        sorted(
            one
            for one, members in members_of(version).items()
            if known.get(one, {}).get("kind") == kind and inside.intersection(members)
        )
    )


def parsed(period: str) -> str:
    """Return the code of a period as a person typed it; Problem with the forms that work."""
    return span(period).code


def span(period: str) -> Period:
    """Return the days of a period as a person typed it; Problem with the forms that work."""
    try:
        return Period.parse(period)
    except ValueError as error:
        raise Problem(str(error)) from None


@lru_cache(maxsize=8)
def names(version: Version) -> dict[str, str]:
    """Return the name of every organisation by its code."""
    return {code: str(row["name"]) for code, row in known_organisations(version).items()}


@lru_cache(maxsize=8)
def boards(version: Version) -> dict[str, frozenset[str]]:
    """Return the boards (ICBs) that the practices of each organisation lie in, by its code."""
    members = version.table("members").rows
    own: dict[str, set[str]] = {}
    for row in members:
        if row["kind"] == "icb":
            own.setdefault(row["practice_code"], set()).add(row["code"])
    found: dict[str, set[str]] = {code: set(some) for code, some in own.items()}
    for row in members:
        found.setdefault(row["code"], set()).update(own.get(row["practice_code"], ()))
    return {code: frozenset(some) for code, some in found.items()}
