"""Several servers at one door: each a process of its own, and whichever is free answers.

Python runs one thread of a process at a time, so that a second processor is used by a second
process only. They share the records, the lake and the socket, and nothing else.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from typing import Any

#: Seconds before one that died is begun again, and that one has to end when it is told to.
AGAIN = 1.0
ENDING = 20.0


class Crew:
    """Processes that do the same ``work`` (a function of a module) with the same arguments."""

    def __init__(self, many: int, work: Callable[..., None], *arguments: Any) -> None:
        self._work, self._arguments = work, arguments
        # Begun afresh, not forked: a copy of open files, locks and native threads is none.
        self._context = multiprocessing.get_context("spawn")
        self._running = [self._begin() for _ in range(many)]

    def watch(self) -> None:
        """Wait for ever; one that dies is begun again."""
        while True:
            wait([one.sentinel for one in self._running])
            time.sleep(AGAIN)
            self._running = [one if one.is_alive() else self._begin() for one in self._running]

    def close(self) -> None:
        """Tell all of them to stop, and wait until they have."""
        for one in self._running:
            one.terminate()
        until = time.monotonic() + ENDING
        for one in self._running:
            one.join(max(0.0, until - time.monotonic()))
            if one.is_alive():
                one.kill()
                one.join()

    def _begin(self) -> BaseProcess:
        one = self._context.Process(target=_run, args=(self._work, self._arguments), daemon=True)
        one.start()
        return one


def _run(work: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    work(*arguments)
    sys.stdout.flush()
    sys.stderr.flush()
    # As at the end of ``locality serve``: native threads of what draws cannot be unwound.
    os._exit(0)


def _leave_with_parent() -> None:
    """Stop when who began this process is gone, even without having told it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
