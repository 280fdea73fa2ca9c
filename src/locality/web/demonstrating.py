"""Whether this is the demonstration, in which made-up people sign in with one press of a button."""

from __future__ import annotations

import os

from django.conf import settings
from django.http import HttpRequest

#: Set by ``locality demo`` for its own process, and by nothing else.
VARIABLE = "LOCALITY_DEMONSTRATION"
_HERE = ("127.0.0.1", "localhost", "[::1]")
_THIS_COMPUTER = ("127.0.0.1", "::1")
#: What a proxy says of whom it asks for.
_PASSED_ON = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded")


def demonstrating(request: HttpRequest) -> bool:
    """Return whether this request is to the demonstration, from the computer that shows it.

    Asked for by another name, from another computer, through a proxy, or with an address of its
    own, the variable means nothing.
    """
    if os.environ.get(VARIABLE) != "1" or settings.LOCALITY_ADDRESS:
        return False
    if any(name in request.headers for name in _PASSED_ON):
        return False
    host = request.get_host()
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    return name in _HERE and request.META.get("REMOTE_ADDR") in _THIS_COMPUTER
