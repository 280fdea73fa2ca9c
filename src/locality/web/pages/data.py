"""Data: what is loaded, how old it is, what was set aside, what it covers, whom to thank."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from locality.web.here import here


@require_GET
def data(request: HttpRequest) -> HttpResponse:
    """Return the page of files and versions."""
    view = here(request)
    lineage = view.ask(view.data.lineage)
    words = {
        "version_row": view.ask(view.data.version).rows[0],
        "lineage": lineage,
        "in_use": [row for row in lineage.rows if row["state"] == "in use"],
        "replaced": [row for row in lineage.rows if row["state"] != "in use"],
        "set_aside": view.ask(view.data.set_aside),
        "attributions": view.ask(view.data.attributions),
        "coverage": view.ask(view.data.coverage),
        "publications": view.knowledge.publications,
    }
    return render(request, "pages/data.html", words)
