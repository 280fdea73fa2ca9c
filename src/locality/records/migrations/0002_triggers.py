"""What the database itself refuses: changing the log or a history, being twice in one group."""

from django.db import migrations

from locality.records.triggers import append_only, memberships_apart


def lay(apps, schema_editor):
    append_only(schema_editor, "records_event", key="id")
    for subject in ("group", "setting", "note"):
        append_only(schema_editor, f"records_{subject}_history", key="history_id")
    memberships_apart(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]

    # There is no way back: a log that can be unlocked is not a log.
    operations = [migrations.RunPython(lay)]
