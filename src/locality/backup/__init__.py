"""Backup and restore: records and lake in one file, and back, on the same database or another.

* :mod:`~locality.backup.making`: everything of a home into one file, while others work.
* :mod:`~locality.backup.archive`: the file itself, and why a damaged or false one is refused.
* :mod:`~locality.backup.restoring`: a file back into an empty home and database, or checked.
"""

from locality.backup.making import backup
from locality.backup.restoring import check, restore

__all__ = ["backup", "check", "restore"]
