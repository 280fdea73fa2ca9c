"""Matrices hold what the rows said; sums over members equal sums made one by one."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locality.figures import Cell, Period
from locality.store import LakeError
from locality.store.matrices import Matrix, Membership, in_order
from locality.store.observations import as_matrix, as_table
from locality.store.schemas import LIFETIMES

CODES = ("A1", "A2", "A3", "A4")
PERIODS = ("2024-25", "2025-26")
HIDDEN = int(Cell.SUPPRESSED)


def rows(*given: tuple[Any, ...]) -> pa.Table:
    """Return compiled-measure rows: practice, period, numerator, denominator, excepted, flags."""
    names = ("practice_code", "period", "numerator", "denominator", "excepted", "flags")
    types = (pa.string(), pa.string(), pa.float64(), pa.float64(), pa.float64(), pa.int64())
    columns = list(zip(*given, strict=True)) or [[]] * 6
    return pa.table(
        [pa.array(c, t) for c, t in zip(columns, types, strict=True)], names=list(names)
    )


def lives(**spans: tuple[date | None, date | None]) -> pa.Table:
    return pa.Table.from_pylist(
        [{"practice_code": c, "open_from": a, "open_until": b} for c, (a, b) in spans.items()],
        schema=LIFETIMES.arrow,
    )


def belonging(**members: str) -> pa.Table:
    return pa.table(
        {
            "code": [code for code, inside in members.items() for _ in inside.split()],
            "kind": ["pcn" for inside in members.values() for _ in inside.split()],
            "practice_code": [p for inside in members.values() for p in inside.split()],
        }
    )


def test_each_row_stands_in_its_cell_and_the_rest_say_why_not() -> None:
    matrix = Matrix.of_practices(
        rows(
            ("A1", "2025-26", 3, 10, 1, 0),
            ("A2", "2024-25", None, 20, None, HIDDEN),
            ("A3", "2024-25", None, 20, None, 0),
            ("A1", "2024-25", 0, 10, None, 0),
        ),
        CODES,
        lifetimes=lives(
            A2=(None, date(2025, 3, 1)),
            A3=(date(2020, 1, 1), None),
            A4=(date(2025, 6, 1), None),
        ),
    )
    assert matrix.periods == PERIODS and matrix.shape == (4, 2)
    assert matrix.numerator[0].tolist() == [0, 3] and matrix.denominator[1, 0] == 20
    assert [[str(Cell(int(bits)).missing) for bits in row] for row in matrix.flags] == [
        ["None", "None"],
        ["suppressed by the publisher", "not applicable"],
        ["no return", "no return"],
        ["not applicable", "no return"],
    ]
    assert np.isnan(matrix.numerator[~matrix.counted]).all()


def test_a_strange_practice_and_two_rows_on_one_cell_are_errors() -> None:
    with pytest.raises(LakeError, match="practice 'Z9'"):
        Matrix.of_practices(rows(("Z9", "2024-25", 1, 2, None, 0)), CODES)
    with pytest.raises(LakeError, match="practice A2 in 2025-26"):
        Matrix.of_practices(
            rows(
                ("A1", "2024-25", 1, 2, None, 0),
                ("A2", "2025-26", 1, 2, None, 0),
                ("A2", "2025-26", 1, 3, None, 0),
            ),
            CODES,
        )


def test_nothing_returned_is_an_empty_matrix() -> None:
    matrix = Matrix.of_practices(rows(), CODES, lifetimes=lives())
    assert matrix.shape == (4, 0)
    summed = Membership.of(belonging(U1="A1 A2"), CODES).summed(matrix)
    assert summed.shape == (1, 0) and as_table(matrix, summed).num_rows == 0
    assert Membership.of(belonging(), CODES).summed(matrix).shape == (0, 0)


def test_periods_stand_oldest_first_whatever_their_names() -> None:
    assert in_order(["2026-M10", "2026-M02", "2025-M11", "2026-M02"]) == (
        "2025-M11",
        "2026-M02",
        "2026-M10",
    )


def test_a_sum_says_when_it_is_partial_and_why_it_is_empty() -> None:
    matrix = Matrix.of_practices(
        rows(
            ("A1", "2024-25", 1, 10, 2, 0),
            ("A2", "2024-25", 2, 20, None, 0),
            ("A3", "2024-25", None, 30, None, HIDDEN),
        ),
        CODES,
        lifetimes=lives(A4=(date(2025, 6, 1), None)),
    )
    membership = Membership.of(
        belonging(FULL="A1 A2", PART="A1 A3", HID="A3", NONE="A4", WITH_NEW="A1 A4", OUT="Z1"),
        CODES,
    )
    summed = membership.summed(matrix)
    found = {
        code: (summed.numerator[n, 0], summed.excepted[n, 0], Cell(int(summed.flags[n, 0])))
        for n, code in enumerate(summed.codes)
    }
    assert found["FULL"] == (3, 2, Cell.OK)
    assert found["PART"] == (1, 2, Cell.PARTIAL)
    assert found["WITH_NEW"] == (1, 2, Cell.OK)
    assert found["HID"][2] == Cell.SUPPRESSED and np.isnan(found["HID"][0])
    assert found["NONE"][2] == Cell.NOT_APPLICABLE
    assert "OUT" not in found


def plain_sums(
    matrix: Matrix, members: dict[str, list[str]]
) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Return numerator, denominator, excepted and flags of each organisation, cell by cell."""
    found: dict[tuple[str, str], tuple[Any, ...]] = {}
    for code, inside in members.items():
        for t, period in enumerate(matrix.periods):
            sums: list[Any] = [None, None, None]
            counted = wanted = hidden = 0
            for practice in inside:
                n = matrix.codes.index(practice)
                flag = Cell(int(matrix.flags[n, t]))
                wanted += Cell.NOT_APPLICABLE not in flag
                hidden += Cell.SUPPRESSED in flag
                if flag.missing is None:
                    counted += 1
                    for place, name in enumerate(("numerator", "denominator", "excepted")):
                        value = getattr(matrix, name)[n, t]
                        if not np.isnan(value):
                            sums[place] = (sums[place] or 0) + value
            if counted:
                flag = Cell.PARTIAL if counted < wanted else Cell.OK
            elif not wanted:
                flag = Cell.NOT_APPLICABLE
            else:
                flag = Cell.SUPPRESSED if hidden else Cell.NO_RETURN
            found[code, period] = (*sums, flag)
    return found


