"""The pace that is needed, and a forecast that covers as often as it says."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from locality.measure.qof import Counts, Scheme, pace, profile
from locality.measure.qof.pace import LEVEL, forecast
from tests.measure.qof.made import RULES, counts, scored

WHEN = date(2026, 9, 30)
YEARS = ("2023-24", "2024-25", "2025-26")


def test_one_reading_gives_a_pace_and_no_forecast() -> None:
    one = scored({"HYP010": (416, 560), "DEM004": (70, 100)}, "2026-27", as_at=WHEN)
    table = pace(one, name="A practice")
    rows = {row["code"]: row for row in table.rows}
    hyp = rows["HYP010"]
    assert hyp["patients_to_upper"] == 476 - 416
    assert hyp["weeks_left"] == pytest.approx(182 / 7)
    assert hyp["a_week"] == pytest.approx(60 / 26)
    assert hyp["likely"] is None and hyp["years"] == 0
    assert hyp["sentence"] == (
        "74 % of 560 now. 60 more patients earn every point: 2.3 a week until 31 March."
    )
    assert rows["DEM004"]["sentence"] == "70 % of 100 now. Every point is earned if it stays so."
    assert "no forecast is made" in table.notes[0]
    assert set(rows) == {"HYP010", "DEM004"}


def test_less_than_one_a_week_is_said_in_weeks() -> None:
    one = scored({"HYP010": (470, 560)}, "2026-27", as_at=WHEN)
    assert "about one in 4 weeks" in pace(one, name="A").rows[0]["sentence"]


def test_the_last_day_of_the_year_has_no_pace() -> None:
    one = scored({"HYP010": (416, 560)}, "2026-27", as_at=date(2027, 3, 31))
    row = pace(one, name="A").rows[0]
    assert row["a_week"] is None and "would have earned" in row["sentence"]
    with pytest.raises(ValueError, match="during the year"):
        pace(scored({"HYP010": (416, 560)}, "2026-27"), name="A")


def one_year(
    rng: np.random.Generator, level: np.ndarray, grown: np.ndarray, spread: float, den: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return numerators of a reading and of its year end for each indicator."""
    begin = level + rng.normal(0, 0.15, len(level))
    end = begin + grown + rng.normal(0, spread, len(level))
    chance = [1 / (1 + np.exp(-one)) for one in (begin, end)]
    now = rng.binomial(den, chance[0])
    # The same patients: who was reached stays so, others are reached with what is left over.
    later = now + rng.binomial(den - now, np.clip((chance[1] - now / den) / (1 - now / den), 0, 1))
    return now.astype(float), later.astype(float)


def as_counts(period: str, num: np.ndarray, den: np.ndarray, codes: tuple[str, ...]) -> Counts:
    row = np.full((1, len(codes)), np.nan)
    return Counts(period, ("A81001",), codes, num[None], den[None].astype(float), row * 0, row)


def coverage(spread: float, years: int) -> float:
    rng = np.random.default_rng(17)
    codes = Scheme.of(RULES, "2026-27").codes
    inside = made = 0
    for _ in range(60):
        den = rng.integers(40, 900, len(codes))
        level, grown = rng.normal(-0.3, 0.5, len(codes)), rng.normal(1.2, 0.3, len(codes))
        pairs = []
        for year in YEARS[:years]:
            now, later = one_year(rng, level, grown, spread, den)
            pairs.append((as_counts(year, now, den, codes), as_counts(year, later, den, codes)))
        now, later = one_year(rng, level, grown, spread, den)
        found = forecast(as_counts("2026-27", now, den, codes), profile(pairs))
        truth = 100 * later / den
        inside += int(((truth >= found[1]) & (truth <= found[2])).sum())
        made += len(codes)
    return inside / made


@pytest.mark.parametrize(("spread", "years"), [(0.1, 2), (0.3, 2), (0.3, 3), (0.6, 3)])
def test_year_ends_fall_inside_the_interval_as_often_as_it_says(spread: float, years: int) -> None:
    assert abs(coverage(spread, years) - LEVEL) <= 0.05


def test_a_forecast_needs_two_years_and_is_named_on_the_page() -> None:
    scheme = Scheme.of(RULES, "2026-27")
    given = dict.fromkeys(scheme.codes[:12], (200.0, 400.0))
    ended = {code: (300.0 + 3 * n, 390.0) for n, code in enumerate(scheme.codes[:12])}
    now = scored(given, "2026-27", as_at=WHEN)
    pair = (counts(scheme, given), counts(scheme, ended))
    alone = pace(now, profile([pair]), name="A")
    assert alone.rows[0]["likely"] is None and "2026-27 alone" in alone.notes[0]
    table = pace(now, profile([pair, pair]), name="A")
    row = table.rows[0]
    assert row["years"] == 2
    assert row["likely"] == pytest.approx(100 * 300 / 390, abs=1)
    assert row["likely_lower"] < row["likely"] < row["likely_upper"]
    assert row["points_lower"] <= row["points_likely"] <= row["points_upper"]
    assert "own earlier years" in row["sentence"] and "80 in 100" in table.notes[0]
    assert profile([]).periods == ()
