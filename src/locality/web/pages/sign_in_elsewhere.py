"""Signing in by the organisation's own sign-in: out to it, and back with its word."""

from __future__ import annotations

from dataclasses import asdict

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from locality.figures import NotFound
from locality.records import account_tables
from locality.records.actions.accounts import BY_ADDRESS, settle_openid
from locality.records.actions.refusing import Refusal
from locality.records.models import Account, How
from locality.web import openid, visiting
from locality.web.permitting import safe_next
from locality.web.templating import url

_SALT = "locality.web.openid"
#: How long somebody may be away, in seconds.
_AWAY = 600


@never_cache
@require_GET
def leave(request: HttpRequest) -> HttpResponse:
    """Send the browser to the organisation's sign-in, with what it needs to come back."""
    _offered(request)
    after = safe_next(request, request.GET.get("next", ""))
    try:
        address, flow = openid.leave(_back(request), after)
    except openid.NotVouchedFor as problem:
        return _not_let_in(request, str(problem))
    response = redirect(address)
    response.set_cookie(
        _cookie(), signing.dumps(asdict(flow), salt=_SALT), max_age=_AWAY, httponly=True,
        samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, path="/",
    )  # fmt: skip
    # Where the browser goes is a matter between it and its organisation.
    response["Referrer-Policy"] = "no-referrer"
    return response


@never_cache
@require_GET
def come_back(request: HttpRequest) -> HttpResponse:
    """Take the organisation's word for who this is, and let in whoever has an account here."""
    _offered(request)
    try:
        held = signing.loads(request.COOKIES.get(_cookie(), ""), salt=_SALT, max_age=_AWAY)
        flow = openid.Flow(**held)
    except (signing.BadSignature, TypeError):
        return _not_let_in(request, "This did not begin in this browser, or took too long.")
    answer = {name: request.GET.get(name, "") for name in request.GET}
    try:
        account = _account(openid.returned(answer, flow, _back(request)))
        response = redirect(safe_next(request, flow.next))
        visiting.begin(request, response, account, str(How.OPENID))
    except (openid.NotVouchedFor, Refusal) as problem:
        return _not_let_in(request, str(problem))
    response.delete_cookie(_cookie(), path="/", samesite="Lax")
    return response


def _account(vouched: openid.Vouched) -> Account:
    """Return whose account it is; one that waits for an address is linked to who came under it."""
    found = account_tables.linked(vouched.issuer, vouched.subject)
    if found is not None:
        return found
    waits = BY_ADDRESS + vouched.address if vouched.address else ""
    found = account_tables.linked(vouched.issuer, waits)
    if found is None:
        raise openid.NotVouchedFor(
            "You have no account here yet. Ask an administrator of these pages for one."
        )
    settled = settle_openid(account=found.code, subject=vouched.subject, waited_for=waits)
    return account_tables.fresh(settled.code)


def _offered(request: HttpRequest) -> None:
    if not visiting.possible(request) or not openid.offered():
        raise NotFound("No other sign-in is set up here.")


def _back(request: HttpRequest) -> str:
    base = settings.LOCALITY_ADDRESS
    there = url("sign_in_return")
    return f"{base}{there}" if base else request.build_absolute_uri(there)


def _cookie() -> str:
    return "__Host-locality_openid" if settings.SESSION_COOKIE_SECURE else "locality_openid"


def _not_let_in(request: HttpRequest, sentence: str) -> HttpResponse:
    response = render(request, "pages/sign_in_not.html", {"sentence": sentence}, status=403)
    response.delete_cookie(_cookie(), path="/", samesite="Lax")
    return response
