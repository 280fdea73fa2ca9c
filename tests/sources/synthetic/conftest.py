from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from locality.sources.synthetic import write
from tests.sources.synthetic.plainly import Plain


@pytest.fixture(scope="session")
def locality(tmp_path_factory: pytest.TempPathFactory) -> Plain:
    """Return the locality that `make demo` shows."""
    return Plain(write(tmp_path_factory.mktemp("made") / "locality"))


@pytest.fixture(scope="session")
def larger(tmp_path_factory: pytest.TempPathFactory) -> Plain:
    """Return a locality of two boards and a few years."""
    return Plain(write(tmp_path_factory.mktemp("made") / "larger", practices=300, years=3, seed=7))


@pytest.fixture(params=["locality", "larger"])
def made(request: pytest.FixtureRequest) -> Plain:
    """Return each of the two in turn."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Plain)
    return found


@pytest.fixture(scope="session")
def real_text(published: Path) -> bytes:
    """Return what the published files with names and codes in them say, in capitals.

    Whatever is neither letter nor digit is one space.
    """
    texts: list[bytes] = []
    for path in sorted(published.rglob("*")):
        if path.suffix == ".gz" and not {"activity", "costs", "prices"} & set(path.parts):
            texts.append(gzip.decompress(path.read_bytes()))
        elif path.suffix == ".zip" and "practice" in path.parts:
            with zipfile.ZipFile(path) as archive:
                texts += [archive.read(name) for name in archive.namelist() if "csv" in name]
    capitals = bytes(
        byte if chr(byte).isascii() and chr(byte).isalnum() else 32 for byte in range(256)
    ).upper()
    return b" ".join(text.translate(capitals) for text in texts)


@pytest.fixture(scope="session")
def real_words(real_text: bytes) -> set[str]:
    """Return every word and code in those files."""
    return {word.decode() for word in set(real_text.split())}
