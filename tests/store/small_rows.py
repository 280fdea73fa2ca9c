"""Small random row-level tables, and slow plain twins of how they are counted."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

from locality.figures import Table
from locality.figures.schemas import SOURCE_TABLES
from locality.figures.schemas.waiting import WAITING_ROWS, WEEKS

Rows = list[dict[str, Any]]
PARTS = ("incomplete", "completed_admitted", "new_periods")


def waiting(random: Random, rows: int = 30) -> Table:
    """Return random rows of waiting_rows: few codes, so that everything collides."""
    made = {}
    for _ in range(rows):
        part = random.choice(PARTS)
        row: dict[str, Any] = {
            "period": "2026-M01",
            "provider_code": random.choice(["RA1", "RA2", "RA3"]),
            "commissioner_code": random.choice(["00A", "00B", "NONC", "13Q"]),
            "part": part,
            "treatment_function": random.choice(["C_320", "C_999"]),
        }
        row["commissioner_parent_code"] = {"00A": "QA", "00B": "QB"}.get(row["commissioner_code"])
        timed = part != "new_periods"
        for name in WEEKS:
            row[name] = random.choice([None, 0, random.randint(1, 9)]) if timed else None
        row["unknown_start"] = random.choice([None, 0, 3]) if part.startswith("completed") else None
        row["total_all"] = random.randint(0, 50)
        made[tuple(row[name] for name in WAITING_ROWS.key)] = row
    return _table("waiting_rows", list(made.values()))


def waiting_counted(table: Table) -> Rows:
    """Count waiting_rows one row and one week at a time."""
    counted: Counter[tuple[Any, ...]] = Counter()
    for row in table.rows:
        amounts = {week: row[name] for week, name in enumerate(WEEKS)}
        amounts[-1] = row["total_all"] if row["part"] == "new_periods" else row["unknown_start"]
        whose = []
        if row["commissioner_code"] != "NONC":
            whose.append(("ENG", "england"))
            if row["commissioner_parent_code"] is not None:
                whose.append((row["commissioner_code"], "sub_icb"))
                whose.append((row["commissioner_parent_code"], "icb"))
        for week, pathways in amounts.items():
            for code, kind in whose:
                key = (row["period"], code, kind, row["part"], row["treatment_function"], week)
                counted[key] += pathways or 0
    names = SOURCE_TABLES["waiting"].names
    return [dict(zip(names, (*key, n), strict=True)) for key, n in counted.items() if n]


def prescribing(random: Random, rows: int = 60) -> Table:
    """Return random rows of prescribing_rows, with amounts that are missing here and there."""
    codes = ["0501013B0AAAAAA", "0501013B0BBABAA", "0501030V0AAABAB", "0212000Y0AAADAD"]
    return _table(
        "prescribing_rows",
        [
            {
                "period": random.choice(["2026-M01", "2026-M02"]),
                "practice_code": random.choice(["A81001", "A81002", "Y99999"]),
                "bnf_code": random.choice(codes),
                "items": random.choice([None, random.randint(1, 40)]),
                "quantity": random.choice([None, random.randint(1, 400) / 4]),
                "nic": random.choice([None, random.randint(1, 4000) / 4]),
                "actual_cost": random.choice([None, random.randint(1, 4000) / 4]),
            }
            for _ in range(rows)
        ],
    )


def prescribing_counted(table: Table) -> Rows:
    """Count prescribing_rows one row at a time. A sum over no number is empty."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in table.rows:
        code = row["bnf_code"]
        key = (row["period"], row["practice_code"], code[:9])
        one = found.setdefault(
            key,
            {
                **dict(zip(("period", "practice_code", "chemical"), key, strict=True)),
                "paragraph": code[:6],
                "section": code[:4],
                **dict.fromkeys(("items", "quantity", "nic", "actual_cost")),
            },
        )
        for name in ("items", "quantity", "nic", "actual_cost"):
            if row[name] is not None:
                one[name] = (one[name] or 0) + row[name]
    return list(found.values())


def in_order(rows: Rows, name: str) -> Rows:
    """Return rows in the order of their table's key."""
    return sorted(rows, key=lambda row: tuple(row[column] for column in SOURCE_TABLES[name].key))


def _table(name: str, rows: Rows) -> Table:
    schema = SOURCE_TABLES[name]
    return Table.of(schema, [{c: row.get(c) for c in schema.names} for row in rows])
