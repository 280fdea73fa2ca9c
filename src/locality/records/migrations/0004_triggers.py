"""The new histories are append-only too, and so is the log, which 0003 remade on SQLite."""

from django.db import migrations

from locality.records.triggers import append_only


def lay(apps, schema_editor):
    append_only(schema_editor, "records_event", key="id")
    for subject in ("mark", "rebase", "request", "effort"):
        append_only(schema_editor, f"records_{subject}_history", key="history_id")


class Migration(migrations.Migration):
    dependencies = [("records", "0003_signals_and_requests")]

    # There is no way back: a log that can be unlocked is not a log.
    operations = [migrations.RunPython(lay)]
