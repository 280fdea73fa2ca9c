"""Headers, lines, groups and totals of the payments publication, and what is wrong in a file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from locality.knowledge import KnowledgeError
from locality.knowledge.files import PACKAGE
from locality.knowledge.payment_lines import FIELDS, compared, payment_lines

KNOWN = payment_lines()
YEARS = ["2017-18", "2018-19", "2019-20", "2020-21", "2021-22", "2022-23"]


def test_six_years_and_each_is_known_by_its_headers() -> None:
    assert list(KNOWN.years) == YEARS
    widths = [len(KNOWN.years[year]) for year in YEARS]
    assert widths == [54, 51, 54, 68, 74, 75]
    for year in YEARS:
        headers = [one.header for one in KNOWN.headings if one.year == year]
        assert KNOWN.year_like(headers) == year
        assert KNOWN.year_like(headers[1:]) is None
        assert KNOWN.references[year].address.startswith("https://digital.nhs.uk/")


def test_every_line_group_total_and_field_is_used() -> None:
    used = {(one.kind, one.name) for one in KNOWN.headings}
    assert {name for kind, name in used if kind == "line"} == set(KNOWN.lines)
    assert {name for kind, name in used if kind == "total"} == set(KNOWN.totals)
    assert {name for kind, name in used if kind == "practice"} == set(FIELDS)
    for group in KNOWN.groups:
        assert KNOWN.of_group(group), group


def test_a_header_means_the_same_in_every_year() -> None:
    meanings: dict[str, set[tuple[str, str]]] = {}
    for one in KNOWN.headings:
        meanings.setdefault(compared(one.header), set()).add((one.kind, one.name))
    assert {header for header, found in meanings.items() if len(found) > 1} == set()


def test_what_is_apart_is_in_no_total_of_general_practice() -> None:
    assert KNOWN.totals["practice"].adds == ("practice",)
    assert KNOWN.counted_in("network_participation") == "practice"
    assert KNOWN.counted_in("network_workforce") == "networks"
    assert KNOWN.counted_in("covid_vaccination") == "covid"
    assert KNOWN.counted_in("deductions") == "deductions"
    assert [one.line for one in KNOWN.lines.values() if one.sign == "deducted"] == ["deductions"]
    assert {group for group, one in KNOWN.groups.items() if one.counted_in != "practice"} == {
        "networks", "covid", "deductions",
    }  # fmt: skip


def test_headers_are_compared_without_footnotes_capitals_and_blanks() -> None:
    assert compared(" Extended  hours Access4 ") == compared("Extended Hours Access")
    assert compared("Number of Patients (Last Known Figure)12") == compared(
        "number of patients (last known figure)"
    )
    assert compared("Covid 19") == "covid 19"


def test_a_new_year_takes_the_headers_of_others() -> None:
    later = KNOWN.of_year("2023-24")
    assert later["total local enhanced services"].name == "local_schemes"
    assert later[compared("PCN Enhanced Access")].name == "network_enhanced_access"
    assert "rural moped allowance" not in later


def test_a_line_cites_its_column() -> None:
    rule = KNOWN.cite("extended_hours", "2019-20")
    assert rule.id == "payments.extended_hours"
    assert rule.reference.endswith("2019-20, practice-level CSV, column “Extended Hours Access4”")
    assert KNOWN.cite("global_sum", "2031-32").reference.endswith("2031-32")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(PACKAGE / "payments", tmp_path / "payments")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "row", "sentence"),
    [
        ("headers.csv", "2022-23,Global  SUM,line,global_sum", "'Global  SUM' stands twice"),
        ("headers.csv", "2022-23,Moped Fund,line,premisses", "did you mean 'premises'"),
        ("headers.csv", "2022-23,Moped Fund,line,premises", "has two headers in 2022-23"),
        ("headers.csv", "2022,Moped Fund,unused,", "not a financial year"),
        ("headers.csv", "2022-24,Moped Fund,unused,", "2022-24"),
        ("headers.csv", "2022-23,Moped Fund,money,premises", "'money' is not a choice"),
        ("lines.csv", "moped,Mopeds,corr,received,", "there is no group 'corr'; did you mean"),
        ("lines.csv", "premises,Premises,premises,received,", "'premises' is there twice"),
        ("lines.csv", "moped,Mopeds,core,given,", "'given' is not a choice"),
        ("groups.csv", "mopeds,Mopeds,street,What is paid for mopeds.", "'street' is not a choice"),
        ("totals.csv", "nothing,Nothing at all,", "adds"),
    ],
)
def test_what_is_wrong_is_named(root: Path, name: str, row: str, sentence: str) -> None:
    path = root / "payments" / name
    path.write_text(path.read_text("utf-8") + row + "\n", "utf-8")
    with pytest.raises((KnowledgeError, ValueError)) as error:
        payment_lines(root)
    assert sentence in str(error.value)
    if isinstance(error.value, KnowledgeError):
        assert f"knowledge/payments/{name}" in str(error.value)
