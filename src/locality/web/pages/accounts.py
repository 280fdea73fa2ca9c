"""Accounts, for administrators: who can sign in, what they may do where, and no password of theirs.

A password that is handed over is shown in the answer to the form and never again.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from locality.records import account_tables, actions, people_tables, tables
from locality.records.actions.accounts import (
    close_account,
    give_role,
    link_openid,
    open_account,
    take_role,
)
from locality.records.actions.passwords import reset_password
from locality.records.models import Role
from locality.web.acting import who
from locality.web.forms import Form
from locality.web.openid import issuer
from locality.web.pages.people import names
from locality.web.templating import url
from locality.web.typed import organisation_typed
from locality.web.why_pages import why_page


@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """Return who can sign in, or with ``?all=1`` also the accounts that are closed."""
    every = bool(request.GET.get("all"))
    words = {"accounts": account_tables.accounts(closed=every), "every": every}
    return render(request, "pages/accounts.html", words)


@require_GET
def account(request: HttpRequest, code: str) -> HttpResponse:
    """Return one account: its roles, where it is signed in, its log."""
    row = account_tables.account(code).rows[0]
    grants = account_tables.grants(code, ended=True).rows
    words = {
        "row": row,
        "grants": [one for one in grants if not one["ended_at"]],
        "past": [one for one in grants if one["ended_at"]],
        "visits": account_tables.visits(code).rows,
        "link": account_tables.link(code),
        "names": names(request, {one["organisation"] for one in grants if one["organisation"]}),
        "events": tables.events("account", code, limit=20),
    }
    return render(request, "pages/account.html", words)


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Return the form for a new account, or open it and show its first password once."""
    form = Form.typed(request.POST, "person", "username", "role", "organisation", "why")
    if request.method == "POST":
        place = organisation_typed(request, form)
        try:
            with actions.found_already(form.errors):
                opened = open_account(who=who(request), **form.values | {"organisation": place})
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            row = account_tables.account(opened.account.code).rows[0]
            return _hand_over(request, row, opened.password)
    else:
        form.values["person"] = request.GET.get("person", "")
    taken = {row["person"] for row in account_tables.accounts().rows}
    words = {
        "form": form,
        "people": [row for row in people_tables.people().rows if row["code"] not in taken],
        "roles": Role.choices,
    }
    return render(request, "pages/account_new.html", words, status=form.status)


@never_cache
@require_http_methods(["GET", "POST"])
def reset(request: HttpRequest, code: str) -> HttpResponse:
    """Ask why, and give an account a password to be handed over: shown once, changed at once."""
    row = account_tables.account(code).rows[0]
    form = Form.typed(request.POST, "why", "seen")
    if request.method == "POST":
        try:
            _, password = reset_password(account=code, who=who(request), **form.values)
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return _hand_over(request, row, password)
    else:
        form.values["seen"] = str(row["version"])
    return _why(
        request, form, row, f"A new password for {row['name']}",
        "It is shown once, to hand over yourself. It opens the account for three "
        "days, and has to be changed at the first sign-in. Wherever they are signed in, they "
        "are signed out.",
        "Give a new password",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, code: str) -> HttpResponse:
    """Return the form for a role, or give it."""
    row = account_tables.account(code).rows[0]
    form = Form.typed(request.POST, "role", "organisation", "why")
    if request.method == "POST":
        place = organisation_typed(request, form)
        try:
            with actions.found_already(form.errors):
                give_role(account=code, who=who(request), **form.values | {"organisation": place})
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("account", code))
    words = {"form": form, "row": row, "roles": Role.choices}
    return render(request, "pages/account_role.html", words, status=form.status)


@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, code: str) -> HttpResponse:
    """Ask why, and take a role away."""
    grant = account_tables.grant(code).rows[0]
    row = account_tables.account(grant["account"]).rows[0]
    form = Form.typed(request.POST, "why")
    if request.method == "POST":
        try:
            take_role(code=code, who=who(request), why=form.values["why"])
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("account", row["code"]))
    held = account_tables.words(grant["role"], grant["organisation"])
    return _why(
        request, form, row, f"Take a role from {row['name']}",
        f"The role: {held}. It ends at once, and wherever they are signed in, they "
        "sign in again. What they did stays theirs.",
        "Take it away",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, code: str) -> HttpResponse:
    """Let an account be opened by the organisation's own sign-in, or no more."""
    row = account_tables.account(code).rows[0]
    form = Form.typed(request.POST, "issuer", "subject", "why", "seen")
    if request.method == "POST":
        try:
            link_openid(account=code, who=who(request), **form.values)
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("account", code))
    else:
        known, subject = account_tables.link(code)
        form.values |= {
            "issuer": known or issuer(),
            "subject": "" if subject.startswith("mailto:") else subject,
            "seen": str(row["version"]),
        }
    words = {"form": form, "row": row, "issuer": issuer()}
    return render(request, "pages/account_link.html", words, status=form.status)


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Ask why, and close an account: its roles end with it."""
    row = account_tables.account(code).rows[0]
    form = Form.typed(request.POST, "why", "seen")
    if request.method == "POST":
        try:
            close_account(code=code, who=who(request), **form.values)
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("account", code))
    else:
        form.values["seen"] = str(row["version"])
    return _why(
        request, form, row, f"Close the account of {row['name']}",
        "Its roles end and it opens no more. The person stays on record, with all "
        "they did.",
        "Close the account",
    )  # fmt: skip


def _why(
    request: HttpRequest, form: Form, row: dict[str, Any], title: str, sentence: str, button: str
) -> HttpResponse:
    crumbs = (("Accounts", url("accounts")), (row["name"], url("account", row["code"])))
    return why_page(request, form, title, sentence, button, *crumbs, room="people", warning=True)


def _hand_over(request: HttpRequest, row: dict[str, Any], password: str) -> HttpResponse:
    words = {"row": row, "password": password}
    response = render(request, "pages/account_password_given.html", words)
    response["Cache-Control"] = "private, no-store"
    return response
