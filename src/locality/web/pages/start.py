"""The first page, the search, and the reader's own organisation."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from locality.figures import Problem, Table
from locality.figures.schemas import ORGANISATIONS
from locality.web import asking
from locality.web.here import here, my_organisation, remember
from locality.web.pages import needs, signals
from locality.workbench import NothingLoaded

#: Letters from which a search begins, and how many answers each form of it shows.
LETTERS, SUGGESTED, LISTED = 3, 8, 50


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Return the first page: search, my organisation, what there is to see."""
    try:
        view = here(request)
    except NothingLoaded as nothing:
        return render(request, "pages/nothing_loaded.html", {"sentence": str(nothing)})
    mine = my_organisation(request)
    figure = None
    if mine:
        try:
            figure = view.ask(view.know.list_size, mine["code"])
        except Problem:
            # Another locality was loaded since: what was remembered means nothing in it.
            mine = None
    said: list[dict[str, Any]] | None = None
    if mine:
        standings = view.ask(view.measure.standings, mine["code"], signals.one(), signals.marks())
        said = standings.rows
    words = {
        "england": view.ask(view.know.list_size, "ENG"),
        "my_list": figure,
        "mine": mine,
        "new_files": view.ask(view.data.new_files, None),
        "due": view.ask(view.data.due, timezone.localdate()),
        "reviews": [
            row
            for row in view.ask(view.measure.catalogue).rows
            if row["next_review"] and row["next_review"] <= timezone.localdate()
        ],
        "said": said,
        "earlier": view.data.versions(),
        "needs": needs.needs_of(request),
    }
    return render(request, "pages/start.html", words)


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Return organisations that answer to ``q``: a list to choose from while typing, or a page."""
    text = " ".join(request.GET.get("q", "").split())[:80]
    typing = bool(getattr(request, "htmx", False))
    found = Table.of(ORGANISATIONS, {})
    if len(text) >= (LETTERS if typing else 1):
        view = here(request)
        found = view.ask(view.know.search, text, SUGGESTED if typing else LISTED)
    else:
        here(request)
    template = "parts/suggestions.html" if typing else "pages/search.html"
    words = {"q": text, "found": found, "letters": LETTERS, "full": len(found) >= LISTED}
    response = render(request, template, words)
    response["Vary"] = "HX-Request, Cookie"
    return response


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Remember an organisation as the reader's own, or forget it, and go back."""
    asked = request.POST.get("code", "").strip()
    remember(request, asking.organisation(here(request), asked) if asked else None)
    back = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if safe and back.startswith("/") else "start")
