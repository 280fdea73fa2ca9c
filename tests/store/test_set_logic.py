"""Each SQL file gives what its slow plain twin gives, on small tables where all collides."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locality.store.queries import DERIVED
from tests.store.made import mapped
from tests.store.small_tables import Tables, derived_by_duckdb, drawn
from tests.store.twins import TWINS


def test_every_derived_table_has_a_twin() -> None:
    assert set(TWINS) == set(DERIVED)


@settings(max_examples=50)
@given(st.randoms(use_true_random=False))
def test_sql_equals_its_plain_twin(random: Random) -> None:
    tables = drawn(random)
    found = derived_by_duckdb(tables)
    for name, twin in TWINS.items():
        assert found[name] == twin(tables), name


def only(**tables: list[dict[str, object]]) -> Tables:
    return {name: [] for name in drawn(Random(0))} | tables


def test_nothing_in_nothing_out() -> None:
    assert all(rows == [] for rows in derived_by_duckdb(only()).values())


def days(*rows: dict[str, object]) -> list[dict[str, object]]:
    return [row | {"as_at": date.fromisoformat(str(row["as_at"]))} for row in rows]


def test_a_practice_that_closes_keeps_its_past_and_ends_before_the_extract_without_it() -> None:
    found = derived_by_duckdb(
        only(
            practice_map=days(
                mapped("2026-01-01", "A1"),
                mapped("2026-01-01", "A2"),
                mapped("2026-02-01", "A1"),
                mapped("2026-02-01", "A2"),
                mapped("2026-03-01", "A1", pcn_code="U00002"),
                mapped("2026-04-01", "A1", pcn_code="U00002"),
            )
        )
    )
    spans = [
        (r["practice_code"], str(r["valid_from"]), str(r["valid_to"]), r["pcn_code"])
        for r in found["hierarchy"]
    ]
    assert spans == [
        ("A1", "2026-01-01", "2026-02-28", "U00001"),
        ("A1", "2026-03-01", "None", "U00002"),
        ("A2", "2026-01-01", "2026-02-28", "U00001"),
    ]
    under = {(r["code"], r["practice_code"]) for r in found["members"] if r["kind"] == "pcn"}
    assert under == {("U00002", "A1"), ("U00001", "A2")}
    ended = {r["practice_code"]: str(r["open_until"]) for r in found["lifetimes"]}
    assert ended == {"A1": "None", "A2": "2026-02-28"}


def test_merged_icbs_take_over_their_sub_icbs_and_the_closed_practices_in_them() -> None:
    found = derived_by_duckdb(
        only(
            practice_map=days(
                mapped("2022-01-01", "A1", icb_code="QOLD"),
                mapped("2022-01-01", "A2", icb_code="QOLD"),
                mapped("2026-07-01", "A1", icb_code="QNEW"),
            )
        )
    )
    assert {(r["code"], r["practice_code"]) for r in found["members"] if r["kind"] == "icb"} == {
        ("QNEW", "A1"),
        ("QNEW", "A2"),
    }
    status = {r["code"]: r["status"] for r in found["organisations"] if r["kind"] == "icb"}
    assert status == {"QOLD": "closed", "QNEW": "active"}


def test_unallocated_is_a_state_and_never_an_organisation() -> None:
    found = derived_by_duckdb(
        only(practice_map=days(mapped("2026-07-01", "A1", pcn_code="U", pcn_name="UNALLOCATED")))
    )
    assert found["hierarchy"][0]["pcn_code"] == "U"
    for table in ("members", "organisations"):
        assert not [r for r in found[table] if r["code"] == "U" or r["kind"] == "pcn"]


@pytest.mark.parametrize("kind", ["pcn", "sub_icb", "icb", "region", "england"])
def test_a_pcn_may_cross_icbs_and_every_kind_sums_each_practice_once(kind: str) -> None:
    found = derived_by_duckdb(
        only(
            practice_map=days(
                mapped("2026-07-01", "A1", sub_icb_code="00A", icb_code="QA"),
                mapped("2026-07-01", "A2", sub_icb_code="00B", icb_code="QB"),
            )
        )
    )
    inside = [r["practice_code"] for r in found["members"] if r["kind"] == kind]
    assert sorted(inside) == ["A1", "A2"]


@pytest.mark.parametrize("seed", range(3))
def test_sql_equals_its_plain_twin_on_larger_tables(seed: int) -> None:
    tables = drawn(Random(seed), practices=25, extracts=6, span=90)
    found = derived_by_duckdb(tables)
    for name, twin in TWINS.items():
        assert found[name] == twin(tables), name
