"""The models, by subject. Read them anywhere; only :mod:`locality.records.actions` writes."""

from locality.records.models.event import AppendOnly, Event
from locality.records.models.group import Group, GroupKind, Membership
from locality.records.models.note import Note
from locality.records.models.recorded import WrittenByActionsOnly
from locality.records.models.request import (
    ANSWERED_STATES,
    FOLLOWING,
    Effort,
    Request,
    RequestState,
)
from locality.records.models.setting import Setting
from locality.records.models.signal import Mark, MarkState, Rebase

__all__ = [
    "ANSWERED_STATES",
    "FOLLOWING",
    "AppendOnly",
    "Effort",
    "Event",
    "Group",
    "GroupKind",
    "Mark",
    "MarkState",
    "Membership",
    "Note",
    "Rebase",
    "Request",
    "RequestState",
    "Setting",
    "WrittenByActionsOnly",
]
