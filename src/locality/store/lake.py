"""The lake: documents in, versions out, one of them current."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from locality.figures.schemas import SOURCE_TABLES
from locality.sources.large_files import WHOLE, is_large
from locality.sources.reading import Document, Known, NotRecognised, Reading, Refused, Unopened
from locality.store import documents, holdings, large
from locality.store.disk import Disk, LakeError, unheld
from locality.store.drafts import Draft
from locality.store.holdings import HeldReading, Holdings, Published
from locality.store.large import LargeFile
from locality.store.queries import count_again
from locality.store.reports import IngestReport, Outcome
from locality.store.versions import MANIFEST, Version

Opened = Document | Unopened
Progress = Callable[[str, int, int], None]

_KEPT = 3


def _now() -> datetime:
    return datetime.now(UTC)


class Lake:
    """The folder ``home/lake``: documents as they came, and versions made from them.

    ``open_documents``, ``read`` and ``publications`` are the readers and the knowledge of
    publications; by default those of :mod:`locality.sources` and :mod:`locality.knowledge`.
    A file that opens out to more than ``whole`` bytes is read in pieces.
    """

    def __init__(
        self,
        home: Path,
        *,
        disk: Disk | None = None,
        open_documents: Callable[[Path], Iterable[Opened]] | None = None,
        read: Callable[[Document], tuple[Reading, ...]] | None = None,
        publications: Mapping[str, Published] | None = None,
        whole: int = WHOLE.opened,
    ) -> None:
        self.home = home
        self.whole = whole
        self.folder = home / "lake"
        self._disk = disk or Disk()
        self._open, self._read, self._publications = open_documents, read, publications

    def holdings(self) -> Holdings:
        """Return the readings of every document held, oldest first."""
        return holdings.holdings(self.folder / "documents")

    def content(self, sha256: str) -> bytes:
        """Return the bytes of a document held; LakeError where it is not."""
        return documents.content(self.folder / "documents", sha256)

    def read_again(self, sha256: str) -> tuple[Reading, ...]:
        """Return what a document held gives when its bytes are read afresh; nothing is stored.

        Raises LakeError where it is not held, and Refused or NotRecognised as its reader does.
        """
        place = self.folder / "documents" / sha256
        if is_large(place / "document.gz", self.whole):
            return (large.rows_again(place, self._first(sha256)),)
        content = self.content(sha256)
        first = self._first(sha256)
        _, read, _ = self._readers()
        return read(Document(first.file_name, content, first.came_in))

    def counts_again(self, sha256: str, name: str) -> pa.Table:
        """Return the table of counts ``name`` of a document held, from its bytes read afresh.

        Its columns are those of ``name``, over all that the document holds. Raises as
        :meth:`read_again` does.
        """
        place = self.folder / "documents" / sha256
        if is_large(place / "document.gz", self.whole):
            return large.counts_again(place, self._first(sha256), name)
        rows = SOURCE_TABLES[name].counted_from
        readings = self.read_again(sha256)
        return pa.concat_tables(
            count_again(name, one.tables[rows]) for one in readings if rows in one.tables
        )

    def _first(self, sha256: str) -> HeldReading:
        return next(held for held in self.holdings().readings if held.sha256 == sha256)

    def ingest(
        self,
        paths: Iterable[Path],
        progress: Progress | None = None,
        clock: Callable[[], datetime] = _now,
    ) -> IngestReport:
        """Take in files and folders, and return what became of each document in them.

        A document is kept whole or not at all; a refused one leaves no trace; the rest of the
        batch goes on. ``progress`` is called with what is being read, how many files came before
        it, and 0, since how many will come is not known.
        Raises LakeError if the lake itself cannot be read or written.
        """
        opened, read, publications = self._readers(clock().date())
        folder, drafts = self.folder / "documents", self.folder / "drafts" / "documents"
        outcomes: list[Outcome] = []
        with self._disk.lock(self.folder / "documents.lock", None, ""):
            self._disk.remove(drafts)
            self._disk.make_folder(folder)
            self._disk.make_folder(drafts)
            held = self.holdings()
            count = 0
            for path in paths:
                for document in large.offered(path, opened, self.whole):
                    if isinstance(document, Unopened):
                        outcomes.append(Outcome.unopened(document))
                        continue
                    if progress is not None:
                        progress(f"Reading {document.name}", count, 0)
                    count += 1
                    found, held = self._take_in(
                        document, held, read, publications, folder, drafts, clock
                    )
                    outcomes.extend(found)
        return IngestReport(tuple(outcomes))

    def _take_in(
        self,
        document: Document | LargeFile,
        held: Holdings,
        read: Callable[[Document], tuple[Reading, ...]],
        publications: Mapping[str, Published],
        folder: Path,
        drafts: Path,
        clock: Callable[[], datetime],
    ) -> tuple[list[Outcome], Holdings]:
        if isinstance(document, Document) and document.sha256 in held.documents:
            return _already_held(document.name, document.sha256, held, publications), held
        sequence = 1 + max((r.sequence for r in held.readings), default=0)
        try:
            if isinstance(document, LargeFile):
                found = large.read_in(self._disk, drafts, document, held.documents, clock().date())
                documents.check((large.reading(found),), publications)
            else:
                readings = read(document)
                documents.check(readings, publications)
        except Exception as error:  # a reader that trips over one file must not stop the batch
            return [_not_taken(document.name, error)], held
        if isinstance(document, Document):
            sha256 = document.sha256
            documents.store(
                self._disk, drafts, folder, document, readings, publications, sequence, clock()
            )
        else:
            sha256 = found.sha256
            if sha256 in held.documents:
                self._disk.remove(found.path.parent)
                return _already_held(document.name, sha256, held, publications), held
            large.store(self._disk, folder, found, publications, sequence, clock())
        stored: tuple[HeldReading, ...] = tuple(holdings.held(folder / sha256))
        outcomes = [
            Outcome.stored(
                document.name, publications[r.publication], r, held.replaced_by(r.subject)
            )
            for r in stored
        ]
        return outcomes, Holdings((*held.readings, *stored))

    def _readers(
        self, today: date | None = None
    ) -> tuple[
        Callable[[Path], Iterable[Opened]],
        Callable[[Document], tuple[Reading, ...]],
        Mapping[str, Published],
    ]:
        opened, read, publications = self._open, self._read, self._publications
        if opened is None or read is None or publications is None:
            from locality import knowledge, sources

            known = knowledge.load(self.home)
            intervals = {id: one.measure.interval for id, one in known.measures.items()}
            opened = opened or sources.documents
            read = read or partial(sources.read, today=today, intervals=intervals)
            publications = publications or known.publications
        return opened, read, publications

    def current(self, **options: Any) -> Version | None:
        """Return the version in use, or None before the first refresh.

        ``options`` are those of :class:`Version`: ``memory`` and ``threads``.
        """
        for _ in range(10):
            name = self._pointer()
            if name is None:
                return None
            try:
                return Version(self.folder / "versions" / name, **options)
            except FileNotFoundError:
                if self._pointer() == name:
                    break
        raise LakeError(
            f"The lake in {self.folder} names a version ({name}) that is not there. "
            "Run locality refresh to make a new one."
        )

    def versions(self) -> tuple[str, ...]:
        """Return the ids of the versions that stand, oldest first."""
        folder = self.folder / "versions"
        if not folder.is_dir():
            return ()
        return tuple(sorted(place.name for place in folder.iterdir() if place.is_dir()))

    def build(
        self,
        write: Callable[[Draft], None],
        *,
        made_at: datetime,
        knowledge_hash: str = "",
        records_event: int | None = None,
        wait: float | None = None,
        keep: int = _KEPT,
    ) -> Version:
        """Make a new version with ``write``, put it in use in one step, and return it.

        If ``write`` fails, or the machine stops at any moment, the old version stays in use and
        what was begun is cleared away by the next build. One build at a time: another waits for
        ``wait`` seconds (None: as long as it takes), then LakeBusy. Of the older versions the
        newest ``keep`` - 1 stay, and any that a reader still holds.
        """
        busy = "Another refresh of this lake is under way. Try again when it has finished."
        drafts, versions = self.folder / "drafts" / "versions", self.folder / "versions"
        with self._disk.lock(self.folder / "versions.lock", wait, busy):
            self._clear_leftovers(drafts)
            self._disk.make_folder(drafts)
            self._disk.make_folder(versions)
            last = max((int(name.split("-")[0]) for name in self.versions()), default=0)
            name = f"{last + 1:06d}-{made_at:%Y%m%dT%H%M%S}"
            try:
                draft = Draft(drafts / name, self._disk, self.holdings())
                write(draft)
                draft.finish(made_at, knowledge_hash, records_event)
            except Exception:
                with contextlib.suppress(OSError):
                    self._disk.remove(drafts / name)
                raise
            self._disk.rename(drafts / name, versions / name)
            self._disk.replace_text(self.folder / "current", f"{name}\n")
            version = Version(versions / name)
            self._prune(drafts, keep)
        return version

    def _pointer(self) -> str | None:
        try:
            return (self.folder / "current").read_text("utf-8").strip()
        except FileNotFoundError:
            return None

    def _clear_leftovers(self, drafts: Path) -> None:
        """Remove what a killed build left: drafts, and a version that was never put in use."""
        self._disk.remove(drafts)
        self._disk.remove(self.folder / "current.new")
        current = self._pointer() or ""
        for name in self.versions():
            if name > current:
                self._disk.remove(self.folder / "versions" / name)

    def _prune(self, drafts: Path, keep: int) -> None:
        for name in self.versions()[: -max(keep, 1)]:
            place = self.folder / "versions" / name
            # On Windows a folder that somebody reads cannot be moved: it stays until next time.
            with contextlib.suppress(OSError), unheld(place / MANIFEST) as free:
                if free:
                    self._disk.rename(place, drafts / name)
                    self._disk.remove(drafts / name)


def _already_held(
    name: str, sha256: str, held: Holdings, publications: Mapping[str, Published]
) -> list[Outcome]:
    return [
        Outcome.already_held(name, one, publications.get(one.publication), held)
        for one in held.readings
        if one.sha256 == sha256
    ]


def _not_taken(name: str, error: Exception) -> Outcome:
    """Return the outcome of a file whose reading ended with ``error``."""
    if isinstance(error, Refused):
        return Outcome.refused(name, str(error))
    if isinstance(error, Known):
        return Outcome.known(name, str(error), error.what)
    if isinstance(error, NotRecognised):
        return Outcome.not_recognised(name, str(error))
    # Only what kind of error: its words may quote a cell, and nothing may leak from here.
    return Outcome.refused(
        name,
        f"It could not be read ({type(error).__name__}). It may be damaged: download it again, or "
        "tell us which file it is.",
    )
