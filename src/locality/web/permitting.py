"""The door of every page: looks at the permission table before a view runs, and denies the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from locality.records import account_tables
from locality.records.models import How
from locality.records.permissions import permissions
from locality.web import acting
from locality.web.answering import json_bytes
from locality.web.problems import not_found
from locality.web.templating import url

_FOR_PROGRAMS = ("/api/", "/charts/")
_READING, _WRITING = ("GET", "HEAD"), ("POST",)
#: What somebody may open whose password was given by an administrator, until they change it.
_FIRST = frozenset({"change_password", "sign_out", "bundle"})
#: Words for what a role is, in the sentence that says who could.
_WHO = {
    "member": "everybody who is signed in",
    "practice": "people of a practice",
    "network": "network managers",
    "commissioner": "commissioners",
    "governance": "governance leads",
    "analyst": "analysts",
    "administrator": "administrators",
}


class Permitting:
    """Middleware: default deny. It sits before the check of forms, so that nothing runs earlier."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the page's own response."""
        return self._next(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Sequence[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Return what stands in the way of the view, or None where nothing does."""
        if not acting.enforced(request):
            return None
        if request.method not in (*_READING, *_WRITING):
            return HttpResponseNotAllowed([*_READING, *_WRITING])
        match = request.resolver_match
        page = match.url_name or "" if match is not None else ""
        write = request.method in _WRITING
        account = getattr(request, "account", None)
        if page not in _FIRST and _given_password(request):
            return _change_first(request)
        code = acting.code_of(kwargs)
        if acting.allowed(request, page, code, write=write):
            return None
        if account is None:
            return _sign_in_first(request)
        return _refused(request, page, code, write=write)


def safe_next(request: HttpRequest, asked: str) -> str:
    """Return where to go after signing in: a page of this site that is there to be read.

    Anything else, another site's address above all, becomes the first page.
    """
    first = url("start")
    if not asked.startswith("/") or asked.startswith(("//", "/\\")) or len(asked) > 2_000:
        return first
    if any(ord(letter) < 33 or letter == "\\" for letter in asked):
        return first
    if not url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure()):
        return first
    try:
        match = resolve(urlsplit(asked).path)
    except (Resolver404, ValueError):
        return first
    name = match.url_name or ""
    if permissions().row(name, "read") is None or name.startswith("sign_in"):
        return first
    return asked


def _given_password(request: HttpRequest) -> bool:
    """Return whether they came in by a password that an administrator gave them."""
    visit = getattr(request, "visit", None)
    return (
        visit is not None
        and visit.how == How.PASSWORD
        and account_tables.must_change(visit.account)
    )


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    if _program(request):
        return _as_json(401, "Sign in first: this is not open to everybody.")
    asked = request.get_full_path() if request.method in _READING else request.path
    there = safe_next(request, asked)
    address = url("sign_in", next="" if there == url("start") else there)
    if getattr(request, "htmx", False):
        response = HttpResponse(status=401)
        response["HX-Redirect"] = address
        return response
    return redirect(address)


def _change_first(request: HttpRequest) -> HttpResponse:
    if _program(request):
        return _as_json(403, "Change the password that was given to you first.")
    return redirect(url("change_password"))


def _refused(request: HttpRequest, page: str, code: str, *, write: bool) -> HttpResponse:
    """Return 403 with who could; 404 for a thing of which this person may not even know."""
    table, asker, action = permissions(), acting.asker(request), "write" if write else "read"
    kept = acting.as_kept(page, action, code)
    if table.by_rule(asker, page, action) and not table.may_know_of(asker, page, action, kept):
        return not_found(request)
    could = [_WHO[role] for role in table.who_may(page, action) if role in _WHO]
    row = table.row(page, action)
    some = row is not None and any(cell not in ("", "yes") for cell in row.cells.values())
    if _program(request):
        return _as_json(403, "Your roles do not open this.")
    words = {"could": could, "about_some": some, "write": write}
    return render(request, "pages/refused.html", words, status=403)


def _program(request: HttpRequest) -> bool:
    return request.path.startswith(_FOR_PROGRAMS)


def _as_json(status: int, sentence: str) -> HttpResponse:
    response = HttpResponse(json_bytes({"problem": sentence}), "application/json", status=status)
    response["Cache-Control"] = "private, no-store"
    return response
