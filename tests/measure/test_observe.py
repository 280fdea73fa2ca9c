import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.figures import Cell
from locality.measure import MembersIndex, roll_up

NAN = float("nan")
BITS = [Cell.OK, Cell.NO_RETURN, Cell.SUPPRESSED, Cell.NOT_APPLICABLE, Cell.WITHHELD]


def slow(numerator, denominator, excepted, flags, members, practices):
    """Return {(organisation, period): (numerator, denominator, excepted, flag)}, cell by cell."""
    out = {}
    for code, some in members.items():
        rows = [practices.index(one) for one in sorted(set(some)) if one in practices]
        if not rows:
            continue
        for period in range(flags.shape[1]):
            cells = [
                (numerator[r][period], denominator[r][period], excepted[r][period],
                 Cell(int(flags[r][period])))
                for r in rows
            ]  # fmt: skip
            full = [
                c for c in cells
                if c[3].missing is None and not np.isnan(c[0]) and not np.isnan(c[1])
            ]  # fmt: skip
            wanted = [c for c in cells if Cell.NOT_APPLICABLE not in c[3]]
            if full:
                exceptions = [c[2] for c in full if not np.isnan(c[2])]
                flag = Cell.PARTIAL if len(full) < len(wanted) else Cell.OK
                out[code, period] = (
                    sum(c[0] for c in full), sum(c[1] for c in full),
                    sum(exceptions) if exceptions else NAN, flag,
                )  # fmt: skip
            else:
                flag = next(
                    (bit for bit in (Cell.WITHHELD, Cell.SUPPRESSED)
                     if any(bit in c[3] for c in wanted)), Cell.NO_RETURN)  # fmt: skip
                out[code, period] = (NAN, NAN, NAN, flag if wanted else Cell.NOT_APPLICABLE)
    return out


@st.composite
def worlds(draw: st.DrawFn):
    many, periods = draw(st.integers(1, 8)), draw(st.integers(1, 3))
    cells = many * periods
    number = st.integers(0, 50).map(float) | st.just(NAN)

    def grid(of):
        return np.array(draw(st.lists(of, min_size=cells, max_size=cells))).reshape(many, periods)

    numerator, denominator, excepted = grid(number), grid(number), grid(number)
    flags = grid(st.sampled_from(BITS).map(int)).astype(np.uint8)
    practices = [f"P{n}" for n in range(many)]
    names = st.lists(st.sampled_from([*practices, "elsewhere"]), min_size=1, max_size=8)
    return numerator, denominator, excepted, flags, draw(
        st.dictionaries(st.sampled_from("ABCD"), names, max_size=4)), practices  # fmt: skip


@given(worlds())
def test_it_equals_its_slow_twin(world) -> None:
    numerator, denominator, excepted, flags, members, practices = world
    index = MembersIndex.of(members, practices)
    made = roll_up(numerator, denominator, excepted, flags, index)
    twin = slow(*world)
    assert {code for code, _ in twin} == set(index.codes)
    for (code, period), (num, den, exc, flag) in twin.items():
        at = index.codes.index(code), period
        assert Cell(int(made.flags[at])) == flag
        np.testing.assert_equal(
            [made.numerator[at], made.denominator[at], made.excepted[at]], [num, den, exc]
        )


def test_four_kinds_of_nothing_and_zero_stay_apart() -> None:
    flags = np.array([[0], [1], [2], [4], [16], [0]], np.uint8)
    numbers = np.array([[0.0], [NAN], [NAN], [NAN], [NAN], [5.0]])
    nothing = np.full((6, 1), NAN)
    codes = [f"P{n}" for n in range(6)]
    index = MembersIndex.of({one: [one] for one in codes} | {"all": codes}, codes)
    made = roll_up(numbers, numbers, nothing, flags, index)
    assert made.flags.ravel().tolist() == [
        Cell.OK, Cell.NO_RETURN, Cell.SUPPRESSED, Cell.NOT_APPLICABLE, Cell.WITHHELD, Cell.OK,
        Cell.PARTIAL,
    ]  # fmt: skip
    assert made.numerator[0, 0] == 0
    assert made.numerator[6, 0] == 5


def test_counts_of_another_shape_are_refused() -> None:
    index = MembersIndex.of({"A": ["P"]}, ["P", "Q"])
    good, bad = np.zeros((2, 3)), np.zeros((2, 4))
    with pytest.raises(ValueError, match="shape"):
        roll_up(good, bad, good, np.zeros((2, 3), np.uint8), index)


def test_england_takes_little() -> None:
    draw = np.random.default_rng(3)
    practices, periods = 7000, 60
    codes = [f"P{n}" for n in range(practices)]
    members: dict[str, list[str]] = {}
    for size in (5, 35, 66, 190, 1000, practices):
        for n, code in enumerate(codes):
            members.setdefault(f"{size}.{n // size}", []).append(code)
    index = MembersIndex.of(members, codes)
    counts = draw.integers(0, 500, (practices, periods)).astype(float)
    flags = (draw.random((practices, periods)) < 0.02).astype(np.uint8)
    nothing = np.full(counts.shape, NAN)
    start = time.perf_counter()
    made = roll_up(counts, counts, nothing, flags, index)
    assert time.perf_counter() - start < 2  # some 30 ms on a quiet machine
    assert made.numerator[-1, 0] == counts[flags[:, 0] == 0, 0].sum()
