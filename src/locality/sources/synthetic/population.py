"""Who is registered where: people by practice, sex and age band, on the first of any month."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from locality.sources.synthetic.planted import MERGED_ON, SMALL_LIST
from locality.sources.synthetic.world import World

Counts = NDArray[np.int64]
Shares = NDArray[np.float64]

#: 0-4, 5-9 ... 90-94, 95 and over.
BANDS = (*(f"{age}_{age + 4}" for age in range(0, 95, 5)), "95+")
SEXES = ("FEMALE", "MALE")
#: 520,000 people over 60 practices.
PATIENTS_EACH = 520_000 / 60

#: People in each band per 1,000 of all ages and sexes, about as in England in 2026.
# fmt: off
_ENGLAND = np.array([
    [22.1, 25.8, 28.8, 29.5, 30.0, 34.2, 36.2, 37.0, 34.4, 31.0,
     29.6, 31.7, 30.8, 26.1, 21.9, 21.3, 15.0, 9.1, 4.4, 1.5],
    [23.3, 27.1, 30.3, 31.0, 30.4, 34.8, 36.9, 38.1, 35.8, 32.7,
     30.9, 32.2, 30.7, 25.3, 20.2, 18.6, 12.2, 6.4, 2.5, 0.6],
])
# fmt: on
_AGE = np.arange(2.5, 100, 5)
#: How far apart practices are: the log of list size, and the tilt toward older people.
_SPREAD_OF_LISTS = 0.5
_SPREAD_OF_AGE = 0.33


class Population:
    """Registered people of a :class:`World`; arrays are practices x sexes x bands.

    Counts on two dates differ by births, moves and ageing, not by fresh chance: each cell's
    expected number is rounded up or down by one number drawn once for that cell.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        rng = world.rng(1)
        planted, count = world.planted, world.count
        network = rng.normal(size=len(world.pcns.code) + 1)
        #: Deprivation of each practice's people, in standard deviations; higher is more deprived.
        self.deprivation: Shares = 0.7 * network[world.last_pcn] + 0.7 * rng.normal(size=count)
        self._older = -0.4 * self.deprivation + 0.9 * rng.normal(size=count)
        self._students = np.where(rng.random(count) < 0.04, rng.uniform(1.0, 4.0, count), 0.0)
        self._growth = rng.normal(0.008, 0.012, size=count)
        self._walk = 0.002 * rng.normal(size=(len(world.calendar.months), count)).cumsum(axis=0)
        self._round = rng.random((count, len(SEXES), len(BANDS)))
        size = np.exp(rng.normal(0.0, _SPREAD_OF_LISTS, size=count))
        # Practices whose planted truth needs people enough to be seen.
        seen = [planted.outlier, planted.step, planted.corrected, planted.moved]
        seen += np.flatnonzero(world.last_pcn == planted.in_year_pcn).tolist()
        size[seen] = np.maximum(size[seen], 1.0)
        size[[planted.closed, planted.small]] = 0.35, 0.0
        self._growth[planted.small], self._walk[:, planted.small] = 0.0, 0.0
        asked = world.asked * PATIENTS_EACH - SMALL_LIST
        # Neighbours that are there only to share a PCN come on top of what was asked for.
        counted = world.home if count > world.asked + 1 else np.ones(count, dtype=bool)
        self._size = size * asked / (size * self._trend(world.calendar.months[-1]))[counted].sum()
        self._size[planted.small] = SMALL_LIST
        # England's counts on one date take 2 MB; only the dates in use are kept.
        self.registered = lru_cache(maxsize=4)(self._registered)
        self.apart = lru_cache(maxsize=4)(self._apart)
        self.lists = lru_cache(maxsize=None)(self._lists)

    def _trend(self, on: date) -> Shares:
        years = (on - self.world.calendar.months[-1]).days / 365.25
        month = self.world.calendar.months.index(on)
        trend: Shares = np.exp(self._growth * years + self._walk[month] - self._walk[-1])
        return trend

    def _apart(self, on: date) -> Counts:
        """Return people as though no practice had merged, so that a merger moves whole people."""
        years = (on - self.world.calendar.months[-1]).days / 365.25
        tilt = _SPREAD_OF_AGE * self._older[:, None] + 0.012 * years
        profile = np.exp(tilt * (_AGE - 42) / 28)[:, None, :] * _ENGLAND
        profile[:, :, 4] *= 1 + self._students[:, None]
        profile[self.world.planted.small] = _ENGLAND * ((_AGE > 20) & (_AGE < 70))
        profile /= profile.sum(axis=(1, 2), keepdims=True)
        expected = profile * (self._size * self._trend(on))[:, None, None]
        whole: Counts = np.floor(expected + self._round).astype(np.int64)
        return whole

    def _registered(self, on: date) -> Counts:
        """Return registered people on a first of the month; none where a practice has closed."""
        return merge(self.world, self.apart(on), on)

    def _lists(self, on: date) -> Counts:
        """Return the list size of each practice, zero where it has closed."""
        lists: Counts = self.registered(on).sum(axis=(1, 2))
        return lists


def merge(world: World, counts: Counts, on: date) -> Counts:
    """Return ``counts`` (practices first) with the closed practice's added to its successor's."""
    if on < MERGED_ON:
        return counts
    merged = counts.copy()
    merged[world.planted.successor] += merged[world.planted.closed]
    merged[world.planted.closed] = 0
    return merged


def aged(people: Counts, from_age: int) -> Counts:
    """Return how many are ``from_age`` or older; ages inside a band are taken as equally many."""
    bands: Counts = people.sum(axis=1)
    band, years = divmod(from_age, 5)
    younger = bands[:, :band].sum(axis=1)
    if years:
        younger = younger + (2 * years * bands[:, band] + 5) // 10
    older: Counts = bands.sum(axis=1) - younger
    return older
