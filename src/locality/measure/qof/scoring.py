"""Points and pounds of any number of practices at once: one matrix a question.

payment = points x value of a point x list factor x prevalence factor (where it is weighted), with
list factor = the practice's list over the national average, and prevalence factor = the practice's
share on the register over England's (Statement of Financial Entitlements, as Primary Care IT and
Lincolnshire LMC work it out). Nothing is rounded here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from locality.measure.qof.constants import Scheme
from locality.measure.qof.counts import Counts, Prevalence
from locality.measure.qof.points import (
    improved,
    one_more,
    patients_to,
    patients_to_next_point,
    points,
)

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Scored:
    """Counts under one scheme. Arrays are (practices, indicators) of the scheme, in its order.

    ``rate`` is what one point is worth to a practice, in pounds (NaN where a factor is not known).
    """

    scheme: Scheme
    counts: Counts
    lists: Numbers
    factor: Numbers

    baseline: Numbers | None = None

    @classmethod
    def of(
        cls,
        scheme: Scheme,
        counts: Counts,
        lists: Numbers,
        prevalence: Prevalence,
        baseline: Numbers | None = None,
    ) -> Scored:
        """Return ``counts``, whose indicators are the scheme's in its order, ready to be paid.

        ``lists`` are patients, (practices,). Points that are not weighted have the factor 1.
        ``baseline`` is each practice's own average achievement of two years, in per cent, for
        indicators with a second route. Raises ValueError where the indicators are others.
        """
        if counts.codes != scheme.codes:
            raise ValueError("the counts are of other indicators than the scheme's")
        factor = np.where(scheme.weighted, prevalence.factor, 1.0)
        return cls(scheme, counts, np.asarray(lists, np.float64), factor, baseline)

    @cached_property
    def list_factor(self) -> Numbers:
        """Return each practice's list over the national average, (practices,)."""
        return self.lists / float(self.scheme.average_list.value)

    @cached_property
    def rate(self) -> Numbers:
        """Return the pounds that one point is worth to each practice, for each indicator."""
        return float(self.scheme.point.value) * self.list_factor[:, None] * self.factor

    @cached_property
    def worked_out(self) -> Numbers:
        """Return the points worked out from counts, NaN where they cannot be."""
        made = points(self.counts.numerator, self.counts.denominator, *self._terms)
        if self.scheme.improvement is not None and self.baseline is not None:
            other = improved(
                self.counts.numerator,
                self.counts.denominator,
                self.scheme.worth,
                np.where(self.scheme.second_route, self.baseline, np.nan),
                *self.scheme.improvement,
            )
            made = np.where(np.isfinite(other), np.maximum(made, other), made)
        return np.where(self.scheme.counted, made, np.nan)

    @cached_property
    def points(self) -> Numbers:
        """Return the points: worked out from counts where they can be, else the published ones.

        0 where nobody is eligible: none are open then.
        """
        held = np.where(np.isfinite(self.worked_out), self.worked_out, self.counts.points)
        return np.where(self.open == 0, 0.0, held)

    @cached_property
    def open(self) -> Numbers:
        """Return the points open to each practice: none where it has nobody to count.

        Where the denominator is 0 no points are available (QOF guidance from 2024/25, as
        Lincolnshire LMC tells it), and none are lost.
        """
        nobody = self.scheme.counted & (self.counts.denominator == 0)
        return np.where(nobody, 0.0, self.scheme.worth)

    @cached_property
    def pounds(self) -> Numbers:
        """Return the pounds earned; NaN where points or a factor are not known."""
        return self.points * self.rate

    @cached_property
    def points_to_earn(self) -> Numbers:
        """Return the points still to earn; 0 where there is nobody to count."""
        left = np.maximum(self.open - self.points, 0.0)
        return np.where(self.open == 0, 0.0, left)

    @cached_property
    def pounds_to_earn(self) -> Numbers:
        """Return what the points still to earn are worth."""
        return self.points_to_earn * self.rate

    @cached_property
    def patients_to_next(self) -> Numbers:
        """Return how many more patients earn the next whole point."""
        return self._counted(
            patients_to_next_point(self.counts.numerator, self.counts.denominator, *self._terms)
        )

    @cached_property
    def patients_to_upper(self) -> Numbers:
        """Return how many more patients earn every point."""
        return self._counted(
            patients_to(self.counts.numerator, self.counts.denominator, self.scheme.upper)
        )

    @cached_property
    def worth_of_one(self) -> Numbers:
        """Return the pounds that one more patient reached adds."""
        added = one_more(self.counts.numerator, self.counts.denominator, *self._terms)
        return self._counted(added) * self.rate

    @property
    def _terms(self) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        one = self.scheme
        return one.worth, one.lower, one.upper, one.at_lower

    def _counted(self, found: Numbers) -> Numbers:
        return np.where(self.scheme.counted, found, np.nan)
