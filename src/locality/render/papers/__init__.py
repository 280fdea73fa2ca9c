"""Papers: a table as CSV, Excel or Parquet, with the words that belong to it.

Each carries caption, notes, attributions and working beside the rows, holds text that a
spreadsheet would take for a formula as plain text, and is the same bytes for the same table.
"""

from locality.render.papers.comma_separated import csv_bytes
from locality.render.papers.parquet import parquet_bytes
from locality.render.papers.workbook import workbook_bytes

__all__ = ["csv_bytes", "parquet_bytes", "workbook_bytes"]
