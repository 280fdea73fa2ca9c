from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.figures import Problem, Source, Working
from locality.know import COMPONENTS, list_in_pounds, need, primary_medical_differences
from tests.know.made import weighted

OWN = {
    "P1": {"registered": 1000.0, "overall": 1200.0, "maternity": None},
    "P2": {"registered": 3000.0, "overall": 2600.0, "maternity": 2400.0},
}
ICB = OWN | {"P3": {"registered": 6000.0, "overall": 5700.0, "maternity": 6300.0}}


def test_index_and_shares_of_the_icb() -> None:
    rows = {row["component"]: row for row in need(weighted(OWN), weighted(ICB)).rows}
    overall = rows["overall"]
    assert (overall["registered"], overall["weighted"]) == (4000, 3800)
    assert overall["index"] == pytest.approx(0.95)
    assert overall["index_in_icb"] == pytest.approx(0.95 / 0.95)
    assert overall["share_of_icb_registered"] == pytest.approx(40)
    assert overall["share_of_icb"] == pytest.approx(100 * 3800 / 9500)
    assert overall["not_given"] == 0


def test_a_practice_without_a_value_is_left_out_of_both_sides_and_counted() -> None:
    rows = {row["component"]: row for row in need(weighted(OWN), weighted(ICB)).rows}
    assert (rows["maternity"]["registered"], rows["maternity"]["weighted"]) == (3000, 2400)
    assert rows["maternity"]["not_given"] == 1
    assert rows["maternity"]["share_of_icb"] == pytest.approx(100 * 2400 / 8700)


def test_without_an_icb_there_are_no_shares() -> None:
    (row, *_) = need(weighted(OWN), weighted({})).rows
    assert row["share_of_icb"] is row["index_in_icb"] is None
    assert len(need(weighted({}), weighted(ICB))) == 0


def test_components_keep_the_order_of_the_allocations() -> None:
    every = {"P1": {"registered": 10.0, **dict.fromkeys(reversed(COMPONENTS), 9.0)}}
    assert [row["component"] for row in need(weighted(every), weighted({})).rows] == list(
        COMPONENTS
    )


PEOPLE = st.floats(1, 1e5)


@given(st.lists(st.tuples(PEOPLE, PEOPLE), min_size=2, max_size=6), st.data())
def test_shares_of_a_partition_of_the_icb_add_up(people, data) -> None:
    icb = {f"P{n}": {"registered": r, "overall": w} for n, (r, w) in enumerate(people)}
    cut = data.draw(st.integers(1, len(people) - 1))
    parts = [dict(list(icb.items())[:cut]), dict(list(icb.items())[cut:])]
    rows = [need(weighted(part), weighted(icb)).rows[0] for part in parts]
    for name in ("share_of_icb", "share_of_icb_registered"):
        assert sum(row[name] for row in rows) == pytest.approx(100)


def pounds(allocation: str = "1000000.01", component: str = "overall", period: str = "2025-26"):
    return list_in_pounds(
        need(weighted(OWN), weighted(ICB)), period=period, component=component,
        allocation=Decimal(allocation), list_name="Old Town PCN", icb_name="First ICB",
        working=Working((Source("weighted_populations", "Allocations", "NHS England", "a.csv",
                                "ab" * 32, "2025-26", 1, 3),)),
    )  # fmt: skip


def test_a_list_in_pounds_is_its_share_of_need_times_the_allocation() -> None:
    made = pounds()
    heads, difference = made.lines
    assert float(heads.quantity + difference.quantity) == pytest.approx(0.4)
    assert made.total == Decimal("400000.00")
    assert float(heads.quantity) == pytest.approx(0.4)
    assert heads.rate == Decimal("1000000.01")
    assert heads.rule.id == "weighted_populations.overall"
    assert made.working.sources[0].file_name == "a.csv"
    assert made.working.rules == (heads.rule,)


@given(st.decimals(Decimal("0.01"), Decimal("9e9"), places=2))
def test_no_penny_is_lost_between_lines_and_total(allocation) -> None:
    made = pounds(str(allocation), "maternity")
    exact = sum((line.quantity for line in made.lines), Decimal(0)) * allocation
    assert abs(made.total - exact) <= Decimal("0.005")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"allocation": "0"}, "above zero"),
        ({"allocation": "-5"}, "above zero"),
        ({"allocation": "NaN"}, "above zero"),
        ({"component": "dentistry"}, "general_and_acute"),
        ({"period": "2019-20"}, "2025-26"),
    ],
)
def test_what_cannot_be_worked_out_is_a_sentence(changes, says) -> None:
    with pytest.raises(Problem, match=says):
        pounds(**changes)


def test_a_list_without_a_board_has_no_share() -> None:
    with pytest.raises(Problem, match="no integrated care board"):
        list_in_pounds(
            need(weighted(OWN), weighted({})), period="2025-26", component="overall",
            allocation=Decimal(5), list_name="Old Town PCN", icb_name="",
        )  # fmt: skip


def test_primary_medical_that_is_not_its_parts_sum_is_found() -> None:
    parts = {"primary_medical_need": 100.0, "health_inequalities": 200.0}
    right = parts | {"primary_medical": 115.0}
    wrong = parts | {"primary_medical": 115.1}
    table = primary_medical_differences(
        weighted({"P1": right, "P2": wrong, "P3": parts, "P4": right | {"primary_medical": None}}),
        0.85, 0.15,
    )  # fmt: skip
    assert [row["practice_code"] for row in table.rows] == ["P2"]
    assert table.rows[0]["expected"] == pytest.approx(115)
