"""The words that several pictures share: values, reasons for gaps, joined lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from math import floor, isfinite, log10
from typing import Any

from locality.figures import Figure, Period
from locality.figures.figure import printed


def number(value: Any) -> float | None:
    """Return ``value`` as a finite float, or None where there is none."""
    if value is None:
        return None
    value = float(value)
    return value if isfinite(value) else None


def shown(row: Mapping[str, Any]) -> float | None:
    """Return a row's value, or None where it has a reason to be missing.

    A row that says why it has no number is never drawn, whatever else stands in it.
    """
    return None if row.get("missing") else number(row.get("value"))


def rounded(value: Any, digits: int = 4) -> float | int | None:
    """Return ``value`` to ``digits`` significant digits: what a drawing needs, and short."""
    value = number(value)
    if value is None:
        return None
    if value == 0:
        return 0
    out = round(value, digits - 1 - floor(log10(abs(value))))
    return int(out) if out.is_integer() else out


def valued(value: float, unit: str, lower: Any = None, upper: Any = None) -> str:
    """Return ``15.2 % (14.1 to 16.4 %)``, or the value alone where no interval applies."""
    low, high = number(lower), number(upper)
    text = printed(value, unit)
    if low is None or high is None:
        return text
    span = f"{printed(low, unit)} to {printed(high, unit)}".replace(" % to", " to")
    return f"{text} ({span})"


def titled(figure: Figure) -> str:
    """Return a measure's title with its unit, as it stands above a drawing."""
    said = not figure.unit or figure.unit.lower() in figure.title.lower()
    return figure.title if said else f"{figure.title} ({figure.unit})"


def counted(how_many: int, one: str, many: str = "") -> str:
    """Return ``1 practice`` or ``6,101 practices``."""
    return f"{how_many:,} {one if how_many == 1 else many or one + 's'}"


def gaps(reasons: Iterable[Any], one: str, many: str = "") -> str:
    """Return ``3 practices have no value (2 no return, 1 nobody to count)``, or an empty text.

    ``reasons`` holds one entry for each gap: why, or None where no reason is given.
    """
    found = Counter(str(reason) if reason else "not given" for reason in reasons)
    if not found:
        return ""
    total = found.total()
    each = [f"{n:,} {reason}" for reason, n in found.most_common()]
    why = ", ".join(each) if len(each) > 1 else next(iter(found))
    return f"{counted(total, one, many)} {'has' if total == 1 else 'have'} no value ({why})"


def short_period(period: Period) -> str:
    """Return a label that fits under an axis: ``2024-25``, ``Jul 2026``, ``2026 Q3``."""
    if period.start == period.end or period == Period.month(period.end.year, period.end.month):
        return f"{period.end:%b %Y}"
    return period.code.replace("-Q", " Q")


def sentence(*parts: str) -> str:
    """Return the parts that are not empty as one sentence, joined by semicolons."""
    joined = "; ".join(part.strip().rstrip(".") for part in parts if part and part.strip())
    return f"{joined[:1].upper()}{joined[1:]}." if joined else ""


_KINDS = {"pcn": "PCN", "icb": "ICB", "sub_icb": "sub-ICB", "england": "England"}


def kind_words(kind: str) -> str:
    """Return a kind of organisation as a reader says it: ``pcn`` is ``PCN``."""
    return _KINDS.get(kind, kind)
