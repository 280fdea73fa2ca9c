import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locality.figures import Cell, Missing, Table
from locality.measure import figure, released, values_table, withheld
from locality.measure.release import rounded
from locality.statistics import Suppression
from tests.measure.made import definition, members, observations, row
from tests.statistics.attackers import told_by_algebra, told_by_ranges

MEASURE = definition()
NETWORK = [f"A{n}" for n in range(1, 6)]
GROUPS = {("pcn", "P1"): NETWORK, ("england", "ENG"): [*NETWORK, "B1", "B2"]}
COUNTS = ("numerator", "denominator", "excepted")


def counted(counts: dict[str, tuple[float, float, float]], groups=GROUPS, period="2026-06-30"):
    """Return observations of practices and of all that sums them."""
    rows = [row(one, *cells, period=period) for one, cells in counts.items()]
    for (kind, code), some in groups.items():
        cells = np.array([counts[one] for one in some if one in counts], float).reshape(-1, 3)
        if not len(cells):
            continue
        given = ~np.isnan(cells[:, :2]).any(axis=1)
        three = [float(np.nansum(column)) for column in cells[given].T]
        if np.isnan(cells[given][:, 2]).all():
            three[2] = float("nan")
        rows.append(row(code, *three, kind=kind, period=period))
    return rows


def hidden_of(rows, groups=GROUPS) -> set[str]:
    mask = withheld(observations(*rows), members(groups))
    return {one["code"] for one, hide in zip(rows, mask, strict=True) if hide}


BIG = {one: (100.0 + n, 200.0 + n, 50.0 + n) for n, one in enumerate(NETWORK)}


def test_a_small_count_is_hidden_with_two_of_its_network_and_the_total_stays() -> None:
    rows = counted(BIG | {"A3": (4.0, 300.0, 60.0)})
    assert hidden_of(rows) == {"A3", "A1", "A2"}


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("count", [0.0, 1.0, 7.0])
def test_each_of_the_three_counts_hides_its_row_and_zero_is_small(place, count) -> None:
    small = [300.0, 310.0, 60.0]
    small[place] = count
    if place == 1:
        small[0] = 0.0
    assert "A3" in hidden_of(counted(BIG | {"A3": tuple(small)}))


def test_nothing_small_hides_nothing() -> None:
    assert hidden_of(counted(BIG)) == set()


def test_a_stray_return_costs_englands_total_and_not_the_networks() -> None:
    everyone = [*NETWORK, *(f"B{n}" for n in range(1, 200))]
    groups = GROUPS | {("england", "ENG"): everyone, ("pcn", "P2"): everyone[5:10]}
    rows = counted(BIG | {"B1": (3.0, 30.0, 9.0)}, groups)
    assert hidden_of(rows, groups) == {"B1", "P2", "ENG"}


def test_periods_are_settled_apart() -> None:
    early = counted(BIG | {"A3": (4.0, 300.0, 60.0)})
    late = counted(BIG, period="2026-09-30")
    mask = withheld(observations(*late, *early), members(GROUPS))
    assert not mask[: len(late)].any()
    assert mask[len(late) :].any()


def test_rows_without_counts_are_no_secret() -> None:
    rows = [row("A1", flags=Cell.NO_RETURN), row("A2", flags=Cell.NOT_APPLICABLE)]
    assert hidden_of(rows) == set()


@st.composite
def worlds(draw: st.DrawFn):
    many = draw(st.integers(2, 8))
    practices = [f"X{n}" for n in range(many)]
    few = st.integers(0, 20).map(float)
    triple = st.tuples(few, few, few | st.just(float("nan")))
    counts = {one: draw(triple) for one in practices}
    groups = {("england", "ENG"): practices}
    for kind, kinds in (("pcn", 3), ("icb", 2), ("group", 3)):
        for one in practices:
            groups.setdefault((kind, f"{kind}{draw(st.integers(1, kinds))}"), []).append(one)
    return counts, groups


