"""Downloads: the tables of the pages as CSV, Excel and Parquet, with their working."""

from __future__ import annotations

import re
from collections.abc import Hashable
from operator import attrgetter

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from locality.figures import NotFound, Table
from locality.render import papers
from locality.web import asking
from locality.web.answering import Packed, answer, tag
from locality.web.asking import Asked
from locality.web.here import Here, here
from locality.web.pages import signals, worth

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
#: Tables of an organisation, by the name in their address: the room and its question.
_OF_ORGANISATION = {
    "measures": ("measure", "figures"),
    "standing": ("measure", "standings"),
    "alerts": ("measure", "alerts"),
    "care-adjustments": ("measure", "care_adjustments"),
    "list": ("know", "list_trend"),
    "age-sex": ("know", "age_sex"),
    "need": ("know", "need"),
    "members": ("know", "members"),
    "history": ("know", "history"),
    "staff": ("know", "staff"),
    "staff-trend": ("know", "staff_trend"),
    "waits": ("measure", "waits"),
    "money": ("know", "money"),
    "money-trend": ("know", "money_trend"),
    "network-staff": ("know", "network_staff"),
    "qof-points": ("measure", "qof.overall"),
    "qof-indicators": ("measure", "qof.indicators"),
}
_OF_DATA = {
    "lineage": ("data", "lineage"),
    "set-aside": ("data", "set_aside"),
    "attributions": ("data", "attributions"),
    "coverage": ("data", "coverage"),
    "new-files": ("data", "new_files"),
    "changes": ("data", "changes"),
    "measures": ("measure", "catalogue"),
    "worth": ("measure", "cards"),
}


@require_GET
def measure(request: HttpRequest, id: str, ending: str) -> HttpResponse:
    """Return a measure's whole table, in the order and narrowed as the page shows it."""
    asked = Asked.read(request.GET, asking.measure(here(request), id))
    look = asked.look if asked.look in ("funnel", "order") else ""
    name = "-".join(filter(None, (id, asked.kind, asked.within, asked.period, look)))
    return _send(request, name, ending, "over", id, asked, look)


@require_GET
def trend(request: HttpRequest, id: str, code: str, ending: str) -> HttpResponse:
    """Return one measure of one organisation through time."""
    asking.measure(here(request), id)
    own = asking.code(code)
    return _send(request, f"{id}-{own}", ending, "measure", "trend", id, own)


@require_GET
def of_measure(request: HttpRequest, id: str, code: str, table: str, ending: str) -> HttpResponse:
    """Return one measure of one organisation as its control chart or its peers."""
    asking.measure(here(request), id)
    own = asking.code(code)
    said = (signals.since(own, id),) if table == "chart" else ()
    return _send(request, f"{id}-{own}-{table}", ending, "measure", table, id, own, *said)


@require_GET
def organisation(request: HttpRequest, code: str, table: str, ending: str) -> HttpResponse:
    """Return one table of an organisation's page."""
    if table not in _OF_ORGANISATION:
        raise NotFound(f"There is no such table. There are {', '.join(_OF_ORGANISATION)}.")
    row = asking.organisation(here(request), code)
    # What people here said, and the alerts they accept, belong to these two.
    said = (signals.accepted(row["kind"]), signals.marks()) if table == "alerts" else ()
    said = (signals.one(), signals.marks()) if table == "standing" else said
    own = row["code"]
    return _send(request, f"{own}-{table}", ending, *_OF_ORGANISATION[table], own, *said)


@require_GET
def data(request: HttpRequest, table: str, ending: str) -> HttpResponse:
    """Return one table of the data page."""
    if table not in _OF_DATA:
        raise NotFound(f"There is no such table. There are {', '.join(_OF_DATA)}.")
    said = (worth.efforts(),) if table == "worth" else ()
    return _send(request, table, ending, *_OF_DATA[table], *said)


def _send(request: HttpRequest, name: str, ending: str, *arguments: Hashable) -> HttpResponse:
    if ending not in TYPES:
        raise NotFound(f"Downloads end in {', '.join(TYPES)}.")
    view = here(request)
    file_name = re.sub(r"[^A-Za-z0-9._-]+", "-", f"locality-{name}.{ending}")
    etag = tag(view, "download", ending, *arguments)
    return answer(
        request,
        etag,
        TYPES[ending],
        lambda: view.work(_written, ending, *arguments),
        file_name=file_name,
    )


def _written(view: Here, ending: str, room: str, *arguments: Hashable) -> Packed:
    table = _table(view, room, *arguments)
    thanks = tuple(row["attribution"] for row in view.ask(view.data.attributions).rows)
    if ending == "csv":
        return Packed.of(papers.csv_bytes(table, attributions=thanks))
    if ending == "parquet":
        return Packed.of(papers.parquet_bytes(table, attributions=thanks), compress=False)
    return Packed.of(papers.workbook_bytes([table], attributions=thanks), compress=False)


def _table(view: Here, room: str, *arguments: Hashable) -> Table:
    table: Table
    if room == "over":
        id, asked, look = arguments
        table = view.work(asking.looked_at, id, asked, look)
    else:
        question, *rest = arguments
        table = view.ask(attrgetter(f"{room}.{question}")(view), *rest)
    return table
