"""What can be said of figures: certain, moved, cannot be judged; peers; what measures are worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import isfinite
from typing import TYPE_CHECKING, Annotated, Any

import typer

from locality.cli.app import AsJson, Home, Reader, app, brief, home_of, opened, records, show

if TYPE_CHECKING:
    from locality.measure import Accepted

#: What people wrote, as plain rows by subject.
Written = Mapping[str, Sequence[Mapping[str, Any]]]

Measure = Annotated[str, typer.Argument(help="A measure, such as qof.register.hyp.")]
Organisation = Annotated[str, typer.Argument(help="A code; ENG is England.")]
Kind = Annotated[str, typer.Option(help="practice, pcn, sub_icb or icb.")]
Within = Annotated[str | None, typer.Option(help="Only those inside this organisation.")]


@app.command()
def standings(
    organisation: Organisation, home: Home = None, as_json: AsJson = False, reader: Reader = None
) -> None:
    """List every measure of an organisation: what is certain, what moved, what cannot be judged."""
    bench, said = opened(home, reader), records(home_of(home)) or {}
    found = bench.measure.standings(organisation, _accepted(said, "practice"), _marks(said))
    columns = ("measure", "title", "period", "value", "unit", "mark", "sentence")
    show(found if as_json else brief(found, *columns), as_json)


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

    if false_alerts is not None and not (isfinite(false_alerts) and false_alerts > 0):
        raise Problem("The false alerts you accept must be above 0, such as 1.")
    bench, said = opened(home, reader), records(home_of(home)) or {}
    kind = bench.know.organisation(organisation).rows[0]["kind"]
    accepted = _accepted(said, kind, false_alerts)
    found = bench.measure.alerts(organisation, accepted, _marks(said))
    columns = ("code", "measure", "period", "state", "mark", "sentence")
    show(found if as_json else brief(found, *columns), as_json)


@app.command()
def chart(
    measure: Measure,
    organisation: Organisation,
    since: Annotated[
        list[str] | None,
        typer.Option(
            help="New limits from this period; may be repeated [default: as people recorded]."
        ),
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
    reader: Reader = None,
) -> None:
    """List an organisation's own series with its limits, and which points are marked and why."""
    bench = opened(home, reader)
    code = str(bench.know.organisation(organisation).rows[0]["code"])
    starts = since or _rebases(records(home_of(home)) or {}, code, measure)
    found = bench.measure.chart(measure, code, tuple(starts))
    columns = ("period", "value", "centre", "lower", "upper", "phase", "sentence", "missing")
    show(found if as_json else brief(found, *columns), as_json)


@app.command()
def funnel(
    measure: Measure, kind: Kind = "practice", within: Within = None, home: Home = None,
    as_json: AsJson = False, reader: Reader = None,
) -> None:  # fmt: skip
    """List organisations beside the limits for their size, by name. It is not a ranking."""
    found = opened(home, reader).measure.funnel(measure, _known(kind), within)
    columns = ("code", "name", "value", "denominator", "lower_998", "upper_998", "place", "state",
               "missing")  # fmt: skip
    show(found if as_json else brief(found, *columns), as_json)


@app.command()
def order(
    measure: Measure, kind: Kind = "practice", within: Within = None, home: Home = None,
    as_json: AsJson = False, reader: Reader = None,
) -> None:  # fmt: skip
    """List organisations by likely true value, with the doubt in that order."""
    found = opened(home, reader).measure.in_order(measure, _known(kind), within)
    columns = ("code", "name", "value", "reliability", "shrunken", "shrunken_lower",
               "shrunken_upper", "call", "missing")  # fmt: skip
    show(found if as_json else brief(found, *columns), as_json)


@app.command()
def peers(
    measure: Measure,
    practice: Annotated[str, typer.Argument(help="A practice's code.")],
    home: Home = None,
    as_json: AsJson = False,
    reader: Reader = None,
) -> None:
    """List the practices most alike in what drives a measure, with their distance."""
    found = opened(home, reader).measure.peers(measure, practice)
    columns = ("code", "name", "distance", "value", "lower", "upper", "drivers", "missing")
    show(found if as_json else brief(found, *columns), as_json)


@app.command("care-adjustments")
def care_adjustments(
    practice: Annotated[str, typer.Argument(help="A practice's code.")],
    home: Home = None,
    as_json: AsJson = False,
    reader: Reader = None,
) -> None:
    """List a practice's QOF with and without personalised care adjustments."""
    found = opened(home, reader).measure.care_adjustments(practice)
    columns = ("indicator_code", "title", "achievement", "reach", "pca_rate", "england_pca_rate",
               "standing", "missing")  # fmt: skip
    show(found if as_json else brief(found, *columns), as_json)


@app.command()
def worth(home: Home = None, as_json: AsJson = False) -> None:
    """List what each measure is worth, and whether counting it earns its keep."""
    found = opened(home).measure.cards()
    columns = ("measure", "title", "compared", "reliability", "earns", "sentence")
    show(found if as_json else brief(found, *columns), as_json)


def _known(kind: str) -> str:
    """Return ``kind`` if organisations are of it; Problem with those that there are."""
    from locality.figures import Problem
    from locality.workbench.measure import KINDS

    if kind not in KINDS:
        raise Problem(f"There is no kind {kind!r}; there are {', '.join(KINDS)}.")
    return kind


def _accepted(said: Written, kind: str, asked: float | None = None) -> Accepted:
    """Return the false alerts accepted: as asked, as people here set them, or the usual ones."""
    from locality.measure import AREAS, OF_MANY, OF_ONE, Accepted

    name, usual = (
        ("alerts.icb_month", OF_MANY) if kind in AREAS else ("alerts.practice_quarter", OF_ONE)
    )
    held = (float(row["value"]) for row in said.get("settings", ()) if row["name"] == name)
    number = next(held, 0.0) if asked is None else asked
    return Accepted(number, usual.months) if number > 0 else usual


def _marks(said: Written) -> tuple[tuple[str, str, str], ...]:
    """Return what people said of signals that is not yet to be looked at again."""
    today = date.today().isoformat()
    return tuple(
        (row["organisation"], row["measure"], row["state"])
        for row in said.get("marks", ())
        if row["review_on"] >= today
    )


def _rebases(said: Written, code: str, measure: str) -> list[str]:
    """Return the periods from which people drew a chart's limits afresh."""
    return [
        row["period"]
        for row in said.get("rebases", ())
        if (row["organisation"], row["measure"]) == (code, measure)
    ]
