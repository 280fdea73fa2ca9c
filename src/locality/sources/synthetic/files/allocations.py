"""Registered and weighted populations by practice: four years, four layouts."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from locality.sources.synthetic.calendar import year_code
from locality.sources.synthetic.files.workbook import Cell, put_workbook
from locality.sources.synthetic.files.wrapping import lines, put
from locality.sources.synthetic.need import COMPONENTS, REGISTERED, Floats, allocation_date
from locality.sources.synthetic.world import World

_PLACE_22 = (
    "Practice_Code,GP_Practice_Name,Practice_Postcode,Latitude,Longitude,CCG21,Former CCG,"
    "PCN_Code,PCN_Name,LOC22,LOC22name,ICS22,ICS22name,R22,Region22,LAD21,LTLA21,LA21,UTLA21,"
    "Patients,pop 2022/23,G&A WP,CS WP,MH WP,Mat WP,Health Ineq WP,Prescr WP,Final WP"
)
_PLACE_25 = (
    "Practice_Code,GP_Practice_Name,Practice_Postcode,Latitude,Longitude,CCG,Former CCG,PCN_Code,"
    "PCN_Name,LOC,LOCname,ICB,ICBname,Rcode,Region,LAD,LTLA,LA,UTLA,Patients,Population,G&A WP,"
    "CS WP,MH WP,Mat WP,Health Ineq WP,Prescr WP,Final WP"
)
_PRIMARY = ",Primary Medical Care WP,Final PMC WP"
#: The workbook of 2024-25 has no coordinates, and headers with spaces where none belong.
_SHEET_24 = (
    "Practice_Code,GP_Practice_Name,Practice_Postcode,CCG23,Former CCG,PCN_Code,PCN_Name,LOC22,"
    "LOC22name,ICB23,ICB23name,R23,Region23,LAD21,LTLA21,LA21,UTLA21,Patients,pop 2024/25,G&A WP,"
    "CS WP,MH WP,Mat WP,Health Ineq  WP,Prescr WP,Final WP ,Primary Medical Care need,Final PMC WP"
)
_BYTE_ORDER_MARK = "\ufeff"


def write_weighted(folder: Path, world: World, year: int, populations: dict[str, Floats]) -> Path:
    """Write one year's populations in that year's layout."""
    there = np.flatnonzero(world.open_on(allocation_date(year))).tolist()
    if year == 2024:
        header = _SHEET_24.split(",")
        rows: list[list[Cell]] = [list(header)]
        for p in there:
            about = _about(world, year, p)
            numbers = [float(populations[c][p]) for c in (REGISTERED, *COMPONENTS)]
            rows.append([*about[:3], *about[5:], *(None if math.isnan(n) else n for n in numbers)])
        return put_workbook(folder / "GP_Practice_WP_2024_2025.xlsx", "GP_wp_202425", rows)
    columns = [list(cells) for cells in zip(*(_about(world, year, p) for p in there), strict=True)]
    shown = [REGISTERED, *COMPONENTS][: 8 if year == 2022 else None]
    if year == 2022:
        # This layout alone fills "Patients", the last cell before the populations.
        columns[-1] = [str(round(float(populations[REGISTERED][p]))) for p in there]
    for component in shown:
        columns.append([_number(populations[component][p], year) for p in there])
    if year == 2022:
        text = _BYTE_ORDER_MARK + lines(_PLACE_22, columns, end="\r\n")
    elif year == 2023:
        text = lines(_PLACE_22 + _PRIMARY, columns)
    else:
        text = _BYTE_ORDER_MARK + lines(_PLACE_25 + _PRIMARY, columns)
    return put(folder / f"allocation_need_practice_{year_code(year)}.csv", text)


def _about(world: World, year: int, p: int) -> list[str]:
    """Return the cells that say which practice: those before the populations."""
    sub, pcn = int(world.sub[p]), int(world.pcn_on(allocation_date(year))[p])
    older = int(world.sub_older[sub])
    board = f"NHS {world.older.name[older]} ICB"
    sub_name = f"{board} - {world.subs.code[sub]} {world.subs.name[sub]}"
    region = int(world.board_region[world.sub_board[sub]])
    district = [f"E06999{sub + 1:03d}", world.subs.name[sub]]
    latitude, longitude = at_sea(p)
    first = [world.practices.code[p], world.practices.name[p], world.postcode[p]]
    first += [f"{latitude:.6f}", f"{longitude:.6f}"]
    last = [world.older.code[older], board, world.regions.code[region], world.regions.name[region]]
    if year == 2022:
        network = [world.pcns.code[pcn], world.pcns.name[pcn]] if pcn >= 0 else ["U", "Unallocated"]
        commissioner = [world.subs.code[sub], world.subs.name[sub]]
        location = [world.subs.code[sub], sub_name]
        return [*first, *commissioner, *network, *location, *last, *district, *district, ""]
    if year == 2025:
        first[1] = first[1].upper()
        return [*first, *[""] * 6, *last, *district, "", "", ""]
    commissioner = [world.subs.code[sub], f"NHS {world.subs.name[sub]} CCG"]
    return [*first, *commissioner, *[""] * 4, *last, *district, *district, ""]


def at_sea(practice: int) -> tuple[float, float]:
    """Return latitude and longitude of a practice: somewhere in the North Sea, where none is."""
    row, column = divmod(practice, 100)
    return 54.6 + 0.009 * row + 0.0003 * column, 1.0 + 0.008 * column + 0.0005 * row


def _number(value: float, year: int) -> str:
    if math.isnan(value):
        return ""
    return f"{value:.10f}" if year == 2023 else f"{value:.6f}"
