"""Money as lines of quantity x rate = amount, each citing its rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from math import prod
from typing import Any

from locality.figures.working import RuleReference, Working

_PENNY = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Factor:
    """One of the numbers that a rate is made of, such as the list-size factor, and its rule."""

    label: str
    value: Decimal
    rule: RuleReference
    working: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: ``quantity`` (in ``quantity_unit``) x ``rate`` (in pounds) = ``amount``.

    ``factors``, where there are any, come to ``rate`` when multiplied.
    """

    label: str
    quantity: Decimal
    quantity_unit: str
    rate: Decimal
    rule: RuleReference
    note: str = ""
    estimate: bool = False
    factors: tuple[Factor, ...] = ()

    @classmethod
    def made_of(
        cls, label: str, quantity: Decimal, quantity_unit: str, factors: Iterable[Factor],
        rule: RuleReference, note: str = "", estimate: bool = False,
    ) -> Line:  # fmt: skip
        """Return a line whose rate is the product of ``factors``, at full precision."""
        parts = tuple(factors)
        rate = prod((one.value for one in parts), start=Decimal(1))
        return cls(label, quantity, quantity_unit, rate, rule, note, estimate, parts)

    @property
    def amount(self) -> Decimal:
        """Return quantity x rate at full precision; rounding is left to the total."""
        return self.quantity * self.rate

    @property
    def pounds(self) -> Decimal:
        """Return the amount rounded to the penny, halves up."""
        return self.amount.quantize(_PENNY, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Statement:
    """A titled list of lines and their total, rounded once at the end."""

    title: str
    lines: tuple[Line, ...]
    working: Working = field(default_factory=Working)

    @classmethod
    def of(cls, title: str, lines: Iterable[Line], working: Working | None = None) -> Statement:
        """Return a statement of ``lines`` in their order."""
        return cls(title=title, lines=tuple(lines), working=working or Working())

    @property
    def total(self) -> Decimal:
        """Return the sum of unrounded amounts, rounded to the penny, halves up."""
        whole = sum((line.amount for line in self.lines), Decimal(0))
        return whole.quantize(_PENNY, rounding=ROUND_HALF_UP)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON; money as text so that no penny is lost."""
        return {
            "title": self.title,
            "lines": [
                {
                    "label": line.label,
                    "quantity": str(line.quantity),
                    "quantity_unit": line.quantity_unit,
                    "rate": str(line.rate),
                    "amount": str(line.pounds),
                    "rule": line.rule.id,
                    "note": line.note,
                    "estimate": line.estimate,
                    "factors": [
                        {
                            "label": one.label,
                            "value": str(one.value),
                            "rule": one.rule.id,
                            "working": one.working,
                        }
                        for one in line.factors
                    ],
                }
                for line in self.lines
            ],
            "total": str(self.total),
            "working": self.working.as_dict(),
        }
