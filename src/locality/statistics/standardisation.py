"""Standardised rates and ratios: what would be, were the people of another age and sex.

Bands (age; or age, sex and deprivation: any cells of people) lie on the last axis. Directly
standardised rates compare with each other; indirectly standardised ones each compare with the
reference only, and stand small numbers better.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from locality.statistics.intervals import Array, Interval, byar

FEWEST_EVENTS = 10
"""No directly standardised rate is given below this many events (PHE's rule)."""

EUROPEAN_2013_AGES: tuple[int, ...] = tuple(range(0, 95, 5))
"""The age at which each band of ``EUROPEAN_2013`` begins: 0-4, 5-9 ... 85-89, 90 and over."""

# fmt: off
EUROPEAN_2013: Array = np.array(
    [
        5000, 5500, 5500, 5500, 6000, 6000, 6500, 7000, 7000, 7000,
        7000, 6500, 6000, 5500, 5000, 4000, 2500, 1500, 1000,
    ],
    dtype=np.float64,
)
# fmt: on
"""The 2013 European standard population of 100,000, both sexes alike.

Eurostat (2013), Revision of the European Standard Population, KS-RA-13-028-EN. As is the custom
in England, under 1 and 1-4 are one band, and so are 90-94 and 95 and over.
"""
EUROPEAN_2013.setflags(write=False)


@dataclass(frozen=True, slots=True)
class Direct:
    """Directly standardised rates per multiplier, with ``events`` and the crude rate beside.

    ``covered`` is the share of the standard population whose bands have people here: below 1
    the rate is standardised over those bands alone. ``rate`` is NaN below 10 events.
    """

    events: Array
    rate: Array
    interval: Interval
    crude: Array
    crude_interval: Interval
    covered: Array


@dataclass(frozen=True, slots=True)
class Indirect:
    """Observed and expected events, their ratio (1 is as expected), and rates per multiplier.

    ``rate`` is the reference's crude rate times the ratio. ``crude`` is not adjusted at all.
    """

    observed: Array
    expected: Array
    ratio: Array
    ratio_interval: Interval
    rate: Array
    rate_interval: Interval
    crude: Array
    crude_interval: Interval


def direct(
    count: npt.ArrayLike,
    population: npt.ArrayLike,
    standard: npt.ArrayLike = EUROPEAN_2013,
    level: float | Sequence[float] = 0.95,
    multiplier: float = 100_000,
    squares: npt.ArrayLike | None = None,
) -> Direct:
    """Return directly standardised rates, of shape (...), from bands of shape (..., bands).

    ``squares`` is for events that one person can have repeatedly, and so are not independent:
    for each band, the sum over its people of the square of their number of events (two people
    with 1 event and one with 3: count 5, squares 11). Without it each event is its own.

    With weights w, events O, people n in each band: rate = sum(w O / n) / sum(w), its variance
    V = sum(w^2 O / n^2) / sum(w)^2, and the ends are rate + sqrt(V / sum(O)) (B - sum(O)), with
    B Byar's ends for sum(O): Dobson AJ et al. (1991), Stat Med 10:457-462.
    Repeated events put ``squares`` for O in V: Stukel TA et al. (1994), Stat Med 13:1781-1791.

    Where it departs: a band with nobody is left out with its weight (see ``covered``), since no
    rate can be told from it; peers refuse, or count its rate as 0. A missing count or population
    gives NaN. Fewer than 10 events give a rate of NaN; the crude rate is given all the same.
    Raises ValueError for negative numbers, events among nobody, a standard of another length,
    or squares below the count.
    """
    events, people = _bands(count, population)
    weight = np.asarray(standard, dtype=np.float64)
    if weight.shape != events.shape[-1:] or not np.all(weight >= 0) or not weight.sum() > 0:
        raise ValueError("the standard population has one number, not negative, for each band")
    spread = events if squares is None else np.asarray(squares, dtype=np.float64)
    if spread.shape != events.shape or np.any(spread < events):
        raise ValueError("squares fit the counts and are not below them")
    peopled = people != 0
    safe = np.where(peopled, people, 1.0)
    total = events.sum(axis=-1)
    weights = np.where(peopled, weight, 0.0)
    whole = weights.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(
            total < FEWEST_EVENTS, np.nan, (weights * events / safe).sum(axis=-1) / whole
        )
        variance = ((weights / safe) ** 2 * spread).sum(axis=-1) / whole**2
        scale = np.sqrt(variance / total)
    ends = byar(total, level)
    return Direct(
        events=total,
        rate=multiplier * rate,
        interval=Interval(
            multiplier * (rate + scale * (ends.lower - total)),
            multiplier * (rate + scale * (ends.upper - total)),
        ),
        crude=_per(total, people.sum(axis=-1), multiplier),
        crude_interval=_crude_interval(ends, total, spread, people, multiplier),
        covered=np.asarray(whole / weight.sum()),
    )


def expected(
    population: npt.ArrayLike,
    reference_count: npt.ArrayLike,
    reference_population: npt.ArrayLike,
) -> Array:
    """Return the events expected at the reference's rates, of shape (...) from (..., bands).

    The sum over bands of people times the reference's rate, as in Breslow NE, Day NE (1987),
    Statistical Methods in Cancer Research II. People in a band where the reference has nobody
    give NaN: nothing is known of what to expect. A band that is empty here adds 0.
    Raises ValueError for negative numbers, shapes that do not fit, or events among nobody.
    """
    people = np.asarray(population, dtype=np.float64)
    events, reference = _bands(reference_count, reference_population)
    if people.ndim == 0 or people.shape[-1] != events.shape[-1] or np.any(people < 0):
        raise ValueError("people have the reference's bands on their last axis, and are not < 0")
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(people == 0, 0.0, people * (events / reference))
    return np.asarray(each.sum(axis=-1), dtype=np.float64)


def indirect(
    observed: npt.ArrayLike,
    population: npt.ArrayLike,
    reference_count: npt.ArrayLike,
    reference_population: npt.ArrayLike,
    level: float | Sequence[float] = 0.95,
    multiplier: float = 100_000,
) -> Indirect:
    """Return indirectly standardised ratios and rates beside the crude rates, all of shape (...).

    ``observed`` is each unit's count over all bands; the other three have bands on the last
    axis. Bands may be cells of age, sex and deprivation, and ``reference_*`` all units together.

    Ratio = observed / expected, with Byar's ends (exact below 10 events) divided by the expected:
    Breslow NE, Day NE (1987). Rate = ratio times the reference's crude rate. The reference is
    taken as known: its own chance, and a unit's being part of it, are left aside, as is the custom.

    Nothing expected, nobody, or anything missing gives NaN. Zero events are ordinary.
    Raises ValueError as ``expected`` does, or for a negative count.
    """
    seen = np.asarray(observed, dtype=np.float64)
    ends = byar(seen, level)
    people = np.asarray(population, dtype=np.float64).sum(axis=-1)
    due = expected(population, reference_count, reference_population)
    if np.broadcast_shapes(seen.shape, due.shape) != seen.shape:
        raise ValueError("observed counts have one number for each unit: bands already summed")
    due, people = np.broadcast_to(due, seen.shape), np.broadcast_to(people, seen.shape)
    reference = _per(
        np.asarray(reference_count, dtype=np.float64).sum(axis=-1),
        np.asarray(reference_population, dtype=np.float64).sum(axis=-1),
        multiplier,
    )
    ratio = _per(seen, due, 1.0)
    ratio_interval = Interval(_per(ends.lower, due, 1.0), _per(ends.upper, due, 1.0))
    return Indirect(
        observed=seen,
        expected=due,
        ratio=ratio,
        ratio_interval=ratio_interval,
        rate=ratio * reference,
        rate_interval=Interval(ratio_interval.lower * reference, ratio_interval.upper * reference),
        crude=_per(seen, people, multiplier),
        crude_interval=Interval(
            _per(ends.lower, people, multiplier), _per(ends.upper, people, multiplier)
        ),
    )


def _bands(count: npt.ArrayLike, population: npt.ArrayLike) -> tuple[Array, Array]:
    events = np.asarray(count, dtype=np.float64)
    people = np.asarray(population, dtype=np.float64)
    if events.ndim == 0 or people.ndim == 0 or events.shape[-1] != people.shape[-1]:
        raise ValueError("counts and populations have the same bands on their last axis")
    events, people = np.broadcast_arrays(events, people)
    if np.any(events < 0) or np.any(people < 0):
        raise ValueError("counts and populations are not negative")
    if np.any((events > 0) & (people == 0)):
        raise ValueError("there are events in a band with nobody in it")
    return events, people


def _per(count: Array, size: Array, multiplier: float) -> Array:
    """Return count / size, NaN where there is no size."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(size > 0, multiplier * count / size, np.nan))


def _crude_interval(
    ends: Interval, total: Array, spread: Array, people: Array, multiplier: float
) -> Interval:
    """Return Byar's ends as rates, stretched about the count where events are not independent."""
    with np.errstate(divide="ignore", invalid="ignore"):
        stretch = np.where(total > 0, np.sqrt(spread.sum(axis=-1) / total), 1.0)
    size = people.sum(axis=-1)
    return Interval(
        _per(np.maximum(total + stretch * (ends.lower - total), 0.0), size, multiplier),
        _per(total + stretch * (ends.upper - total), size, multiplier),
    )
