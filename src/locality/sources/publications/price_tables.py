"""What the readers of prices, trim points and costs share: HRG codes, years, long tables."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from locality.figures import Missing, Period, Schema, Table
from locality.sources.arrow import Array, pc
from locality.sources.cells import Numbers
from locality.sources.dating import years_in
from locality.sources.rows import Sheet

#: A healthcare resource group: two letters, two digits, one letter.
HRG_CODE = r"^[A-Z]{2}\d{2}[A-Z]$"


def title_year(sheet: Sheet) -> Period | None:
    """Return the one financial year that the rows above the header name; None for none or two."""
    found = {year for row in sheet.above for cell in row for year in years_in(cell)}
    return Period.financial_year(found.pop()) if len(found) == 1 else None


def long_table(
    schema: Schema, field: str, period: str, code: Array, of: Mapping[str, Numbers], here: Array
) -> Table:
    """Return a row for each HRG and setting: ``field`` holds its number, or ``missing`` why not.

    ``of`` gives each setting's cells, ``here`` (flags) which of them belong to ``code``. A cell
    left empty means that there is no such price: it is not applicable.
    """
    parts = []
    for setting, cells in of.items():
        reasons = cells.missing.filter(here)
        no_return = pc.fill_null(pc.equal(reasons, str(Missing.NO_RETURN)), False)
        parts.append(
            pa.table(
                {
                    "period": same(period, code),
                    "hrg_code": code,
                    "setting": same(setting, code),
                    field: cells.values.filter(here),
                    "missing": pc.if_else(no_return, str(Missing.NOT_APPLICABLE), reasons),
                }
            )
        )
    return Table.of(schema, pa.concat_tables(parts))


def same(text: str, column: Array) -> Array:
    """Return ``text`` as often as ``column`` is long."""
    return pa.repeat(pa.scalar(text), len(column))


def tidy(names: Array) -> Array:
    """Return names with every run of blanks, line breaks and fixed spaces as one blank."""
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(names, r"[\s\x{a0}]+", " "))
