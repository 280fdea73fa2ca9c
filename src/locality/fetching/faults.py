"""What may go wrong on the way to a file, each as a sentence that says what to do."""

from __future__ import annotations

import errno
import http.client
import socket
import ssl
from collections.abc import Callable
from urllib.error import HTTPError, URLError

from locality.figures import Problem

_TRY_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
_NO_WAY = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN})
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC})

#: What to do when this computer cannot reach the publisher but a browser perhaps can.
BY_HAND = "A file that you download yourself does as well: locality ingest FILE."


class FetchError(Problem):
    """A file cannot be fetched; ``keep`` says whether what has come so far is still of use."""

    def __init__(self, sentence: str, *, keep: bool = False) -> None:
        super().__init__(sentence)
        self.keep = keep


class PassingFault(Exception):
    """Something that may be gone at the next try; ``wait`` is how long the server asked for."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait


def told(error: Exception, host: str, now: Callable[[], float]) -> FetchError | PassingFault:
    """Return what ``error``, met while asking ``host``, means: to be tried again, or the end."""
    if isinstance(error, (FetchError, PassingFault)):
        return error
    if isinstance(error, HTTPError):
        return _status(error, host, now)
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, ssl.SSLCertVerificationError):
        return FetchError(
            f"The certificate of {host} does not prove who it is ({reason.verify_message}), so "
            "nothing was fetched; Locality never goes on without that proof. Where your "
            "organisation reads its own traffic, ask it for its certificate file and name that "
            f"file in SSL_CERT_FILE. {BY_HAND}",
            keep=True,
        )
    if isinstance(reason, (TimeoutError, ConnectionError, http.client.HTTPException, EOFError)):
        if isinstance(reason, ConnectionRefusedError):
            return FetchError(
                f"{host} takes no connection. {_NETWORK} {BY_HAND}", keep=True
            )  # fmt: skip
        if isinstance(reason, http.client.InvalidURL):
            return FetchError(f"The address on {host} cannot be asked for: {reason}.")
        return PassingFault(f"the connection with {host} broke off ({_name(reason)})")
    if isinstance(reason, ssl.SSLEOFError):
        return PassingFault(f"the connection with {host} broke off ({_name(reason)})")
    if isinstance(reason, ssl.SSLError):
        return FetchError(
            f"No secure connection with {host} could be made ({reason.reason or reason}). "
            f"{BY_HAND}",
            keep=True,
        )
    if isinstance(reason, socket.gaierror) or getattr(reason, "errno", None) in _NO_WAY:
        return FetchError(f"{host} cannot be reached. {_NETWORK} {BY_HAND}", keep=True)
    if isinstance(reason, OSError) and "Tunnel connection failed" in str(reason):
        said = str(reason).rpartition("failed: ")[2]
        return FetchError(
            f"The proxy on the way to {host} would not let us through ({said}). Check "
            f"HTTPS_PROXY, with name and password if it asks for them. {BY_HAND}",
            keep=True,
        )
    return FetchError(f"{host} could not be asked: {reason}. {BY_HAND}", keep=True)


_NETWORK = (
    "Check that this computer is on the network; behind a proxy, set HTTPS_PROXY to its address."
)


def disk(error: OSError, folder: str) -> FetchError:
    """Return what the disk of ``folder`` refused, as a sentence."""
    if error.errno in _FULL:
        return FetchError(
            f"The disk of {folder} is full. Nothing of the file was kept. Make room, or name "
            "another folder with --into, and fetch again."
        )
    return FetchError(
        f"{folder} cannot be written to ({error.strerror or error}). Name another folder with "
        "--into.",
        keep=True,
    )


def _status(error: HTTPError, host: str, now: Callable[[], float]) -> FetchError | PassingFault:
    code = error.code
    if code in _TRY_LATER:
        wait = retry_after(error.headers.get("Retry-After", ""), now())
        return PassingFault(f"{host} answered {code} ({error.reason})", wait)
    if code in (404, 410):
        return FetchError(
            f"{host} has nothing at this address any more ({code}). The publisher may have moved "
            "it: look on its page."
        )
    if code in (401, 403, 405, 406, 451):
        return FetchError(
            f"{host} does not give this file to programs ({code}). Open its page in a browser. "
            f"{BY_HAND}"
        )
    if 300 <= code < 400:
        return FetchError(
            f"{host} sends us round in circles, or to an address that is not followed. Nothing was "
            f"fetched. {BY_HAND}"
        )
    if code == 407:
        return FetchError(
            f"The proxy on the way to {host} asks who you are. Put name and password in "
            f"HTTPS_PROXY. {BY_HAND}",
            keep=True,
        )
    return FetchError(f"{host} answered {code} ({error.reason}); no file came. {BY_HAND}")


def retry_after(said: str, now: float) -> float | None:
    """Return the seconds that a ``Retry-After`` header asks for, from ``now``; None if unsaid.

    It is a number of seconds or a date (RFC 9110, 10.2.3); anything else counts as unsaid.
    """
    said = said.strip()
    if said.isdigit():
        return float(said)
    from email.utils import parsedate_to_datetime

    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - now)
    except (TypeError, ValueError):
        return None


def _name(reason: object) -> str:
    return str(reason) or type(reason).__name__
