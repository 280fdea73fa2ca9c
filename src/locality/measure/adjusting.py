"""Values as they would be if every practice had England's people: beside the plain ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from locality import statistics
from locality.measure.models import family_of, sound
from locality.measure.terms import Terms

if TYPE_CHECKING:
    from locality.knowledge import Measure

Numbers = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]
Law = Literal["binomial", "poisson"]

#: What an adjustment is for, as a page names it.
ADJUSTED_FOR = "age, sex and deprivation of the list"
#: Tables that hold what is adjusted for: a measure of these is not adjusted by itself.
_FACTS = ("age_sex", "deprivation")


def adjustable(measure: Measure) -> bool:
    """Return whether a measure has chance in it and is not itself one of the facts."""
    return family_of(measure) is not None and not set(measure.datasets) & set(_FACTS)


def adjusted(
    measure: Measure,
    scale: float,
    top: Numbers,
    bottom: Numbers,
    facts: Numbers,
    compared: Truth,
    terms: Terms,
) -> Numbers:
    """Return practices' values after adjustment, in the measure's unit; NaN where there is none.

    ``facts`` has a row for each practice: shares of ages and of women on its list, and its
    deprivation score. What to expect is a regression over the practices ``compared``; the facts
    are of lists, so that it says what lists like these show, and nothing of single patients.
    """
    nothing = np.full(top.shape, np.nan)
    family = family_of(measure)
    if family is None or not adjustable(measure):
        return nothing
    used = compared & sound(family, top, bottom) & np.isfinite(facts).all(axis=1)
    if used.sum() < max(terms.fewest, 10 * facts.shape[1]):
        return nothing
    y, n = top[used], bottom[used]
    law: Law = "binomial" if family == "beta" else "poisson"
    expected = statistics.regress(y, n, facts[used], law=law).expected
    nothing[used] = scale * statistics.adjust(y, n, expected, law=law).value
    return nothing
