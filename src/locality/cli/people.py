"""People, bodies, who sits in them, and the log of what was done: as they stand in the records."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from locality.cli.app import AsJson, Home, app, brief, home_of, show

Ended = Annotated[bool, typer.Option("--all", help="Also those that have ended.")]


@app.command()
def people(ended: Ended = False, home: Home = None, as_json: AsJson = False) -> None:
    """List the people who act here: what they do and where they sit."""
    ready(home)
    from locality.records import people_tables

    found = people_tables.people(left=ended)
    show(found if as_json else brief(found, "code", "name", "posts", "bodies"), as_json)


@app.command()
def bodies(ended: Ended = False, home: Home = None, as_json: AsJson = False) -> None:
    """List the bodies that meet: for whom they act, and to whom they answer."""
    ready(home)
    from locality.records import people_tables

    found = people_tables.bodies(closed=ended)
    columns = ("code", "name", "kind", "acts_for", "parent_name", "members")
    show(found if as_json else brief(found, *columns), as_json)


@app.command()
def members(
    body: Annotated[str, typer.Argument(help="A body's code, as 'locality bodies' lists it.")],
    ended: Ended = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """List who sits in a body, by which post, and what they may decide alone."""
    ready(home)
    from locality.records import people_tables

    people_tables.body(body)
    found = people_tables.seats(body, ended=ended)
    columns = ("name", "title", "organisation", "role", "voting", "tags", "limit", "from_day")
    show(found if as_json else brief(found, *columns), as_json)


@app.command()
def quorum(
    body: Annotated[str, typer.Argument(help="A body's code, as 'locality bodies' lists it.")],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Say what a body's quorum asks, and whether all its members together could meet it."""
    ready(home)
    from locality.decide import quorum as asked
    from locality.records import people_tables

    people_tables.body(body)
    show(asked(people_tables.rules(body), people_tables.members(body)), as_json)


@app.command()
def log(
    kind: Annotated[str, typer.Option(help="Only of this kind, such as group or body.")] = "",
    who: Annotated[str, typer.Option(help="Only by somebody whose name holds this.")] = "",
    last: Annotated[int, typer.Option(help="How many.", min=1, max=100_000)] = 50,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """List what was done in the records, newest first: who, what, when and why."""
    ready(home)
    from locality.records import tables

    show(tables.events(kind, who=who, limit=last), as_json)


def ready(home: Path | None) -> None:
    """Make the records of a home ready to read."""
    from locality.records.setup import prepare

    prepare(home_of(home))
