from datetime import date

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
