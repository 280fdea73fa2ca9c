from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from locality.figures import Problem
from locality.records.secret import secret_key


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = secret_key(tmp_path / "a")
    assert secret_key(tmp_path / "a") == first
    assert secret_key(tmp_path / "b") != first
    assert stat.S_IMODE((tmp_path / "a" / "secret_key").stat().st_mode) == 0o600
    assert os.listdir(tmp_path / "a") == ["secret_key"]


def test_many_at_once_end_with_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        keys = list(pool.map(secret_key, [tmp_path / "a"] * 64))
    assert len(set(keys)) == 1
    assert os.listdir(tmp_path / "a") == ["secret_key"]


def test_a_disk_without_hard_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    first = secret_key(tmp_path / "a")
    assert secret_key(tmp_path / "a") == first
    assert os.listdir(tmp_path / "a") == ["secret_key"]


def test_a_secret_that_others_could_read_is_closed(tmp_path: Path) -> None:
    first = secret_key(tmp_path)
    (tmp_path / "secret_key").chmod(0o644)
    assert secret_key(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"short", b"\xff" * 80])
def test_a_spoiled_secret_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "secret_key").write_bytes(content)
    with pytest.raises(Problem, match="secret_key"):
        secret_key(tmp_path)
