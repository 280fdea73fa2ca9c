"""Published files in, tables out: open, refuse what is patient-level, recognise, read.

    for found in documents(path):            # files and folders, archives opened in memory
        if isinstance(found, Unopened): ...   # one file that failed, with its sentence
        else: readings = read(found)          # Refused, Known and NotRecognised carry sentences

A publication is recognised by the columns in the head of its content, never by its name. A file
that Locality knows and does not store (``knowledge/known/``) says what it is and why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import ModuleType

from locality.sources import known, publications, refusing
from locality.sources.delimited import cut_short_sentence, delimited
from locality.sources.layout import Layout
from locality.sources.opening import cannot, documents
from locality.sources.reading import (
    Document,
    Hints,
    Known,
    NotRecognised,
    Reading,
    Refused,
    SetAside,
    Unopened,
)
from locality.sources.rows import Content, Sheet
from locality.sources.structured import is_r_data, page, parquet, r_data, records, unseen
from locality.sources.workbooks import old_workbook, workbook

__all__ = [
    "READERS",
    "Document",
    "Known",
    "NotRecognised",
    "Reader",
    "Reading",
    "Refused",
    "SetAside",
    "Unopened",
    "contents",
    "documents",
    "read",
]


@dataclass(frozen=True)
class Reader:
    """One publication's reader: ``recognise`` looks at a sheet's head, ``read`` at all of it."""

    publication: str
    title: str
    version: int
    recognise: Callable[[Sheet], bool]
    read: Callable[[Sheet, Hints], tuple[Reading, ...]]
    layout: Layout | None

    @classmethod
    def of(cls, module: ModuleType) -> Reader:
        """Return the reader that a module of this room holds."""
        return cls(
            publication=module.PUBLICATION,
            title=module.TITLE,
            version=module.VERSION,
            recognise=module.recognise,
            read=module.read,
            layout=getattr(module, "LAYOUT", None),
        )


#: Every publication read here, in the order in which a sheet is offered to them.
READERS: tuple[Reader, ...] = tuple(map(Reader.of, publications.MODULES))
#: Kinds of content that are looked at and never read, and how such a file is called.
_ONLY_NAMED = {
    "old workbook": "old.xls",
    "r data": "table.rda",
    "page": "page.md",
    "pdf": "page.pdf",
}


def contents(document: Document) -> Content:
    """Return the sheets of text that a document holds; Refused where it is damaged."""
    content = document.content
    if not content:
        raise Refused("The file is empty. Download it again.")
    if content[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return workbook(content)
    if content[:4] == b"\xd0\xcf\x11\xe0":
        return old_workbook(content)
    ending = document.name.lower().rpartition(".")[2]
    if is_r_data(content) or ending in ("rda", "rdata"):
        return r_data(content)
    if ending == "md":
        return page(content)
    if content[:5] == b"%PDF-":
        return unseen("pdf")
    if content[:4] == b"PAR1" or ending == "parquet":
        return parquet(content)
    if ending == "xlsx":
        return workbook(content)
    if ending in ("json", "geojson"):
        return records(content)
    return delimited(content)


def reader_of(content: Content, sheet: Sheet) -> Reader | None:
    """Return the reader that takes a sheet of ``content``, or None where none does."""
    if content.kind in _ONLY_NAMED:
        return None
    return next((reader for reader in READERS if reader.recognise(sheet)), None)


def read(
    document: Document,
    *,
    today: date | None = None,
    intervals: Mapping[str, str] | None = None,
) -> tuple[Reading, ...]:
    """Return what a document holds: one reading, or several where it holds several years.

    Rows of counts dated after ``today``, if it is given, are set aside; ``intervals`` says how
    each measure counts (:class:`Hints`). Raises Refused for a file that looks patient-level, is
    damaged, or has impossible content under a known header; Known for one that is known and not
    stored; NotRecognised for any other content that no reader takes. All carry the sentence to
    show.
    """
    content = contents(document)
    refusing.check(document, content)
    readings: list[Reading] = []
    hints = Hints((document.name, document.came_in), today, intervals or {})
    for sheet in content.sheets:
        reader = reader_of(content, sheet)
        if reader is None:
            continue
        if sheet.cut_short:
            raise Refused(cut_short_sentence(sheet.strays[-1].line))
        for reading in reader.read(sheet, hints):
            readings.append(replace(reading, notes=(*content.notes, *reading.notes)))
    if not readings:
        if one := known.known(document, content):
            raise Known(one.sentence, one.what)
        if content.kind in _ONLY_NAMED:
            raise NotRecognised(cannot(_ONLY_NAMED[content.kind]))
        raise NotRecognised(_nearest(content))
    subjects = [(r.publication, r.period, r.part) for r in readings]
    for subject in subjects:
        if subjects.count(subject) > 1:
            raise Refused(
                f"Two sheets of the workbook hold the same thing ({subject[0]}, {subject[1]}). "
                "Keep one of them."
            )
    return tuple(readings)


def _nearest(content: Content) -> str:
    """Return which publication an unknown file comes nearest to, naming no cell of the file."""
    near: tuple[float, Reader, list[str]] | None = None
    for sheet in content.sheets:
        for reader in READERS:
            if reader.layout is None:
                continue
            lacking = reader.layout.lacking(sheet)
            share = 1 - len(lacking) / len(reader.layout.needed)
            if share >= 0.6 and (near is None or share > near[0]):
                near = (share, reader, lacking)
    if near is None:
        return "Its columns are those of no publication that Locality reads."
    return (
        f"Its columns come nearest to {near[1].title}, but it has no column called "
        f"{' or '.join(near[2])}."
    )
