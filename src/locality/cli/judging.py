"""What can be said of figures: certain, moved, cannot be judged; peers; what measures are worth."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from locality.cli.app import AsJson, Home, Reader, app, home_of, opened, records, show

Measure = Annotated[str, typer.Argument(help="A measure, such as qof.register.hyp.")]
Organisation = Annotated[str, typer.Argument(help="A code; ENG is England.")]
Kind = Annotated[str, typer.Option(help="practice, pcn, sub_icb or icb.")]
Within = Annotated[str | None, typer.Option(help="Only those inside this organisation.")]


@app.command()
def standings(
    organisation: Organisation, home: Home = None, as_json: AsJson = False, reader: Reader = None
) -> None:
    """List every measure of an organisation: what is certain, what moved, what cannot be judged."""
    said = marks(home_of(home))
    show(opened(home, reader).measure.standings(organisation, marks=said), as_json)


@app.command()
def alerts(
    organisation: Organisation,
    false_alerts: Annotated[
        float | None,
        typer.Option(help="False ones you accept: in a quarter, or for an area in a month."),
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
    reader: Reader = None,
) -> None:
    """List series that left their own past, within the false alerts you accept."""
    from locality.figures import Problem
    from locality.measure import OF_MANY, OF_ONE, Accepted

    if false_alerts is not None and false_alerts <= 0:
        raise Problem("The false alerts you accept must be above 0, such as 1.")
    bench = opened(home, reader)
    kind = bench.know.organisation(organisation).rows[0]["kind"]
    usual = OF_MANY if kind in ("icb", "sub_icb", "place", "group") else OF_ONE
    accepted = Accepted(false_alerts or usual.false_alerts, usual.months)
    show(bench.measure.alerts(organisation, accepted, marks(home_of(home))), as_json)


@app.command()
def chart(
    measure: Measure,
    organisation: Organisation,
    since: Annotated[
        list[str] | None, typer.Option(help="New limits from this period; may be repeated.")
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
    reader: Reader = None,
) -> None:
    """List an organisation's own series with its limits, and which points are marked and why."""
    held = tuple(since or _rebases(home_of(home), organisation, measure))
    show(opened(home, reader).measure.chart(measure, organisation, held), as_json)


@app.command()
def funnel(
    measure: Measure, kind: Kind = "practice", within: Within = None, home: Home = None,
    as_json: AsJson = False, reader: Reader = None,
) -> None:  # fmt: skip
    """List organisations beside the limits for their size, by name. It is not a ranking."""
    show(opened(home, reader).measure.funnel(measure, kind, within), as_json)


@app.command()
def order(
    measure: Measure, kind: Kind = "practice", within: Within = None, home: Home = None,
    as_json: AsJson = False, reader: Reader = None,
) -> None:  # fmt: skip
    """List organisations by likely true value, with the doubt in that order."""
    show(opened(home, reader).measure.in_order(measure, kind, within), as_json)


@app.command()
def peers(
    measure: Measure,
    practice: Annotated[str, typer.Argument(help="A practice's code.")],
    home: Home = None,
    as_json: AsJson = False,
    reader: Reader = None,
) -> None:
    """List the practices most alike in what drives a measure, with their distance."""
    show(opened(home, reader).measure.peers(measure, practice), as_json)


@app.command("care-adjustments")
def care_adjustments(
    practice: Annotated[str, typer.Argument(help="A practice's code.")],
    home: Home = None,
    as_json: AsJson = False,
    reader: Reader = None,
) -> None:
    """List a practice's QOF with and without personalised care adjustments."""
    show(opened(home, reader).measure.care_adjustments(practice), as_json)


@app.command()
def worth(home: Home = None, as_json: AsJson = False) -> None:
    """List what each measure is worth, and whether counting it earns its keep."""
    show(opened(home).measure.cards(), as_json)


def marks(home: Path) -> tuple[tuple[str, str, str], ...]:
    """Return what people said of signals that is not yet to be looked at again."""
    rows: list[dict[str, Any]] = (records(home) or {}).get("marks", [])
    today = date.today().isoformat()
    return tuple(
        (row["organisation"], row["measure"], row["state"])
        for row in rows
        if row["review_on"] >= today
    )


def _rebases(home: Path, organisation: str, measure: str) -> tuple[str, ...]:
    """Return the periods from which people drew a chart's limits afresh."""
    rows: list[dict[str, Any]] = (records(home) or {}).get("rebases", [])
    return tuple(
        row["period"]
        for row in rows
        if (row["organisation"], row["measure"]) == (organisation.upper(), measure)
    )
