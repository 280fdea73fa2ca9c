"""All measures of one organisation at once: certain, moved, cannot be judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from locality.web import asking
from locality.web.here import here
from locality.web.pages import signals

Row = Mapping[str, Any]

#: What a reader may narrow the grid to: key, words, which rows.
SHOWN: tuple[tuple[str, str, Callable[[Row], bool]], ...] = (
    ("certain", "stand out for certain", lambda row: bool(row["call"]) or abs(row["place"]) > 1),
    ("moved", "moved from their own past",
     lambda row: row["variation"] in ("high", "low") or row["alert"] in ("new", "still on")),
    ("cannot", "cannot be judged", lambda row: row["state"] == "cannot be judged"),
    ("none", "have no number", lambda row: row["state"] == "no number"),
)  # fmt: skip


@require_GET
def standing(request: HttpRequest, code: str) -> HttpResponse:
    """Return every measure of an organisation with what can be said of each."""
    view = here(request)
    row = asking.organisation(view, code)
    table = view.ask(view.measure.standings, row["code"], signals.one(), signals.marks())
    rows = table.rows
    show = request.GET.get("show", "")
    kept = next((keep for key, _, keep in SHOWN if key == show), None)
    words = {
        "organisation": row,
        "total": len(rows),
        "notes": table.notes,
        "counts": [(key, words, sum(map(keep, rows))) for key, words, keep in SHOWN],
        "show": show if kept else "",
        "topics": [
            (topic, list(some))
            for topic, some in groupby(
                filter(kept, rows) if kept else rows, key=lambda one: str(one["topic"])
            )
        ],
        "terms": view.measure.terms,
    }
    return render(request, "pages/standing.html", words)
