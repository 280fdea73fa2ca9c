"""Scheme-year sheets: a CSV of rows that mirrors one official document, and a TOML head."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field, model_validator

from locality.figures.period import Period
from locality.figures.working import RuleReference
from locality.knowledge.models import Reference, Span, Strict, built
from locality.knowledge.problems import KnowledgeError, RuleMissing, nearest, problem
from locality.knowledge.scalars import Exact, Grade

#: Columns whose empty cells the head's [[missing]] must explain, for the kinds of row they serve.
_EXPLAINED: dict[str, tuple[str, ...]] = {
    "lower": ("fraction",),
    "upper": ("fraction",),
    "points_at_lower": ("fraction",),
    "prevalence_weighted": ("fraction", "register", "improvement", "information"),
}


class Indicator(Strict):
    """One row of a QOF sheet. ``lower`` and ``upper`` are percentages (0 to 100).

    ``points_at_lower`` are paid at once on reaching the lower threshold, the rest slide.
    ``second_route`` improvement: the greater of these points and of those for improving on the
    practice's own average of two years is paid.
    ``kind`` is fraction (numerator over denominator), register (keeping one), improvement
    (a quality-improvement task) or information (counted, worth no points).
    """

    code: str = Field(pattern=r"^[A-Z]+\d{3}$")
    group: str = Field(pattern=r"^[A-Za-z_]+$")
    domain: str
    title: str = Field(min_length=6, max_length=110)
    kind: Literal["fraction", "register", "improvement", "information"]
    points: Exact = Field(ge=0)
    lower: Exact | None = Field(default=None, ge=0, le=100)
    upper: Exact | None = Field(default=None, ge=0, le=100)
    points_at_lower: Exact | None = Field(default=None, ge=0)
    second_route: Literal["", "improvement"] = ""
    prevalence_weighted: bool | None = None
    list_type: str = ""
    status: Literal["live", "points protected", "live or points protected"]
    grade: Grade
    reference: str
    note: str = ""
    from_: date | None = Field(default=None, alias="from")
    to: date | None = None

    @model_validator(mode="after")
    def _sound(self) -> Indicator:
        if self.lower is not None and self.upper is not None and self.lower >= self.upper:
            raise ValueError(f"{self.code}: lower {self.lower} is not below upper {self.upper}")
        if (self.points_at_lower or 0) > self.points:
            raise ValueError(f"{self.code}: points_at_lower is more than its points")
        return self


class Absent(Strict):
    """Cells that are empty, why, and where they would be published. No codes: every row."""

    columns: list[str] = Field(min_length=1)
    codes: list[str] = Field(default=[])
    what: str = Field(min_length=10)
    where: str = Field(min_length=8)
    address: str = Field(default="", pattern=r"^(https?://\S+)?$")

    def explains(self, code: str, column: str) -> bool:
        """Return whether it speaks of this cell."""
        return column in self.columns and (not self.codes or code in self.codes)


class Head(Strict):
    """The TOML beside a sheet: what it mirrors, how far to trust it, and what it lacks."""

    scheme: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    period: str
    title: str = Field(min_length=6)
    as_at: str = Field(min_length=4)
    document: Reference
    references: dict[str, Reference] = Field(min_length=1)
    missing: list[Absent] = Field(default=[])

    @model_validator(mode="after")
    def _a_period(self) -> Head:
        Period.parse(self.period)
        return self


class Sheet(Strict):
    """One scheme in one period: its head and rows. ``id`` is like ``qof/2026-27``."""

    head: Head
    rows: tuple[Indicator, ...]
    place: str
    local: bool = False
    replaces: str = ""

    @property
    def id(self) -> str:
        """Return scheme and period, such as ``qof/2026-27``."""
        return f"{self.head.scheme}/{self.period.code}"

    @property
    def scheme(self) -> str:
        """Return the scheme, such as ``qof``."""
        return self.head.scheme

    @property
    def period(self) -> Period:
        """Return the period it is for."""
        return Period.parse(self.head.period)

    def span(self, row: Indicator) -> Span:
        """Return from when to when ``row`` stands: the whole period unless it says otherwise."""
        return Span.model_validate(
            {"from": row.from_ or self.period.start, "to": row.to or self.period.end}
        )

    def standing(self, on: date | None = None) -> tuple[Indicator, ...]:
        """Return the rows in force on a day: the period's last, unless ``on`` is given."""
        day = on or self.period.end
        return tuple(row for row in self.rows if self.span(row).holds(day))

    def row(self, code: str, on: date | None = None) -> Indicator:
        """Return the row of one indicator; RuleMissing with the nearest code if there is none."""
        rows = self.standing(on)
        for row in rows:
            if row.code == code:
                return row
        near = nearest(code, [row.code for row in rows])
        raise RuleMissing(f"{self.head.title} has no indicator {code!r}; {near}")

    def value(self, code: str, column: str, on: date | None = None) -> Decimal | bool | str:
        """Return one cell; RuleMissing, saying where it would be published, if it is empty."""
        row = self.row(code, on)
        if column not in Indicator.model_fields:
            raise RuleMissing(
                f"{self.head.title} has no column {column!r}; "
                f"{nearest(column, Indicator.model_fields)}"
            )
        found: Decimal | bool | str | None = getattr(row, column)
        if found is None or found == "":
            raise RuleMissing(self._why_empty(row, column))
        return found

    def total(self, column: str = "points") -> Decimal:
        """Return the sum of one column over the rows in force on the period's last day."""
        return sum((getattr(row, column) for row in self.standing()), Decimal(0))

    def cite(self, code: str, on: date | None = None) -> RuleReference:
        """Return one row as a working cites it."""
        row = self.row(code, on)
        reference = self.head.references[row.reference]
        return RuleReference(
            id=f"{self.id}/{code}",
            title=row.title,
            place=self.place,
            reference=reference.text,
            address=reference.address or self.head.document.address,
            grade=row.grade,
            local=self.local,
        )

    def _why_empty(self, row: Indicator, column: str) -> str:
        for absent in self.head.missing:
            if absent.explains(row.code, column):
                at = f" ({absent.address})" if absent.address else ""
                return (
                    f"{self.head.title}, {row.code}: {column} is not known here. {absent.what} "
                    f"It would be in {absent.where}{at}."
                )
        return f"{self.head.title}, {row.code}: {column} does not apply ({row.kind})."


