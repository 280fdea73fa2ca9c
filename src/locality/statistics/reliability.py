"""Moved: see ``locality.statistics.shrinking``."""

from locality.statistics.shrinking import (
    calls,
    probability_in_tail,
    regression_to_the_mean,
    reliability,
    shrink,
    size_needed,
)

__all__ = [
    "calls",
    "probability_in_tail",
    "regression_to_the_mean",
    "reliability",
    "shrink",
    "size_needed",
]
