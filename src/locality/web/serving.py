"""The server: waitress behind whitenoise, on this computer only."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import webbrowser
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from locality.figures import Problem

THREADS = 8
HOST = "127.0.0.1"


def serve(
    home: Path,
    port: int = 0,
    open_browser: bool = False,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve the pages of ``home`` until the process is told to stop (Ctrl+C, or TERM).

    ``port`` 0 takes a free one. ``ready`` is called once with the address when pages can be
    asked for. Raises Problem when the home or the port cannot be used.
    """
    server = make(home, port)
    address = f"http://{HOST}:{server.effective_port}"
    warming = threading.Thread(target=_warm, args=(Path(home),))
    with _until_told(server):
        warming.start()
        if ready is not None:
            ready(address)
        if open_browser:
            # A computer without a browser has the address on its terminal.
            with contextlib.suppress(webbrowser.Error, OSError):
                webbrowser.open(address)
        server.run()


def make(home: Path, port: int = 0) -> Any:
    """Return a waitress server for ``home``, bound to 127.0.0.1; ``run()`` serves.

    Its port is ``effective_port``. Raises Problem.
    """
    from locality.records.setup import prepare

    prepare(home)
    from django.core.wsgi import get_wsgi_application
    from waitress import create_server

    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
    except (OSError, OverflowError) as error:
        listening.close()
        why = getattr(error, "strerror", None) or "there is no such port"
        raise Problem(
            f"Port {port} on this computer is taken or not allowed ({why}). Choose "
            "another with --port, or leave it out to take a free one."
        ) from error
    return create_server(
        get_wsgi_application(), sockets=[listening], threads=THREADS, ident="Locality"
    )


@contextlib.contextmanager
def _until_told(server: Any) -> Iterator[None]:
    """Close ``server`` when the process is told to stop; being told twice changes nothing."""
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
