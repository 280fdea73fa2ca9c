"""Judging on real published files: what is certain there, and the step of October 2025."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import locality
from locality.measure import State
from locality.statistics import Interruption, interrupted_series
from locality.workbench import Workbench

pytestmark = pytest.mark.published

#: What is needed and no more, so that the lake is ready in half a minute.
FILES = (
    "practice/PREVALENCE_*.csv.gz",
    "practice/IIF_indicators_annual_pub_2023_24.csv.gz",
    "practice/Submissions_via_*.xlsx",
    "practice/Cloud_Based_Telephony*.xlsx",
    "practice/ePCN-feb-26.xlsx",
    "practice/epraccur*",
    "practice/gp-reg-pat-prac-*",
    "practice/fingertips*",
    "commissioner/need/allocation_need_practice_2025-26.csv.gz",
)
OCTOBER = "2025-M10"


@pytest.fixture(scope="module")
def here(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    from locality.refresh import refresh
    from locality.store import Lake

    home = tmp_path_factory.mktemp("real")
    Lake(home).ingest([path for name in FILES for path in sorted(published.glob(name))])
    refresh(home)
    yield locality.open(str(home))


def model(here: Workbench, measure: str, kind: str = "practice") -> dict:
    return next(row for row in here.measure.models(measure).rows if row["kind"] == kind)


def test_registers_are_reliable_and_their_mean_is_englands(here) -> None:
    for name, least in (("hyp", 0.98), ("dm", 0.95), ("dep", 0.98), ("ep", 0.75)):
        found = model(here, f"qof.register.{name}")
        england = here.measure.figure(f"qof.register.{name}", "ENG").value
        assert found["reliability"] > least, name
        # The mean counts practices alike, England counts patients.
        assert found["mean"] == pytest.approx(england, rel=0.06), name
        assert found["compared"] > 5_500


def test_registers_three_years_apart_keep_their_order_as_far_as_reliability_says(here) -> None:
    rows = here.version.observations("qof.register.hyp", kind="practice")
    matrix = here.version.matrix("qof.register.hyp")
    first, last = matrix.periods.index("2021-22"), matrix.periods.index("2024-25")
    with np.errstate(invalid="ignore", divide="ignore"):
        value = matrix.numerator / matrix.denominator
    both = np.isfinite(value[:, first]) & np.isfinite(value[:, last]) & (
        matrix.denominator[:, last] > 750
    )  # fmt: skip
    correlation = np.corrcoef(value[both, first], value[both, last])[0, 1]
    assert len(rows) and both.sum() > 5_500
    assert 0.9 < correlation <= 1


def test_only_the_few_stand_out_and_chance_is_told_beside_them(here) -> None:
    found = model(here, "qof.register.hyp")
    table = here.measure.funnel("qof.register.hyp")
    outside = int((np.abs(table.column("place")) == 2).sum())
    by_chance = 0.002 * found["judged"]
    # A plain funnel would flag thousands; beyond these limits lie 1 to 3 in a hundred.
    assert by_chance < outside < 0.03 * found["judged"]
    assert any("by chance alone" in note for note in table.notes)


def test_one_indicator_of_which_all_was_counted_is_described_only(here) -> None:
    rows = here.measure.judged("iif.acc_08").rows
    assert {row["state"] for row in rows} <= {State.DESCRIBED, State.NOTHING}
    assert not any(row["call"] or row["place"] for row in rows)


def test_the_step_of_october_2025_is_found_in_england_and_in_most_boards(here) -> None:
    id = "access.online_submissions"
    chart = {row["period"]: row for row in here.measure.chart(id, "ENG").rows}
    assert chart[OCTOBER]["direction"] == "high" and chart["2025-M06"]["direction"] == ""
    boards = here.measure.judged(id, "icb").rows
    high = sum(row["variation"] == "high" for row in boards)
    assert high >= 30, high
    alerts = here.measure.alerts("ENG").rows
    assert id in {row["measure"] for row in alerts if row["direction"] == "higher"}


def test_the_step_has_an_interval_that_leaves_out_zero_in_england_and_most_boards(here) -> None:
    """Measured: England 28.7 (14.6 to 42.8) for each 1,000; 23 of 35 boards with enough points."""
    level = {}
    for kind in ("england", "icb"):
        matrix = here.version.matrix("access.online_submissions", kind)
        with np.errstate(invalid="ignore", divide="ignore"):
            value = 1000 * matrix.numerator / matrix.denominator
        step = Interruption(matrix.periods.index(OCTOBER), slope_change=False)
        found = interrupted_series(value, step, months_after=(3,))
        enough = np.array([not why for why in np.ravel(found.refused)])
        level[kind] = (found.level.value[enough, 0], found.level.interval.lower[enough, 0])
    value, lower = level["england"]
    assert lower[0] > 10 and 20 < value[0] < 40
    value, lower = level["icb"]
    assert len(value) >= 34 and (value > 0).all()
    assert (lower > 0).mean() > 0.6


def test_telephony_has_too_few_points_and_says_so(here) -> None:
    rows = here.measure.judged("access.telephone_answered", "icb").rows
    assert {row["variation"] for row in rows} <= {"too few points", "no number"}
    chart = here.measure.chart("access.telephone_answered", "ENG")
    assert "needs 12" in chart.caption
    assert not any(row["direction"] for row in chart.rows)


def test_nowhere_is_a_flag_on_what_cannot_be_judged(here) -> None:
    bad = here.version.run(
        "SELECT count(*) AS n FROM judged WHERE coalesce(reliability, 0) < 0.7 "
        "AND (\"call\" <> '' OR place <> 0)"
    )
    assert bad.column("n")[0].as_py() == 0


def test_deprived_lists_have_more_diabetes(here) -> None:
    slope = here.measure.slope_index("qof.register.dm")
    assert slope.lower is not None and slope.lower > 2
    fifths = here.measure.inequality("qof.register.dm").column("value")
    assert (np.diff(fifths) > 0).all()


def test_peers_are_like_and_in_the_order_of_likeness(here) -> None:
    table = here.measure.peers("qof.register.dm", "A81001")
    distance = table.column("distance")
    assert len(table) == 21 and distance[0] == 0
    assert (np.diff(distance) >= 0).all() and distance[-1] < 1
