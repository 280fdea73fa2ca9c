"""The new histories are append-only too, and so are the tables that 0005 remade on SQLite."""

from django.db import migrations

from locality.records.triggers import append_only


def lay(apps, schema_editor):
    append_only(schema_editor, "records_event", key="id")
    for subject in ("request", "feedback", "enteredrule"):
        append_only(schema_editor, f"records_{subject}_history", key="history_id")


class Migration(migrations.Migration):
    dependencies = [("records", "0005_replies_feedback_and_rules")]

    # There is no way back: a log that can be unlocked is not a log.
    operations = [migrations.RunPython(lay)]
