"""The models, by subject. Read them anywhere; only :mod:`locality.records.actions` writes."""

from locality.records.models.event import AppendOnly, Event
from locality.records.models.feedback import Feedback
from locality.records.models.group import Group, GroupKind, Membership
from locality.records.models.note import Note
from locality.records.models.recorded import WrittenByActionsOnly
from locality.records.models.request import (
    ANSWERED_STATES,
    FOLLOWING,
    OPEN_STATES,
    Effort,
    Request,
    RequestKind,
    RequestState,
)
from locality.records.models.rule import EnteredRule
from locality.records.models.setting import Setting
from locality.records.models.signal import Mark, MarkState, Rebase

__all__ = [
    "ANSWERED_STATES",
    "FOLLOWING",
    "OPEN_STATES",
    "AppendOnly",
    "Effort",
    "EnteredRule",
    "Event",
    "Feedback",
    "Group",
    "GroupKind",
    "Mark",
    "MarkState",
    "Membership",
    "Note",
    "Rebase",
    "Request",
    "RequestKind",
    "RequestState",
    "Setting",
    "WrittenByActionsOnly",
]
