"""Feedback and money: the pack of an organisation, QOF points, pounds and the pace of the year."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from locality.cli.app import AsJson, Home, Reader, app, home_of, opened, progress, records, show

Practice = Annotated[str, typer.Argument(help="A practice's code.")]
Year = Annotated[str | None, typer.Option(help="Such as 2025-26 [default: latest].")]
Day = Annotated[
    str | None, typer.Option("--as-at", help="Day of a count during the year, as 2026-09-30.")
]


@app.command()
def report(
    organisation: Annotated[str, typer.Argument(help="A practice, network, board or group.")],
    into: Annotated[Path, typer.Option(help="Folder to write into.")] = Path("packs"),
    every_practice: Annotated[
        bool, typer.Option("--every-practice", help="One pack for each of its practices instead.")
    ] = False,
    own: Annotated[
        bool, typer.Option("--own", help="The practice's own copy: it shows its small counts.")
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Write 'Your position and your reply' as Word and Excel, with accounts that were given."""
    from locality.reporting import report as write

    folder = home_of(home)
    with progress() as told:
        written = write(
            folder, organisation, into, made_on=date.today(), every_practice=every_practice,
            own=own, inputs=records(folder), progress=told,
        )  # fmt: skip
    show(written, as_json)


@app.command()
def points(
    practice: Practice, year: Year = None, as_at: Day = None, home: Home = None,
    as_json: AsJson = False, reader: Reader = None,
) -> None:  # fmt: skip
    """List a practice's QOF by indicator: points, pounds, what is still to earn."""
    show(opened(home, reader).measure.qof.position(practice, year, as_at), as_json)


@app.command()
def pounds(
    practice: Practice, year: Year = None, as_at: Day = None, home: Home = None,
    as_json: AsJson = False, reader: Reader = None,
) -> None:  # fmt: skip
    """Print what a practice's QOF points are worth, line by line, each citing its rule."""
    from locality.terminal import show_statement

    made = opened(home, reader).measure.qof.statement(practice, year, as_at)
    show_statement(made, as_json)


@app.command()
def pace(practice: Practice, as_at: Day = None, home: Home = None, as_json: AsJson = False) -> None:
    """List what a practice needs by the end of March; it reads its own counts of this year."""
    show(opened(home, practice.upper()).measure.qof.pace(practice, as_at), as_json)


@app.command()
def scenarios(
    within: Annotated[str | None, typer.Option(help="Only practices of this organisation.")] = None,
    year: Year = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """List every practice's points and pounds: this sheet, the next one, every patient reached."""
    show(opened(home).measure.qof.scenarios(year, within), as_json)
