"""Which practices are most like one, by what drives a measure, and how far away they are.

Peers are found by what a practice is given (its list, ages, deprivation), never by the measure
itself. All of them are named with their distance: a peer group that cannot be seen cannot be
questioned.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from locality.figures import NotFound, Period, Table
from locality.figures.figure import printed
from locality.figures.schemas.judged import DRIVERS, PEERS

if TYPE_CHECKING:
    from locality.knowledge import Measure
    from locality.knowledge.drivers import Driver

Numbers = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]

#: Peers that are shown unless somebody asks otherwise.
COUNT = 20
#: Beyond this distance of the nearest, nobody is much like a practice.
FAR = 2.0
YES_OR_NO = "yes or no"
#: What the median absolute deviation of a normal spread is multiplied by to give its SD.
_NORMAL = 1.482602218505602


@dataclass(frozen=True, slots=True)
class Profiles:
    """What is known of practices: ``numbers`` are practices x drivers, NaN where not known.

    Numbers are in the drivers' units; yes is 1 and no 0. ``periods`` says of when each driver is
    (a period code, or empty where nothing is loaded).
    """

    codes: tuple[str, ...]
    drivers: tuple[Driver, ...]
    numbers: Numbers
    periods: tuple[str, ...]

    def only(self, drivers: Sequence[Driver]) -> Profiles:
        """Return the same practices by these of the drivers, in this order."""
        ids = [one.id for one in self.drivers]
        places = [ids.index(one.id) for one in drivers]
        periods = tuple(self.periods[place] for place in places)
        return replace(
            self, drivers=tuple(drivers), numbers=self.numbers[:, places], periods=periods
        )

    def place(self, code: str) -> int:
        """Return the row of the practice ``code``; NotFound where nothing is known of it."""
        try:
            return self.codes.index(code)
        except ValueError:
            raise NotFound(f"{code} is no practice of which peers could be found.") from None

    @property
    def scaled(self) -> Numbers:
        """Return the numbers as they are compared: logarithms of those compared by ratio."""
        made = self.numbers.astype(np.float64, copy=True)
        for column, driver in enumerate(self.drivers):
            if driver.transform == "log":
                one = made[:, column]
                made[:, column] = np.log(one, where=one > 0, out=np.full(one.shape, np.nan))
        return made


@dataclass(frozen=True, slots=True)
class Likeness:
    """The practices nearest to ``own``, nearest first: arrays of one length.

    ``places`` are rows of the drivers given, ``distances`` theirs, ``shared`` how many drivers
    each pair was compared by. ``used`` says which drivers took part, and ``usual`` holds the
    difference in each that is counted as 1 (NaN where nobody differs).
    """

    own: int
    places: npt.NDArray[np.intp]
    distances: Numbers
    shared: npt.NDArray[np.intp]
    used: Truth
    usual: Numbers


def usual_difference(numbers: npt.ArrayLike) -> Numbers:
    """Return by how much two practices usually differ in each driver, from practices x drivers.

    It is the root mean square of the difference of two picked at random: the square root of 2
    times the standard deviation. The deviation is a robust one, 1.4826 times the median absolute
    deviation from the median (Hampel FR 1974), so that a few unusual
    practices do not set the scale. Where that is 0, or there are only two values (yes and no), it
    is the plain one. NaN for a driver in which nobody differs, or which nobody has.
    """
    given = np.asarray(numbers, np.float64)
    found = np.full(given.shape[1], np.nan)
    for column in range(given.shape[1]):
        one = given[:, column]
        one = one[np.isfinite(one)]
        if not one.size or one.min() == one.max():
            continue
        deviation = 0.0
        if ((one != one.min()) & (one != one.max())).any():
            deviation = _NORMAL * float(np.median(np.abs(one - np.median(one))))
        # Two values, or more than half of them the same: the robust deviation says nothing.
        found[column] = np.sqrt(2) * (deviation or float(one.std()))
    return found


def nearest(
    drivers: npt.ArrayLike,
    own: int,
    count: int = COUNT,
    compared: npt.ArrayLike | None = None,
) -> Likeness:
    """Return the ``count`` practices most like row ``own`` of ``drivers`` (practices x drivers).

    The distance of a pair is the root mean square, over the drivers that both have, of their
    difference divided by the usual one (:func:`usual_difference` of those ``compared``): 0 is the
    same, and 1 as unlike as two practices picked at random usually are. Each driver counts alike;
    two that say the same would count it twice, which the choice of drivers has to see to. A driver
    in which nobody differs takes no part, and a pair that shares fewer than half of those that
    ``own`` has is not compared. Only rows that may be ``compared`` (all by default) can be peers;
    ``own`` itself never is. Of equal distances the earlier row comes first.

    Raises ValueError for a count below 1 or arrays that do not fit together.
    """
    given = np.asarray(drivers, np.float64)
    if given.ndim != 2 or not 0 <= own < len(given):
        raise ValueError("drivers are practices x drivers, and own is one of the rows")
    if count < 1:
        raise ValueError("there is at least one peer to look for")
    may = np.ones(len(given), np.bool_) if compared is None else np.asarray(compared, np.bool_)
    if may.shape != (len(given),):
        raise ValueError("compared says of each practice whether it may be a peer")
    usual = usual_difference(given[may])
    used = np.isfinite(usual) & np.isfinite(given[own])
    apart = (given[:, used] - given[own, used]) / usual[used]
    both = np.isfinite(apart)
    shared = np.count_nonzero(both, axis=1)
    squares = np.where(both, apart, 0.0)
    total = np.einsum("ij,ij->i", squares, squares)
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = np.sqrt(total / shared)
    can = may & (shared > 0) & (2 * shared >= np.count_nonzero(used))
    can[own] = False
    rows = np.flatnonzero(can)
    first = rows[np.argsort(distance[rows], kind="stable")[:count]]
    return Likeness(own, first, distance[first], shared[first].astype(np.intp), used, usual)


def alike(profiles: Profiles, code: str, compared: Collection[str], count: int = COUNT) -> Likeness:
    """Return the practices most like ``code`` of those that may be ``compared``.

    Raises NotFound for a code of which nothing is known.
    """
    may = np.array([one in compared for one in profiles.codes], np.bool_)
    return nearest(profiles.scaled, profiles.place(code), count, may)


def peers_table(
    measure: Measure,
    profiles: Profiles,
    found: Likeness,
    values: Table,
    names: Mapping[str, str],
    notes: Sequence[str] = (),
) -> Table:
    """Return a practice and its peers with what they have on ``measure`` (PEERS), nearest first.

    ``values`` holds the rows of VALUES of one period. The caption says how near they are, and
    where nobody is much like it.
    """
    held = {row["code"]: row for row in values.rows}
    periods = values.data.column("period").to_pylist()
    kept = [name for name in PEERS.names if name in values.schema.names and name != "name"]
    rows = []
    places = [found.own, *found.places.tolist()]
    for place, distance in zip(places, [0.0, *found.distances.tolist()], strict=True):
        code = profiles.codes[place]
        row: dict[str, Any] = dict.fromkeys(kept)
        row |= {"period": periods[0] if periods else "", "missing": "no return"}
        row |= {name: held[code][name] for name in kept} if code in held else {}
        row |= {
            "code": code,
            "name": names.get(code),
            "distance": distance,
            "drivers": in_words(profiles, place),
        }
        rows.append(row)
    return Table.of(
        PEERS,
        rows,
        title=f"Practices most like it, for {measure.title}",
        caption=how_near(found),
        notes=(*notes, *_cautions(profiles, found)),
    )


def drivers_table(profiles: Profiles, found: Likeness, compared: Collection[str]) -> Table:
    """Return what likeness is measured by: a practice, its peers, everyone (DRIVERS).

    Means are plain ones. ``deviation`` is the usual difference of two in the driver's unit, also
    where the driver is compared by ratio.
    """
    may = np.array([one in compared for one in profiles.codes], np.bool_)
    everyone = profiles.numbers[may]
    usual = usual_difference(everyone)
    rows = []
    for column, driver in enumerate(profiles.drivers):
        flag = driver.unit == YES_OR_NO
        scale = 100.0 if flag else 1.0
        rows.append(
            {
                "driver": driver.id,
                "title": driver.title,
                "unit": "%" if flag else driver.unit,
                "own": _number(scale * profiles.numbers[found.own, column]),
                "peers": _mean(scale * profiles.numbers[found.places, column]),
                "everyone": _mean(scale * everyone[:, column]),
                "deviation": _number(scale * usual[column]),
            }
        )
    notes = [f"{one.title}: {one.why}" for one in profiles.drivers]
    when = [
        f"{one.title}, {Period.parse(period).label if '-' in period else period}"
        for one, period in zip(profiles.drivers, profiles.periods, strict=True)
        if period
    ]
    if when:
        notes.append(f"As they were last published: {'; '.join(when)}.")
    return Table.of(
        DRIVERS,
        rows,
        title="What it is compared by",
        caption="Each counts alike. The last column is how far apart two practices usually are.",
        notes=tuple(notes),
    )


def in_words(profiles: Profiles, place: int) -> str:
    """Return what is known of one practice: ``Registered patients: 9,812; Rural: no``."""
    said = []
    for driver, number in zip(profiles.drivers, profiles.numbers[place].tolist(), strict=True):
        if np.isnan(number):
            text = "not known"
        elif driver.unit == YES_OR_NO:
            text = "yes" if number else "no"
        else:
            text = printed(number, driver.unit)
        said.append(f"{driver.title}: {text}")
    return "; ".join(said)


def how_near(found: Likeness) -> str:
    """Return one or two plain sentences: who the peers are, or that nobody is much like it."""
    if not len(found.places):
        return "Too little is known of it, or of others, to say who is like it."
    first, last = float(found.distances[0]), float(found.distances[-1])
    if first > FAR:
        return (
            f"Nobody is much like it: the nearest practice is {first:.1f} times as far away as "
            "two practices usually are from each other. Read what follows as a list, not as peers."
        )
    many = len(found.places)
    who = "The practice" if many == 1 else f"The {many} practices"
    far = f"{first:.2f}" if many == 1 else f"{first:.2f} to {last:.2f}"
    said = f"{who} most like it, at a distance of {far}, where 1 is as far apart as two usually are"
    away = int(np.count_nonzero(found.distances >= 1))
    if away:
        said += f"; {away} of them {'is' if away == 1 else 'are'} no nearer to it than that"
    return f"{said}. In order of likeness, not of the measure."


def _cautions(profiles: Profiles, found: Likeness) -> list[str]:
    lacking = [
        driver.title
        for driver, used, usual in zip(
            profiles.drivers, found.used.tolist(), found.usual.tolist(), strict=True
        )
        if not used and np.isfinite(usual)
    ]
    said = []
    if lacking:
        said.append(f"Not known of it, so left out of every distance: {', '.join(lacking)}.")
    partly = int(np.count_nonzero(found.shared < np.count_nonzero(found.used)))
    if partly:
        said.append(
            f"{partly} of the peers lack something that it has, and are compared by the rest."
        )
    logs = [driver.title for driver in profiles.drivers if driver.transform == "log"]
    if logs:
        said.append(
            f"{', '.join(logs)}: compared by ratio, so that twice as many is as far anywhere."
        )
    return said


def _mean(numbers: Numbers) -> float | None:
    there = numbers[np.isfinite(numbers)]
    return float(there.mean()) if there.size else None


def _number(number: float) -> float | None:
    return float(number) if np.isfinite(number) else None
