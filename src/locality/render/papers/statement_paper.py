"""A statement as CSV, and as an Excel sheet whose rates, amounts and total are live formulas."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from math import prod
from typing import NamedTuple

from locality.figures import Factor, Line, Statement
from locality.render.papers.comma_separated import quoted
from locality.render.papers.inert import inert, writable
from locality.render.papers.words import rule_place, rule_title, statement_words
from locality.render.papers.workbook import Book, Entry, width, write_text

_TOTAL = "Total"
# Heading, name in CSV and unit of what stands before the factors, and of what stands after.
_BEFORE = (
    ("Line", "label", ""),
    ("Quantity", "quantity", ""),
    ("Unit of quantity", "quantity_unit", ""),
)
_AFTER = (
    ("Rate (£)", "rate", "£"),
    ("Amount (£)", "amount", "£"),
    ("Rule", "rule", ""),
    ("Reference", "reference", ""),
    ("Estimate", "estimate", ""),
    ("Note", "note", ""),
)


class _Columns(NamedTuple):
    """The columns of one statement; ``factors`` are (label, which of that label in its line)."""

    factors: list[tuple[str, int]]

    @property
    def names(self) -> list[tuple[str, str, str]]:
        """Return heading, name in CSV and unit of every column; no name stands twice."""
        taken = {name for _, name, _ in (*_BEFORE, *_AFTER)}
        own = []
        for label, number in self.factors:
            text = (" ".join(writable(label).split()) or "factor") + (
                f" {number}" if number > 1 else ""
            )
            name = text
            while name in taken:
                name += " (factor)"
            taken.add(name)
            own.append((name, name, ""))
        return [*_BEFORE, *own, *_AFTER]


def statement_csv_bytes(statement: Statement, attributions: Iterable[str] = ()) -> bytes:
    """Return ``statement`` as UTF-8 CSV: a line each, and last the total.

    Lines that begin ``# `` stand above the headings: title, notes, attributions, the factors with
    their rules, and working. There is a column for each factor that any rate is made of. Amounts
    are at full precision; the total is rounded once, to the penny.
    """
    columns = _columns(statement)
    out = io.StringIO(newline="")
    for kind, text in statement_words(statement, attributions):
        out.write(quoted(f"# {kind}: {' '.join(writable(text).split())}") + "\r\n")
    rows = csv.writer(out, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    rows.writerow([inert(name) for _, name, _ in columns.names])
    for line in statement.lines:
        found = _by_column(line)
        factors = [found.get(column) for column in columns.factors]
        cells = [
            _text(line.label),
            _decimal(line.quantity),
            _text(line.quantity_unit),
            *("" if one is None else _decimal(one.value) for one in factors),
            _decimal(line.rate),
            _decimal(line.amount),
            *map(_text, _said(line)),
        ]
        out.write(",".join(cells) + "\r\n")
    total = [""] * len(columns.names)
    total[0], total[len(total) - len(_AFTER) + 1] = _text(_TOTAL), _decimal(statement.total)
    total[-2] = _text(_guessed(statement))
    out.write(",".join(total) + "\r\n")
    return out.getvalue().encode("utf-8-sig")


def statement_workbook_bytes(statement: Statement, attributions: Iterable[str] = ()) -> bytes:
    """Return ``statement`` as one ``.xlsx`` file: its sheet with live formulas, then About.

    Every formula carries the value that was computed here, for readers that do not calculate.
    """
    book = Book(statement.title, [statement.title])
    statement_sheet(book, book.names[0], statement)
    return book.finished(attributions)


def statement_sheet(book: Book, name: str, statement: Statement) -> None:
    """Write ``statement`` as a sheet of ``book``: rate, amount and total are live formulas.

    A rate is the product of its line's factors, an amount quantity times rate, and the total
    their sum, rounded to the penny. Where there are no factors, or a rate was given that they do
    not come to, it stands as a number.
    """
    from xlsxwriter.utility import xl_rowcol_to_cell as cell

    columns, looks = _columns(statement), book.looks
    sheet = book.sheet(name, Entry(name, statement_words(statement), columns.names))
    rate = len(_BEFORE) + len(columns.factors)
    amount, lines = rate + 1, statement.lines
    for place, (heading, _, _) in enumerate(columns.names):
        write_text(sheet, 0, place, heading, looks, "heading")

    def text(row: int, place: int, said: str) -> None:
        write_text(sheet, row, place, writable(said), looks, "wrapped")

    def exact(row: int, place: int, value: Decimal) -> None:
        whole = value == value.to_integral_value()
        sheet.write_number(row, place, value, looks.numbers["whole" if whole else "exact"])

    for row, line in enumerate(lines, start=1):
        found = _by_column(line)
        text(row, 0, line.label)
        exact(row, 1, line.quantity)
        text(row, 2, line.quantity_unit)
        used = []
        for place, column in enumerate(columns.factors, start=len(_BEFORE)):
            if column in found:
                exact(row, place, found[column].value)
                used.append(cell(row, place))
        if used and _comes_to_rate(line):
            formula, value = "=" + "*".join(used), float(line.rate)
            sheet.write_formula(row, rate, formula, looks.numbers["rate"], value)
        else:
            sheet.write_number(row, rate, line.rate, looks.numbers["rate"])
        formula, value = f"={cell(row, 1)}*{cell(row, rate)}", float(line.amount)
        sheet.write_formula(row, amount, formula, looks.numbers["pounds"], value)
        for place, said in enumerate(_said(line), start=amount + 1):
            text(row, place, said)
    last = len(lines) + 1
    write_text(sheet, last, 0, _TOTAL, looks, "label")
    if lines:
        formula = f"=ROUND(SUM({cell(1, amount)}:{cell(last - 1, amount)}),2)"
        sheet.write_formula(last, amount, formula, looks.total, float(statement.total))
    else:
        sheet.write_number(last, amount, 0, looks.total)
    text(last, amount + 3, _guessed(statement))
    sheet.set_column(0, 0, width([_TOTAL, *(line.label for line in lines)]))
    sheet.set_column(1, amount, 14)
    sheet.set_column(amount + 1, amount + 2, 36)
    sheet.set_column(amount + 3, amount + 3, 14)
    sheet.set_column(amount + 4, amount + 4, 40)


def _columns(statement: Statement) -> _Columns:
    """Return the columns, the factors' in the order in which they are first met."""
    met = dict.fromkeys(column for line in statement.lines for column in _by_column(line))
    return _Columns(list(met))


def _by_column(line: Line) -> dict[tuple[str, int], Factor]:
    """Return a line's factors by column; the second of one label has a column of its own."""
    seen: Counter[str] = Counter()
    out = {}
    for one in line.factors:
        seen[one.label] += 1
        out[one.label, seen[one.label]] = one
    return out


def _comes_to_rate(line: Line) -> bool:
    made = prod((one.value for one in line.factors), start=Decimal(1))
    return abs(made - line.rate) <= abs(line.rate) * Decimal("1e-12")


def _said(line: Line) -> tuple[str, str, str, str]:
    """Return rule, reference, whether it is an estimate, and note."""
    estimate = "yes" if line.estimate else "no"
    return rule_title(line.rule), rule_place(line.rule), estimate, line.note


def _guessed(statement: Statement) -> str:
    return "in part" if any(line.estimate for line in statement.lines) else "no"


def _text(said: str) -> str:
    return quoted(writable(said)) if said else ""


def _decimal(value: Decimal) -> str:
    return f"{value:f}"
