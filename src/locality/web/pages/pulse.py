"""The engagement pulse of a body: asked once a year, answered alone, shown as counts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from locality.figures import NotFound, Table
from locality.judging import raters as judging_raters
from locality.judging.checklists import typed
from locality.records import actions, checklist_tables, people_tables
from locality.records.models import Body
from locality.web.acting import person, who
from locality.web.forms import Form
from locality.web.pages.checklists import template_of
from locality.web.table_files import table_file
from locality.web.templating import url

TEMPLATE = "engagement_pulse"


@require_GET
def pulse(request: HttpRequest, code: str) -> HttpResponse:
    """Return a body's pulse through the years, beside what it settled in them."""
    return _page(request, _body(code), Form())


@require_POST
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Ask this year's pulse of everyone who holds a seat."""
    body, own = _body(code), person(request)
    form = Form.typed(request.POST, "owner")
    try:
        actions.start_checklist(
            template=template_of(TEMPLATE), about_kind="body", about=body.code,
            owner=form.values["owner"] or (own.code if own else ""), who=who(request),
        )  # fmt: skip
    except actions.Refusal as refusal:
        form.refused(refusal)
        return _page(request, body, form)
    return redirect(url("pulse", body.code))


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """Answer a pulse, all on one page; nobody sees whose answers they are."""
    held, own = checklist_tables.checklist(code), person(request)
    if not held.anonymous:
        raise NotFound(f"{held.reference} is answered question by question.")
    asked = held.questions
    rater = held.raters.filter(person=own).first() if own else None
    form = Form.typed(request.POST, *(f"value-{one.id}" for one in asked.item))
    values = {one.id: typed(one, {"value": form.values[f"value-{one.id}"]}) for one in asked.item}
    if request.method == "POST":
        try:
            actions.send_pulse(
                reference=held.reference, person=own.code if own else "", values=values,
                who=who(request),
            )  # fmt: skip
        except actions.Refusal as refusal:
            form.refused(refusal)
            form.errors = {f"value-{key}" if f"value-{key}" in form.values else key: sentence
                           for key, sentence in form.errors.items()}  # fmt: skip
        else:
            return redirect(url("answer_pulse", held.reference))
    words = {"held": held, "asked": asked, "form": form, "rater": rater,
             "awaited": bool(rater and rater.is_awaited and held.is_open)}  # fmt: skip
    return render(request, "pages/pulse_answer.html", words, status=form.status)


@require_GET
def download(request: HttpRequest, code: str, ending: str) -> HttpResponse:
    """Return a body's pulse through the years as a file."""
    table, _ = results(_body(code))
    return table_file(request, table, f"pulse-{code}", ending)


def results(body: Body) -> tuple[Table, Table]:
    """Return the pulse through the years, and what the body settled in them."""
    years = checklist_tables.pulses(body.code, TEMPLATE)
    table = judging_raters.pulse(template_of(TEMPLATE), years)
    return table, checklist_tables.settled(body, years)


def _body(code: str) -> Body:
    people_tables.body(code)
    return Body.objects.get(code=code)


def _page(request: HttpRequest, body: Body, form: Form) -> HttpResponse:
    table, settled = results(body)
    own = person(request)
    rows = checklist_tables.checklists(body=body.code, template=TEMPLATE).rows
    asked = template_of(TEMPLATE)
    this_year = [one for one in rows if one["year"] == timezone.localdate().year]
    words: dict[str, Any] = {
        "body": body, "form": form, "asked": asked, "table": table, "settled": settled,
        "items": [(one, _by_year(table, one.id)) for one in asked.item],
        "this": this_year[0] if this_year else None,
        "owner": own, "people": [(r["code"], r["name"]) for r in people_tables.people().rows],
    }  # fmt: skip
    return render(request, "pages/pulse.html", words, status=form.status)


def _by_year(table: Table, item: str) -> list[tuple[int, list[dict[str, Any]]]]:
    """Return year -> the rows of one item, in order of year."""
    years: dict[int, list[dict[str, Any]]] = {}
    for row in table.rows:
        if row["item"] == item:
            years.setdefault(row["year"], []).append(row)
    return sorted(years.items())
