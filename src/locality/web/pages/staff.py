"""Staff: who works in the practices, by role, against the list; and who works in the networks."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from locality.figures import Table, typed_day
from locality.web import asking, charts
from locality.web.here import Here, here


@require_GET
def staff(request: HttpRequest, code: str) -> HttpResponse:
    """Return the staff of an organisation's practices, and of the network they belong to."""
    view = here(request)
    row = asking.organisation(view, code)
    table = view.ask(view.know.staff, row["code"], _day(request.GET.get("as_at", "")))
    words = {
        "organisation": row,
        "staff": table,
        "drawn": view.work(charts.staff, row["code"]) if len(table) else None,
        "groups": _by_group(table),
        "trend": view.ask(view.know.staff_trend, row["code"]),
        "network": view.work(_network, row["code"]),
        "staff_words": charts.staff_words,
    }
    return render(request, "pages/staff.html", words)


def _by_group(table: Table) -> dict[str, list[dict[str, Any]]]:
    """Return the rows under their staff groups: those that stand for a group lead, and order it."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in table.rows:
        groups.setdefault(row["staff_group"], []).append(row)
    return groups


def _day(text: str) -> date | None:
    return typed_day(text) if text.strip() else None


def _network(view: Here, code: str) -> tuple[dict[str, Any], Table] | None:
    """Return the one network of ``code`` (or itself) and its staff, or None."""
    row = asking.organisation(view, code)
    network = row if row["kind"] == "pcn" else asking.around(view, code).get("pcn")
    if not network or network["code"] == "U":
        return None
    return network, view.ask(view.know.network_staff, network["code"])
