"""Payments of a set of practices added up, and what they come to for each patient."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute

from locality.figures import Missing, Table
from locality.know.money_schemas import PAYMENT_SUMS
from locality.knowledge.payment_lines import PaymentLines, payment_lines

pc: Any = pyarrow.compute

_PER = ("per_registered", "per_weighted")
_NO_LIST = "It has no registered patients in that file, so there is no figure for each patient."


def payment_sums(payments: Table, practices: Table) -> Table:
    """Return PAYMENTS added up by year and line, exactly to the penny (PAYMENT_SUMS).

    ``practices`` holds the PAYMENT_PRACTICES rows of the same practices and years. Patients are
    the sum over practices that have registered ones; the money of the others is in ``amount``
    and not in ``listed_amount``, so that what is divided belongs to those it is divided by.
    """
    data = payments.data
    pence = pc.cast(
        pc.round(pc.multiply(pc.fill_null(data.column("amount"), 0.0), 100)), pa.int64()
    )
    listed = pc.if_else(pc.equal(data.column("list_status"), "list"), pence, 0)
    lacking = pc.is_null(data.column("amount"))
    added = (
        data.select(["period", "line", "line_group"])
        .append_column("pence", pence)
        .append_column("listed", listed)
        .append_column("paid", pc.cast(pc.not_equal(pence, 0), pa.int64()))
        .append_column("lacking", pc.cast(lacking, pa.int64()))
        .group_by(["period", "line", "line_group"], use_threads=False)
        .aggregate([(name, "sum") for name in ("pence", "listed", "paid", "lacking")])
    )
    whose = {row["period"]: row for row in _by_year(practices)}
    order = {name: place for place, name in enumerate(payment_lines().lines)}
    rows = [
        {
            **{name: row[name] for name in ("period", "line", "line_group")},
            "amount": row["pence_sum"] / 100,
            "listed_amount": row["listed_sum"] / 100,
            "paid": row["paid_sum"],
            "not_given": row["lacking_sum"],
            **whose[row["period"]],
        }
        for row in added.to_pylist()
    ]
    rows.sort(key=lambda row: (row["period"], order.get(row["line"], len(order))))
    return Table.of(PAYMENT_SUMS, rows, title=PAYMENT_SUMS.title)


class YearOfPayments:
    """The sums of one set of practices in one year, by line.

    ``practices`` are those in that year's file, ``no_list`` and ``listed`` those without and with
    registered patients.
    """

    def __init__(self, sums: Table, period: str) -> None:
        rows = sums.data.filter(pc.equal(sums.data.column("period"), period)).to_pylist()
        self.lines = {row["line"]: row for row in rows}
        first = rows[0] if rows else dict.fromkeys(PAYMENT_SUMS.names, 0)
        self.practices, self.no_list = int(first["practices"]), int(first["no_list"])
        self.registered, self.weighted = float(first["registered"]), float(first["weighted"])
        self.listed = self.practices - self.no_list

    def has(self, parts: tuple[str, ...]) -> bool:
        """Return whether the year's file has any of the lines."""
        return any(line in self.lines for line in parts)

    def amount(self, parts: tuple[str, ...], column: str = "amount") -> float:
        """Return the sum of lines, to the penny."""
        pence = sum(round(100 * self.lines[line][column]) for line in parts if line in self.lines)
        return float(pence) / 100

    def each(self, parts: tuple[str, ...]) -> dict[str, float | None]:
        """Return the sum for each registered and weighted patient of practices with a list.

        None where the file has none of the lines, or there are no patients.
        """
        amount = self.amount(parts, "listed_amount")
        people = (self.registered, self.weighted)
        return {
            per: amount / many if self.has(parts) and many > 0 else None
            for per, many in zip(_PER, people, strict=True)
        }


def _by_year(practices: Table) -> list[dict[str, Any]]:
    data = practices.data
    has_list = pc.fill_null(pc.greater(data.column("registered"), 0), False)
    people = {
        name: pc.if_else(has_list, pc.fill_null(data.column(name), 0.0), 0.0)
        for name in ("registered", "weighted")
    }
    counted = (
        data.select(["period"])
        .append_column("no_list", pc.cast(pc.invert(has_list), pa.int64()))
        .append_column("registered", people["registered"])
        .append_column("weighted", people["weighted"])
        .group_by("period", use_threads=False)
        .aggregate(
            [("no_list", "sum"), ("registered", "sum"), ("weighted", "sum"), ([], "count_all")]
        )
    )
    return [
        {
            "period": row["period"],
            "practices": row["count_all"],
            "no_list": row["no_list_sum"],
            "registered": row["registered_sum"],
            "weighted": row["weighted_sum"],
        }
        for row in counted.to_pylist()
    ]


def parts_of(known: PaymentLines, total: str) -> tuple[str, ...]:
    """Return the lines that a published total adds up."""
    adds = known.totals[total].adds
    return tuple(line for line in known.lines if known.counted_in(line) in adds)


def undivided(
    year: YearOfPayments, practice: Mapping[str, Any] | None, smallest_list: float
) -> tuple[str | None, str]:
    """Return why there is no figure for each patient (None where there is), and the sentence."""
    if year.registered <= 0:
        return Missing.NOTHING_TO_COUNT.value, _NO_LIST if practice else (
            "None of its practices has registered patients in that file, so there is no figure "
            "for each patient."
        )
    if year.registered < smallest_list:
        return Missing.NOT_APPLICABLE.value, (
            f"Its list was {year.registered:,.0f} in that file, under {smallest_list:,.0f}: a "
            "figure for each patient would mislead, and is not given."
        )
    return None, ""


def years_of(sums: Table) -> list[str]:
    """Return the years of PAYMENT_SUMS, oldest first."""
    years: list[Any] = pc.unique(sums.data.column("period")).to_pylist()
    return sorted(years)
