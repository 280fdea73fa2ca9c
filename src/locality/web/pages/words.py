"""Pages of words: the loop, the glossary, what this is, how accessible it is, the API."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from locality import knowledge
from locality.web.here import here
from locality.workbench import NothingLoaded


@require_GET
def loop(request: HttpRequest) -> HttpResponse:
    """Return the page that shows the whole loop, and which rooms are open."""
    return render(request, "pages/loop.html")


@require_GET
def glossary(request: HttpRequest) -> HttpResponse:
    """Return the words this house uses, in the order of the alphabet."""
    known = knowledge.load(settings.LOCALITY_HOME).glossary.values()
    terms = sorted(known, key=lambda one: one.term.casefold())
    return render(request, "pages/glossary.html", {"terms": terms})


@require_GET
def about(request: HttpRequest) -> HttpResponse:
    """Return the page that says what this is, where figures come from, and its promises."""
    try:
        view = here(request)
    except NothingLoaded:
        return render(request, "pages/about.html", {"attributions": None})
    return render(request, "pages/about.html", {"attributions": view.ask(view.data.attributions)})


@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    """Return the accessibility statement."""
    return render(request, "pages/accessibility.html")


@require_GET
def api(request: HttpRequest) -> HttpResponse:
    """Return the page that explains the API and the downloads."""
    return render(request, "pages/api.html")
