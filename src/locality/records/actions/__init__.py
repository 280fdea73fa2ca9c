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
from locality.records.actions.settings import set_setting

__all__ = [
    "Named",
    "Refusal",
    "Taken",
    "add_note",
    "close_group",
    "codes_in",
    "create_group",
    "rename_group",
    "set_members",
    "set_setting",
    "take_in_groups",
    "withdraw_note",
]
