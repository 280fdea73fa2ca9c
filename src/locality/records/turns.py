"""Writers go one at a time; a reader of many tables sees one moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

from locality.figures import Problem

# Any number will do, so long as nothing else that uses this database takes it.
_LOCK = 0x10CA_117E


def kept_by() -> str:
    """Return which database keeps the records: ``sqlite`` or ``postgresql``."""
    return connection.vendor


@contextmanager
def turn() -> Iterator[None]:
    """Open one transaction in which no other writer is at work.

    Events are numbered in the order in which they are committed, so "everything up to event 41"
    means the same to everyone. SQLite queues writers itself; PostgreSQL is asked to. Raises
    Problem when the turn does not come.
    """
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            yield
    except OperationalError as error:
        if "locked" not in str(error):
            raise
        raise Problem(
            "Another program has been writing to the records for a while. Nothing was saved; "
            "please try again."
        ) from error


@contextmanager
def moment() -> Iterator[None]:
    """Let everything read inside be as at one moment; nobody waits for it, and it for nobody.

    Because writers go one at a time, that moment lies between two events.
    """
    if connection.in_atomic_block:
        with turn():
            yield
        return
    isolation = " ISOLATION LEVEL REPEATABLE READ READ ONLY"
    with connection.cursor() as cursor:
        cursor.execute("BEGIN" + (isolation if connection.vendor == "postgresql" else ""))
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
