"""Small random source tables: few codes and dates, so that everything collides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

import duckdb
import pyarrow as pa

from locality.figures import Table
from locality.store.queries import DERIVED, query_text
from locality.store.schemas import GROUPS, SCHEMAS
from tests.store.made import filled

START = date(2026, 1, 1)
Tables = dict[str, list[dict[str, Any]]]
SOURCES = (
    "practice_map",
    "places",
    "list_sizes",
    "age_sex",
    "ods_practices",
    "qof_registers",
    "weighted_populations",
    "qof_in_year",
    "qof_overall",
    "qof_achievement",
    "iif",
    "payment_practices",
    "workforce_patients",
    "online_consultations",
)


def drawn(random: Random, practices: int = 5, extracts: int = 4, span: int = 40) -> Tables:
    """Return rows for every source table, drawn by ``random``."""
    codes = [f"A8{n:04d}" for n in range(practices)]
    days = sorted(random.sample(range(span), extracts))
    extract_days = [START + timedelta(days=n) for n in days]

    def some(things: Sequence[Any], least: int = 0) -> list[Any]:
        return random.sample(things, random.randint(least, len(things)))

    def maybe(thing: Any) -> Any:
        return random.choice([thing, thing, thing, None])

    def pick(*things: Any) -> Any:
        return random.choice(things)

    practice_map = [
        {
            "as_at": day,
            "practice_code": code,
            "practice_name": pick("OLD NAME", "NEW NAME"),
            "pcn_code": pick("U01", "U02", "U", None),
            "pcn_name": pick("North", "South", None),
            "sub_icb_code": pick("00A", "00A", "00B", "00C"),
            "sub_icb_name": maybe("Aford"),
            "icb_code": pick("QA", "QB", "QA"),
            "icb_name": maybe("Ashire"),
            "region_code": pick("Y1", "Y1", "Y2"),
            "region_name": maybe("Region"),
        }
        for day in some(extract_days)
        for code in some(codes)
    ]
    if random.random() < 0.5:  # as in real files, most rows say again what they said before
        first = {row["practice_code"]: row for row in practice_map[:practices]}
        practice_map = [
            {**first.get(row["practice_code"], row), "as_at": row["as_at"]}
            if random.random() < 0.8
            else row
            for row in practice_map
        ]
    places = [
        {
            "practice_code": code,
            "place_code": pick("P1", "P2"),
            "place_name": pick("Hill", "Dale"),
            "from_date": START + timedelta(days=day),
        }
        for code in some(codes)
        for day in random.sample(range(-10, span + 10), random.randint(0, 3))
    ]
    list_sizes = [
        {
            "as_at": day,
            "practice_code": code,
            "sub_icb_code": pick("00A", "00B", "00Z", None),
            "patients": maybe(random.randint(0, 9000)),
        }
        for day in some(extract_days)
        for code in some(codes)
    ]
    for row in list_sizes:
        row["missing"] = None if row["patients"] is not None else "suppressed by the publisher"
    age_sex = [
        {
            "as_at": day,
            "practice_code": code,
            "sex": sex,
            "age_from": age,
            "patients": random.randint(0, 900),
        }
        for day in some(extract_days)
        for code in some(codes)
        for sex in ("FEMALE", "MALE")
        for age in some([0, 5, 95], 1)
    ]
    ods_practices = [
        {
            "as_at": START + timedelta(days=day),
            "practice_code": code,
            "practice_name": pick("ODS NAME", "OTHER ODS NAME"),
            "open_date": maybe(START - timedelta(days=random.randint(0, 400))),
            "close_date": maybe(START + timedelta(days=random.randint(0, span))),
            "status": pick("active", "active", "closed", "dormant"),
            "is_gp_practice": pick(True, True, False),
            "sub_icb_code": pick("00A", "00B", None),
        }
        for day in random.sample(range(span), random.randint(0, 2))
        for code in some([*codes, "Y99999"])
    ]
    qof_registers = [
        {"period": "2024-25", "practice_code": code, "group_code": "HYP", "list_type": "TOTAL"}
        for code in some([*codes, "B81001"])
    ]
    weighted = [
        {"period": "2025-26", "practice_code": code, "component": "overall"}
        for code in some([*codes, "B81002"])
    ]
    # Publications that make a practice known and say nothing of where it belongs.
    qof_overall = [
        {"period": "2022-23", "practice_code": code, "maximum_points": 635.0}
        for code in some([*codes, "B81003"])
    ]
    workforce = [
        {"as_at": extract_days[0], "practice_code": code} for code in some([*codes, "B81004"])
    ]
    iif = [
        {"period": "2023-24", "organisation_code": code, "kind": kind, "indicator_code": "NCD1",
         "indicator": "ACC-08"}
        for code, kind in (("B81005", "practice"), ("U01", "pcn"))
    ]  # fmt: skip
    groups = [
        {"code": group, "kind": "group", "name": f"Federation {group}", "practice_code": code}
        for group in ("G1", "G2")
        for code in some(codes)
    ]
    return {
        "practice_map": practice_map,
        "places": places,
        "list_sizes": list_sizes,
        "age_sex": age_sex,
        "ods_practices": ods_practices,
        "qof_registers": qof_registers,
        "weighted_populations": weighted,
        "qof_in_year": [],
        "qof_overall": qof_overall,
        "qof_achievement": [],
        "iif": iif,
        "payment_practices": [],
        "workforce_patients": workforce,
        "online_consultations": [],
        "groups": groups,
    }


def as_arrow(tables: Tables) -> dict[str, pa.Table]:
    """Return ``tables`` under their schemas."""
    made = {name: filled(name, tables[name]).data for name in SOURCES}
    return made | {"groups": Table.of(GROUPS, tables["groups"]).data}


def derived_by(run: Callable[[str], pa.Table], keep: Callable[[str, pa.Table], None]) -> Tables:
    """Return the rows of every derived table as ``run`` computes it; ``keep`` each for the next."""
    found: Tables = {}
    for name in DERIVED:
        table = Table.of(SCHEMAS[name], run(name))
        keep(name, table.data)
        found[name] = table.rows
    return found


def derived_by_duckdb(tables: Tables) -> Tables:
    """Return the rows of every derived table, as the SQL files give them on DuckDB."""
    with duckdb.connect() as connection:
        for name, data in as_arrow(tables).items():
            connection.register(name, data)
        return derived_by(
            lambda name: connection.sql(query_text(name)).to_arrow_table(), connection.register
        )
