"""The only writers. Each is one transaction that writes its event: who, what, when and why.

Each takes names only (``who=``, ``why=``), returns what it wrote, and raises :class:`Refusal`,
which holds one sentence for each field of the form that has to be put right. An action that
would change nothing writes nothing.
"""

from locality.records.actions.action_log import (
    change_action,
    drop_action,
    finish_action,
    log_action,
    reopen_action,
    start_action,
)
from locality.records.actions.answers import (
    Frozen,
    answer_item,
    fill_in_computed,
    same_as_last,
    send_pulse,
)
from locality.records.actions.bodies import (
    close_body,
    describe_body,
    end_seat,
    give_seat,
    open_body,
    set_quorum,
)
from locality.records.actions.checklists import (
    complete_checklist,
    excuse_rater,
    finish_answers,
    missing,
    review_checklist,
    start_anew,
    start_checklist,
    withdraw_checklist,
)
from locality.records.actions.criteria import (
    Row,
    change_criteria,
    lock_criteria,
    make_criteria,
    next_version,
)
from locality.records.actions.feedback import send_feedback, withdraw_feedback
from locality.records.actions.feeds import end_feed, make_feed
from locality.records.actions.group_files import Named, Taken, take_in_groups
from locality.records.actions.groups import (
    close_group,
    codes_in,
    create_group,
    rename_group,
    set_members,
)
from locality.records.actions.notes import add_note, withdraw_note
from locality.records.actions.people import (
    add_person,
    change_person,
    change_post,
    end_post,
    give_post,
    person_leaves,
)
from locality.records.actions.refusing import Refusal, found_already
from locality.records.actions.requests import (
    answer_request,
    give_account,
    request_change,
    say_effort,
    withdraw_effort,
    withdraw_request,
)
from locality.records.actions.rules import enter_rule, withdraw_rule, write_rules
from locality.records.actions.scores import (
    Given,
    Settled,
    agree_scores,
    close_scoring,
    reopen_sheet,
    save_sheet,
)
from locality.records.actions.scoring import (
    SubjectRow,
    change_scoring,
    draft_scoring,
    exclude_assessor,
    name_assessors,
    open_scoring,
    readmit_assessor,
    reveal_scoring,
    withdraw_scoring,
)
from locality.records.actions.seen import Changed
from locality.records.actions.settings import set_setting
from locality.records.actions.signals import lift_mark, mark_signal, rebase_chart, undo_rebase
from locality.records.actions.skills import begin_skills

__all__ = [
    "Changed",
    "Frozen",
    "Given",
    "Named",
    "Refusal",
    "Row",
    "Settled",
    "SubjectRow",
    "Taken",
    "add_note",
    "add_person",
    "agree_scores",
    "answer_item",
    "answer_request",
    "begin_skills",
    "change_action",
    "change_criteria",
    "change_person",
    "change_post",
    "change_scoring",
    "close_body",
    "close_group",
    "close_scoring",
    "codes_in",
    "complete_checklist",
    "create_group",
    "describe_body",
    "draft_scoring",
    "drop_action",
    "end_feed",
    "end_post",
    "end_seat",
    "enter_rule",
    "exclude_assessor",
    "excuse_rater",
    "fill_in_computed",
    "finish_action",
    "finish_answers",
    "found_already",
    "give_account",
    "give_post",
    "give_seat",
    "lift_mark",
    "lock_criteria",
    "log_action",
    "make_criteria",
    "make_feed",
    "mark_signal",
    "missing",
    "name_assessors",
    "next_version",
    "open_body",
    "open_scoring",
    "person_leaves",
    "readmit_assessor",
    "rebase_chart",
    "rename_group",
    "reopen_action",
    "reopen_sheet",
    "request_change",
    "reveal_scoring",
    "review_checklist",
    "same_as_last",
    "save_sheet",
    "say_effort",
    "send_feedback",
    "send_pulse",
    "set_members",
    "set_quorum",
    "set_setting",
    "start_action",
    "start_anew",
    "start_checklist",
    "take_in_groups",
    "undo_rebase",
    "withdraw_checklist",
    "withdraw_effort",
    "withdraw_feedback",
    "withdraw_note",
    "withdraw_request",
    "withdraw_rule",
    "withdraw_scoring",
    "write_rules",
]
