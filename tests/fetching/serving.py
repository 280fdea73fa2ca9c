"""A publisher's server on this computer, which does as each test tells it."""

from __future__ import annotations

import contextlib
import email.utils
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

Answer = Callable[["Asked"], None]


class Asked(BaseHTTPRequestHandler):
    """One request; ``server.answers`` says what is given, by path, one after the other."""

    protocol_version = "HTTP/1.1"
    server: _Listening

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers.items())))
        answers = self.server.answers.get(self.path)
        if answers is None:
            self.send_error(404)
        else:
            (answers.pop(0) if len(answers) > 1 else answers[0])(self)

    def do_CONNECT(self) -> None:
        self.server.asked.append((f"CONNECT {self.path}", dict(self.headers.items())))
        self.send_error(*self.server.tunnel)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def give(
        self, status: int, body: bytes = b"", *, cut: int | None = None, **headers: str
    ) -> None:
        """Send an answer; with ``cut``, break off after so many bytes of the body."""
        self.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            if value:
                self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body[:cut])
        self.wfile.flush()
        self.close_connection = True


class _Listening(ThreadingHTTPServer):
    daemon_threads = True
    answers: dict[str, list[Answer]]
    asked: list[tuple[str, dict[str, str]]]
    tunnel: tuple[int, str] = (407, "Proxy Authentication Required")

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that hang up."""


@dataclass
class Server:
    """The server as a test sees it: where it is, what to answer, what it was asked."""

    root: str
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def put(self, path: str, *answers: Answer) -> str:
        """Give ``answers`` in turn, the last for ever; return the address."""
        self.answers[path] = list(answers)
        return self.root + path


@contextlib.contextmanager
def serving(certificate: tuple[Path, Path] | None = None) -> Iterator[Server]:
    """Yield a server that listens; over TLS with a ``certificate`` (and its key) where given."""
    listening = _Listening(("127.0.0.1", 0), Asked)
    scheme = "http"
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        listening.socket = context.wrap_socket(listening.socket, server_side=True)
        scheme = "https"
    server = Server(f"{scheme}://localhost:{listening.server_address[1]}")
    listening.answers, listening.asked = server.answers, server.asked
    thread = threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()


def file(body: bytes, etag: str = "", modified: str = "", cut: int | None = None) -> Answer:
    """Return a file as a good server gives it: whole, from a place on, or unchanged."""

    def answer(asked: Asked) -> None:
        marks = {"ETag": etag, "Last_Modified": modified}
        if etag and asked.headers.get("If-None-Match") == etag:
            return asked.give(304, Content_Length="", **marks)
        if modified and not etag and asked.headers.get("If-Modified-Since") == modified:
            return asked.give(304, Content_Length="", **marks)
        span = asked.headers.get("Range", "")
        if span and asked.headers.get("If-Range") in (etag or None, modified or None):
            first = int(span.removeprefix("bytes=").removesuffix("-"))
            if first >= len(body):
                return asked.give(416)
            rest = body[first:]
            left = None if cut is None else max(0, cut - first)
            where = f"bytes {first}-{len(body) - 1}/{len(body)}"
            return asked.give(206, rest, cut=left, Content_Range=where, **marks)
        return asked.give(200, body, cut=cut, **marks)

    return answer


def says(status: int, body: bytes = b"", **headers: str) -> Answer:
    """Return a plain answer."""
    return lambda asked: asked.give(status, body, **headers)


def date_in(seconds: float, now: float) -> str:
    """Return a date as HTTP writes it."""
    return email.utils.formatdate(now + seconds, usegmt=True)
