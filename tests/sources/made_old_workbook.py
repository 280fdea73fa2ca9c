"""An old .xls workbook of one sheet of texts, byte by byte: nothing here writes that format."""

from __future__ import annotations

import struct
from collections.abc import Sequence

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def old_workbook(rows: Sequence[Sequence[str]], sheet: str = "Sheet1") -> bytes:
    """Return a workbook in the format of Excel 97 whose one sheet holds ``rows`` as texts."""
    stream = _globals(sheet, 0)
    stream = _globals(sheet, len(stream)) + _sheet(rows)
    stream += b"\0" * max(4096 - len(stream), -len(stream) % 512)
    sectors = len(stream) // 512
    assert sectors < 120
    # Sector 0 holds the table of sectors, sector 1 the directory, the rest the stream.
    table = [_FAT, _END, *range(3, 2 + sectors), _END]
    table += [_FREE] * (128 - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, _END, 0,
                          _END, 0, 0)  # fmt: skip
    header += struct.pack("<I", _FREE) * 108
    directory = _entry("Root Entry", 5, _END, 0, child=1) + _entry("Workbook", 2, 2, len(stream))
    return header + struct.pack("<128I", *table) + directory + b"\0" * 256 + stream


def _entry(name: str, kind: int, start: int, size: int, child: int = _FREE) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(text), kind, 1, _FREE, _FREE, child)
        + b"\0" * 36
        + struct.pack("<IQ", start, size)
    )


def _record(number: int, content: bytes) -> bytes:
    return struct.pack("<HH", number, len(content)) + content


def _globals(sheet: str, first: int) -> bytes:
    name = sheet.encode("latin-1")
    bound = struct.pack("<IBBBB", first, 0, 0, len(name), 0) + name
    begin = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)
    return _record(0x0809, begin) + _record(0x0085, bound) + _record(0x000A, b"")


def _sheet(rows: Sequence[Sequence[str]]) -> bytes:
    found = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            text = cell.encode("latin-1")
            place = struct.pack("<HHHHB", row, column, 0, len(text), 0)
            found += _record(0x0204, place + text)
    return found + _record(0x000A, b"")
