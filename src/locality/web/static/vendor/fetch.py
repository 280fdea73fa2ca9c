"""Fetch the built CSS and JavaScript of nhsuk-frontend again: ``make assets`` (needs npm).

Takes the one pinned version, checks its bytes, keeps the style sheet, the script and the icons
that the style sheet names, and writes ``nhsuk-frontend/manifest.json``. The package's logo,
favicons and fonts belong to NHS bodies and stay out. The package carries no licence file, so
``nhsuk-frontend/LICENSE`` (from its own source repository) is kept here and never fetched; the
run stops if the package's own description no longer says MIT.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path

PACKAGE = "nhsuk-frontend"
VERSION = "10.6.1"
# The package's own fingerprint (sha512, base64): a version that changed its bytes is refused.
INTEGRITY = (
    "sha512-PZorqQZjZx/A26yJoskCL9z0ib6AtkAyF0o4K/RH"
    "r8zRrJyXrUOCnMbjy0VNXsGO4tfTNMwqlkwATKs4a0xayw=="
)
LICENCE = "MIT"
FOLDER = Path(__file__).resolve().parent / PACKAGE

_BUILT = "package/dist/nhsuk/"
_FACE = re.compile(r"@font-face\{[^}]*\}")
_ASSET = re.compile(r"url\(([\"']?)/assets/")
_NAMED = re.compile(r"url\(assets/(images/[\w.-]+)\)")
_MAP = re.compile(r"(?://#|/\*#) sourceMappingURL=\S+(?: \*/)?\s*$")
_REMOTE = re.compile(
    r"url\(\s*[\"']?(?:https?:)?//|@import\s*(?:url\()?\s*[\"']?(?:https?:)?//", re.I
)


def archive() -> bytes:
    """Return the package as npm hands it over; stops with a sentence if npm is not there."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            subprocess.run(
                ["npm", "pack", f"{PACKAGE}@{VERSION}", "--silent"],
                cwd=folder, check=True, stdout=subprocess.DEVNULL,
            )  # fmt: skip
        except FileNotFoundError:
            sys.exit("npm is not installed. On Debian or Ubuntu: sudo apt-get install npm")
        except subprocess.CalledProcessError as error:
            sys.exit(f"npm could not fetch {PACKAGE} {VERSION} (it ended with {error.returncode}).")
        return (Path(folder) / f"{PACKAGE}-{VERSION}.tgz").read_bytes()


def contents(packed: bytes, integrity: str = INTEGRITY) -> dict[str, bytes]:
    """Return the archive's files by name; stops if its bytes are not those that were pinned."""
    found = "sha512-" + b64encode(hashlib.sha512(packed).digest()).decode()
    if found != integrity:
        sys.exit(f"{PACKAGE} {VERSION} is not the file that was pinned: {found}")
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        return {
            member.name: tar.extractfile(member).read()  # type: ignore[union-attr]
            for member in tar
            if member.isfile()
        }


def style(css: str) -> str:
    """Return the style sheet with nothing left that a browser would fetch from elsewhere.

    Drops the fonts kept on a remote host (Arial follows in every list of fonts), makes icon
    addresses relative, and drops the source map's address, which is not kept here.
    """
    css = _ASSET.sub(r"url(\1assets/", _FACE.sub("", css))
    return _MAP.sub("", css).rstrip() + "\n"


def script(javascript: str) -> str:
    """Return the script without the address of its source map, which is not kept here."""
    return _MAP.sub("", javascript).rstrip() + "\n"


def chosen(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return what is kept, by path under the folder; stops if the licence or a part is gone."""
    said = json.loads(files["package/package.json"])
    if (said["version"], said["license"]) != (VERSION, LICENCE):
        sys.exit(f"{PACKAGE} calls itself {said['version']}, {said['license']}: look at it first.")
    css = style(files[f"{_BUILT}{PACKAGE}.min.css"].decode())
    javascript = script(files[f"{_BUILT}{PACKAGE}.min.js"].decode())
    if remote := _REMOTE.search(css):
        sys.exit(f"The style sheet still fetches from elsewhere, near {css[remote.start() :][:80]}")
    icons = sorted(set(_NAMED.findall(css)))
    return {
        f"{PACKAGE}.min.css": css.encode(),
        f"{PACKAGE}.min.js": javascript.encode(),
        **{f"assets/{icon}": files[f"{_BUILT}assets/{icon}"] for icon in icons},
    }


def write(kept: Mapping[str, bytes], folder: Path) -> None:
    """Write the kept files and ``manifest.json`` (version and sha256 of each) into ``folder``."""
    licence = folder / "LICENSE"
    if not licence.is_file():
        sys.exit(f"{licence} is missing: put the licence of {PACKAGE} there first.")
    for name, data in kept.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    held = {**kept, "LICENSE": licence.read_bytes()}
    manifest = {
        "package": PACKAGE,
        "version": VERSION,
        "integrity": INTEGRITY,
        "licence": LICENCE,
        "edits": [
            "removed @font-face rules that fetch from a remote host",
            "made the addresses of icons relative",
            "removed the addresses of source maps",
        ],
        "sha256": {name: hashlib.sha256(held[name]).hexdigest() for name in sorted(held)},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    write(chosen(contents(archive())), FOLDER)
    print(f"{PACKAGE} {VERSION} is in place.")
