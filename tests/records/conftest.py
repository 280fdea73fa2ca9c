"""Records in a folder of their own for every test; and a real PostgreSQL for those that ask."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from locality.records.setup import configure, prepare
from tests.records.postgresql import ON_POSTGRESQL, another, copied, serving

if not ON_POSTGRESQL:
    # Tests never touch a database that happens to be named on this machine.
    os.environ.pop("DATABASE_URL", None)


class _environment:
    """Put the environment back as it was: ``prepare`` names its home there."""

    def __enter__(self) -> None:
        self.before = dict(os.environ)

    def __exit__(self, *error: object) -> None:
        os.environ.clear()
        os.environ.update(self.before)


# Models can be imported only once Django has its settings, and tests import them at the top.
_COLLECTING = Path(tempfile.mkdtemp(prefix="locality-records-"))
with _environment():
    configure(_COLLECTING)


def pytest_sessionfinish() -> None:
    shutil.rmtree(_COLLECTING, ignore_errors=True)


@dataclass(frozen=True)
class Records:
    """Records to start tests from: copied, never written."""

    folder: Path
    address: str | None  #: of their database, when that is no file in the folder


@contextmanager
def copy_of(records: Records, folder: Path) -> Iterator[Records]:
    """Copy ``records`` into ``folder`` and move Django there while the block lasts."""
    folder.mkdir()
    shutil.copy(records.folder / "secret_key", folder)
    with _environment(), ExitStack() as until_the_end:
        address = None
        if records.address:
            address = until_the_end.enter_context(copied(records.address))
            os.environ["DATABASE_URL"] = address
        else:
            shutil.copy(records.folder / "records.sqlite3", folder)
        prepare(folder)
        yield Records(folder, address)
        _close()


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Records:
    """Return records that are ready and empty."""
    folder = tmp_path_factory.mktemp("records")
    with _environment():
        prepare(folder)
        _close()
    return Records(folder, os.environ.get("DATABASE_URL"))


@pytest.fixture(autouse=True)
def home(empty: Records, tmp_path: Path) -> Iterator[Path]:
    """Return this test's own home, with empty records, to which Django has been moved."""
    with copy_of(empty, tmp_path / "home") as records:
        yield records.folder


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Return the address of a real PostgreSQL, run by an unprivileged user."""
    with serving() as address:
        yield address


@pytest.fixture
def postgresql_url(postgresql_server: str) -> str:
    """Return the address of an empty database of this test's own."""
    return another(postgresql_server)


def _close() -> None:
    from django.db import connections

    connections.close_all()
