"""What is locked stays as it is: the database itself refuses to change a locked row."""

from __future__ import annotations

from typing import Any

from locality.records.triggers import postgresql_function

#: Tables with locked rows: which rows those are, as seen in the row before a change.
LOCKED = {
    "records_criteriaset": "OLD.locked_at IS NOT NULL",
    "records_criterion": "OLD.locked",
}


def lock(editor: Any, table: str) -> None:
    """Make the database refuse to change rows of ``table`` that are locked.

    Each trigger looks at its own table alone, so that a later migration may remake any other.
    """
    sentence = f"{table}: what is locked is never changed; make a new version"
    name, when = f"{table}_locked", LOCKED[table]
    if editor.connection.vendor == "postgresql":
        postgresql_function(
            editor, name, f"IF {when} THEN RAISE EXCEPTION '{sentence}'", end="END IF; RETURN NEW;"
        )
        editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
        editor.execute(
            f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
        return
    editor.execute(f"DROP TRIGGER IF EXISTS {name}")
    editor.execute(
        f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} "
        f"WHEN {when} BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
    )
