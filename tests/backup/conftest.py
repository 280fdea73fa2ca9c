"""A home with a small lake and records, and the environment put back after every test."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from locality.records.setup import configure
from tests.records.postgresql import serving

os.environ.pop("DATABASE_URL", None)
_BEFORE = dict(os.environ)
# Models can be imported only once Django has its settings.
_COLLECTING = tempfile.TemporaryDirectory(prefix="locality-backup-")
configure(Path(_COLLECTING.name))
os.environ.clear()
os.environ.update(_BEFORE)


@pytest.fixture(autouse=True)
def _environment() -> Iterator[None]:
    before = dict(os.environ)
    os.environ.pop("DATABASE_URL", None)
    yield
    from django.db import connections

    connections.close_all()
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Return the address of a real PostgreSQL, run by an unprivileged user."""
    with serving() as address:
        yield address
