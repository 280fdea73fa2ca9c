"""Feedback that was sent, as typed tables; whether it may be shared yet; the paper itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from locality.figures import Column, NotFound, Problem, Schema, Table
from locality.records.models import Feedback
from locality.records.signal_tables import moment

FEEDBACK = Schema(
    "feedback",
    "Feedback sent to practices",
    (
        Column("code", "text", "its own code"),
        Column("organisation", "text", "to whom, and about whom"),
        Column("name", "text", "the organisation's name on that day"),
        Column("title", "text", "the paper's title"),
        Column("data_version", "text", "the data it was made from"),
        Column("sent_on", "date", "when it was sent"),
        Column("reply_by", "date", "last day on which the practice has it alone"),
        Column("evidence_hash", "text", "sha256 of the frozen paper"),
        Column("by", "text", "who sent it"),
        Column("at", "text", "when, local time"),
        Column("ended_at", "text", "when it was withdrawn, local time", required=False),
        Column("ended_by", "text", "who withdrew it"),
        Column("ended_why", "text", "why"),
    ),
    ("code",),
)

ALONE, GIVEN, SHARED = "with the practice alone", "account given", "may be shared"
#: The stages of feedback, in order of time.
STAGES = (ALONE, GIVEN, SHARED)


def feedback(organisation: str = "", *, ended: bool = False) -> Table:
    """Return FEEDBACK, newest first: what stands, or with ``ended`` all there was."""
    found = Feedback.objects.order_by("-id").defer("evidence")
    if organisation:
        found = found.filter(organisation=organisation)
    if not ended:
        found = found.filter(ended_at=None)
    return Table.of(FEEDBACK, [_row(one) for one in found])


def evidence(code: str) -> dict[str, Any]:
    """Return the paper as it was frozen, withdrawn or not.

    Raises NotFound, and Problem where the paper is not the one that was sent.
    """
    found = Feedback.objects.filter(code=code).first()
    if found is None:
        raise NotFound(f"There is no feedback with the code {code[:20]!r}.")
    if hashlib.sha256(found.evidence.encode()).hexdigest() != found.evidence_hash:
        raise Problem(
            f"The paper of {code} is not the one that was sent: somebody has changed it in the "
            "database. It is not shown."
        )
    paper: dict[str, Any] = json.loads(found.evidence)
    return paper


def stage(
    row: Mapping[str, Any], accounts: Table | Iterable[Mapping[str, Any]], today: date
) -> str:
    """Return how far one row of FEEDBACK has come on the day ``today``.

    "account given" as soon as an account about it stands among ``accounts`` (rows as
    ``signal_tables.accounts`` gives them); otherwise "may be shared" from the day after
    ``reply_by``; before that, "with the practice alone". See :func:`shareable`.
    """
    given = accounts.rows if isinstance(accounts, Table) else accounts
    if any(one["about"] == row["code"] and one["state"] != "withdrawn" for one in given):
        return GIVEN
    return SHARED if today > row["reply_by"] else ALONE


def shareable(stage: str) -> bool:
    """Return whether feedback at that stage may leave the practice: at the last two it may."""
    return stage in (GIVEN, SHARED)


def _row(one: Feedback) -> dict[str, Any]:
    names = ("code", "organisation", "name", "title", "data_version", "sent_on", "reply_by",
             "evidence_hash", "by", "ended_by", "ended_why")  # fmt: skip
    return {name: getattr(one, name) for name in names} | {
        "at": moment(one.at),
        "ended_at": moment(one.ended_at) if one.ended_at else None,
    }
