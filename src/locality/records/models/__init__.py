"""The models, by subject. Read them anywhere; only :mod:`locality.records.actions` writes."""

from locality.records.models.event import AppendOnly, Event
from locality.records.models.group import Group, GroupKind, Membership
from locality.records.models.note import Note
from locality.records.models.recorded import WrittenByActionsOnly
from locality.records.models.setting import Setting

__all__ = [
    "AppendOnly",
    "Event",
    "Group",
    "GroupKind",
    "Membership",
    "Note",
    "Setting",
    "WrittenByActionsOnly",
]
