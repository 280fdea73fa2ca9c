"""The workbench: where the data meet the loop. Read the whole loop here.

    here = locality.open(home)

    here.know      who the organisations are and were, their lists, ages, need, fair shares
    here.measure   each measure's value with interval and comparator; trends; its working
    here.data      what is loaded, how old it is, what was set aside, whom to thank

The rooms still to come carry the loop on, in the same manner:

    here.propose   gaps and proposals: start, grow, shrink, redesign or stop a service
    here.appraise  prices, budget effect, stranded cost, risk, skill mix
    here.decide    conflicts, quorum, reasons, decisions
    here.contract  specifications, requirements, notices and clocks
    here.learn     the recorded prediction, tested on the series that made the case

Each room here is a module of the same name as the room of the loop it calls. Its functions
load from one lake version, call a pure function, and return a Figure, a Statement or a Table.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from locality.figures import Problem
from locality.home import home_folder

if TYPE_CHECKING:
    from locality.knowledge import Knowledge
    from locality.store import Version
    from locality.workbench.data import Data
    from locality.workbench.know import Know
    from locality.workbench.measure import Measure


class NothingLoaded(Problem):
    """There is no lake version yet; the sentence says which two commands make one."""


#: Whose being the reader would change an answer that is in the making; "*" is anybody's.
_LOOKED: ContextVar[set[str] | None] = ContextVar("looked", default=None)


def look(codes: Iterable[str]) -> None:
    """Note that what is in the making would be another for these readers."""
    looked = _LOOKED.get()
    if looked is not None:
        looked.update(codes)


@contextmanager
def noting() -> Iterator[set[str]]:
    """Give a set of the readers for whom what is worked out meanwhile would be another."""
    mine: set[str] = set()
    token = _LOOKED.set(mine)
    try:
        yield mine
    finally:
        _LOOKED.reset(token)


@dataclass(frozen=True)
class Workbench:
    """One reader's view of one lake version.

    ``reader`` is the practice that reads, or None: a practice sees its own small local counts
    exactly, everyone else sees them through the release gate.
    """

    home: Path
    version: Version
    knowledge: Knowledge
    reader: str | None = None

    def reads(self, code: str) -> bool:
        """Return whether ``code`` is the practice that reads; that it was asked is noted."""
        look((code,))
        return code == self.reader

    def reader_among(self, codes: Collection[str] | str | None) -> str | None:
        """Return the practice that reads if it is one of ``codes`` (None: all), and note these."""
        asked = ("*",) if codes is None else (codes,) if isinstance(codes, str) else tuple(codes)
        look(asked)
        return self.reader if "*" in asked or self.reader in asked else None

    @cached_property
    def know(self) -> Know:
        """Return the room of organisations, lists and need."""
        from locality.workbench.know import Know

        return Know(self)

    @cached_property
    def measure(self) -> Measure:
        """Return the room of measures."""
        from locality.workbench.measure import Measure

        return Measure(self)

    @cached_property
    def data(self) -> Data:
        """Return the room of files and versions."""
        from locality.workbench.data import Data

        return Data(self)


def open_workbench(home: Path | str | None = None, *, reader: str | None = None) -> Workbench:
    """Return the workbench over the lake in ``home`` (by default the user's data folder).

    It reads the version that is current now, and goes on reading that one while a refresh swaps
    in the next. Raises NothingLoaded where no refresh has been made.
    """
    from locality.knowledge import load
    from locality.store import Lake

    folder = home_folder(home)
    version = Lake(folder).current()
    if version is None:
        raise NothingLoaded(
            f"There are no figures in {folder} yet. Read files with 'locality ingest FOLDER', "
            "then build with 'locality refresh'; or see a made-up locality with 'locality demo'."
        )
    return Workbench(home=folder, version=version, knowledge=load(folder), reader=reader)
