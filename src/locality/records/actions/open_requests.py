"""Opening a request and withdrawing one, inside a change that another action has begun."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from locality.records.actions.writing import event, fresh_code, keep
from locality.records.models import OPEN_STATES, Request, RequestState

#: Days within which an answer is owed.
DUE_IN = 28


def opened(*, who: str, why: str, due_on: date | None = None, **told: Any) -> Request:
    """Write and return a new request; ``told`` are its kind and other fields.

    An answer is owed in 28 days where ``due_on`` says nothing else.
    """
    code = fresh_code("q")
    subject = {name: told.get(name, "") for name in ("kind", "measure", "organisation", "about")}
    because = event(
        who=who, what="request.made", why=why, kind="request", subject=code,
        detail=subject,
    )  # fmt: skip
    made = Request(code=code, by=who, at=because.at, state=RequestState.RECEIVED,
                   due_on=due_on or timezone.localdate() + timedelta(days=DUE_IN),
                   **told)  # fmt: skip
    keep(made, because)
    return made


def withdraw(made: Request, who: str, why: str) -> None:
    """Withdraw an open request: it has no answer, and its event keeps who and why."""
    because = event(
        who=who, what="request.withdrawn", why=why, kind="request", subject=made.code,
        detail={"kind": made.kind, "from": made.state, "to": RequestState.WITHDRAWN},
    )  # fmt: skip
    made.state = RequestState.WITHDRAWN
    keep(made, because)


def withdraw_open(who: str, why: str, **which: Any) -> None:
    """Withdraw every request that is still open among those that ``which`` names."""
    for made in Request.objects.filter(state__in=OPEN_STATES, **which).order_by("id"):
        withdraw(made, who, why)
