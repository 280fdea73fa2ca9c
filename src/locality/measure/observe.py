"""From practices to the organisations they make up: counts are summed, never averaged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from locality.figures import Cell

Numbers = npt.NDArray[np.float64]
Bits = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.intp]

_WITHOUT_NUMBER = np.uint8(Cell.NO_RETURN | Cell.SUPPRESSED | Cell.NOT_APPLICABLE | Cell.WITHHELD)
# How often two things stand among members, packed into one number while they are summed: counts
# of fewer than 2^16 members are exact in the 53 bits of a float.
_SHIFT = float(2**16)


@dataclass(frozen=True, slots=True)
class MembersIndex:
    """Which practice rows each organisation sums: those from ``starts[i]`` in ``rows``.

    ``practices`` is how many rows the practice matrices have.
    """

    codes: tuple[str, ...]
    starts: Whole
    rows: Whole
    practices: int

    @classmethod
    def of(cls, members: Mapping[str, Iterable[str]], practices: Sequence[str]) -> MembersIndex:
        """Return who sums whom; ``practices`` are the row codes of the matrices, in order.

        A member that is not among ``practices`` has no counts and is left out, as is an
        organisation that has no other. A member named twice is summed once.
        """
        place = {code: row for row, code in enumerate(practices)}
        codes: list[str] = []
        starts: list[int] = []
        rows: list[int] = []
        for code, some in members.items():
            known = sorted({place[one] for one in some if one in place})
            if known:
                codes.append(code)
                starts.append(len(rows))
                rows += known
        return cls(tuple(codes), np.array(starts, np.intp), np.array(rows, np.intp), len(place))


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts over rows and periods: float64 (NaN where none) and Cell bits, of one shape."""

    numerator: Numbers
    denominator: Numbers
    excepted: Numbers
    flags: Bits


def roll_up(
    numerator: Numbers,
    denominator: Numbers,
    excepted: Numbers,
    flags: Bits,
    members_index: MembersIndex,
) -> Counts:
    """Return practice counts of shape (practices, periods) summed to (organisations, periods).

    Only members with a number are summed. Where others should have one the sum is PARTIAL; where
    none has, the cell is empty: "not applicable" if no member was there to return, else
    "withheld" or "suppressed" if one was, else "no return". Zero stays zero. Adjustments are
    summed over the members that gave them, and empty where none did.
    Raises ValueError for shapes that do not fit.
    """
    shape = (members_index.practices, flags.shape[1] if flags.ndim == 2 else -1)
    if any(one.shape != shape for one in (numerator, denominator, excepted, flags)):
        raise ValueError("counts and flags are of shape (practices, periods), as the index says")
    summed = _Summing(members_index)
    counted = (flags & _WITHOUT_NUMBER == 0) & ~np.isnan(numerator) & ~np.isnan(denominator)
    organisations = (len(members_index.codes), shape[1])
    out = np.zeros(organisations, np.uint8)
    adjusted = counted & ~np.isnan(excepted)
    exceptions = np.full(organisations, np.nan)
    if adjusted.any():
        exceptions = summed(np.where(adjusted, excepted, 0.0))
        if not adjusted.all():
            exceptions[summed(adjusted.astype(np.float64)) == 0] = np.nan
    if counted.all():
        return Counts(summed(numerator), summed(denominator), exceptions, out)
    numbers = [summed(np.where(counted, one, 0.0)) for one in (numerator, denominator)]
    expected = flags & np.uint8(Cell.NOT_APPLICABLE) == 0
    with_number, wanted = _two(summed, counted, expected)
    empty = with_number == 0
    out[~empty & (with_number < wanted)] = Cell.PARTIAL
    out[empty] = Cell.NO_RETURN
    if empty.any():
        suppressed, hidden = _two(
            summed,
            (flags & np.uint8(Cell.SUPPRESSED) != 0) & expected,
            (flags & np.uint8(Cell.WITHHELD) != 0) & expected,
        )
        out[empty & (suppressed > 0)] = Cell.SUPPRESSED
        out[empty & (hidden > 0)] = Cell.WITHHELD
        out[empty & (wanted == 0)] = Cell.NOT_APPLICABLE
    for one in numbers:
        one[empty] = np.nan
    return Counts(numbers[0], numbers[1], exceptions, out)


class _Summing:
    """Sums over members as one sparse product: rows of organisations, columns of practices."""

    def __init__(self, index: MembersIndex) -> None:
        from scipy.sparse import csr_array

        ends = np.append(index.starts, len(index.rows))
        ones = np.ones(len(index.rows))
        shape = (len(index.codes), index.practices)
        self._matrix = csr_array((ones, index.rows, ends), shape=shape)

    def __call__(self, values: Numbers) -> Numbers:
        return np.asarray(self._matrix @ values)


def _two(summed: _Summing, first: Flags, second: Flags) -> tuple[Numbers, Numbers]:
    """Return how many members are ``first`` and how many ``second``, in one sum."""
    packed = summed(first + second * _SHIFT)
    high = np.floor(packed / _SHIFT)
    return packed - high * _SHIFT, high
