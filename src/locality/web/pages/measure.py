"""Measure: the list, one measure over everyone, one measure of one organisation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from locality.figures import Figure, Problem
from locality.measure import ADJUSTED_FOR, Accepted
from locality.records import signal_tables, tables
from locality.web import asking, charts, judged_charts
from locality.web.acting import may
from locality.web.asking import Asked
from locality.web.forms import Form
from locality.web.here import Here, here, my_organisation
from locality.web.pages import signals, worth

#: What a measure's polarity means, said on its page.
POLARITY = {
    "none": "Neither high nor low is better: what stands out is unusual, and not a fault.",
    "higher_is_better": "Higher is better.",
    "lower_is_better": "Lower is better.",
}


@require_GET
def measures(request: HttpRequest) -> HttpResponse:
    """Return the list of measures by topic, with England's value of each."""
    view = here(request)
    words = {
        "topics": by_topic(view.knowledge.measures.values()),
        "england": view.work(_england),
        "catalogue": view.ask(view.measure.catalogue),
    }
    return render(request, "pages/measures.html", words)


@require_GET
def measure(request: HttpRequest, id: str) -> HttpResponse:
    """Return one measure: what it is, everyone on one picture, the table."""
    view = here(request)
    definition = asking.measure(view, id)
    asked = Asked.read(request.GET, definition)
    mine = my_organisation(request)
    own = mine["code"] if mine else None
    looks = asking.looks_of(definition, asked.kind)
    look = asked.look if asked.look in dict(looks) else looks[0][0] if looks else ""
    rows = view.work(asking.looked_at, id, asked, look)
    words = {
        "measure": definition,
        "polarity": POLARITY.get(definition.polarity, ""),
        "asked": asked,
        "kinds": asking.kinds_of(definition),
        "sorts": asking.sorts_of(definition),
        "periods": view.work(_periods, id),
        "within": view.work(_within, own, asked.within),
        "inside": asking.organisation(view, asked.within) if asked.within else None,
        "rows": asking.one_page(rows, asked.page),
        "total": len(rows),
        "pages": asking.pages(rows),
        "england": view.ask(view.measure.figure, id, "ENG", asked.period),
        "own": view.work(_figure, id, own, asked.period) if own else None,
        "looks": looks,
        "look": look,
        "drawn": view.work(_drawn, id, asked, look, own),
        "notes": _notes(view, id, asked, look),
        "card": _card(view, id, worth.efforts()),
        "bunching": view.work(_bunching, id),
        "requests": signal_tables.requests(id),
    }
    return render(request, "pages/measure.html", words)


def _drawn(view: Here, id: str, asked: Asked, look: str, own: str | None) -> Any:
    """Return the picture that belongs to a look, or None where there is none."""
    if look == "funnel":
        return judged_charts.funnel(view, id, asked.kind, asked.within, own)
    if look == "order":
        return judged_charts.in_order(view, id, asked.kind, asked.within, own)
    if look == "fifths":
        return judged_charts.fifths(view, id, asked.within)
    if look == "all":
        return charts.all_practices(view, id, asked.period, own, asked.inclusion)
    return None


def _notes(view: Here, id: str, asked: Asked, look: str) -> tuple[str, ...]:
    """Return what must be said beside a look's picture."""
    if look in ("funnel", "order"):
        table = view.ask(asking.question(view, look), id, asked.kind, asked.within)
        return tuple(table.notes)
    if look == "fifths":
        return tuple(view.ask(view.measure.inequality, id, asked.within).notes)
    return ()


def _bunching(view: Here, id: str) -> Any:
    """Return what may be asked about a threshold, why nothing may, or None where there is none."""
    definition = asking.measure(view, id)
    if "qof_achievement" not in definition.datasets:
        return None
    try:
        return view.ask(view.measure.bunching, id).rows[0]
    except Problem as problem:
        return {"question": str(problem)}


def _card(
    view: Here, id: str, efforts: tuple[tuple[str, float, str], ...]
) -> dict[str, Any] | None:
    """Return a measure's card: what it is worth, and what it costs."""
    rows = view.ask(view.measure.cards, efforts).rows
    return next((row for row in rows if row["measure"] == id), None)


@require_GET
def measure_organisation(request: HttpRequest, id: str, code: str) -> HttpResponse:
    """Return one measure of one organisation: figure, comparators, trend, working."""
    return one_page(request, id, code, Form({"text": ""}))


