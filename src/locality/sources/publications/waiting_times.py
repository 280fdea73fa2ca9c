"""Referral to treatment waiting times, the full extract: pathways by weeks waited.

One row is a provider, commissioner, specialty and part of the pathway, with a column for each
week. The rows stay as they are: what is shown is counted from them later. A new period has no
weeks, and its number stands in the last column.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pyarrow as pa

from locality.figures import Period, Table
from locality.figures.schemas.waiting import TREATMENT_FUNCTIONS, WAITING_ROWS, WEEKS
from locality.sources.arrow import Array, pc
from locality.sources.cells import MONTHS, Numbers, codes, counts, empty_as_null, matches, negative
from locality.sources.layout import Layout
from locality.sources.reading import Hints, Reading, Refused
from locality.sources.rows import Sheet
from locality.sources.sieve import Sieve

PUBLICATION = "waiting_times"
TITLE = "referral to treatment waiting times (full extract)"
VERSION = 1

#: The columns of weeks: "Gt 00 To 01 Weeks SUM 1" ... "Gt 104 Weeks SUM 1".
_BANDS = {
    name: (f"gt_{week:02d}_to_{week + 1:02d}_weeks_sum_1",) for week, name in enumerate(WEEKS[:-1])
} | {WEEKS[-1]: ("gt_104_weeks_sum_1",)}
_AMOUNTS = {
    **_BANDS,
    "total": ("total",),
    "unknown_start": ("patients_with_unknown_clock_start_date",),
    "total_all": ("total_all",),
}
LAYOUT = Layout(
    needed={
        "period": ("period",),
        "provider_code": ("provider_org_code",),
        "commissioner_code": ("commissioner_org_code",),
        "part": ("rtt_part_type",),
        "treatment_function": ("treatment_function_code",),
        "treatment_function_name": ("treatment_function_name",),
        **_AMOUNTS,
    },
    also={
        "provider_parent_code": ("provider_parent_org_code",),
        "commissioner_parent_code": ("commissioner_parent_org_code",),
    },
)
#: Parts as published -> as kept.
PARTS = {
    "PART_1A": "completed_admitted",
    "PART_1B": "completed_non_admitted",
    "PART_2": "incomplete",
    "PART_2A": "incomplete_dta",
    "PART_3": "new_periods",
}
_MONTH = re.compile(r"RTT-([A-Z]{3})[A-Z]*-(\d{4})")
_CODE = r"^[A-Z0-9]{3,6}$"
_FUNCTION = r"^[A-Z]+_\d{3}[A-Z]?$|^C_999$|^X\d{2}$"


def recognise(sheet: Sheet) -> bool:
    """Return whether the header is that of the full extract."""
    return LAYOUT.fits(sheet)


def read(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    """Return one reading: WAITING_ROWS of the month, and the names of specialties.

    Raises Refused where the rows are of several months, or weeks do not add up to their total in
    more than a few rows.
    """
    found = LAYOUT.columns(sheet)
    provider, commissioner = codes(found["provider_code"]), codes(found["commissioner_code"])
    function = codes(found["treatment_function"])
    part = _taken(PARTS, codes(found["part"]))
    period = _month(found["period"])
    sieve = Sieve(sheet, commissioner)
    sieve.drop(~matches(provider, _CODE), "The provider code is not three to six signs.")
    sieve.drop(~matches(commissioner, _CODE), "The commissioner code is not three to six signs.")
    sieve.drop(pc.is_null(part), "The part of the pathway is not one of the five.")
    sieve.drop(~matches(function, _FUNCTION), "The treatment function is not a code such as C_320.")
    amounts = {name: counts(found[name]) for name in _AMOUNTS}
    for name, numbers in amounts.items():
        words = f"week {int(name[1:])}" if name in _BANDS else name.replace("_", " ")
        sieve.drop(numbers.wrong, f"The number of pathways ({words}) is not a whole number.")
        sieve.drop(negative(numbers), f"The number of pathways ({words}) is below zero.")
    _refuse_unbalanced(sieve, part, amounts)
    sieve.drop_repeats(
        [provider, commissioner, part, function],
        [amounts["total_all"].values],
        "provider, commissioner, part and treatment function",
    )
    aside = sieve.verdict(TITLE)
    rows = int(sieve.keep.sum())
    columns: dict[str, Any] = {
        "period": pa.repeat(pa.scalar(period.code), rows),
        "provider_code": sieve.kept(provider),
        "provider_parent_code": _parent(sieve, found, "provider_parent_code"),
        "commissioner_code": sieve.kept(commissioner),
        "commissioner_parent_code": _parent(sieve, found, "commissioner_parent_code"),
        "part": sieve.kept(part),
        "treatment_function": sieve.kept(function),
        **{name: sieve.kept(numbers.values) for name, numbers in amounts.items()},
    }
    named = pa.table(
        {"code": sieve.kept(function), "name": sieve.kept(found["treatment_function_name"])}
    )
    named = named.group_by("code").aggregate([("name", "min")]).sort_by("code")
    return (
        Reading(
            publication=PUBLICATION,
            period=period.code,
            tables={
                "waiting_rows": Table.of(WAITING_ROWS, columns),
                "treatment_functions": Table.of(
                    TREATMENT_FUNCTIONS,
                    {
                        "period": pa.repeat(pa.scalar(period.code), named.num_rows),
                        "treatment_function": named["code"],
                        "name": named["name_min"],
                    },
                ),
            },
            rows=rows,
            practices=0,
            reader_version=VERSION,
            set_aside=aside,
            notes=("Commissioner NONC is not English and is left out of England.",),
        ),
    )


def _month(column: Array) -> Period:
    written: list[str] = sorted(pc.unique(codes(column)).to_pylist())
    found = [match for text in written if (match := _MONTH.fullmatch(text))]
    if len(written) != 1 or len(found) != 1 or found[0][1].lower() not in MONTHS:
        said = ", ".join(repr(text[:30]) for text in written[:3])
        raise Refused(
            "The column Period does not name one month, such as RTT-January-2026, in every row; "
            f"it says {said}. Give one file for each month."
        )
    return Period.month(int(found[0][2]), MONTHS[found[0][1].lower()])


def _taken(names: dict[str, str], column: Array) -> Array:
    return pa.array(list(names.values())).take(pc.index_in(column, pa.array(list(names))))


def _parent(sieve: Sieve, found: dict[str, Array], name: str) -> Array:
    if name not in found:
        return pa.nulls(int(sieve.keep.sum()), pa.string())
    return empty_as_null(codes(sieve.kept(found[name])))


def _refuse_unbalanced(sieve: Sieve, part: Array, amounts: dict[str, Numbers]) -> None:
    """Refuse a file whose weeks seldom add up to the totals: columns were lost or moved."""
    weeks = np.zeros(len(sieve.keep))
    for name in WEEKS:
        weeks += _whole(amounts[name].values)
    total = pc.coalesce(amounts["total"].values, amounts["total_all"].values)
    known = pc.and_(pc.is_valid(total), pc.not_equal(part, "new_periods"))
    timed = np.asarray(pc.fill_null(known, False))
    timed = timed & sieve.keep
    off = timed & (weeks != _whole(total))
    if 100 * int(off.sum()) > int(timed.sum()):
        first = int(np.argmax(off))
        raise Refused(
            "In many rows the weeks do not add up to the column Total (first at "
            f"{sieve.example(first)}). The file was cut or altered. Download it again."
        )


def _whole(values: Array) -> np.ndarray:
    filled: np.ndarray = pc.fill_null(values, 0).to_numpy(zero_copy_only=False)
    return filled.astype(np.float64)
