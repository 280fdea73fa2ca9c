from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.know import successions
from tests.know.made import LAST_DAY, LATE, hierarchy, moved, span, stated


def found(*rows, said=()):
    table = successions(hierarchy(*rows), stated(*said))
    return {(r["code"], r["successor_code"]): r["how"] for r in table.rows}


def going(practices: str, before: dict, after: dict) -> list[dict]:
    return [row for one in practices.split() for row in moved(one, before, after)]


def test_two_boards_merge_into_one() -> None:
    made = found(
        *going("P1 P2 P3", {"icb": "I1"}, {"icb": "I9"}),
        *going("P4 P5", {"icb": "I2"}, {"icb": "I9"}),
    )
    assert made == {("I1", "I9"): "merged; found in files", ("I2", "I9"): "merged; found in files"}


def test_a_new_code_with_the_same_practices_is_a_new_name() -> None:
    made = found(*going("P1 P2", {"sub_icb": "S1"}, {"sub_icb": "S9"}))
    assert made == {("S1", "S9"): "renamed; found in files"}


def test_joining_one_that_was_there_is_a_merger() -> None:
    made = found(*going("P1 P2", {"pcn": "N1"}, {"pcn": "N2"}), span("P3", pcn="N2"))
    assert made == {("N1", "N2"): "merged; found in files"}


def test_a_network_taking_in_the_unallocated_is_no_mere_new_name() -> None:
    made = found(
        *going("P1 P2", {"pcn": "N1"}, {"pcn": "N9"}), *going("P3", {"pcn": "U"}, {"pcn": "N9"})
    )
    assert made == {("N1", "N9"): "merged; found in files"}


def test_a_board_is_divided_and_a_stray_practice_does_not_count() -> None:
    made = found(
        *going("P1 P2 P3 P4 P5 P6 P7", {"icb": "I1"}, {"icb": "I8"}),
        *going("Q1 Q2 Q3 Q4", {"icb": "I1"}, {"icb": "I9"}),
        *going("R1", {"icb": "I1"}, {"icb": "I7"}),
    )
    how = "divided; found in files"
    assert made == {("I1", "I8"): how, ("I1", "I9"): how}


def test_most_going_to_one_is_a_merger_though_a_few_go_elsewhere() -> None:
    made = found(
        *going("P1 P2 P3 P4 P5", {"pcn": "N1"}, {"pcn": "N2"}),
        *going("P6", {"pcn": "N1"}, {"pcn": "N3"}), span("Q1", pcn="N2"),
    )  # fmt: skip
    assert made == {("N1", "N2"): "merged; found in files"}


def test_an_organisation_that_still_stands_has_no_successor() -> None:
    assert found(*going("P1 P2", {"pcn": "N1"}, {"pcn": "N2"}), span("P3", pcn="N1")) == {}


def test_going_to_u_or_closing_names_no_successor() -> None:
    assert found(*going("P1 P2", {"pcn": "N1"}, {"pcn": "U"}), span("P3", "N2", end=LAST_DAY)) == {}


def test_u_itself_never_ends() -> None:
    assert found(*going("P1 P2", {"pcn": "U"}, {"pcn": "N1"})) == {}


def test_what_a_locality_states_of_practices_stands() -> None:
    on = date(2026, 4, 1)
    made = found(span("P1", end=LAST_DAY), span("P2"), said=[("P1", "P2", on, "merged")])
    assert made == {("P1", "P2"): "merged; stated"}


def test_the_day_is_the_first_extract_without_it() -> None:
    table = successions(hierarchy(*going("P1", {"icb": "I1"}, {"icb": "I2"})), stated())
    assert [r["on"] for r in table.rows] == [LATE]


@pytest.mark.parametrize(("go", "stay", "how"), [(4, 1, "merged"), (12, 3, "merged"),
                                                 (28, 7, "merged"), (7, 2, "divided"),
                                                 (27, 8, "divided")])  # fmt: skip
def test_four_in_five_exactly_is_a_merger_and_less_is_not(go, stay, how) -> None:
    many = [f"P{n}" for n in range(go + stay)]
    made = found(
        *going(" ".join(many[:go]), {"icb": "I1"}, {"icb": "I2"}),
        *going(" ".join(many[go:]), {"icb": "I1"}, {"icb": "I3"}),
        span("Q2", icb="I2"), span("Q3", icb="I3"),
    )  # fmt: skip
    after = {"I2"} if how == "merged" else {"I2", "I3"}
    assert made == {("I1", to): f"{how}; found in files" for to in after}


@pytest.mark.parametrize(("stray", "counts"), [(3, True), (2, False)])
def test_one_in_ten_exactly_takes_part_in_a_division(stray, counts) -> None:
    rest = 30 - stray
    made = found(
        *going(" ".join(f"A{n}" for n in range(rest // 2)), {"icb": "I1"}, {"icb": "I7"}),
        *going(" ".join(f"B{n}" for n in range(rest - rest // 2)), {"icb": "I1"}, {"icb": "I8"}),
        *going(" ".join(f"C{n}" for n in range(stray)), {"icb": "I1"}, {"icb": "I9"}),
    )
    assert (("I1", "I9") in made) is counts


def test_two_ccgs_merge_and_their_board_goes_on() -> None:
    made = found(
        *going("P1 P2", {"sub_icb": "01A"}, {"sub_icb": "27D"}),
        *going("P3", {"sub_icb": "01B"}, {"sub_icb": "27D"}),
    )
    assert made == {(old, "27D"): "merged; found in files" for old in ("01A", "01B")}


def test_a_network_whose_practices_vanish_and_return_elsewhere_names_no_successor() -> None:
    gone = date(2025, 6, 30)
    assert found(span("P1", "N1", end=gone), span("P1", "N2", start=LATE)) == {}


def test_a_network_that_ends_and_stands_again_has_not_ended() -> None:
    gone = date(2025, 6, 30)
    assert found(span("P1", "N1", end=gone), span("P1", "N1", start=LATE)) == {}


@st.composite
def redrawn(draw: st.DrawFn):
    """Return practices with the board before and after, on two maps."""
    boards = st.sampled_from(["I1", "I2", "I3", "U"])
    return draw(st.lists(st.tuples(boards, st.sampled_from(["I2", "I3", "I9", "U"])), max_size=14))


@given(redrawn())
def test_successions_are_those_of_the_slow_twin(pairs) -> None:
    rows = []
    for n, (before, after) in enumerate(pairs):
        if before == after:
            rows.append(span(f"P{n}", pcn="U", icb=before))
        else:
            rows += moved(f"P{n}", {"pcn": "U", "icb": before}, {"pcn": "U", "icb": after})
    twin = {}
    befores, afterwards = ({pair[n] for pair in pairs} for n in (0, 1))
    for old in befores - afterwards - {"U"}:
        leaving = [after for before, after in pairs if before == old and after != "U"]
        most = [to for to in set(leaving) if leaving.count(to) * 5 >= len(leaving) * 4]
        for to in most or [to for to in set(leaving) if leaving.count(to) * 10 >= len(leaving)]:
            only_from_here = {before for before, after in pairs if after == to} == {old}
            new = only_from_here and to not in befores
            how = "divided" if not most else "renamed" if new else "merged"
            twin[old, to] = f"{how}; found in files"
    assert found(*rows) == twin
