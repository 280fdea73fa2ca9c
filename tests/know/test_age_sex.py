from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.figures import Table
from locality.figures.schemas import AGE_SEX
from locality.know import age_sex_profile

ON = date(2026, 7, 1)
CELL = st.tuples(
    st.sampled_from(["FEMALE", "MALE", "INDETERMINATE"]), st.integers(0, 19).map(lambda n: 5 * n)
)
PEOPLE = st.dictionaries(CELL, st.integers(0, 500), min_size=1)


def ages(cells) -> Table:
    return Table.of(AGE_SEX, [
        {"as_at": ON, "practice_code": "P1", "sex": sex, "age_from": age, "patients": patients}
        for (sex, age), patients in cells.items()
    ])  # fmt: skip


@given(PEOPLE, PEOPLE)
def test_shares_are_of_everyone_and_an_absent_row_is_zero(own, england) -> None:
    table = age_sex_profile(ages(own), ages(england))
    whole, all_england = sum(own.values()), sum(england.values())
    if not whole:
        assert len(table) == 0
        return
    assert len(table) == 2 * 20
    for row in table.rows:
        cell = row["sex"], row["age_from"]
        assert row["patients"] == own.get(cell, 0)
        assert row["share"] == pytest.approx(100 * own.get(cell, 0) / whole)
        if all_england:
            assert row["england_share"] == pytest.approx(100 * england.get(cell, 0) / all_england)
        else:
            assert row["england_share"] is None


def test_bands_have_words_and_the_sentence_sets_the_list_beside_england() -> None:
    own = {("FEMALE", 0): 20, ("MALE", 60): 30, ("FEMALE", 95): 50}
    table = age_sex_profile(ages(own), ages({("MALE", 10): 10, ("FEMALE", 30): 90}))
    bands = {row["age_from"]: row["band"] for row in table.rows}
    assert (bands[0], bands[60], bands[95]) == ("0 to 4", "60 to 64", "95 and over")
    assert table.caption == (
        "Of 100 patients 20.0 % are under 20 (England 10.0 %) and 50.0 % are 65 and over "
        "(England 0.0 %)."
    )


BOTH = st.dictionaries(
    CELL.filter(lambda cell: cell[0] != "INDETERMINATE"), st.integers(1, 500), min_size=1
)


@given(BOTH, BOTH)
def test_shares_of_women_and_men_add_up_to_100(own, england) -> None:
    rows = age_sex_profile(ages(own), ages(england)).rows
    for name in ("share", "england_share"):
        assert sum(row[name] for row in rows) == pytest.approx(100)


def test_other_recorded_sexes_count_in_the_whole_alone() -> None:
    table = age_sex_profile(ages({("FEMALE", 20): 3, ("INDETERMINATE", 70): 1}), ages({}))
    assert sum(row["share"] for row in table.rows) == pytest.approx(75)
    assert table.caption == ""


def test_a_populations_practices_are_added_up() -> None:
    two = [
        {"as_at": ON, "practice_code": code, "sex": "MALE", "age_from": 40, "patients": n}
        for code, n in (("P1", 30), ("P2", 12))
    ]
    made = age_sex_profile(Table.of(AGE_SEX, two), ages({("MALE", 40): 1}))
    assert {r["patients"] for r in made.rows} == {0, 42}


def test_the_sentence_speaks_of_one_patient_and_of_none() -> None:
    england = ages({("MALE", 10): 10})
    assert age_sex_profile(ages({("MALE", 65): 1}), england).caption.startswith("Of 1 patient 0.0")
    assert age_sex_profile(ages({}), england).caption == ""
