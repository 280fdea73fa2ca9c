"""Years and months from the names of files whose rows do not say them."""

from __future__ import annotations

from datetime import date

import pytest

from locality.sources.dating import month_from_names, year_from_names, years_in


@pytest.mark.parametrize(
    ("name", "years"),
    [
        ("PREVALENCE_2425.csv", [2024]),
        ("PREVALENCE_2021_v2.csv", [2020]),
        ("PREVALENCE_2122.csv", [2021]),
        ("QOF_1920.zip", [2019]),
        ("allocation_need_practice_2023-24.csv", [2023]),
        ("icb_allocation_tool_2025_2026.csv", [2025]),
        ("GP_wp_202324", [2023]),
        ("QOF 2022-23 Raw data .csv files.zip", [2022]),
        ("prevalence.csv", []),
        ("wp_data_2022LAD.csv", []),
        ("downloaded 2025-10-01.csv", []),
        ("gp-reg-pat-prac-all-oct-25.csv", []),
        ("2223 and 2324.csv", [2022, 2023]),
    ],
)
def test_financial_years_in_names(name: str, years: list[int]) -> None:
    assert years_in(name) == years


def test_the_nearest_name_that_says_one_year_wins() -> None:
    found = year_from_names(("PREVALENCE.csv", "QOF2425.zip"))
    assert found is not None
    assert found.code == "2024-25"
    assert year_from_names(("PREVALENCE_2122.csv", "QOF2425.zip")).code == "2021-22"  # type: ignore[union-attr]
    assert year_from_names(("2223 or 2324.csv", "rows.zip")) is None


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("epraccur-may-25.csv", date(2025, 5, 1)),
        ("epraccur_Feb2023.csv", date(2023, 2, 1)),
        ("epraccur September 2026.csv", date(2026, 9, 1)),
        ("epraccur.csv", None),
        ("summary25.csv", None),
    ],
)
def test_months_in_names(name: str, month: date | None) -> None:
    assert month_from_names((name,)) == month
