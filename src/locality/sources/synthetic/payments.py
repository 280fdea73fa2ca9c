"""Money that the made-up practices receive, a year at a time, at about England's level.

Planted: one practice has money taken back, one closes in the middle of a year, and a walk-in
centre is paid and has no list.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from locality.sources.synthetic import codes
from locality.sources.synthetic.calendar import year_code
from locality.sources.synthetic.files import payments as files
from locality.sources.synthetic.files.payments import PaidPractice, layout_of
from locality.sources.synthetic.population import Population
from locality.sources.synthetic.registers import Registers
from locality.sources.synthetic.sums import Written
from locality.sources.synthetic.world import World

Pence = dict[str, NDArray[np.int64]]

#: The last year that is published, by the year it starts in.
LAST_YEAR = 2024
#: The year in which one practice pays money back, and what it pays back, in pence.
TAKEN_BACK_YEAR = 2023
TAKEN_BACK = {"minor_surgery": -184_250, "local_schemes": -1_020_075}
NO_LIST_PENCE = 48_512_025
_SUBJECT = 31

#: Payment -> pounds for each registered patient in England (2022-23), and how far practices lie
#: apart (log). The share that has any of it is 1 unless :data:`_SOME` says otherwise.
_LEVELS: dict[str, tuple[float, float]] = {
    "qof": (12.4, 0.15),
    "childhood_vaccination": (0.11, 0.5),
    "extended_hours": (0.14, 0.4),
    "influenza_pneumococcal": (1.98, 0.3),
    "learning_disabilities": (0.55, 0.5),
    "meningitis": (0.27, 0.3),
    "minor_surgery": (0.66, 0.6),
    "pertussis": (0.04, 0.4),
    "rotavirus_shingles": (0.26, 0.3),
    "violent_patients": (0.06, 0.5),
    "weight_management": (0.10, 0.8),
    "local_schemes": (8.6, 0.5),
    "premises": (13.6, 0.4),
    "retained_doctors": (0.24, 0.4),
    "locum_allowances": (1.2, 0.6),
    "administered_other": (1.5, 0.8),
    "information_technology": (0.05, 0.5),
    "childhood_pneumococcal": (0.27, 0.3),
    "forward_view": (1.2, 0.6),
    "transformation": (1.0, 0.6),
    "network_participation": (1.72, 0.02),
    "prescribing_fees": (0.55, 0.4),
    "drugs_reimbursed": (3.4, 0.3),
    "winter_access": (0.72, 0.5),
    "other": (7.1, 0.7),
    "covid_vaccination": (2.55, 0.4),
    "long_covid": (0.11, 0.2),
}
#: Payment -> share of practices that have any.
_SOME = {
    "extended_hours": 0.04,
    "minor_surgery": 0.7,
    "violent_patients": 0.01,
    "weight_management": 0.6,
    "retained_doctors": 0.12,
    "locum_allowances": 0.3,
    "administered_other": 0.3,
    "information_technology": 0.06,
    "forward_view": 0.2,
    "transformation": 0.12,
    "winter_access": 0.3,
    "covid_vaccination": 0.2,
}
#: What one practice of a network receives for all of it, in pounds for each of its patients.
_NETWORK = {
    "network_leadership": 0.7,
    "network_support": 0.8,
    "network_workforce": 15.0,
    "network_investment_impact": 2.0,
    "network_care_homes": 0.4,
}
_CORE, _GROWTH = 96.9, 1.03
_DISPENSING_SHARE, _DISPENSED_EACH = 0.14, 55.0
_DEDUCTED = 0.085


def payment_years(world: World) -> tuple[int, ...]:
    """Return the years that have a file, by the year they start in; 2020 has another layout."""
    return tuple(y for y in world.calendar.qof_years if files.is_written(y) and y <= LAST_YEAR)


def write_payments(
    folder: Path, world: World, population: Population, registers: Registers
) -> Iterator[Written]:
    """Write one file a year, and yield each."""
    for year in payment_years(world):
        path = files.write_payments(folder, year, paid(world, population, year))
        yield Written(path.relative_to(folder).as_posix(), "payments", year_code(year))


def payments_truths(world: World, population: Population, registers: Registers) -> dict[str, Any]:
    """Return the sums of each file and who carries what was planted."""
    years: dict[str, Any] = {}
    for year in payment_years(world):
        rows = paid(world, population, year)
        pence: dict[str, int] = {}
        for row in rows:
            for line in files.payments_of(year):
                pence[line] = pence.get(line, 0) + (row.pence.get(line) or 0)
        years[year_code(year)] = {
            "practices": len(rows),
            "no_list": sum(row.registered == 0 for row in rows),
            "closed": sum(row.closed is not None for row in rows),
            "pounds_by_line": {line: pence[line] / 100 for line in sorted(pence)},
        }
    planted, code = world.planted, world.practices.code
    return {
        "payments": years,
        "payments_taken_back": {
            "words": "One practice has payments below zero: money taken back.",
            "practice": code[planted.corrected],
            "period": year_code(TAKEN_BACK_YEAR),
            "pounds": {line: amount / 100 for line, amount in TAKEN_BACK.items()},
        },
        "payments_closed": {
            "words": "One practice closes in the year; its list is an average over the year.",
            "practice": code[planted.closed],
            "period": year_code(world.closed_on.year),
            "close_date": world.closed_on.isoformat(),
        },
        "payments_no_list": {
            "words": "A walk-in centre is paid and has no registered patients.",
            "code": _no_list_code(),
            "pounds": NO_LIST_PENCE / 100,
        },
    }


def paid(world: World, population: Population, year: int) -> list[PaidPractice]:
    """Return the rows of one year's file, in the order of practice codes."""
    rng = np.random.default_rng([world.seed, _SUBJECT, year])
    lists = np.array([population.lists(on) for on in _quarters(year)], dtype=np.float64)
    registered = lists.mean(axis=0)
    fixed = world.rng(_SUBJECT)
    contract = np.searchsorted([0.70, 0.95], fixed.random(world.count))
    dispensing = fixed.random(world.count) < _DISPENSING_SHARE
    need = np.exp(0.06 * population.deprivation + 0.06 * fixed.normal(size=world.count))
    weighted = registered * need
    weighted *= registered.sum() / max(weighted.sum(), 1.0)
    pence = _pence(world, rng, fixed, registered, weighted, contract == 0, dispensing, year)
    if year == TAKEN_BACK_YEAR:
        for line, amount in TAKEN_BACK.items():
            pence[line][world.planted.corrected] = amount
    region = world.board_region[world.sub_board[world.sub]]
    pcn = world.pcn_on(date(year, 7, 1))
    rows = []
    for p in np.flatnonzero(registered > 0).tolist():
        ended = (
            world.closed_on if p == world.planted.closed and world.closed_on.year == year else None
        )
        part = bool((lists[:, p] == 0).any())
        network = (
            (world.pcns.code[pcn[p]], world.pcns.name[pcn[p]].upper())
            if pcn[p] >= 0
            else ("Unknown or no PCN", "Unknown or no PCN")
        )
        rows.append(
            PaidPractice(
                code=world.practices.code[p],
                name=world.practices.name[p].upper(),
                opened=world.opened[p],
                closed=ended,
                registered=round(float(registered[p]), 2),
                weighted=round(float(weighted[p]), 2),
                pence={line: int(amounts[p]) for line, amounts in pence.items()},
                contract_type=("GMS", "PMS", "APMS")[contract[p]],
                dispensing="Yes" if dispensing[p] else "No",
                rurality="Rural" if dispensing[p] else "Urban",
                marks=("Part year of data", "Large fluctuation in patients") if part else (),
                about={
                    "region_code": world.regions.code[region[p]],
                    "region_name": f"{world.regions.name[region[p]].upper()} COMMISSIONING REGION",
                    "sub_icb_code": world.subs.code[world.sub[p]],
                    "sub_icb_name": world.subs.name[world.sub[p]].upper(),
                    "pcn_code": network[0],
                    "pcn_name": network[1],
                    "address": f"{world.street[p]}, {world.subs.name[world.sub[p]]}".upper(),
                    "postcode": world.postcode[p],
                },
            )
        )
    return sorted([*rows, _walk_in(world, year)], key=lambda row: row.code)


