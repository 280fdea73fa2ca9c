"""What a healthcare resource group (HRG) is paid nationally, and when a stay counts as long.

Prices are NHS England's own, as published; none is filled in, carried over or uprated. What a
provider is paid in the end also depends on the market forces factor and on the contract.
"""

from __future__ import annotations

import difflib
from typing import Any

import pyarrow as pa
import pyarrow.compute

from locality.figures import (
    Column,
    Figure,
    Missing,
    NotFound,
    Period,
    Problem,
    Schema,
    Step,
    Table,
    Working,
)
from locality.figures.schemas.prices import HRGS
from locality.knowledge.problems import nearest

pc: Any = pyarrow.compute

#: What a price is for, in words. The order is that of the publisher's columns.
SETTINGS = {
    "outpatient_procedure": "outpatient procedure",
    "combined_day_case_ordinary_elective": "day case or ordinary elective, one price",
    "day_case": "day case",
    "ordinary_elective": "ordinary elective",
    "non_elective": "non-elective",
    "reduced_short_stay_emergency": "emergency with a reduced short-stay price",
    "long_stay_per_day": "each day beyond the trim point",
}
#: Which stays a trim point is for.
TRIM_SETTINGS = {"elective": "ordinary elective", "non_elective": "non-elective"}

PRICE_LIST = Schema(
    "price_list",
    "National prices of the HRGs found",
    (
        Column("hrg_code", "text", "healthcare resource group"),
        Column("name", "text", "its name in that year"),
        Column("period", "text", "financial year"),
        Column("setting", "text", "what the price is for: locality.know.SETTINGS"),
        Column("setting_title", "text", "the same in words"),
        Column("price", "number", "national price, before local adjustment", "£", required=False),
        Column("missing", "text", "why there is none: locality.figures.Missing", required=False),
    ),
    ("hrg_code", "period", "setting"),
)


def search(hrgs: Table, text: str, limit: int = 20) -> Table:
    """Return the HRGs that have every word of ``text`` in code or name (HRGS), likeliest first.

    ``hrgs`` holds HRGS rows of any years; each code comes once, with its name in its latest year.
    A code that is ``text``, or begins with it, comes first. No words find nothing.
    """
    words = text.casefold().split()
    if not words or limit < 1:
        return Table.of(HRGS, [], title=f"HRGs like {text!r}")
    order = pc.sort_indices(hrgs.data, sort_keys=[("period", "descending")])
    seen: set[str] = set()
    found: list[tuple[Any, dict[str, Any]]] = []
    for row in _having(hrgs.data.take(order), words).to_pylist():
        if row["hrg_code"] in seen:
            continue
        seen.add(row["hrg_code"])
        code, name = row["hrg_code"].casefold(), row["name"].casefold()
        if all(word in code or word in name for word in words):
            rank = (not code.startswith(words[0]), not name.startswith(words[0]), row["hrg_code"])
            found.append((rank, row))
    found.sort(key=lambda item: item[0])
    return Table.of(HRGS, [row for _, row in found[:limit]], title=f"HRGs like {text!r}")


def price_list(prices: Table, hrgs: Table, text: str, limit: int = 20) -> Table:
    """Return every price, in every year loaded, of the HRGs that ``text`` finds (PRICE_LIST).

    HRGs come as :func:`search` orders them, then latest years first. A price that does not exist
    is a row that says why.
    """
    ranks = {row["hrg_code"]: rank for rank, row in enumerate(search(hrgs, text, limit).rows)}
    names = {(row["hrg_code"], row["period"]): row["name"] for row in _of(hrgs, ranks).rows}
    settings = list(SETTINGS)
    rows = [
        {
            **row,
            "name": names.get((row["hrg_code"], row["period"]), ""),
            "setting_title": SETTINGS[row["setting"]],
        }
        for row in _of(prices, ranks).rows
    ]
    rows.sort(key=lambda row: settings.index(row["setting"]))
    rows.sort(key=lambda row: row["period"], reverse=True)
    rows.sort(key=lambda row: ranks[row["hrg_code"]])
    return Table.of(
        PRICE_LIST,
        rows,
        title=f"National prices of HRGs like {text!r}",
        caption="As published, before the market forces factor, top-ups and local changes.",
    )


def price(
    prices: Table,
    hrgs: Table,
    code: str,
    setting: str,
    period: Period,
    working: Working | None = None,
) -> Figure:
    """Return the national price of an HRG in a setting (SETTINGS) and year, in pounds.

    ``prices`` and ``hrgs`` hold NATIONAL_PRICES and HRGS rows of every year loaded. Where there is
    no price the figure has none and its note says why: the HRG is not priced so, is not in that
    year's list, or no list of that year is loaded. Raises Problem for an unknown setting or when
    no prices are loaded, NotFound for a code that no year has.
    """
    _known(setting, SETTINGS, "setting of a price")
    code = _code(prices, code, "national prices")
    own = _of(prices, [code]).rows
    row, why = _row(prices, own, code, setting, period, "price")
    note = why
    if row is not None and row["price"] is None:
        note = f"There is no such price for {code} in {period.code}. {_others(own, period)}"
    return _figure(
        "national_price",
        f"National price of {code}{_called(hrgs, code, period)}, {SETTINGS[setting]}",
        period,
        "£",
        row,
        "price",
        note,
        Step(
            f"Row of {code}, {SETTINGS[setting]}, {period.code}, in the national prices.",
            _cell(row, "price"),
        ),
        working,
    )


