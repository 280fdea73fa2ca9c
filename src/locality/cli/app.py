"""The program's name, the options that commands share, and what each of them needs to begin."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from locality._version import __version__

if TYPE_CHECKING:
    from locality.figures import Table
    from locality.workbench import Workbench

app = typer.Typer(
    name="locality",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="""Know, measure, propose, appraise, decide, contract, learn: one loop over a registered
population.

**See it now:** `locality demo` makes up a locality and opens it in the browser.

**Use real files:** download the published files, then

`locality ingest FOLDER` reads what it recognises and refuses what looks patient-level,

`locality refresh` builds a new version of every figure beside the old one,

`locality serve` opens the pages on this computer.

Every figure shows its working: `locality explain MEASURE PRACTICE`.
""",
)

Home = Annotated[
    Path | None,
    typer.Option(
        "--home",
        envvar="LOCALITY_HOME",
        help="Folder where the lake and the records live [default: the user's data folder].",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Reader = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="PRACTICE",
        help="Read as this practice: its own small counts are shown exactly.",
    ),
]


@app.callback(invoke_without_command=True)
def door(
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    """Print the version when asked for it; the commands do the rest."""
    if version:
        typer.echo(f"locality {__version__}")
        raise typer.Exit


def home_of(home: Path | None) -> Path:
    """Return the folder where lake and records live."""
    from locality.home import home_folder

    return home_folder(home)


def opened(home: Path | None, reader: str | None = None) -> Workbench:
    """Return the workbench over the lake in ``home``, read as a practice if one is named."""
    from locality.workbench import open_workbench

    return open_workbench(home_of(home), reader=reader)


def records(home: Path) -> dict[str, list[dict[str, object]]] | None:
    """Return what people wrote, as plain rows; None where nobody has written anything yet."""
    if not (home / "records.sqlite3").exists() and not os.environ.get("DATABASE_URL"):
        return None
    from locality.records.setup import prepare

    prepare(home)
    from locality.records.inputs import inputs

    return inputs()


def progress():
    """Return what tells of long work while it goes on."""
    from locality.terminal import progress as told

    return told()


def show(table, as_json: bool) -> None:
    """Print a table, or its rows as JSON."""
    from locality.terminal import show_table

    show_table(table, as_json)


def brief(table: Table, *columns: str) -> Table:
    """Return the columns that a terminal has room for: too many would crop their figures."""
    from dataclasses import replace

    schema = replace(table.schema, columns=tuple(map(table.schema.column, columns)))
    notes = (*table.notes, "More columns: --json.") if len(table) else table.notes
    return replace(table, schema=schema, data=table.data.select(list(columns)), notes=notes)


def show_figure(one, as_json: bool) -> None:
    """Print a figure with what it rests on, or as JSON."""
    from locality.terminal import show_figure as printed

    printed(one, as_json)


def leave() -> None:
    """End the process once the server has closed.

    The drawing library keeps native threads that Python cannot unwind: left to itself, the
    interpreter would end with that library's complaint instead of quietly.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def serving(address: str) -> None:
    """Say where the pages are open."""
    typer.echo(f"Locality is open at {address}  (stop it with Ctrl+C)")
