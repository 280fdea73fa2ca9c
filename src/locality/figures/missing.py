"""Why a cell has no number. None of these is zero, and none is another of them."""

from __future__ import annotations

from enum import IntFlag, StrEnum


class Missing(StrEnum):
    """The reason that stands where a value would stand."""

    NO_RETURN = "no return"
    SUPPRESSED = "suppressed by the publisher"
    NOT_APPLICABLE = "not applicable"
    WITHHELD = "withheld: small numbers"
    NOTHING_TO_COUNT = "nobody to count"
    TOO_FEW_RETURNS = "too few practices returned"

    @property
    def sentence(self) -> str:
        """Return one plain sentence for a page."""
        return _SENTENCES[self]


_SENTENCES = {
    Missing.NO_RETURN: "No return: the practice is not in this publication for this period.",
    Missing.SUPPRESSED: "The publisher has hidden this number because it is small.",
    Missing.NOT_APPLICABLE: "This measure does not apply here.",
    Missing.WITHHELD: (
        "Hidden here because the count is small and was supplied locally; "
        "the practice itself can see it."
    ),
    Missing.NOTHING_TO_COUNT: "The denominator is zero, so there is no percentage to give.",
    Missing.TOO_FEW_RETURNS: (
        "Fewer than half of its practices made a return, so their sum would not speak for all."
    ),
}


class Cell(IntFlag):
    """Flag bits stored beside each numerator and denominator (one byte a cell)."""

    OK = 0
    NO_RETURN = 1
    SUPPRESSED = 2
    NOT_APPLICABLE = 4
    # The organisation's members did not all return: the sum is of those that did.
    PARTIAL = 8
    # Supplied by a locality, and hidden from others by the release gate.
    WITHHELD = 16
    # Fewer than half of the organisation's members returned: a sum would not speak for it.
    TOO_FEW_RETURNS = 32

    @property
    def missing(self) -> Missing | None:
        """Return why the cell has no number, or None where it has one."""
        for flag, reason in _REASONS:
            if flag in self:
                return reason
        return None


_REASONS = (
    (Cell.WITHHELD, Missing.WITHHELD),
    (Cell.TOO_FEW_RETURNS, Missing.TOO_FEW_RETURNS),
    (Cell.SUPPRESSED, Missing.SUPPRESSED),
    (Cell.NOT_APPLICABLE, Missing.NOT_APPLICABLE),
    (Cell.NO_RETURN, Missing.NO_RETURN),
)
