"""QOF results of the made-up locality by indicator and as a whole, and the networks' fund.

A practice's points are the sum of its indicators' points, and its list is the one that its
registers are counted against, so that the files of one year agree with each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from locality.sources.synthetic.calendar import year_code
from locality.sources.synthetic.files import quality as files
from locality.sources.synthetic.population import Population
from locality.sources.synthetic.quality_results import (
    ADJUSTED_GROUP,
    LOW_INDICATOR,
    NO_RESULT_YEAR,
    Counts,
    Result,
    Truths,
    result,
    years,
)
from locality.sources.synthetic.registers import Registers
from locality.sources.synthetic.sums import Written
from locality.sources.synthetic.world import UNALLOCATED, World

#: No overall table was at hand for this year.
NO_OVERALL = 2020
#: From this year on the raw file comes by region.
BY_REGION = 2022
IIF_YEAR = 2023
#: Where one numerator is hidden.
HIDDEN_YEAR, HIDDEN_INDICATOR = 2024, "DEM004"

_MEASURES = ("NUMERATOR", "DENOMINATOR", "PCAS", "REGISTER", "ACHIEVED_POINTS")
_DOMAINS = {"Clinical": "CL", "Public health": "PH", "Quality improvement": "QI"}
_pc: Any = pyarrow.compute


def write_quality(
    folder: Path, world: World, population: Population, registers: Registers
) -> Iterator[Written]:
    """Write the files of every year into ``folder``, and yield each as it is written."""

    def wrote(path: Path, publication: str, year: int) -> Written:
        return Written(path.relative_to(folder).as_posix(), publication, year_code(year))

    for year in years(world):
        made = result(population, registers, year)
        there = np.flatnonzero(made.returned)
        at = places(world, year)
        listed = [
            files.Listed(
                one.code, one.points, one.group, one.name, _DOMAINS.get(one.domain, "CL"),
                one.domain, one.list_type, one.name,
            )
            for one in made.indicators
        ]  # fmt: skip
        yield wrote(files.write_indicators(folder, year, listed), "qof_indicators", year)
        kept = [at[p] for p in there.tolist()]
        yield wrote(files.write_geographies(folder, year, kept), "qof_geographies", year)
        points = [(world.practices.code[p], float(made.maximum)) for p in there.tolist()]
        yield wrote(files.write_points(folder, year, points), "qof_points", year)
        if year != NO_OVERALL:
            path = files.write_overall(folder, year, made.maximum, _overall(made, at))
            yield wrote(path, "qof_overall", year)
        for path in _write_achievement(folder, world, made):
            yield wrote(path, "qof_achievement", year)
        if year == IIF_YEAR:
            path = files.write_iif(folder, year, _fund(world, made))
            yield wrote(path, "iif", year)


def places(world: World, year: int) -> list[files.Place]:
    """Return where every practice stood on the last day of the QOF year."""
    on = date(year + 1, 3, 31)
    boards, board = world.boards_on(on)
    pcn, subs = world.pcn_on(on), world.sub_names_on(on)
    region = world.board_region[world.sub_board[world.sub]]
    found = []
    for p in range(world.count):
        network = int(pcn[p])
        s, b, r = int(world.sub[p]), int(board[p]), int(region[p])
        found.append(
            files.Place(
                world.practices.code[p],
                world.practices.name[p],
                world.pcns.code[network] if network >= 0 else UNALLOCATED,
                world.pcns.name[network] if network >= 0 else "Unallocated",
                world.subs.code[s],
                world.subs.ons[s],
                subs[s],
                boards.code[b],
                boards.ons[b],
                boards.name[b],
                world.regions.code[r],
                world.regions.ons[r],
                world.regions.name[r],
            )
        )
    return found


def _overall(made: Result, at: list[files.Place]) -> Iterator[files.Overall]:
    totals, available = made.totals, made.available
    for p in np.flatnonzero(made.returned).tolist():
        known = bool(made.with_result[p])
        yield files.Overall(
            at[p],
            int(made.lists[p]),
            float(totals[p]) if known else None,
            float(available[p]) if known else None,
        )


def _write_achievement(folder: Path, world: World, made: Result) -> Iterator[Path]:
    if made.year < BY_REGION:
        yield files.write_achievement(folder, made.year, *_long(world, made, made.with_result))
        return
    region = world.board_region[world.sub_board[world.sub]]
    for number, name in enumerate(world.regions.name):
        inside = made.with_result & (region == number)
        if inside.any():
            rows = _long(world, made, inside)
            yield files.write_achievement(folder, made.year, *rows, name)


def _long(world: World, made: Result, of: Truths) -> tuple[Any, Any, Any, Any]:
    """Return the columns of the long file: a row for each count that there is."""
    there = np.flatnonzero(of)
    counts = np.stack(
        [made.numerators, made.denominators, made.pcas, made.registers], axis=2
    )[there]  # fmt: skip
    mask = np.concatenate([counts >= 0, np.ones((*counts.shape[:2], 1), dtype=bool)], axis=2)
    practice, indicator, measure = np.nonzero(mask)
    whole = np.concatenate([counts, np.zeros((*counts.shape[:2], 1), np.int64)], axis=2)[mask]
    points = np.broadcast_to(made.points[there][:, :, None], mask.shape)[mask]
    values = _pc.if_else(
        pa.array(measure == len(_MEASURES) - 1),
        _pc.cast(pa.array(points), pa.string()),
        _pc.cast(pa.array(whole), pa.string()),
    )
    if made.year == HIDDEN_YEAR:
        hidden = (
            (there[practice] == world.planted.suppressed)
            & (indicator == made.index(HIDDEN_INDICATOR))
            & (measure == 0)
        )
        values = _pc.if_else(pa.array(hidden), "*", values)
    named: tuple[tuple[list[str], Any], ...] = (
        ([world.practices.code[p] for p in there.tolist()], practice),
        ([one.code for one in made.indicators], indicator),
        (list(_MEASURES), measure),
    )
    practices, indicators, measures = (
        _pc.take(pa.array(names), pa.array(place)) for names, place in named
    )
    return practices, indicators, measures, values


def _fund(world: World, made: Result) -> Iterator[files.Fund]:
    """Yield the fund's counts: networks first, then practices, as the published file has them."""
    rng = world.rng(63)
    pcn = world.pcn_on(date(made.year + 1, 3, 31))
    numbers = fund_counts(world, made)
    for number, (code, name) in enumerate(zip(world.pcns.code, world.pcns.name, strict=True)):
        if not (made.returned & (pcn == number)).any():
            continue
        before, now = 5 * rng.integers(20, 200, size=2)
        for measure, value in (
            ("ACC-10b baseline non-standardised numerator", before),
            ("ACC-10b non-standardised numerator", now),
        ):
            yield files.Fund("PCN", code, name, "NCDMI191", measure, float(value))
        asked = 5 * rng.integers(100, 900, size=2)
        for measure, value in (
            ("ACC-10 baseline denominator", asked[0]),
            ("ACC-10 baseline numerator", asked[0] * 4 // 5),
            ("ACC-10 denominator", asked[1]),
            ("ACC-10 standardised numerator", asked[1] * 3 // 4),
        ):
            yield files.Fund("PCN", code, name, "NCDMI210", measure, float(value))
    for p in np.flatnonzero(made.returned).tolist():
        who = "GP practice", world.practices.code[p], world.practices.name[p]
        soon, booked, rounds = (int(one) for one in numbers[p])
        yield files.Fund(*who, "NCD026", "ACC-08 Denominator", booked)
        yield files.Fund(*who, "NCD026", "ACC-08 Numerator", soon)
        yield files.Fund(*who, "NCDMI198", "EHCH-04 Numerator", rounds)


def fund_counts(world: World, made: Result) -> Counts:
    """Return for each practice appointments soon, appointments, and contacts on rounds."""
    rng = world.rng(64)
    booked = rng.poisson(np.maximum(made.lists, 0) * rng.uniform(3.5, 5.5, size=world.count))
    # The tiny list recorded no appointments: nobody to count.
    booked[world.planted.small] = 0
    soon = rng.binomial(booked, rng.beta(17, 3, size=world.count))
    homes = rng.random(world.count) < 0.6
    rounds = rng.poisson(made.lists * 0.03 * homes)
    return np.stack([soon, booked, rounds], axis=1)


def quality_truths(world: World, population: Population, registers: Registers) -> dict[str, Any]:
    """Return what was planted in these files, and the sums that they give."""
    code, of = world.practices.code, world.planted
    made = {year: result(population, registers, year) for year in years(world)}
    last = made[max(made)]
    low = {y: m for y, m in made.items() if LOW_INDICATOR in {one.code for one in m.indicators}}
    found: dict[str, Any] = {
        "low_achievement": {
            "words": "One practice reaches far fewer of its patients with diabetes every year.",
            "practice": code[of.outlier],
            "indicator": LOW_INDICATOR,
            "counts": {
                year_code(y): _counts(m, of.outlier, m.index(LOW_INDICATOR)) for y, m in low.items()
            },
        },
        "high_adjustments": {
            "words": "One practice puts more than a third of hypertension under care adjustments.",
            "practice": code[of.step],
            "counts": {
                year_code(year): {
                    one.code: _counts(m, of.step, place)
                    for place, one in enumerate(m.indicators)
                    if one.group == ADJUSTED_GROUP and one.counted
                }
                for year, m in made.items()
            },
        },
        "sums": {year_code(year): _sums(m) for year, m in made.items()},
        "indicators": {
            one.code: {
                "numerator": int(last.numerators[last.with_result, place].sum()),
                "denominator": int(last.denominators[last.with_result, place].sum()),
                "pcas": int(last.pcas[last.with_result, place].sum()),
            }
            for place, one in enumerate(last.indicators)
            if one.counted
        },
    }
    if NO_RESULT_YEAR in made:
        found["no_result"] = {
            "words": "One practice has a list and no result.",
            "practice": code[of.blank],
            "period": year_code(NO_RESULT_YEAR),
        }
        found["hidden"] = {
            "words": "One numerator is hidden.",
            "practice": code[of.suppressed],
            "period": year_code(HIDDEN_YEAR),
            "indicator": HIDDEN_INDICATOR,
        }
    if IIF_YEAR in made:
        counts = fund_counts(world, made[IIF_YEAR])[made[IIF_YEAR].returned]
        found["iif"] = {
            "period": year_code(IIF_YEAR),
            "nobody_to_count": code[of.small],
            **dict(
                zip(("soon", "appointments", "rounds"), counts.sum(axis=0).tolist(), strict=True)
            ),
        }
    return found


def _counts(made: Result, practice: int, indicator: int) -> dict[str, int]:
    return {
        "numerator": int(made.numerators[practice, indicator]),
        "denominator": int(made.denominators[practice, indicator]),
        "pcas": int(made.pcas[practice, indicator]),
    }


def _sums(made: Result) -> dict[str, Any]:
    return {
        "practices": int(made.returned.sum()),
        "with_result": int(made.with_result.sum()),
        "maximum": made.maximum,
        "points": round(float(made.totals[made.with_result].sum()), 2),
        "available": float(made.available[made.with_result].sum()),
        "list": int(made.lists[made.returned].sum()),
    }
