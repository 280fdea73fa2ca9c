"""The GP Patient Survey by practice: documented columns alone, shares and their bases."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locality.knowledge.files import PACKAGE
from locality.knowledge.files import rows as facts
from locality.sources import Document, Refused, read
from locality.sources.synthetic.files.access import QUESTIONS, Answered, Place, write_survey
from tests.sources import made
from tests.sources.publications.made_access import Rows, one, survey, survey_row

PUBLICATION = "gp_survey"
NAME = "GPPS_2025_Practice_data_(weighted)_(csv)_PUBLIC.csv"


def document(rows: Rows, name: str = NAME) -> Document:
    return made.document(rows, name)


def test_shares_become_percentages_with_their_bases() -> None:
    reading = one(document(survey()))
    assert (reading.publication, reading.period, reading.practices) == (PUBLICATION, "2025", 3)
    found = {
        (row["practice_code"], row["question"]): row
        for row in reading.tables["survey_answers"].rows
    }
    assert len(found) == 6
    assert found["A81001", "overallexp"] == {
        "period": "2025", "practice_code": "A81001", "question": "overallexp",
        "answer": "positive", "percent": 57.0, "base": 120, "weighted_base": 98.6, "lower": 48.0,
        "upper": 66.0, "missing": None,
    }  # fmt: skip
    assert found["A81001", "localgpservicesphone"]["percent"] == 0.0
    assert found["Y07020", "overallexp"]["percent"] == 100.0


def test_minus_97_is_a_hidden_number_and_an_empty_cell_is_none() -> None:
    rows = survey()
    rows[3][11:16] = ["", "", "", "", ""]
    reading = one(document(rows))
    by = {
        (row["practice_code"], row["question"]): row
        for row in reading.tables["survey_answers"].rows
    }
    hidden = by["A81002", "overallexp"]
    assert hidden["missing"] == "suppressed by the publisher"
    assert {hidden[name] for name in ("percent", "base", "weighted_base", "lower")} == {None}


def test_the_year_of_the_archive_is_used_where_the_member_has_none() -> None:
    inside = Document("practice.csv", made.text(survey()).encode(), "GPPS_2024_data.zip")
    assert one(inside).period == "2024"


def test_a_base_that_is_not_in_the_file_is_empty() -> None:
    rows = [[cell for place, cell in enumerate(row) if place != 7] for row in survey()]
    found = one(document(rows)).tables["survey_answers"].rows
    assert {row["base"] for row in found if row["question"] == "overallexp"} == {None}
    assert {row["base"] for row in found if row["question"] != "overallexp"} == {100}


def test_documented_columns_that_are_not_kept_pass() -> None:
    extra = ["ad_icscodeons", "popsize", "lastgpapptwhen_3.pct", "aboutyouvaping_2.count"]
    rows = survey(extra=extra)
    for row in rows[1:]:
        row += ["E54000050", 8000, 0.4, 12]
    reading = one(document(rows))
    assert {row["question"] for row in reading.tables["survey_answers"].rows} == {
        "overallexp", "localgpservicesphone",
    }  # fmt: skip


@pytest.mark.parametrize(
    "column", ["overallscore.pcteval", "Q32_12pct", "waiting", "overallexp", ""]
)
def test_an_unknown_column_is_refused_by_name(column: str) -> None:
    rows = survey(extra=[column])
    for row in rows[1:]:
        row.append(0.5)
    with pytest.raises(Refused, match="not known here to have the columns") as refusal:
        read(document(rows))
    assert (column or "column 18 has no name") in str(refusal.value)


def spoil(name: str) -> Document:
    rows = survey([survey_row(code) for code in ("A81001", "A81002", "Y07020")])
    called = NAME
    if name == "no year":
        called = "practice.csv"
    elif name == "two years":
        called = "GPPS_2024_2025.csv"
    elif name == "percentages":
        for row in rows[1:]:
            row[6] = 57
    elif name == "words":
        for row in rows[1:]:
            row[7] = "many"
    elif name == "below zero":
        for row in rows[1:]:
            row[8] = -5.5
    elif name == "wrong codes":
        for row in rows[1:]:
            row[0] = "QHM"
    elif name == "column twice":
        rows = [[*row, row[6]] for row in rows]
    elif name == "nothing kept":
        rows = [[row[0], row[3], "lastgpapptwhen.pcteval" if at == 0 else 0.5]
                for at, row in enumerate(rows)]  # fmt: skip
    elif name == "2023":
        rows = [["Practice_Code", "Practice_Name", "Q28_12pct"], ["A81001", "THE SURGERY", 0.7]]
    return document(rows, called)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("no year", "does not say of which year"),
        ("two years", "does not say of which year"),
        ("percentages", "The share under “overallexp.pcteval” is more than 1."),
        ("words", "What stands under “overallexp.baseevaluw” is not a number."),
        ("below zero", "The number under “overallexp.baseevalw” is below zero."),
        ("wrong codes", "The practice code is not one letter and five digits."),
        ("column twice", "“overallexp.pcteval” more than once"),
        ("nothing kept", "none of the questions that are kept"),
        ("2023", "GP Patient Survey of 2023 or before"),
    ],
)
def test_a_damaged_file_is_refused_in_a_sentence(name: str, says: str) -> None:
    with pytest.raises(Refused) as refusal:
        read(spoil(name))
    assert says in str(refusal.value)


def test_a_file_cut_short_is_refused() -> None:
    text = made.text(survey())
    with pytest.raises(Refused, match="stops in the middle"):
        read(made.document(text[:-40], NAME))


@pytest.mark.parametrize("column", ["patient_id", "date_of_birth"])
def test_answers_of_single_people_are_refused(column: str) -> None:
    rows = survey(extra=[column])
    for place, row in enumerate(rows[1:]):
        row.append(f"P{place}")
    with pytest.raises(Refused, match="single patients"):
        read(document(rows))


def test_every_fact_about_the_survey_has_a_reference() -> None:
    for name in ("questions", "columns", "marks"):
        table = facts(PACKAGE / "access" / f"gp_survey_{name}.csv", name)
        assert table and all(row["reference"] and row["meaning"] for row in table)
    questions = facts(PACKAGE / "access" / "gp_survey_questions.csv", "questions")
    assert set(QUESTIONS) <= {row["question"] for row in questions if row["read"] == "yes"}


_SHARE = st.integers(0, 10**6).map(lambda n: n / 10**6)
_ANSWER = st.tuples(
    st.one_of(st.none(), _SHARE), st.integers(0, 500), st.integers(0, 5000).map(lambda n: n / 8),
    _SHARE, _SHARE,
)  # fmt: skip
_NAME = st.text("ABC ,'&\"", min_size=1, max_size=12).map(lambda text: f"X{text}X")


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(_NAME, st.fixed_dictionaries(dict.fromkeys(QUESTIONS, _ANSWER))),
        min_size=1,
        max_size=6,
    ),
    st.integers(2024, 2030),
)
def test_what_is_written_is_read_again(
    practices: list[tuple[str, dict[str, tuple[float | None, int, float, float, float]]]], year: int
) -> None:
    rows = [
        Answered(
            Place((f"A8{place:04d}", name), ("U", "Unallocated"), ("16C", name), ("QHM", name),
                  ("Y63", name)),
            400, 120, answers,
        )
        for place, (name, answers) in enumerate(practices)
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = write_survey(Path(folder), year, rows)
        reading = one(Document(path.name, path.read_bytes(), path.name))
    assert reading.period == str(year)
    found = {
        (row["practice_code"], row["question"]): row
        for row in reading.tables["survey_answers"].rows
    }
    assert len(found) == len(rows) * len(QUESTIONS)
    for row in rows:
        for question, (share, base, weighted, lower, upper) in row.answers.items():
            got = found[row.place.practice[0], question]
            if share is None:
                assert got["missing"] == "suppressed by the publisher" and got["percent"] is None
                continue
            assert got["percent"] == pytest.approx(100 * share, abs=1e-9)
            assert (got["base"], got["weighted_base"], got["missing"]) == (base, weighted, None)
            assert got["lower"] == pytest.approx(100 * lower, abs=1e-9)
            assert got["upper"] == pytest.approx(100 * upper, abs=1e-9)
