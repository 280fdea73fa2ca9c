"""What people write: groups, settings, notes, replies, rules; and the log of who did what and why.

One Django app. :mod:`locality.records.actions` are the only writers; each change is one
transaction that also writes an :class:`~locality.records.models.Event`, which nothing can change
or remove afterwards. Records compute no evidence: they hold what refresh and pages are told.

    setup.prepare(home)     before anything else: settings, tables, triggers
    actions.create_group    and its like: write, or raise ``Refusal`` with a sentence a field
    inputs.inputs()         plain rows for refresh, and the event they stand at
    tables.groups()         and its like: typed tables for pages
"""

#: Who writes while there is no sign-in: one local user, on this computer.
LOCAL_USER = "local"
