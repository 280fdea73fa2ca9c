"""A home of its own for the pages, a made-up workbench behind them, and Django's test client."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from locality.records.setup import configure, prepare

os.environ.pop("DATABASE_URL", None)
_BEFORE = dict(os.environ)
# Views can be imported only once Django has its settings, and tests import them at the top.
_HOME = tempfile.TemporaryDirectory(prefix="locality-web-")
configure(Path(_HOME.name))
os.environ.clear()
os.environ.update(_BEFORE)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home whose records are ready and empty; copied, never written."""
    before = dict(os.environ)
    folder = tmp_path_factory.mktemp("web")
    prepare(folder)
    connections.close_all()
    os.environ.clear()
    os.environ.update(before)
    return folder


@pytest.fixture
def home(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a fresh home whose records are ready and whose lake is missing."""
    monkeypatch.setenv("LOCALITY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "locality.web.settings")
    (tmp_path / "home").mkdir()
    for name in ("records.sqlite3", "secret_key"):
        shutil.copy(prepared / name, tmp_path / "home")
    prepare(tmp_path / "home")
    yield tmp_path / "home"
    connections.close_all()


@pytest.fixture
def empty(home: Path) -> Any:
    """Return a client of pages behind which nothing is loaded."""
    return _client()


@pytest.fixture
def pages(home: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a client of pages over the made-up workbench."""
    from locality.web import here
    from tests.web import made

    monkeypatch.setattr(here, "HOUSE", here.House(made.workbench))
    return _client()


def _client() -> Any:
    from django.test import Client

    return Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
