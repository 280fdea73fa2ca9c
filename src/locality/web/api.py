"""The same figures for programs: every page's nouns as JSON, through the same gate."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from operator import attrgetter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from locality.figures import Figure, Paper, Problem, Table
from locality.web import asking
from locality.web.answering import Packed, answer, json_bytes, tag
from locality.web.asking import Asked
from locality.web.here import Here, here
from locality.web.pages import feedback as feedback_page
from locality.web.pages import signals


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Return organisations whose name or code answers to ``q``."""
    text = " ".join(request.GET.get("q", "").split())[:80]
    if not text:
        raise Problem("Say what to look for: /api/search?q=harbour")
    return _say(request, _table, "know", "search", text, 50)


@require_GET
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """Return one organisation's row."""
    return _say(request, _table, "know", "organisation", asking.code(code))


@require_GET
def measures(request: HttpRequest) -> HttpResponse:
    """Return the measures there are."""
    return _say(request, _table, "measure", "catalogue")


@require_GET
def figure(request: HttpRequest, measure: str, code: str) -> HttpResponse:
    """Return one figure; with ``working=1`` recomputed from its file, with every step."""
    view = here(request)
    asking.measure(view, measure)
    period = asking.period(request.GET.get("period"))
    question = "explain" if request.GET.get("working") else "figure"
    return _say(request, _figure, question, measure, asking.code(code), period)


@require_GET
def over(request: HttpRequest, measure: str) -> HttpResponse:
    """Return one measure over every organisation of a kind."""
    asked = Asked.read(request.GET, asking.measure(here(request), measure))
    narrowed = (asked.kind, asked.period, asked.within, asked.inclusion)
    return _say(request, _table, "measure", "over", measure, *narrowed)


@require_GET
def trend(request: HttpRequest, measure: str, code: str) -> HttpResponse:
    """Return one measure of one organisation through time."""
    asking.measure(here(request), measure)
    return _say(request, _table, "measure", "trend", measure, asking.code(code))


@require_GET
def standings(request: HttpRequest, code: str) -> HttpResponse:
    """Return what can be said of every measure of an organisation."""
    own = asking.code(code)
    return _say(request, _table, "measure", "standings", own, signals.one(), signals.marks())


@require_GET
def alerts(request: HttpRequest, code: str) -> HttpResponse:
    """Return the alerts of an organisation, or of an area's practices."""
    row = asking.organisation(here(request), code)
    accepted = signals.accepted(row["kind"])
    return _say(request, _table, "measure", "alerts", row["code"], accepted, signals.marks())


@require_GET
def chart(request: HttpRequest, measure: str, code: str) -> HttpResponse:
    """Return one organisation's control chart of a measure."""
    asking.measure(here(request), measure)
    own = asking.code(code)
    return _say(request, _table, "measure", "chart", measure, own, signals.since(own, measure))


@require_GET
def funnel(request: HttpRequest, measure: str) -> HttpResponse:
    """Return organisations of a kind beside the limits for their size."""
    asked = Asked.read(request.GET, asking.measure(here(request), measure))
    return _say(request, _table, "measure", "funnel", measure, asked.kind, asked.within)


@require_GET
def points(request: HttpRequest, code: str) -> HttpResponse:
    """Return a practice's QOF by indicator: points, pounds, what is still to earn."""
    own = asking.organisation(here(request), code)["code"]
    return _say(request, _table, "measure", "qof.position", own, *_asked(request))


@require_GET
def pounds(request: HttpRequest, code: str) -> HttpResponse:
    """Return what a practice's points are worth, line by line, each citing its rule."""
    own = asking.organisation(here(request), code)["code"]
    return _say(request, _statement, own, *_asked(request))


@require_GET
def feedback(request: HttpRequest, code: str) -> HttpResponse:
    """Return an organisation's pack with its account: sections of sentences and tables."""
    view = here(request)
    row = asking.organisation(view, code)
    paper = feedback_page.paper(view, row["code"], timezone.localdate())
    etag = tag(view, "api", "feedback", row["code"], repr(paper.standfirst),
               repr(paper.section("account")))  # fmt: skip
    return answer(request, etag, "application/json", lambda: _paper(view, paper))


@require_GET
def lineage(request: HttpRequest) -> HttpResponse:
    """Return which file each row set came from."""
    return _say(request, _table, "data", "lineage")


def _asked(request: HttpRequest) -> tuple[str | None, str | None]:
    return asking.period(request.GET.get("year")), request.GET.get("as_at") or None


def _statement(view: Here, *arguments: Hashable) -> Packed:
    made = view.ask(view.measure.qof.statement, *arguments)
    return Packed.of(json_bytes({**made.as_dict(), "data_version": view.version}))


def _paper(view: Here, paper: Paper) -> Packed:
    return Packed.of(json_bytes({**paper.as_dict(), "data_version": view.version}))


def _say(request: HttpRequest, make: Callable[..., Packed], *arguments: Hashable) -> HttpResponse:
    view = here(request)
    etag = tag(view, "api", make.__name__, *arguments)
    return answer(request, etag, "application/json", lambda: view.work(make, *arguments))


def _table(view: Here, room: str, question: str, *arguments: Hashable) -> Packed:
    """Return a room's table as JSON: its columns with their meanings, then its rows."""
    table: Table = view.ask(attrgetter(f"{room}.{question}")(view), *arguments)
    told: dict[str, Any] = {
        "table": table.schema.name,
        "title": table.title or table.schema.title,
        "notes": list(table.notes),
        "data_version": view.version,
        "columns": [
            {"name": c.name, "type": c.type, "unit": c.unit, "meaning": c.meaning}
            for c in table.schema.columns
        ],
        "rows": [
            {name: None if value != value else value for name, value in row.items()}
            for row in table.rows
        ],
    }
    return Packed.of(json_bytes(told))


def _figure(view: Here, question: str, *arguments: Hashable) -> Packed:
    figure: Figure = view.ask(getattr(view.measure, question), *arguments)
    return Packed.of(json_bytes({**figure.as_dict(), "data_version": view.version}))
