"""Dated values of rules: one number, from one day to another, with its reference and grade."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from locality.figures.working import RuleReference
from locality.knowledge.models import Reference, Span, Strict, gaps
from locality.knowledge.problems import nearest

Grade = Literal["read", "second_hand", "derived"]
#: What each grade means, for pages.
GRADES = {
    "read": "read in the source named",
    "second_hand": "read in a third party's page that cites the primary document",
    "derived": "worked out here from other published values, as its note says",
    "what_if": "changed for a what-if; published nowhere",
}


def exact(given: Any) -> Any:
    """Return a whole number or text as Decimal, so that no binary fraction creeps in."""
    if isinstance(given, bool) or not isinstance(given, (int, str)):
        return given
    try:
        return Decimal(given)
    except ArithmeticError:
        raise ValueError(f"{given!r} is not a number") from None


Exact = Annotated[Decimal, BeforeValidator(exact)]


class Dated(Span):
    """One value of a rule while it stands."""

    value: Exact
    reference: str
    grade: Grade
    note: str = ""
    place: str = ""
    local: bool = False
    replaces: str = ""


class NotKnown(Span):
    """A stretch of time for which the value is not known, and where it would be published."""

    what: str = Field(min_length=10)
    where: str = Field(min_length=8)
    address: str = Field(default="", pattern=r"^(https?://\S+)?$")


class Scalar(Strict):
    """One rule: its values through time, and the times for which there is none.

    Between its first day and its last, every day has a value or says why there is none.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$")
    title: str = Field(min_length=6)
    unit: str = Field(min_length=1)
    value: list[Dated] = Field(default=[])
    missing: list[NotKnown] = Field(default=[])

    @model_validator(mode="after")
    def _sound(self) -> Scalar:
        if not self.value and not self.missing:
            raise ValueError(f"{self.id} has no [[rule.value]] and no [[rule.missing]]")
        spans: list[Span] = [*self.value, *self.missing]
        spans.sort(key=lambda one: one.from_)
        for one, two in pairwise(spans):
            if one.overlaps(two):
                raise ValueError(f"{self.id}: {one.words} overlaps {two.words}")
        return self

    def unexplained(self) -> list[tuple[date, date]]:
        """Return the stretches, from its first to its last day, that nothing speaks of."""
        spans: list[Span] = [*self.value, *self.missing]
        whole = Span.model_validate(
            {
                "from": min(one.from_ for one in spans),
                "to": None if any(one.to is None for one in spans) else max(o.last for o in spans),
            }
        )
        return gaps(whole, spans)


class ScalarFile(Strict):
    """One file of ``rules/``: references by short name, rules that cite them, and guards."""

    references: dict[str, Reference] = Field(default={})
    rule: list[Scalar] = Field(default=[])
    check: list[RatioCheck | TotalCheck] = Field(default=[])

    @model_validator(mode="after")
    def _cited(self) -> ScalarFile:
        for rule in self.rule:
            for one in rule.value:
                if one.reference not in self.references:
                    near = nearest(one.reference, self.references)
                    raise ValueError(
                        f"{rule.id}, {one.words}: there is no reference {one.reference!r} in this "
                        f"file's [references]; {near or 'it has none.'}"
                    )
        return self


class RatioCheck(Strict):
    """A guard: one rule over another comes to the same, on every day that has both."""

    kind: Literal["ratio"]
    words: str
    over: str
    under: str
    expected: Exact
    tolerance: Exact
    from_: date = Field(alias="from")


class TotalCheck(Strict):
    """A guard: one column of every sheet of a scheme adds up to a rule of that year."""

    kind: Literal["sheet_total"]
    words: str
    scheme: str
    column: str
    rule: str


ScalarFile.model_rebuild()


@dataclass(frozen=True, slots=True)
class RuleValue:
    """A rule's value on a day, ready to be used and cited. ``value`` is in ``unit``.

    ``grade`` is a key of :data:`GRADES`; ``place`` is the file and key that it came from.
    """

    id: str
    title: str
    value: Decimal
    unit: str
    effective_from: date
    effective_to: date | None
    reference: str
    address: str
    grade: str
    note: str
    place: str
    local: bool

    def as_reference(self) -> RuleReference:
        """Return it as a working cites it."""
        return RuleReference(
            id=self.id,
            title=self.title,
            place=self.place,
            reference=self.reference,
            address=self.address,
            grade=self.grade,
            local=self.local,
        )
