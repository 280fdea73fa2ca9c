"""What the columns of NHS Payments to General Practice mean: dated data, read from CSV.

``payments/headers.csv`` has every header of every year as published, and what it is;
``lines.csv`` the payment lines under names that stay the same; ``groups.csv`` the groups they are
shown in and what each counts towards; ``totals.csv`` which groups each published total adds up.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from locality.figures import Period, RuleReference
from locality.knowledge import files
from locality.knowledge.models import Reference, Strict, built
from locality.knowledge.problems import nearest, problem

#: What a group counts towards: payments to general practice as published, or sums beside them.
CountedIn = Literal["practice", "networks", "covid", "deductions"]
#: What of a practice, other than money, is read from a column.
FIELDS = (
    "practice_code", "pcn_code", "sub_icb_code", "open_date", "close_date", "contract_type",
    "dispensing", "practice_type", "rurality", "atypical", "registered_last_known",
    "weighted_last_known", "registered_average", "weighted_average",
)  # fmt: skip
_ID = r"^[a-z][a-z0-9_]*$"
_FOLDER = "payments"
_PLACE = f"knowledge/{_FOLDER}"


class PaymentGroup(Strict):
    """Lines shown together, and the published sum that they count towards."""

    group: str = Field(pattern=_ID)
    title: str = Field(min_length=4)
    counted_in: CountedIn
    meaning: str = Field(min_length=20)


class PaymentLine(Strict):
    """One kind of payment. ``sign`` says what is usual: received (above zero) or deducted."""

    line: str = Field(pattern=_ID)
    title: str = Field(min_length=3)
    group: str
    sign: Literal["received", "deducted"]
    note: str = ""


class PaymentTotal(Strict):
    """A total that the publisher gives, and the sums that make it."""

    total: str = Field(pattern=_ID)
    title: str = Field(min_length=4)
    adds: tuple[CountedIn, ...] = Field(min_length=1)


class Heading(Strict):
    """A header as published in one year. ``name`` is a line, a total or one of :data:`FIELDS`.

    An ``average`` is money divided by patients, which is counted again here; ``unused`` columns
    are held by other publications.
    """

    year: str
    header: str = Field(min_length=3)
    kind: Literal["line", "total", "practice", "average", "unused"]
    name: str = ""


@dataclass(frozen=True)
class PaymentLines:
    """All of it: groups and lines in the order in which they are shown."""

    groups: Mapping[str, PaymentGroup]
    lines: Mapping[str, PaymentLine]
    totals: Mapping[str, PaymentTotal]
    headings: tuple[Heading, ...]
    references: Mapping[str, Reference] = field(default_factory=dict)

    @cached_property
    def years(self) -> dict[str, dict[str, Heading]]:
        """Return the headings of each financial year by their header as :func:`compared`."""
        found: dict[str, dict[str, Heading]] = {}
        for one in self.headings:
            found.setdefault(one.year, {})[compared(one.header)] = one
        return found

    def of_year(self, year: str) -> dict[str, Heading]:
        """Return what headers mean in ``year``: its own first, then those of other years.

        A header of another year counts where all years that have it agree on its meaning, so
        that a new year's file is read as far as it is known.
        """
        meanings: dict[str, set[tuple[str, str]]] = {}
        latest: dict[str, Heading] = {}
        for one in sorted(self.headings, key=lambda one: one.year):
            word = compared(one.header)
            meanings.setdefault(word, set()).add((one.kind, one.name))
            latest[word] = one
        agreed = {word: one for word, one in latest.items() if len(meanings[word]) == 1}
        return agreed | self.years.get(year, {})

    def year_like(self, headers: Collection[str]) -> str | None:
        """Return the one year whose headers are exactly ``headers``; None for none or several."""
        words = {compared(header) for header in headers}
        years = [year for year, known in self.years.items() if set(known) == words]
        return years[0] if len(years) == 1 else None

    def of_group(self, group: str) -> tuple[PaymentLine, ...]:
        """Return the lines of a group, in order."""
        return tuple(one for one in self.lines.values() if one.group == group)

    def counted_in(self, line: str) -> CountedIn:
        """Return which published sum a line counts towards."""
        return self.groups[self.lines[line].group].counted_in

    def cite(self, line: str, year: str) -> RuleReference:
        """Return a line as a working cites it: its column in that year's publication."""
        reference = self.references.get(year)
        headers = [
            one.header
            for one in self.headings
            if (one.year, one.kind, one.name) == (year, "line", line)
        ]
        text = reference.text if reference else f"NHS Payments to General Practice, {year}"
        return RuleReference(
            id=f"payments.{line}",
            title=self.lines[line].title,
            place=f"{_PLACE}/headers.csv",
            reference=text + (f", column “{headers[0]}”" if headers else ""),
            address=reference.address if reference else "",
        )


