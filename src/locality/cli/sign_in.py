"""Sign-in: turned on and off, its state, a password for somebody who lost theirs; who may what."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from locality.cli.app import AsJson, Home, app, home_of, show

_WHO = "local"


@app.command("sign-in")
def sign_in(
    what: Annotated[str, typer.Argument(metavar="on|off|status", help="What to do.")] = "status",
    username: Annotated[
        str | None,
        typer.Option(help="Of the first administrator; the password is then read from stdin."),
    ] = None,
    name: Annotated[str | None, typer.Option(help="The first administrator's own name.")] = None,
    home: Home = None,
) -> None:
    """Let people sign in, or go back to this computer alone; or say which it is.

    Turned on for the first time, it asks for the first administrator's name and password. From
    then on nobody reads what is not public, or writes, without signing in.
    """
    from locality.figures import Problem
    from locality.records.setup import prepare

    folder = home_of(home)
    prepare(folder)
    from locality.records.actions.accounts import administrators
    from locality.records.actions.sign_in import (
        add_first_administrator,
        settle,
        turn_off,
        turn_on,
    )

    if what == "status":
        on, there = settle(folder), len(administrators())
        typer.echo(f"Sign-in is {'on' if on else 'off'}. Administrators: {there}.")
    elif what == "on":
        if not administrators():
            asked = _first_administrator(name, username)
            add_first_administrator(
                **asked, who=_WHO, why="The first administrator, named at the terminal."
            )
        news = turn_on(home=folder, who=_WHO, why="Turned on at the terminal.")
        typer.echo("Sign-in is on." if news else "Sign-in is on already.")
        typer.echo("Next: locality serve --address https://locality.example.nhs.uk", err=True)
    elif what == "off":
        news = turn_off(home=folder, who=_WHO, why="Turned off at the terminal.")
        typer.echo("Sign-in is off: this computer alone is answered, and may do everything."
                   if news else "Sign-in is off already.")  # fmt: skip
        typer.echo("A server that is running for others goes on asking them to sign in.", err=True)
    else:
        raise Problem(f"There is no {what[:20]!r} here: say on, off or status.")


@app.command("reset-password")
def reset_password(
    username: Annotated[str, typer.Argument(help="The name they sign in by.")],
    home: Home = None,
) -> None:
    """Print a password to hand over: it works once, for three days, and ends every visit."""
    from locality.figures import NotFound
    from locality.records.setup import prepare

    prepare(home_of(home))
    from locality.records import account_tables
    from locality.records.actions import passwords
    from locality.records.actions.attempts import username_of

    wanted = username_of(username)
    row = next((r for r in account_tables.accounts().rows if r["username"] == wanted), None)
    if row is None:
        raise NotFound("There is no open account under that name.")
    _, password = passwords.reset_password(
        account=row["code"], who=_WHO, why="Reset at the terminal."
    )
    typer.echo(password)
    typer.echo("Hand it over yourself. It has to be changed at the first sign-in.", err=True)


@app.command("permissions")
def permissions(as_json: AsJson = False, home: Home = None) -> None:
    """List who may do what once people sign in: page, action, and each role."""
    from locality.records.setup import configure

    configure(home_of(home))
    from locality.records.permissions import permissions as table

    show(table().table, as_json)


def _first_administrator(name: str | None, username: str | None) -> dict[str, str]:
    """Return what the first administrator is called and signs in by: typed, or from stdin."""
    if username is not None:
        password = sys.stdin.readline().rstrip("\r\n")
        return {"name": name or username, "username": username, "password": password}
    return {
        "name": name or typer.prompt("Your name, as it stands in minutes"),
        "username": typer.prompt("Name to sign in by"),
        "password": typer.prompt("Password (12 characters or more)", hide_input=True,
                                 confirmation_prompt=True),
    }  # fmt: skip
