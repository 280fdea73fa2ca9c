"""What people have written, as typed tables for pages and the command line."""

from __future__ import annotations

from django.db.models import Count, Q

from locality.figures import Column, NotFound, Schema, Table
from locality.records.models import Event, Group, Membership, Note, Setting
from locality.records.offered import OFFERED
from locality.records.signal_tables import moment

GROUPS = Schema(
    "groups",
    "Groups made here",
    (
        Column("code", "text", "the group's own code"),
        Column("kind", "text", "federation, locality, partnership or other"),
        Column("name", "text", "its name"),
        Column("practices", "whole", "practices in it now", "practices"),
        Column("opened_on", "date", "first day"),
        Column("closed_on", "date", "first day it is no more", required=False),
        Column("version", "whole", "the event that last changed it"),
    ),
    ("code",),
)

MEMBERSHIPS = Schema(
    "memberships",
    "Practices of a group, now and before",
    (
        Column("code", "text", "the group's own code"),
        Column("practice_code", "text", "ODS code of the practice"),
        Column("joined_on", "date", "first day"),
        Column("left_on", "date", "first day it is not a member", required=False),
    ),
    ("code", "practice_code", "joined_on"),
)

SETTINGS = Schema(
    "settings",
    "Settings in force",
    (
        Column("name", "text", "name"),
        Column("title", "text", "what it is"),
        Column("organisation", "text", "for which organisation; empty is the whole house"),
        Column("period", "text", "for which period; empty is any"),
        Column("value", "text", "its value, as text"),
        Column("event", "whole", "the event that set it"),
    ),
    ("name", "organisation", "period"),
)

NOTES = Schema(
    "notes",
    "Notes",
    (
        Column("code", "text", "the note's own code"),
        Column("organisation", "text", "what it is about"),
        Column("measure", "text", "which measure of it; empty is all of it"),
        Column("text", "text", "the note"),
        Column("by", "text", "who wrote it"),
        Column("at", "text", "when, local time"),
        Column("withdrawn_at", "text", "when it was withdrawn, local time", required=False),
        Column("withdrawn_by", "text", "who withdrew it"),
        Column("withdrawn_why", "text", "why"),
    ),
    ("code",),
)

EVENTS = Schema(
    "events",
    "Who did what, when and why",
    (
        Column("id", "whole", "place in the sequence"),
        Column("at", "text", "when, local time"),
        Column("who", "text", "who"),
        Column("what", "text", "what was done"),
        Column("why", "text", "why"),
        Column("subject_kind", "text", "what it was done to: a group, a setting, a rule"),
        Column("subject", "text", "the subject's own code"),
    ),
    ("id",),
)


def groups(*, closed: bool = False) -> Table:
    """Return GROUPS: the open ones by name, and with ``closed`` the closed ones too."""
    found = Group.objects.annotate(
        now=Count("memberships", filter=Q(memberships__left_on=None))
    ).order_by("name", "code")
    if not closed:
        found = found.filter(closed_on=None)
    return Table.of(
        GROUPS,
        [
            {
                "code": group.code,
                "kind": group.kind,
                "name": group.name,
                "practices": group.now,
                "opened_on": group.opened_on,
                "closed_on": group.closed_on,
                "version": group.version,
            }
            for group in found
        ],
    )


def group(code: str) -> Group:
    """Return the group, open or closed; raises NotFound with a sentence."""
    found: Group | None = Group.objects.filter(code=code).first()
    if found is None:
        raise NotFound(f"There is no group with the code {code[:60]!r}.")
    return found


def memberships(code: str) -> Table:
    """Return MEMBERSHIPS of one group, past ones too, by practice and day; raises NotFound."""
    rows = Membership.objects.filter(group=group(code)).order_by("practice_code", "joined_on", "id")
    return Table.of(
        MEMBERSHIPS,
        [
            {
                "code": code,
                "practice_code": row.practice_code,
                "joined_on": row.joined_on,
                "left_on": row.left_on,
            }
            for row in rows
        ],
    )


def settings() -> Table:
    """Return SETTINGS in force, by name."""
    return Table.of(
        SETTINGS,
        [
            {
                "name": row.name,
                "title": OFFERED[row.name].title if row.name in OFFERED else row.name,
                "organisation": row.organisation,
                "period": row.period,
                "value": _words(row.value),
                "event": row.event_id,
            }
            for row in Setting.objects.filter(value__isnull=False)
        ],
    )


def setting(name: str, organisation: str = "", period: str = "") -> int | bool | str | None:
    """Return the value in force (money as text), or None where what is usual applies."""
    row = Setting.objects.filter(name=name, organisation=organisation, period=period).first()
    return row.value if row else None


def notes(organisation: str = "", measure: str = "", *, withdrawn: bool = False) -> Table:
    """Return NOTES, newest first: about one organisation and one measure where these are given."""
    found = Note.objects.order_by("-id")
    if organisation:
        found = found.filter(organisation=organisation)
    if measure:
        found = found.filter(measure=measure)
    if not withdrawn:
        found = found.filter(withdrawn_at=None)
    return Table.of(
        NOTES,
        [
            {
                "code": note.code,
                "organisation": note.organisation,
                "measure": note.measure,
                "text": note.text,
                "by": note.by,
                "at": moment(note.at),
                "withdrawn_at": moment(note.withdrawn_at) if note.withdrawn_at else None,
                "withdrawn_by": note.withdrawn_by,
                "withdrawn_why": note.withdrawn_why,
            }
            for note in found
        ],
    )


def no_notes() -> Table:
    """Return NOTES without a row, for a reader who sees none."""
    return Table.of(NOTES, [])


def events(
    kind: str = "", subject: str = "", *, who: str = "", before: int | None = None, limit: int = 200
) -> Table:
    """Return the last ``limit`` EVENTS, newest first.

    Of one kind, of one subject, by somebody whose signature holds ``who``, and older than the
    event ``before``, where these are given.
    """
    found = Event.objects.order_by("-id")
    if who:
        found = found.filter(who__icontains=who)
    if before is not None:
        found = found.filter(id__lt=before)
    if kind:
        found = found.filter(subject_kind=kind)
    if subject:
        found = found.filter(subject=subject)
    return Table.of(
        EVENTS,
        [
            {
                "id": row.pk,
                "at": moment(row.at),
                "who": row.who,
                "what": row.what,
                "why": row.why,
                "subject_kind": row.subject_kind,
                "subject": row.subject,
            }
            for row in found[:limit]
        ],
    )


def _words(value: int | bool | str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
