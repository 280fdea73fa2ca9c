"""Access: online, by telephone, by appointment, and what patients say of it."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from locality.figures import Problem
from locality.web import asking, charts
from locality.web.drawn import Drawn
from locality.web.here import Here, here

#: How topics of access begin, and which measure of each is drawn through time.
TOPIC = "Access"
DRAWN = (
    "access.online_submissions",
    "access.telephone_answered",
    "access.appointments",
    "access.survey_overall",
)


@require_GET
def access(request: HttpRequest, code: str) -> HttpResponse:
    """Return an organisation's access on one page: every measure of it, four through time."""
    view = here(request)
    row = asking.organisation(view, code)
    rows = view.ask(view.measure.figures, row["code"], None).rows
    about = [one for one in rows if one["topic"].startswith(TOPIC)]
    words = {
        "organisation": row,
        "topics": [
            (topic.partition(": ")[2] or topic, list(some))
            for topic, some in groupby(about, key=lambda one: str(one["topic"]))
        ],
        "drawn": view.work(_drawn, row["code"], frozenset(one["measure"] for one in about)),
    }
    return render(request, "pages/access.html", words)


def _drawn(view: Here, code: str, counted: frozenset[str]) -> list[tuple[Any, Drawn]]:
    """Return each measure that is drawn with its trend, of those that are ``counted`` for it."""
    found = []
    for id in filter(counted.__contains__, DRAWN):
        try:
            picture: Drawn = view.work(charts.trend, id, code)
        except Problem:
            continue
        values = picture.table.data.column("value")
        if len(values) - values.null_count > 1:
            found.append((asking.measure(view, id), picture))
    return found