@settings(max_examples=30)
@given(worlds())
def test_no_part_of_any_row_leaks_over_all_groupings_at_once(world) -> None:
    counts, groups = world
    rows = counted(counts, groups)
    mask = withheld(observations(*rows), members(groups))
    practices = list(counts)
    hides = dict(zip(((r["kind"], r["code"]) for r in rows), mask, strict=True))
    for part in range(3):
        given_ = [one for one in practices if not np.isnan(counts[one][part])]
        if not given_:
            continue
        sums = np.array([[one in some for one in given_] for some in groups.values()])
        here = sums.any(axis=1)
        suppression = Suppression(
            np.array([hides["practice", one] for one in given_]),
            np.array([hides[key] for key, some in zip(groups, here, strict=True) if some]),
        )
        values = np.array([counts[one][part] for one in given_])
        assert suppression.units[values <= 7].all()
        assert suppression.totals[sums[here] @ values <= 7].all()
        assert not told_by_algebra(values, sums[here], suppression, 7)
        assert not told_by_ranges(values, sums[here], suppression, 7)
        for insider in np.flatnonzero(suppression.units):
            assert not told_by_ranges(values, sums[here], suppression, 7, int(insider))


def gated(rows, **words) -> Table:
    table = observations(*rows)
    mask = withheld(table, members(GROUPS))
    flagged = [
        one | {"flags": one["flags"] | (Cell.WITHHELD if hide else 0)}
        for one, hide in zip(rows, mask, strict=True)
    ]
    return released(observations(*flagged), **words)


SMALL = BIG | {"A3": (4.0, 312.0, 63.0)}


def test_others_see_rounded_counts_and_values_and_intervals_of_them() -> None:
    table = gated(counted(SMALL), local=True)
    shown = {r["code"]: r for r in table.rows}
    assert [shown["A3"][name] for name in COUNTS] == [None] * 3
    assert Cell(shown["A3"]["flags"]).missing is Missing.WITHHELD
    assert [shown["A4"][name] for name in COUNTS] == [105, 205, 55]
    for one in (r for r in table.rows if r["numerator"] is not None):
        assert all(one[name] % 5 == 0 for name in COUNTS)
    value = {r["code"]: r for r in values_table(MEASURE, table).rows}
    assert value["A4"]["value"] == pytest.approx(100 * 105 / 205)
    assert value["A3"]["missing"] == Missing.WITHHELD
    assert "312" not in json.dumps(table.rows)


def test_a_practice_sees_its_own_exactly_and_no_others() -> None:
    table = gated(counted(SMALL), local=True, reader="A3")
    shown = {r["code"]: r for r in table.rows}
    assert [shown["A3"][name] for name in COUNTS] == [4, 312, 63]
    assert Cell(shown["A3"]["flags"]).missing is None
    assert figure(MEASURE, shown["A3"]).value == pytest.approx(100 * 4 / 312)
    assert shown["A1"]["numerator"] is None
    assert shown["A4"]["numerator"] == 105
    other = {r["code"]: r for r in gated(counted(SMALL), local=True, reader="A4").rows}
    assert other["A4"]["numerator"] == 103
    assert other["A3"]["numerator"] is None


def test_a_group_named_like_the_reader_is_not_the_reader() -> None:
    table = observations(row("A3", 4, 30, 2, Cell.WITHHELD, kind="group"))
    assert released(table, local=True, reader="A3").rows[0]["numerator"] is None


def test_open_data_pass_as_published() -> None:
    table = observations(*counted(SMALL))
    assert released(table, local=False) is table
    mixed = np.arange(len(table)) == 0
    shown = released(table, local=mixed).rows
    assert shown[0]["numerator"] == 100
    assert shown[3]["numerator"] == 103


@given(st.integers(8, 10_000), st.integers(0, 10_000))
def test_rounding_keeps_a_share_a_share(numerator, more) -> None:
    top, bottom = rounded([numerator, numerator + more])
    assert 0 < top <= bottom
    assert abs(top - numerator) <= 2


def test_a_year_of_months_of_a_board_is_settled_at_once() -> None:
    draw = np.random.default_rng(9)
    practices = [f"X{n}" for n in range(150)]
    groups = {("england", "ENG"): practices, ("icb", "I"): practices}
    for n, one in enumerate(practices):
        groups.setdefault(("pcn", f"P{n // 5}"), []).append(one)
    rows = []
    for month in range(1, 13):
        counts = draw.poisson((30, 60, 9), (len(practices), 3)).astype(float)
        rows += counted(dict(zip(practices, map(tuple, counts), strict=True)), groups,
                        f"2026-M{month:02d}")  # fmt: skip
    table, who = observations(*rows), members(groups)
    hidden = withheld(table, who)
    small = np.array([min(one[name] for name in COUNTS) <= 7 for one in rows])
    assert hidden[small].all()
    assert hidden.sum() > small.sum()
