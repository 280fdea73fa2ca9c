"""QOF: what points are worth, what is still to earn, and what other sheets would make of counts.

* :func:`points` and its kin: points between thresholds and the patients they hang on, on arrays.
* :class:`Scheme`: one year's sheet and constants; :class:`Counts`, :func:`prevalence`: what
  practices counted; :class:`Scored`: both together, for any number of practices.
* :func:`position`, :func:`statement`, :func:`through_the_year`: one practice, as a table and in
  pounds; :func:`pace`: what the time that is left asks for; :func:`scenarios`: every practice.
* :func:`carried`, :func:`counts_under`: this year's counts under another year's sheet.
* :func:`typed`: counts typed by hand, each mistake a sentence.
* :func:`overall`, :func:`by_indicator`: results as published.
"""

from locality.measure.qof.carrying import Carried, carried, counts_under, prevalence_under
from locality.measure.qof.checking import FIELDS, Typed, typed
from locality.measure.qof.constants import (
    Constant,
    Scheme,
    constant,
    constants_table,
)
from locality.measure.qof.counts import Counts, Prevalence, prevalence, summed, whole_lists
from locality.measure.qof.moving import moved
from locality.measure.qof.pace import NEAR, Profile, pace, profile
from locality.measure.qof.payment import statement, through_the_year
from locality.measure.qof.points import (
    achievement,
    improved,
    one_more,
    patients_to,
    patients_to_next_point,
    points,
)
from locality.measure.qof.position import Beside, position
from locality.measure.qof.scenarios import every_point, scenarios
from locality.measure.qof.schemas import (
    QOF_CONSTANTS,
    QOF_PACE,
    QOF_POSITION,
    QOF_SCENARIOS,
)
from locality.measure.qof.score import QOF_BY_INDICATOR, QOF_SCORE, by_indicator, overall
from locality.measure.qof.scoring import Scored

__all__ = [
    "FIELDS",
    "NEAR",
    "QOF_BY_INDICATOR",
    "QOF_CONSTANTS",
    "QOF_PACE",
    "QOF_POSITION",
    "QOF_SCENARIOS",
    "QOF_SCORE",
    "Beside",
    "Carried",
    "Constant",
    "Counts",
    "Prevalence",
    "Profile",
    "Scheme",
    "Scored",
    "Typed",
    "achievement",
    "by_indicator",
    "carried",
    "constant",
    "constants_table",
    "counts_under",
    "every_point",
    "improved",
    "moved",
    "one_more",
    "overall",
    "pace",
    "patients_to",
    "patients_to_next_point",
    "points",
    "position",
    "prevalence",
    "prevalence_under",
    "profile",
    "scenarios",
    "statement",
    "summed",
    "through_the_year",
    "typed",
    "whole_lists",
]
