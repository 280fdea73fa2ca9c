"""A real PostgreSQL server for tests: started, used and stopped here, as an unprivileged user."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

#: Whether this very run is the one on PostgreSQL, which test_postgresql.py starts.
ON_POSTGRESQL = os.environ.get("LOCALITY_RECORDS_TESTS") == "postgresql"

_numbers = itertools.count(1)


def programs() -> Path | None:
    """Return the folder that holds ``initdb`` and ``postgres``, newest first, or None."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name), reverse=True
    )
    for folder in (*debian, *map(Path, os.get_exec_path())):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


@contextmanager
def serving() -> Iterator[str]:
    """Run a server on a free local port while the block lasts; give its address."""
    folder = programs()
    if folder is None:
        raise RuntimeError("PostgreSQL's server programs are not installed")
    # Not pytest's own folder: that is closed to every user but the one who runs the tests.
    place = Path(tempfile.mkdtemp(prefix="locality-postgresql-", dir=_in_memory()))
    user = _user()
    if user:
        os.chown(place, user["user"], user["group"])
    environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    server = None
    try:
        data = place / "data"
        subprocess.run(
            [folder / "initdb", "-D", data, "-U", "locality", "-A", "trust", "-E", "UTF8",
             "--locale=C", "--no-sync"],
            check=True, stdout=subprocess.DEVNULL, cwd=place, env=environment, **user,
        )  # fmt: skip
        for _ in range(3):  # the port was free when asked; someone else may have been quicker
            port = _free_port()
            with (place / "log").open("ab") as log:
                server = subprocess.Popen(
                    [folder / "postgres", "-D", data, "-p", str(port), "-k", place,
                     "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off",
                     "-c", "full_page_writes=off", "-c", "shared_buffers=16MB",
                     "-c", "max_connections=60"],
                    stdout=log, stderr=log, cwd=place, env=environment, **user,
                )  # fmt: skip
            if _answers(server, port):
                break
        else:
            raise RuntimeError((place / "log").read_text(errors="replace"))
        yield f"postgresql://locality@127.0.0.1:{port}/postgres"
    finally:
        if server and server.poll() is None:
            server.send_signal(signal.SIGINT)  # PostgreSQL's "fast" shutdown
            server.wait(timeout=30)
        shutil.rmtree(place, ignore_errors=True)


def another(address: str) -> str:
    """Return the address of a new and empty database of the server at ``address``."""
    import psycopg

    server, name = address.rpartition("/")[0], f"empty_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(f"{server}/template1", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"


@contextmanager
def copied(address: str) -> Iterator[str]:
    """Copy the database at ``address``, as it stands and used by nobody; give the copy's."""
    import psycopg

    server, _, original = address.rpartition("/")
    name = f"copy_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(f"{server}/template1", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {original}")
        try:
            yield f"{server}/{name}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _in_memory() -> Path | None:
    """Return a folder in memory with room for a server, or None for the usual one.

    Every test has a database of its own, which is three hundred new files: on a full disk that
    takes a second a test, in memory a thirtieth of one.
    """
    memory = Path("/dev/shm")
    if memory.is_dir() and shutil.disk_usage(memory).free > 2_000_000_000:
        return memory
    return None


def _user() -> dict[str, Any]:
    """Return whom to run the server as: nobody special; PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
    raise RuntimeError("there is no unprivileged user to run PostgreSQL as")


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def _answers(server: subprocess.Popen[bytes], port: int) -> bool:
    """Return whether the server takes connections within half a minute."""
    import psycopg

    until = time.monotonic() + 30
    while time.monotonic() < until and server.poll() is None:
        try:
            psycopg.connect(
                f"postgresql://locality@127.0.0.1:{port}/postgres", connect_timeout=2
            ).close()
            return True
        except psycopg.OperationalError:
            time.sleep(0.1)
    return False
