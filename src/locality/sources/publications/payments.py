"""NHS Payments to General Practice: what each practice was paid in a year, line by line.

Headers change every year, so what they mean is knowledge (``knowledge/payments/headers.csv``).
Every column of money is a line, or a total or average that follows from lines: totals are
checked against the lines, practice by practice, and not kept. Amounts below zero are real.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from locality.figures import Period, Table
from locality.figures.schemas.money import PAYMENT_PRACTICES, PAYMENTS
from locality.knowledge.payment_lines import PaymentLines, compared, payment_lines
from locality.sources.arrow import Array, pc
from locality.sources.cells import Numbers, codes, negative, numbers
from locality.sources.dating import year_from_names
from locality.sources.layout import Layout
from locality.sources.publications.payment_cells import (
    dates,
    filled,
    flags,
    marks,
    organisation_codes,
)
from locality.sources.reading import Hints, Reading, Refused
from locality.sources.rows import Sheet
from locality.sources.sieve import Sieve

PUBLICATION = "payments"
TITLE = "NHS Payments to General Practice"
VERSION = 1

#: Columns that every year has, one of them with a footnote digit in 2019-20.
_ALWAYS = {
    "total": "total_nhs_payments_to_general_practice",
    "global_sum": "global_sum",
    "qof": "total_qof_payments",
    "premises": "premises_payments",
    "deductions": "deductions_for_pensions_levies_and_prescription_charge_income",
}
LAYOUT = Layout(
    needed={
        "practice_code": ("practice_code",),
        **{
            field: (word, *(f"{word}{digit}" for digit in range(1, 100)))
            for field, word in _ALWAYS.items()
        },
    },
)
_HALF_A_PENNY = 0.005
_OFTEN = 0.01


def recognise(sheet: Sheet) -> bool:
    """Return whether the header is that of payments to practices."""
    return LAYOUT.fits(sheet)


def read(sheet: Sheet, hints: Hints) -> tuple[Reading, ...]:
    """Return one reading: PAYMENTS and PAYMENT_PRACTICES of the year of the file.

    The year is that of the file's name, or else the one whose headers these are. Raises Refused
    for a column that no year is known to have, since its money could not be accounted for, and
    for lines that do not add up to the published totals.
    """
    known = payment_lines()
    period = _year(sheet, hints, known)
    places = _places(sheet, known, period)
    about = {name: sheet.column(at) for (kind, name), at in places.items() if kind == "practice"}
    about["practice_code"] = codes(about["practice_code"])
    sieve = Sieve(sheet, about["practice_code"])
    sieve.drop_unknown_practices()
    money = {
        (kind, name): _read(sieve, at, "amount", signed=True)
        for (kind, name), at in places.items()
        if kind in ("line", "total")
    }
    people, basis = _people(sieve, places)
    values = [one.values for one in (*money.values(), *people.values())]
    sieve.drop_repeats([about["practice_code"]], values, "practice")
    checked = _check_totals(sieve, money, known)
    aside = sieve.verdict(TITLE)
    practices = _practices(sieve, about, people, basis, period)
    lines = {name: money["line", name] for name in known.lines if ("line", name) in money}
    payments = _payments(sieve, lines, known, practices)
    return (
        Reading(
            publication=PUBLICATION,
            period=period.code,
            tables={"payments": payments, "payment_practices": practices},
            rows=len(practices),
            practices=len(practices),
            reader_version=VERSION,
            set_aside=aside,
            notes=(checked, *_unusual(practices, payments)),
        ),
    )


def _year(sheet: Sheet, hints: Hints, known: PaymentLines) -> Period:
    named = year_from_names(hints.names)
    like = known.year_like(sheet.header)
    if named is not None:
        if like is not None and like != named.code and named.code in known.years:
            raise Refused(
                f"The file's name says {named.code}, but its columns are those of {like}. "
                "Give it the name that the publisher gave it."
            )
        return named
    if like is not None:
        return Period.parse(like)
    raise Refused(
        "These are payments to practices, but the file does not say which year they are for, nor "
        "does its name. Put the year into the name, such as nhspaymentsgp-22-23-prac-csv.csv."
    )


def _places(sheet: Sheet, known: PaymentLines, period: Period) -> dict[tuple[str, str], int]:
    """Return where each column stands that is read, by its kind and name in knowledge."""
    meanings = known.of_year(period.code)
    found: dict[tuple[str, str], int] = {}
    for place, header in enumerate(sheet.header):
        one = meanings.get(compared(header))
        if one is None:
            if not header and not pc.any(pc.not_equal(sheet.column(place), "")).as_py():
                continue
            raise Refused(
                f"The column “{header}” (column {place + 1}) is in no year of {TITLE} that is "
                "known here, so its money could not be accounted for. A line for it must be "
                "added to knowledge/payments/headers.csv before the file can be read."
            )
        if one.kind in ("average", "unused"):
            continue
        if (one.kind, one.name) in found:
            first = found[one.kind, one.name]
            raise Refused(
                f"“{sheet.header[first]}” and “{header}” (columns {first + 1} and {place + 1}) "
                "are one thing under two names, and would be counted twice. Keep one of them."
            )
        found[one.kind, one.name] = place
    return found


def _read(sieve: Sieve, place: int, what: str, *, signed: bool = False) -> Numbers:
    """Return a column of numbers; rows whose cell is none, or below zero, are set aside."""
    found = numbers(sieve.sheet.column(place))
    header = sieve.sheet.header[place]
    sieve.drop(found.wrong, f"The {what} under “{header}” is not a number.")
    if not signed:
        sieve.drop(negative(found), f"The {what} under “{header}” is below zero.")
    return found


def _people(sieve: Sieve, places: Mapping[tuple[str, str], int]) -> tuple[dict[str, Numbers], str]:
    """Return registered and weighted patients, and whether they are averages or last known."""
    for ending, words in (("average", "average"), ("last_known", "last known figure")):
        keys = {name: ("practice", f"{name}_{ending}") for name in ("registered", "weighted")}
        if all(key in places for key in keys.values()):
            counted = "number of patients"
            return {n: _read(sieve, places[key], counted) for n, key in keys.items()}, words
    raise Refused(
        "The file lacks a column of registered or of weighted patients, such as “Average Number "
        "of Registered Patients”. Download it again."
    )


def _check_totals(
    sieve: Sieve, money: Mapping[tuple[str, str], Numbers], known: PaymentLines
) -> str:
    """Set aside practices whose lines do not make their totals; Refused where many do not.

    Returns a note of what was checked.
    """
    differ = np.zeros(len(sieve.keep), dtype=bool)
    totals = [name for kind, name in money if kind == "total"]
    for name in totals:
        parts = [
            _floats(one)
            for (kind, line), one in money.items()
            if kind == "line" and known.counted_in(line) in known.totals[name].adds
        ]
        # Beyond half a penny: sums of floats differ by far less. A cell without a number is NaN,
        # and a sum with a hole in it is compared with nothing.
        apart = np.abs(np.sum(parts, axis=0) - _floats(money["total", name])) > _HALF_A_PENNY
        differ |= apart
    differ &= sieve.keep
    count = int(differ.sum())
    if count > 1 and count > _OFTEN * len(differ):
        raise Refused(
            f"In {count:,} practices the payments do not add up to the totals beside them (first "
            f"at {sieve.example(int(np.argmax(differ)))}). Columns may be missing or have changed "
            "places. Download the file again."
        )
    sieve.drop(differ, "The payments do not add up to the totals beside them.")
    whole = float(np.nansum(_floats(money["total", "practice"])[sieve.keep]))
    return (
        f"In every practice the payments add up to the {len(totals)} published totals. Payments "
        f"to general practice are £{whole:,.2f} in all."
    )


def _practices(
    sieve: Sieve,
    about: Mapping[str, Array],
    people: Mapping[str, Numbers],
    basis: str,
    period: Period,
) -> Table:
    rows = int(sieve.keep.sum())
    nothing = pa.nulls(rows, pa.string())
    cells = {name: filled(sieve.kept(column)) for name, column in about.items()}
    return Table.of(
        PAYMENT_PRACTICES,
        {
            "period": pa.repeat(pa.scalar(period.code), rows),
            "practice_code": sieve.kept(about["practice_code"]),
            **{name: sieve.kept(one.values) for name, one in people.items()},
            "patients_are": pa.repeat(pa.scalar(basis), rows),
            "dispensing": flags(cells["dispensing"]) if "dispensing" in cells else nothing,
            **{
                name: cells.get(name, nothing)
                for name in ("contract_type", "practice_type", "rurality")
            },
            **{
                name: dates(cells[name]) if name in cells else nothing
                for name in ("open_date", "close_date")
            },
            "atypical": marks(cells["atypical"]) if "atypical" in cells else nothing,
            **{
                name: organisation_codes(cells.get(name, nothing))
                for name in ("pcn_code", "sub_icb_code")
            },
            "missing": sieve.kept(
                pc.coalesce(people["registered"].missing, people["weighted"].missing)
            ),
        },
    )


def _payments(
    sieve: Sieve, lines: Mapping[str, Numbers], known: PaymentLines, practices: Table
) -> Table:
    """Return a row for each practice and line, in the order of practices and of lines."""
    rows, width = len(practices), len(lines)
    amounts = np.column_stack([_floats(one)[sieve.keep] for one in lines.values()])
    why = pa.chunked_array([sieve.kept(one.missing) for one in lines.values()])
    by_practice = np.arange(rows * width).reshape(width, rows).T.ravel()
    registered = practices.data.column("registered").to_numpy()
    return Table.of(
        PAYMENTS,
        {
            "period": pa.repeat(practices.data.column("period")[0], rows * width),
            "practice_code": practices.data.column("practice_code").take(
                np.repeat(np.arange(rows), width)
            ),
            "line": _tiled(list(lines), rows),
            "line_group": _tiled([known.lines[name].group for name in lines], rows),
            "list_status": pc.if_else(
                pa.array(np.repeat(registered > 0, width)), "list", "no list"
            ),
            "amount": pa.array(amounts.ravel(), from_pandas=True),
            "missing": why.take(by_practice),
        },
    )


def _tiled(words: list[str], times: int) -> Array:
    texts: Array = pa.array(words)
    return texts.take(np.tile(np.arange(len(words)), times))


def _unusual(practices: Table, payments: Table) -> tuple[str, ...]:
    """Return what a reader of the figures should mind: lists, closures, amounts below zero."""
    data = practices.data
    no_list = int(pc.sum(pc.equal(data.column("registered"), 0)).as_py() or 0)
    closed = len(data) - data.column("close_date").null_count
    taken = pc.and_(
        pc.less(payments.data.column("amount"), 0),
        pc.not_equal(payments.data.column("line_group"), "deductions"),
    )
    below = int(pc.sum(taken).as_py() or 0)
    notes = []
    if no_list:
        has = "practice has" if no_list == 1 else "practices have"
        notes.append(f"{no_list:,} {has} no registered patients, and no figure for each.")
    if closed:
        has = "practice has" if closed == 1 else "practices have"
        notes.append(f"{closed:,} {has} a close date.")
    if below:
        those = (
            "payment is below zero; it is" if below == 1 else "payments are below zero; they are"
        )
        notes.append(f"{below:,} {those} kept as published.")
    return tuple(notes)


def _floats(one: Numbers) -> NDArray[np.float64]:
    """Return numbers as floats, NaN where there is none."""
    found: NDArray[np.float64] = pc.cast(one.values, pa.float64()).to_numpy(zero_copy_only=False)
    return found
