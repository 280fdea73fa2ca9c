"""Files in, versions out, pages open: demo, ingest, fetch, refresh, forget, serve, synthetic."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from locality.cli.app import AsJson, Home, app, home_of, leave, progress, records, serving, show


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

    # Made-up people belong in records of their own, whatever database is named here.
    os.environ.pop("DATABASE_URL", None)
    folder = demo_home(home)
    with progress() as told:
        make(folder, practices=practices, fresh=fresh, progress=told)
    # For this process alone, on this computer alone: made-up people sign in by a button.
    os.environ["LOCALITY_DEMONSTRATION"] = "1"
    run(folder, port=port, open_browser=browser, ready=serving)
    leave()


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

    with progress() as told:
        report = Lake(home_of(home)).ingest(paths, progress=told)
    show(report.table if as_json else report.by_file, as_json)
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
        show(offered(home_of(home)), as_json)
        return
    with progress() as told:
        fetched = get(
            home_of(home),
            publications,
            into=into,
            period=period,
            indicators=indicator or (),
            show_pages=open_page,
            ingest=take_in,
            progress=told,
        )
    show(fetched, as_json)
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

    folder = home_of(home)
    with progress() as told:
        report = build(folder, inputs=records(folder), progress=told, engine=engine)
    show(report, as_json)


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

    show(forget_named(home_of(home), document, reason), as_json)


@app.command()
def serve(
    home: Home = None,
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.")] = 8765,
    browser: Annotated[bool, typer.Option(help="Open a browser if there is one.")] = False,
    address: Annotated[
        str,
        typer.Option(help="By which others reach it, such as https://locality.example.nhs.uk."),
    ] = "",
    bind: Annotated[str, typer.Option(help="Where to listen.")] = "127.0.0.1",
    proxy: Annotated[
        str, typer.Option(help="The proxy whose word is taken, where it is another computer.")
    ] = "",
    processes: Annotated[
        int,
        typer.Option(
            help="How many; 0 is one on SQLite, one a processor on PostgreSQL.", min=0, max=64
        ),
    ] = 0,
) -> None:
    """Open the pages: on this computer, or for others once people sign in."""
    from locality.web.serving import serve as run

    run(home_of(home), port=port, open_browser=browser, ready=serving, address=address,
        bind=bind, proxy=proxy, processes=processes)  # fmt: skip
    leave()


@app.command()
def synthetic(
    folder: Annotated[Path, typer.Argument(help="An empty folder to write into.")],
    practices: Annotated[int, typer.Option(help="How many practices.")] = 60,
    years: Annotated[int, typer.Option(help="How many years.")] = 5,
    seed: Annotated[int, typer.Option(help="Same seed, same files.")] = 2026,
) -> None:
    """Write a made-up locality in the publications' own file formats."""
    from locality.sources.synthetic import write

    with progress() as told:
        write(folder, practices=practices, years=years, seed=seed, progress=told)
    typer.echo(f"Written to {folder}. Next: locality ingest {folder}")
