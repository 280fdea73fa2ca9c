"""Statistics on arrays: NumPy in, small typed results out. A library in its own right.

It imports nothing of the project. Every function cites its equation and says where it departs.
"""

from locality.statistics.banded import percentile
from locality.statistics.disclosure import Suppression, suppress
from locality.statistics.intervals import Interval, byar, wilson

__all__ = ["Interval", "Suppression", "byar", "percentile", "suppress", "wilson"]
