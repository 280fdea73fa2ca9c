"""Hospital waits: how many of a sub-ICB's patients wait, for what, and how long."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from locality.figures import Problem
from locality.web import asking, charts
from locality.web.here import here


@require_GET
def waits(request: HttpRequest, code: str) -> HttpResponse:
    """Return hospital waits by specialty of an organisation, or of the sub-ICB it lies in."""
    view = here(request)
    row = asking.organisation(view, code)
    period = asking.period(request.GET.get("period"))
    words: dict[str, Any] = {"organisation": row, "waits": None, "sentence": ""}
    try:
        table = view.ask(view.measure.waits, row["code"], period)
    except Problem as problem:
        if period is not None:
            raise
        words["sentence"] = str(problem)
    else:
        trend = view.ask(view.measure.waits_trend, row["code"])
        whose = table.rows[0]["code"] if len(table) else row["code"]
        words |= {
            "waits": table,
            "whose": asking.organisation(view, whose),
            "drawn": view.work(charts.waits, row["code"], period) if len(table) else None,
            "trend": trend,
            "months": [one["period"] for one in reversed(trend.rows)],
        }
    return render(request, "pages/waits.html", words)
