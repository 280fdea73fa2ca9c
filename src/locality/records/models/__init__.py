"""The models, by subject. Read them anywhere; only :mod:`locality.records.actions` writes."""

from locality.records.models.account import Account, Attempt, Grant, How, Password, Role, Visit
from locality.records.models.action import TO_DO, Action, ActionState, Feed, OriginKind
from locality.records.models.body import Body, BodyKind, QuorumRule, Seat, SeatRole
from locality.records.models.checklist import (
    AboutKind,
    Answer,
    Checklist,
    ChecklistState,
    Rater,
)
from locality.records.models.criteria import CriteriaSet, Criterion, Purpose
from locality.records.models.event import AppendOnly, Event
from locality.records.models.feedback import Feedback
from locality.records.models.group import Group, GroupKind, Membership
from locality.records.models.moving import Numbering, Transition
from locality.records.models.note import Note
from locality.records.models.person import Person, Post, PostTag
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
from locality.records.models.scoring import (
    AgreedScore,
    Assessor,
    AssessorRole,
    Score,
    Scoring,
    ScoringState,
    Subject,
)
from locality.records.models.setting import Setting
from locality.records.models.signal import Mark, MarkState, Rebase

__all__ = [
    "ANSWERED_STATES",
    "FOLLOWING",
    "OPEN_STATES",
    "TO_DO",
    "AboutKind",
    "Account",
    "Action",
    "ActionState",
    "AgreedScore",
    "Answer",
    "AppendOnly",
    "Assessor",
    "AssessorRole",
    "Attempt",
    "Body",
    "BodyKind",
    "Checklist",
    "ChecklistState",
    "CriteriaSet",
    "Criterion",
    "Effort",
    "EnteredRule",
    "Event",
    "Feed",
    "Feedback",
    "Grant",
    "Group",
    "GroupKind",
    "How",
    "Mark",
    "MarkState",
    "Membership",
    "Note",
    "Numbering",
    "OriginKind",
    "Password",
    "Person",
    "Post",
    "PostTag",
    "Purpose",
    "QuorumRule",
    "Rater",
    "Rebase",
    "Request",
    "RequestKind",
    "RequestState",
    "Role",
    "Score",
    "Scoring",
    "ScoringState",
    "Seat",
    "SeatRole",
    "Setting",
    "Subject",
    "Transition",
    "Visit",
    "WrittenByActionsOnly",
]
