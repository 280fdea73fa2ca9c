"""Run as a process: fork a writer, kill it at a random moment, again and again; say what is left.

``python -m tests.records.killing HOME KILLS SEED``; the database is the one DATABASE_URL names.
One interpreter loads everything once and forks the writers from itself, so that a kill costs
milliseconds. Prints JSON.
"""

from __future__ import annotations

import json
import mmap
import os
import signal
import struct
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

#: How long a writer writes before it is killed, in seconds, evenly between.
LIVES = (0.005, 0.35)
#: After so many kills everything is looked at, and once more at the end.
LOOKED_AT = 50


class Shared:
    """A page of memory that outlives whoever is killed: within a change?, last event answered."""

    def __init__(self) -> None:
        self._page = mmap.mmap(-1, mmap.PAGESIZE)

    def within(self, inside: bool) -> None:
        self._page[0] = inside

    @property
    def is_within(self) -> bool:
        return bool(self._page[0])

    def answered(self, event: int) -> None:
        self._page[8:16] = struct.pack("<q", event)

    @property
    def last(self) -> int:
        return int(struct.unpack("<q", self._page[8:16])[0])


def write_until_killed(shared: Shared, log: int, seed: str) -> None:
    """Write at random for ever, noting what was answered with success."""
    from django.db import transaction

    from locality.records.models import Event
    from tests.records import random_writing

    enter, leave = transaction.Atomic.__enter__, transaction.Atomic.__exit__
    depth = 0

    def entered(self: Any) -> None:
        nonlocal depth
        depth += 1
        shared.within(True)
        enter(self)

    def left(self: Any, *error: Any) -> Any:
        nonlocal depth
        try:
            return leave(self, *error)
        finally:
            depth -= 1
            shared.within(depth > 0)

    transaction.Atomic.__enter__, transaction.Atomic.__exit__ = entered, left  # type: ignore[method-assign]
    r = Random(seed)
    while True:
        if name := random_writing.step(r):
            # Nobody else writes: what stands last is what this step was answered for.
            shared.answered(Event.objects.order_by("-id").values_list("pk", flat=True)[0])
            os.write(log, name.encode() + b"\n")


def main() -> None:
    home, kills, seed = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    from locality.records.setup import prepare

    prepare(home)
    from django.db import connections

    from locality.records.models import Event
    from tests.records import random_writing, wholeness
    from tests.records.everything import write_everything

    assert home.resolve() == random_writing.HOME.resolve()
    write_everything(home)
    connections.close_all()
    r, shared, began = Random(seed), Shared(), time.monotonic()
    file = home / "written.log"
    log = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    found: list[str] = []
    within = 0
    for number in range(1, kills + 1):
        shared.within(False)
        child = os.fork()
        if not child:
            try:
                write_until_killed(shared, log, f"{seed}-{number}")
            except BaseException as error:
                os.write(2, f"{type(error).__name__}: {error}\n".encode())
            os._exit(1)
        time.sleep(r.uniform(*LIVES))
        within += shared.is_within
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            found.append(f"writer {number} ended by itself")
        if not Event.objects.filter(pk=shared.last).exists() and shared.last:
            found.append(f"event {shared.last} was answered and is gone after kill {number}")
        if number % LOOKED_AT == 0 or number == kills:
            found += [f"after kill {number}: {sentence}" for sentence in wholeness.faults()]
        connections.close_all()
    wrote = Counter(file.read_text().split())
    print(json.dumps({
        "faults": found[:50],
        "within": within,
        "events": Event.objects.count(),
        "wrote": wrote,
        "never": sorted(set(random_writing.STEPS) - set(wrote)),
        "seconds": round(time.monotonic() - began, 1),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
