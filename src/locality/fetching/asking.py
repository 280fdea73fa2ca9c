"""Asking a publisher's server: politely, over proven connections only, and not for ever.

One request at a time with a pause between, a name that says who asks, patience as long as the
server asks for up to a limit, and then a sentence. Every way to a file passes through here, so
there is one place where an address is judged: https, or this computer itself (for tests).
Certificates are always checked, against the system's own list or the one in ``SSL_CERT_FILE``;
there is nothing that turns it off. Proxies come from the environment, as everywhere.
"""

from __future__ import annotations

import ipaddress
import platform
import ssl
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import IO, Any, TypeVar
from urllib.error import HTTPError
from urllib.parse import urlsplit

from locality._version import __version__
from locality.fetching.faults import FetchError, PassingFault, told

T = TypeVar("T")

_LONG = 20  # times that a slow file may break off, when each try brings some of it
_LARGEST_LIST = 50_000_000  # bytes: far above any catalogue's answer


@dataclass(frozen=True)
class Manners:
    """How politely to ask; times in seconds. ``contact`` is a page or address of who asks."""

    contact: str = ""
    tries: int = 4
    between: float = 1.0
    longest_wait: float = 120.0
    patience: float = 60.0
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.time

    @property
    def name(self) -> str:
        """Return what the server is told about who asks; FetchError if it cannot be sent."""
        contact = self.contact.strip()
        if not contact.isprintable() or not contact.isascii() or set(contact) & set("()"):
            raise FetchError(
                "LOCALITY_CONTACT should be a page or an e-mail address in plain letters."
            )
        who = f"+{contact}; " if contact else ""
        return f"Locality/{__version__} ({who}Python {platform.python_version()})"


@dataclass
class Visitor:
    """Who asks: remembers when it last did, so as to pause before it does again."""

    manners: Manners = field(default_factory=Manners)
    _last: float | None = None

    @contextmanager
    def ask(self, address: str, headers: Mapping[str, str] | None = None) -> Iterator[HTTPResponse]:
        """Yield the answer to one GET; 304 and 416 are answers too.

        Raises FetchError, or PassingFault where another try may do.
        """
        judged(address)
        self._pause()
        host = urlsplit(address).hostname or address
        request = urllib.request.Request(  # the address was judged above
            address,
            headers={
                "User-Agent": self.manners.name,
                "Accept-Encoding": "identity",
                **(headers or {}),
            },
        )
        try:
            with _answer(request, self.manners.patience) as answer:
                yield answer
        except (OSError, EOFError, HTTPException) as error:
            raise told(error, host, self.manners.now) from None
        finally:
            self._last = self.manners.now()

    def persist(self, attempt: Callable[[], T], came: Callable[[], int] = lambda: 0) -> T:
        """Return what ``attempt`` gives, tried again after each PassingFault; then FetchError.

        ``came`` tells how many bytes have come so far: while each try brings more, it goes on.
        """
        manners, failed, before = self.manners, 0, came()
        for number in range(_LONG):
            try:
                return attempt()
            except PassingFault as fault:
                failed = 1 if came() > before else failed + 1
                before = came()
                wait = fault.wait if fault.wait is not None else float(2**failed)
                if wait > manners.longest_wait:
                    raise FetchError(
                        f"{_opening(fault)} and asks us to come back in {_in_words(wait)}. "
                        "Fetch again then.",
                        keep=True,
                    ) from None
                if failed >= manners.tries or number == _LONG - 1:
                    raise FetchError(
                        f"{_opening(fault)}, {number + 1} times. Fetch again later: "
                        "if a part has come, it goes on from there.",
                        keep=True,
                    ) from None
                manners.sleep(wait)
        raise AssertionError("the loop above returns or raises")

    def json(self, address: str) -> Any:
        """Return the JSON at ``address``; FetchError where it is none."""
        import json

        def attempt() -> bytes:
            with self.ask(address) as answer:
                content = answer.read(_LARGEST_LIST + 1)
                expected = answer.headers.get("Content-Length", "")
                if expected.isdigit() and len(content) < min(int(expected), _LARGEST_LIST):
                    raise PassingFault("the catalogue's answer broke off")
                return content

        content = self.persist(attempt)
        try:
            return json.loads(content[:_LARGEST_LIST])
        except ValueError:
            host = urlsplit(address).hostname
            raise FetchError(
                f"The catalogue of {host} gave something that is no list. Try again later, or "
                "open its page in a browser."
            ) from None

    def _pause(self) -> None:
        if self._last is not None:
            left = self.manners.between - (self.manners.now() - self._last)
            if left > 0:
                self.manners.sleep(min(left, self.manners.between))


def judged(address: str, came_from: str = "") -> None:
    """Raise FetchError unless ``address`` may be asked: https, or this computer from itself."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if not host or parts.username is not None or parts.password is not None:
        raise FetchError(f"{address} is not an address that a file can be fetched from.")
    if parts.scheme == "https" and not (came_from and is_here(host)):
        return
    from_here = not came_from or is_here(urlsplit(came_from).hostname or "")
    if parts.scheme in ("http", "https") and is_here(host) and from_here:
        return
    sent = f"{urlsplit(came_from).hostname} sent us on to" if came_from else "It lies at"
    raise FetchError(
        f"{sent} {parts.scheme}://{host}, which does not keep what is sent from being changed on "
        "the way. Nothing was fetched: only https will do."
    )


def is_here(host: str) -> bool:
    """Return whether ``host`` is this computer itself."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _Onward(urllib.request.HTTPRedirectHandler):
    """Follows a server that sends us on, where the new address passes the same judgement."""

    max_redirections = 5

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        fp.close()
        judged(newurl, came_from=req.full_url)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _Judged(urllib.request.HTTPErrorProcessor):
    """Takes 304 and 416 as answers; leaves every other complaint to be raised."""

    def http_response(self, request: urllib.request.Request, response: Any) -> Any:
        if response.status in (304, 416):
            return response
        return super().http_response(request, response)

    https_response = http_response


@contextmanager
def _answer(request: urllib.request.Request, patience: float) -> Iterator[HTTPResponse]:
    # Built by hand: the usual opener would also follow file: and ftp: addresses.
    opener = urllib.request.OpenerDirector()
    here = is_here(urlsplit(request.full_url).hostname or "")
    for handler in (
        urllib.request.ProxyHandler({} if here else None),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=ssl.create_default_context()),
        urllib.request.HTTPDefaultErrorHandler(),
        _Onward(),
        _Judged(),
    ):
        opener.add_handler(handler)
    try:
        answer = opener.open(request, timeout=patience)
    except HTTPError as error:
        error.close()
        raise
    with answer:
        yield answer


def _opening(fault: PassingFault) -> str:
    words = str(fault)
    return f"T{words[1:]}" if words.startswith("the ") else words  # a host keeps its letters


def _in_words(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    if seconds < 5400:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.0f} hours"
