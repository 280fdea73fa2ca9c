"""Two sets of published files meet on the practice code, in the known numbers of practices."""

from __future__ import annotations

from pathlib import Path

import pytest

from locality.sources import Document, documents, read

pytestmark = pytest.mark.published
P = "practice/"


def practices(path: Path, table: str, period: str | None = None) -> set[str]:
    """Return the practice codes in one table of a file, of one period where it holds several."""
    found: set[str] = set()
    for document in documents(path):
        assert isinstance(document, Document)
        for reading in read(document):
            if table in reading.tables and period in (None, reading.period):
                found |= set(reading.tables[table].data.column("practice_code").to_pylist())
    assert found, path
    return found


def test_6101_practices_are_in_every_file_of_2025_26(published: Path) -> None:
    sets = [
        practices(published / P / "gp-reg-pat-prac-map-jul-26.zip", "practice_map"),
        practices(published / P / "gp-reg-pat-prac-quin-age-jul-26.zip", "age_sex"),
        practices(published / P / "PREVALENCE_2425.csv.gz", "qof_registers"),
        practices(published / P / "fingertips-imd-2025-gp-practice.csv.gz", "deprivation"),
        practices(published / P / "icb_allocation_tool_2025_2026.csv.gz", "weighted_populations"),
        practices(
            published / P / "Submissions_via_OC_Systems_in_General_Practice_-_February_2026.xlsx",
            "online_consultations",
        ),
        *(
            practices(published / P / f"gp-reg-pat-prac-all-{month}.csv.gz", "list_sizes")
            for month in ("oct-25", "nov-25", "dec-25", "jan-26", "mar-26")
        ),
    ]
    assert len(set.intersection(*sets)) == 6_101


def test_6284_practices_are_in_every_file_of_2022_23(published: Path) -> None:
    need = published / "commissioner/need/allocation_need_practice_2023-24.csv.gz"
    sets = [
        practices(published / P / "nhspaymentsgp-22-23-prac-csv.csv.gz", "payment_practices"),
        practices(published / P / "QOF_2022-23.csv.gz", "qof_overall"),
        practices(
            published / P / "derived/gp_workforce_practice_2023.csv.gz", "workforce_patients"
        ),
        practices(need, "weighted_populations"),
        practices(published / P / "fingertips-93553-imd-2019-gp-practice.csv.gz", "deprivation"),
        practices(published / P / "PREVALENCE_2122.csv.gz", "qof_registers"),
    ]
    assert len(set.intersection(*sets)) == 6_284
