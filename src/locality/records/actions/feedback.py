"""Feedback: send a paper to a practice alone for some working days, and withdraw one."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils import timezone

from locality.knowledge.problems import KnowledgeError
from locality.knowledge.working_days import after
from locality.records.actions.refusing import Checking, Refusal
from locality.records.actions.signals import end, standing, subject
from locality.records.actions.writing import change, event, fresh_code, keep
from locality.records.free_text import one_line
from locality.records.models import Feedback
from locality.records.offered import OFFERED
from locality.records.tables import setting

#: Working days for which the practice has it alone, where nothing is set.
USUAL_WORKING_DAYS = 10
#: Longest paper that is kept, in characters of JSON.
LONGEST_EVIDENCE = 5_000_000

# The fingerprint of a file: ten of its digits can look like an NHS number, and are none.
_HASH = re.compile(r"(?<![0-9A-Za-z])(?=[0-9]*[a-f])[0-9a-f]{32,128}(?![0-9A-Za-z])")


def send_feedback(
    *,
    organisation: str,
    name: str,
    data_version: str,
    evidence: dict[str, Any],
    who: str,
    days: int | None = None,
    today: date | None = None,
) -> Feedback:
    """Return feedback as it was sent today: ``evidence`` (a paper as plain values) is frozen.

    The practice has it alone for so many working ``days``, or as the setting
    feedback.working_days says, or ten. Raises Refusal for ``organisation``, ``name``,
    ``data_version``, ``evidence``, ``days`` or ``who``, and where feedback of that version
    stands already.
    """
    today = today or timezone.localdate()
    with Checking() as check:
        # Any measure will do: feedback is of the organisation as a whole.
        organisation, _ = subject(check, organisation, "any")
        name = check.line("name", name, "the organisation's name", 200)
        data_version = check.line("data_version", data_version, "which data it was made from", 120)
        paper = _canonical(check, evidence)
        reply_by = _reply_by(check, today, days)
        who = check.who(who)
    with change():
        held = Feedback.objects.filter(
            organisation=organisation, data_version=data_version, ended_at=None
        ).first()
        if held:
            raise Refusal(
                "data_version",
                f"Feedback from these data went to {held.name} on {held.sent_on:%d/%m/%Y} already. "
                "Withdraw that first, or wait for newer data.",
            )
        code = fresh_code("f")
        digest = hashlib.sha256(paper.encode()).hexdigest()
        because = event(
            who=who, what="feedback.sent", why="It goes to the practice alone at first.",
            kind="feedback", subject=code,
            detail={"organisation": organisation, "data_version": data_version,
                    "reply_by": str(reply_by), "evidence_hash": digest},
        )  # fmt: skip
        made = Feedback(
            code=code, organisation=organisation, name=name, title=_title(evidence, name),
            data_version=data_version, sent_on=today, reply_by=reply_by,
            evidence=paper, evidence_hash=digest, by=who, at=because.at,
        )  # fmt: skip
        keep(made, because)
    return made


def withdraw_feedback(*, code: str, who: str, why: str) -> Feedback:
    """Return the feedback, withdrawn; the paper stays in the record. Raises Refusal."""
    with Checking() as check:
        why = check.reason(why)
        who = check.who(who)
    with change():
        made: Feedback = standing(Feedback.objects.filter(code=code).first(), code)
        because = event(
            who=who, what="feedback.withdrawn", why=why, kind="feedback", subject=made.code,
            detail={"organisation": made.organisation, "data_version": made.data_version},
        )  # fmt: skip
        end(made, because, why)
    return made


def _reply_by(check: Checking, today: date, days: int | None) -> date | None:
    if days is None:
        said = setting("feedback.working_days")
        days = USUAL_WORKING_DAYS if said is None else int(said)
    try:
        return after(today, int(OFFERED["feedback.working_days"].read(days)))
    except (KnowledgeError, ValueError) as error:
        check.refuse("days", str(error))
        return None


def _canonical(check: Checking, evidence: dict[str, Any]) -> str:
    """Return the evidence as JSON, keys in order, no spaces: one paper has one such text."""
    try:
        paper = json.dumps(
            evidence, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        )
        paper.encode()
    except (TypeError, ValueError):
        check.refuse("evidence", "The paper holds something that is no plain value.")
        return ""
    if not isinstance(evidence, dict) or not evidence:
        check.refuse("evidence", "There is no paper to send.")
    elif len(paper) > LONGEST_EVIDENCE:
        check.refuse("evidence", f"The paper is longer than {LONGEST_EVIDENCE:,} characters.")
    for text in dict.fromkeys(_strings(evidence)):
        check.private("evidence", _HASH.sub(" ", text))
    return paper


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield str(key)
            yield from _strings(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _strings(one)


def _title(evidence: dict[str, Any], name: str) -> str:
    told = evidence.get("title")
    return one_line(told if isinstance(told, str) else "")[:200] or f"Feedback for {name}"[:200]
