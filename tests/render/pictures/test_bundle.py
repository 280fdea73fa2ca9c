import re
from pathlib import Path

import pytest
import vl_convert

from locality.render.pictures import javascript
from locality.render.pictures.bundle import bundle_name


def test_it_is_made_once_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "not" / "there yet"
    made = javascript(folder)
    assert [path.name for path in folder.iterdir()] == [bundle_name()]

    def never(**_: object) -> str:
        raise AssertionError("made again")

    monkeypatch.setattr(vl_convert, "javascript_bundle", never)
    assert javascript(folder) == made


def test_it_carries_the_drawing_program_and_loads_nothing(tmp_path: Path) -> None:
    text = javascript(tmp_path).decode()
    assert "window.vegaEmbed=" in text
    assert not re.search(r"\bimport\s*\(|importScripts|<script|@import", text)


def test_a_failure_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vl_convert, "javascript_bundle", lambda **_: "half")

    def full(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="No space"):
        javascript(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_its_name_changes_with_its_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    before = bundle_name()
    monkeypatch.setattr("locality.render.pictures.bundle.version", lambda _: "99.0")
    assert bundle_name() != before
