"""Counts and prevalence made up for these tests."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from locality import knowledge
from locality.measure.qof import Counts, Prevalence, Scheme, Scored

RULES = knowledge.load().rules
YEAR = "2025-26"


def counts(
    scheme: Scheme, given: dict[str, tuple[float, ...]], as_at: date | None = None, **points: float
) -> Counts:
    """Return one practice's counts: code -> (numerator, denominator, pcas); others are missing."""
    shape = (1, len(scheme.codes))
    found = {name: np.full(shape, np.nan) for name in ("numerator", "denominator", "pcas")}
    for code, row in given.items():
        at = scheme.codes.index(code)
        for name, number in zip(found, (*row, 0.0)[:3], strict=True):
            found[name][0, at] = number
    published = np.full(shape, np.nan)
    for code, number in points.items():
        published[0, scheme.codes.index(code)] = number
    return Counts(scheme.period, ("A81001",), scheme.codes, **found, points=published, as_at=as_at)


def prevalence(scheme: Scheme, factor: float = 1.0, period: str | None = None) -> Prevalence:
    """Return the same prevalence factor for every indicator."""
    n = len(scheme.codes)
    return Prevalence(period or scheme.period, np.full((1, n), 0.1 * factor), np.full(n, 0.1))


def scored(
    given: dict[str, tuple[float, ...]],
    year: str = YEAR,
    patients: float | None = None,
    factor: float = 1.0,
    as_at: date | None = None,
    **points: Any,
) -> Scored:
    """Return one practice's counts under a year's sheet; its list is the average one."""
    scheme = Scheme.of(RULES, year)
    size = float(scheme.average_list.value) if patients is None else patients
    held = counts(scheme, given, as_at, **points)
    return Scored.of(scheme, held, np.array([size]), prevalence(scheme, factor))
