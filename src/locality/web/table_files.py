"""What people recorded, as files: any typed table as CSV, Excel or Parquet."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse

from locality.figures import NotFound, Table
from locality.render import papers
from locality.web.downloads import TYPES


def table_file(request: HttpRequest, table: Table, name: str, ending: str) -> HttpResponse:
    """Return ``table`` as a file to keep; raises NotFound for an ending there is not."""
    if ending not in TYPES:
        raise NotFound(f"Downloads end in {', '.join(TYPES)}.")
    if ending == "csv":
        content = papers.csv_bytes(table)
    elif ending == "parquet":
        content = papers.parquet_bytes(table)
    else:
        content = papers.workbook_bytes([table])
    response = HttpResponse(content, TYPES[ending])
    file_name = re.sub(r"[^A-Za-z0-9._-]+", "-", f"locality-{name}.{ending}")
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    # What people recorded may change at any moment, and is not everybody's to read.
    response["Cache-Control"] = "private, no-store"
    return response
