"""Pictures of what is judged: funnels, order, fifths, control charts, peers."""

from __future__ import annotations

from typing import Any

from locality.figures import Figure
from locality.render import pictures
from locality.web import asking
from locality.web.drawn import Drawn
from locality.web.here import Here

#: Up to so many in order have a row with their name: all boards fit.
NAMED = 42


def funnel(
    here: Here, measure: str, kind: str = "practice", within: str | None = None,
    own: str | None = None,
) -> Drawn:  # fmt: skip
    """Return organisations of a kind beside the limits for their size."""
    table = here.ask(here.measure.funnel, measure, kind, within)
    drawn = pictures.funnel(
        table,
        _figure(here, measure, within),
        denominator_words=asking.measure(here, measure).denominator_words,
        **_picked(here, measure, kind, own),
    )
    return Drawn.of(drawn, "funnel", measure, kind=kind, within=within, own=own)


def in_order(
    here: Here, measure: str, kind: str = "practice", within: str | None = None,
    own: str | None = None,
) -> Drawn:  # fmt: skip
    """Return organisations of a kind by likely true value, with the doubt in that order."""
    table = here.ask(here.measure.in_order, measure, kind, within)
    drawn = pictures.caterpillar(
        table,
        _figure(here, measure, within),
        most=NAMED,
        **_picked(here, measure, kind, own),
    )
    return Drawn.of(drawn, "order", measure, kind=kind, within=within, own=own)


def fifths(here: Here, measure: str, within: str | None = None) -> Drawn:
    """Return a measure by fifths of deprivation."""
    table = here.ask(here.measure.inequality, measure, within)
    slope = here.ask(here.measure.slope_index, measure, within)
    drawn = pictures.inequality(table, _figure(here, measure, within), slope=slope)
    return Drawn.of(drawn, "fifths", measure, within=within)


def control_chart(
    here: Here, measure: str, code: str, since: tuple[str, ...] = (), proposed: str | None = None
) -> Drawn:
    """Return an organisation's own series with its limits, new ones ``since`` those periods."""
    table = here.ask(here.measure.chart, measure, code, since)
    figure: Figure = here.ask(here.measure.figure, measure, code, None)
    name = str(asking.organisation(here, code)["name"])
    drawn = pictures.control_chart(table, figure, name=name, proposed=proposed)
    joined = "_".join(since) or None
    return Drawn.of(drawn, "chart", measure, code, since=joined, proposed=proposed)


def peers(here: Here, measure: str, code: str) -> Drawn:
    """Return an organisation beside those most like it."""
    table = here.ask(here.measure.peers, measure, code)
    figure: Figure = here.ask(here.measure.figure, measure, code, None)
    return Drawn.of(pictures.peers(table, figure), "peers", measure, code)


def _figure(here: Here, measure: str, within: str | None) -> Figure:
    found: Figure = here.ask(here.measure.figure, measure, within or "ENG", None)
    return found


def _picked(here: Here, measure: str, kind: str, own: str | None) -> dict[str, Any]:
    """Return whom a picture picks out: one's own, and those around it."""
    if not own:
        return {"own": None, "near": frozenset[str](), "near_name": ""}
    row = asking.organisation(here, own)
    icb = asking.around(here, own).get("icb") if row["kind"] != "icb" else None
    near = frozenset[str]()
    if icb and kind != "icb":
        inside = here.ask(here.measure.judged, measure, kind, icb["code"])
        near = frozenset(inside.data.column("code").to_pylist())
    return {
        "own": row["code"] if row["kind"] == kind else None,
        "near": near,
        "near_name": str(icb["name"]) if icb else "",
    }