def compared(header: str) -> str:
    """Return a header as years are compared: without capitals, runs of blanks, footnote digits.

    >>> compared("Extended Hours Access4") == compared("Extended  hours access ")
    True
    """
    return re.sub(r"(?<=[a-z)])\d{1,2}$", "", " ".join(header.casefold().split()))


@lru_cache(maxsize=4)
def payment_lines(root: Path = files.PACKAGE) -> PaymentLines:
    """Return what the CSV files under ``root/payments`` say; they are read once.

    Raises KnowledgeError, naming file and row, for a line without its group, a header that
    stands twice in a year or means nothing known, or a total of nothing.
    """
    groups = _keyed(PaymentGroup, "group", _rows(root, "groups.csv"))
    lines = _keyed(PaymentLine, "line", _rows(root, "lines.csv"))
    for number, one in enumerate(lines.values(), start=2):
        if one.group not in groups:
            raise problem(
                f"{_PLACE}/lines.csv: row {number}", "group",
                f"there is no group {one.group!r}; {nearest(one.group, groups)}",
            )  # fmt: skip
    totals = _keyed(
        PaymentTotal,
        "total",
        [({**row, "adds": tuple(row.get("adds", "").split())}, place)
         for row, place in _rows(root, "totals.csv")],
    )  # fmt: skip
    known = {"line": tuple(lines), "total": tuple(totals), "practice": FIELDS}
    known |= {"average": ("registered", "weighted"), "unused": ("",)}
    headings: dict[tuple[str, str], Heading] = {}
    for row, place in _rows(root, "headers.csv"):
        _add_heading(headings, built(Heading, row, place), known, place)
    references = {
        row["year"]: built(Reference, {"text": row["text"], "address": row["address"]}, place)
        for row, place in _rows(root, "references.csv")
    }
    return PaymentLines(groups, lines, totals, tuple(headings.values()), references)


def _add_heading(
    found: dict[tuple[str, str], Heading],
    one: Heading,
    known: Mapping[str, Collection[str]],
    place: str,
) -> None:
    if not re.fullmatch(r"\d{4}-\d\d", one.year):
        raise problem(place, "year", f"{one.year!r} is not a financial year, such as 2022-23.")
    Period.parse(one.year)
    if one.name not in known[one.kind]:
        near = nearest(one.name, known[one.kind])
        raise problem(place, "name", f"there is no {one.kind} {one.name!r}; {near}")
    key = (one.year, compared(one.header))
    if key in found:
        raise problem(place, "header", f"{one.header!r} stands twice in {one.year}.")
    if one.kind in ("line", "total", "practice") and any(
        (other.year, other.kind, other.name) == (one.year, one.kind, one.name)
        for other in found.values()
    ):
        raise problem(place, "name", f"{one.name!r} has two headers in {one.year}.")
    found[key] = one


def _keyed(model: type[Any], key: str, rows: list[tuple[dict[str, Any], str]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row, place in rows:
        one = built(model, row, place)
        if getattr(one, key) in found:
            raise problem(place, key, f"{getattr(one, key)!r} is there twice.")
        found[getattr(one, key)] = one
    return found


def _rows(root: Path, name: str) -> list[tuple[dict[str, Any], str]]:
    rows = files.rows(root / _FOLDER / name, f"{_PLACE}/{name}")
    return [(dict(row), f"{_PLACE}/{name}: row {number}") for number, row in enumerate(rows, 2)]
