"""Limits: against the slow twin, worked figures, and what must always hold."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locality.statistics.control_charts import (
    Chart,
    p_chart,
    p_prime,
    run_chart,
    u_chart,
    u_prime,
    xmr,
)
from tests.conformance import slow_twin

COUNTED = {"p": p_chart, "u": u_chart, "p'": p_prime, "u'": u_prime}

number = st.one_of(st.none(), st.integers(-50, 50).map(lambda n: n / 7))
series = st.lists(number, min_size=1, max_size=40)


def floats(values: list[float | None]) -> np.ndarray:
    return np.array([math.nan if v is None else v for v in values], dtype=float)


def agree(chart: Chart, twin: list[dict[str, float] | None]) -> None:
    for t, point in enumerate(twin):
        if point is None:
            assert np.isnan(chart.value[t])
            continue
        for name in ("value", "centre", "lower", "upper", "sigma", "points"):
            got = getattr(chart, name)[t]
            assert got == pytest.approx(point[name], rel=1e-9, abs=1e-12, nan_ok=True), (t, name)


@st.composite
def cut(draw: st.DrawFn, length: int) -> list[int]:
    return sorted(draw(st.sets(st.integers(1, max(1, length - 1)), max_size=3)) - {length})


@given(st.data(), series, st.booleans(), st.sampled_from(["mean", "median"]))
def test_xmr_equals_the_twin(data, values, screen, middle) -> None:
    starts = data.draw(cut(len(values)))
    first = data.draw(st.one_of(st.none(), st.integers(1, 12)))
    phase = [sum(t >= s for s in starts) for t in range(len(values))]
    twin = slow_twin.chart("xmr", values, None, phase, first, screen, middle)
    chart = xmr(floats(values), phases=starts, baseline=first, screen=screen, centre=middle)
    agree(chart, twin)
    assert chart.phase.tolist() == phase
    agree(run_chart(floats(values), phases=starts, baseline=first),
          slow_twin.chart("run", values, None, phase, first))  # fmt: skip


@given(st.data(), st.sampled_from(sorted(COUNTED)), st.integers(1, 30), st.booleans())
def test_charts_of_counts_equal_the_twin(data, kind, length, screen) -> None:
    sizes = data.draw(st.lists(st.one_of(st.none(), st.integers(0, 400)),
                               min_size=length, max_size=length))  # fmt: skip
    counts = [None if n is None else data.draw(st.integers(0, n)) for n in sizes]
    starts = data.draw(cut(length))
    first = data.draw(st.one_of(st.none(), st.integers(1, 12)))
    phase = [sum(t >= s for s in starts) for t in range(length)]
    options = {"screen": screen} if kind.endswith("'") else {}
    twin = slow_twin.chart(kind, counts, sizes, phase, first, options.get("screen", False))
    made = COUNTED[kind](floats(counts), floats(sizes), phases=starts, baseline=first, **options)
    agree(made, twin)


def test_many_series_are_each_like_one_alone() -> None:
    rng = np.random.default_rng(3)
    value = rng.normal(size=(3, 500, 24))
    value[rng.random(value.shape) < 0.1] = np.nan
    value[0, 0] = np.nan
    size = rng.integers(0, 90, size=value.shape)
    count = rng.binomial(size, 0.4)
    phases = np.sort(rng.integers(0, 3, size=value.shape), axis=-1)
    for given_phases in (None, [10], phases):
        whole = xmr(value, phases=given_phases, baseline=9)
        laney = p_prime(count, size, phases=given_phases, baseline=9)
        for at in ((0, 0), (1, 77), (2, 499)):
            own = given_phases[at] if isinstance(given_phases, np.ndarray) else given_phases
            alone = xmr(value[at], phases=own, baseline=9)
            prime = p_prime(count[at], size[at], phases=own, baseline=9)
            for name in Chart.__slots__:
                # The order of summing differs, so the last digit may.
                for many, one in ((whole, alone), (laney, prime)):
                    np.testing.assert_allclose(
                        getattr(many, name)[at], getattr(one, name), rtol=1e-12, atol=1e-15
                    )


def test_worked_example() -> None:
    # Alternating 9 and 11: mean 10, every moving range 2, so limits 10 +- 2.66 x 2.
    chart = xmr([9, 11] * 6)
    assert (chart.centre[0], chart.lower[0], chart.upper[0]) == pytest.approx((10, 4.68, 15.32))
    assert chart.points[0] == 12 and not chart.frozen.any()


def test_screening_leaves_out_one_wild_month() -> None:
    value = np.array([9.0, 11] * 10 + [60.0] + [9.0, 11] * 10)
    plain, screened = (xmr(value, screen=screen) for screen in (False, True))
    # 40 ranges: 38 of 2, then 49 and 51; their mean is 4.4 and 3.267 times it 14.37.
    assert plain.sigma[0] * 3 / 2.66 == pytest.approx((38 * 2 + 49 + 51) / 40)
    assert screened.sigma[0] * 3 / 2.66 == pytest.approx(2)
    assert screened.centre[0] == plain.centre[0]


def test_laney_is_the_ordinary_chart_when_only_chance_differs() -> None:
    rng = np.random.default_rng(5)
    size = rng.integers(300, 700, size=(400, 60))
    ordinary, laney = p_chart(c := rng.binomial(size, 0.3), size), p_prime(c, size)
    assert np.mean(laney.sigma / ordinary.sigma) == pytest.approx(1, abs=0.02)
    ordinary, laney = u_chart(c := rng.poisson(size * 0.05), size), u_prime(c, size)
    assert np.mean(laney.sigma / ordinary.sigma) == pytest.approx(1, abs=0.02)


def test_always_and_never() -> None:
    full = np.array([20.0, 30, 25, 0, 40])
    for chart in (p_chart(full, full), p_prime(full, full)):
        kept = full > 0
        for line in (chart.centre, chart.lower, chart.upper):
            np.testing.assert_array_equal(line[kept], 1.0)
        assert np.isnan(chart.value[3])
    for made in (u_chart, u_prime, p_chart, p_prime):
        chart = made(np.zeros(5), np.array([3.0, 4, 5, 6, 7]))
        np.testing.assert_array_equal(chart.upper, 0.0)


def test_limits_stay_within_what_is_possible() -> None:
    chart = p_chart([1, 0, 19, 20], [20, 20, 20, 20])
    assert chart.lower.min() >= 0 and chart.upper.max() <= 1
    assert p_chart([19, 20], [20, 20]).upper.max() == 1
    assert u_chart([1, 0, 3], [10, 10, 10]).lower.min() == 0


def test_too_little_to_draw_limits() -> None:
    for value in ([5.0], [math.nan, 5.0, math.nan]):
        chart = xmr(value)
        assert chart.centre[-1] == 5 and np.isnan(chart.upper).all()
    assert np.isnan(xmr([math.nan] * 3).centre).all()
    assert not xmr([math.nan] * 3).points.any()
    assert xmr(np.empty((0, 5))).value.shape == (0, 5)


def test_missing_months_are_skipped() -> None:
    value = np.array([9.0, 11, 9, 12, 9, 11])
    gappy = np.array([math.nan, 9, 11, math.nan, math.nan, 9, 12, 9, math.nan, 11])
    chart, other = xmr(value), xmr(gappy)
    assert (chart.centre[0], chart.upper[0]) == (other.centre[0], other.upper[0])


@given(series, st.integers(2, 10), st.lists(number, max_size=10))
def test_a_frozen_baseline_ignores_later_points(values, first, later) -> None:
    present = [t for t, v in enumerate(values) if v is not None]
    if len(present) < first:
        return
    short, long = (xmr(floats(v), baseline=first) for v in (values, values + later))
    for name in ("centre", "lower", "upper"):
        assert getattr(short, name)[0] == getattr(long, name)[0]
    frozen = [t in present[first:] for t in range(len(values))]
    assert short.frozen.tolist() == frozen


def test_a_baseline_may_be_a_slice() -> None:
    value = np.array([50.0, 9, 11, 9, 11, 70])
    chart = xmr(value, baseline=slice(1, 5))
    assert chart.centre[0] == 10 and chart.frozen.tolist() == [True, *[False] * 4, True]


@settings(max_examples=50)
@given(st.lists(st.integers(-50, 50), min_size=2, max_size=30), st.integers(-9, 9),
       st.integers(1, 9), st.booleans())  # fmt: skip
def test_limits_move_and_stretch_with_the_values(values, shift, scale, screen) -> None:
    value = np.array(values, dtype=float)
    chart, moved = xmr(value, screen=screen), xmr(value * scale + shift, screen=screen)
    for name in ("centre", "lower", "upper"):
        expected = getattr(chart, name) * scale + shift
        np.testing.assert_allclose(getattr(moved, name), expected, rtol=1e-9, atol=1e-9)
    turned = xmr(-value, screen=screen)
    np.testing.assert_allclose(turned.upper, -chart.lower, atol=1e-9)


@pytest.mark.parametrize(
    ("work", "words"),
    [
        (lambda: xmr([1, math.inf]), "infinite"),
        (lambda: xmr([]), "at least one point"),
        (lambda: xmr([1, 2, 3], phases=[3]), "cannot start"),
        (lambda: xmr([1, 2, 3], phases=np.array([1, 2])), "label for each"),
        (lambda: xmr([1, 2, 3], baseline=0), "baseline"),
        (lambda: xmr([1, 2, 3], baseline=slice(-2, None)), "baseline"),
        (lambda: p_chart([3], [2]), "numerator <= denominator"),
        (lambda: u_chart([-1], [2]), "0 or more"),
    ],
)
def test_errors_say_what_is_wrong(work, words) -> None:
    with pytest.raises(ValueError, match=words):
        work()


def test_every_change_of_label_starts_a_phase() -> None:
    chart = xmr(np.arange(6.0), phases=np.array([7, 7, 2, 2, 7, 7]))
    assert chart.phase.tolist() == [0, 0, 1, 1, 2, 2]
