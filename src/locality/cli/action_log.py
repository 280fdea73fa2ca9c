"""The action log and what needs somebody, from the records."""

from __future__ import annotations

from typing import Annotated

import typer

from locality.cli.app import AsJson, Home, app, brief, show
from locality.cli.people import ready


@app.command()
def actions(
    which: Annotated[
        str, typer.Option("--show", help="to do, overdue, done, dropped or all.")
    ] = "to do",
    person: Annotated[str, typer.Option(help="Only of this person, by code.")] = "",
    body: Annotated[str, typer.Option(help="Only of this body, by code.")] = "",
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """List the action log by the day things are due."""
    from locality.figures import Problem

    shown = ("to do", "overdue", "done", "dropped", "all")
    if which not in shown:
        raise Problem(f"Actions are shown as {', '.join(shown)}, not {which!r}.")
    ready(home)
    from locality.records import action_tables

    found = action_tables.actions(person=person, body=body, show=which)
    columns = ("reference", "what", "state", "due_on", "overdue", "owner_name", "body_name")
    show(found if as_json else brief(found, *columns), as_json)


@app.command()
def needs(
    person: Annotated[
        str, typer.Argument(help="A person's code, as 'locality people' lists it.")
    ] = "",
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """List what waits for a person, or for anybody, by when it falls due."""
    ready(home)
    from locality.records import people_tables
    from locality.records.needs import needs as waiting

    if person:
        people_tables.person(person)
    found = waiting(person)
    columns = ("kind", "words", "due_on", "overdue", "whose", "from_whom")
    show(found if as_json else brief(found, *columns), as_json)
