"""Triggers that the database itself holds, for SQLite and PostgreSQL.

They are laid by migrations. SQLite forgets a table's triggers when a later migration remakes the
table: such a migration calls the same function again (a test looks for every trigger).
"""

from __future__ import annotations

from typing import Any

#: Tables whose rows are written once.
APPEND_ONLY = (
    "records_event",
    "records_group_history",
    "records_setting_history",
    "records_note_history",
    "records_mark_history",
    "records_rebase_history",
    "records_request_history",
    "records_effort_history",
    "records_feedback_history",
    "records_enteredrule_history",
    "records_transition",
    "records_person_history",
    "records_post_history",
    "records_body_history",
    "records_seat_history",
    "records_quorumrule_history",
    "records_checklist_history",
    "records_rater_history",
    "records_answer_history",
    "records_account_history",
    "records_grant_history",
    "records_criteriaset_history",
    "records_criterion_history",
    "records_scoring_history",
    "records_subject_history",
    "records_assessor_history",
    "records_score_history",
    "records_agreedscore_history",
    "records_action_history",
    "records_feed_history",
)


def append_only(editor: Any, table: str, key: str) -> None:
    """Make the database refuse to change or remove rows of ``table``, whose key is ``key``.

    On SQLite an insert that would replace a row is refused too: ``INSERT OR REPLACE`` removes
    the old row without calling the trigger for removals.
    """
    sentence = f"{table} is append-only: its rows are never changed or removed"
    if editor.connection.vendor == "postgresql":
        postgresql_function(editor, f"{table}_refuse", f"RAISE EXCEPTION '{sentence}'")
        for name, when in (
            ("keep", "UPDATE OR DELETE ON {t} FOR EACH ROW"),
            ("keep_all", "TRUNCATE ON {t} FOR EACH STATEMENT"),
        ):
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}")
            editor.execute(
                f"CREATE TRIGGER {table}_{name} BEFORE {when.format(t=table)} "
                f"EXECUTE FUNCTION {table}_refuse()"
            )
        return
    for name, when in (
        ("update", f"UPDATE ON {table}"),
        ("delete", f"DELETE ON {table}"),
        (
            "replace",
            f"INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})",  # noqa: S608 - names are ours
        ),
    ):
        editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{name}")
        editor.execute(
            f"CREATE TRIGGER {table}_no_{name} BEFORE {when} "
            f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        )


def memberships_apart(editor: Any) -> None:
    """Make the database refuse two overlapping memberships of one practice in one group."""
    sentence = "a practice cannot be twice in one group at one time"
    overlap = (
        "SELECT 1 FROM records_membership AS m WHERE m.group_id = NEW.group_id "
        "AND m.practice_code = NEW.practice_code AND m.id <> NEW.id "
        "AND (NEW.left_on IS NULL OR m.joined_on < NEW.left_on) "
        "AND (m.left_on IS NULL OR NEW.joined_on < m.left_on)"
    )
    if editor.connection.vendor == "postgresql":
        postgresql_function(
            editor,
            "records_membership_apart",
            f"IF EXISTS ({overlap}) THEN RAISE EXCEPTION '{sentence}'",
            end="END IF; RETURN NEW;",
        )
        editor.execute("DROP TRIGGER IF EXISTS records_membership_apart ON records_membership")
        editor.execute(
            "CREATE TRIGGER records_membership_apart BEFORE INSERT OR UPDATE "
            "ON records_membership FOR EACH ROW EXECUTE FUNCTION records_membership_apart()"
        )
        return
    for event in ("INSERT", "UPDATE"):
        name = f"records_membership_apart_{event.lower()}"
        editor.execute(f"DROP TRIGGER IF EXISTS {name}")
        editor.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON records_membership "
            f"WHEN EXISTS ({overlap}) BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        )


def postgresql_function(editor: Any, name: str, body: str, end: str = "") -> None:
    """Make the function that a trigger calls: ``body`` raises, and ``end`` is what it returns."""
    editor.execute(
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body$ "
        f"BEGIN {body} USING ERRCODE = 'integrity_constraint_violation'; {end} END $body$"
    )