@settings(max_examples=60)
@given(st.randoms(use_true_random=False))
def test_sums_equal_their_plain_twin_and_survive_the_file_order(random: Random) -> None:
    practices = tuple(f"A{n}" for n in range(6))
    given_rows = []
    for code in practices:
        for period in PERIODS:
            flag = random.choice([0, 0, 0, 1, 2, 4])
            if random.random() < 0.8:
                count = None if flag else float(random.randint(0, 9))
                excepted = random.choice([None, 1.0])
                given_rows.append((code, period, count, 10.0, excepted, flag))
    if not given_rows:
        given_rows = [("A0", PERIODS[0], 1.0, 2.0, None, 0)]
    matrix = Matrix.of_practices(rows(*given_rows), practices, PERIODS)
    members = {code: random.sample(practices, random.randint(1, 6)) for code in ("U1", "U2", "U3")}
    table = belonging(**{code: " ".join(inside) for code, inside in members.items()})
    summed = Membership.of(table, practices).summed(matrix)
    written = as_table(matrix, summed)
    assert [(r["kind"], r["code"]) for r in written.to_pylist()] == sorted(
        (kind, code)
        for kind, codes in (("pcn", members), ("practice", practices))
        for code in codes
        for _ in PERIODS
    )
    found = {
        (r["code"], r["period"]): (
            r["numerator"],
            r["denominator"],
            r["excepted"],
            Cell(r["flags"]),
        )
        for r in written.to_pylist()
        if r["kind"] == "pcn"
    }
    assert found == plain_sums(matrix, members)
    back = as_matrix(written.filter(pa.compute.equal(written.column("kind"), "practice")))
    assert (back.codes, back.periods) == (matrix.codes, matrix.periods)
    for name in ("numerator", "denominator", "excepted", "flags"):
        np.testing.assert_array_equal(getattr(back, name), getattr(matrix, name))


