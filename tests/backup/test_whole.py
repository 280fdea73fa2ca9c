"""Everything that was backed up comes back: every row, every byte, on either database."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.backup.furnished import kept, with_lake
from tests.records.postgresql import another

ROOT = Path(__file__).resolve().parents[2]
COMMAND = """
import sys
from locality.cli import app, backup
from locality.terminal import run
sys.exit(run(app))
"""


class Place:
    """A home with its database, worked on by processes of their own."""

    def __init__(self, home: Path, address: str) -> None:
        self.home, self.address = home, address

    def run(self, *words: str, fails: bool = False) -> str:
        kept_back = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL",)}
        named = {"DATABASE_URL": self.address} if self.address else {}
        ran = subprocess.run(
            [sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False,
            env={**kept_back, **named, "LOCALITY_HOME": str(self.home)}, timeout=240,
        )  # fmt: skip
        assert bool(ran.returncode) == fails, ran.stdout + ran.stderr
        return ran.stderr if fails else ran.stdout

    def acts(self, what: str) -> Any:
        return json.loads(self.run("-m", "tests.backup.acting", what, str(self.home)))

    def does(self, what: str, file: Path, fails: bool = False) -> str:
        return self.run("-c", COMMAND, what, str(file), "--home", str(self.home), fails=fails)


@pytest.fixture(scope="module")
def sources(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> dict[str, tuple[dict[str, Any], dict[str, bytes], Path]]:
    """Return, for each engine asked for once, what stood in its home and the backup of it."""
    return {}


def source(
    engine: str, sources: dict[str, Any], folder: Path, request: pytest.FixtureRequest
) -> tuple[dict[str, Any], dict[str, bytes], Path]:
    if engine not in sources:
        address = (
            another(request.getfixturevalue("postgresql_server")) if engine != "sqlite" else ""
        )
        place = Place(folder / "home", address)
        with_lake(place.home)
        place.acts("write")
        file = folder / "all.backup"
        place.does("backup", file)
        sources[engine] = (place.acts("rows"), kept(place.home), file)
    return sources[engine]


#: The roads from one database to the other are walked by the slow tests.
MARKS = {
    ("sqlite", "sqlite"): [],
    ("postgresql", "postgresql"): [pytest.mark.postgresql],
    ("sqlite", "postgresql"): [pytest.mark.postgresql, pytest.mark.slow],
    ("postgresql", "sqlite"): [pytest.mark.postgresql, pytest.mark.slow],
}
PAIRS = [pytest.param(*pair, marks=marks) for pair, marks in MARKS.items()]


@pytest.mark.parametrize(("engine", "other"), PAIRS)
def test_every_row_and_every_byte_comes_back(
    engine: str, other: str, sources: dict[str, Any], tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    rows, files, file = source(engine, sources, tmp_path_factory.mktemp(engine), request)
    address = another(request.getfixturevalue("postgresql_server")) if other != "sqlite" else ""
    there = Place(tmp_path_factory.mktemp("there") / "restored", address)
    there.does("restore", file)

    assert kept(there.home) == files
    found = there.acts("rows")
    assert found.keys() == rows.keys()
    for table, before in rows.items():
        assert found[table] == before, table
    # Not a comparison of nothing with nothing: the sources write one of nearly everything.
    assert sum(map(bool, rows.values())) > 25
    assert [path.name for path in there.home.parent.iterdir()] == ["restored"]
    assert stat.S_IMODE(os.stat(there.home / "secret_key").st_mode) == 0o600
    assert not (there.home / "generated").exists()

    said = there.acts("go_on")
    assert said["next"] == said["last"] + 1
    assert said["reference"].endswith("-002")
    assert said["held"] and set(said["held"]) <= set(said["refused"])

    # What holds records now is not written over.
    again = Place(there.home.with_name("again"), address or "")
    if address:
        assert "already holds records" in again.does("restore", file, fails=True)
        assert not again.home.exists()
    assert "is not empty" in there.does("restore", file, fails=True)
