"""National cost schedules: what NHS providers say each kind of activity costs.

Two layouts. Workbooks (Reference Costs 2016/17 and 2017/18) have a sheet a department, with titles
above the header; 2016/17 gives no totals, so they are activity x unit cost, which adds up to the
publisher's own. Extracts (National Cost Collection from 2023/24) have a row for each department
and currency; from 2024/25 small activity is hidden and its cost is kept. Sheets that only add up
others are passed over. What each year calls a department is in ``knowledge/costs``.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from locality.figures import Missing, Period, Table
from locality.figures.schemas.prices import NATIONAL_COSTS
from locality.knowledge.cost_departments import CostDepartment, cost_departments
from locality.sources.arrow import Array, pc
from locality.sources.cells import Numbers, codes, negative, numbers
from locality.sources.dating import year_from_names
from locality.sources.layout import Layout
from locality.sources.publications.price_tables import same, tidy, title_year
from locality.sources.reading import Hints, Reading, Refused
from locality.sources.rows import Sheet, plain
from locality.sources.sieve import Sieve

PUBLICATION = "national_costs"
TITLE = "the national cost schedules"
VERSION = 1

#: The extracts: a column of departments.
LAYOUT = Layout(
    needed={
        "department": ("department_code", "service_code"),
        "currency_code": ("currency_code", "dept_or_currency_code"),
        "name": ("currency_desc", "dept_or_currency_desc"),
        "activity": ("activity",),
        "unit_cost": ("unit_cost",),
        "total_cost": ("cost",),
    }
)
#: The workbooks: the sheet is the department.
SHEET = Layout(
    needed={
        "currency_code": ("currency_code",),
        "name": ("currency_description",),
        "unit_cost": ("national_average_unit_cost",),
    },
    also={
        "total_cost": ("total_cost", "total_costs"),
        "group_code": ("department_code",),
        "group_name": ("department_description",),
        "service_code": ("service_code",),
        "service_name": ("service_description",),
    },
)


def recognise(sheet: Sheet) -> bool:
    """Return whether the header is that of a cost schedule, in either layout."""
    return SHEET.fits(sheet) or LAYOUT.fits(sheet)


def read(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    """Return one reading: NATIONAL_COSTS of the year, of one department where it is a sheet."""
    if SHEET.fits(sheet):
        return (_department(sheet, hints),)
    return (_extract(sheet, hints),)


def _department(sheet: Sheet, hints: Hints) -> Reading:
    period = title_year(sheet) or _named(hints)
    about = cost_departments().find(sheet.name, period)
    if about is None:
        raise Refused(
            f"The sheet “{sheet.name}” is laid out as a department of the national costs, but no "
            f"department is so called in {period.code}. Give the workbook as it was published."
        )
    found = SHEET.columns(sheet)
    found["activity"] = sheet.column(_activity(sheet, about))
    code = codes(found["currency_code"])
    empty = same("", code)
    # Rehabilitation, dialysis and imaging are split by a department of their own as well.
    parts = [codes(found[f]) for f in ("group_code", "service_code") if f in found]
    names = [found[f] for f in ("group_name", "service_name") if f in found]
    service = _joined(parts, "/") if parts else same(about.service, code)
    rows = {
        "department": same(about.department, code),
        "service_code": service,
        "service_name": tidy(_joined(names, ": ")) if names else empty,
        "currency_code": code,
        "name": tidy(found["name"]),
    }
    amounts: dict[str, Numbers] = {
        f: numbers(found[f]) for f in ("activity", "unit_cost", "total_cost") if f in found
    }
    return _reading(sheet, period, rows, amounts, part=about.published, notes=_noted([about]))


def _activity(sheet: Sheet, about: CostDepartment) -> int:
    """Return the place of the column of activity, which each department heads in its own way."""
    wanted = plain(about.activity)
    if wanted not in sheet.words:
        raise Refused(
            f"The sheet “{sheet.name}” has no column called “{about.activity}”, in which the "
            "publisher counts this department's activity. Give the workbook as it was published."
        )
    return sheet.words.index(wanted)


def _extract(sheet: Sheet, hints: Hints) -> Reading:
    period = _named(hints)
    found = LAYOUT.columns(sheet)
    written = found["department"].dictionary_encode()
    known = [cost_departments().find(text, period) for text in written.dictionary.to_pylist()]
    ids = pa.array([one.department if one else None for one in known], pa.string())
    code = codes(tidy(found["currency_code"]))
    rows = {
        "department": ids.take(written.indices),
        "service_code": same("", code),
        "service_name": same("", code),
        "currency_code": code,
        "name": tidy(found["name"]),
    }
    amounts: dict[str, Numbers] = {
        field: numbers(found[field]) for field in ("activity", "unit_cost", "total_cost")
    }
    told = (f"The year {period.code} comes from the file's name: the file does not say it.",)
    return _reading(sheet, period, rows, amounts, part="", notes=(*told, *_noted(known)))


def _reading(
    sheet: Sheet,
    period: Period,
    rows: dict[str, Array],
    amounts: dict[str, Numbers],
    part: str,
    notes: tuple[str, ...],
) -> Reading:
    code = rows["currency_code"]
    sieve = Sieve(sheet, code)
    sieve.drop(_only_words(amounts), "The row is a heading or a note, without a number.",
               expected=True)  # fmt: skip
    sieve.drop(np.asarray(pc.equal(code, "")), "The currency code is empty.")
    sieve.drop(
        np.asarray(pc.is_null(rows["department"])),
        f"No department is so called in the national costs of {period.code}.",
    )
    for field, values in amounts.items():
        words = field.replace("_", " ")
        sieve.drop(values.wrong, f"The {words} is not a number.")
        sieve.drop(negative(values), f"The {words} is below zero.")
    sieve.drop_repeats(
        [rows["department"], rows["service_code"], code],
        [values.values for values in amounts.values()],
        "department, service and currency",
    )
    _refuse_changed_places(sieve, amounts)
    aside = sieve.verdict(TITLE)
    activity, unit = amounts["activity"], amounts["unit_cost"]
    worked_out = "total_cost" not in amounts
    total = (
        pc.multiply(activity.values, unit.values) if worked_out else amounts["total_cost"].values
    )
    table = Table.of(
        NATIONAL_COSTS,
        {
            "period": same(period.code, sieve.kept(code)),
            **{name: sieve.kept(column) for name, column in rows.items()},
            "activity": sieve.kept(activity.values),
            "unit_cost": sieve.kept(unit.values),
            "total_cost": sieve.kept(total),
            "worked_out": pa.repeat(pa.scalar(worked_out), int(sieve.keep.sum())),
            "missing": sieve.kept(_missing(amounts, worked_out)),
        },
    )
    multiplied = (
        ("The sheets of this year give no total cost; it is activity x unit cost.",)
        if worked_out
        else ()
    )
    return Reading(
        publication=PUBLICATION,
        period=period.code,
        part=part,
        tables={"national_costs": table},
        rows=len(table),
        practices=0,
        reader_version=VERSION,
        set_aside=aside,
        notes=(*notes, *multiplied),
    )


def _missing(amounts: dict[str, Numbers], worked_out: bool) -> Array:
    """Return why a row lacks a number. Activity hidden beside its own cost is small: suppressed."""
    reasons = pc.coalesce(*(values.missing for values in amounts.values()))
    if worked_out:
        return reasons
    hidden = pc.and_(
        pc.is_null(amounts["activity"].values), pc.is_valid(amounts["total_cost"].values)
    )
    return pc.if_else(hidden, str(Missing.SUPPRESSED), reasons)


def _refuse_changed_places(sieve: Sieve, amounts: dict[str, Numbers]) -> None:
    """Refuse a file in which activity x unit cost is seldom the total: columns were mixed up."""
    if "total_cost" not in amounts:
        return
    activity, unit, total = (
        amounts[field].values.to_numpy(zero_copy_only=False).astype(float)
        for field in ("activity", "unit_cost", "total_cost")
    )
    # Unit costs are rounded to four places at least.
    slack = 0.01 + 1e-4 * np.abs(activity) + 1e-6 * np.abs(total)
    off = (np.abs(activity * unit - total) > slack) & sieve.keep
    whole = np.isfinite(activity * unit * total) & sieve.keep
    if 20 * int(off.sum()) > int(whole.sum()):
        raise Refused(
            "In many rows activity x unit cost is not the total cost (first at "
            f"{sieve.example(int(np.argmax(off)))}). Two columns may have changed places, or the "
            "file was altered. Download it again."
        )


def _only_words(amounts: dict[str, Numbers]) -> np.ndarray:
    """Return the rows in which every number's cell is empty."""
    empty = None
    for values in amounts.values():
        blank = np.asarray(pc.fill_null(pc.equal(values.missing, str(Missing.NO_RETURN)), False))
        empty = blank if empty is None else empty & blank
    assert empty is not None
    return empty


def _named(hints: Hints) -> Period:
    period = year_from_names(hints.names)
    if period is None:
        raise Refused(
            "This is a national cost schedule, but the file does not say of which year, and nor "
            "does its name. Put the year into the name, such as "
            "ncc_2024-25_national_schedule.csv."
        )
    return period


def _joined(columns: list[Array], sign: str) -> Array:
    return columns[0] if len(columns) == 1 else pc.binary_join_element_wise(*columns, sign)


def _noted(known: list[CostDepartment | None]) -> tuple[str, ...]:
    return tuple(f"{one.title}: {one.note}" for one in known if one is not None and one.note)
