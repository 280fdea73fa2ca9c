"""Peers, inequality and care adjustments out of a lake version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

import locality
from locality.figures import Figure, Problem, Table
from locality.know import Inclusion
from locality.knowledge import RuleMissing
from locality.knowledge.drivers import drivers
from locality.workbench import Workbench, loading
from locality.workbench.likening import (
    Likening,
    _whole_sum,
    compared_practices,
    profile_column,
    profiles_of,
)
from locality.workbench.measure import Measure


class Room(Measure, Likening):
    """The room of measures with what is tested here."""


@pytest.fixture(scope="module")
def here(demonstration: tuple[Path, dict[str, Any]]) -> Workbench:
    return locality.open(str(demonstration[0]))


@pytest.fixture(scope="module")
def room(here: Workbench) -> Room:
    return Room(here)


@pytest.fixture(scope="module")
def home() -> str:
    return "Z90002"


def test_every_driver_is_what_its_table_says(here) -> None:
    version = here.version
    profiles = profiles_of(version)
    assert profiles is profiles_of(version)
    assert {one.id for one in profiles.drivers} == set(drivers().known)
    known = np.isfinite(profiles.numbers).mean(axis=0)
    assert (known > 0.8).all(), dict(zip((d.id for d in profiles.drivers), known, strict=True))

    lists = loading.select(version, "list_sizes", as_at=loading.latest(version, "list_sizes")).rows
    assert profile_column(version, "list_size") == {
        one["practice_code"]: one["patients"] for one in lists if one["patients"] is not None
    }
    ages = loading.select(version, "age_sex", as_at=loading.latest(version, "age_sex")).rows
    older: dict[str, float] = {}
    everyone: dict[str, float] = {}
    for one in ages:
        code = one["practice_code"]
        everyone[code] = everyone.get(code, 0) + one["patients"]
        older[code] = older.get(code, 0) + one["patients"] * (one["age_from"] >= 65)
    assert profile_column(version, "aged_65_and_over") == {
        code: pytest.approx(100 * older[code] / whole) for code, whole in everyone.items()
    }
    period = max(one["period"] for one in version.table("weighted_populations").rows)
    weighted = {
        (one["practice_code"], one["component"]): one["population"]
        for one in loading.select(version, "weighted_populations", period=period).rows
    }
    for code, index in profile_column(version, "need").items():
        assert index == pytest.approx(weighted[code, "overall"] / weighted[code, "registered"])
    paid = version.table("payment_practices").rows
    last = max(one["period"] for one in paid)
    rural = {one["practice_code"]: one["rurality"] for one in paid if one["period"] == last}
    assert profile_column(version, "rural") == {
        code: float(word == "Rural") for code, word in rural.items() if word
    }
    registers = {
        row["code"]: row["value"]
        for row in Room(here).over("qof.register.dm", inclusion=None).rows
        if row["value"] is not None
    }
    assert profile_column(version, "diabetes") == pytest.approx(registers)


def test_peers_are_compared_practices_with_a_value_nearest_first(here, room, home) -> None:
    table = room.peers("qof.register.hyp", home, count=8)
    own, *others = table.rows
    assert own["code"] == home and own["distance"] == 0 and len(others) == 8
    distances = [one["distance"] for one in others]
    assert distances == sorted(distances)
    compared = compared_practices(here.version)
    assert all(one["code"] in compared and one["value"] is not None for one in others)
    over = {row["code"]: row for row in room.over("qof.register.hyp").rows}
    for one in table.rows:
        assert one["value"] == over[one["code"]]["value"] and one["name"]
    assert "Compared are active practices" in table.notes[0]


def test_who_has_no_value_is_nobody_s_peer(here, room, home) -> None:
    compared = compared_practices(here.version)
    lacking = 0
    for measure in ("access.telephone_answered", "staff.nurses", "qof.achievement.hyp008",
                    "access.survey_overall", "iif.acc_08"):  # fmt: skip
        values = {row["code"]: row["value"] for row in room.over(measure).rows}
        without = {code for code in compared if values.get(code) is None}
        lacking += len(without)
        peers = {row["code"] for row in room.peers(measure, home, count=1000).rows[1:]}
        assert peers == compared - without - {home}, measure
    assert lacking


@pytest.mark.parametrize(
    ("absent", "expected"), [("zero", [2.0, 0.0, None]), ("no return", [2.0, None, None])]
)
def test_a_sum_with_a_hole_is_none_and_no_row_is_zero_where_that_is_said(absent, expected) -> None:
    rows = "(VALUES ('A', 70, 2), ('A', 10, 5), ('B', 10, 4), ('C', 70, NULL)) AS t(code, age, n)"
    number = _whole_sum("n", "age >= 65", absent)
    with duckdb.connect() as memory:
        found = memory.execute(f"SELECT {number} FROM {rows} GROUP BY code ORDER BY code")
        assert [row[0] for row in found.fetchall()] == expected


def test_drivers_of_the_peers_are_those_of_the_measure(here, room, home) -> None:
    one = here.knowledge.measures["qof.achievement.dm020"]
    table = room.peer_drivers("qof.achievement.dm020", home)
    assert [row["driver"] for row in table.rows] == [d.id for d in drivers().of(one)]
    assert table.notes[0] == drivers().why(one)
    assert table.rows[0]["own"] == profile_column(here.version, "list_size")[home]


def test_a_register_is_not_likened_by_itself(room, home) -> None:
    for measure, driver in (("qof.register.dm", "diabetes"),
                            ("list.aged_75_and_over", "aged_75_and_over")):  # fmt: skip
        ids = {row["driver"] for row in room.peer_drivers(measure, home).rows}
        assert driver not in ids and "deprivation" in ids


def test_what_has_no_peers_says_so(room, home) -> None:
    with pytest.raises(Problem, match="England is not one"):
        room.peers("qof.register.dm", "ENG")
    with pytest.raises(Problem, match="not counted for practices"):
        room.peers("waits.within_18_weeks", home)
    with pytest.raises(Problem, match="deprivation is of practices"):
        room.inequality("waits.within_18_weeks")


def test_inequality_of_england_and_of_a_board(here, room) -> None:
    table = room.inequality("qof.register.dm")
    assert isinstance(table, Table) and [row["fifth"] for row in table.rows] == [1, 2, 3, 4, 5]
    over = {row["code"]: row for row in room.over("qof.register.dm").rows}
    assert sum(row["numerator"] for row in table.rows) == sum(
        row["numerator"] for row in over.values() if row["value"] is not None
    )
    slope, relative = room.slope_index("qof.register.dm"), room.relative_index("qof.register.dm")
    assert isinstance(slope, Figure) and slope.lower < slope.value < slope.upper
    assert relative.unit == "ratio"
    assert {"qof_prevalence", "deprivation"} <= {s.publication for s in slope.working.sources}
    boards = {row["code"] for row in room.over("qof.register.dm", "icb").rows}
    sizes = {code: len(loading.practices(here.version, code)) for code in boards}
    board = max(sizes, key=lambda code: sizes[code])
    inside = room.inequality("qof.register.dm", within=board)
    assert sum(row["practices"] for row in inside.rows) <= sizes[board]
    assert room.slope_index("qof.register.dm", within=board).organisation == board


def test_care_adjustments_of_a_practice_and_of_a_measure(here, room, home) -> None:
    table = room.care_adjustments(home)
    plain = {row["indicator_code"]: row for row in room.qof.indicators(home).rows}
    assert len(table) == len(plain) > 10
    for row in table.rows:
        beside = plain[row["indicator_code"]]
        for name in ("title", "achievement", "reach", "pca_rate", "england_pca_rate", "missing"):
            assert row[name] == beside[name]
        assert row["icb_reach"] is not None or row["reach"] is None
    over = room.care_over("qof.achievement.hyp008")
    mine = next(row for row in over.rows if row["code"] == home)
    other = next(row for row in table.rows if row["indicator_code"] == "HYP008")
    assert mine["pca_rate"] == pytest.approx(other["pca_rate"])
    assert len(room.care_over("qof.achievement.hyp008", kind="icb")) >= 1
    with pytest.raises(Problem, match="England is not a practice"):
        room.care_adjustments("ENG")


def test_bunching_asks_or_says_what_is_not_known(room) -> None:
    (found,) = room.bunching("qof.achievement.hyp008", "2025-26").rows
    assert found["threshold"] == 85.0 and found["question"]
    with pytest.raises(RuleMissing, match="2023/24"):
        room.bunching("qof.achievement.hyp008", "2023-24")
    with pytest.raises(Problem, match="whole year"):
        room.bunching("qof.register.dm")


def test_who_is_compared_follows_the_rule(here) -> None:
    everyone = compared_practices(here.version, Inclusion(minimum_list=0))
    assert compared_practices(here.version) < everyone
