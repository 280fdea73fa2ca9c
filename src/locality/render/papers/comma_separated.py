"""A table as CSV: for spreadsheets and for programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from math import isfinite
from typing import Any

from locality.figures import Table, Working
from locality.render.papers.inert import inert
from locality.render.papers.words import words as said_about


def csv_bytes(
    table: Table,
    *,
    attributions: Iterable[str] = (),
    working: Working | None = None,
    words: bool = True,
) -> bytes:
    """Return ``table`` as UTF-8 CSV; column headings are the schema's names.

    With ``words``, lines that begin ``# `` stand above the headings: title, caption, notes,
    attributions and working (read the file with ``comment="#"``, or ask for it without them).
    Every text stands in quotation marks and none can run as a formula; numbers, dates
    (``2026-07-01``) and true/false stand bare; an empty cell has no number. The file begins with
    a byte-order mark so that Excel reads it as UTF-8.
    """
    out = io.StringIO(newline="")
    rows = csv.writer(out, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    if words:
        for kind, text in said_about(table, attributions, working):
            # One cell a line, whatever line ends the text holds.
            out.write(quoted(f"# {kind}: {' '.join(text.split())}") + "\r\n")
    rows.writerow([inert(name) for name in table.schema.names])
    columns = [
        [_CELLS[column.type](value) for value in table.data.column(column.name).to_pylist()]
        for column in table.schema.columns
    ]
    out.writelines(",".join(cells) + "\r\n" for cells in zip(*columns, strict=True))
    return out.getvalue().encode("utf-8-sig")


def quoted(text: Any) -> str:
    """Return a text cell: in quotation marks, none that can run; nothing for None."""
    return "" if text is None else '"' + inert(text).replace('"', '""') + '"'


def _number(value: Any) -> str:
    return repr(value) if value is not None and isfinite(value) else ""


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


def _flag(value: Any) -> str:
    return "" if value is None else str(value).lower()


_CELLS: dict[str, Callable[[Any], str]] = {
    "text": quoted,
    "whole": _plain,
    "number": _number,
    "date": _plain,
    "flag": _flag,
    "bits": _plain,
}