def test_a_lifetime_that_touches_a_period_counts_as_within_it() -> None:
    year = Period.parse("2024-25")
    matrix = Matrix.of_practices(
        rows(),
        ("A1", "A2", "A3", "A4"),
        ["2024-25"],
        lives(
            A1=(year.end, None),
            A2=(None, year.start),
            A3=(date(2025, 4, 1), None),
            A4=(None, date(2024, 3, 31)),
        ),
    )
    assert [Cell(int(bits)) for bits in matrix.flags[:, 0]] == [
        Cell.NO_RETURN,
        Cell.NO_RETURN,
        Cell.NOT_APPLICABLE,
        Cell.NOT_APPLICABLE,
    ]


def test_boards_sum_sub_icbs_and_england_sums_networks_too() -> None:
    members = pa.table(
        {
            "code": ["S1", "S1", "S2", "Q1", "Q1", "Q1", "Y1", "Y1", "Y1", "U1", "U1", "G1"],
            "kind": [*["sub_icb"] * 3, *["icb"] * 3, *["region"] * 3, "pcn", "pcn", "group"],
            "practice_code": ["A1", "A2", "A3", "A1", "A2", "A3", "A1", "A2", "A3", "A1", "A3",
                              "A1"],
        }
    )  # fmt: skip
    rows = pa.table(
        {
            "practice_code": ["S1", "S2", "S9"],
            "period": ["2026-M01"] * 3,
            "numerator": [1.0, 2.0, 4.0],
            "denominator": [10.0, 20.0, 40.0],
            "excepted": pa.nulls(3, pa.float64()),
            "flags": [0, 0, 0],
        }
    )
    codes = ("S1", "S2", "S9")
    matrix = Matrix.of_practices(rows, codes, kind="sub_icb")
    assert matrix.kinds == ("sub_icb",) * 3
    above = Membership.above(members, "sub_icb", codes).summed(matrix)
    found = dict(zip(above.codes, above.numerator[:, 0].tolist(), strict=True))
    # A sub-ICB that no map knows counts for England alone; a group has no part in sub-ICBs.
    assert found == {"ENG": 7.0, "Q1": 3.0, "Y1": 3.0}
    networks = Membership.above(members, "pcn", ("U1",))
    assert networks.codes == ("ENG",)


@pytest.mark.parametrize(("returned", "shown"), [(4, False), (5, True), (10, True)])
def test_a_sum_of_fewer_than_half_of_many_members_is_no_sum(returned: int, shown: bool) -> None:
    practices = tuple(f"A{n:05d}" for n in range(10))
    rows = pa.table(
        {
            "practice_code": practices[:returned],
            "period": ["2026-M01"] * returned,
            "numerator": [1.0] * returned,
            "denominator": [10.0] * returned,
            "excepted": pa.nulls(returned, pa.float64()),
            "flags": [0] * returned,
        }
    )
    members = pa.table({"code": ["ENG"] * 10, "kind": ["england"] * 10, "practice_code": practices})
    matrix = Matrix.of_practices(rows, practices)
    above = Membership.of(members, practices).summed(matrix)
    flags = Cell(int(above.flags[0, 0]))
    if shown:
        assert above.numerator[0, 0] == returned
        assert (Cell.PARTIAL in flags) == (returned < 10)
    else:
        assert np.isnan(above.numerator[0, 0]) and flags == Cell.TOO_FEW_RETURNS
        assert flags.missing == "too few practices returned"


def test_a_kind_of_which_nobody_is_known_sums_to_nothing() -> None:
    members = pa.table({"code": ["Q1"], "kind": ["icb"], "practice_code": ["A1"]})
    nobody = Membership.above(members, "sub_icb", ())
    assert nobody.codes == () and len(nobody.rows) == 0
