"""Papers: what there is to say, as a file that somebody else can open.

A table becomes CSV, Excel or Parquet, a statement CSV or Excel with live formulas, a paper Word or
Excel. Each carries caption, notes, attributions and working beside the rows, holds text that a
spreadsheet would take for a formula as plain text, and is the same bytes for the same content.
"""

from locality.render.papers.comma_separated import csv_bytes
from locality.render.papers.paper_workbook import paper_workbook_bytes
from locality.render.papers.parquet import parquet_bytes
from locality.render.papers.statement_paper import statement_csv_bytes, statement_workbook_bytes
from locality.render.papers.word import word_bytes
from locality.render.papers.workbook import workbook_bytes

__all__ = [
    "csv_bytes",
    "paper_workbook_bytes",
    "parquet_bytes",
    "statement_csv_bytes",
    "statement_workbook_bytes",
    "word_bytes",
    "workbook_bytes",
]
