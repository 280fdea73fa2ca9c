"""How people reach the made-up practices: online, by telephone, by appointment; what they say.

Levels and spread are about England's in 2025-26. Online submissions step up in October 2025, as
they did, for everyone; a few practices take no part, and nothing comes from a few suppliers. One
practice in four has no telephone figures, and two practices of one network share an account.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from locality.sources.synthetic.files import access as files
from locality.sources.synthetic.population import Population
from locality.sources.synthetic.registers import Registers
from locality.sources.synthetic.sums import Written
from locality.sources.synthetic.world import UNALLOCATED, World

Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]

ONLINE = (
    *(date(2025, month, 1) for month in range(4, 13)),
    *(date(2026, month, 1) for month in range(1, 7)),
)
CALLS = tuple(date(2026, month, 1) for month in (4, 5, 6))
BOOKED = CALLS
SURVEYS = (2024, 2025, 2026)
#: From this month on online submissions are higher for everyone, by so much.
STEP_MONTH, STEP = date(2025, 10, 1), 1.28
_RATE = 100.0
_SUPPLIERS = ("ACCURX LIMITED", "TPP", "RAPID HEALTH", "CONTINUUM HEALTH LIMITED")
_NO_SUPPLIER = "No Data"
_SYSTEMS = ("TPP", "EMIS")
_KINDS_ONLINE = (0.66, 0.24, 0.10)
#: Answered, ended in the menu, call-back requested, missed.
_OUTCOMES = (0.555, 0.265, 0.075, 0.105)
_WAITED = (0.455, 0.141, 0.193, 0.211)
_LASTED = (0.231, 0.359, 0.332, 0.078)
_MISSED = (0.52, 0.16, 0.16, 0.16)
_GOOD = dict(zip(files.QUESTIONS, (0.75, 0.70, 0.53, 0.51, 0.49, 0.83, 0.40), strict=True))
_ROUTINE, _ACUTE, _CLINIC = (
    "General Consultation Routine",
    "General Consultation Acute",
    "Planned Clinics",
)
#: Kinds of appointment (who, how, category, wait, status) and their share of all.
_APPOINTMENTS: tuple[tuple[tuple[str, str, str, str, str], float], ...] = (
    (("GP", "Face-to-Face", _ACUTE, "Same Day", "Attended"), 0.13),
    (("GP", "Face-to-Face", _ROUTINE, "2 to 7 Days", "Attended"), 0.08),
    (("GP", "Face-to-Face", _ROUTINE, "8  to 14 Days", "Attended"), 0.05),
    (("GP", "Face-to-Face", _ROUTINE, "8  to 14 Days", "DNA"), 0.006),
    (("GP", "Telephone", _ACUTE, "Same Day", "Attended"), 0.13),
    (("GP", "Telephone", _ROUTINE, "1 Day", "Attended"), 0.04),
    (("GP", "Telephone", _ROUTINE, "1 Day", "Unknown"), 0.01),
    (("GP", "Home Visit", _ACUTE, "Same Day", "Attended"), 0.006),
    (("GP", "Video/Online", _ROUTINE, "Same Day", "Attended"), 0.02),
    (("Other Practice Staff", "Face-to-Face", _CLINIC, "Same Day", "Attended"), 0.12),
    (("Other Practice Staff", "Face-to-Face", _CLINIC, "2 to 7 Days", "Attended"), 0.14),
    (("Other Practice Staff", "Face-to-Face", _CLINIC, "8  to 14 Days", "Attended"), 0.09),
    (("Other Practice Staff", "Face-to-Face", _CLINIC, "15  to 21 Days", "Attended"), 0.05),
    (("Other Practice Staff", "Face-to-Face", _CLINIC, "22  to 28 Days", "DNA"), 0.02),
    (("Other Practice Staff", "Face-to-Face", _CLINIC, "More than 28 Days", "DNA"), 0.018),
    (("Other Practice Staff", "Telephone", _ROUTINE, "Same Day", "Attended"), 0.06),
    (("Unknown", "Unknown", _ROUTINE, "Unknown / Data Issue", "Unknown"), 0.03),
)


@dataclass(frozen=True)
class _Online:
    """Online submissions by practice and kind, and who takes part and has a supplier."""

    counts: Numbers
    takes_part: NDArray[np.bool_]
    sends: NDArray[np.bool_]
    supplier: list[str]


def write_access(
    folder: Path, world: World, population: Population, registers: Registers
) -> Iterator[Written]:
    """Write every file into ``folder`` and yield each; the archive of appointments three times.

    ``registers`` is not needed: who is ill does not yet change how people come.
    """

    def wrote(path: Path, publication: str, period: str) -> Written:
        return Written(path.relative_to(folder).as_posix(), publication, period)

    for month in _held(world, ONLINE):
        path = files.write_online(folder, month, _submitted(world, population, month))
        yield wrote(path, "online_consultations", _code(month))
    for month in _held(world, CALLS):
        rows, shared = _called(world, population, month)
        yield wrote(files.write_telephony(folder, month, rows, shared), "telephony", _code(month))
    for year in SURVEYS:
        path = files.write_survey(folder, year, _answered(world, population, year))
        yield wrote(path, "gp_survey", str(year))
    # The last month comes in two halves, as some do.
    of = {}
    for month in BOOKED:
        booked = _booked(world, population, month)
        if month == BOOKED[-1] and len(world.subs.code) > 1:
            cut = world.subs.code[len(world.subs.code) // 2]
            of[month, "South"] = [one for one in booked if one.place.sub[0] < cut]
            of[month, "North"] = [one for one in booked if one.place.sub[0] >= cut]
        else:
            of[month, ""] = booked
    path = files.write_appointments(folder, BOOKED[-1], of)
    for month in BOOKED:
        yield wrote(path, "appointments", _code(month))


def access_truths(world: World, population: Population, registers: Registers) -> dict[str, Any]:
    """Return, in words and numbers, what is so: sums by month, and who returns nothing."""
    online = {month: _online(world, population, month) for month in _held(world, ONLINE)}
    latest = online[ONLINE[-1]]
    there = world.open_on(ONLINE[-1])
    code = np.array(world.practices.code)
    calls = {month: _called(world, population, month) for month in _held(world, CALLS)}
    return {
        "online_step": {
            "words": "Online submissions rise for everyone and stay up: a real step, for a chart "
            "to find.",
            "month": _code(STEP_MONTH),
            "times": STEP,
        },
        "online_submissions": {
            _code(month): int(one.counts[one.takes_part & one.sends].sum())
            for month, one in online.items()
        },
        "online_no_return": {
            "words": "Practices that take no part or whose supplier sent nothing: published with "
            "zeros, and to be read as no return.",
            "takes_no_part": code[there & ~latest.takes_part].tolist(),
            "nothing_sent": code[there & latest.takes_part & ~latest.sends].tolist(),
        },
        "telephone": {
            _code(month): {
                "practices": len(rows),
                "inbound": sum(one.outcomes[0] or 0 for one in rows),
                "answered": sum(one.outcomes[1] or 0 for one in rows),
                "unassigned_inbound": sum(one.outcomes[0] or 0 for one in shared),
            }
            for month, (rows, shared) in calls.items()
        },
        "survey_hidden": {
            "words": "Too few people answered: every share of the practice is hidden.",
            "practice": world.practices.code[world.planted.small],
        },
        "appointments": {
            _code(month): sum(one.count for one in _booked(world, population, month))
            for month in BOOKED
        },
    }


def _held(world: World, months: tuple[date, ...]) -> tuple[date, ...]:
    return tuple(month for month in months if month in world.calendar.months)


def _code(month: date) -> str:
    return f"{month.year}-M{month.month:02d}"


def _places(world: World, on: date) -> list[files.Place]:
    """Return where every practice stands on a day, by index."""
    boards, board = world.boards_on(on)
    pcn, subs = world.pcn_on(on), world.sub_names_on(on)
    region = world.board_region[world.sub_board[world.sub]]
    found = []
    for p in range(world.count):
        network, s, b, r = int(pcn[p]), int(world.sub[p]), int(board[p]), int(region[p])
        found.append(
            files.Place(
                (world.practices.code[p], world.practices.name[p].upper()),
                (world.pcns.code[network], world.pcns.name[network].upper())
                if network >= 0
                else (UNALLOCATED, "Unallocated"),
                (world.subs.code[s], subs[s]),
                (boards.code[b], f"NHS {boards.name[b]} Integrated Care Board"),
                (world.regions.code[r], world.regions.name[r]),
            )
        )
    return found


def _online(world: World, population: Population, month: date) -> _Online:
    rng = world.rng(20)
    own = np.exp(rng.normal(0.0, 0.55, size=world.count))
    chosen = rng.integers(0, len(_SUPPLIERS), size=world.count)
    outside, silent = rng.random(world.count) < 0.01, rng.random(world.count) < 0.03
    outside[world.planted.no_return] = True
    silent[world.planted.blank] = True
    times = STEP if month >= STEP_MONTH else 1.0
    season = 1.0 + 0.04 * np.cos(2 * np.pi * (month.month - 1) / 12)
    expected = population.lists(month) / 1000 * _RATE * own * times * season
    by_month = world.rng(2000_000 + 12 * month.year + month.month)
    counts: Numbers = by_month.poisson(expected[:, None] * np.array(_KINDS_ONLINE))
    takes_part = ~outside
    counts[outside | silent] = 0
    supplier = [
        _NO_SUPPLIER if off else _SUPPLIERS[one]
        for off, one in zip((outside | silent).tolist(), chosen.tolist(), strict=True)
    ]
    return _Online(counts, takes_part, ~silent, supplier)


def _submitted(world: World, population: Population, month: date) -> list[files.Submitted]:
    made, places = _online(world, population, month), _places(world, month)
    lists = population.lists(month).tolist()
    counts, taking = made.counts.tolist(), made.takes_part.tolist()
    return [
        files.Submitted(places[p], made.supplier[p], tuple(counts[p]), lists[p], taking[p])
        for p in np.flatnonzero(world.open_on(month)).tolist()
    ]


def _called(
    world: World, population: Population, month: date
) -> tuple[list[files.Called], list[files.Called]]:
    """Return the month's calls of practices, and of the account that two of them share."""
    rng = world.rng(21)
    covered = rng.random(world.count) < 0.75
    own = np.exp(rng.normal(0.0, 0.35, size=world.count))
    tilt = rng.normal(0.0, 0.25, size=world.count)
    for planted in (world.planted.outlier, world.planted.step, world.planted.corrected):
        covered[planted] = True
    by_month = world.rng(2100_000 + 12 * month.year + month.month)
    inbound = by_month.poisson(population.lists(month) * 0.47 * own)
    shares = np.array(_OUTCOMES) * np.exp(
        np.column_stack([tilt, *[np.zeros(world.count)] * 2, -tilt])
    )
    split = by_month.multinomial(inbound, shares / shares.sum(axis=1, keepdims=True))
    made = by_month.binomial(split[:, 2], 0.995)
    banded = [
        by_month.multinomial(split[:, place], of).tolist()
        for place, of in ((0, _WAITED), (0, _LASTED), (3, _MISSED))
    ]
    outcomes = np.column_stack([inbound, split, made]).tolist()
    partners = np.flatnonzero(world.last_pcn == world.planted.in_year_pcn)[:2].tolist()
    places = _places(world, month)
    rows: list[files.Called] = []
    shared: list[files.Called] = []
    for p in np.flatnonzero((covered & world.open_on(month)) | _among(partners, world)).tolist():
        together = p in partners
        place = places[p]
        if together:
            unmapped = ("Unassigned", "Unassigned")
            place = files.Place(unmapped, place.pcn, place.sub, place.board, place.region)
        one = files.Called(place, tuple(outcomes[p]), *(tuple(kind[p]) for kind in banded))
        (shared if together else rows).append(one)
    return rows, shared


