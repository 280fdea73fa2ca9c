"""Run as a process, on whichever database DATABASE_URL names: write, list every row, go on.

``python -m tests.backup.acting write|rows|go_on HOME``
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def write(home: Path) -> None:
    """Write one of everything, and what makes restoring hard: accents, figures, long texts."""
    from locality.records import actions
    from tests.records.everything import write_everything

    write_everything(home)
    actions.add_note(
        organisation="A81002",
        text="Größe £5, “quoted”\nand a second line \u2028 of it.",
        who="local",
    )
    actions.set_setting(
        name="inclusion.minimum_list", value=2, who="local", why="We grew.", organisation=""
    )


def rows() -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table of the records, read through today's models."""
    from django.apps import apps

    from locality.records.copying import LEFT_BEHIND

    return {
        model._meta.db_table: [
            {key: repr(cell) if not isinstance(cell, (dict, list)) else cell
             for key, cell in row.items()}
            for row in model._base_manager.order_by("pk").values()
        ]
        for model in apps.get_app_config("records").get_models(include_auto_created=True)
        if model._meta.db_table not in LEFT_BEHIND
    }  # fmt: skip


def go_on() -> dict[str, Any]:
    """Write on as people would, and try what the database must refuse."""
    from django.db import DatabaseError, connection, transaction

    from locality.records import actions
    from locality.records.actions.numbering import next_reference
    from locality.records.actions.writing import change
    from locality.records.models import Event
    from locality.records.triggers import APPEND_ONLY

    before = Event.objects.order_by("-id").first()
    note = actions.add_note(organisation="A81009", text="After the restore.", who="local")
    with change():
        reference = next_reference("D")
    refused, held = [], []
    for table in APPEND_ONLY:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            if cursor.fetchone()[0]:
                held.append(table)
        for statement in (f"DELETE FROM {table}",):
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement)
            except DatabaseError as error:
                if "append-only" in str(error):
                    refused.append(table)
    return {
        "last": before.pk if before else 0,
        "next": note.event_id,
        "reference": reference,
        "held": held,
        "refused": refused,
    }


def main() -> None:
    from locality.records.setup import prepare

    what, home = sys.argv[1], Path(sys.argv[2])
    prepare(home)
    said: Any = {"write": lambda: write(home), "rows": rows, "go_on": go_on}[what]()
    print(json.dumps(said))


if __name__ == "__main__":
    main()