def _pence(
    world: World,
    rng: np.random.Generator,
    fixed: np.random.Generator,
    registered: NDArray[np.float64],
    weighted: NDArray[np.float64],
    gms: NDArray[np.bool_],
    dispensing: NDArray[np.bool_],
    year: int,
) -> Pence:
    """Return each payment of each practice, in pence."""
    count = world.count
    price = _GROWTH ** (year - 2022)
    pounds: dict[str, NDArray[np.float64]] = {
        "global_sum": np.where(gms, 1.0, 0.05) * _CORE * price * weighted,
        "pms_balance": np.where(gms, 0.0, 0.95) * _CORE * price * weighted,
    }
    for line, (level, spread) in _LEVELS.items():
        some = fixed.random(count) < _SOME.get(line, 1.0)
        each = np.exp(spread * (0.8 * fixed.normal(size=count) + 0.6 * rng.normal(size=count)))
        each *= level / _SOME.get(line, 1.0) / np.exp(spread**2 / 2)
        pounds[line] = np.where(some, each * price * registered, 0.0)
    for name, each_pound in (("drugs_reimbursed", 1.0), ("dispensing_fees", 0.3)):
        sold = each_pound * _DISPENSED_EACH * np.exp(0.2 * fixed.normal(size=count))
        pounds[name] = pounds.get(name, 0.0) + np.where(dispensing, sold * price * registered, 0.0)
    for line, amounts in _to_networks(world, registered, year).items():
        pounds[line] = amounts * price
    main = sum(amounts for line, amounts in pounds.items() if files.counted_in(line) == "main")
    pounds["deductions"] = -_DEDUCTED * main * np.exp(0.2 * rng.normal(size=count))
    return {line: np.rint(100 * amounts).astype(np.int64) for line, amounts in pounds.items()}


