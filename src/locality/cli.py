"""The command line: the same loop, typed.

Only Typer is imported at the top, so that ``locality --help`` answers at once; each command
fetches what it needs. Every listing has ``--json``; every error is a sentence.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from locality._version import __version__

if TYPE_CHECKING:
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


@app.command()
def demo(
    home: Home = None,
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.")] = 0,
    practices: Annotated[int, typer.Option(help="How many practices to make up.")] = 60,
    browser: Annotated[bool, typer.Option(help="Open a browser if there is one.")] = True,
    fresh: Annotated[
        bool, typer.Option(help="Make the locality again even if it is there.")
    ] = False,
) -> None:
    """Make up a locality, read it as if it were published, and open its pages."""
    from locality.demonstration import make
    from locality.home import demo_home
    from locality.web.serving import serve as run

    folder = demo_home(home)
    with _progress() as progress:
        make(folder, practices=practices, fresh=fresh, progress=progress)
    run(folder, port=port, open_browser=browser, ready=_serving)
    _leave()


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders, as downloaded.")],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Read published files, recognised by content, and say what each one is.

    A file that looks patient-level is refused before anything is stored, and the exit code is 1.
    """
    from locality.store import Lake

    with _progress() as progress:
        report = Lake(_home(home)).ingest(paths, progress=progress)
    _show(report.table if as_json else report.by_file, as_json)
    if not as_json and report.stored:
        typer.echo("Next: locality refresh", err=True)
    if report.refused:
        raise typer.Exit(1)


