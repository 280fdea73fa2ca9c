"""Rules by date: a value, a sheet, a guard, and what-if copies. Nothing is guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from locality.figures.period import Period
from locality.knowledge.models import Reference, Span, built, gaps
from locality.knowledge.problems import KnowledgeError, RuleMissing, nearest
from locality.knowledge.scalars import (
    Dated,
    RatioCheck,
    RuleValue,
    Scalar,
    TotalCheck,
    exact,
)
from locality.knowledge.sheets import Indicator, Sheet

When = Period | str | date


@dataclass(frozen=True)
class Rules:
    """Every dated value and every scheme-year sheet.

    ``references`` maps (place, short name) to the document; ``changes`` holds what a what-if
    copy changed, and is empty for the rules themselves.
    """

    scalars: Mapping[str, Scalar]
    sheets: Mapping[str, Sheet]
    references: Mapping[tuple[str, str], Reference]
    checks: tuple[tuple[str, RatioCheck | TotalCheck], ...] = ()
    changes: Mapping[str, Decimal] = field(default_factory=dict)

    def scalar(self, id: str) -> Scalar:
        """Return one rule with all its dates; RuleMissing with the nearest id if none."""
        if id in self.scalars:
            return self.scalars[id]
        raise RuleMissing(f"There is no rule {id!r}; {nearest(id, self.scalars)}")

    def value(self, id: str, on: When) -> RuleValue:
        """Return the value of a rule on a day, or throughout a period.

        Raises RuleMissing, saying what is missing and where it would be published, where there
        is no value for some of those days; and where the value changes within the period.
        """
        found = self.values(id, on)
        if len(found) > 1:
            told = "; ".join(f"{one.value} from {one.effective_from.isoformat()}" for one in found)
            raise RuleMissing(
                f"{found[0].title} ({id}) changes within {_words(on)}: {told}. Ask for one day."
            )
        return found[0]

    def values(self, id: str, on: When) -> tuple[RuleValue, ...]:
        """Return every value of a rule that stands within a period, in order of time.

        Raises RuleMissing where some day of the period has none.
        """
        scalar, span = self.scalar(id), _span(on)
        found = sorted(
            (one for one in scalar.value if one.overlaps(span)), key=lambda one: one.from_
        )
        for absent in scalar.missing:
            if absent.overlaps(span):
                at = f" ({absent.address})" if absent.address else ""
                raise RuleMissing(
                    f"{scalar.title} ({id}) is not known {absent.words}. {absent.what} "
                    f"It would be in {absent.where}{at}."
                )
        uncovered = _uncovered(span, found)
        if uncovered is not None:
            raise RuleMissing(
                f"{scalar.title} ({id}) is not known for {_words(on)}: {_reach(scalar)} "
                "A sheet of your own in HOME/knowledge/rules can add it."
            )
        return tuple(self._told(scalar, one) for one in found)

    def sheet(self, scheme: str, period: Period | str) -> Sheet:
        """Return one scheme-year sheet; RuleMissing, with those there are, if there is none."""
        code = (Period.parse(period) if isinstance(period, str) else period).code
        found = self.sheets.get(f"{scheme}/{code}")
        if found is not None:
            return found
        sheets = self.sheets.values()
        there = sorted(sheet.period.code for sheet in sheets if sheet.scheme == scheme)
        if not there:
            schemes = {sheet.scheme for sheet in self.sheets.values()}
            raise RuleMissing(f"There is no scheme {scheme!r}; {nearest(scheme, schemes)}")
        raise RuleMissing(
            f"There is no {scheme} sheet for {code}. There are sheets for {there[0]} to {there[-1]}"
            f"{_holes(there)}. It would mirror that year's official guidance; a sheet of your own "
            f"goes into HOME/knowledge/rules/{scheme}/{code}.csv."
        )

    def with_changes(self, changes: Mapping[str, Any]) -> Rules:
        """Return a what-if copy; this one stays as it is.

        A key is a rule's id (``qof.point_value``: on every day), an id at a period
        (``qof.point_value@2026-27``), or the path of a cell (``qof/2026-27/HYP010/upper``).
        A changed value is graded ``what_if``. Raises RuleMissing with the nearest name for a key
        that names nothing, KnowledgeError for a value that does not fit.
        """
        scalars, sheets = dict(self.scalars), dict(self.sheets)
        told = dict(self.changes)
        for key, given in changes.items():
            try:
                number = exact(str(given)) if isinstance(given, float) else exact(given)
            except ValueError:
                number = None
            if not isinstance(number, Decimal) or not number.is_finite():
                raise KnowledgeError(f"{key}: {given!r} is not a number.")
            if "/" in key:
                _change_cell(self, sheets, key, number)
            else:
                _change_value(self, scalars, key, number)
            told[key] = number
        return replace(self, scalars=scalars, sheets=sheets, changes=told)

    def _told(self, scalar: Scalar, one: Dated) -> RuleValue:
        changed = one.reference == _WHAT_IF
        reference = self.references.get((one.place, one.reference)) if not changed else None
        return RuleValue(
            id=scalar.id,
            title=scalar.title,
            value=one.value,
            unit=scalar.unit,
            effective_from=one.from_,
            effective_to=one.to,
            reference="What-if: not published" if reference is None else reference.text,
            address="" if reference is None else reference.address,
            grade="what_if" if changed else one.grade,
            note=one.note,
            place=one.place,
            local=one.local,
        )


_WHAT_IF = "what-if"


def _change_value(rules: Rules, scalars: dict[str, Scalar], key: str, number: Decimal) -> None:
    id, _, period = key.partition("@")
    rules.scalar(id)
    scalar = scalars[id]
    if period:
        span = _span(period)
        changed = Dated.model_construct(
            from_=span.from_, to=span.to, value=number, reference=_WHAT_IF, grade="derived"
        )
        kept = [part for one in scalar.value for part in outside(one, span)]
        unknown = [part for one in scalar.missing for part in outside(one, span)]
    else:
        changed = Dated.model_construct(
            from_=date.min, to=None, value=number, reference=_WHAT_IF, grade="derived"
        )
        kept, unknown = [], []
    scalars[id] = scalar.model_copy(update={"value": [*kept, changed], "missing": unknown})


def _change_cell(rules: Rules, sheets: dict[str, Sheet], key: str, number: Decimal) -> None:
    parts = key.split("/")
    if len(parts) != 4:
        raise RuleMissing(f"{key!r} is not the path of a cell: write scheme/period/code/column.")
    scheme, period, code, column = parts
    sheet = sheets[rules.sheet(scheme, period).id]
    sheet.row(code)
    numeric = ("points", "lower", "upper", "points_at_lower")
    if column not in numeric:
        raise RuleMissing(f"{key}: no number stands in {column!r}; {nearest(column, numeric)}")
    rows = tuple(
        _changed_row(row, column, number, key) if row.code == code else row for row in sheet.rows
    )
    sheets[sheet.id] = sheet.model_copy(update={"rows": rows})


def _changed_row(row: Indicator, column: str, number: Decimal, key: str) -> Indicator:
    content = row.model_dump(by_alias=True) | {column: number, "grade": "derived"}
    changed = built(Indicator, content, f"what-if {key}")
    note = f"what-if: {column} is {number}"
    note = f"{row.note}; {note}" if row.note else note
    return changed.model_copy(update={"grade": "what_if", "note": note})


def outside(one: Any, span: Span) -> list[Any]:
    """Return ``one`` without the days of ``span``: none, one or two parts."""
    if not one.overlaps(span):
        return [one]
    parts = []
    if one.from_ < span.from_:
        parts.append(one.model_copy(update={"to": span.from_ - timedelta(days=1)}))
    if span.last < one.last:
        parts.append(one.model_copy(update={"from_": span.last + timedelta(days=1)}))
    return parts


def _span(on: When) -> Span:
    if isinstance(on, str):
        on = Period.parse(on)
    first, last = (on.start, on.end) if isinstance(on, Period) else (on, on)
    return Span.model_validate({"from": first, "to": last})


def _words(on: When) -> str:
    if isinstance(on, str):
        on = Period.parse(on)
    return on.label if isinstance(on, Period) else f"{on.day} {on:%B %Y}"


def _uncovered(span: Span, found: list[Dated]) -> date | None:
    holes = gaps(span, list(found)) if found else [(span.from_, span.last)]
    return holes[0][0] if holes else None


def _reach(scalar: Scalar) -> str:
    if not scalar.value:
        return "no value is held."
    first = min(one.from_ for one in scalar.value)
    last = max(one.last for one in scalar.value)
    until = "now" if last == date.max else last.isoformat()
    return f"values are held from {first.isoformat()} to {until}."


def _holes(codes: list[str]) -> str:
    years = [int(code[:4]) for code in codes if len(code) == 7]
    lacking = [y for y in range(years[0], years[-1]) if y not in years] if years else []
    if not lacking:
        return ""
    return ", without " + ", ".join(Period.financial_year(year).code for year in lacking)
