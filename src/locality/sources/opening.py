"""Files and folders in, documents out: archives are opened in memory, within limits.

A failure is one outcome, :class:`~locality.sources.reading.Unopened`, for the one file that
failed; the files after it are still opened. Nothing is ever written to disk.
"""

from __future__ import annotations

import io
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from locality.sources.reading import Document, NotRecognised, Refused, Unopened

#: What a document may be called; anything else is named and passed over.
READABLE = frozenset({".csv", ".xlsx", ".json", ".parquet"})
#: What is opened only to say what it is, and to see that it holds no patients; never stored.
NAMEABLE = frozenset({".geojson", ".md", ".pdf", ".rda", ".rdata", ".xls"})
#: How files of some endings begin; with another beginning they are not even looked at.
_BEGINS = {".xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"), ".pdf": (b"%PDF-",)}
_ARCHIVES = frozenset({".gz", ".zip"})

_CANNOT = {
    ".txt": "A .txt file is not read here. Save it as CSV and try again.",
    ".tsv": "A .tsv file is not read here. Save it as CSV and try again.",
    ".xls": "An old Excel file (.xls) is not read here. Open it in a spreadsheet program and "
    "save it as .xlsx or CSV.",
    ".xlsm": "A workbook with macros (.xlsm) is not read here. Save it as .xlsx or CSV.",
    ".xlsb": "A binary workbook (.xlsb) is not read here. Save it as .xlsx or CSV.",
    ".ods": "An OpenDocument sheet (.ods) is not read here. Save it as .xlsx or CSV.",
    ".7z": "A .7z archive is not opened here. Make it a .zip, or give the file inside.",
    ".rar": "A .rar archive is not opened here. Make it a .zip, or give the file inside.",
    ".md": "A page of text (.md) is not read here.",
    ".pdf": "A .pdf page is not read here.",
    ".rda": "An R data file (.rda) is not read here. Save the table as CSV or Parquet.",
    ".rdata": "An R data file (.rdata) is not read here. Save the table as CSV or Parquet.",
    ".tar": "A .tar archive is not opened here. Make it a .zip, or give the file inside.",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an archive may hold before it is refused; sizes in bytes, opened out.

    The largest published files here are near 100 MB; text squeezes about 20 to 1, and even
    very repetitive tables stay under 100 to 1, while a zip bomb reaches 1,000 to 1.
    """

    members: int = 500
    opened: int = 1_000_000_000
    ratio: int = 250
    #: Below this size any ratio is harmless.
    ratio_from: int = 20_000_000


LIMITS = Limits()


@dataclass
class _Budget:
    """What is left of the limits while one given file is opened, nested archives included."""

    limits: Limits
    spent: int = 0
    members: int = 0
    packed: int = field(default=1)

    def take(self, size: int) -> None:
        self.spent += size
        if self.spent > self.limits.opened:
            raise Refused(
                f"It opens out to more than {self.limits.opened // 1_000_000:,} MB, more than any "
                "publication. It was not opened. Give the files inside one by one."
            )
        if self.spent > self.limits.ratio_from and self.spent > self.limits.ratio * self.packed:
            raise Refused(
                f"It opens out to more than {self.limits.ratio} times its size, as only a "
                "damaged or hostile archive does. It was not opened."
            )

    def count(self, members: int) -> None:
        self.members += members
        if self.members > self.limits.members:
            raise Refused(
                f"It holds more than {self.limits.members:,} files. It was not opened; "
                "give only the files that are needed."
            )


def documents(path: Path, limits: Limits = LIMITS) -> Iterator[Document | Unopened]:
    """Return the documents in a file or folder, one at a time, in the order of their names.

    Folders are walked to the bottom; hidden files and folders are passed over. ``came_in`` of
    each document is the file that the user gave, from the given folder down.
    """
    path = Path(path)
    if path.is_dir():
        for file in _walk(path):
            yield from _open_file(file, file.relative_to(path).as_posix(), limits)
    elif path.exists():
        yield from _open_file(path, path.name, limits)
    else:
        sentence = f"There is no file or folder at {path}. Check the spelling."
        yield Unopened(path.name, path.name, Refused(sentence))


def _walk(folder: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _hidden(name))
        for name in sorted(files):
            if not _hidden(name):
                yield Path(here) / name


def _hidden(name: str) -> bool:
    # "~$x.xlsx" is the lock file that Excel leaves beside an open workbook.
    return name.startswith((".", "~$")) or name in ("__MACOSX", "fetched.json")


def _open_file(file: Path, came_in: str, limits: Limits) -> Iterator[Document | Unopened]:
    name = file.name
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            raise NotRecognised("It is not an ordinary file.")
        if not _worth_opening(name):
            raise NotRecognised(cannot(name))
        if file.stat().st_size > limits.opened:
            raise Refused(
                f"It is larger than {limits.opened // 1_000_000:,} MB, more than any publication."
            )
        content = file.read_bytes()
    except (Refused, NotRecognised) as problem:
        yield Unopened(name, came_in, problem)
        return
    except OSError as error:
        yield Unopened(
            name,
            came_in,
            Refused(f"The file could not be read from disk ({error.strerror}). Check its rights."),
        )
        return
    budget = _Budget(limits, packed=max(len(content), 1))
    yield from _open(name, content, came_in, budget, depth=0)


def _worth_opening(name: str) -> bool:
    return PurePosixPath(name.lower()).suffix in READABLE | NAMEABLE | _ARCHIVES


def cannot(name: str) -> str:
    """Return why a kind of file is not read here, and what to give instead."""
    suffix = PurePosixPath(name.lower()).suffix
    return _CANNOT.get(
        suffix,
        f"Files of this kind ({suffix or 'no ending'}) are not read here. Locality reads .csv, "
        ".xlsx, .json and .parquet, also inside .zip and .gz.",
    )


def _open(
    name: str, content: bytes, came_in: str, budget: _Budget, depth: int
) -> Iterator[Document | Unopened]:
    """Yield what ``content`` holds. Magic bytes decide, not the name: names are often wrong."""
    try:
        if content[:2] == b"\x1f\x8b":
            inner = _inner_name(name)
            if not _worth_opening(inner):
                raise NotRecognised(cannot(inner))
            content = _gunzip(content, budget)
            if depth >= 2:
                raise Refused(
                    "It is an archive inside an archive inside an archive. "
                    "Open it yourself and give the file inside."
                )
            yield from _open(inner, content, came_in, budget, depth + 1)
        elif content[:4] in (b"PK\x03\x04", b"PK\x05\x06") and not _is_workbook(name, content):
            if depth >= 2:
                raise Refused(
                    "It is an archive inside an archive inside an archive. "
                    "Open it yourself and give the file inside."
                )
            yield from _unzip(content, came_in, budget, depth)
        elif PurePosixPath(name.lower()).suffix in _ARCHIVES:
            raise Refused(
                "Its name says archive, but its content is not one: it is empty, damaged or "
                "wrongly named. Download it again."
            )
        elif not content.startswith(_BEGINS.get(PurePosixPath(name.lower()).suffix, (b"",))):
            raise NotRecognised(cannot(name))
        else:
            yield Document(name=name, content=content, came_in=came_in)
    except (Refused, NotRecognised) as problem:
        yield Unopened(name, came_in, problem)


def _inner_name(name: str) -> str:
    inner = name[:-3] if name.lower().endswith(".gz") else name
    return inner or name


def _gunzip(content: bytes, budget: _Budget) -> bytes:
    pieces: list[bytes] = []
    left = content
    try:
        while left:
            stream = zlib.decompressobj(wbits=31)
            while not stream.eof:
                before = len(left)
                piece = stream.decompress(left, 1 << 22)
                left = stream.unconsumed_tail
                budget.take(len(piece))
                pieces.append(piece)
                if not piece and not stream.eof and len(left) in (0, before):
                    raise EOFError
            # Padding with zero bytes after the last part is allowed by the format.
            left = stream.unused_data.lstrip(b"\0")
    except EOFError:
        raise Refused(
            "The compressed file stops before its end: the download was cut short. "
            "Download it again."
        ) from None
    except zlib.error:
        raise Refused("The compressed file is damaged. Download it again.") from None
    return b"".join(pieces)


def _is_workbook(name: str, content: bytes) -> bool:
    # A damaged .xlsx is still a workbook to whoever sent it; the workbook's reader says so.
    if name.lower().endswith(".xlsx"):
        return True
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False
    return "[Content_Types].xml" in names and any(n.startswith("xl/") for n in names)


def _unzip(
    content: bytes, came_in: str, budget: _Budget, depth: int
) -> Iterator[Document | Unopened]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise Refused(
            "The archive is damaged or stops before its end. Download it again."
        ) from None
    with archive:
        members = [m for m in archive.infolist() if not m.is_dir()]
        _check_members(archive.infolist(), budget)
        seen = False
        for member in sorted(members, key=lambda m: m.filename):
            parts = PurePosixPath(member.filename.replace("\\", "/")).parts
            name = parts[-1] if parts else member.filename
            if any(map(_hidden, parts)):
                continue
            seen = True
            try:
                if not _worth_opening(name):
                    raise NotRecognised(cannot(name))
                inside = _read_member(archive, member, budget)
            except (Refused, NotRecognised) as problem:
                yield Unopened(name, came_in, problem)
                continue
            yield from _open(name, inside, came_in, budget, depth + 1)
        if not seen:
            raise Refused("The archive is empty.")


def _check_members(members: list[zipfile.ZipInfo], budget: _Budget) -> None:
    """Refuse the whole archive for what its own list of contents already shows."""
    budget.count(len(members))
    for member in members:
        name = member.filename.replace("\\", "/")
        if name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in name.split("/"):
            raise Refused(
                "A file in the archive has a name that points outside the archive. Published "
                "archives never do that: nothing in it was opened."
            )
        if member.flag_bits & 0x1:
            raise Refused(
                "The archive is locked with a password. Unlock it and give the file inside."
            )
        if stat.S_ISLNK(member.external_attr >> 16):
            raise Refused(
                "The archive holds a link to a file elsewhere. Published archives never do "
                "that: nothing in it was opened."
            )
    # The list of contents may lie, so reading counts again; an honest bomb stops here.
    declared = _Budget(budget.limits, spent=budget.spent, packed=budget.packed)
    declared.take(sum(member.file_size for member in members))


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: _Budget) -> bytes:
    pieces: list[bytes] = []
    try:
        with archive.open(member) as stream:
            while piece := stream.read(1 << 22):
                budget.take(len(piece))
                pieces.append(piece)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError):
        raise Refused("This file in the archive is damaged. Download the archive again.") from None
    except (NotImplementedError, RuntimeError):
        raise Refused(
            "This file in the archive is packed in a way that cannot be opened here. "
            "Open the archive yourself and give the file inside."
        ) from None
    return b"".join(pieces)