def sheet_of(
    head: Head, cells: list[dict[str, str]], place: str, head_place: str, **marks: Any
) -> Sheet:
    """Return the sheet of ``head`` and CSV ``cells``; KnowledgeError names row and column."""
    rows = tuple(_row(number, one, place) for number, one in enumerate(cells, start=2))
    sheet = Sheet(head=head, rows=rows, place=place, **marks)
    _check(sheet, place, head_place)
    return sheet


def _row(number: int, cells: Mapping[str, str], place: str) -> Indicator:
    content: dict[str, Any] = {k: v for k, v in cells.items() if v != ""}
    try:
        for key in ("from", "to"):
            if key in content:
                content[key] = date.fromisoformat(content[key])
        weighted = content.get("prevalence_weighted")
        if weighted is not None:
            content["prevalence_weighted"] = {"yes": True, "no": False}[weighted]
    except (ValueError, KeyError) as error:
        raise problem(place, f"row {number}", f"{error} cannot be read.") from None
    return built(Indicator, content, f"{place}, row {number}")


def _check(sheet: Sheet, place: str, head_place: str) -> None:
    head = sheet.head
    codes = [row.code for row in sheet.rows]
    for number, row in enumerate(sheet.rows):
        if row.reference not in head.references:
            near = nearest(row.reference, head.references)
            raise _in_row(place, number, "reference", f"there is no {row.reference!r}; {near}")
        for other in sheet.rows[:number]:
            if other.code == row.code and sheet.span(other).overlaps(sheet.span(row)):
                raise _in_row(place, number, "code", f"{row.code} stands twice on the same days.")
        for column, kinds in _EXPLAINED.items():
            if row.kind in kinds and getattr(row, column) is None:
                if any(absent.explains(row.code, column) for absent in head.missing):
                    continue
                raise _in_row(
                    place, number, column,
                    f"{row.code} has no value, and no [[missing]] in {head_place} says why.",
                )  # fmt: skip
    for absent in head.missing:
        for code in absent.codes:
            if code not in codes:
                raise problem(head_place, "missing.codes", f"no {code!r}; {nearest(code, codes)}")
        for column in absent.columns:
            if column not in _EXPLAINED:
                near = nearest(column, _EXPLAINED)
                raise problem(head_place, "missing.columns", f"no {column!r}; {near}")


def _in_row(place: str, number: int, key: str, what: str) -> KnowledgeError:
    return problem(f"{place}, row {number + 2}", key, what)
