"""By what name these pages are reached: this computer's own, or one address behind https.

Everything that follows from it stands here: which hosts are answered, which cookies travel, whose
word is taken for https. Read by the settings, and by ``locality serve --address``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from locality.figures import Problem

#: The variable that names the address; empty is this computer alone.
VARIABLE = "LOCALITY_ADDRESS"
LOCAL = ("127.0.0.1", "localhost", "[::1]")
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_YEAR = 365 * 24 * 60 * 60


@dataclass(frozen=True)
class Address:
    """An address as it was named: ``url`` without its last slash, its host alone, https or not."""

    url: str
    host: str
    secure: bool

    @property
    def local(self) -> bool:
        """Return whether it is this computer's own."""
        return self.host in LOCAL


def read_address(text: str) -> Address:
    """Return the address in ``text``, such as ``https://locality.example.nhs.uk``.

    Raises Problem with a sentence, for plain http to another computer too.
    """
    shape = "Write it as https://locality.example.nhs.uk: https, a name, and nothing after it."
    try:
        parts = urlsplit(text.strip())
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise Problem(f"{text[:80]!r} is not an address. {shape}") from None
    host = f"[{host}]" if ":" in host else host
    odd = parts.username or parts.password or parts.query or parts.fragment
    if parts.scheme not in ("http", "https") or odd or parts.path not in ("", "/"):
        raise Problem(f"{text[:80]!r} is not an address to serve at. {shape}")
    if host not in LOCAL and not _HOST.fullmatch(host):
        raise Problem(f"{host[:80]!r} is not the name of one host. {shape}")
    secure = parts.scheme == "https"
    if not secure and host not in LOCAL:
        raise Problem(
            f"Passwords and cookies would travel to {host} for everybody to read. Serve it as "
            "https, through a proxy that holds the certificate."
        )
    shown = f"{parts.scheme}://{host}" + (f":{port}" if port else "")
    return Address(shown, host, secure)


def settings_for(address: str) -> dict[str, Any]:
    """Return Django's settings for an address; for an empty one, for this computer alone.

    Raises Problem.
    """
    there = read_address(address) if address else None
    secure = there is not None and there.secure
    return {
        "LOCALITY_ADDRESS": there.url if there else "",
        "ALLOWED_HOSTS": [there.host] if there and not there.local else list(LOCAL),
        # Which requests came by https is said by the server, from the one proxy that it trusts:
        # no header is believed here.
        "SECURE_PROXY_SSL_HEADER": None,
        "SECURE_SSL_REDIRECT": secure,
        "SECURE_SSL_HOST": there.url.partition("://")[2] if there and secure else None,
        "SECURE_HSTS_SECONDS": _YEAR if secure else 0,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": False,
        "SESSION_COOKIE_SECURE": secure,
        "CSRF_COOKIE_SECURE": secure,
        "SESSION_COOKIE_NAME": "__Host-locality_session" if secure else "locality_session",
        "CSRF_COOKIE_NAME": "__Host-locality_csrf" if secure else "locality_csrf",
        "USE_X_FORWARDED_HOST": False,
        "USE_X_FORWARDED_PORT": False,
    }
