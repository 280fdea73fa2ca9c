"""What people said of signals and measures, as typed tables for pages and the command line."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from locality.figures import Column, NotFound, Schema, Table
from locality.records.models import OPEN_STATES, Effort, Mark, Rebase, Request, RequestKind

_ENDED = (
    Column("by", "text", "who said it"),
    Column("at", "text", "when, local time"),
    Column("ended_at", "text", "when it was ended, local time", required=False),
    Column("ended_by", "text", "who ended it"),
    Column("ended_why", "text", "why"),
)

MARKS = Schema(
    "marks",
    "What is known of signals",
    (
        Column("code", "text", "the mark's own code"),
        Column("organisation", "text", "whose signal"),
        Column("measure", "text", "on which measure"),
        Column("state", "text", "unexplained, data problem, warranted or being worked on"),
        Column("reason", "text", "what is known, and how"),
        Column("review_on", "date", "when it is looked at again"),
        *_ENDED,
    ),
    ("code",),
)

REBASES = Schema(
    "rebases",
    "Where the limits of control charts begin afresh, and why",
    (
        Column("code", "text", "the rebase's own code"),
        Column("organisation", "text", "whose chart"),
        Column("measure", "text", "on which measure"),
        Column("period", "text", "first period with new limits"),
        Column("reason", "text", "what changed, and how that is known"),
        Column("proposed", "flag", "whether the program asked about this very period"),
        *_ENDED,
    ),
    ("code",),
)

REQUESTS = Schema(
    "requests",
    "What was put to owners, and what they answered",
    (
        Column("code", "text", "the request's own code"),
        Column("kind", "text", "change, account, data problem or warranted"),
        Column("about", "text", "the mark or feedback it belongs to; empty is none"),
        Column("measure", "text", "of which measure; empty is the whole organisation"),
        Column("organisation", "text", "on whose behalf; empty is nobody's in particular"),
        Column("text", "text", "what should change and why, what is known, or the account"),
        Column("owner", "text", "the role that answers"),
        Column("by", "text", "who asked"),
        Column("at", "text", "when, local time"),
        Column("due_on", "date", "by when an answer is owed"),
        Column("state", "text", "how far it has come; one that is withdrawn has no answer"),
        Column("answer", "text", "the answer; empty until there is one"),
        Column("answered_by", "text", "who answered"),
        Column("answered_at", "text", "when, local time", required=False),
    ),
    ("code",),
)

EFFORTS = Schema(
    "efforts",
    "What measures cost to count, as people here said",
    (
        Column("code", "text", "its own code"),
        Column("measure", "text", "which measure"),
        Column("minutes", "number", "for each patient", "minutes"),
        Column("reminders", "whole", "shown for each patient in a year"),
        Column("crowds_out", "text", "what is not done because of it"),
        *_ENDED,
    ),
    ("code",),
)


def marks(organisation: str = "", measure: str = "", *, ended: bool = False) -> Table:
    """Return MARKS, newest first: of one organisation and measure where these are given."""
    found = _narrowed(Mark, organisation, measure, ended)
    names = ("code", "organisation", "measure", "state", "reason", "review_on")
    return Table.of(MARKS, [_row(one, names) for one in found])


def rebases(organisation: str = "", measure: str = "", *, ended: bool = False) -> Table:
    """Return REBASES by period: of one organisation and measure where these are given."""
    found = _narrowed(Rebase, organisation, measure, ended)
    names = ("code", "organisation", "measure", "period", "reason", "proposed")
    return Table.of(REBASES, [_row(one, names) for one in found])


def efforts(measure: str = "", *, ended: bool = False) -> Table:
    """Return EFFORTS by measure: those that stand, or with ``ended`` all there were."""
    found = _narrowed(Effort, "", measure, ended)
    rows = []
    for one in found:
        row = _row(one, ("code", "measure", "reminders", "crowds_out"))
        rows.append(row | {"minutes": float(one.minutes)})
    return Table.of(EFFORTS, rows)


def requests(measure: str = "", organisation: str = "", kind: str = "") -> Table:
    """Return REQUESTS, those that wait for an answer first, then newest first.

    Without a ``kind`` it is every kind but accounts, which are about no measure: see
    :func:`accounts`.
    """
    found = Request.objects.order_by("-id")
    found = found.filter(kind=kind) if kind else found.exclude(kind=RequestKind.ACCOUNT)
    if measure:
        found = found.filter(measure=measure)
    if organisation:
        found = found.filter(organisation=organisation)
    rows = [_request(one) for one in found]
    rows.sort(key=lambda row: row["state"] not in OPEN_STATES)
    return Table.of(REQUESTS, rows)


def accounts(organisation: str) -> Table:
    """Return what one organisation said of itself (REQUESTS), newest first, withdrawn ones too."""
    found = Request.objects.filter(kind=RequestKind.ACCOUNT, organisation=organisation)
    return Table.of(REQUESTS, [_request(one) for one in found.order_by("-id")])


def request(code: str) -> Table:
    """Return one request (REQUESTS, one row); raises NotFound with a sentence."""
    found = Request.objects.filter(code=code).first()
    if found is None:
        raise NotFound(f"There is no request with the code {code[:20]!r}.")
    return Table.of(REQUESTS, [_request(found)])


def _request(one: Request) -> dict[str, Any]:
    names = ("code", "kind", "about", "measure", "organisation", "text", "owner", "by", "due_on",
             "state", "answer", "answered_by")  # fmt: skip
    return {name: getattr(one, name) for name in names} | {
        "at": moment(one.at),
        "answered_at": moment(one.answered_at) if one.answered_at else None,
    }


def _narrowed(model: Any, organisation: str, measure: str, ended: bool) -> Any:
    found = model.objects.all()
    if organisation:
        found = found.filter(organisation=organisation)
    if measure:
        found = found.filter(measure=measure)
    return found if ended else found.filter(ended_at=None)


def _row(one: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(one, name) for name in names} | {
        "by": one.by,
        "at": moment(one.at),
        "ended_at": moment(one.ended_at) if one.ended_at else None,
        "ended_by": one.ended_by,
        "ended_why": one.ended_why,
    }


def moment(at: datetime) -> str:
    """Return a moment as local time, to the minute."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
