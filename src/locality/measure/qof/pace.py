"""In the year: the pace that is needed, and a forecast where the practice's own past allows one.

One reading gives a pace, never a forecast: many indicators look back twelve months, so that they
fall as well as rise, and care adjustments come late and shrink the denominator. Where earlier years
have a reading of the same time of year and a year-end result, the practice's own growth since then
gives a forecast with an interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any

import numpy as np
import numpy.typing as npt

from locality.figures import Period, Table
from locality.measure.qof.counts import Counts
from locality.measure.qof.points import achievement, points
from locality.measure.qof.schemas import QOF_PACE
from locality.measure.qof.scoring import Scored

Numbers = npt.NDArray[np.float64]

#: How far from the same day of an earlier year a reading may lie, in days.
NEAR = 21
#: How likely it is that the year's end falls inside the interval, by the practice's own past.
LEVEL = 0.80
#: Years needed before a forecast is made, and differences before its spread is believed.
_YEARS, _FREEDOM = 2, 5


@dataclass(frozen=True)
class Profile:
    """How a practice's earlier years went on from the same time of year. Arrays are (indicators,).

    ``growth`` is the mean change of the log odds of being reached, ``spread`` its standard
    deviation from year to year beyond chance (one for the practice), ``years`` how many earlier
    years there are; ``freedom`` the degrees of freedom of ``spread``.
    """

    periods: tuple[str, ...]
    growth: Numbers
    years: npt.NDArray[np.int64]
    spread: float
    freedom: int


def profile(pairs: Sequence[tuple[Counts, Counts]]) -> Profile:
    """Return the practice's own profile from ``pairs`` of a reading and its year's end.

    Each pair is of one practice and year, its indicators those of the year that is forecast. The
    change of log odds differs from year to year by chance (binomial, from the year's end) and
    beyond it; what is beyond is pooled over indicators, each about its own mean.
    """
    grown, noise = [], []
    for reading, end in pairs:
        before, _ = _log_odds(reading)
        after, variance = _log_odds(end)
        grown.append(after - before)
        noise.append(variance)
    periods = tuple(end.period for _, end in pairs)
    if not pairs:
        return Profile((), np.empty(0), np.empty(0, np.int64), float("nan"), 0)
    change = np.array(grown)
    years = np.isfinite(change).sum(axis=0)
    with np.errstate(invalid="ignore"):
        mean = np.where(years > 0, np.nansum(change, axis=0) / np.maximum(years, 1), np.nan)
    several = years >= _YEARS
    freedom = int((years[several] - 1).sum())
    if not freedom:
        return Profile(periods, mean, years, float("nan"), 0)
    off = np.nansum((change[:, several] - mean[several]) ** 2)
    chance = np.nansum(np.nanmean(np.array(noise)[:, several], axis=0) * (years[several] - 1))
    return Profile(periods, mean, years, float(np.sqrt(max(off - chance, 0.0) / freedom)), freedom)


def forecast(counts: Counts, held: Profile, level: float = LEVEL) -> tuple[Numbers, ...]:
    """Return likely achievement at year end with its lower and upper end, in per cent.

    ``counts`` are of one practice now. NaN where fewer than two earlier years speak, or too few
    indicators to know how much years differ. The interval allows for chance at year end, for the
    spread between years, and for how few years there are (Student's t).
    """
    from scipy.stats import t

    now, chance = _log_odds(counts)
    if not held.periods:
        return tuple(np.full(len(now), np.nan) for _ in range(3))
    middle = now + held.growth
    years = np.maximum(held.years, 1)
    sd = np.sqrt((held.spread**2 + chance) * (1 + 1 / years))
    wide = t.ppf(0.5 + level / 2, max(held.freedom, 1)) * sd
    known = (held.years >= _YEARS) & (held.freedom >= _FREEDOM)
    made = (middle, middle - wide, middle + wide)
    return tuple(np.where(known, 100 / (1 + np.exp(-one)), np.nan) for one in made)


def pace(scored: Scored, held: Profile | None = None, *, name: str) -> Table:
    """Return what each indicator needs by 31 March, and what the own past would bring (QOF_PACE).

    ``scored`` is one practice's latest count during the year; raises ValueError for a whole year.
    """
    counts, scheme = scored.counts, scored.scheme
    if counts.as_at is None:
        raise ValueError("a pace is of a count during the year")
    last = Period.parse(scheme.period).end
    weeks = max((last - counts.as_at).days, 0) / 7
    reached = achievement(counts.numerator, counts.denominator)[0]
    nothing = Profile((), np.empty(0), np.empty(0, np.int64), float("nan"), 0)
    ends = forecast(counts, held or nothing)
    terms = (scheme.worth, scheme.lower, scheme.upper, scheme.at_lower)
    earned = [np.where(scheme.counted, points(end, 100.0, *terms), np.nan) for end in ends]
    rows = []
    for at, row in enumerate(scheme.rows):
        if not isfinite(reached[at]) or not scheme.counted[at]:
            continue
        needed = float(scored.patients_to_upper[0, at])
        found: dict[str, Any] = {
            "code": row.code,
            "title": row.title,
            "as_at": counts.as_at,
            "numerator": round(float(counts.numerator[0, at])),
            "denominator": round(float(counts.denominator[0, at])),
            "achievement": float(reached[at]),
            "upper": float(scheme.upper[at]),
            "patients_to_upper": round(needed),
            "weeks_left": weeks,
            "a_week": needed / weeks if weeks else None,
            "pounds_to_earn": _number(scored.pounds_to_earn[0, at]),
            "years": int(held.years[at]) if held and held.periods else 0,
        }
        names = ("likely", "likely_lower", "likely_upper")
        found |= {key: _number(end[at]) for key, end in zip(names, ends, strict=True)}
        names = ("points_likely", "points_lower", "points_upper")
        found |= {key: _number(one[at]) for key, one in zip(names, earned, strict=True)}
        rows.append({**found, "sentence": _sentence(found, last)})
    when = counts.as_at
    return Table.of(
        QOF_PACE,
        rows,
        title=f"What {name} needs by {last.day} {last:%B %Y}, as at {when.day} {when:%B %Y}",
        caption=(
            "A pace is not a forecast: many indicators look back twelve months, so they fall as "
            "well as rise, and care adjustments come late and shrink the denominator."
        ),
        notes=_notes(held),
    )


def _sentence(row: dict[str, Any], last: date) -> str:
    said = f"{row['achievement']:.0f} % of {row['denominator']:,} now. "
    if not row["patients_to_upper"]:
        said += "Every point is earned if it stays so."
    elif row["a_week"] is None:
        said += f"{row['patients_to_upper']:,} more patients would have earned every point."
    else:
        said += (
            f"{row['patients_to_upper']:,} more patients earn every point: "
            f"{_rate(row['a_week'])} until {last.day} {last:%B}."
        )
    if row["likely"] is not None:
        said += (
            f" Going on as in its own earlier years it would end near {row['likely']:.0f} % "
            f"({row['likely_lower']:.0f} to {row['likely_upper']:.0f})."
        )
    return said


def _rate(a_week: float) -> str:
    if a_week >= 1:
        return f"{a_week:.1f} a week"
    return f"about one in {round(1 / a_week)} weeks"


def _notes(held: Profile | None) -> tuple[str, ...]:
    if held is None or not held.periods:
        return (
            "No earlier year has a count at this time of year and a result, so no forecast is "
            "made. Counts kept this year will make one possible.",
        )
    years = " and ".join(one for one in held.periods)
    if len(held.periods) < _YEARS or held.freedom < _FREEDOM:
        return (
            f"The practice's own profile has {years} alone: how much its years differ is not "
            "known, so no forecast is made.",
        )
    return (
        f"The forecast rests on the practice's own profile of {years}: how it went on from the "
        f"same time of year. {100 * LEVEL:.0f} in 100 year ends should fall inside the interval, "
        "if this year is like those.",
    )


def _log_odds(counts: Counts) -> tuple[Numbers, Numbers]:
    """Return the log odds of being reached, (indicators,), and what chance does to them."""
    num, den = counts.numerator[0], counts.denominator[0]
    there = den > 0
    reached, left = num + 0.5, den - num + 0.5
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = np.where(there, np.log(reached / left), np.nan)
        variance = np.where(there, 1 / reached + 1 / left, np.nan)
    return odds, variance


def _number(given: Any) -> float | None:
    return float(given) if np.isfinite(given) else None
