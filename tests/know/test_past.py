from datetime import date

from locality.know import past
from tests.know.made import (
    EARLY,
    LAST_DAY,
    LATE,
    hierarchy,
    moved,
    organisation,
    span,
    successors,
)

NAMES = {"N1": "Old Town PCN", "N2": "New Town PCN", "I1": "First ICB", "I2": "Second ICB",
         "I9": "Great ICB", "P2": "Harbour Surgery", "S1": "Shire sub-ICB"}  # fmt: skip


def told(row, *spans, then=(), named=()):
    table = past(row, hierarchy(*spans), successors(*then), NAMES, named)
    return [(r["on"], r["what"], r["sentence"]) for r in table.rows]


def test_a_practice_opened_moved_and_was_followed() -> None:
    opened, closed = date(1974, 4, 1), date(2026, 6, 30)
    made = told(
        organisation("P1", open_date=opened, close_date=closed, status="closed"),
        *moved("P1", {"pcn": "N1"}, {"pcn": "N2"}),
        then=[("P1", "P2", LATE, "merged; stated"), ("P8", "P9", LATE, "merged; stated")],
    )
    assert made == [
        (opened, "opened", "Opened."),
        (closed, "closed", "Closed."),
        (LATE, "moved", "Its primary care network changed from Old Town PCN (N1) to "
                        "New Town PCN (N2)."),
        (LATE, "followed", "Merged into Harbour Surgery (P2), as the locality says."),
    ]  # fmt: skip


def test_joining_and_leaving_a_network_never_names_u() -> None:
    joined = told(organisation("P1"), *moved("P1", {"pcn": "U"}, {"pcn": "N1"}))
    left = told(organisation("P1"), *moved("P1", {"pcn": "N1"}, {"pcn": "U"}))
    assert joined == [(LATE, "moved", "Joined the primary care network Old Town PCN (N1).")]
    assert left == [
        (LATE, "moved", "Left the primary care network Old Town PCN (N1); in none since.")
    ]
    assert told(organisation("P1"), *moved("P1", {"pcn": None}, {"pcn": "U"})) == []


def test_a_gap_is_told() -> None:
    made = told(organisation("P1"), span("P1", end=date(2025, 6, 30)), span("P1", start=LATE))
    assert made == [(LATE, "moved", "Shown again after it was missing from an extract.")]


def test_a_board_says_what_followed_it_and_the_new_one_what_it_was() -> None:
    then = [(old, "I9", LATE, "merged; found in files") for old in ("I1", "I2")]
    (old,) = told(organisation("I1", "icb"), then=then)
    assert old[2] == "Merged into Great ICB (I9), as the files show."
    new = [sentence for _, _, sentence in told(organisation("I9", "icb"), then=then)]
    assert new == ["Took over from First ICB (I1), as the files show.",
                   "Took over from Second ICB (I2), as the files show."]  # fmt: skip


def test_division_and_a_new_code_have_words_of_their_own() -> None:
    divided = [("I1", new, LATE, "divided; found in files") for new in ("I2", "I9")]
    assert told(organisation("I1", "icb"), then=divided)[0][2] == (
        "Divided; some of its practices went to Second ICB (I2), as the files show."
    )
    assert told(organisation("I9", "icb"), then=divided)[0][2] == (
        "Took some of the practices of First ICB (I1), as the files show."
    )
    renamed = [("I1", "I2", LATE, "renamed; found in files")]
    assert told(organisation("I1", "icb"), then=renamed)[0][2].startswith("Goes on as Second ICB")
    assert told(organisation("I2", "icb"), then=renamed)[0][2].startswith("Was First ICB")


def test_a_ccg_that_became_a_sub_icb_location_says_what_it_was_called() -> None:
    between = date(2025, 3, 1)
    named = [(LATE, "NHS Great ICB - S1"), (EARLY, "NHS Shire CCG"), (between, "NHS SHIRE CCG")]
    assert told(organisation("S1", "sub_icb"), named=named) == [
        (LATE, "became", "Was called NHS SHIRE CCG; called NHS Great ICB - S1 since.")
    ]


def test_an_organisation_moves_when_most_of_its_practices_do() -> None:
    spans = [
        *moved("P1", {"icb": "I1"}, {"icb": "I9"}), *moved("P2", {"icb": "I1"}, {"icb": "I9"}),
        span("P3", icb="I1"), span("Q1", sub_icb="S2", icb="I2"),
    ]  # fmt: skip
    assert told(organisation("S1", "sub_icb"), *spans) == [
        (LATE, "moved", "Its integrated care board changed from First ICB (I1) to Great ICB (I9).")
    ]
    # A board is not told of what lies below it.
    assert told(organisation("I2", "icb"), *spans) == []


def test_one_that_files_no_longer_show_says_so() -> None:
    gone = organisation("N1", "pcn", status="closed", last_seen=LAST_DAY)
    assert told(gone) == [(LAST_DAY, "closed", "Last shown in a file; later files do not have it.")]


def test_a_name_spelt_otherwise_is_the_same_name() -> None:
    named = [(EARLY, "Old  Town Surgery"), (LATE, "OLD TOWN SURGERY"), (LATE, "Old Town Surgery")]
    assert told(organisation("P1"), named=named) == []


def test_every_change_of_name_is_told_once_by_its_latest_spelling() -> None:
    days = [date(2024, 1, 1), EARLY, LAST_DAY, LATE]
    named = list(zip(days, ["First", "FIRST", "Second", "First"], strict=True))
    assert told(organisation("P1"), named=[*named, (LAST_DAY, "SECOND")]) == [
        (LAST_DAY, "became", "Was called FIRST; called SECOND since."),
        (LATE, "became", "Was called SECOND; called First since."),
    ]


def test_one_that_vanished_and_returned_elsewhere_says_both() -> None:
    gone = date(2025, 6, 30)
    made = told(organisation("P1"), span("P1", "N1", end=gone), span("P1", "N2", start=LATE))
    assert [sentence for _, _, sentence in made] == [
        "Shown again after it was missing from an extract.",
        "Its primary care network changed from Old Town PCN (N1) to New Town PCN (N2).",
    ]


def test_the_place_above_a_network_and_the_region_above_a_board_are_told() -> None:
    network = told(organisation("N1", "pcn"), *moved("P1", {"place": None}, {"place": "L1"}))
    assert network == [(LATE, "moved", "Joined the place L1.")]
    board = told(organisation("I1", "icb"), *moved("P1", {"region": "R1"}, {"region": "R2"}))
    assert board == [(LATE, "moved", "Its region changed from R1 to R2.")]
    assert told(organisation("G1", "group")) == told(organisation("ENG", "england")) == []


def test_practices_of_others_are_no_part_of_a_past() -> None:
    assert told(organisation("P1"), *moved("P2", {"pcn": "N1"}, {"pcn": "N2"})) == []
