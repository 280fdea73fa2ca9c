"""Bytes on disk that are the same whenever the same things are written."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

#: The date that stands on every archive member: archives of the same files are the same.
_STAMP = (2026, 7, 3, 9, 0, 0)
_READABLE_BY_ALL = 0o644 << 16


def lines(header: str, columns: Sequence[Iterable[str]], *, end: str = "\n") -> str:
    """Return a CSV text of ``columns``; no cell may hold a comma, a quote or a line break."""
    return end.join([header, *map(",".join, zip(*columns, strict=True)), ""])


def quoted(rows: Iterable[Sequence[str]], *, end: str = "\n") -> str:
    """Return a CSV text with every cell in quotes and no header, as ODS files come."""
    return end.join(['"' + '","'.join(row) + '"' for row in rows] + [""])


def texts(numbers: NDArray[np.int64]) -> list[str]:
    """Return whole numbers as texts, row by row."""
    return list(map(str, numbers.ravel().tolist()))


def put(path: Path, content: str | bytes) -> Path:
    """Write ``content`` (text as UTF-8) and return where."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def put_gzipped(path: Path, content: str) -> Path:
    """Write ``content`` compressed, with no time and no name inside."""
    path.write_bytes(gzip.compress(content.encode(), compresslevel=6, mtime=0))
    return path


def put_zipped(path: Path, members: dict[str, str]) -> Path:
    """Write an archive of ``members`` (name -> text), all of one fixed date."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, text in members.items():
            info = zipfile.ZipInfo(name, date_time=_STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = _READABLE_BY_ALL
            info.create_system = 3
            archive.writestr(info, text.encode())
    return path
