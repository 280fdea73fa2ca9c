"""Rows of prescribing to counts by practice and chemical: the SQL file beside a slow plain twin."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locality.figures import Table
from locality.figures.schemas.prescribing import PRESCRIBING, PRESCRIBING_ROWS
from locality.store.connection import over
from locality.store.queries import query_text

Rows = list[dict[str, Any]]
_AMOUNTS = ("items", "quantity", "nic", "actual_cost")


def counted(rows: Rows) -> Rows:
    """Return what the SQL file gives, under PRESCRIBING."""
    table = Table.of(PRESCRIBING_ROWS, rows).data
    return Table.of(PRESCRIBING, over({"prescribing_rows": table}, query())).rows


def query() -> str:
    return query_text("rows/prescribing")


def twin(rows: Rows) -> Rows:
    """Return the same, added exactly, row by row."""
    found: dict[tuple[str, str, str], dict[str, Fraction | None]] = {}
    for row in rows:
        key = (row["period"], row["practice_code"], row["bnf_code"][:9])
        sums = found.setdefault(key, dict.fromkeys(_AMOUNTS))
        for name in _AMOUNTS:
            if row[name] is not None:
                sums[name] = (sums[name] or Fraction(0)) + Fraction(str(row[name]))
    return [
        {
            "period": period,
            "practice_code": practice,
            "chemical": chemical,
            "paragraph": chemical[:6],
            "section": chemical[:4],
            **{name: None if one is None else float(one) for name, one in sums.items()},
        }
        for (period, practice, chemical), sums in sorted(found.items())
    ]


def row(code: str = "A81001", bnf: str = "0501013B0AAABAB", *amounts: Any, month: str = "2026-M06",
        ) -> dict[str, Any]:  # fmt: skip
    given = amounts or (3, 63.0, 3.78, 3.51234)
    return {"period": month, "practice_code": code, "bnf_code": bnf} | dict(
        zip(_AMOUNTS, given, strict=True)
    )


_NUMBER = st.one_of(st.none(), st.integers(0, 10**9).map(lambda one: one / 10**5))
_ROW = st.builds(
    row,
    st.sampled_from(["A81001", "A81002", "Y00001"]),
    st.sampled_from(
        ["0501013B0AAABAB", "0501013B0AAACAC", "0501013K0AAAJAJ", "0501012G0AAABAB",
         "0502010B0AAABAB", "21070410110", "21070410111"]
    ),
    st.one_of(st.none(), st.integers(0, 10**6)),
    _NUMBER,
    _NUMBER,
    _NUMBER,
    month=st.sampled_from(["2026-M05", "2026-M06"]),
)  # fmt: skip


@settings(max_examples=80)
@given(st.lists(_ROW, max_size=60))
def test_sql_equals_its_plain_twin(rows: Rows) -> None:
    assert counted(rows) == twin(rows)


@given(st.lists(_ROW, min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows: Rows, random: Any) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert counted(shuffled) == counted(rows)


def test_presentations_of_a_chemical_add_up_and_others_stay_apart() -> None:
    found = counted(
        [
            row(),
            row("A81001", "0501013B0AAACAC", 2, 28.0, 1.22, 1.1),
            row("A81001", "0501013K0AAAJAJ"),
            row("A81002"),
        ]
    )
    assert [(one["practice_code"], one["chemical"], one["items"]) for one in found] == [
        ("A81001", "0501013B0", 5),
        ("A81001", "0501013K0", 3),
        ("A81002", "0501013B0", 3),
    ]
    assert found[0] == {
        "period": "2026-M06",
        "practice_code": "A81001",
        "chemical": "0501013B0",
        "paragraph": "050101",
        "section": "0501",
        "items": 5,
        "quantity": 91.0,
        "nic": 5.0,
        "actual_cost": 4.61234,
    }


def test_a_sum_over_no_number_is_empty_and_zero_is_zero() -> None:
    (nothing,) = counted([row("A81001", "0501013B0AAABAB", None, None, None, None)])
    assert [nothing[name] for name in _AMOUNTS] == [None] * 4
    (zero,) = counted([row("A81001", "0501013B0AAABAB", 0, None, 0.0, None)])
    assert [zero[name] for name in _AMOUNTS] == [0, None, 0.0, None]
    (some,) = counted([row(), row("A81001", "0501013B0AAABAB", None, None, None, None)])
    assert some["items"] == 3


def test_the_key_occurs_once() -> None:
    found = counted([row(), row(), row("A81002")])
    keys = [tuple(one[name] for name in PRESCRIBING.key) for one in found]
    assert len(keys) == len(set(keys)) == 2
    assert counted([]) == []


@pytest.mark.spark
def test_no_row_differs_on_spark(spark: Any) -> None:
    rows = [
        row(f"A8{number % 5:04d}", f"05010{number % 3}3B0AAABAB", number % 7 or None, number / 7,
            round(number / 3, 2), round(number * 0.93012, 5))
        for number in range(400)
    ]  # fmt: skip
    rows = [one | {"quantity": round(one["quantity"], 3)} for one in rows]
    schema = (
        "period string, practice_code string, bnf_code string, items bigint, quantity double, "
        "nic double, actual_cost double"
    )
    spark.createDataFrame(
        [tuple(one.values()) for one in rows], schema=schema
    ).createOrReplaceTempView("prescribing_rows")
    there = [one.asDict() for one in spark.sql(query_text("rows/prescribing", "spark")).collect()]
    assert pa.Table.from_pylist(there, schema=PRESCRIBING.arrow).to_pylist() == counted(rows)
