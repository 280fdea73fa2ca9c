"""Where records are kept: SQLite in the home folder, or PostgreSQL by ``DATABASE_URL``."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from locality.figures import Problem

#: How long a writer waits for its turn, in seconds, before it gives up with an error.
PATIENCE = 20

# Options of libpq that a deployer may need; anything else in the address is refused, so that
# a slip of the pen ("sslmod=require") never passes as a secure connection.
_OPTIONS = frozenset(
    {
        "application_name",
        "connect_timeout",
        "gssencmode",
        "options",
        "passfile",
        "service",
        "sslcert",
        "sslkey",
        "sslmode",
        "sslrootcert",
        "target_session_attrs",
    }
)


def database(home: Path, address: str | None = None) -> dict[str, Any]:
    """Return Django's settings for the records database.

    Without an ``address`` it is ``home/records.sqlite3``; with one it is PostgreSQL. Raises
    Problem with a sentence, which never repeats a password, for an address that is not one.
    """
    return postgresql(address) if address else sqlite(home)


def sqlite(home: Path) -> dict[str, Any]:
    """Return settings for ``home/records.sqlite3``: write-ahead log, writers queue.

    A transaction takes its turn to write when it begins (IMMEDIATE): one that began by reading
    could otherwise fail half-way when another had written since. Readers never wait.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(home / "records.sqlite3"),
        "OPTIONS": {
            "timeout": PATIENCE,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                f"PRAGMA busy_timeout={PATIENCE * 1000};"
                "PRAGMA journal_mode=WAL;"
                "PRAGMA synchronous=NORMAL;"
                "PRAGMA foreign_keys=ON;"
            ),
        },
    }


def postgresql(address: str) -> dict[str, Any]:
    """Return settings for an address such as ``postgres://user:password@host:5432/name``.

    ``?host=/folder`` names a socket's folder; ``?sslmode=require`` and libpq's other options
    for connecting pass on. Raises Problem.
    """
    parts, host, port = _split(address)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise Problem(
            f"DATABASE_URL begins with {parts.scheme or 'nothing'!r}. Write it as "
            "postgres://user:password@host:5432/name, or leave it out to use SQLite."
        )
    name = unquote(parts.path.lstrip("/"))
    if not name or "/" in name:
        raise Problem(
            "DATABASE_URL does not name one database. Its name stands after the host: "
            "postgres://user:password@host:5432/name."
        )
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    host = options.pop("host", host)
    unknown = sorted(set(options) - _OPTIONS)
    if unknown:
        raise Problem(
            f"DATABASE_URL has an option that is not known here: {', '.join(unknown)}. "
            f"It may have {', '.join(sorted(_OPTIONS))}."
        )
    if find_spec("psycopg") is None:
        raise Problem(
            "DATABASE_URL names PostgreSQL, whose driver is not installed. "
            "Install it with: pip install 'locality[postgresql]'."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _split(address: str) -> tuple[SplitResult, str, str]:
    """Return the address in parts, its host and its port; the errors repeat none of it."""
    try:
        parts = urlsplit(address.strip())
        return parts, unquote(parts.hostname or ""), str(parts.port or "")
    except ValueError:
        raise Problem(
            "DATABASE_URL cannot be read: its host or port is not well formed. Write it as "
            "postgres://user:password@host:5432/name; in a password write @ as %40, "
            ": as %3A, / as %2F and # as %23."
        ) from None
