"""The whole way: an address in the user's knowledge, a file from a server, and into the lake."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from locality.figures import NotFound
from locality.knowledge.files import PACKAGE
from locality.store import Lake
from locality.workbench.fetching import fetch, offered
from tests.fetching.serving import file, serving

ADDRESS = "https://www.odsdatasearchandexport.nhs.uk/api/getReport?report=epraccur"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a made-up epraccur, as the publisher would give it."""
    from locality.sources.synthetic import write

    folder = write(tmp_path_factory.mktemp("files") / "locality", practices=30, years=3)
    return next(folder.rglob("epraccur*")).read_bytes()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a home whose own knowledge says that the files lie on this computer."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LOCALITY_CONTACT", "someone@example.org")
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    return tmp_path / "home"


def lies_at(home: Path, address: str) -> None:
    """Write the user's own knowledge of where epraccur lies."""
    text = (PACKAGE / "publications" / "ods_practices.toml").read_text("utf-8")
    folder = home / "knowledge" / "publications"
    folder.mkdir(parents=True, exist_ok=True)
    changed = text.replace(f'\naddress = "{ADDRESS}"\nsave_as', f'\naddress = "{address}"\nsave_as')
    assert changed != text
    (folder / "ods_practices.toml").write_text(changed, "utf-8")


def test_fetched_and_ingested_in_one_go(home: Path, published: bytes) -> None:
    with serving() as server:
        lies_at(home, server.put("/report", file(published, '"1"')))
        (row,) = fetch(home, ["ods_practices"], ingest=True).rows
        assert row["state"] == "fetched" and row["ingested"].startswith("Stored: ")
        assert Path(row["file"]).parent == home / "fetched"
        assert "+someone@example.org" in server.asked[0][1]["User-Agent"]
        (held,) = Lake(home).holdings().readings
        assert (held.publication, held.sha256) == ("ods_practices", row["sha256"])
        (row,) = fetch(home, ["ods_practices"], ingest=True).rows
        assert row["state"] == "unchanged" and row["ingested"].startswith("Already held")


def test_what_the_lake_refuses_is_said(home: Path) -> None:
    patients = b"nhs_number,name\n" + b"9434765919,A PERSON\n" * 40
    with serving() as server:
        lies_at(home, server.put("/report", file(patients)))
        (row,) = fetch(home, ["ods_practices"], ingest=True).rows
    assert row["state"] == "refused" and row["ingested"]
    assert Lake(home).holdings().readings == ()


def test_pages_are_opened_where_asked(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda page: bool(opened.append(page)))
    (row,) = fetch(home, ["practice_map"], period="2026-M07").rows
    assert row["state"] == "by hand" and opened == []
    (row,) = fetch(home, ["practice_map"], period="2026-M07", show_pages=True).rows
    assert opened == [row["address"]] and "open the address yourself" in row["sentence"]
    with pytest.raises(NotFound, match="did you mean 'practice_map'"):
        fetch(home, ["practise_map"])


def typed(home: Path, *words: str) -> int:
    from locality.cli import app
    from locality.terminal import run

    argv, sys.argv = sys.argv, ["locality", *words, "--home", str(home)]
    try:
        return run(app)
    finally:
        sys.argv = argv


def test_the_command(home: Path, published: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed(home, "fetch", "--json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert {row["publication"] for row in rows} == {
        row["publication"] for row in offered(home).rows
    }
    with serving() as server:
        lies_at(home, server.put("/report", file(published)))
        into = home.parent / "into"
        assert typed(home, "fetch", "ods_practices", "--into", str(into), "--json") == 0
        (row,) = json.loads(capsys.readouterr().out)
        assert Path(row["file"]).parent == into
        server.answers.clear()
        assert typed(home, "fetch", "ods_practices", "practice_map", "--into", str(into)) == 1
        said = capsys.readouterr().out
    assert "nothing at this address any more" in " ".join(said.split())
    assert "Traceback" not in said


def test_forgetting_by_name(
    home: Path, published: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "epraccur-may-25.csv").write_bytes(published)
    assert typed(home, "ingest", str(tmp_path / "epraccur-may-25.csv")) == 0
    assert typed(home, "forget", "nothing.csv", "--reason", "x") == 1
    assert "locality status lists what it holds" in capsys.readouterr().err
    assert typed(home, "forget", "epraccur-may-25.csv", "--reason", " ") == 1
    assert typed(home, "forget", "epraccur-may-25.csv") == 2
    capsys.readouterr()
    assert typed(home, "forget", "epraccur-may-25.csv", "--reason", "wrong month", "--json") == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["publication"], row["reason"]) == ("ods_practices", "wrong month")
    assert Lake(home).holdings().readings == ()
