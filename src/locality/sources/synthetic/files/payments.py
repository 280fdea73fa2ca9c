"""NHS Payments to General Practice: a row for each practice, a column for each payment.

Three layouts: 2019-20 (footnote digits in headers, dates as a spreadsheet counts days), 2021-22,
and 2022-23, which later years are written in too.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from locality.sources.synthetic.files.payment_headers import COVID, HEADERS, NETWORKS
from locality.sources.synthetic.files.wrapping import put

_SPREADSHEET = date(1899, 12, 30)
_APART = {
    **{key: "networks" for _, key in NETWORKS},
    **{key: "covid" for _, key in COVID},
    "deductions": "deductions",
}


_NOT_MONEY = {
    "region_code", "region_name", "sub_icb_code", "sub_icb_name", "pcn_code", "pcn_name",
    "practice_code", "practice_name", "address", "postcode", "opened", "closed", "contract_type",
    "dispensing", "practice_type", "rurality", "atypical", "registered", "weighted",
}  # fmt: skip


@dataclass(frozen=True)
class PaidPractice:
    """One row. ``pence`` is by payment; a payment that is not there is zero, None a blank cell.

    Texts are as published; ``dispensing`` is Yes, No or Unknown, ``marks`` what is unusual.
    """

    code: str
    name: str
    opened: date
    registered: float
    weighted: float
    pence: Mapping[str, int | None]
    closed: date | None = None
    contract_type: str = "GMS"
    dispensing: str = "No"
    practice_type: str = "GP practice"
    rurality: str = "Urban"
    marks: tuple[str, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)


def is_written(year: int) -> bool:
    """Return whether the layout of ``year`` is one of the three, or later than they are."""
    return year in HEADERS or year > max(HEADERS)


def layout_of(year: int) -> int:
    """Return the year whose layout a file of ``year`` has: the latest that is not after it."""
    return max(known for known in HEADERS if known <= year)


def payments_of(year: int) -> tuple[str, ...]:
    """Return the payments that a file of ``year`` has a column for."""
    keys = (key for _, key in HEADERS[layout_of(year)])
    return tuple(key for key in keys if ":" not in key and key not in _NOT_MONEY)


def counted_in(payment: str) -> str:
    """Return which sum a payment is in: main, networks, covid or deductions."""
    return _APART.get(payment, "main")


def file_name(year: int) -> str:
    """Return ``nhspaymentsgp-22-23-prac-csv.csv`` for 2022."""
    return f"nhspaymentsgp-{year % 100:02d}-{(year + 1) % 100:02d}-prac-csv.csv"


def payments_text(year: int, practices: Iterable[PaidPractice]) -> str:
    """Return the file's text; totals and averages are worked out from the payments."""
    headers = HEADERS[layout_of(year)]
    keys = [key for _, key in headers]
    out = io.StringIO()
    if layout_of(year) != 2019:
        out.write("\ufeff")
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow([header for header, _ in headers])
    on = _serial if layout_of(year) == 2019 else _slashed
    for one in practices:
        sums = {"main": 0, "networks": 0, "covid": 0, "deductions": 0}
        for key in payments_of(year):
            sums[counted_in(key)] += one.pence.get(key, 0) or 0
        about = _about(one, on, shouting=layout_of(year) == 2019)
        rows.writerow([_cell(key, one, about, sums, layout_of(year)) for key in keys])
    return out.getvalue()


def write_payments(folder: Path, year: int, practices: Iterable[PaidPractice]) -> Path:
    """Write one year's file."""
    return put(folder / file_name(year), payments_text(year, practices))


def _cell(
    key: str, one: PaidPractice, about: Mapping[str, str], sums: Mapping[str, int], layout: int
) -> str:
    if key in about:
        return about[key]
    kind, _, parts = key.partition(":")
    if kind == "total":
        return _pounds(sum(sums[part] for part in parts.split()))
    if kind == "each":
        people, *added = parts.split()
        many = one.registered if people == "registered" else one.weighted
        if not many:
            return "N/A" if layout == 2019 else "0"
        return _pounds(round(sum(sums[part] for part in added) / many))
    pence = one.pence.get(key, 0)
    return "" if pence is None else _pounds(pence)


def _about(one: PaidPractice, on: Callable[[date], str], *, shouting: bool) -> dict[str, str]:
    def unknown(word: str) -> str:
        return word.upper() if shouting and word in ("Unknown", "Missing") else word

    return {
        **dict.fromkeys(_NOT_MONEY, ""),
        **one.about,
        "practice_code": one.code,
        "practice_name": one.name,
        "opened": on(one.opened),
        "closed": on(one.closed) if one.closed else "",
        "contract_type": unknown(one.contract_type),
        "dispensing": unknown(one.dispensing),
        "practice_type": one.practice_type,
        "rurality": unknown(one.rurality),
        "atypical": "".join(f"| {mark} |" for mark in one.marks),
        "registered": _decimals(one.registered),
        "weighted": _decimals(one.weighted),
    }


def _pounds(pence: int) -> str:
    """Return pounds as the file writes them: no noughts after the last digit that counts."""
    sign = "-" if pence < 0 else ""
    whole, part = divmod(abs(pence), 100)
    return f"{sign}{whole}.{part:02d}".rstrip("0").rstrip(".") if part else f"{sign}{whole}"


def _decimals(number: float) -> str:
    return _pounds(round(100 * number))


def _serial(on: date) -> str:
    return str((on - _SPREADSHEET).days)


def _slashed(on: date) -> str:
    return f"{on:%d/%m/%Y}"
