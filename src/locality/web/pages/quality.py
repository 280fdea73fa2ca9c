"""Quality: a practice's QOF, as published at the end of each year."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from locality.web import asking
from locality.web.here import here


@require_GET
def qof(request: HttpRequest, code: str) -> HttpResponse:
    """Return a practice's QOF points by year, and one year by indicator."""
    view = here(request)
    row = asking.organisation(view, code)
    year = asking.period(request.GET.get("year"))
    table = view.ask(view.measure.qof.indicators, row["code"], year)
    rows = sorted(table.rows, key=lambda one: str(one["group_code"] or ""))
    words = {
        "organisation": row,
        "points": view.ask(view.measure.qof.overall, row["code"]),
        "indicators": table,
        "groups": [
            (group, list(some))
            for group, some in groupby(rows, key=lambda one: str(one["group_code"] or "Others"))
        ],
        "year": table.rows[0]["period"] if len(table) else year,
    }
    return render(request, "pages/qof.html", words)


@require_GET
def care(request: HttpRequest, code: str) -> HttpResponse:
    """Return a practice's QOF with and without personalised care adjustments."""
    view = here(request)
    row = asking.organisation(view, code)
    words = {"organisation": row, "table": view.ask(view.measure.care_adjustments, row["code"])}
    return render(request, "pages/care.html", words)
