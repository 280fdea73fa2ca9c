"""Workforce files that are damaged, mislabelled or about persons: a sentence each."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from locality.sources import NotRecognised, Refused, read
from tests.sources import made
from tests.sources.publications import made_staff
from tests.sources.publications.made_staff import changed, derived, detailed, posts

NAME = made_staff.NAME
Rows = list[list[str]]


def two_of_each(table: Rows) -> Rows:
    """Return rows in which every practice stands twice, and differs."""
    other = changed(table, "TOTAL_ADMIN_FTE", "7.7")[1:]
    return [*table, *other]


def doubled(table: Rows, column: str) -> Rows:
    place = table[0].index(column)
    return [[*row, row[place]] for row in table]


def months(table: Rows, *given: str) -> Rows:
    return changed(table, "CENSUS_MONTH", *given)


DAMAGED: dict[str, tuple[str, Callable[[], Any], str]] = {
    "practice_workforce: no month": ("staff.csv", detailed, "which month it is for"),
    "practice_workforce: a header alone": (NAME, lambda: detailed()[:1], "no rows"),
    "practice_workforce: cut short": (
        NAME, lambda: made.text(detailed()).encode()[:-900], "middle of line 4",
    ),
    "practice_workforce: words for FTE": (
        NAME, lambda: changed(detailed(), "TOTAL_NURSES_FTE", "many"), "should be a number",
    ),
    "practice_workforce: FTE below zero": (
        NAME, lambda: changed(detailed(), "TOTAL_DPC_PHARMA_FTE", "-1"), "below zero",
    ),
    "practice_workforce: shares for patients": (
        NAME, lambda: changed(detailed(), "TOTAL_PATIENTS", "0.25"), "not a whole number",
    ),
    "practice_workforce: columns moved": (
        NAME, lambda: changed(detailed(), "TOTAL_MALE", "17"), "do not add up to all patients",
    ),
    "practice_workforce: more qualified GPs than GPs": (
        NAME, lambda: changed(detailed(), "TOTAL_GP_EXTG_FTE", "99"), "more fully qualified",
    ),
    "practice_workforce: a column twice": (
        NAME, lambda: doubled(detailed(), "TOTAL_DPC_HCA_FTE"), "more than once",
    ),
    "practice_workforce: a needed column twice": (
        NAME, lambda: doubled(detailed(), "TOTAL_GP_FTE"), "more than once",
    ),
    "practice_workforce: codes of networks": (
        NAME, lambda: changed(detailed(), "PRAC_CODE", "U12345"), "primary care network",
    ),
    "practice_workforce: two versions in one": (
        NAME, lambda: two_of_each(detailed()), "disagree for the same practice",
    ),
    "practice_workforce: months of no calendar": (
        NAME, lambda: changed(detailed(united=True), "MONTH", "13"), "not those of a calendar",
    ),
    "practice_workforce_derived: no month and no year": (
        "x.csv", derived, "does not say which month",
    ),
    "practice_workforce_derived: a year nobody knows": (
        "gp_workforce_practice_2031.csv", derived, "does not say which month",
    ),
    "practice_workforce_derived: words for FTE": (
        "x_2023.csv", lambda: changed(derived(), "total_gp_fte", "some"), "should be a number",
    ),
    "practice_workforce_derived: names for codes": (
        "x_2023.csv", lambda: changed(derived(), "practice_code", "The Surgery"), "practice code",
    ),
    "practice_workforce_derived: columns moved": (
        "x_2023.csv", lambda: changed(derived(), "total_female", "1.0"), "Columns may have moved",
    ),
    "practice_workforce_derived: cut short": (
        "x_2023.csv", lambda: made.text(derived()).encode()[:-120], "middle of line 5",
    ),
    "practice_workforce_derived: a header alone": (
        "x_2023.csv", lambda: derived()[:1], "no rows",
    ),
    "network_workforce: two months": (
        "x.csv", lambda: months(posts(), "6", "6", "7"), "2 different months",
    ),
    "network_workforce: no month": ("x.csv", lambda: months(posts(), ""), "not of a calendar"),
    "network_workforce: words for FTE": (
        "x.csv", lambda: changed(posts(), "FTE", "full time"), "no number",
    ),
    "network_workforce: no FTE": ("x.csv", lambda: changed(posts(), "FTE", ""), "no number"),
    "network_workforce: codes of practices": (
        "x.csv", lambda: changed(posts(), "PCN_CODE", "A81001"), "U and five digits",
    ),
    "network_workforce: groups nobody knows": (
        "x.csv", lambda: changed(posts(), "STAFF_GROUP", "Wizards"), "staff group is none",
    ),
    "network_workforce: no roles": (
        "x.csv", lambda: changed(posts(), "DETAILED_STAFF_ROLE", ""), "role is empty",
    ),
    "network_workforce: cut short": (
        "x.csv", lambda: made.text(posts()).encode()[:-40], "middle of line 5",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", DAMAGED)
def test_damaged_files_are_refused_with_a_sentence(kind: str) -> None:
    name, content, words = DAMAGED[kind]
    with pytest.raises(Refused) as refusal:
        read(made.document(content(), name))
    sentence = str(refusal.value)
    assert words in sentence
    assert re.match(r"[A-Z0-9“].*[.)]$", sentence)
    assert not re.search(r"Arrow|Error|Exception|0x|None\b|Traceback", sentence)


def with_column(table: Rows, header: str, *values: str) -> Rows:
    return [[*table[0], header], *([*row, v] for row, v in zip(table[1:], values, strict=True))]


ABOUT_PERSONS: dict[str, Rows] = {
    "posts with each person's sex": with_column(posts(), "GENDER", "F", "M", "F", "M"),
    "posts with each person's age": with_column(posts(), "AGE_YEARS", "30", "41", "52", "63"),
    "posts with names": with_column(posts(), "Surname", "Ash", "Elm", "Oak", "Yew"),
    "posts with dates of birth": with_column(
        posts(), "Date of Birth", "01/01/1980", "02/02/1981", "03/03/1982", "04/04/1983"
    ),
    "practices with NHS numbers": with_column(
        detailed(), "NHS_NUMBER", "9434765919", "9434765870", "9434765828"
    ),
    "derived with patients' names": with_column(
        derived(), "patient_name", "Ann Ash", "Bob Elm", "Cy Oak", "Bob Elm"
    ),
}


@pytest.mark.parametrize("kind", ABOUT_PERSONS)
def test_files_about_persons_are_refused(kind: str) -> None:
    with pytest.raises(Refused) as refusal:
        read(made.document(ABOUT_PERSONS[kind], NAME))
    assert re.search(r"single patients|each person's", str(refusal.value))
    assert "9434765919" not in str(refusal.value) and "Ash" not in str(refusal.value)


def test_anonymous_posts_are_not_taken_for_patients() -> None:
    ((reading),) = read(made.document(posts(), "x.csv"))
    assert reading.tables.keys() == {"network_staff"}
    assert "1000" not in str(reading.tables["network_staff"].rows)


def test_the_individual_level_file_of_practices_is_not_read() -> None:
    header = ["STAFF_GROUP", "STAFF_ROLE", "DETAILED_STAFF_ROLE", "GENDER", "AGE_BAND", "FTE"]
    with pytest.raises(NotRecognised):
        read(made.document([header, ["GP", "GPs", "Partner", "F", "40-44", "1"]]))


def test_rows_that_cannot_be_used_are_set_aside_with_their_line() -> None:
    one_bad = changed(detailed(), "TOTAL_ADMIN_FTE", "4.4", "x", "1.1")
    ((reading),) = read(made.document(one_bad, NAME))
    (aside,) = reading.set_aside
    assert (reading.rows, aside.rows, aside.example) == (2, 1, "line 3 (A81002)")
    assert "TOTAL_ADMIN_FTE" in aside.reason
