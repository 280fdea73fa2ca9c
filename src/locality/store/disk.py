"""Every change to the lake's files passes here, step by step.

A lake is safe when it survives a power cut between any two steps. So that a test can cut the
power at each of them in turn, nothing else in this package creates, writes, renames or removes
anything: :class:`Disk` does, and calls :meth:`Disk.step` before each change.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from locality.figures import Problem

Compression = Literal["zstd", "lz4"]

_ON_WINDOWS = os.name == "nt"


class LakeError(Problem):
    """The lake cannot do what was asked; ``str()`` is a sentence for its user."""


class LakeBusy(LakeError):
    """Another process is writing to the same lake."""


class Disk:
    """The file system as the lake uses it."""

    def step(self, what: str, path: Path) -> None:
        """Do nothing; called before every change, for a test to stop the machine there."""

    def make_folder(self, path: Path) -> None:
        """Create ``path`` and those above it where they are missing."""
        if not path.is_dir():
            self.step("make folder", path)
            path.mkdir(parents=True, exist_ok=True)

    def write(self, path: Path, content: bytes) -> None:
        """Write ``content`` to a new file and wait until it is on the disk."""
        self.write_pieces(path, (content,))

    def write_pieces(self, path: Path, pieces: Iterable[bytes]) -> None:
        """Write ``pieces`` one after another to a new file and wait until it is on the disk."""
        self.step("write", path)
        with path.open("wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            self.step("sync", path)
            os.fsync(file.fileno())

    @contextlib.contextmanager
    def parquet(
        self, path: Path, schema: pa.Schema, compression: Compression = "zstd", **options: Any
    ) -> Iterator[pq.ParquetWriter]:
        """Yield a Parquet writer for a new file, synced to the disk when it closes.

        ``options`` are those of :class:`pyarrow.parquet.ParquetWriter`.
        """
        self.step("write", path)
        with path.open("wb") as file:
            with pq.ParquetWriter(file, schema, compression=compression, **options) as writer:
                yield writer
            file.flush()
            self.step("sync", path)
            os.fsync(file.fileno())

    def write_table(self, path: Path, table: pa.Table, row_group: int = 131_072) -> None:
        """Write ``table`` as one Parquet file with row groups of ``row_group`` rows."""
        with self.parquet(path, table.schema) as writer:
            writer.write_table(table, row_group_size=row_group)

    def sync(self, path: Path) -> None:
        """Wait until a file that something else wrote is on the disk."""
        self.step("sync", path)
        with path.open("rb+") as file:
            os.fsync(file.fileno())

    def sync_folder(self, path: Path) -> None:
        """Wait until the names in ``path`` are on the disk (Windows does so by itself)."""
        if not _ON_WINDOWS:
            self.step("sync folder", path)
            handle = os.open(path, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def rename(self, old: Path, new: Path) -> None:
        """Move the folder ``old`` to ``new``, which must not exist, in one step."""
        self.step("rename", new)
        old.rename(new)
        self.sync_folder(new.parent)

    def replace_text(self, path: Path, text: str) -> None:
        """Put ``text`` in ``path`` in one step: readers see the old text or the new one."""
        fresh = path.with_name(f"{path.name}.new")
        self.write(fresh, text.encode())
        self.step("replace", path)
        fresh.replace(path)
        self.sync_folder(path.parent)

    def remove(self, path: Path) -> None:
        """Remove a file, or a folder and all in it; nothing happens where there is none."""
        if path.is_dir() and not path.is_symlink():
            for child in sorted(path.iterdir()):
                self.remove(child)
            self.step("remove", path)
            path.rmdir()
        elif path.exists():
            self.step("remove", path)
            path.unlink()

    @contextlib.contextmanager
    def lock(self, path: Path, wait: float | None, busy: str) -> Iterator[None]:
        """Hold the operating system's lock on ``path``; it ends with the process that holds it.

        ``wait`` is in seconds; None waits as long as it takes. Raises LakeBusy(``busy``).
        """
        self.make_folder(path.parent)
        with path.open("a+b") as handle:
            deadline = None if wait is None else time.monotonic() + wait
            while not _take(handle.fileno()):
                if deadline is not None and time.monotonic() >= deadline:
                    raise LakeBusy(busy)
                time.sleep(0.05)
            try:
                yield
            finally:
                _release(handle.fileno())


class Hold:
    """A reader's claim on a version: while it stands, that version is not removed.

    On POSIX a shared lock on a file in the version's folder; on Windows an open file is enough,
    because a folder with open files can be neither renamed nor removed.
    """

    def __init__(self, path: Path) -> None:
        self._handle = path.open("rb")
        if not _ON_WINDOWS:
            import fcntl

            try:
                fcntl.flock(self._handle.fileno(), fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                self._handle.close()
                raise FileNotFoundError(f"{path} is being removed") from None
            except OSError:  # a file system without locks: read on, and hope for the best
                pass

    def release(self) -> None:
        """Give the claim back; a second call does nothing."""
        self._handle.close()


@contextlib.contextmanager
def unheld(path: Path) -> Iterator[bool]:
    """Yield whether no reader holds ``path``; none can take hold while inside."""
    try:
        handle = path.open("rb")
    except FileNotFoundError:
        yield True
        return
    with handle:
        if _ON_WINDOWS:
            handle.close()
            yield True
        else:
            yield _take(handle.fileno())


def _take(handle: int) -> bool:
    if _ON_WINDOWS:
        import msvcrt

        try:
            os.lseek(handle, 0, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _release(handle: int) -> None:
    if _ON_WINDOWS:
        import msvcrt

        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_UN)
