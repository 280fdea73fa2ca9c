"""Signed in from page to page: the cookie that says so, and the visit on the server behind it.

The cookie holds a key of 256 random bits and nothing else. It ends with the browser; the visit
ends on the server, so a cookie that was copied is worth nothing afterwards. What a browser merely
prefers (my organisation) stays in the signed session cookie, and is let go at both ends.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.utils.cache import patch_vary_headers

from locality.figures import Problem
from locality.records import account_tables
from locality.records.actions.visits import begin_visit, end_visit, hashed, seen_visit
from locality.records.models import Account, How
from locality.records.sign_in_state import is_on
from locality.web import acting
from locality.web.demonstrating import demonstrating

_LONGEST_KEY = 64


class Visiting:
    """Middleware: finds who is signed in, as ``request.account``; nothing is kept of their pages.

    While sign-in is off nobody is, the demonstration's own people apart.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the page's own response, which no other reader of the browser is shown."""
        request.account = request.visit = None
        key = request.COOKIES.get(cookie_name(), "")
        if key and len(key) <= _LONGEST_KEY and possible(request):
            visit = account_tables.visit_under(hashed(key))
            if visit is not None and (visit.how != How.DEMONSTRATION or demonstrating(request)):
                request.visit, request.account = visit, visit.account
                # Where records are busy just now, the next page writes it down.
                with contextlib.suppress(Problem):
                    seen_visit(visit)
        response = self._next(request)
        if acting.enforced(request):
            patch_vary_headers(response, ["Cookie"])
            if request.account is not None and not response.has_header("Cache-Control"):
                response["Cache-Control"] = "private, no-store"
        return response


def possible(request: HttpRequest) -> bool:
    """Return whether anybody can be signed in here."""
    if settings.LOCALITY_ADDRESS or is_on(settings.LOCALITY_HOME):
        return True
    return demonstrating(request)


def begin(request: HttpRequest, response: HttpResponse, account: Account, how: str) -> HttpResponse:
    """Return ``response``, with which ``account`` is signed in under a key that is new.

    Whatever was signed in before in this browser ends, and its token for forms is replaced.
    Raises Refusal where the account was closed meanwhile.
    """
    _leave(request)
    key = begin_visit(account, how=how, browser=request.headers.get("User-Agent", ""))
    rotate_token(request)
    response.set_cookie(
        cookie_name(), key, httponly=True, samesite="Lax", path="/",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    _prefer_own(request, account)
    return response


def end(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return ``response``, with which nobody is signed in any more, here or on the server."""
    _leave(request)
    rotate_token(request)
    response.delete_cookie(cookie_name(), path="/", samesite="Lax")
    response["Clear-Site-Data"] = '"cache"'
    return response


def cookie_name() -> str:
    """Return the cookie's name; over https one that no other host can set."""
    return "__Host-locality_visit" if settings.SESSION_COOKIE_SECURE else "locality_visit"


def _leave(request: HttpRequest) -> None:
    visit = getattr(request, "visit", None)
    if visit is not None:
        end_visit(visit)
    request.session.flush()


def _prefer_own(request: HttpRequest, account: Account) -> None:
    """Let somebody who belongs to one organisation begin there."""
    from locality.web import asking
    from locality.web.here import here, remember

    places = {place for _, place in account_tables.held(account) if place}
    if len(places) == 1:
        try:
            remember(request, asking.organisation(here(request), places.pop()))
        except Problem:
            return
