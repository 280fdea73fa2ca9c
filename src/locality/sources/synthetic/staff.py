"""Staff of the made-up practices and networks, and the workforce files that tell of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from locality.sources.synthetic.files import staff as files
from locality.sources.synthetic.files import staff_headers
from locality.sources.synthetic.population import Population
from locality.sources.synthetic.registers import Registers
from locality.sources.synthetic.sums import Written
from locality.sources.synthetic.world import UNALLOCATED, World

Floats = NDArray[np.float64]

#: Days of the censuses of practices; the first is written as the derived table alone.
DERIVED_ON = date(2023, 4, 30)
CENSUSES = (date(2024, 6, 30), date(2025, 6, 30), date(2026, 6, 30))
#: Days of the censuses of networks.
NETWORK_CENSUSES = (date(2022, 9, 30), date(2026, 6, 30))
#: The census in the united layout, as a database of several years gives it.
_UNITED = CENSUSES[0]
#: From here on, one practice has lost most of its GPs.
STEP_ON = CENSUSES[1]
STEP_TIMES = 0.35
OUTLIER_TIMES = 2.2

#: Role -> FTE for 10,000 people, hours of one person as a share of 37.5; about England's.
_ROLES: dict[str, tuple[float, float]] = {
    "GP_SEN_PTNR": (0.50, 0.90),
    "GP_PTNR_PROV": (2.10, 0.84),
    "GP_SAL_BY_PRAC": (1.55, 0.64),
    "GP_SAL_BY_OTH": (0.08, 0.50),
    "GP_RET": (0.04, 0.45),
    "GP_LOCUM_VAC": (0.05, 0.40),
    "GP_LOCUM_ABS": (0.02, 0.40),
    "GP_LOCUM_OTH": (0.03, 0.30),
    "GP_TRN_GR_ST1": (0.35, 0.98),
    "GP_TRN_GR_ST2": (0.30, 0.98),
    "GP_TRN_GR_ST3": (0.70, 0.90),
    "N_PRAC_NURSE": (1.60, 0.68),
    "N_ADV_NURSE_PRAC": (0.65, 0.80),
    "N_ENH_PRAC_NURSE": (0.05, 0.75),
    "N_NURSE_SPEC": (0.15, 0.70),
    "N_TRAINEE_NURSE": (0.03, 0.90),
    "N_NURSE_OTH": (0.15, 0.60),
    "DPC_HCA": (1.15, 0.70),
    "DPC_DISPENSER": (0.35, 0.68),
    "DPC_PHARMA": (0.30, 0.72),
    "DPC_PHLEB": (0.15, 0.50),
    "DPC_PARAMED": (0.16, 0.85),
    "DPC_GPA": (0.10, 0.75),
    "DPC_PHARMT": (0.08, 0.85),
    "DPC_PHYSICIAN_ASSOC": (0.05, 0.80),
    "DPC_NURSE_ASSOC": (0.07, 0.85),
    "DPC_APP_HCA": (0.02, 0.90),
    "DPC_OTH": (0.12, 0.60),
    "ADMIN_MANAGER": (1.60, 0.86),
    "ADMIN_MANAGE_PTNR": (0.07, 0.95),
    "ADMIN_MED_SECRETARY": (1.30, 0.68),
    "ADMIN_RECEPT": (6.50, 0.64),
    "ADMIN_ESTATES_ANC": (0.15, 0.30),
    "ADMIN_DT_LEAD": (0.06, 0.80),
    "ADMIN_OTH": (2.10, 0.66),
    "ADMIN_APP": (0.08, 0.95),
}
_TRAINEES = tuple(stem for stem in _ROLES if stem.startswith("GP_TRN"))
_LOCUMS = tuple(stem for stem in _ROLES if stem.startswith("GP_LOCUM"))
_TOTALS = {"GP": "GP", "NURSES": "N", "DPC": "DPC", "ADMIN": "ADMIN"}
_PROVIDED, _HOURS = "Fully provided", "Includes FTE Estimates"
_NOTHING = "Fully estimated - no data provided"

#: Group, role, detailed role, posts for a network of 50,000 people, hours; since which census.
_POSTS = (
    ("Directors", "Medical Clinical Director (GP)", "Clinical Director – Medical", 1.0, 0.2, 0),
    ("Other Direct Patient Care staff", "Pharmacists", "Pharmacist", 5.6, 0.85, 0),
    ("Other Direct Patient Care staff", "Care Coordinators", "Care Coordinator", 5.2, 0.80, 0),
    ("Other Direct Patient Care staff", "Social Prescribing Link Workers",
     "Social Prescribing Link Worker", 2.5, 0.85, 0),
    ("Other Direct Patient Care staff", "Pharmacy Technicians", "Pharmacy Technician",
     2.0, 0.9, 0),
    ("Other Direct Patient Care staff", "Physiotherapists", "Physiotherapist", 1.7, 0.7, 0),
    ("Other Direct Patient Care staff", "Paramedics", "Paramedic", 1.2, 0.9, 0),
    ("Other Direct Patient Care staff", "Therapists", "Therapist- Occupational Therapist",
     0.2, 0.8, 0),
    ("Other Direct Patient Care staff", "Other Direct Patient Care", "Other", 0.4, 0.7, 0),
    ("Other Admin/Non-clinical staff", "Managers", "Manager", 0.6, 0.7, 0),
    ("Other Admin/Non-clinical staff", "Other Admin/Non-clinical", "Other", 1.5, 0.6, 0),
    ("Other Admin/Non-clinical staff", "Digital and Transformation Leads",
     "Digital and Transformation Lead", 0.5, 0.8, 1),
    ("Other GPs", "Salaried GPs", "Salaried By PCN", 1.5, 0.5, 1),
    ("Other Nurses", "Advanced Nurse Practitioners", "Advanced Nurse Practitioner", 0.8, 0.8, 1),
)  # fmt: skip


class Census(NamedTuple):
    """Staff of practices on one day: ``open`` are their indexes, staff and sources theirs."""

    on: date
    open: NDArray[np.int64]
    staff: dict[str, tuple[Floats, Floats]]
    sources: list[list[str]]


def write_staff(
    folder: Path, world: World, population: Population, registers: Registers
) -> Iterator[Written]:
    """Write the workforce files of practices and networks, and yield each as it is written."""
    for on in (DERIVED_ON, *CENSUSES):
        made = census(population, on)
        identity = _identity(world, on, made.open)
        patients = _patients(population, on)[made.open]
        if on == DERIVED_ON:
            # Without sub-ICBs; with a postcode, a setting, and the place in deprivation.
            kept = [*identity[:4], *identity[6:]]
            rank = np.argsort(np.argsort(-population.deprivation))[made.open] + 1
            score = np.exp(3.0 + 0.4 * population.deprivation[made.open])
            kept += [
                [world.postcode[p] for p in made.open.tolist()],
                ["4.0"] * len(made.open),
                [f"{one:.8f}" for one in score.tolist()],
                [f"{1 + 10 * (one - 1) // world.count}.0" for one in rank.tolist()],
                [f"{one}.0" for one in rank.tolist()],
            ]
            text = files.derived(kept, patients, made.staff, twice=(0, 3))
            path = files.write_derived(folder, text)
            name = "practice_workforce_derived"
        else:
            text = files.detailed(
                identity, patients, made.staff, made.sources, on, united=on == _UNITED
            )
            path = files.write_detailed(folder, text, on)
            name = "practice_workforce"
        yield Written(path.relative_to(folder).as_posix(), name, on.isoformat())
    for number, on in enumerate(NETWORK_CENSUSES):
        if on < date(world.calendar.first, 7, 1):
            continue
        path = files.write_posts(folder, files.posts(network_posts(population, on, number)), on)
        yield Written(path.relative_to(folder).as_posix(), "network_workforce", on.isoformat())


def census(population: Population, on: date) -> Census:
    """Return the staff of the practices open on that day, totals included, as the file says.

    People are of the first of the month. From census to census staff follow the list and not
    fresh chance: each expected number is rounded by one number drawn once.
    """
    world = population.world
    rng = world.rng(50)
    planted, many = world.planted, world.count
    level = np.exp(rng.normal(0.0, 0.22, size=(many, 4)) - 0.03)
    level[:, 0] *= np.exp(-0.06 * population.deprivation)
    draw = rng.random((many, len(_ROLES)))
    jitter = rng.uniform(0.85, 1.15, size=(many, len(_ROLES)))
    level[planted.outlier, 0] *= OUTLIER_TIMES
    if on >= STEP_ON:
        level[planted.step, 0] *= STEP_TIMES
    there = np.flatnonzero(world.open_on(on))
    lists = population.lists(on.replace(day=1)).astype(np.float64)
    staff: dict[str, tuple[Floats, Floats]] = {}
    for number, (stem, (rate, hours)) in enumerate(_ROLES.items()):
        group = list(_TOTALS.values()).index(stem.partition("_")[0])
        expected = rate * lists / 10_000 * level[:, group] / hours
        people = np.floor(expected + draw[:, number])
        fte = np.round(np.round(people * hours * jitter[:, number] * 37.5) / 37.5, 9)
        staff[stem] = people[there], fte[there]
    for total, mark in _TOTALS.items():
        staff[total] = _added(staff, [stem for stem in _ROLES if stem.partition("_")[0] == mark])
    qualified = [s for s in _ROLES if s.startswith("GP_") and s not in _TRAINEES]
    regular = [s for s in _ROLES if s.startswith("GP_") and s not in _LOCUMS]
    staff["GP_EXTG"] = _added(staff, qualified)
    staff["GP_EXL"] = _added(staff, regular)
    staff["GP_EXTGL"] = _added(staff, [stem for stem in qualified if stem not in _LOCUMS])
    staff["DPC_APPRENTICE"] = _added(staff, ["DPC_APP_HCA"])
    sources = [[_PROVIDED] * len(there) for _ in _TOTALS]
    for place, practice in enumerate(there.tolist()):
        if practice == planted.no_return:
            for group in (1, 2):
                sources[group][place] = _NOTHING
            for stem in (*staff_headers.NURSE, *staff_headers.DPC):
                if stem in staff:
                    staff[stem][0][place] = staff[stem][1][place] = np.nan
        if practice == planted.corrected:
            sources[3][place] = _HOURS
    return Census(on, there, staff, sources)


def network_posts(population: Population, on: date, number: int) -> Iterator[list[str]]:
    """Yield the posts of every network but the one that has no row, a row each."""
    world = population.world
    rng = world.rng(51 + number)
    pcn, lists = world.pcn_on(on), population.lists(on.replace(day=1))
    boards, of = world.boards_on(on)
    subs = world.sub_names_on(on)
    people = np.bincount(pcn[pcn >= 0], lists[pcn >= 0], minlength=len(world.pcns.code))
    person = 100_000
    for network, here in enumerate(people.tolist()):
        if network == world.planted.moved_from or not here:
            continue
        first = int(np.flatnonzero(pcn == network)[0])
        sub, board = int(world.sub[first]), int(of[first])
        region = int(world.board_region[world.sub_board[sub]])
        place = [
            str(on.year), str(on.month), world.pcns.code[network], world.pcns.name[network].upper(),
            world.subs.code[sub], subs[sub], boards.code[board], f"NHS {boards.name[board]} ICB",
            world.regions.code[region], world.regions.name[region],
        ]  # fmt: skip
        for group, role, detailed, posts, hours, since in _POSTS:
            if since > number:
                continue
            growth = 1.0 if number else 0.45
            for _ in range(int(rng.poisson(growth * posts * here / 50_000))):
                person += 1
                contracted = rng.random() < 0.15
                worked = round(float(np.clip(rng.normal(hours, 0.15), 0.05, 1.2)) * 37.5) / 37.5
                yield [
                    "NWRS contracted services" if contracted else "NWRS Staff", *place,
                    group, role, detailed, files.number(round(worked, 9)),
                    ("" if number else "NULL") if contracted else str(person),
                ]  # fmt: skip


def staff_truths(world: World, population: Population, registers: Registers) -> dict[str, Any]:
    """Return what is so: England's staff at each census, and the planted practices."""
    code, planted = world.practices.code, world.planted
    england = {}
    for on in (DERIVED_ON, *CENSUSES):
        made = census(population, on)
        england[on.isoformat()] = {
            stem: {
                "fte": round(float(np.nansum(made.staff[stem][1])), 6),
                "practices": int((~np.isnan(made.staff[stem][1])).sum()),
            }
            for stem in ("GP", "GP_EXTG", "NURSES", "DPC", "ADMIN")
        }
    networks = {}
    for number, on in enumerate(NETWORK_CENSUSES):
        if on >= date(world.calendar.first, 7, 1):
            rows = list(network_posts(population, on, number))
            networks[on.isoformat()] = {
                "posts": len(rows),
                "networks": len({row[3] for row in rows}),
                "fte": round(sum(float(row[14]) for row in rows), 6),
            }
    return {
        "words": "Full-time equivalents by column stem over the practices that made a return.",
        "england": england,
        "networks": networks,
        "planted": {
            "no_return": {"practice": code[planted.no_return],
                          "groups": ["nurse", "direct patient care"]},
            "estimated": {"practice": code[planted.corrected], "group": "admin"},
            "outlier": {"practice": code[planted.outlier], "group": "GP", "times": OUTLIER_TIMES},
            "step": {"practice": code[planted.step], "group": "GP", "times": STEP_TIMES,
                     "from": STEP_ON.isoformat()},
            "closed": {"practice": code[planted.closed], "absent_from": CENSUSES[1].isoformat()},
            "network_without_rows": world.pcns.code[planted.moved_from],
        },
    }  # fmt: skip


