"""What went wrong, said on a page of our own: to people as a page, to programs as JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from locality.figures import NotFound, Problem
from locality.web.answering import json_bytes
from locality.workbench import NothingLoaded

_FOR_PROGRAMS = ("/api/", "/charts/")


class Problems:
    """Middleware: a Problem becomes its sentence; nothing loaded becomes the first steps."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the page's own response."""
        return self._next(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the page for ``error``, or None where it is not a person's to put right."""
        if isinstance(error, NothingLoaded):
            return said(request, 404, str(error), template="pages/nothing_loaded.html")
        if isinstance(error, NotFound):
            return said(request, 404, str(error), title="There is nothing by that name")
        if isinstance(error, Problem):
            return said(request, 400, str(error), title="That cannot be shown")
        return None


def said(
    request: HttpRequest,
    status: int,
    sentence: str,
    *,
    title: str = "Something is not right",
    template: str = "pages/problem.html",
) -> HttpResponse:
    """Return ``sentence`` as a page, or as JSON for a program that asked."""
    if request.path.startswith(_FOR_PROGRAMS):
        body = json_bytes({"problem": sentence})
        return HttpResponse(body, "application/json", status=status)
    words = {"title": title, "sentence": sentence, "status": status}
    return render(request, template, words, status=status)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Return the page for an address that leads nowhere."""
    return said(
        request,
        404,
        "Nothing is at this address. It may have been typed with a slip, or the page has moved.",
        title="Page not found",
    )


def refused(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Return the page for a request that was not taken, such as one to another host's name."""
    from django.core.exceptions import DisallowedHost

    if isinstance(exception, DisallowedHost):
        return said(
            request,
            400,
            "These pages are for the person at this computer and answer only to 127.0.0.1 and "
            "localhost. Open the address that 'locality serve' printed. To share figures, send "
            "a download.",
            title="This name is not answered here",
        )
    return said(
        request,
        400,
        "The request could not be read, so nothing was done. Go back and try again.",
        title="That was not understood",
    )


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the page for a form that did not come from these pages, or came too late."""
    return said(
        request,
        403,
        "The form was open too long, or cookies are switched off, so nothing was saved. Go "
        "back, copy what you wrote, load the page again and send it once more.",
        title="The form was not saved",
    )


def failed(request: HttpRequest) -> HttpResponse:
    """Return the page for what nobody foresaw. It asks nothing of data or records."""
    return said(
        request,
        500,
        "Something went wrong that we did not foresee. Nothing stored was harmed. The "
        "terminal in which Locality runs shows where; the other pages go on working.",
        title="This page did not work",
    )
