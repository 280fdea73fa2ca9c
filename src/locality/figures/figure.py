"""One number that shows its working."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from locality.figures.missing import Missing
from locality.figures.period import Period
from locality.figures.working import Working

#: What stands where an interval would, where all there was has been counted.
COMPLETE = "complete count, no sampling interval"


@dataclass(frozen=True, slots=True)
class Figure:
    """A value of one measure for one organisation in one period.

    ``value`` is in ``unit`` (a percentage is held as 0 to 100), ``lower`` and ``upper`` bound it
    at ``level``. Exactly one of ``value`` and ``missing`` is set. ``numerator``, ``denominator``
    and ``excepted`` are the counts it rests on, where it rests on counts. ``reliability``
    (0 to 1) is the share of the spread between organisations that is not chance; None where
    it has not been computed. ``complete`` says that everything was counted, as money paid is, so
    that there is no sampling for an interval to speak of.
    """

    measure: str
    title: str
    organisation: str
    period: Period
    unit: str
    value: float | None = None
    missing: Missing | None = None
    numerator: float | None = None
    denominator: float | None = None
    excepted: float | None = None
    lower: float | None = None
    upper: float | None = None
    level: float = 0.95
    reliability: float | None = None
    complete: bool = False
    note: str = ""
    working: Working = field(default_factory=Working)

    def __post_init__(self) -> None:
        if (self.value is None) == (self.missing is None):
            raise ValueError(
                f"{self.measure} for {self.organisation}: a figure has a value or a reason "
                "why there is none, never both and never neither"
            )

    @property
    def text(self) -> str:
        """Return the value as it is printed: ``15.2 %``, ``3,827``, or why there is none."""
        if self.value is None:
            return str(self.missing)
        return printed(self.value, self.unit)

    @property
    def unit_text(self) -> str:
        """Return the unit where the value is printed without it: ``per 1,000 patients``."""
        plain = self.unit in ("%", "ratio", "index") or self.unit.startswith("£")
        return "" if plain or self.value is None else self.unit

    @property
    def interval_text(self) -> str:
        """Return ``14.1 to 16.4 %``, or an empty text where no interval applies."""
        if self.lower is None or self.upper is None:
            return ""
        joined = f"{printed(self.lower, self.unit)} to {printed(self.upper, self.unit)}"
        return joined.replace(" % to", " to")

    @property
    def chance_text(self) -> str:
        """Return the interval with its level, or that there is none to give; else an empty text."""
        if self.interval_text:
            return f"{100 * self.level:g} % interval {self.interval_text}"
        return COMPLETE if self.complete and self.value is not None else ""

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "measure": self.measure,
            "title": self.title,
            "organisation": self.organisation,
            "period": self.period.code,
            "unit": self.unit,
            "value": self.value,
            "missing": None if self.missing is None else self.missing.value,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "excepted": self.excepted,
            "lower": self.lower,
            "upper": self.upper,
            "level": self.level,
            "reliability": self.reliability,
            "complete": self.complete,
            "note": self.note,
            "working": self.working.as_dict(),
        }


def printed(value: float, unit: str) -> str:
    """Return ``value`` as a page prints it in ``unit`` (%, £, a ratio, or a count of something)."""
    if unit == "%":
        return f"{value:.1f} %"
    if unit.startswith("£"):
        return f"-£{-value:,.2f}" if value < 0 else f"£{value:,.2f}"
    if unit in ("ratio", "index"):
        return f"{value:.3f}"
    if float(value).is_integer():
        return f"{value:,.0f}"
    # A small rate keeps three places, so that it can be told from its neighbours.
    places = 3 if abs(value) < 1 else 2 if abs(value) < 10 else 1
    return f"{value:,.{places}f}"
