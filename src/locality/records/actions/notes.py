"""Notes: add one, withdraw one."""

from __future__ import annotations

import re

from locality.records.actions.refusing import Checking, Refusal
from locality.records.actions.writing import change, event, fresh_code, keep
from locality.records.models import Note

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,59}")
_MEASURE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")


def add_note(*, organisation: str, text: str, who: str, measure: str = "", why: str = "") -> Note:
    """Return a new note about ``organisation`` (its code), or about one ``measure`` of it.

    A note says itself why it is written; ``why`` may add to it. The event log does not repeat
    the note's words. Raises Refusal for ``organisation``, ``measure``, ``text``, ``who`` or
    ``why``.
    """
    organisation, measure = organisation.strip(), measure.strip()
    with Checking() as check:
        if not _CODE.fullmatch(organisation):
            check.refuse("organisation", "Say which organisation this is about, by its code.")
        if measure and not _MEASURE.fullmatch(measure):
            check.refuse("measure", "That is not the name of a measure.")
        check.private("organisation", organisation)
        check.private("measure", measure)
        text = check.note(text)
        why = check.reason(why) if why.strip() else ""
        who = check.who(who)
    code = fresh_code("n")
    with change():
        because = event(
            who=who,
            what="note.added",
            why=why,
            kind="note",
            subject=code,
            detail={"organisation": organisation, "measure": measure},
        )
        note = Note(
            code=code,
            organisation=organisation,
            measure=measure,
            text=text,
            by=who,
            at=because.at,
        )
        keep(note, because)
    return note


def withdraw_note(*, code: str, who: str, why: str) -> Note:
    """Return the note, withdrawn: it no longer stands, and says who withdrew it and why.

    Raises Refusal for ``code``, ``who`` or ``why``.
    """
    with Checking() as check:
        why = check.reason(why)
        who = check.who(who)
    with change():
        note: Note | None = Note.objects.filter(code=code).first()
        if note is None:
            raise Refusal("code", f"There is no note with the code {code[:20]!r}.")
        if not note.stands:
            raise Refusal("code", "This note has been withdrawn already.")
        because = event(
            who=who,
            what="note.withdrawn",
            why=why,
            kind="note",
            subject=note.code,
            detail={"organisation": note.organisation, "measure": note.measure},
        )
        note.withdrawn_at = because.at
        note.withdrawn_by = who
        note.withdrawn_why = why
        keep(note, because)
    return note
