"""The only writers. Each is one transaction that writes its event: who, what, when and why.

Each takes names only (``who=``, ``why=``), returns what it wrote, and raises :class:`Refusal`,
which holds one sentence for each field of the form that has to be put right. An action that
would change nothing writes nothing.
"""

from locality.records.actions.group_files import Named, Taken, take_in_groups
from locality.records.actions.groups import (
    close_group,
    codes_in,
    create_group,
    rename_group,
    set_members,
)
from locality.records.actions.notes import add_note, withdraw_note
from locality.records.actions.refusing import Refusal
from locality.records.actions.requests import (
    answer_request,
    request_change,
    say_effort,
    withdraw_effort,
)
from locality.records.actions.settings import set_setting
from locality.records.actions.signals import lift_mark, mark_signal, rebase_chart, undo_rebase

__all__ = [
    "Named",
    "Refusal",
    "Taken",
    "add_note",
    "answer_request",
    "close_group",
    "codes_in",
    "create_group",
    "lift_mark",
    "mark_signal",
    "rebase_chart",
    "rename_group",
    "request_change",
    "say_effort",
    "set_members",
    "set_setting",
    "take_in_groups",
    "undo_rebase",
    "withdraw_effort",
    "withdraw_note",
]