def _among(some: list[int], world: World) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = np.isin(np.arange(world.count), some)
    return found


def _answered(world: World, population: Population, year: int) -> list[files.Answered]:
    rng = world.rng(22)
    own = rng.normal(0.0, 0.55, size=world.count)
    month = date(min(year, 2026), 4, 1)
    lists = population.lists(month)
    by_year = world.rng(2200_000 + year)
    sent = np.minimum(435, np.maximum(lists // 12, 20))
    back = by_year.binomial(sent, 0.26)
    hidden = back < 10
    hidden[world.planted.small] = True
    answers: dict[str, tuple[Floats, Numbers, Floats]] = {}
    for question, good in _GOOD.items():
        base = by_year.binomial(back, 0.95)
        level = np.log(good / (1 - good)) + own
        share = by_year.binomial(base, 1 / (1 + np.exp(-level))) / np.maximum(base, 1)
        answers[question] = (share, base, base * by_year.uniform(0.7, 1.1, size=world.count))
    places = _places(world, month)
    rows = []
    for p in np.flatnonzero(world.open_on(month)).tolist():
        own_answers: dict[str, tuple[float | None, int, float, float, float]] = {}
        for question, (share, base, weighted) in answers.items():
            there, of = float(share[p]), int(base[p])
            half = 1.96 * np.sqrt(max(there * (1 - there), 0.01) / max(of, 1))
            own_answers[question] = (
                None if hidden[p] else round(there, 9),
                of,
                round(float(weighted[p]), 4),
                round(max(there - half, 0.0), 9),
                round(min(there + half, 1.0), 9),
            )
        rows.append(files.Answered(places[p], int(sent[p]), int(back[p]), own_answers))
    return rows


def _booked(world: World, population: Population, month: date) -> list[files.Booked]:
    rng = world.rng(23)
    own = np.exp(rng.normal(0.0, 0.25, size=world.count))
    system = rng.integers(0, len(_SYSTEMS), size=world.count).tolist()
    tilt = np.exp(rng.normal(0.0, 0.35, size=(world.count, len(_APPOINTMENTS))))
    shares = tilt * np.array([share for _, share in _APPOINTMENTS])
    by_month = world.rng(2300_000 + 12 * month.year + month.month)
    expected = population.lists(month) * 0.5 * own
    counts = by_month.poisson(expected[:, None] * shares / shares.sum(axis=1, keepdims=True))
    places = _places(world, month)
    return [
        files.Booked(places[p], _SYSTEMS[system[p]], kinds, count)
        for p in np.flatnonzero(world.open_on(month)).tolist()
        for (kinds, _), count in zip(_APPOINTMENTS, counts[p].tolist(), strict=True)
        if count
    ]