def trim_point(
    trims: Table, code: str, setting: str, period: Period, working: Working | None = None
) -> Figure:
    """Return the trim point of an HRG, in days, for elective or non_elective stays in a year.

    ``trims`` holds TRIM_POINTS rows. Without one the figure's note says why, as in :func:`price`.
    """
    _known(setting, TRIM_SETTINGS, "setting of a trim point")
    code = _code(trims, code, "trim points")
    row, why = _row(trims, _of(trims, [code]).rows, code, setting, period, "trim point")
    note = why
    if row is not None and row["days"] is None:
        note = f"{code} has no {TRIM_SETTINGS[setting]} trim point in {period.code}."
    return _figure(
        "trim_point",
        f"Trim point of {code}, {TRIM_SETTINGS[setting]}",
        period,
        "days",
        row,
        "days",
        note,
        Step(
            f"Row of {code}, {TRIM_SETTINGS[setting]}, {period.code}, in the trim points.",
            _cell(row, "days"),
        ),
        working,
    )


def _figure(
    measure: str,
    title: str,
    period: Period,
    unit: str,
    row: dict[str, Any] | None,
    field: str,
    note: str,
    step: Step,
    working: Working | None,
) -> Figure:
    value = None if row is None else row[field]
    missing = None
    if value is None:
        missing = Missing(row["missing"] if row and row["missing"] else Missing.NO_RETURN)
    given = working or Working()
    return Figure(
        measure=measure,
        title=title,
        organisation="ENG",
        period=period,
        unit=unit,
        value=None if value is None else float(value),
        missing=missing,
        note=note,
        working=Working(
            given.sources, given.rules, given.steps if row is None else (*given.steps, step)
        ),
    )


def _row(
    table: Table, own: list[dict[str, Any]], code: str, setting: str, period: Period, what: str
) -> tuple[dict[str, Any] | None, str]:
    """Return the one row asked for, or None and why there is none."""
    for row in own:
        if row["period"] == period.code and row["setting"] == setting:
            return row, ""
    years = sorted(pc.unique(table.data.column("period")).to_pylist())
    if period.code not in years:
        return None, (
            f"No file with a {what} for {period.code} is loaded. "
            f"Years loaded: {', '.join(years)}. None is carried over from another year."
        )
    listed = sorted({row["period"] for row in own})
    if period.code not in listed:
        return None, f"{code} is not in the list of {period.code}; it is in {', '.join(listed)}."
    return None, f"The file of {period.code} has no column for this {what}."


def _others(own: list[dict[str, Any]], period: Period) -> str:
    priced = [
        f"{SETTINGS[row['setting']]} £{row['price']:,.2f}"
        for row in sorted(own, key=lambda row: list(SETTINGS).index(row["setting"]))
        if row["period"] == period.code and row["price"] is not None
    ]
    return f"It is priced as: {'; '.join(priced)}." if priced else "It has no price of any kind."


def _cell(row: dict[str, Any] | None, field: str) -> str:
    if row is None or row[field] is None:
        return ""
    return f"£{row[field]:,.2f}" if field == "price" else f"{row[field]:,} days"


def _called(hrgs: Table, code: str, period: Period) -> str:
    rows = sorted(_of(hrgs, [code]).rows, key=lambda row: row["period"] != period.code)
    return f" ({rows[0]['name']})" if rows else ""


def _known(setting: str, settings: dict[str, str], what: str) -> None:
    if setting not in settings:
        raise Problem(f"There is no {what} called {setting!r}; {nearest(setting, settings)}")


def _code(table: Table, code: str, what: str) -> str:
    """Return ``code`` as the table writes it; NotFound where no year has it."""
    if not len(table):
        raise Problem(
            f"No {what} are loaded. Read a national price workbook (Annex A) first: "
            "locality ingest FILE."
        )
    wanted = code.strip().upper()
    every: list[str] = pc.unique(table.data.column("hrg_code")).to_pylist()
    if wanted not in every:
        near = difflib.get_close_matches(wanted, every, n=3, cutoff=0.6)
        hint = f" Near it: {', '.join(near)}." if near else ""
        raise NotFound(f"No loaded year has {what} for an HRG {code!r}.{hint}")
    return wanted


def _of(table: Table, some: Any) -> Table:
    """Return the rows of the HRG codes ``some``."""
    wanted = pa.array(list(some), pa.string())
    mask = pc.is_in(table.data.column("hrg_code"), value_set=wanted)
    return Table(table.schema, table.data.filter(mask))


def _having(hrgs: pa.Table, words: list[str]) -> pa.Table:
    """Return the rows that have every word in code or name, whatever their capitals."""
    for word in words:
        hrgs = hrgs.filter(
            pc.or_(
                *(
                    pc.match_substring(hrgs.column(field), word, ignore_case=True)
                    for field in ("hrg_code", "name")
                )
            )
        )
    return hrgs
