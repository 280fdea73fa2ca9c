"""The one place where pages open the workbench, and keep what it has already worked out.

A request reads one data version from beginning to end. What has been worked out is kept by
(data version, reader, arguments) and forgotten when a refresh swaps in the next version.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest

from locality.figures import Table
from locality.knowledge.entered import NAME
from locality.workbench import Workbench, look, noting, open_workbench

T = TypeVar("T")

#: How much is kept, in bytes as far as they are known, before the oldest is let go.
ROOM = 256_000_000
_ORGANISATION = "organisation"


class Kept:
    """Answers already worked out: the least recently used go first when room runs out.

    Two requests that want the same answer at once work it out once; the other waits.
    """

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._used = 0
        self._lock = threading.Lock()
        self._answers: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}

    def get(
        self,
        asked: Hashable,
        make: Callable[[], T],
        *,
        version: str = "",
        reader: str | None = None,
    ) -> T:
        """Return the answer to what is ``asked``, made now if it is not kept. Errors are not kept.

        An answer is kept for everybody for whom it is the same; those for whom it is not (their
        own small counts are in it) have one each.
        """
        with self._lock:
            found = self._found(version, reader, asked)
            if found is None:
                turn = self._making.setdefault((version, asked), threading.Lock())
        answer, looked = (
            found if found is not None else self._made(turn, version, reader, asked, make)
        )
        # Whatever is in the making around this one depends on what this one depends on.
        look(looked)
        return answer

    def _made(
        self,
        turn: threading.Lock,
        version: str,
        reader: str | None,
        asked: Hashable,
        make: Callable[[], T],
    ) -> tuple[T, frozenset[str]]:
        with turn:
            with self._lock:
                found = self._found(version, reader, asked)
            if found is not None:
                return found
            try:
                with noting() as noted:
                    answer = make()
                looked = frozenset(noted)
                whose = reader if _differs(looked, reader) else None
                self._keep((version, whose, asked), (answer, looked))
            finally:
                with self._lock:
                    self._making.pop((version, asked), None)
        return answer, looked

    def _found(
        self, version: str, reader: str | None, asked: Hashable
    ) -> tuple[Any, frozenset[str]] | None:
        for whose in (None, reader):
            key = (version, whose, asked)
            held = self._answers.get(key)
            if held is not None and (whose is not None or not _differs(held[0][1], reader)):
                self._answers.move_to_end(key)
                return held[0]
        return None

    def _keep(self, key: Hashable, answer: Any) -> None:
        size = weight(answer[0])
        with self._lock:
            self._answers[key] = (answer, size)
            self._used += size
            while self._used > self._room and len(self._answers) > 1:
                _, (_, freed) = self._answers.popitem(last=False)
                self._used -= freed

    def __len__(self) -> int:
        return len(self._answers)


def _differs(looked: frozenset[str], reader: str | None) -> bool:
    return reader is not None and (reader in looked or "*" in looked)


def weight(answer: Any) -> int:
    """Return about how many bytes ``answer`` takes."""
    if isinstance(answer, Table):
        return int(answer.data.nbytes) + 1_000
    if isinstance(answer, (bytes, str)):
        return len(answer) + 100
    if isinstance(answer, (tuple, list)):
        return 100 + sum(weight(part) for part in answer)
    return int(getattr(answer, "weight", 2_000))


@dataclass(frozen=True)
class Here:
    """One request's view: the workbench over one version, and what is kept for it."""

    workbench: Workbench
    whose: str | None
    answers: Kept = field(repr=False)

    @property
    def reader(self) -> str | None:
        """Return the practice that reads, or None; an answer that asks is kept for it alone."""
        look(("*",))
        return self.whose

    @property
    def version(self) -> str:
        """Return the id of the data version."""
        return str(self.workbench.version.id)

    def ask(self, question: Callable[..., T], *arguments: Hashable) -> T:
        """Return ``question(*arguments)``, a room's own function, asked once for this version."""
        return self._shared((question.__qualname__, arguments), lambda: question(*arguments))

    def work(self, function: Callable[..., T], *arguments: Hashable) -> T:
        """Return ``function(here, *arguments)``, worked out once for this version and reader."""
        key = (function.__module__, function.__qualname__, arguments)
        return self._shared(key, lambda: function(self, *arguments))

    def _shared(self, asked: Hashable, make: Callable[[], T]) -> T:
        return self.answers.get(asked, make, version=self.version, reader=self.whose)

    def __getattr__(self, room: str) -> Any:
        # know, measure, data and knowledge: the workbench's own, under their own names.
        return getattr(self.workbench, room)


