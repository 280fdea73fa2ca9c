"""QOF and the Investment and Impact Fund, each in the publisher's layout of the year.

Every function takes plain values and writes one file. Years are those in which a QOF year starts:
2024 for 2024-25. Only facts about layouts stand here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.csv

from locality.sources.synthetic.files.wrapping import put


class Place(NamedTuple):
    """A practice and the organisations above it, by code (ODS and ONS) and name."""

    practice: str
    practice_name: str
    pcn: str
    pcn_name: str
    sub_icb: str
    sub_icb_ons: str
    sub_icb_name: str
    icb: str
    icb_ons: str
    icb_name: str
    region: str
    region_ons: str
    region_name: str


class Overall(NamedTuple):
    """One practice's result; None where the publisher has none."""

    place: Place
    list_size: int
    points: float | None
    available: float | None


class Listed(NamedTuple):
    """One indicator of a year, as its list has it."""

    code: str
    points: float
    group: str
    group_name: str
    domain: str
    domain_name: str
    list_type: str
    description: str = ""


class Fund(NamedTuple):
    """One count of the Investment and Impact Fund."""

    kind: str
    code: str
    name: str
    indicator: str
    measure: str
    value: float


_BOM = "\ufeff"
_REGISTER = "Total points for indicators where register exists."


def short(year: int) -> str:
    """Return ``2425`` for 2024, as names of raw files carry it."""
    return f"{year % 100:02d}{(year + 1) % 100:02d}"


def long(year: int) -> str:
    """Return ``2024-25`` for 2024."""
    return f"{year}-{(year + 1) % 100:02d}"


def write_overall(folder: Path, year: int, maximum: int, rows: Iterable[Overall]) -> Path:
    """Write the sheet of overall achievement, saved as CSV, with ``:`` where there is no result."""
    header, above = _overall_layout(year, maximum)
    digits = 8 if year in (2017, 2022) else 2
    lines: list[list[str]] = [header]
    for row in rows:
        lines.append(
            [
                *above(row.place),
                row.place.practice,
                row.place.practice_name,
                str(row.list_size),
                *_score(row, maximum, digits, whole=year != 2019),
            ]
        )
    return put(folder / f"QOF_{long(year)}.csv", _BOM + _text(lines))


def _overall_layout(year: int, maximum: int) -> tuple[list[str], Callable[[Place], list[str]]]:
    """Return the header of a year, and what stands before the practice."""
    if year == 2017:
        header = [
            "Region code", "Region geography code", "Region name", "Sub-region code",
            "Sub-region geography code", "Sub-region name", "STP code", "STP name", "CCG code",
            "CCG geography code", "CCG name", "Practice code", "Practice name", "All ages",
            f"Achievement score (max. {maximum})",
            f"QOF points total/{maximum} available (per cent)",
            "Max. QOF points available (total points for indicators where register exists)",
            "Points achieved/max. QOF points available (per cent)",
        ]  # fmt: skip
        return header, _with_region
    ending = [
        "Practice code", "Practice name", "List size", f"Achievement score ({maximum} max)",
    ]  # fmt: skip
    if year == 2018:
        header = [
            "Region code", "Region ONS code", "Region name", "Regional local office code",
            "Regional local office ONS code", "Regional local office name", "STP ONS code",
            "STP name", "CCG code", "CCG ONS code", "CCG name", *ending,
            f"QOF points total/{maximum} available (%)", f"{_REGISTER}(Max QOF points available)",
            "Points achieved/ max.QOF points available (%)",
        ]  # fmt: skip
        return header, _with_region
    total = f"QOF points total{'/' if year == 2019 else ' / '}{maximum} available (%)"
    ending += [total, f"{_REGISTER} (Max QOF points available)"]
    ending.append("Points achieved/ max. QOF points available (%)")
    if year <= 2020:
        above = ["CCG ODS code (practice parent)", "CCG ONS code (practice parent)"]
        above.append("CCG name (practice parent)")
    elif year == 2021:
        above = ["Sub ICB Loc ODS code", "Sub ICB Loc ONS code", "Sub ICB Loc name"]
    else:
        # As published: the headers break inside.
        above = ["Sub ICB Loc \nODS code", "Sub ICB Loc \nONS code", "Sub ICB Loc name"]
    return [*above, "PCN ODS code", "PCN name", *ending], _with_network


def _with_region(place: Place) -> list[str]:
    office = [place.region, place.region_ons, place.region_name]
    return [*office, *office, place.icb_ons, place.icb_name, *_commissioner(place)]


def _with_network(place: Place) -> list[str]:
    return [*_commissioner(place), place.pcn, place.pcn_name]


def _commissioner(place: Place) -> list[str]:
    return [place.sub_icb, place.sub_icb_ons, place.sub_icb_name]


def _score(row: Overall, maximum: int, digits: int, *, whole: bool) -> list[str]:
    if row.points is None or row.available is None:
        return [":"] * 4
    of_available = 100 * row.points / row.available if row.available else 0.0
    return [
        f"{row.points:g}" if row.points == round(row.points, 2) else repr(row.points),
        f"{100 * row.points / maximum:.{digits}f}",
        f"{row.available:g}" if whole else f"{row.available:.2f}",
        f"{of_available:.{digits}f}",
    ]


