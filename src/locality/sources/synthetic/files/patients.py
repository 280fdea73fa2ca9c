"""Patients Registered at a GP Practice: the map, the list sizes, the age-sex counts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from locality.sources.synthetic.calendar import (
    BOARDS_BEGAN,
    LATEST,
    day_month_year,
    short_month,
)
from locality.sources.synthetic.files.wrapping import lines, put, put_gzipped, put_zipped, texts
from locality.sources.synthetic.population import BANDS, SEXES, Counts, Population
from locality.sources.synthetic.world import UNALLOCATED, World

_PUBLICATION = "GP_PRAC_PAT_LIST"
_MAP_HEADER = (
    "PUBLICATION,EXTRACT_DATE,PRACTICE_CODE,PRACTICE_NAME,PRACTICE_POSTCODE,PCN_CODE,PCN_NAME,"
    "ONS_{0}_CODE,{0}_CODE,{0}_NAME,ONS_{1}_CODE,{1}_CODE,{1}_NAME,"
    "ONS_COMM_REGION_CODE,COMM_REGION_CODE,COMM_REGION_NAME"
)
_LIST_HEADER = (
    "PUBLICATION,EXTRACT_DATE,TYPE,{0}_CODE,ONS_{0}_CODE,CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS"
)
_AGE_SEX_HEADER = (
    "PUBLICATION,EXTRACT_DATE,ORG_TYPE,ORG_CODE,ONS_CODE,POSTCODE,SEX,AGE_GROUP_5,"
    "NUMBER_OF_PATIENTS"
)


def write_map(folder: Path, world: World, on: date) -> Path:
    """Write which practice belongs where on that day; before July 2022 with CCGs and STPs."""
    there = np.flatnonzero(world.open_on(on)).tolist()
    pcn = world.pcn_on(on)
    boards, board = world.boards_on(on)
    sub_names = world.sub_names_on(on)
    region = world.board_region[world.sub_board[world.sub]]
    earlier = on < BOARDS_BEGAN
    header = _MAP_HEADER.format(*(("CCG", "STP") if earlier else ("SUB_ICB_LOCATION", "ICB")))
    board_name = "{}" if earlier else "NHS {} Integrated Care Board"
    supplier = world.rng(5).choice(["EMIS", "TPP"], size=world.count, p=[0.6, 0.4])
    columns = [
        [_PUBLICATION] * len(there),
        [day_month_year(on)] * len(there),
        [world.practices.code[p] for p in there],
        [world.practices.name[p].upper() for p in there],
        [world.postcode[p] for p in there],
        [world.pcns.code[pcn[p]] if pcn[p] >= 0 else UNALLOCATED for p in there],
        [world.pcns.name[pcn[p]].upper() if pcn[p] >= 0 else "Unallocated" for p in there],
        [world.subs.ons[world.sub[p]] for p in there],
        [world.subs.code[world.sub[p]] for p in there],
        [sub_names[world.sub[p]] for p in there],
        [boards.ons[board[p]] for p in there],
        [boards.code[board[p]] for p in there],
        [board_name.format(boards.name[board[p]]) for p in there],
        [world.regions.ons[region[p]] for p in there],
        [world.regions.code[region[p]] for p in there],
        [world.regions.name[region[p]] for p in there],
    ]
    if not earlier:
        # The later layout names the clinical system; a few practices' is not known.
        supplier[world.planted.small] = "Unknown"
        header += ",SUPPLIER_NAME"
        columns.append([str(supplier[p]) for p in there])
    name = f"gp-reg-pat-prac-map-{short_month(on)}"
    if on.year < LATEST.year:
        return put(folder / f"{name}.csv", lines(header, columns))
    return put_zipped(
        folder / f"{name}.zip", {"gp-reg-pat-prac-map.csv": lines(header, columns, end="\r\n")}
    )


def write_lists(folder: Path, population: Population, on: date) -> Path:
    """Write the list sizes on that day, one row a practice."""
    world = population.world
    there = np.flatnonzero(world.open_on(on)).tolist()
    earlier = on < BOARDS_BEGAN
    stamp = day_month_year(on).upper() if earlier else on.isoformat()
    sizes = population.lists(on)
    if earlier:
        there.sort(key=lambda p: (world.subs.code[world.sub[p]], p))
    columns = [
        [_PUBLICATION] * len(there),
        [stamp] * len(there),
        ["GP"] * len(there),
        [world.subs.code[world.sub[p]] for p in there],
        [world.subs.ons[world.sub[p]] for p in there],
        [world.practices.code[p] for p in there],
        [world.postcode[p] for p in there],
        ["ALL"] * len(there),
        ["ALL"] * len(there),
        texts(sizes[there]),
    ]
    header = _LIST_HEADER.format("CCG" if earlier else "SUB_ICB_LOCATION")
    text = lines(header, columns, end="\r\n" if earlier else "\n")
    name = f"gp-reg-pat-prac-all-{short_month(on)}.csv"
    if earlier:
        return put_gzipped(folder / f"{name}.gz", text)
    return put(folder / name, text)


def write_age_sex(folder: Path, population: Population, on: date) -> Path:
    """Write people by sex and age band for every organisation from region down to practice.

    A cell of nobody has no row, save in the latest file, which writes its zeros out as the real
    file of July 2026 does.
    """
    world = population.world
    there = np.flatnonzero(world.open_on(on))
    people = population.registered(on)[there]
    boards, board = world.boards_on(on)
    sub = world.sub[there]
    region = world.board_region[world.sub_board[sub]]
    pcn = world.pcn_on(on)[there]
    earlier = on < BOARDS_BEGAN
    stamp = day_month_year(on).upper() if earlier else on.isoformat()
    # "U" goes first among networks, as its code does in their order.
    pcn_codes = [UNALLOCATED, *world.pcns.code]
    levels = [
        ("Comm Region", world.regions.code, world.regions.ons, region),
        ("STP" if earlier else "ICB", boards.code, boards.ons, board[there]),
        ("CCG" if earlier else "SUB_ICB_LOCATION_CODE", world.subs.code, world.subs.ons, sub),
        ("PCN", pcn_codes, [""] * len(pcn_codes), pcn + 1),
    ]
    blocks = []
    for kind, codes, ons, of in levels:
        totals = np.zeros((len(codes), *people.shape[1:]), dtype=np.int64)
        np.add.at(totals, of, people)
        present = [one for _, one in sorted((codes[one], one) for one in np.unique(of).tolist())]
        prefixes = [f"{_PUBLICATION},{stamp},{kind},{codes[o]},{ons[o]},," for o in present]
        blocks += _block(prefixes, totals[present], zeros=on == LATEST)
    prefixes = [
        f"{_PUBLICATION},{stamp},GP,{world.practices.code[p]},,{world.postcode[p]},"
        for p in there.tolist()
    ]
    blocks += _block(prefixes, people, zeros=on == LATEST)
    text = "\r\n".join([_AGE_SEX_HEADER, *blocks, ""])
    name = f"gp-reg-pat-prac-quin-age-{short_month(on)}.zip"
    return put_zipped(folder / name, {"gp-reg-pat-prac-quin-age.csv": text})


# Bands stand in the order of their texts, 10_14 before 5_9, with the total last.
_BAND_ORDER = sorted(range(len(BANDS)), key=lambda band: BANDS[band])
_LABELS = ["ALL,ALL"] + [
    f"{sex},{band}" for sex in SEXES for band in [*(BANDS[b] for b in _BAND_ORDER), "ALL"]
]


def _block(prefixes: list[str], people: Counts, *, zeros: bool) -> list[str]:
    """Return rows of organisations x (everyone; each sex by band, then in all)."""
    by_sex = people.sum(axis=2)
    cells = [by_sex.sum(axis=1)[:, None]]
    for sex in range(len(SEXES)):
        cells += [people[:, sex, _BAND_ORDER], by_sex[:, sex, None]]
    table = np.concatenate(cells, axis=1)
    return [
        f"{prefix}{label},{number}"
        for prefix, row in zip(prefixes, table.tolist(), strict=True)
        for label, number in zip(_LABELS, row, strict=True)
        if number or zeros
    ]
