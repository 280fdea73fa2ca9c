"""Statistics on arrays: NumPy in, small typed results out. A library in its own right.

It imports nothing of the project. Every function cites its equation and says where it departs.
"""

from locality.statistics.banded import percentile
from locality.statistics.disclosure import Suppression, suppress
from locality.statistics.funnels import (
    Judged,
    differs_from_target,
    peer_limits,
    target_limits,
    unusual_among_peers,
)
from locality.statistics.intervals import (
    Interval,
    byar,
    exact_binomial,
    exact_poisson,
    mean,
    wilson,
)
from locality.statistics.overdispersion import Overdispersion, overdispersion
from locality.statistics.reliability import (
    calls,
    probability_in_tail,
    regression_to_the_mean,
    reliability,
    shrink,
    size_needed,
)
from locality.statistics.spread import Spread, beta_spread, gamma_spread, normal_spread

__all__ = [
    "Interval",
    "Judged",
    "Overdispersion",
    "Spread",
    "Suppression",
    "beta_spread",
    "byar",
    "calls",
    "differs_from_target",
    "exact_binomial",
    "exact_poisson",
    "gamma_spread",
    "mean",
    "normal_spread",
    "overdispersion",
    "peer_limits",
    "percentile",
    "probability_in_tail",
    "regression_to_the_mean",
    "reliability",
    "shrink",
    "size_needed",
    "suppress",
    "target_limits",
    "unusual_among_peers",
    "wilson",
]
