"""Records in a folder of their own for every test; and a real PostgreSQL for those that ask."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from locality.records.setup import configure, prepare
from tests.records.postgresql import ON_POSTGRESQL, copied, serving

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


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home whose records are ready and empty; copied, never written."""
    home = tmp_path_factory.mktemp("records")
    with _environment():
        prepare(home)
    return home


@pytest.fixture(autouse=True)
def home(prepared: Path, tmp_path: Path) -> Iterator[Path]:
    """Return this test's own home, with empty records, to which Django has been moved."""
    folder = tmp_path / "home"
    folder.mkdir()
    shutil.copy(prepared / "secret_key", folder)
    with _environment():
        if ON_POSTGRESQL:
            with copied() as address:
                os.environ["DATABASE_URL"] = address
                prepare(folder)
                yield folder
                _close()
        else:
            shutil.copy(prepared / "records.sqlite3", folder)
            prepare(folder)
            yield folder
            _close()


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """Return the address of a real, empty PostgreSQL, run by an unprivileged user."""
    with serving() as address:
        yield address


def _close() -> None:
    from django.db import connections

    connections.close_all()