def _added(staff: dict[str, tuple[Floats, Floats]], stems: list[str]) -> tuple[Floats, Floats]:
    people, fte = (np.sum([staff[stem][n] for stem in stems], axis=0) for n in (0, 1))
    return people, np.asarray(np.round(fte, 9), np.float64)


def _identity(world: World, on: date, there: NDArray[np.int64]) -> list[list[str]]:
    """Return the ten columns that say who a practice is, as the workforce files write them."""
    boards, of = world.boards_on(on)
    subs, pcn = world.sub_names_on(on), world.pcn_on(on)
    regions = world.board_region[world.sub_board[world.sub]]
    code, name = world.practices.code, world.practices.name
    rows = [
        (
            code[p], name[p].upper(),
            world.pcns.code[pcn[p]] if pcn[p] >= 0 else UNALLOCATED,
            world.pcns.name[pcn[p]].upper() if pcn[p] >= 0 else "Unaligned",
            world.subs.code[world.sub[p]], subs[world.sub[p]],
            boards.code[of[p]], f"NHS {boards.name[of[p]]} ICB",
            world.regions.code[regions[p]], world.regions.name[regions[p]],
        )
        for p in there.tolist()
    ]  # fmt: skip
    return [list(column) for column in zip(*rows, strict=True)]


#: Five-year bands that make up each of the seven bands of the workforce files.
_BANDS = ((0, 1), (1, 3), (3, 9), (9, 13), (13, 15), (15, 17), (17, 20))


def _patients(population: Population, on: date) -> NDArray[np.int64]:
    """Return people by practice, sex (men first) and seven bands, on the first of the month."""
    people = population.registered(on.replace(day=1))[:, ::-1]
    summed = partial(np.sum, axis=2)
    return np.stack([summed(people[:, :, first:last]) for first, last in _BANDS], axis=2)