class House:
    """The home this server reads, and the workbenches open over its current version."""

    def __init__(self, open_one: Callable[..., Workbench] = open_workbench) -> None:
        self._open = open_one
        self._lock = threading.Lock()
        self._pointer: tuple[Path, str, int] | None = None
        self._open_now: dict[str | None, Here] = {}
        self._answers = Kept()

    def enter(self, home: Path, reader: str | None) -> Here:
        """Return the view of the version that is current now; raises NothingLoaded."""
        pointer = (home, _current(home), _entered(home))
        with self._lock:
            if pointer != self._pointer:
                self._pointer, self._open_now, self._answers = pointer, {}, Kept()
            if None not in self._open_now:
                self._open_now[None] = Here(self._open(home), None, self._answers)
            plain = self._open_now[None]
            # Only small counts that a locality supplied itself look different to their owner.
            if reader is None or not plain.work(has_local_counts):
                return plain
            if reader not in self._open_now:
                bench = Workbench(
                    home=plain.workbench.home,
                    version=plain.workbench.version,
                    knowledge=plain.workbench.knowledge,
                    reader=reader,
                )
                self._open_now[reader] = Here(bench, reader, self._answers)
            return self._open_now[reader]


def has_local_counts(here: Here) -> bool:
    """Return whether any file in use was supplied by the locality itself."""
    return any(row["local"] for row in here.data.lineage().rows if row["state"] == "in use")


def _current(home: Path) -> str:
    try:
        return (home / "lake" / "current").read_text("utf-8").strip()
    except OSError:
        return ""


def _entered(home: Path) -> int:
    """Return when rules were last entered here; 0 where none were."""
    try:
        return (home / "knowledge" / "rules" / NAME).stat().st_mtime_ns
    except OSError:
        return 0


HOUSE = House()


def here(request: HttpRequest) -> Here:
    """Return this request's view of the data, the same one each time it asks."""
    found: Here | None = getattr(request, "locality_here", None)
    if found is None:
        from locality.web import acting

        mine, own = my_organisation(request), acting.organisations(request)
        # Once people sign in, small counts are shown to those who act for the practice alone.
        allowed = mine is not None and (own is None or mine["code"] in own)
        reader = mine["code"] if mine and allowed and mine["kind"] == "practice" else None
        found = HOUSE.enter(Path(settings.LOCALITY_HOME), reader)
        request.locality_here = found
    return found


def my_organisation(request: HttpRequest) -> dict[str, str] | None:
    """Return the organisation this reader chose as their own (code, kind, name), or None."""
    session = getattr(request, "session", None)
    found = session.get(_ORGANISATION) if session is not None else None
    return found if isinstance(found, dict) and {"code", "kind", "name"} <= set(found) else None


def remember(request: HttpRequest, organisation: dict[str, Any] | None) -> None:
    """Keep ``organisation`` (a row of ORGANISATIONS) as the reader's own; None forgets it."""
    if organisation is None:
        request.session.pop(_ORGANISATION, None)
    else:
        request.session[_ORGANISATION] = {
            name: str(organisation[name]) for name in ("code", "kind", "name")
        }


def context(request: HttpRequest) -> dict[str, Any]:
    """Return what every template may use: whose page it is, what they may do, the data version."""
    from locality.web import acting, visiting

    found: Here | None = getattr(request, "locality_here", None)
    return {
        "mine": my_organisation(request),
        "here": found,
        "me": acting.person(request),
        "signed_in": getattr(request, "account", None) is not None,
        "sign_in_possible": visiting.possible(request),
        "may": partial(acting.may, request),
    }
