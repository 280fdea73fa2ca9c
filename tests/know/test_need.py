from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.figures import Problem, Source, Table, Working
from locality.figures.schemas import WEIGHTED_POPULATIONS
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


def slowly(own, icb):
    """Work out NEED row by row from practice -> component -> population."""

    def sums(some, component):
        both = [
            (parts[component], parts["registered"])
            for parts in some.values()
            if parts.get(component) is not None and parts.get("registered") is not None
        ]
        return sum(w for w, _ in both), sum(r for _, r in both), len(some) - len(both)

    found = []
    for component in COMPONENTS:
        weighted_, registered, lacking = sums(own, component)
        if not registered:
            continue
        row = {"component": component, "registered": registered, "weighted": weighted_,
               "index": weighted_ / registered, "not_given": lacking, "index_in_icb": None,
               "share_of_icb": None, "share_of_icb_registered": None}  # fmt: skip
        board_weighted, board_registered, _ = sums(icb, component)
        if board_weighted and board_registered:
            row["index_in_icb"] = row["index"] / (board_weighted / board_registered)
            row["share_of_icb"] = 100 * weighted_ / board_weighted
            row["share_of_icb_registered"] = 100 * registered / board_registered
        found.append(row)
    return found


MAYBE = st.none() | st.floats(0.5, 1e5)
PRACTICES = st.dictionaries(
    st.sampled_from(["P1", "P2", "P3", "P4"]),
    st.dictionaries(
        st.sampled_from(["registered", "overall", "maternity", "primary_medical"]), MAYBE,
        min_size=1,
    ),
)  # fmt: skip


@given(PRACTICES, PRACTICES)
def test_need_is_its_slow_twin(own, others) -> None:
    icb = others | own
    made = need(weighted(own), weighted(icb)).rows
    twin = slowly(own, icb)
    assert [row["component"] for row in made] == [row["component"] for row in twin]
    for row, slow in zip(made, twin, strict=True):
        for name, value in slow.items():
            if isinstance(value, float):
                assert row[name] == pytest.approx(value, rel=1e-9), name
            else:
                assert row[name] == value, name


def test_a_practice_that_lacks_either_side_is_counted_as_not_given() -> None:
    own = {"P1": {"registered": 100.0, "overall": 90.0}, "P2": {"overall": 50.0},
           "P3": {"registered": 40.0}, "P4": {"registered": None, "overall": 60.0}}  # fmt: skip
    (row,) = need(weighted(own), weighted({})).rows
    assert (row["registered"], row["weighted"], row["not_given"]) == (100, 90, 3)


def test_years_stand_apart_and_in_order() -> None:
    years = {
        "2025-26": {"P1": {"registered": 10.0, "overall": 20.0}},
        "2023-24": {"P1": {"registered": 10.0, "overall": 10.0}},
        "2024-25": {"P1": {"registered": 10.0, "overall": 5.0}, "P2": {"registered": 10.0}},
    }
    rows = [row for year, of in years.items() for row in weighted(of, year).rows]
    both = Table.of(WEIGHTED_POPULATIONS, rows)
    assert [(r["period"], r["index"], r["not_given"]) for r in need(both, both).rows] == [
        ("2023-24", 1.0, 0), ("2024-25", 0.5, 1), ("2025-26", 2.0, 0)
    ]  # fmt: skip


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


@given(st.decimals(Decimal("0.01"), Decimal("99999999999.99"), places=2))
def test_lines_add_up_exactly_to_the_share_of_the_allocation(allocation) -> None:
    made = pounds(str(allocation), "maternity")
    share = Fraction(sum((line.quantity for line in made.lines), Decimal(0)))
    amounts = sum(Fraction(line.amount) for line in made.lines)
    assert amounts == share * Fraction(allocation)
    assert abs(share - Fraction(2400, 8700)) < Fraction(1, 10**14)
    assert abs(Fraction(made.total) - amounts) <= Fraction(1, 200)


def test_a_list_of_less_need_than_its_board_has_a_line_below_zero() -> None:
    heads, difference = pounds("1000", "maternity").lines
    assert heads.pounds == Decimal("333.33")
    assert difference.pounds == Decimal("-57.47")
    assert pounds("1000", "maternity").total == Decimal("275.86")


def test_the_working_writes_the_amount_as_a_person_would() -> None:
    assert pounds("1E+9").working.steps[-1].calculation == "£1,000,000,000"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"allocation": "0"}, "above zero"),
        ({"allocation": "-5"}, "above zero"),
        ({"allocation": "NaN"}, "above zero"),
        ({"allocation": "Infinity"}, "above zero"),
        ({"allocation": "100000000000"}, "below 100 billion"),
        ({"allocation": "1E+400"}, "below 100 billion"),
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


def test_a_list_without_any_weighted_population_says_what_to_read() -> None:
    with pytest.raises(Problem, match="No weighted population is loaded for Old Town PCN"):
        list_in_pounds(
            need(weighted({}), weighted(ICB)), period="", component="overall",
            allocation=Decimal(5), list_name="Old Town PCN", icb_name="First ICB",
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


@given(PEOPLE, PEOPLE, st.floats(-1, 1))
def test_a_difference_above_the_tolerance_and_no_other_is_found(need_alone, unequal, off) -> None:
    sum_of_parts = 0.85 * need_alone + 0.15 * unequal
    parts = {"primary_medical_need": need_alone, "health_inequalities": unequal,
             "primary_medical": sum_of_parts + off}  # fmt: skip
    found = primary_medical_differences(weighted({"P1": parts}), 0.85, 0.15, tolerance=0.5)
    assert len(found) == (abs(sum_of_parts + off - sum_of_parts) > 0.5)
