"""Each organisation's own series: its chart's word for the latest point, and its alert."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from locality.measure.terms import Terms

if TYPE_CHECKING:
    from locality.knowledge import Measure

Numbers = npt.NDArray[np.float64]


class Counted(Protocol):
    """Counts of one measure: organisations in rows, periods (oldest first) in columns.

    ``numerator``, ``denominator`` and ``excepted`` are NaN where there is no number; ``flags``
    holds :class:`locality.figures.Cell` bits.
    """

    @property
    def codes(self) -> tuple[str, ...]:
        """Return each row's organisation."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return each row's kind of organisation."""

    @property
    def periods(self) -> tuple[str, ...]:
        """Return the periods, oldest first."""

    @property
    def numerator(self) -> Numbers:
        """Return counts, of shape (organisations, periods)."""

    @property
    def denominator(self) -> Numbers:
        """Return what they are counted over, of that shape."""

    @property
    def excepted(self) -> Numbers:
        """Return personalised care adjustments, of that shape."""

    @property
    def flags(self) -> npt.NDArray[np.uint8]:
        """Return Cell bits, of that shape."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What each series says of its latest point; arrays of one length, in order of the counts.

    ``variation`` is high, low, usual, "too few points" or "no number"; ``strength`` the height of
    the CUSUM (in standard deviations, negative below), ``strength_before`` one point earlier, NaN
    with too short a baseline, which is then 0; ``usual`` the baseline's mean, in the unit.
    """

    variation: npt.NDArray[Any]
    points: npt.NDArray[np.int64]
    baseline: npt.NDArray[np.int64]
    strength: Numbers
    strength_before: Numbers
    usual: Numbers


def watched(measure: Measure, counted: Counted, terms: Terms, starts: Mapping[str, int]) -> Watched:
    """Return what every series of ``counted`` says of its latest point."""
    many = len(counted.codes)
    points = np.isfinite(counted.numerator).sum(axis=1)
    return Watched(
        np.full(many, "too few points", dtype=object),
        points.astype(np.int64),
        np.zeros(many, np.int64),
        *(np.full(many, np.nan) for _ in range(3)),
    )