@app.command()
def fetch(
    publications: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PUBLICATION]...", help="Ids; none lists what there is."),
    ] = None,
    period: Annotated[
        str | None, typer.Option(help="Such as 2024-25 or 2026-M07 [default: latest].")
    ] = None,
    indicator: Annotated[
        list[str] | None, typer.Option(help="Number of a Fingertips indicator; may be repeated.")
    ] = None,
    into: Annotated[
        Path | None, typer.Option(help="Folder to fetch into [default: HOME/fetched].")
    ] = None,
    open_page: Annotated[
        bool, typer.Option("--open", help="Open the pages of what is taken by hand.")
    ] = False,
    take_in: Annotated[
        bool, typer.Option("--ingest", help="Ingest each file once it is fetched.")
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Fetch published files whose addresses stay, and say where the others are taken by hand.

    The exit code is 1 if a file could not be fetched, or was refused.
    """
    from locality.fetching import failures
    from locality.workbench.fetching import fetch as get
    from locality.workbench.fetching import offered

    if not publications:
        _show(offered(_home(home)), as_json)
        return
    with _progress() as progress:
        fetched = get(
            _home(home),
            publications,
            into=into,
            period=period,
            indicators=indicator or (),
            show_pages=open_page,
            ingest=take_in,
            progress=progress,
        )
    _show(fetched, as_json)
    if failures(fetched):
        raise typer.Exit(1)


@app.command()
def refresh(
    home: Home = None,
    engine: Annotated[
        str,
        typer.Option(
            help="Where row-level tables are counted: duckdb, local[2], spark://HOST:7077, "
            "sc://HOST:15002 or databricks."
        ),
    ] = "duckdb",
    as_json: AsJson = False,
) -> None:
    """Build a new version of every figure beside the old one, and swap it in at once."""
    from locality.refresh import refresh as build

    folder = _home(home)
    with _progress() as progress:
        report = build(folder, inputs=_records(folder), progress=progress, engine=engine)
    _show(report, as_json)


@app.command()
def forget(
    document: Annotated[str, typer.Argument(metavar="FILE_OR_HASH", help="As status lists it.")],
    reason: Annotated[str, typer.Option(help="Why; it is kept with the document.")],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Take a document out of the lake: one kept under a wrong year, or ingested by mistake.

    It is moved aside, not deleted. Versions made before keep it; the next refresh does not.
    """
    from locality.store.forgetting import forget_named

    _show(forget_named(_home(home), document, reason), as_json)


@app.command()
def serve(
    home: Home = None,
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.")] = 8765,
    browser: Annotated[bool, typer.Option(help="Open a browser if there is one.")] = False,
) -> None:
    """Open the pages on this computer (127.0.0.1 only)."""
    from locality.web.serving import serve as run

    run(_home(home), port=port, open_browser=browser, ready=_serving)
    _leave()


@app.command()
def status(home: Home = None, as_json: AsJson = False) -> None:
    """List what is loaded: each file, its period, its rows, what was set aside."""
    _show(_open(home).data.lineage(), as_json)


@app.command()
def search(
    text: Annotated[str, typer.Argument(help="Part of a name, or a code.")],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Find practices, networks, places, boards and groups by name or code."""
    _show(_open(home).know.search(text), as_json)


@app.command()
def measures(home: Home = None, as_json: AsJson = False) -> None:
    """List the measures: what each counts, its unit, its owner and its next review."""
    _show(_open(home).measure.catalogue(), as_json)


@app.command()
def figure(
    measure: Annotated[str, typer.Argument(help="A measure, such as qof.register.hyp.")],
    organisation: Annotated[str, typer.Argument(help="A code; ENG is England.")],
    period: Annotated[str | None, typer.Option(help="Such as 2024-25 [default: latest].")] = None,
    home: Home = None,
    as_json: AsJson = False,
    reader: Reader = None,
) -> None:
    """Print one figure with its interval and what it rests on."""
    _show_figure(_open(home, reader).measure.figure(measure, organisation, period), as_json)


@app.command()
def over(
    measure: Annotated[str, typer.Argument(help="A measure, such as qof.register.hyp.")],
    kind: Annotated[
        str | None,
        typer.Option(
            help="practice, pcn, place, sub_icb, icb, region, group [default: who is counted]."
        ),
    ] = None,
    within: Annotated[str | None, typer.Option(help="Only those inside this organisation.")] = None,
    period: Annotated[str | None, typer.Option(help="Such as 2024-25 [default: latest].")] = None,
    everyone: Annotated[
        bool, typer.Option("--everyone", help="Lists under 750 and closed practices too.")
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
    reader: Reader = None,
) -> None:
    """List one measure over all practices, networks or boards. It is not a ranking."""
    from locality.know import Inclusion

    rule = None if everyone else Inclusion()
    _show(_open(home, reader).measure.over(measure, kind, period, within, rule), as_json)


@app.command()
def explain(
    measure: Annotated[str, typer.Argument(help="A measure, such as qof.register.hyp.")],
    organisation: Annotated[str, typer.Argument(help="A code; ENG is England.")],
    period: Annotated[str | None, typer.Option(help="Such as 2024-25 [default: latest].")] = None,
    home: Home = None,
    as_json: AsJson = False,
    reader: Reader = None,
) -> None:
    """Print a figure's whole working, recomputed from the source file and checked."""
    _show_figure(_open(home, reader).measure.explain(measure, organisation, period), as_json)


@app.command()
def sql(
    name: Annotated[
        str | None, typer.Argument(help="A result or a measure; none lists all.")
    ] = None,
    dialect: Annotated[str, typer.Option(help="duckdb or spark.")] = "duckdb",
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Print the set logic behind a result or a measure, or list what there is."""
    from locality.knowledge import load
    from locality.store import sql_names, sql_text

    known = load(_home(home)).measures
    if name is None:
        _show(sql_names(known), as_json)
    else:
        typer.echo(sql_text(name, measures=known, dialect=dialect))


@app.command()
def coverage(home: Home = None, as_json: AsJson = False) -> None:
    """List which schemes, years and publications are complete, partial or absent."""
    from locality.workbench.data import coverage_table

    _show(coverage_table(_home(home)), as_json)


@app.command()
def synthetic(
    folder: Annotated[Path, typer.Argument(help="An empty folder to write into.")],
    practices: Annotated[int, typer.Option(help="How many practices.")] = 60,
    years: Annotated[int, typer.Option(help="How many years.")] = 5,
    seed: Annotated[int, typer.Option(help="Same seed, same files.")] = 2026,
) -> None:
    """Write a made-up locality in the publications' own file formats."""
    from locality.sources.synthetic import write

    with _progress() as progress:
        write(folder, practices=practices, years=years, seed=seed, progress=progress)
    typer.echo(f"Written to {folder}. Next: locality ingest {folder}")


def main() -> None:
    """Run the command line; whatever goes wrong leaves as a sentence and an exit code."""
    from locality.terminal import run

    sys.exit(run(app, debug=bool(os.environ.get("LOCALITY_DEBUG"))))


def _home(home: Path | None) -> Path:
    from locality.home import home_folder

    return home_folder(home)


def _open(home: Path | None, reader: str | None = None) -> Workbench:
    from locality.workbench import open_workbench

    return open_workbench(_home(home), reader=reader)


def _records(home: Path) -> dict[str, list[dict[str, object]]] | None:
    """Return what people wrote, as plain rows; None where nobody has written anything yet."""
    if not (home / "records.sqlite3").exists() and not os.environ.get("DATABASE_URL"):
        return None
    from locality.records.setup import prepare

    prepare(home)
    from locality.records.inputs import inputs

    return inputs()


def _progress():
    from locality.terminal import progress

    return progress()


def _show(table, as_json: bool) -> None:
    from locality.terminal import show_table

    show_table(table, as_json)


def _show_figure(one, as_json: bool) -> None:
    from locality.terminal import show_figure

    show_figure(one, as_json)


def _leave() -> None:
    """End the process once the server has closed.

    The drawing library keeps native threads that Python cannot unwind: left to itself, the
    interpreter would end with that library's complaint instead of quietly.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _serving(address: str) -> None:
    typer.echo(f"Locality is open at {address}  (stop it with Ctrl+C)")


if __name__ == "__main__":
    main()
