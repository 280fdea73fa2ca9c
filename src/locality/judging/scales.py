"""Scales on which people score: from where to where, in which steps, and what the steps mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np

#: More steps than this are no scale that a person can tell apart.
MOST_STEPS = 100
#: Values are kept with as many places.
PLACES = 3


@dataclass(frozen=True)
class Scale:
    """From ``lower`` to ``upper`` in steps of ``step``; ``anchors`` say what a value means.

    A scale that goes below nothing is signed: what takes away scores below nought and what adds
    scores above, on the same criteria.
    """

    lower: Decimal
    upper: Decimal
    step: Decimal = Decimal(1)
    anchors: Mapping[Decimal, str] = field(default_factory=dict)

    @property
    def signed(self) -> bool:
        """Return whether it goes below nothing."""
        return self.lower < 0

    @property
    def steps(self) -> tuple[Decimal, ...]:
        """Return every value that may be given, lowest first."""
        count = int((self.upper - self.lower) / self.step)
        return tuple(self.lower + self.step * n for n in range(count + 1))

    @property
    def words(self) -> str:
        """Return ``0 to 100 in steps of 5``."""
        step = "" if self.step == 1 else f" in steps of {plain(self.step)}"
        return f"{plain(self.lower)} to {plain(self.upper)}{step}"

    def meaning(self, value: Decimal | float) -> str:
        """Return what ``value`` means, or an empty text where it has no words of its own."""
        return self.anchors.get(Decimal(str(value)).normalize(), "")

    def fault(self, value: Decimal) -> str:
        """Return the sentence that says why ``value`` is not on this scale; empty where it is."""
        if not self.lower <= value <= self.upper:
            return f"Give a score from {plain(self.lower)} to {plain(self.upper)}."
        if (value - self.lower) % self.step:
            below = self.lower + ((value - self.lower) // self.step) * self.step
            return (
                f"Scores go in steps of {plain(self.step)}: "
                f"{plain(below)} or {plain(below + self.step)}."
            )
        return ""

    def shares(self, values: Any) -> np.ndarray:
        """Return ``values`` as 0 to 100, or as -100 to 100 on a signed scale, where 0 stays 0."""
        given = np.asarray(values, dtype=float)
        if self.signed:
            return 100 * given / float(max(-self.lower, self.upper))
        return 100 * (given - float(self.lower)) / float(self.upper - self.lower)


def typed(text: str) -> Decimal:
    """Return the number that was typed, such as ``-2`` or ``0.5``; ValueError with a sentence."""
    told = text.strip().replace("−", "-").replace("–", "-")
    try:
        value = Decimal(told)
    except InvalidOperation:
        raise ValueError(f"“{text.strip()[:20]}” is not a number. Write one such as 3.") from None
    if not value.is_finite() or abs(value) >= 100_000:
        raise ValueError("Write a smaller number.")
    if value != round(value, PLACES):
        raise ValueError(f"Write no more than {PLACES} places after the point.")
    return value


def faults(
    lower: Decimal, upper: Decimal, step: Decimal, anchors: Mapping[Decimal, str]
) -> list[tuple[str, str]]:
    """Return what is wrong with a scale as (field, sentence): lower, upper, step or anchors."""
    if lower >= upper:
        return [("upper", f"A scale ends above where it begins: write more than {plain(lower)}.")]
    if lower < 0 and upper <= 0:
        return [("upper", "A scale that goes below nought goes above it too, such as -3 to 3.")]
    if step <= 0:
        return [("step", "Write a step above nought, such as 1.")]
    if (upper - lower) % step:
        return [("step", f"Steps of {plain(step)} do not lead from {plain(lower)} to "
                 f"{plain(upper)}.")]  # fmt: skip
    if (upper - lower) / step > MOST_STEPS:
        return [("step", f"That is more than {MOST_STEPS} steps. Write a larger step.")]
    scale = Scale(lower, upper, step)
    return [
        ("anchors", f"“{words[:40]}” stands at {plain(value)}. {sentence}")
        for value, words in anchors.items()
        if (sentence := scale.fault(value))
    ]


def anchors_typed(text: str) -> dict[Decimal, str]:
    """Return the anchors in ``text``, one a line such as ``0 = no effect``.

    Raises ValueError with a sentence that names the line.
    """
    found: dict[Decimal, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        value, mark, words = line.partition("=")
        if not mark or not words.strip():
            raise ValueError(f"Line {number}: write a value, = and its words, as 0 = no effect.")
        try:
            at = typed(value).normalize()
        except ValueError as error:
            raise ValueError(f"Line {number}: {error}") from None
        if at in found:
            raise ValueError(f"Line {number}: {plain(at)} has its words already.")
        found[at] = " ".join(words.split())
    return found


def anchors_text(anchors: Mapping[Decimal, str]) -> str:
    """Return ``anchors`` as they are typed, lowest first."""
    return "\n".join(f"{plain(value)} = {anchors[value]}" for value in sorted(anchors))


def plain(value: Decimal | float) -> str:
    """Return a number without idle noughts: ``47.5``, ``-3``, ``100``."""
    number = Decimal(str(value))
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text
