"""Which column is which role: complete, without doubles, and in step with the published files."""

from __future__ import annotations

import csv
import gzip
import shutil
from datetime import date
from pathlib import Path

import pytest

from locality.knowledge import KnowledgeError, files
from locality.knowledge.workforce_columns import (
    GROUPS,
    TOTAL,
    network_roles,
    staff_columns,
    undated,
)


def test_every_role_has_both_measures_and_every_group_one_total() -> None:
    found = {(one.staff_group, one.role, one.measure) for one in staff_columns()}
    for group, role, _ in found:
        assert {(group, role, "fte"), (group, role, "headcount")} <= found
    for group in GROUPS:
        assert (group, TOTAL, "fte") in found
    assert len(found) == len(staff_columns()) == 158


def test_totals_are_marked_and_parts_are_not() -> None:
    for one in staff_columns():
        assert one.role.startswith(TOTAL) == (one.kind == "total")
    totals = {(one.staff_group, one.role) for one in staff_columns() if one.kind == "total"}
    assert totals == {
        ("GP", "total"), ("GP", "total fully qualified"), ("GP", "total without locums"),
        ("GP", "total fully qualified without locums"), ("nurse", "total"),
        ("direct patient care", "total"), ("direct patient care", "total apprentices"),
        ("admin", "total"),
    }  # fmt: skip


def test_gps_are_fully_qualified_in_training_or_locums() -> None:
    parts = [one for one in staff_columns() if one.staff_group == "GP" and one.kind == "part"]
    assert {one.apart for one in parts} == {"fully qualified", "trainee", "locum"}
    for one in parts:
        assert ("trainee" in one.role) == (one.apart == "trainee")
        assert ("locum" in one.role) == (one.apart == "locum")


def test_columns_came_and_went() -> None:
    by_name = {one.column: one for one in staff_columns()}
    assert by_name["TOTAL_DPC_HI_THERA_FTE"].until == date(2024, 3, 31)
    assert by_name["TOTAL_DPC_NHS_TALKING_THERA_FTE"].since == date(2024, 4, 1)
    assert by_name["TOTAL_ADMIN_DT_LEAD_HC"].since == date(2023, 11, 1)
    assert by_name["TOTAL_GP_TRN_GR_ST1_FTE"].since == date(2018, 6, 1)


def test_roles_of_networks_bear_the_names_of_practices_where_they_are_the_same() -> None:
    roles = network_roles()
    pharmacist = roles["other direct patient care staff", "pharmacist"]
    assert (pharmacist.role, pharmacist.also_in_practices) == ("pharmacist", True)
    assert roles["other nurses", "other"].role == roles["directors", "other director"].role[:5]
    assert not roles["other gps", "salaried by pcn"].also_in_practices
    assert not any(one.role.startswith(TOTAL) for one in roles.values())
    assert {one.staff_group for one in roles.values()} == {*GROUPS, "director"}


def test_a_table_of_2023_is_taken_for_one_census() -> None:
    assert undated()[2023].as_at == date(2023, 4, 30)


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("columns.csv", "TOTAL_GP_EXL_HC", "TOTAL_GP_HC", "is there twice"),
        ("columns.csv", "GP,senior partner,", "GP,partner or provider,", "is there twice"),
        ("columns.csv", "GP,senior partner,", "GP,total of partners,", "begins with 'total'"),
        ("columns.csv", "headcount,,,dictionary", "hours,,,dictionary", "is not a choice"),
        ("columns.csv", "TOTAL_GP_FTE,GP,total,total,,fte",
         "TOTAL_GP_FTE,GP,total,total,,headcount", "another measure"),
        ("columns.csv", ",fte,,,dictionary", ",fte,,,hearsay", "reference"),
        ("network_roles.csv", "pharmacist,yes", "pharmacist,no", "says otherwise"),
        ("network_roles.csv", "Other GPs,GP Locum", "Other GPs,Salaried By PCN", "is there twice"),
        ("network_roles.csv", "Other GPs,GP Locum,GP", "Other GPs,GP Locum,doctor",
         "is not a choice"),
    ],
)  # fmt: skip
def test_faults_are_told(tmp_path: Path, name: str, old: str, new: str, told: str) -> None:
    shutil.copytree(files.PACKAGE / "workforce", tmp_path / "workforce")
    path = tmp_path / "workforce" / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(KnowledgeError, match=told) as caught:
        staff_columns(tmp_path)
        network_roles(tmp_path)
    assert "knowledge/workforce/" in str(caught.value)


@pytest.mark.published
def test_every_staff_total_of_the_published_header_is_known(published: Path) -> None:
    sample = published / "practice/gpw_practice_detailed_sample10.csv.gz"
    with gzip.open(sample, "rt", encoding="utf-8") as lines:
        header = next(csv.reader(lines))
    counted = [
        word for word in header if word.startswith("total_") and word.endswith(("_hc", "_fte"))
    ]
    assert sorted(counted) == sorted(one.word for one in staff_columns())
