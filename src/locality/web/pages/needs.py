"""What needs me: everything that waits for this reader, by when it falls due."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from locality.figures import NotFound, Problem, Table
from locality.records import action_tables, needs
from locality.web import acting
from locality.web.here import here
from locality.web.templating import url

#: How a number was read that needs no second look.
_READ = frozenset({"read", "entered here"})
#: Where a request stands among all, for who may not answer it by its own page.
_REQUESTS = {"page": "requests", "about": ""}
#: The groups of the page: words, and the last day of each, counted from today.
_GROUPS = (("Overdue", -1), ("In the next 7 days", 7), ("In the next 28 days", 28))


def needs_of(request: HttpRequest) -> Table | None:
    """Return NEEDS of this reader; of everybody where nobody signs in and nobody is named.

    None for a reader who is not signed in where people sign in.
    """
    me = acting.person(request)
    if me is None and not acting.may(request, "needs"):
        return None
    found = needs.needs(me.code if me else "", others=_to_check(request))
    if acting.may(request, "answer"):
        return found
    # Who may not answer a request by its page finds it among all requests.
    rows = [row | _REQUESTS if row["page"] == "answer" else row for row in found.rows]
    return Table.of(needs.NEEDS, rows, notes=found.notes)


@require_GET
def all_needs(request: HttpRequest) -> HttpResponse:
    """Return everything that needs this reader, by when it falls due."""
    found = needs_of(request)
    if found is None:
        raise NotFound("Sign in to see what needs you.")
    me = acting.person(request)
    words = {
        "groups": _grouped(found, timezone.localdate()),
        "notes": found.notes,
        "feed": len(action_tables.feeds(me.code)) if me else 0,
    }
    return render(request, "pages/needs.html", words)


def address_of(row: dict[str, Any]) -> str:
    """Return the address of the page on which a row of NEEDS is done."""
    return url(row["page"], *filter(None, (row["measure"], row["about"])))


def _grouped(found: Table, today: date) -> list[tuple[str, list[dict[str, Any]]]]:
    groups: dict[str, list[dict[str, Any]]] = {words: [] for words, _ in _GROUPS}
    groups |= {"Later": [], "Whenever you can": []}
    for row in found.rows:
        due = row["due_on"]
        within = (words for words, days in _GROUPS if due and due <= today + timedelta(days=days))
        groups[next(within, "Later" if due else "Whenever you can")].append(row)
    return [(words, rows) for words, rows in groups.items() if rows]


def _to_check(request: HttpRequest) -> list[dict[str, Any]]:
    """Return a row for the numbers that nobody has read in their document, for who may enter it."""
    # On one computer without sign-in it is nobody's in particular.
    named = acting.person(request) is not None and not acting.enforced(request)
    if named or not acting.may(request, "enter_rule"):
        return []
    try:
        view = here(request)
        sheets = view.knowledge.rules.sheets.values()
        year = max((one.period.code for one in sheets if one.scheme == "qof"), default="")
        rows = view.ask(view.measure.qof.constants, year).rows if year else []
    except Problem:
        return []
    found = [row for row in rows if row["missing"] or row["grade"] not in _READ]
    if not found:
        return []
    count = "1 number" if len(found) == 1 else f"{len(found)} numbers"
    words = f"Check {count} on which QOF pounds of {year} rest"
    return [{"kind": "rule", "words": words, "due_on": None, "whose": "", "page": "constants",
             "about": ""}]  # fmt: skip