def _to_networks(
    world: World, registered: NDArray[np.float64], year: int
) -> dict[str, NDArray[np.float64]]:
    """Return what the first practice of two networks in three receives for all of its network."""
    pcn = world.pcn_on(date(year, 7, 1))
    found = {line: np.zeros(world.count) for line in _NETWORK}
    for network in range(len(world.pcns.code)):
        members = np.flatnonzero((pcn == network) & (registered > 0))
        if network % 3 == 2 or not len(members):
            continue
        for line, each in _NETWORK.items():
            found[line][members[0]] = each * registered[members].sum()
    return found


def _walk_in(world: World, year: int) -> PaidPractice:
    home = int(world.home.argmax())
    return PaidPractice(
        code=_no_list_code(),
        name=f"{world.places.name[0]} WALK IN CENTRE".upper(),
        opened=date(2009, 10, 1),
        registered=0.0,
        weighted=0.0,
        pence={"other": NO_LIST_PENCE},
        contract_type="APMS",
        dispensing="Unknown",
        practice_type="Walk in centre",
        rurality="Urban" if layout_of(year) == 2022 else "Missing",
        marks=("No registered patients",),
        about={
            "region_code": world.regions.code[0],
            "region_name": f"{world.regions.name[0].upper()} COMMISSIONING REGION",
            "sub_icb_code": world.subs.code[int(world.sub[home])],
            "sub_icb_name": world.subs.name[int(world.sub[home])].upper(),
            "pcn_code": "Unknown or no PCN",
            "pcn_name": "Unknown or no PCN",
        },
    )


def _no_list_code() -> str:
    return codes.cost_centre_codes(3)[-1]


def _quarters(year: int) -> tuple[date, ...]:
    return (date(year, 4, 1), date(year, 7, 1), date(year, 10, 1), date(year + 1, 1, 1))
