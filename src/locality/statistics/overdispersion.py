"""Moved: see ``locality.statistics.dispersion``."""

from locality.statistics.dispersion import Overdispersion, overdispersion

__all__ = ["Overdispersion", "overdispersion"]
