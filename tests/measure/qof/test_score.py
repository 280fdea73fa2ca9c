"""One practice's QOF: points by year and results by indicator, beside its ICB and England."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality import knowledge
from locality.figures import Missing, Table
from locality.figures.schemas.quality import (
    QOF_ACHIEVEMENT,
    QOF_GEOGRAPHIES,
    QOF_INDICATORS,
    QOF_OVERALL,
)
from locality.measure.qof.score import QOF_BY_INDICATOR, QOF_SCORE, by_indicator, overall
from locality.statistics import wilson


def scored(*rows: tuple[str, str, float | None, float, float | None]) -> Table:
    return Table.of(
        QOF_OVERALL,
        [
            {
                "period": period, "practice_code": code, "list_size": 5000, "points": points,
                "maximum_points": most, "available_points": available,
                "missing": "no return" if points is None else None,
            }
            for period, code, points, most, available in rows
        ],
    )  # fmt: skip


def belonging(*rows: tuple[str, str, str]) -> Table:
    return Table.of(
        QOF_GEOGRAPHIES,
        [
            {
                "period": period, "practice_code": code, "sub_icb_code": "16C", "icb_code": icb,
                "region_code": "Y63",
            }
            for period, code, icb in rows
        ],
    )  # fmt: skip


def achieved(*rows: dict[str, Any]) -> Table:
    usual = {"period": "2024-25", "practice_code": "A00001", "indicator_code": "HYP008"}
    return Table.of(QOF_ACHIEVEMENT, [usual | row for row in rows])


def listed(*rows: dict[str, Any]) -> Table:
    usual = {"period": "2024-25", "group_code": "HYP", "domain": "Clinical", "points": 14.0}
    return Table.of(QOF_INDICATORS, [usual | row for row in rows])


RESULTS = scored(
    ("2022-23", "A00001", 508.0, 635.0, 600.0),
    ("2022-23", "A00002", 635.0, 635.0, 635.0),
    ("2022-23", "A00003", 0.0, 635.0, 635.0),
    ("2022-23", "A00004", None, 635.0, None),
    ("2018-19", "A00001", 559.0, 559.0, 559.0),
    ("2018-19", "A00002", None, 559.0, None),
)
PLACES = belonging(
    ("2022-23", "A00001", "QHM"), ("2022-23", "A00002", "QHM"), ("2022-23", "A00003", "QOP"),
    ("2022-23", "A00004", "QHM"), ("2021-22", "A00001", "QOP"),
)  # fmt: skip


def test_points_by_year_oldest_first_beside_icb_and_england() -> None:
    table = overall(RESULTS, PLACES, "A00001")
    assert table.schema is QOF_SCORE
    before, now = table.rows
    assert (before["period"], now["period"]) == ("2018-19", "2022-23")
    assert (now["share"], now["share_available"]) == (80.0, pytest.approx(100 * 508 / 600))
    # Those without a result are in neither sum.
    assert now["icb_code"] == "QHM"
    assert now["icb_share"] == pytest.approx(100 * (508 + 635) / (2 * 635))
    assert now["england_share"] == pytest.approx(100 * (508 + 635) / (3 * 635))
    assert (before["share"], before["england_share"]) == (100.0, 100.0)
    assert before["icb_code"] is before["icb_share"] is None


def test_no_result_is_no_score_and_nought_is_one() -> None:
    (nought,) = overall(RESULTS, PLACES, "A00003").rows
    assert (nought["points"], nought["share"], nought["missing"]) == (0.0, 0.0, None)
    (none,) = overall(RESULTS, PLACES, "A00004").rows
    assert none["points"] is none["share"] is none["share_available"] is None
    assert none["missing"] == "no return"
    assert none["icb_share"] == pytest.approx(90.0)
    assert len(overall(RESULTS, PLACES, "Z99999")) == 0


@given(
    st.lists(
        st.tuples(
            st.integers(0, 60), st.sampled_from(["QHM", "QOP"]), st.none() | st.floats(0, 635)
        ),
        min_size=1, max_size=20, unique_by=lambda row: row[0],
    )
)  # fmt: skip
def test_shares_are_those_of_a_plain_loop(practices: list[tuple[int, str, float | None]]) -> None:
    made = scored(*(("2022-23", f"A{n:05d}", points, 635.0, 635.0) for n, _, points in practices))
    at = belonging(*(("2022-23", f"A{n:05d}", icb) for n, icb, _ in practices))
    number, own, points = practices[0]
    (row,) = overall(made, at, f"A{number:05d}").rows

    def plainly(of: list[float | None]) -> Any:
        there = [one for one in of if one is not None]
        return pytest.approx(100 * sum(there) / (635 * len(there))) if there else None

    assert row["england_share"] == plainly([one for *_, one in practices])
    assert row["icb_share"] == plainly([one for _, icb, one in practices if icb == own])
    assert row["share"] == plainly([points])


COUNTS = achieved(
    {"numerator": 390, "denominator": 520, "pcas": 40, "register": 660, "points": 9.75},
    {"indicator_code": "DM020", "numerator": 0, "denominator": 0, "pcas": 12, "points": 0.0},
    {"indicator_code": "HYP001", "register": 660, "points": 6.0, "missing": "not applicable"},
    {"indicator_code": "DEM004", "denominator": 40, "pcas": 2, "missing": str(Missing.SUPPRESSED)},
    {"indicator_code": "VI001", "numerator": 30, "denominator": 40},
    {"practice_code": "A00002", "numerator": 10, "denominator": 80, "pcas": 0},
    {"practice_code": "A00003", "numerator": 60, "denominator": 100},
    {"practice_code": "A00002", "indicator_code": "VI001", "denominator": 9, "pcas": 1},
    {"period": "2023-24", "numerator": 1, "denominator": 2, "pcas": 0},
)
LISTED = listed(
    {"indicator_code": "HYP008", "description": "The percentage of patients"},
    {"indicator_code": "DM020", "group_code": "DM", "points": 17.0},
    {"indicator_code": "HYP008", "period": "2023-24", "points": 99.0},
)


def indicator(code: str, **asked: Any) -> dict[str, Any]:
    table = by_indicator(COUNTS, LISTED, "A00001", **asked)
    assert table.schema is QOF_BY_INDICATOR
    return next(row for row in table.rows if row["indicator_code"] == code)


def test_achievement_with_and_without_adjustments() -> None:
    row = indicator("HYP008")
    assert row["period"] == "2024-25"
    assert row["achievement"] == pytest.approx(75.0)
    assert row["reach"] == pytest.approx(100 * 390 / 560)
    assert row["pca_rate"] == pytest.approx(100 * 40 / 560)
    ends = wilson(390, 520)
    assert (row["lower"], row["upper"]) == (100 * ends.lower, 100 * ends.upper)
    assert (row["points"], row["indicator_points"], row["missing"]) == (9.75, 14.0, None)
    assert (row["group_code"], row["domain"]) == ("HYP", "Clinical")


def test_england_is_of_those_that_gave_all_the_counts() -> None:
    row = indicator("HYP008")
    assert row["england_achievement"] == pytest.approx(100 * 460 / 700)
    # The third practice gave no adjustments: it counts in achievement alone.
    assert row["england_reach"] == pytest.approx(100 * 400 / 640)
    assert row["england_pca_rate"] == pytest.approx(100 * 40 / 640)
    assert indicator("VI001")["england_achievement"] == pytest.approx(75.0)
    assert indicator("VI001")["england_reach"] is None


def test_why_there_is_no_achievement() -> None:
    nobody = indicator("DM020")
    assert nobody["missing"] == Missing.NOTHING_TO_COUNT
    assert nobody["achievement"] is nobody["lower"] is None
    assert (nobody["reach"], nobody["pca_rate"]) == (0.0, 100.0)
    assert indicator("DEM004")["missing"] == Missing.SUPPRESSED
    register = indicator("HYP001")
    assert (register["missing"], register["points"]) == ("not applicable", 6.0)
    assert register["achievement"] is None
    adjusted = indicator("VI001")
    assert (adjusted["achievement"], adjusted["reach"], adjusted["missing"]) == (75.0, None, None)


def test_titles_are_given_published_or_the_code() -> None:
    assert indicator("HYP008", titles={"HYP008": "Pressure"})["title"] == "Pressure"
    assert indicator("HYP008")["title"] == "The percentage of patients"
    assert indicator("DM020")["title"] == "DM020"


def test_another_year_or_another_practice() -> None:
    (row,) = by_indicator(COUNTS, LISTED, "A00001", "2023-24").rows
    assert (row["achievement"], row["indicator_points"]) == (50.0, 99.0)
    assert len(by_indicator(COUNTS, LISTED, "Z99999")) == 0
    assert len(by_indicator(COUNTS, LISTED, "A00001", "2011-12")) == 0


def test_nothing_loaded_is_an_empty_table() -> None:
    assert len(by_indicator(achieved(), listed(), "A00001")) == 0
    assert len(overall(scored(), belonging(), "A00001")) == 0


def test_every_indicator_with_counts_has_a_measure_of_its_own() -> None:
    known = knowledge.load()
    sheet = known.rules.sheet("qof", "2024-25")
    counted = {row.code for row in sheet.rows if row.kind == "fraction"}
    assert len(counted) == 51
    row = {"numerator": 3, "denominator": 4, "pcas": 1, "period": "2024-25"}
    for code in counted:
        measure = known.measures[f"qof.achievement.{code.lower()}"]
        assert measure.datasets == ("qof_achievement",) and not measure.replaced_by
        taken = knowledge.counts(measure, [row | {"indicator_code": one} for one in counted])
        assert taken == {"num": 3.0, "den": 4.0, "exc": 1.0}
        in_year = known.measures.get(f"qof.in_year.{code.lower()}")
        # The two are told apart by name, by dataset and in words.
        assert in_year is None or in_year.id in measure.notes[0]
        assert in_year is None or in_year.title != measure.title
