"""Answers that are data: bytes with an ETag, compressed where the reader can take it."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from locality._version import __version__
from locality.web.here import Here

_WORTH_COMPRESSING = 1_000


@dataclass(frozen=True, slots=True)
class Packed:
    """Bytes as they travel: plain, and compressed where that is worth it (else empty)."""

    plain: bytes
    small: bytes

    @classmethod
    def of(cls, plain: bytes, *, compress: bool = True) -> Packed:
        """Return ``plain`` packed."""
        worth = compress and len(plain) > _WORTH_COMPRESSING
        return cls(plain, gzip.compress(plain, 6, mtime=0) if worth else b"")

    @property
    def weight(self) -> int:
        """Return how many bytes it takes."""
        return len(self.plain) + len(self.small)


def tag(here: Here, *arguments: Hashable) -> str:
    """Return the ETag of an answer: it changes with data, reader, program and secret."""
    known = here.workbench.knowledge.hash
    told = (here.version, known, here.reader, __version__, settings.SECRET_KEY, arguments)
    return f'"{hashlib.sha256(repr(told).encode()).hexdigest()[:24]}"'


def answer(
    request: HttpRequest,
    etag: str,
    content_type: str,
    make: Callable[[], Packed],
    *,
    file_name: str = "",
) -> HttpResponse:
    """Return what ``make`` gives, or 304 where the reader has it already.

    Readers may keep it, and ask each time whether it still holds: the next refresh changes it.
    """
    if etag in request.headers.get("If-None-Match", ""):
        response: HttpResponse = HttpResponseNotModified()
    else:
        packed = make()
        small = packed.small and "gzip" in request.headers.get("Accept-Encoding", "")
        response = HttpResponse(packed.small if small else packed.plain, content_type)
        if small:
            response["Content-Encoding"] = "gzip"
        if file_name:
            response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Accept-Encoding, Cookie"
    return response


def json_bytes(value: Any) -> bytes:
    """Return ``value`` as UTF-8 JSON; dates as ISO text, money as text."""
    return json.dumps(value, default=_plain, ensure_ascii=False, allow_nan=False).encode()


def _plain(value: Any) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in JSON")
