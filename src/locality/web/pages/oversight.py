"""Pages of who oversees what, and of who can help with what: knowledge, read and downloaded."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from locality import know
from locality.figures import Table
from locality.knowledge.oversight import overseers, role_cards
from locality.web.table_files import table_file


@require_GET
def oversight(request: HttpRequest) -> HttpResponse:
    """Return the page of bodies that oversee, are consulted, or hear a question."""
    return render(request, "pages/oversight.html", {"bodies": _bodies()})


@require_GET
def oversight_file(request: HttpRequest, ending: str) -> HttpResponse:
    """Return the same as a file."""
    return table_file(request, _bodies(), "oversight", ending)


@require_GET
def roles(request: HttpRequest) -> HttpResponse:
    """Return the page of role cards."""
    return render(request, "pages/roles.html", {"roles": _roles()})


@require_GET
def roles_file(request: HttpRequest, ending: str) -> HttpResponse:
    """Return the same as a file."""
    return table_file(request, _roles(), "roles", ending)


def _bodies() -> Table:
    return know.oversight(overseers(settings.LOCALITY_HOME).values(), timezone.localdate())


def _roles() -> Table:
    return know.roles(role_cards(settings.LOCALITY_HOME).values())
