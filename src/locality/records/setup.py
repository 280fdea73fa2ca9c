"""Making records ready: settings, tables, triggers. Called before anything else is."""

from __future__ import annotations

import os
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from locality.figures import Problem

# Any number will do, so long as nothing else that uses this database takes it.
_LOCK = 0x10CA_0000


def prepare(home: Path) -> None:
    """Make records in ``home`` ready to read and write: the folder, its tables, its triggers.

    Safe to call again, and from two processes at once: one works, the other waits and finds it
    done. Called with another home, this process moves there (tests do so). Raises Problem with
    a sentence when the folder or database cannot be used.
    """
    home = configure(home)

    from django.db import DatabaseError, connection

    try:
        with _alone(home):
            _migrate()
    except (DatabaseError, OSError) as error:
        raise Problem(_unusable(home, error)) from error
    finally:
        connection.close()


def configure(home: Path) -> Path:
    """Return the full path of ``home``, with Django's settings and models ready for it.

    The folder and its secret are made; no table is. Raises Problem.
    """
    home = Path(home).expanduser().resolve()
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem(f"The folder {home} cannot be made: {error.strerror}.") from None
    os.environ["LOCALITY_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "locality.web.settings"

    import django
    from django.apps import apps
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    try:
        here = settings.LOCALITY_HOME
    except ImproperlyConfigured as error:
        raise Problem(str(error)) from None
    if not apps.ready:
        django.setup()
    if home != here:
        _move(settings, home)
    return home


def _move(settings: Any, home: Path) -> None:
    """Turn this process to another home: its records, its secret key."""
    from django.db import connections

    from locality.records.database import database
    from locality.records.secret import secret_key

    address = os.environ.get("DATABASE_URL")
    fresh = database(home, address)
    kept = connections["default"].settings_dict
    if fresh["ENGINE"] != kept["ENGINE"]:
        raise Problem("DATABASE_URL changed while Locality was running. Stop it and start again.")
    connections["default"].close()
    for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT"):
        kept[name] = fresh.get(name, "")
    settings.SECRET_KEY = secret_key(home)
    settings.LOCALITY_HOME = home


def _migrate() -> None:
    """Bring the tables up to this program; refuse tables that a newer program has made."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    from locality.records import migrations

    applied = MigrationRecorder(connection).applied_migrations()
    held = {name for app, name in applied if app == "records"}
    ours = {module.name for module in pkgutil.iter_modules(migrations.__path__)}
    if held - ours:
        raise Problem(
            "These records were last used by a newer Locality. Start that one, or choose another "
            "home with --home."
        )
    # Looked at by name alone: working out a plan takes longer than all else at a start.
    if held != ours:
        call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Hold the one lock under which tables are made; wait for it as long as it takes."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
        return
    with (home / "records.lock").open("a+b") as file:
        _lock(file)
        yield


def _lock(file: IO[bytes]) -> None:
    """Lock ``file`` until it is closed, on whichever system this is."""
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined,unused-ignore]
    else:
        fcntl.flock(file, fcntl.LOCK_EX)


def _unusable(home: Path, error: Exception) -> str:
    """Return the sentence for a database that does not answer; it shows no password."""
    if os.environ.get("DATABASE_URL"):
        first = str(error).strip().splitlines()[0] if str(error).strip() else "no answer"
        return f"The database that DATABASE_URL names cannot be used: {first}"
    return f"The records in {home / 'records.sqlite3'} cannot be used: {error}."
