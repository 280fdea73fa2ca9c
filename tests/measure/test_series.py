from dataclasses import dataclass

import numpy as np
import pytest

from locality.figures import Cell
from locality.measure import Terms, control_chart
from locality.measure.series import NO_NUMBER, TOO_FEW, watched
from tests.measure.made import definition, observations, row

SHARE = definition()
EVENTS = definition(
    unit="per 1,000 patients",
    measure={
        "numerator": "numerator",
        "numerator_words": "messages sent online",
        "denominator": "denominator",
        "denominator_words": "patients registered",
        "interval": "events",
        "views": {"rate": "1000 * num / den"},
    },
    case=[
        {"words": "some", "given": {"num": 3, "den": 4}, "expect": {"rate": 750}},
        {"words": "none", "given": {"num": 0, "den": 4}, "expect": {"rate": 0}},
        {"words": "nobody", "given": {"num": 0, "den": 0}, "expect": {"rate": "nobody to count"}},
    ],
)
TERMS = Terms()
MONTHS = [f"{2024 + n // 12}-M{n % 12 + 1:02d}" for n in range(24)]


@dataclass(frozen=True)
class Made:
    codes: tuple[str, ...]
    kinds: tuple[str, ...]
    periods: tuple[str, ...]
    numerator: np.ndarray
    denominator: np.ndarray
    excepted: np.ndarray
    flags: np.ndarray


def counted(*series: list[float], size: float = 400, flags: np.ndarray | None = None) -> Made:
    top = np.array(series, float)
    codes = tuple(f"A{n}" for n in range(len(series)))
    return Made(
        codes, ("practice",) * len(codes), tuple(MONTHS[: top.shape[1]]), top,
        np.full(top.shape, size), np.zeros(top.shape),
        np.zeros(top.shape, np.uint8) if flags is None else flags,
    )  # fmt: skip


def steady(seed: int, months: int = 24, mean: float = 320.0) -> list[float]:
    return np.random.default_rng(seed).binomial(400, mean / 400, months).astype(float).tolist()


def test_a_step_up_a_step_down_and_nothing_are_told_apart() -> None:
    up = [*steady(1, 18, 280), *steady(2, 6, 360)]
    down = [*steady(3, 18, 360), *steady(4, 6, 280)]
    found = watched(SHARE, counted(up, down, [320.0] * 24), TERMS, {})
    assert found.variation.tolist() == ["high", "low", "usual"]
    assert found.points.tolist() == [24, 24, 24]


def test_too_few_points_and_no_latest_number_are_said() -> None:
    assert watched(SHARE, counted(steady(1, 11)), TERMS, {}).variation.tolist() == [TOO_FEW]
    gone = np.zeros((1, 24), np.uint8)
    gone[0, -1] = int(Cell.NO_RETURN)
    assert watched(SHARE, counted(steady(1), flags=gone), TERMS, {}).variation == [NO_NUMBER]
    few = np.zeros((1, 24), np.uint8)
    few[0, :13] = int(Cell.NO_RETURN)
    assert watched(SHARE, counted(steady(1), flags=few), TERMS, {}).variation == [TOO_FEW]


def test_limits_drawn_afresh_make_an_explained_step_usual_for_that_organisation_alone() -> None:
    step = [*steady(1, 10, 280), *steady(2, 14, 360)]
    found = watched(SHARE, counted(step, step), TERMS, {"A1": 10})
    assert found.variation.tolist() == ["high", "usual"]


def series(top: list[float], size: float = 400.0, flags: dict[int, Cell] | None = None):
    held = flags or {}
    return observations(*(
        row("A0", one, size, 0, held.get(n, Cell.OK), period=MONTHS[n])
        for n, one in reversed(list(enumerate(top)))
    ))  # fmt: skip


def test_a_chart_is_oldest_first_with_limits_rules_and_sentences_in_the_unit() -> None:
    table = control_chart(EVENTS, series([*steady(1, 23, 200), 396]), TERMS)
    rows = table.rows
    assert [one["period"] for one in rows] == MONTHS
    last = rows[-1]
    assert last["value"] == 990 and last["direction"] == "high" and "above" in last["rules"]
    assert "above the upper limit" in last["sentence"]
    assert last["lower"] < last["centre"] < last["upper"] < last["value"]
    total = sum(one["numerator"] for one in rows) / sum(one["denominator"] for one in rows)
    assert last["centre"] == pytest.approx(1000 * total)
    assert "u-prime chart of 24 points" in table.caption
    assert rows[3]["rules"] == "" and rows[3]["sentence"] == ""


def test_new_limits_begin_at_the_period_that_somebody_named() -> None:
    step = [*steady(1, 12, 280), *steady(2, 12, 360)]
    table = control_chart(SHARE, series(step), TERMS, since=("2025-M01",))
    assert [one["phase"] for one in table.rows] == [0] * 12 + [1] * 12
    first, second = table.rows[0]["centre"], table.rows[-1]["centre"]
    assert first == pytest.approx(100 * sum(step[:12]) / 4800)
    assert second == pytest.approx(100 * sum(step[12:]) / 4800)
    assert all(one["direction"] == "" for one in table.rows)
    assert any(one["direction"] for one in control_chart(SHARE, series(step), TERMS).rows)


def test_a_short_series_has_values_and_targets_but_no_limits_and_no_flags() -> None:
    table = control_chart(SHARE, series([400] * 11), TERMS, targets={"2024-M02": 77.0})
    assert "needs 12" in table.caption
    assert all(one["centre"] is None and one["rules"] == "" for one in table.rows)
    assert [one["target"] for one in table.rows][:3] == [None, 77.0, None]
    assert table.rows[0]["value"] == 100


def test_missing_months_are_skipped_and_withheld_counts_stay_hidden() -> None:
    table = control_chart(
        SHARE, series(steady(1), flags={3: Cell.NO_RETURN, 5: Cell.WITHHELD}), TERMS
    )
    assert table.rows[3]["value"] is None and table.rows[3]["missing"] == "no return"
    hidden = table.rows[5]
    assert hidden["value"] is None and hidden["numerator"] is None and hidden["denominator"] is None
    assert hidden["missing"] == "withheld: small numbers"
    assert "22 points" in table.caption


def test_a_share_above_its_whole_is_left_out_of_the_limits() -> None:
    odd = steady(1)
    plain = control_chart(SHARE, series(odd), TERMS).rows
    odd[4] = 401.0
    table = control_chart(SHARE, series(odd), TERMS)
    assert table.rows[4]["value"] == 100.25 and table.rows[4]["direction"] == ""
    assert "23 points" in table.caption
    assert (
        table.rows[0]["centre"]
        == pytest.approx(100 * (sum(odd) - 401) / (23 * 400))
        != pytest.approx(plain[0]["centre"])
    )


def test_everyone_always_at_100_per_cent_is_usual_not_special() -> None:
    table = control_chart(SHARE, series([400.0] * 24), TERMS)
    assert all(one["direction"] == "" for one in table.rows)
    assert table.rows[0]["lower"] == table.rows[0]["upper"] == 100
