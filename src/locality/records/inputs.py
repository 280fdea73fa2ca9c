"""What refresh is told: plain rows, and the event they stand at."""

from __future__ import annotations

from typing import Any

from locality.records.models import (
    Event,
    Feedback,
    Mark,
    Membership,
    Note,
    Rebase,
    Request,
    RequestKind,
    RequestState,
    Setting,
)
from locality.records.turns import moment


def inputs() -> dict[str, list[dict[str, Any]]]:
    """Return what refresh follows of what people have written (text, whole numbers and flags).

    Requests, accounts and feedback change no figure and are left out; values of rules that were
    entered reach refresh as a sheet in ``HOME/knowledge/``, like any of the user's own.

    * ``groups``: one row a practice in an open group (code, kind, name, practice_code); ``kind``
      is the group's own (federation, locality, partnership, other).
    * ``settings``: those in force (name, organisation, period, value); money is text.
    * ``notes``: those that stand (code, organisation, measure, text, by, at).
    * ``marks``: those that stand (organisation, measure, state, reason, review_on).
    * ``rebases``: those that stand (organisation, measure, period, reason, by, at).
    * ``accounts``: those that were not withdrawn, newest first (organisation, about, text, by, at,
      owner, state, answer, answered_by).
    * ``feedback``: packs that stand, newest first (code, organisation, sent_on, reply_by).
    * ``event``: one row (id, at): the last event, 0 before the first. The rows hold everything
      up to that event and nothing after it, whoever else is writing.
    """
    with moment():
        last = Event.objects.order_by("-id").first()
        groups = [
            {
                "code": row.group.code,
                "kind": row.group.kind,
                "name": row.group.name,
                "practice_code": row.practice_code,
            }
            for row in Membership.objects.filter(left_on=None, group__closed_on=None)
            .select_related("group")
            .order_by("group__code", "practice_code")
        ]
        settings = [
            {"name": s.name, "organisation": s.organisation, "period": s.period, "value": s.value}
            for s in Setting.objects.filter(value__isnull=False)
        ]
        notes = [
            {
                "code": note.code,
                "organisation": note.organisation,
                "measure": note.measure,
                "text": note.text,
                "by": note.by,
                "at": note.at.isoformat(timespec="seconds"),
            }
            for note in Note.objects.filter(withdrawn_at=None).order_by("id")
        ]
        marks = [
            {
                "organisation": mark.organisation,
                "measure": mark.measure,
                "state": mark.state,
                "reason": mark.reason,
                "review_on": mark.review_on.isoformat(),
            }
            for mark in Mark.objects.filter(ended_at=None).order_by("id")
        ]
        rebases = [
            {
                "organisation": one.organisation,
                "measure": one.measure,
                "period": one.period,
                "reason": one.reason,
                "by": one.by,
                "at": one.at.isoformat(timespec="seconds"),
            }
            for one in Rebase.objects.filter(ended_at=None).order_by("id")
        ]
        accounts = [
            {
                "organisation": one.organisation,
                "about": one.about,
                "text": one.text,
                "by": one.by,
                "at": one.at.isoformat(timespec="seconds"),
                "owner": one.owner,
                "state": one.state,
                "answer": one.answer,
                "answered_by": one.answered_by,
            }
            for one in Request.objects.filter(kind=RequestKind.ACCOUNT)
            .exclude(state=RequestState.WITHDRAWN)
            .order_by("-id")
        ]
        feedback = [
            {
                "code": one.code,
                "organisation": one.organisation,
                "sent_on": one.sent_on.isoformat(),
                "reply_by": one.reply_by.isoformat(),
            }
            for one in Feedback.objects.filter(ended_at=None).order_by("-id")
        ]
    stand = {
        "id": last.pk if last else 0,
        "at": last.at.isoformat(timespec="seconds") if last else "",
    }
    return {
        "groups": groups,
        "settings": settings,
        "notes": notes,
        "marks": marks,
        "rebases": rebases,
        "accounts": accounts,
        "feedback": feedback,
        "event": [stand],
    }
