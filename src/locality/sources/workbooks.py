"""Excel workbooks (.xlsx; old .xls to look at): every sheet, hidden ones too, cells as text."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from datetime import date, datetime, time, timedelta

import python_calamine

from locality.sources.opening import LIMITS, Limits
from locality.sources.reading import Refused
from locality.sources.rows import Content, Sheet, sheet_of

_DAMAGED = (
    "The workbook is damaged or stops before its end. Download it again, or open it in a "
    "spreadsheet program and save it afresh."
)
#: Rows times columns of a sheet; the largest published one has under a million.
_LARGEST = 10_000_000
_FAR = (
    "The cells of a sheet in the workbook lie too far apart to be a table: something "
    "stands far below or far to the right of it. Remove it, or save the table as CSV."
)
_OLD = (
    "The workbook is locked with a password, or it is an old Excel file with a new name. Open "
    "it in a spreadsheet program and save it as .xlsx without a password, or as CSV."
)


def workbook(content: bytes, limits: Limits = LIMITS) -> Content:
    """Return the sheets of an .xlsx workbook that hold any cell, in their order.

    Whole numbers are written without a point, other numbers in full, dates as 2026-03-31.
    Raises Refused for a workbook that is damaged, locked, or opens out beyond ``limits``.
    """
    _check_parts(content, limits)
    return Content("workbook", _sheets(content, _DAMAGED))


def old_workbook(content: bytes) -> Content:
    """Return the sheets of an old .xls workbook, to see what it is and that no patient is in it.

    Raises Refused where it cannot be opened, most often because a password locks it.
    """
    return Content("old workbook", _sheets(content, _OLD))


def _sheets(content: bytes, failed: str) -> tuple[Sheet, ...]:
    sheets = []
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        for about in book.sheets_metadata:
            if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            found = book.get_sheet_by_name(about.name)
            if (found.total_height + 1) * (found.total_width + 1) > _LARGEST:
                raise Refused(_FAR)
            rows = found.to_python(skip_empty_area=False)
            if sheet := sheet_of(about.name, [[_text(cell) for cell in row] for row in rows]):
                sheets.append(sheet)
    except (python_calamine.CalamineError, ValueError, OSError, KeyError):
        raise Refused(failed) from None
    except BaseException as error:
        # How a parser written in Rust says that it met something it did not think of.
        if type(error).__name__ != "PanicException":
            raise
        raise Refused(failed) from None
    if not sheets:
        raise Refused("The workbook is empty: no sheet has a cell with anything in it.")
    return tuple(sheets)


def remembered_cells(content: bytes) -> list[str]:
    """Return ten-digit values that a workbook keeps out of sight, in pivot tables' own copies.

    A pivot table carries all the rows it was made from, though no sheet shows them.
    """
    found: list[str] = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.startswith("xl/pivotCache/"):
                text = archive.read(name).decode(errors="replace")
                found += re.findall(r'v="(\d{10})(?:\.0)?"', text)
    return found


def _check_parts(content: bytes, limits: Limits) -> None:
    """Refuse what does not open whole, or opens out too far, before it is given to a parser."""
    opened = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & 0x1 for part in parts):
                raise Refused(_OLD)
            if "xl/workbook.xml" not in {part.filename for part in parts}:
                raise Refused(_DAMAGED)
            for part in parts:
                pieces = []
                with archive.open(part) as stream:
                    while piece := stream.read(1 << 22):
                        opened += len(piece)
                        if opened > limits.opened or (
                            opened > limits.ratio_from and opened > limits.ratio * len(content)
                        ):
                            raise Refused(
                                "The workbook opens out to far more than its size, as only a "
                                "damaged or hostile one does. It was not opened."
                            )
                        pieces.append(piece)
                _check_spread(b"".join(pieces))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
        raise Refused(_DAMAGED) from None


_FILLED = re.compile(
    rb"<(?:\w+:)?c\s[^>]*?\br\s*=\s*[\"']([A-Za-z]+)(\d+)[\"'][^>]*(?<!/)>"
    rb"|<(?:\w+:)?c(?:\s[^>]*)?(?<!/)>"
)
_ANYWHERE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]*)(\d+)[\"']")


def _check_spread(part: bytes) -> None:
    """Refuse a sheet whose cells lie so far apart that the area between would not fit in memory.

    A parser lays out the whole area, so one cell in the last row and column would stop the
    program. Cells with a format and no content do not count: many sheets have a million.
    """
    if b"sheetData" not in part:
        return
    places = _FILLED.findall(part)
    if (b"", b"") in places:
        # A cell that does not say where it is: take every place that is named at all.
        places = _ANYWHERE.findall(part)
    rows = max((int(row) for _, row in places), default=0)
    columns = max(map(_column, {letters for letters, _ in places}), default=0)
    if rows * max(columns, 1) > _LARGEST:
        raise Refused(_FAR)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell)
