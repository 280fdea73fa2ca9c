"""Signing in and out, one's own password, and where one is signed in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from locality.figures import NotFound
from locality.records import account_tables, actions
from locality.records.actions.attempts import TooMany
from locality.records.actions.demonstration import DEMONSTRATORS, open_demo_accounts
from locality.records.actions.passwords import FEWEST, change_own_password, let_in
from locality.records.actions.visits import end_visit
from locality.records.models import How
from locality.records.permissions import permissions
from locality.web import visiting
from locality.web.demonstrating import demonstrating
from locality.web.forms import Form
from locality.web.openid import offered
from locality.web.permitting import safe_next
from locality.web.templating import url


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Return the page on which one signs in, or sign in; the password is never shown again."""
    form = Form.typed(request.POST, "username")
    asked = request.POST.get("next", "") or request.GET.get("next", "")
    back = safe_next(request, asked)
    if not visiting.possible(request):
        return render(request, "pages/sign_in_off.html", status=404 if request.POST else 200)
    if request.method != "POST":
        return _page(request, form, back)
    try:
        account = let_in(
            username=form.values["username"], password=request.POST.get("password", ""),
            address=request.META.get("REMOTE_ADDR", ""),
        )  # fmt: skip
        return visiting.begin(request, redirect(back), account, str(How.PASSWORD))
    except TooMany as many:
        form.errors["username"] = str(many)
        response = _page(request, form, back, status=429)
        response["Retry-After"] = str(many.seconds)
        return response
    except actions.Refusal as refusal:
        form.refused(refusal)
        return _page(request, form, back, status=422)


@never_cache
@require_POST
def sign_in_demonstration(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the made-up people of the demonstration; anywhere else there are none."""
    if not demonstrating(request):
        raise NotFound("Nothing is at this address.")
    account = open_demo_accounts().get(request.POST.get("who", ""))
    if account is None:
        raise NotFound("There is nobody by that name in the demonstration.")
    back = safe_next(request, request.POST.get("next", ""))
    return visiting.begin(request, redirect(back), account, str(How.DEMONSTRATION))


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out of this browser, here and on the server."""
    return visiting.end(request, redirect("start"))


@never_cache
@require_GET
def my_account(request: HttpRequest) -> HttpResponse:
    """Return one's own account: what it may do, where it is signed in."""
    account = _mine(request)
    words = {
        "row": account_tables.account(account.code).rows[0],
        "grants": account_tables.grants(account.code).rows,
        "visits": account_tables.visits(account.code).rows,
        "here_now": request.visit.pk,
        "link": account_tables.link(account.code)[0],
        "names": _names(request, account_tables.grants(account.code).rows),
    }
    return render(request, "pages/account_mine.html", words)


@never_cache
@require_POST
def leave_visit(request: HttpRequest) -> HttpResponse:
    """End one of one's own visits: of a browser that was left open somewhere."""
    number = request.POST.get("number", "")
    plain = number.isascii() and number.isdigit() and len(number) < 18
    visit = account_tables.visit_of(_mine(request), int(number)) if plain else None
    if visit is None:
        raise NotFound("That has ended already.")
    if visit.pk == request.visit.pk:
        return visiting.end(request, redirect("start"))
    end_visit(visit)
    return redirect("my_account")


@sensitive_post_parameters("current", "password", "again")
@never_cache
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Change one's own password: every other browser is signed out by it."""
    account = _mine(request)
    given = account_tables.must_change(account)
    # The three fields are shown empty each time, whatever was typed.
    form = Form({"current": "", "password": "", "again": ""})
    if request.method == "POST":
        try:
            changed = change_own_password(
                account=account.code,
                current=request.POST.get("current", ""),
                password=request.POST.get("password", ""),
                again=request.POST.get("again", ""),
                who=account.person.signature,
                address=request.META.get("REMOTE_ADDR", ""),
            )
            fresh = account_tables.fresh(changed.code)
            return visiting.begin(request, redirect("my_account"), fresh, str(How.PASSWORD))
        except TooMany as many:
            form.errors["current"] = str(many)
        except actions.Refusal as refusal:
            form.refused(refusal)
    words = {"form": form, "given": given, "fewest": FEWEST}
    return render(request, "pages/account_password.html", words, status=form.status)


@require_GET
def who_may(request: HttpRequest) -> HttpResponse:
    """Return the permission table: who may do what."""
    return render(request, "pages/account_permissions.html", {"table": permissions().table})


def _page(request: HttpRequest, form: Form, back: str, status: int = 200) -> HttpResponse:
    words: dict[str, Any] = {
        "form": form,
        "next": "" if back == url("start") else back,
        "elsewhere": offered(),
        "demonstrators": DEMONSTRATORS if demonstrating(request) else (),
    }
    return render(request, "pages/sign_in.html", words, status=status)


def _mine(request: HttpRequest) -> Any:
    account = getattr(request, "account", None)
    if account is None:
        raise NotFound("Nobody is signed in here, so there is no account to show.")
    return account


def _names(request: HttpRequest, rows: list[dict[str, Any]]) -> dict[str, str]:
    from locality.web.pages.people import names

    return names(request, {row["organisation"] for row in rows if row["organisation"]})
