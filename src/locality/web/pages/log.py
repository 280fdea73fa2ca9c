"""The log of everything that was ever done here: who, what, when and why."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from locality.figures import Problem, Table
from locality.records import tables
from locality.records.models.event import SUBJECTS
from locality.web.table_files import table_file

ROWS_A_PAGE = 100
#: Most rows of a file.
MOST = 100_000


@require_GET
def log(request: HttpRequest) -> HttpResponse:
    """Return the log, newest first: of one kind, subject or person where these are asked for."""
    kind, subject, by = _asked(request)
    before = request.GET.get("before", "")
    if before and not (before.isascii() and before.isdigit() and len(before) < 19):
        raise Problem("The log is read from the number of an event on.")
    found = tables.events(
        kind, subject, who=by, before=int(before) if before else None, limit=ROWS_A_PAGE + 1
    )
    rows = found.rows
    words = {
        "rows": rows[:ROWS_A_PAGE],
        "older": rows[ROWS_A_PAGE - 1]["id"] if len(rows) > ROWS_A_PAGE else None,
        "kinds": SUBJECTS,
        "kind": kind,
        "subject": subject,
        "by": by,
        "before": before,
    }
    return render(request, "pages/log.html", words)


@require_GET
def log_file(request: HttpRequest, ending: str) -> HttpResponse:
    """Return the log as a file, narrowed as the page is."""
    kind, subject, by = _asked(request)
    found: Table = tables.events(kind, subject, who=by, limit=MOST)
    return table_file(request, found, "log", ending)


def _asked(request: HttpRequest) -> tuple[str, str, str]:
    kind = request.GET.get("kind", "")
    if kind and kind not in SUBJECTS:
        raise Problem(f"Nothing of the kind {kind[:30]!r} is logged.")
    return kind, request.GET.get("subject", "")[:120], request.GET.get("by", "")[:100]
