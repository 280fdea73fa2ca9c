from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from locality.figures import Problem
from locality.sources.synthetic import LATE_CORRECTION, write
from tests.sources.synthetic.plainly import Plain


def fingerprint(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_same_seed_same_bytes_in_another_process(locality: Plain, tmp_path: Path) -> None:
    again = tmp_path / "again"
    code = f"from locality.sources.synthetic import write; write({str(again)!r})"
    # Another hash seed, time zone and language: none may reach the files.
    environment = os.environ | {"PYTHONHASHSEED": "12345", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=120)
    assert fingerprint(again) == fingerprint(locality.folder)


def test_another_seed_is_another_locality(locality: Plain, tmp_path: Path) -> None:
    other = Plain(write(tmp_path / "other", seed=2027))
    before, after = fingerprint(locality.folder), fingerprint(other.folder)
    same = {name for name in before.keys() & after.keys() if before[name] == after[name]}
    # Places go by code, and codes do not depend on the seed; nothing else may be alike.
    assert not {
        name for name in same if name.startswith(("PREV", "gp-reg", "alloc", "GP_P", "epr"))
    }


def test_truths_name_every_file(made: Plain) -> None:
    there = set(fingerprint(made.folder))
    named = {one["file"] for one in made.truths["files"]}
    correction = made.planted["late_correction"]["file"]
    assert there == named | {correction, "truths.json"}
    assert correction.startswith(f"{LATE_CORRECTION}/")
    assert LATE_CORRECTION.startswith("."), "hidden, so that ingesting the folder leaves it out"


def test_a_folder_with_anything_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("keep")
    with pytest.raises(Problem, match="not an empty folder"):
        write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.csv"]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"practices": 29}, "30 to 9,000 practices; 29"),
        ({"practices": 9001}, "30 to 9,000 practices; 9,001"),
        ({"years": 2}, "3 to 10 years; 2"),
        ({"years": 11}, "3 to 10 years; 11"),
    ],
)
def test_what_cannot_be_made_is_a_sentence_and_writes_nothing(
    tmp_path: Path, asked: dict[str, int], says: str
) -> None:
    with pytest.raises(Problem, match=says):
        write(tmp_path / "new", **asked)  # type: ignore[arg-type]
    assert not (tmp_path / "new").exists()


def test_progress_is_told_and_never_runs_past_its_end(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    write(tmp_path, practices=30, years=3, progress=lambda *what: told.append(what))
    done = [number for _, number, _ in told]
    assert done == sorted(done) and done[0] == 0
    assert all(number <= of for _, number, of in told)
    assert told[-1][1] == told[-1][2]


@pytest.mark.parametrize("years", [3, 4, 10])
def test_any_number_of_years_ends_with_the_same_one(tmp_path: Path, years: int) -> None:
    made = Plain(write(tmp_path, practices=30, years=years))
    periods = sorted(made.files("qof_prevalence"))
    assert len(periods) == years and periods[-1] == "2025-26"
    assert max(made.files("practice_map")) == "2026-07-01"