def write_indicators(folder: Path, year: int, rows: Iterable[Listed]) -> Path:
    """Write the list of indicators; until 2018-19 with their wording."""
    if year <= 2018:
        header = [
            "INDICATOR_CODE", "INDICATOR_DESCRIPTION", "INDICATOR_POINT_VALUE",
            "INDICATOR_GROUP_CODE", "INDICATOR_GROUP_DESCRIPTION", "DOMAIN_CODE",
            "DOMAIN_DESCRIPTION", "PATIENT_LIST_TYPE",
        ]  # fmt: skip
        name = f"INDICATOR_MAPPINGS_{short(year)}.csv"
        lines = [
            [r.code, r.description, f"{r.points:g}", r.group, r.group_name, r.domain,
             r.domain_name, r.list_type]
            for r in rows
        ]  # fmt: skip
    else:
        header = [
            "INDICATOR_CODE", "INDICATOR_POINT_VALUE", "GROUP_CODE", "GROUP_DESCRIPTION",
            "DOMAIN_CODE", "DOMAIN_DESCRIPTION", "PATIENT_LIST_TYPE",
        ]  # fmt: skip
        name = f"MAPPING_INDICATORS_{short(year)}.csv"
        lines = [
            [r.code, f"{r.points:g}", r.group, r.group_name, r.domain, r.domain_name, r.list_type]
            for r in rows
        ]
    return put(folder / name, _text([header, *lines]))


def write_geographies(folder: Path, year: int, places: Iterable[Place]) -> Path:
    """Write who belonged to whom, under the names of the year."""
    sub, icb = ("CCG", "STP") if year <= 2020 else ("SUB_ICB", "ICB")
    if year == 2021:
        sub = "SUB_ICB_LOC"
    header = [
        "NAT_ONS_CODE", "NAT_CODE", "COUNTRY" if year <= 2020 else "NAT_COUNTRY",
        *(f"REGION_{one}" for one in ("ODS_CODE", "ONS_CODE", "NAME")),
        *(f"{icb}_{one}" for one in ("ODS_CODE", "ONS_CODE", "NAME")),
        *(f"{sub}_{one}" for one in ("ODS_CODE", "ONS_CODE", "NAME")),
        "PCN_ODS_CODE", "PCN_NAME", "PRACTICE_CODE", "PRACTICE_NAME",
    ]  # fmt: skip
    lines = [
        [
            "E92000001", "ENG", "England", p.region, p.region_ons, p.region_name,
            p.icb, p.icb_ons, p.icb_name, p.sub_icb, p.sub_icb_ons, p.sub_icb_name,
            p.pcn, p.pcn_name, p.practice, p.practice_name,
        ]
        for p in places
    ]  # fmt: skip
    return put(folder / f"MAPPING_NHS_GEOGRAPHIES_{short(year)}.csv", _text([header, *lines]))


def write_manual_mapping(folder: Path, year: int, places: Iterable[Place]) -> Path:
    """Write the publisher's own input: sub-ICBs and ICBs under the headers CCG and STP."""
    header = [
        "PRACTICE_CODE", "PRACTICE_NAME", "PCN_ODS_CODE", "PCN_NAME", "CCG_ODS_CODE",
        "CCG_ONS_CODE", "CCG_NAME", "STP_ODS_CODE", "STP_ONS_CODE", "STP_NAME", "REGION_ODS_CODE",
        "REGION_ONS_CODE", "REGION_NAME", "NAT_CODE", "NAT_ONS_CODE", "NAT_COUNTRY",
    ]  # fmt: skip
    lines = [[*place, "ENG", "E92000001", "England"] for place in places]
    return put(folder / f"QOF_MANUAL_MAPPINGS_{short(year)}.csv", _text([header, *lines]))


def write_points(folder: Path, year: int, rows: Iterable[tuple[str, float]]) -> Path:
    """Write the most points that each practice could have."""
    header = ["PRACTICE_CODE", f"REVISED_MAX{'IMUM' if year <= 2022 else ''}_POINTS"]
    lines = [[code, f"{points:g}"] for code, points in rows]
    return put(folder / f"ORGANISATION_REFERENCE_{short(year)}.csv", _text([header, *lines]))


def write_achievement(
    folder: Path,
    year: int,
    practices: Sequence[str] | pa.Array,
    indicators: Sequence[str] | pa.Array,
    measures: Sequence[str] | pa.Array,
    values: Sequence[str] | pa.Array,
    region: str = "",
) -> Path:
    """Write a row for each practice, indicator and measure; from 2022-23 the region in the name.

    Written with Arrow, as a year of England has millions of rows; no cell may hold a comma.
    """
    columns = (practices, indicators, measures, values)
    texts = [one if isinstance(one, pa.Array) else pa.array(one, pa.string()) for one in columns]
    table = pa.table(texts, names=list("abcd"))
    out = io.BytesIO()
    options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="none")
    pyarrow.csv.write_csv(table, out, options)
    part = f"{region.upper().replace(' ', '_')}_" if region else ""
    head = b"PRACTICE_CODE,INDICATOR_CODE,MEASURE,VALUE\n"
    return put(folder / f"ACHIEVEMENT_{part}{short(year)}.csv", head + out.getvalue())


def write_iif(folder: Path, year: int, rows: Iterable[Fund]) -> Path:
    """Write practices' and networks' counts of the Investment and Impact Fund at 31 March."""
    header = [
        "ORGANISATION_TYPE", "ORGANISATION_CODE", "ORGANISATION_NAME", "QUALITY_SERVICE",
        "ACH_DATE", "IND_CODE", "MEASURE", "VALUE",
    ]  # fmt: skip
    lines = [
        [
            row.kind, row.code, row.name, f"NCD{short(year)}", f"31/03/{year + 1}", row.indicator,
            row.measure, f"{row.value:g}" if row.value < 1e5 else f"{row.value:.0f}",
        ]
        for row in rows
    ]  # fmt: skip
    name = f"IIF_indicators_annual_pub_{year}_{(year + 1) % 100:02d}.csv"
    return put(folder / name, _text([header, *lines]))


def _text(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
