"""The server: waitress behind whitenoise, on this computer; for others, behind a proxy."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import signal
import socket
import threading
import webbrowser
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

from locality.figures import Problem
from locality.web.processes import Crew

THREADS = 8
#: As many processes as are begun where nobody says how many.
MOST = 4
#: As many connections as may wait at the door while a process is begun.
WAITING = 1024
HOST = "127.0.0.1"


def serve(
    home: Path,
    port: int = 0,
    open_browser: bool = False,
    ready: Callable[[str], None] | None = None,
    address: str = "",
    bind: str = HOST,
    proxy: str = "",
    processes: int = 0,
) -> None:
    """Serve the pages of ``home`` until the process is told to stop (Ctrl+C, or TERM).

    ``port`` 0 takes a free one. ``ready`` is called once with the address when pages can be
    asked for. With ``address`` (https) they are open to others: see :func:`make`. ``processes``
    0 is one on SQLite, and on PostgreSQL one for each processor, four at most. Raises Problem
    when the home, the port or the address cannot be used.
    """
    home = Path(home)
    listening, trusted = _door(home, port, address, bind, proxy)
    reached = address.rstrip("/") or f"http://{HOST}:{listening.getsockname()[1]}"

    def begun() -> None:
        if ready is not None:
            ready(reached)
        if open_browser:
            # A computer without a browser has the address on its terminal.
            with contextlib.suppress(webbrowser.Error, OSError):
                webbrowser.open(reached)

    # Only now: it needs the settings that the door has made ready.
    from locality.records.turns import kept_by

    many = processes or suitable(kept_by())
    if many == 1:
        _run(_server(listening, trusted), home, begun)
        return
    listening.listen(WAITING)  # who comes before the first of them is ready waits at the door
    crew = Crew(many, _one_of_many, home, listening, address, bind, proxy)
    with _until_told(crew):
        begun()
        crew.watch()


def make(home: Path, port: int = 0, address: str = "", bind: str = HOST, proxy: str = "") -> Any:
    """Return a waitress server for ``home``; ``run()`` serves. Its port is ``effective_port``.

    Without an ``address`` it is bound to 127.0.0.1 and answers to this computer's names alone.
    With one it answers to that name alone, and only where people sign in. ``bind`` is where it
    listens; ``proxy`` is the address of the one proxy whose word is taken for https and for who
    asks (127.0.0.1 where it listens there). Raises Problem.
    """
    return _server(*_door(home, port, address, bind, proxy))


def _door(
    home: Path,
    port: int,
    address: str,
    bind: str,
    proxy: str,
    listening: socket.socket | None = None,
) -> tuple[socket.socket, dict[str, Any]]:
    """Return the socket to listen on, a new one unless given, and whose word is taken at it."""
    from locality.records.setup import prepare

    named = address or os.environ.get("LOCALITY_ADDRESS", "")
    prepare(home)
    _open_to(home, named, bind)
    trusted = _trusted(bind, proxy) if named else {}
    return listening or _listening(bind, port), trusted


def _server(listening: socket.socket, trusted: Mapping[str, Any]) -> Any:
    from django.core.wsgi import get_wsgi_application
    from waitress import create_server

    return create_server(
        get_wsgi_application(), sockets=[listening], threads=THREADS, ident="Locality", **trusted
    )


def _run(server: Any, home: Path, begun: Callable[[], None] = lambda: None) -> None:
    warming = threading.Thread(target=_warm, args=(home,))
    with _until_told(server):
        warming.start()
        begun()
        server.run()


def _one_of_many(home: Path, listening: socket.socket, address: str, bind: str, proxy: str) -> None:
    _run(_server(*_door(home, 0, address, bind, proxy, listening)), home)


def suitable(database: str) -> int:
    """Return how many processes suit: SQLite has one writer, PostgreSQL as many as there are."""
    return min(os.cpu_count() or 1, MOST) if database == "postgresql" else 1


def _open_to(home: Path, address: str, bind: str) -> None:
    """Put the settings to ``address``; refuse one, and any wider door, while nobody signs in."""
    from django.conf import settings

    from locality.records.actions.sign_in import settle
    from locality.web.reached import settings_for

    reached = settings_for(address)
    if not settle(home):
        if address or not _loopback(bind):
            raise Problem(
                "Sign-in is off, so these pages are for this computer alone. Turn it on with "
                "'locality sign-in on', then serve them to others."
            )
    elif not address and not _loopback(bind):
        raise Problem(
            "Say by what address others reach these pages: "
            "--address https://locality.example.nhs.uk."
        )
    for name, value in reached.items():
        setattr(settings, name, value)


def _trusted(bind: str, proxy: str) -> dict[str, Any]:
    """Return what waitress is told of the proxy; what others say of https is struck out."""
    if not proxy and not _loopback(bind):
        raise Problem(
            f"Listening on {bind}, others could pass for the proxy. Say which address it has: "
            "--proxy 10.0.0.2."
        )
    try:
        trusted = str(ipaddress.ip_address(proxy or HOST))
    except ValueError:
        raise Problem(f"{proxy[:60]!r} is not the address of a proxy, such as 10.0.0.2.") from None
    return {
        "trusted_proxy": trusted,
        "trusted_proxy_count": 1,
        "trusted_proxy_headers": {"x-forwarded-proto", "x-forwarded-for"},
        "clear_untrusted_proxy_headers": True,
    }


def _loopback(bind: str) -> bool:
    if bind == "localhost":
        return True
    try:
        return ipaddress.ip_address(bind).is_loopback
    except ValueError:
        raise Problem(f"{bind[:60]!r} is not an address to listen on, such as {HOST}.") from None


def _listening(bind: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((bind, port))
    except (OSError, OverflowError) as error:
        listening.close()
        why = getattr(error, "strerror", None) or "there is no such port"
        raise Problem(
            f"Port {port} on this computer is taken or not allowed ({why}). Choose "
            "another with --port, or leave it out to take a free one."
        ) from error
    return listening


@contextlib.contextmanager
def _until_told(server: Any) -> Iterator[None]:
    """Close ``server``, or a crew of them, when the process is told to stop.

    Being told twice changes nothing.
    """
    told = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        told.set()
        for one in before:
            signal.signal(one, signal.SIG_IGN)
        raise SystemExit(0)

    before: dict[signal.Signals, Any] = {}
    if threading.current_thread() is threading.main_thread():
        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with contextlib.suppress(SystemExit):
            yield
    finally:
        server.close()
        if not told.is_set():
            for number, handler in before.items():
                signal.signal(number, handler)


def _warm(home: Path) -> None:
    """Make the drawing program and load what draws, so that no reader waits for them."""
    from locality.render.pictures.bundle import javascript

    with contextlib.suppress(OSError):
        javascript(home / "generated")
    import altair  # noqa: F401 - loading it is the purpose
