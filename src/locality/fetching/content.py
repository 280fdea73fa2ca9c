"""Whether what came is the kind of file that was meant, told by its bytes."""

from __future__ import annotations

import zipfile
from pathlib import Path

from locality.fetching.faults import BY_HAND, FetchError

#: Enough of a file's beginning to tell what it is.
HEAD = 4096

_PAGES = (b"<!doctype", b"<html", b"<head", b"<body", b"<?xml", b"<!--", b"<script")
_ZIPPED = b"PK\x03\x04"


def check_head(head: bytes, content: str, host: str) -> None:
    """Raise FetchError unless ``head``, the first bytes, may begin a ``content`` file.

    ``content`` is csv, zip or xlsx; a zip or a workbook where the other was meant is refused too.
    """
    begins = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if begins[:16].lower().startswith(_PAGES):
        raise FetchError(
            f"{host} gave a web page instead of the file: it may want a sign-in, or be out of "
            f"order. Nothing was kept. Open its page in a browser. {BY_HAND}"
        )
    if content == "csv":
        if begins[:1] in (b"{", b"["):
            raise FetchError(
                f"{host} gave a message for programs (JSON) instead of a CSV file, perhaps an "
                "error. Nothing was kept. Check what was asked for, or try again later."
            )
        if head.startswith(_ZIPPED) or b"\x00" in head:
            raise FetchError(
                f"{host} gave something else than a CSV file. Nothing was kept. The publisher may "
                f"have changed how it comes. {BY_HAND}"
            )
    elif not head.startswith(_ZIPPED):
        kind = "workbook" if content == "xlsx" else "zip archive"
        raise FetchError(
            f"{host} gave something else than a {kind}. Nothing was kept. The publisher may have "
            f"changed how it comes. {BY_HAND}"
        )


def check_whole(path: Path, content: str, host: str) -> None:
    """Raise FetchError where the whole file at ``path`` is empty, has no row, or is cut short."""
    if content == "csv":
        with path.open("rb") as file:
            file.readline(1 << 20)
            if not file.read(HEAD).strip():
                raise FetchError(
                    f"The file from {host} holds no row. Nothing was kept. Check what was asked "
                    "for: an unknown indicator or period gives an empty file."
                )
    elif not zipfile.is_zipfile(path):
        raise FetchError(
            f"The file from {host} is an archive without its end, so it came only in part. "
            "Nothing was kept. Fetch it again."
        )
