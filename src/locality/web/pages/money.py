"""Money received: what practices were paid, line by line, for each patient. Nobody is ranked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from locality.figures import Problem
from locality.web import asking, charts
from locality.web.here import here


@require_GET
def money(request: HttpRequest, code: str) -> HttpResponse:
    """Return what an organisation's practices received in one year, and over the years."""
    view = here(request)
    row = asking.organisation(view, code)
    year = asking.period(request.GET.get("year"))
    trend = view.ask(view.know.money_trend, row["code"])
    years = sorted({one["period"] for one in trend.rows}, reverse=True)
    if year is not None and year not in years:
        held = ", ".join(years) or "none"
        raise Problem(f"No payments of {year} are loaded for it; years loaded: {held}.")
    table = view.ask(view.know.money, row["code"], year) if years else None
    words = {
        "organisation": row,
        "money": table,
        "years": years,
        "drawn": view.work(charts.money, row["code"], year) if table is not None else None,
        "trend": trend,
    }
    return render(request, "pages/money.html", words)
