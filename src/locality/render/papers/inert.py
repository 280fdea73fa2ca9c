"""Text that a spreadsheet must not take for a formula.

A cell that begins with one of ``= + - @``, their full-width forms, a tab or a line end can run
as a formula when a CSV file is opened (OWASP, "CSV Injection"). The same holds after a tab, a
line end or a semicolon inside a cell, where another country's settings would start a new cell.
"""

from __future__ import annotations

import re

_STARTS = "=+\\-@＝＋－﹣−＠﹦﹢﹫"
# Blanks, and signs that are not seen, that a spreadsheet may drop before it looks.
_UNSEEN = r"[\s\x00-\x1f\u200b\ufeff]*"
_BEGINS = re.compile(rf"\A(?=[\t\r\n]|{_UNSEEN}[{_STARTS}])")
# What XML, and so a Word or Excel file, cannot hold.
_NOT_XML = re.compile(r"[\x00-\x08\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LINE_ENDS = re.compile(r"\r\n|[\r\x0b\x0c\u2028\u2029]")
_WITHIN = re.compile(rf'([\t\r\n;]"*{_UNSEEN}"*)(?=[{_STARTS}])')


def inert(text: str) -> str:
    """Return ``text`` with an apostrophe before whatever could start a formula.

    Text without such a start comes back unchanged.
    """
    return _WITHIN.sub(r"\1'", _BEGINS.sub("'", text))


def could_run(text: str) -> bool:
    """Return whether a spreadsheet could take ``text``, typed into a cell, for a formula."""
    return _BEGINS.match(text) is not None


def writable(text: str) -> str:
    """Return ``text`` without signs that XML cannot hold; every kind of line end becomes one."""
    return _NOT_XML.sub("", _LINE_ENDS.sub("\n", text))
