"""The vendored front end is what its manifest says, and fetches nothing from elsewhere."""

import hashlib
import importlib.util
import io
import json
import re
import tarfile
from base64 import b64encode
from importlib.metadata import metadata
from pathlib import Path
from types import ModuleType

import pytest

import locality

VENDOR = Path(locality.__file__).parent / "web" / "static" / "vendor"
FOLDER = VENDOR / "nhsuk-frontend"
MANIFEST = json.loads((FOLDER / "manifest.json").read_text("utf-8"))
CSS = (FOLDER / "nhsuk-frontend.min.css").read_text("utf-8")
JAVASCRIPT = (FOLDER / "nhsuk-frontend.min.js").read_text("utf-8")


@pytest.fixture(scope="module")
def fetch() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fetch", VENDOR / "fetch.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_is_the_version_that_the_jinja_port_is_for(fetch: ModuleType) -> None:
    port = metadata("nhsuk-frontend-jinja")
    table = port.get_payload() or port["Description"]
    rows = re.findall(r"^\| *([\d.]+) *\| *([\d.]+) *\|$", str(table), re.M)
    (needed,) = [frontend for frontend, own in rows if own == port["Version"]]
    assert MANIFEST["version"] == needed == fetch.VERSION
    assert f'--nhsuk-frontend-version:"{needed}"' in CSS


def test_every_file_is_the_one_that_was_fetched() -> None:
    files = [path for path in FOLDER.rglob("*") if path.is_file() and path.name != "manifest.json"]
    there = {
        path.relative_to(FOLDER).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }
    assert there == MANIFEST["sha256"]


def test_its_licence_stands_beside_it() -> None:
    licence = (FOLDER / "LICENSE").read_text("utf-8")
    assert licence.startswith("MIT License") and "Copyright (c)" in licence
    assert MANIFEST["licence"] == "MIT"


def test_the_style_sheet_fetches_nothing_from_elsewhere() -> None:
    assert not re.search(r"url\(\s*[\"']?(https?:|//)", CSS, re.I)
    assert "@import" not in CSS
    assert "@font-face" not in CSS
    assert "sourceMappingURL" not in CSS + JAVASCRIPT


def test_the_script_fetches_nothing() -> None:
    assert not re.search(r"\bfetch\(|\bimport\(|XMLHttpRequest|WebSocket|sendBeacon", JAVASCRIPT)
    assert not re.search(r"(src|href)\s*=\s*[\"']https?:", JAVASCRIPT)


def test_every_address_in_the_style_sheet_has_its_file() -> None:
    named = set(re.findall(r"url\([\"']?([^)\"']+)", CSS))
    named = {address for address in named if not address.startswith("data:")}
    assert named
    assert [address for address in named if not (FOLDER / address).is_file()] == []


def test_no_logo_favicon_or_font_came_along() -> None:
    names = " ".join(MANIFEST["sha256"])
    assert not re.search(r"logo|favicon|opengraph|nhsuk-icon-\d|mask|woff", names)


def test_the_two_edits(fetch: ModuleType) -> None:
    before = (
        "a{b:c}@font-face{font-family:Frutiger W01;src:url(https://x.example/f.woff2)}"
        'd{e:url(/assets/images/up.svg)}f{g:url("/assets/images/x.svg")}\n'
        "/*# sourceMappingURL=x.css.map */\n"
    )
    assert fetch.style(before) == (
        'a{b:c}d{e:url(assets/images/up.svg)}f{g:url("assets/images/x.svg")}\n'
    )
    assert fetch.script("x();//# sourceMappingURL=x.js.map") == "x();\n"


def package(css: str, version: str = "10.6.1", licence: str = "MIT") -> bytes:
    files = {
        "package/package.json": json.dumps({"version": version, "license": licence}),
        "package/dist/nhsuk/nhsuk-frontend.min.css": css,
        "package/dist/nhsuk/nhsuk-frontend.min.js": "x();",
        "package/dist/nhsuk/assets/images/up.svg": "<svg/>",
        "package/dist/nhsuk/assets/images/favicon.svg": "<svg/>",
    }
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for name, text in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text.encode())
            tar.addfile(entry, io.BytesIO(text.encode()))
    return out.getvalue()


def unpacked(fetch: ModuleType, packed: bytes) -> dict[str, bytes]:
    integrity = "sha512-" + b64encode(hashlib.sha512(packed).digest()).decode()
    return fetch.contents(packed, integrity)  # type: ignore[no-any-return]


def test_only_the_named_icons_are_kept_and_written_with_their_hashes(
    fetch: ModuleType, tmp_path: Path
) -> None:
    kept = fetch.chosen(unpacked(fetch, package("a{b:url(/assets/images/up.svg)}")))
    assert sorted(kept) == ["assets/images/up.svg", "nhsuk-frontend.min.css",
                            "nhsuk-frontend.min.js"]  # fmt: skip
    (tmp_path / "LICENSE").write_text("MIT")
    fetch.write(kept, tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["sha256"]["assets/images/up.svg"] == hashlib.sha256(b"<svg/>").hexdigest()
    assert (tmp_path / "assets" / "images" / "up.svg").read_bytes() == b"<svg/>"


def test_other_bytes_under_the_same_version_are_refused(fetch: ModuleType) -> None:
    with pytest.raises(SystemExit, match="not the file that was pinned"):
        fetch.contents(package("a{}"))


def test_another_licence_version_or_remote_address_stops_the_run(fetch: ModuleType) -> None:
    for packed, why in (
        (package("a{}", licence="GPL-3.0"), "calls itself 10.6.1, GPL-3.0"),
        (package("a{}", version="11.0.0"), r"calls itself 11\.0\.0"),
        (package("a{b:url(https://x.example/y.svg)}"), "fetches from elsewhere"),
        (package("@import url(//x.example/y.css);"), "fetches from elsewhere"),
    ):
        with pytest.raises(SystemExit, match=why):
            fetch.chosen(unpacked(fetch, packed))


def test_nothing_is_written_without_a_licence(fetch: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="LICENSE is missing"):
        fetch.write({"x.css": b"a{}"}, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_without_npm_a_sentence_says_what_to_install(
    fetch: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit, match="npm is not installed"):
        fetch.archive()
