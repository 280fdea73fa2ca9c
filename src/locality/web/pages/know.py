"""Know: who an organisation is and was, its list, its ages, its need, its measures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from locality import know as know_room
from locality.figures import Problem, Statement
from locality.records import actions, tables
from locality.web import asking, charts
from locality.web.acting import may, who
from locality.web.drawn import Drawn
from locality.web.forms import Form, money
from locality.web.here import Here, here
from locality.web.templating import url

#: Components by which an allocation may be shared out, with their words.
COMPONENTS = know_room.COMPONENTS
_MEMBERS_SHOWN = 60


@require_GET
def know(request: HttpRequest) -> HttpResponse:
    """Return the room's own page: search, and the boards and groups there are."""
    view = here(request)
    rule = asking.usual_inclusion()
    words = {
        "rule": rule,
        "inclusion": view.ask(view.know.inclusion, rule),
        "boards": view.ask(view.know.organisations, "icb"),
        "groups": view.ask(view.know.organisations, "group"),
    }
    return render(request, "pages/know.html", words)


@require_GET
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """Return one organisation's page."""
    return _page(request, code, Form(_blank()))


@require_http_methods(["POST"])
def add_note(request: HttpRequest, code: str) -> HttpResponse:
    """Add a note about an organisation, or about one measure of it; refused text survives."""
    view = here(request)
    row = asking.organisation(view, code)
    form = Form.typed(request.POST, "text")
    measure = request.POST.get("measure", "")
    try:
        if measure:
            asking.measure(view, measure)
        actions.add_note(
            organisation=row["code"], measure=measure, text=form.values["text"], who=who(request)
        )
    except actions.Refusal as refusal:
        form.refused(refusal)
        if measure:
            from locality.web.pages.measure import one_page

            return one_page(request, measure, code, form)
        return _page(request, code, form)
    if measure:
        return redirect(url("measure_organisation", measure, row["code"]) + "#notes")
    return redirect(url("organisation", row["code"]) + "#notes")


@require_http_methods(["GET", "POST"])
def withdraw_note(request: HttpRequest, note: str) -> HttpResponse:
    """Ask why a note is withdrawn, and withdraw it: it stays in the log, and leaves the page."""
    rows = [row for row in tables.notes().rows if row["code"] == note]
    if not rows:
        raise Problem("That note does not stand any more, or never did.")
    form = Form.typed(request.POST, "why")
    if request.method == "POST":
        try:
            actions.withdraw_note(code=note, who=who(request), why=form.values["why"])
        except actions.Refusal as refusal:
            form.refused(refusal)
        else:
            return redirect(url("organisation", rows[0]["organisation"]) + "#notes")
    words = {"note": rows[0], "form": form}
    return render(request, "pages/withdraw.html", words, status=form.status)


@require_GET
def pounds(request: HttpRequest, code: str) -> HttpResponse:
    """Return what an organisation's list stands for in pounds of an ICB's allocation."""
    view = here(request)
    row = asking.organisation(view, code)
    form = Form.typed(request.GET, "allocation", "component", "year")
    form.values["component"] = form.values["component"] or "overall"
    statement: Statement | None = None
    if "allocation" in request.GET:
        statement = _statement(view, row["code"], form)
    words = {
        "organisation": row,
        "form": form,
        "the_statement": statement,
        "components": COMPONENTS,
        "around": asking.around(view, row["code"]),
    }
    return render(request, "pages/pounds.html", words, status=form.status)


def _statement(view: Here, code: str, form: Form) -> Statement | None:
    """Return the statement that ``form`` asks for, or None with its errors told in ``form``."""
    amount, year = Decimal(0), None
    try:
        amount = money(form.values["allocation"])
    except ValueError as error:
        form.errors["allocation"] = str(error)
    component = form.values["component"]
    if component not in COMPONENTS:
        form.errors["component"] = "Choose by what the allocation is shared out."
    try:
        year = asking.period(form.values["year"])
    except Problem as problem:
        form.errors["year"] = str(problem)
    if form.errors:
        return None
    try:
        made: Statement = view.ask(view.know.list_in_pounds, code, amount, component, year)
    except Problem as problem:
        # Whatever else is amiss lies in the year: nothing is loaded for it, or no board had it.
        form.errors["year"] = str(problem)
        return None
    return made


def _page(request: HttpRequest, code: str, form: Form) -> HttpResponse:
    view = here(request)
    row = asking.organisation(view, code)
    own = row["code"]
    words = {
        "organisation": row,
        "form": form,
        "notes": tables.notes(own) if may(request, "notes", own) else tables.no_notes(),
        "components": COMPONENTS,
        **view.work(_evidence, own),
    }
    return render(request, "pages/organisation.html", words, status=form.status)


def _evidence(view: Here, code: str) -> dict[str, Any]:
    """Return the nouns of an organisation's page; None where the files say nothing of it."""
    members = view.ask(view.know.members, code)
    return {
        "list_size": view.ask(view.know.list_size, code),
        "belongs_to": view.ask(view.know.belongs_to, code),
        "history": view.ask(view.know.history, code),
        "members": members,
        "members_shown": _MEMBERS_SHOWN,
        "figures": view.ask(view.measure.figures, code, None),
        "list_drawn": _drawn(view, charts.list_trend, code),
        "ages_drawn": _drawn(view, charts.age_sex, code),
        "need_drawn": _drawn(view, charts.need, code),
        "need": view.ask(view.know.need, code),
    }


def _drawn(view: Here, picture: Any, code: str) -> Drawn | None:
    """Return a picture, or None where nothing is loaded to draw it from."""
    try:
        drawn: Drawn = view.work(picture, code)
    except Problem:
        return None
    return drawn if len(drawn.table) else None


def _blank() -> dict[str, str]:
    return {"text": ""}