def one_page(request: HttpRequest, id: str, code: str, form: Form) -> HttpResponse:
    """Return that page with ``form``, whose errors stand beside the note."""
    view = here(request)
    definition = asking.measure(view, id)
    row = asking.organisation(view, code)
    period = asking.period(request.GET.get("period"))
    again = bool(request.GET.get("again"))
    question = view.measure.explain if again else view.measure.figure
    since = signals.since(row["code"], id)
    known = may(request, "marks", row["code"])
    notes = may(request, "notes", row["code"])
    words = {
        "measure": definition,
        "polarity": POLARITY.get(definition.polarity, ""),
        "organisation": row,
        "figure": view.ask(question, id, row["code"], period),
        "again": again,
        "comparators": view.work(_comparators, id, row["code"], period),
        "periods": view.work(_periods, id),
        "drawn": view.work(charts.trend, id, row["code"]),
        "chart": view.work(judged_charts.control_chart, id, row["code"], since),
        "rebases": signal_tables.rebases(row["code"], id).rows if known else [],
        "proposed": view.ask(view.measure.proposal, id, row["code"], since),
        "said": view.work(_said, id, row["code"], signals.one(), signals.marks()),
        "mark": next(iter(signal_tables.marks(row["code"], id).rows), None) if known else None,
        "today": timezone.localdate(),
        "adjusted_for": ADJUSTED_FOR,
        "has_peers": row["kind"] == "practice" and definition.counted_for == "practice",
        "notes": tables.notes(row["code"], id) if notes else tables.no_notes(),
        "form": form,
    }
    status = form.status
    return render(request, "pages/measure_organisation.html", words, status=status)


@require_GET
def peers(request: HttpRequest, id: str, code: str) -> HttpResponse:
    """Return a practice beside those most like it, and the gap to their mean."""
    view = here(request)
    definition = asking.measure(view, id)
    row = asking.organisation(view, code)
    table = view.ask(view.measure.peers, id, row["code"])
    words = {
        "measure": definition,
        "polarity": POLARITY.get(definition.polarity, ""),
        "organisation": row,
        "peers": table,
        "drivers": view.ask(view.measure.peer_drivers, id, row["code"]),
        "opportunity": view.ask(view.measure.opportunity, id, row["code"]),
        "drawn": view.work(judged_charts.peers, id, row["code"]),
    }
    return render(request, "pages/peers.html", words)


def _said(
    view: Here, id: str, code: str, accepted: Accepted, marks: tuple[tuple[str, str, str], ...]
) -> dict[str, Any] | None:
    """Return what can be said of a measure of an organisation, or None where nothing was judged."""
    try:
        row = view.ask(view.measure.standing, id, code).rows[0]
    except Problem:
        return None
    rows = view.ask(view.measure.standings, code, accepted, marks).rows
    said = [one for one in rows if one["measure"] == id]
    cannot = row["state"] == "cannot be judged"
    return {
        "row": row,
        "sentence": said[0]["sentence"] if said else "",
        "alert": said[0]["alert"] if said else "",
        "enough": view.ask(view.measure.enough, id, code) if cannot else (),
    }


def by_topic(measures: Iterable[Any]) -> dict[str, list[Any]]:
    """Return the measures in force under their topics, both in the order of the alphabet."""
    topics: dict[str, list[Any]] = {}
    for one in sorted(measures, key=lambda m: (m.topic, m.title)):
        if not one.replaced_by:
            topics.setdefault(one.topic, []).append(one)
    return topics


def _england(view: Here) -> dict[str, Figure]:
    """Return England's latest figure of each measure that has one."""
    found: dict[str, Figure] = {}
    for id in view.knowledge.measures:
        figure = _figure(view, id, "ENG", None)
        if figure is not None:
            found[id] = figure
    return found


def _figure(view: Here, id: str, code: str, period: str | None) -> Figure | None:
    """Return a figure, or None where the measure has none for that organisation and period."""
    try:
        figure: Figure = view.ask(view.measure.figure, id, code, period)
    except Problem:
        return None
    return figure


def _comparators(view: Here, id: str, code: str, period: str | None) -> list[tuple[str, Figure]]:
    """Return (name, figure) of the ICB and of England, where they are not the page's own."""
    out = []
    icb = asking.around(view, code).get("icb")
    for row in filter(None, (icb, {"code": "ENG", "name": "England"})):
        figure = _figure(view, id, row["code"], period) if row["code"] != code else None
        if figure is not None:
            out.append((str(row["name"]), figure))
    return out


def _periods(view: Here, id: str) -> list[str]:
    """Return the periods that the measure has figures for, latest first."""
    codes = view.ask(view.measure.trend, id, "ENG").data.column("period").to_pylist()
    return sorted(set(codes), reverse=True)


def _within(view: Here, own: str | None, chosen: str | None) -> list[dict[str, Any]]:
    """Return the organisations a table may be narrowed to: one's own, ICBs, groups."""
    rows: dict[str, dict[str, Any]] = {}
    if own:
        for kind, row in asking.around(view, own).items():
            if kind in ("pcn", "place", "sub_icb", "icb"):
                rows[row["code"]] = row
    for kind in ("icb", "group"):
        for row in view.ask(view.know.organisations, kind).rows:
            rows.setdefault(row["code"], row)
    if chosen and chosen not in rows:
        rows[chosen] = asking.organisation(view, chosen)
    return list(rows.values())
