"""The floor under a time: what this machine could do at best, measured in the same run."""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np


@dataclass(frozen=True)
class Row:
    """One line of the printed table."""

    what: str
    took: float
    unit: str
    asked: float | None = None
    floor: float | None = None
    note: str = ""

    def __str__(self) -> str:
        asked = "" if self.asked is None else f"asked <= {self.asked:g} {self.unit}"
        floor = "" if not self.floor else f"{self.took / self.floor:,.1f} x floor"
        verdict = "" if self.asked is None else ("met" if self.took <= self.asked else "NOT MET")
        line = f"{self.what:<58}{self.took:>10.2f} {self.unit:<4}{asked:<20}{verdict:<9}"
        return f"{line}{floor:<18}{self.note}"


def timed(work: Callable[[], object], repeats: int = 1) -> float:
    """Return the shortest of ``repeats`` wall-clock times of ``work``, in seconds."""
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def peak_megabytes() -> float:
    """Return this process's peak resident memory so far, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 if sys.platform != "darwin" else peak / 1024**2


def memory_bandwidth() -> float:
    """Return bytes a second that one core copies (read and written bytes both counted)."""
    source = np.ones(32 * 1024 * 1024 // 8)
    target = np.empty_like(source)
    np.copyto(target, source)
    return 2 * source.nbytes / timed(lambda: np.copyto(target, source), repeats=5)


def disk_bandwidth(folder: Path, megabytes: int = 64) -> float:
    """Return bytes a second that this disk takes, written through to it."""
    block = os.urandom(1024 * 1024)

    def write() -> None:
        with NamedTemporaryFile(dir=folder) as file:
            for _ in range(megabytes):
                file.write(block)
            file.flush()
            os.fsync(file.fileno())

    return megabytes * 1024 * 1024 / timed(write, repeats=2)
