"""Data: what is loaded, how old it is, what was set aside, what it covers, whom to thank."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from locality.web.here import here


@require_GET
def data(request: HttpRequest) -> HttpResponse:
    """Return the page of files and versions."""
    view = here(request)
    since = request.GET.get("since", "").strip() or None
    earlier = view.data.versions()
    lineage = view.ask(view.data.lineage)
    words = {
        "version_row": view.ask(view.data.version).rows[0],
        "lineage": lineage,
        "earlier": earlier,
        "since": since or (earlier[-1] if earlier else ""),
        "new_files": view.ask(view.data.new_files, since),
        "changes": view.ask(view.data.changes, since),
        "due": view.ask(view.data.due, timezone.localdate()),
        "in_use": [row for row in lineage.rows if row["state"] == "in use"],
        "replaced": [row for row in lineage.rows if row["state"] != "in use"],
        "set_aside": view.ask(view.data.set_aside),
        "attributions": view.ask(view.data.attributions),
        "coverage": view.ask(view.data.coverage),
        "publications": view.knowledge.publications,
    }
    return render(request, "pages/data.html", words)
