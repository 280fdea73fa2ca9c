"""Parquet and JSON, whose tables name their own columns; R data and pages, only to look at."""

from __future__ import annotations

import bz2
import io
import json
import lzma
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from locality.sources.arrow import Array, pc
from locality.sources.opening import LIMITS
from locality.sources.reading import Refused
from locality.sources.rows import Content, Sheet, sheet_of

_MOST_ROWS = 50_000_000
_MOST_CELLS = 1_000_000_000


def parquet(content: bytes) -> Content:
    """Return the one sheet of a Parquet file, every cell as text.

    Raises Refused for a file that is damaged or says it holds more than any publication.
    """
    try:
        # Texts in a damaged file may not be text at all: that is looked at before anything else.
        file = pq.ParquetFile(io.BytesIO(content))
        rows, columns = file.metadata.num_rows, file.metadata.num_columns
        if rows > _MOST_ROWS or rows * columns > _MOST_CELLS:
            raise Refused(
                f"The Parquet file says it holds {rows:,} rows, more than any publication."
            )
        table = file.read()
        names = [f"c{i}" for i in range(table.num_columns)]
        body = pa.table([_text(column) for column in table.columns], names=names)
        body.validate(full=True)
    except (pa.ArrowException, OSError, ValueError):
        raise Refused("The Parquet file is damaged. Download or make it again.") from None
    sheet = Sheet(
        name="",
        header=tuple(table.column_names),
        body=body,
        line_of=lambda row: row + 1,
    )
    return Content("parquet", (sheet,))


def _text(column: Array) -> Array:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    try:
        text = column.cast(pa.string())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        cells = ["" if cell is None else str(cell) for cell in column.to_pylist()]
        text = pa.chunked_array([pa.array(cells, pa.string())])
    return pc.fill_null(text, "")


def parsed(content: bytes) -> Any:
    """Return what a JSON file holds as plain lists and dicts; Refused where it is damaged."""
    try:
        return json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Refused(
            "The JSON file is damaged, cut short, or not JSON. Download it again."
        ) from None


def records(content: bytes) -> Content:
    """Return the sheets of a JSON file: every list of flat records becomes one.

    A file of another shape has no sheets, and no reader then recognises it.
    """
    found = parsed(content)
    lists = [("", found)] if isinstance(found, list) else list(_named_lists(found))
    sheets = []
    for name, rows in lists:
        if rows and all(isinstance(row, dict) for row in rows):
            names = list(dict.fromkeys(key for row in rows[:1000] for key in row))
            cells = [[_cell(row.get(key)) for key in names] for row in rows]
            if sheet := sheet_of(name, [names, *cells]):
                sheets.append(sheet)
    return Content("json", tuple(sheets))


def _named_lists(found: Any) -> Iterator[tuple[str, list[Any]]]:
    if isinstance(found, dict):
        for key, value in found.items():
            if isinstance(value, list):
                yield key, value


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dict | list):
        return json.dumps(value)
    return str(value)


def leaves(content: bytes) -> dict[str, list[str]]:
    """Return every value of a JSON file, however deep, under the name it stands beneath.

    Names that are themselves keys of data stand under ``""``. For the check of patient data.
    """
    found: dict[str, list[str]] = {"": []}
    waiting: list[tuple[str, Any]] = [("", parsed(content))]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, dict):
            for key, inner in value.items():
                found[""].append(key)
                waiting.append((key, inner))
        elif isinstance(value, list):
            waiting.extend((name, inner) for inner in value)
        else:
            found.setdefault(name, []).append(_cell(value))
    return found


#: How R's own files begin, once they are unpacked.
_R_DATA = (b"RDX2\n", b"RDX3\n")
_PACKED = (b"\xfd7zXZ\0",)


def is_r_data(content: bytes) -> bool:
    """Return whether the bytes are a file that R saved, unpacked or packed with bzip2 or xz."""
    return content.startswith((*_R_DATA, *_PACKED)) or bool(re.match(rb"BZh\d1AY&SY", content))


def r_data(content: bytes) -> Content:
    """Return the words in an R data file as one column, to see what it is; Refused if damaged."""
    if not content.startswith(_R_DATA):
        stream: Any = lzma.LZMADecompressor() if content[:1] == b"\xfd" else bz2.BZ2Decompressor()
        try:
            content = stream.decompress(content, LIMITS.opened // 4)
        except (OSError, EOFError, lzma.LZMAError):
            raise Refused("The R data file is damaged. Download it again.") from None
        if not stream.eof:
            raise Refused("The R data file is cut short, or opens out too far to look at.")
    if not content.startswith(_R_DATA):
        raise Refused("The R data file is damaged, or is another kind of file.")
    return _words("r data", (word.decode() for word in re.findall(rb"[ -~]{3,200}", content)))


def page(content: bytes) -> Content:
    """Return the words of a page of text as one column, to see that no patient is in it."""
    text = content.decode(errors="replace")
    return _words("page", re.findall(r"\d{3}[ -]\d{3}[ -]\d{4}|[^\s|,;()<>\[\]]+", text))


def unseen(kind: str) -> Content:
    """Return content of a kind that cannot be looked into: it is known by its name alone."""
    return Content(kind, ())


def _words(kind: str, words: Iterable[str]) -> Content:
    """Return different words in order, each as a value and as what may be a column's name."""
    found = list(dict.fromkeys(words))
    names = tuple((word,) for word in found) if kind == "r data" else ()
    body = pa.table({"c0": pa.array(found, pa.string())})
    return Content(kind, (Sheet("", ("",), body, lambda row: row + 1, above=names),))
