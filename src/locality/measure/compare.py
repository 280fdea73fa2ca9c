"""One figure beside another: higher, lower, or not clearly different; not good or bad."""

from __future__ import annotations

from enum import StrEnum
from math import hypot

from locality.figures import Figure


class Standing(StrEnum):
    """How a value stands to another, as far as chance lets one say."""

    HIGHER = "higher than"
    LOWER = "lower than"
    UNCLEAR = "not clearly different from"


#: What a polarity adds, where a measure has one; "none" adds nothing.
_POLARITY = {"higher_is_better": "higher is better", "lower_is_better": "lower is better"}


def standing(own: Figure, other: Figure) -> Standing | None:
    """Return how ``own`` stands to ``other``, or None where either has no value or interval.

    It is higher or lower where the interval of the difference leaves out zero, worked out from the
    two intervals at their level: Newcombe RG (1998), Stat Med 17:873-890, method 10, for two
    proportions; Zou GY, Donner A (2008), Stat Med 27:1693-1702, for any two. That an organisation
    is itself a part of its ICB and of England is left aside.
    """
    if own.value is None or other.value is None:
        return None
    if own.lower is None or own.upper is None or other.lower is None or other.upper is None:
        return None
    gap = own.value - other.value
    if gap > 0 and gap > hypot(own.value - own.lower, other.upper - other.value):
        return Standing.HIGHER
    if gap < 0 and -gap > hypot(own.upper - own.value, other.value - other.lower):
        return Standing.LOWER
    return Standing.UNCLEAR


def sentence(own: Figure, other: Figure, name: str, polarity: str = "none") -> str:
    """Return one plain sentence on ``own`` beside ``other``, which is called ``name``.

    ``polarity`` is the measure's: with "none", neither side is called better. Empty where there
    is nothing to compare.
    """
    if own.value is None or other.value is None:
        return ""
    found = standing(own, other)
    if found is None:
        return f"It is {own.text}; {name} is {other.text}."
    said = f"At {own.text}, it is {found} {name} ({other.text})."
    if found is not Standing.UNCLEAR and polarity in _POLARITY:
        said = f"{said[:-1]}; {_POLARITY[polarity]}."
    return said
