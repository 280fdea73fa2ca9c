"""The only writers. Each is one transaction that writes its event: who, what, when and why.

Each takes names only (``who=``, ``why=``), returns what it wrote, and raises :class:`Refusal`,
which holds one sentence for each field of the form that has to be put right. An action that
would change nothing writes nothing.
"""

from locality.records.actions.feedback import send_feedback, withdraw_feedback
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
    give_account,
    request_change,
    say_effort,
    withdraw_effort,
    withdraw_request,
)
from locality.records.actions.rules import enter_rule, withdraw_rule, write_rules
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
    "enter_rule",
    "give_account",
    "lift_mark",
    "mark_signal",
    "rebase_chart",
    "rename_group",
    "request_change",
    "say_effort",
    "send_feedback",
    "set_members",
    "set_setting",
    "take_in_groups",
    "undo_rebase",
    "withdraw_effort",
    "withdraw_feedback",
    "withdraw_note",
    "withdraw_request",
    "withdraw_rule",
    "write_rules",
]
