"""CSV files as they come: three encodings, five separators, title rows, broken rows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import Literal

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from locality.sources.arrow import pc
from locality.sources.reading import Refused
from locality.sources.rows import HEAD, Cells, Content, Sheet, Stray, header_row

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f")) + b"\x7f"
_SEPARATORS = ",\t;|"
#: The largest cell: published texts stay far below, an open quotation mark swallows a file.
_CELL = 200_000


def delimited(content: bytes) -> Content:
    """Return the one sheet of a CSV file, every cell as text.

    Raises Refused with a sentence for content that is empty, binary, in no known encoding, or
    in which a quotation mark is never closed.
    """
    text, notes = _as_utf8(content)
    if not text.strip():
        raise Refused("The file is empty. Download it again.")
    if re.match(rb"\s*<(!doctype|html|\?xml)", text[:200], re.IGNORECASE):
        raise Refused(
            "This is a web page, not a CSV file: the download gave an error or sign-in page. "
            "Open the address in a browser and download the file again."
        )
    separator = _separator(text)
    _refuse_open_quotation(text, separator)
    head = _head(text, separator)
    top = header_row([cells for _, _, cells in head])
    line, end, header = head[top]
    under = text[end:]
    first_line = text.count(b"\n", 0, end) + 1
    body, strays = _body(under, separator, len(header), first_line)
    kept = _not_blank(body)
    sheet = Sheet(
        name="",
        header=tuple(cell.strip() for cell in header),
        body=body if kept is None else body.take(pa.array(kept)),
        line_of=_line_finder(under, separator, len(header), first_line, kept),
        header_line=line,
        above=tuple(cells for _, _, cells in head[:top]),
        strays=strays,
        cut_short=_cut_short(text, strays, len(header)),
    )
    return Content("csv", (sheet,), notes)


def cut_short_sentence(line: int) -> str:
    """Return what a person is told about a file that ends in the middle of a line."""
    return (
        f"The file stops in the middle of line {line:,}: the download was cut short. "
        "Download it again."
    )


def _as_utf8(content: bytes) -> tuple[bytes, tuple[str, ...]]:
    notes: tuple[str, ...] = ()
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            content = content[len(mark) :]
            if encoding != "utf-8":
                try:
                    content = content.decode(encoding).encode()
                except UnicodeDecodeError:
                    raise Refused(
                        "The file says it is UTF-16 text, and is not. Save it again as CSV (UTF-8)."
                    ) from None
                notes = ("Read as UTF-16 text.",)
            break
    if len(content.translate(None, _CONTROL)) != len(content):
        raise Refused(
            "The file is not text: it holds signs that no CSV file has. It may be another kind "
            "of file with the wrong name, or damaged. Download it again."
        )
    if not content.isascii():
        try:
            content.decode()
        except UnicodeDecodeError:
            try:
                content = content.decode("cp1252").encode()
            except UnicodeDecodeError:
                raise Refused(
                    "The letters of the file are in no encoding known here (UTF-8 or "
                    "Windows-1252). Save it again as CSV (UTF-8)."
                ) from None
            notes = ("Read as Windows-1252 text: the file is not UTF-8.",)
    if b"\n" not in content and b"\r" in content:
        content = content.replace(b"\r", b"\n")
    return content, notes


def _separator(text: bytes) -> str:
    """Return the separator that cuts the first rows into most cells; a comma where none does."""
    lines = text[:65_536].decode(errors="replace").splitlines()[:HEAD]
    return max(_SEPARATORS, key=lambda sign: sum(line.count(sign) for line in lines))


def _rows(text: bytes, separator: str) -> Iterator[tuple[int, int, Cells]]:
    """Yield (line on which the row starts, offset of its end, cells) for every row, blank too."""
    used = 0

    def lines() -> Iterator[str]:
        nonlocal used
        for raw in io.BytesIO(text):
            used += len(raw)
            yield raw.decode(errors="replace")

    reader = csv.reader(lines(), delimiter=separator)
    started = 1
    # The limit belongs to the whole csv module, so it is put back.
    before = csv.field_size_limit(_CELL)
    try:
        for cells in reader:
            yield started, used, tuple(cells)
            started = reader.line_num + 1
    except csv.Error:
        raise Refused(
            f"A quotation mark that opens near line {started:,} is never closed, so the rows "
            "after it cannot be told apart. Download the file again, or mend that line."
        ) from None
    finally:
        csv.field_size_limit(before)


def _head(text: bytes, separator: str) -> list[tuple[int, int, Cells]]:
    head = []
    for row in _rows(text, separator):
        if any(cell.strip() for cell in row[2]):
            head.append(row)
            if len(head) == HEAD:
                break
    return head


def _refuse_open_quotation(text: bytes, separator: str) -> None:
    if text.count(b'"') % 2 == 0:
        return
    if not text.endswith(b"\n") and text.rsplit(b"\n", 1)[-1].count(b'"') % 2:
        raise Refused(cut_short_sentence(text.count(b"\n") + 1))
    # An odd mark may be a sign for inches; one that swallows the rest of the file is not.
    last: tuple[int, int, Cells] = (0, 0, ())
    for row in _rows(text, separator):
        last = row
    if last[2] and "\n" in last[2][-1]:
        raise Refused(
            f"A quotation mark that opens on or after line {last[0]:,} is never closed, so the "
            "end of the file cannot be read. Download it again, or mend that line."
        )


def _body(
    text: bytes, separator: str, width: int, first_line: int
) -> tuple[pa.Table, tuple[Stray, ...]]:
    names = [f"c{i}" for i in range(width)]
    if not text.strip():
        return pa.table({name: pa.array([], pa.string()) for name in names}), ()
    misfits = 0

    def misfit(row: arrow_csv.InvalidRow) -> Literal["skip"]:
        nonlocal misfits
        misfits += 1
        return "skip"

    try:
        table = arrow_csv.read_csv(
            io.BytesIO(text),
            read_options=arrow_csv.ReadOptions(column_names=names, block_size=8 << 20),
            parse_options=arrow_csv.ParseOptions(
                delimiter=separator,
                newlines_in_values=b'"' in text,
                invalid_row_handler=misfit,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        raise Refused(
            "The rows of the file cannot be told apart. It is damaged, or it is not a CSV file. "
            "Download it again."
        ) from None
    if not misfits:
        return table, ()
    # Rare, so the slow way: which lines they are, and all their cells.
    strays = tuple(
        Stray(first_line + line - 1, cells)
        for line, _, cells in _rows(text, separator)
        if len(cells) != width and any(cell.strip() for cell in cells)
    )
    return table, strays


def _cut_short(text: bytes, strays: tuple[Stray, ...], width: int) -> bool:
    if not strays or text.endswith(b"\n"):
        return False
    return len(strays[-1].cells) < width and strays[-1].line == text.count(b"\n") + 1


def _not_blank(body: pa.Table) -> np.ndarray | None:
    """Return the places of rows with any cell filled, or None where every row has one."""
    empty = np.ones(body.num_rows, dtype=bool)
    for column in body.columns:
        empty &= np.asarray(pc.equal(pc.binary_length(column), 0))
        if not empty.any():
            return None
    return np.flatnonzero(~empty)


def _line_finder(
    text: bytes, separator: str, width: int, first_line: int, kept: np.ndarray | None
) -> Callable[[int], int]:
    """Return a function from a row of the body to its line, counted only when asked for."""

    def line_of(row: int) -> int:
        wanted = int(kept[row]) if kept is not None else row
        seen = -1
        for line, _, cells in _rows(text, separator):
            # Arrow passes over empty lines and rows that do not fit; so does this count.
            seen += len(cells) == width
            if seen == wanted:
                return first_line + line - 1
        return first_line

    return line_of
