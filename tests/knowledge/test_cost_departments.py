from pathlib import Path

import pytest

from locality.figures import Period
from locality.knowledge.cost_departments import cost_departments, load_cost_departments
from locality.knowledge.problems import KnowledgeError

HEADER = "published,department,service,title,activity,unit,from,to,note,reference"
ROW = "EL,elective,,Elective,Number of FCEs,episode,2016-17,2017-18,,The schedule"


def year(code: str) -> Period:
    return Period.parse(code)


def write(folder: Path, *rows: str) -> Path:
    path = folder / "departments.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
    return path


@pytest.mark.parametrize(
    ("published", "period", "department"),
    [
        ("EM", "2016-17", "emergency_care"),
        ("AE", "2017-18", "emergency_care"),
        ("Emergency Care", "2024-25", "emergency_care"),
        ("SPC", "2016-17", "specialist_palliative_care"),
        ("SPAL", "2017-18", "specialist_palliative_care"),
        ("MSMHCC", "2016-17", "secure_mental_health"),
        ("SECMHCC", "2017-18", "secure_mental_health"),
        ("DC", "2017-18", "day_case"),
        ("  daycase ", "2023-24", "day_case"),
        ("Non-Elective Inpatient -  Long Stay", "2024-25", "non_elective_long_stay"),
    ],
)
def test_what_each_year_calls_a_department(published: str, period: str, department: str) -> None:
    found = cost_departments().find(published, year(period))
    assert found is not None and found.department == department
    assert found.title == cost_departments().titles[department]


@pytest.mark.parametrize(
    ("published", "period"),
    [
        ("EM", "2017-18"),
        ("AE", "2016-17"),
        ("Audiology", "2024-25"),
        ("EL", "2015-16"),
        ("", "2017-18"),
    ],
)
def test_a_name_out_of_its_years_is_not_known(published: str, period: str) -> None:
    assert cost_departments().find(published, year(period)) is None


def test_every_row_has_its_reference_and_every_id_one_title() -> None:
    known = cost_departments()
    assert len(known.names) > 70
    assert all(one.reference for one in known.names)
    assert {one.department for one in known.names} == set(known.titles)


def test_what_to_mind_stands_with_its_year() -> None:
    known = cost_departments()
    (now,) = {one.note for one in known.about("consultant_led", year("2024-25"))} - {""}
    assert "no outpatient attendances" in now
    assert {one.note for one in known.about("consultant_led", year("2023-24"))} == {""}


def test_a_file_that_is_sound(tmp_path: Path) -> None:
    known = load_cost_departments(write(tmp_path, ROW, ROW.replace("2016-17,2017-18", "2018-19,")))
    assert [one.to for one in known.names] == [year("2017-18"), None]
    assert known.find("el", year("2040-41")) is known.names[1]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([ROW, ROW], "row 3.*stands twice"),
        ([ROW, ROW.replace("2016-17,2017-18", "2017-18,")], "stands twice"),
        ([ROW.replace("2016-17", "then")], "row 2.*not a period"),
        ([ROW.replace("2016-17,2017-18", "2017-18,2016-17")], "ends .* before it begins"),
        ([ROW.replace("elective,,", "Elective care,,")], "not a plain id"),
        ([ROW.replace("The schedule", "")], "reference is empty"),
        ([ROW, ROW.replace("EL,", "DC,").replace("Elective,", "Day,")], "another title"),
        (["EL,elective"], "2 cells and the header has 10"),
    ],
)
def test_a_file_that_is_not_says_where(tmp_path: Path, rows: list[str], says: str) -> None:
    with pytest.raises(KnowledgeError, match=says):
        load_cost_departments(write(tmp_path, *rows), "departments.csv")


def test_a_column_that_lacks_is_named(tmp_path: Path) -> None:
    path = tmp_path / "departments.csv"
    path.write_text("published,department\nEL,elective\n", "utf-8")
    with pytest.raises(KnowledgeError, match="no column 'service'"):
        load_cost_departments(path, "departments.csv")
