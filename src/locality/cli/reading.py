"""What is loaded and what it comes to: organisations, measures, figures, their working."""

from __future__ import annotations

from typing import Annotated

import typer

from locality.cli.app import AsJson, Home, Reader, app, brief, home_of, opened, show, show_figure


@app.command()
def status(home: Home = None, as_json: AsJson = False) -> None:
    """List what is loaded: each file, its period, its rows, what was set aside."""
    show(opened(home).data.lineage(), as_json)


@app.command()
def search(
    text: Annotated[str, typer.Argument(help="Part of a name, or a code.")],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Find practices, networks, places, boards and groups by name or code."""
    show(opened(home).know.search(text), as_json)


@app.command()
def measures(home: Home = None, as_json: AsJson = False) -> None:
    """List the measures: what each counts, its unit, its owner and its next review."""
    show(opened(home).measure.catalogue(), as_json)


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
    show_figure(opened(home, reader).measure.figure(measure, organisation, period), as_json)


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
    show(opened(home, reader).measure.over(measure, kind, period, within, rule), as_json)


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
    show_figure(opened(home, reader).measure.explain(measure, organisation, period), as_json)


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

    known = load(home_of(home)).measures
    if name is None:
        show(sql_names(known), as_json)
    else:
        typer.echo(sql_text(name, measures=known, dialect=dialect))


@app.command()
def oversight(home: Home = None, as_json: AsJson = False) -> None:
    """List who oversees general practice, who is consulted, and who hears a question."""
    from datetime import date

    from locality import know
    from locality.knowledge.oversight import overseers

    found = know.oversight(overseers(home_of(home)).values(), date.today())
    show(found if as_json else brief(found, "name", "does", "over", "known"), as_json)


@app.command()
def roles(home: Home = None, as_json: AsJson = False) -> None:
    """List who can help with what, what they must have, and who supervises them."""
    from locality import know
    from locality.knowledge.oversight import role_cards

    found = know.roles(role_cards(home_of(home)).values())
    show(found if as_json else brief(found, "name", "helps_with", "supervision", "known"), as_json)


@app.command()
def coverage(home: Home = None, as_json: AsJson = False) -> None:
    """List which schemes, years and publications are complete, partial or absent."""
    from locality.workbench.data import coverage_table

    show(coverage_table(home_of(home)), as_json)
