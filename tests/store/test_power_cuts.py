"""The machine may stop before any change to the disk: the lake is whole before and after."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from locality.store import Disk, Draft, Lake
from tests.store.made import NOON, document, lake, listed, put, reading

ROOT = Path(__file__).resolve().parents[2]


class PowerCut(BaseException):
    """What no ``except Exception`` can catch, as a cut of the power."""


class FailingDisk(Disk):
    """A disk that stops before its ``last`` step: by raising, or by ending the process."""

    def __init__(self, last: int, really: bool = False) -> None:
        self.last, self.really = last, really
        self.steps: list[str] = []

    def step(self, what: str, path: Path) -> None:
        if len(self.steps) == self.last:
            if self.really:
                os._exit(9)
            raise PowerCut(f"{what} {path}")
        self.steps.append(f"{what} {path.name}")


def write(draft: Draft) -> None:
    draft.write_source_tables(("list_sizes", "age_sex"))
    draft.derive("lists")


def sizes(number: int) -> int:
    return 1000 + number


def given(number: int) -> dict[str, object]:
    return reading(
        "list_sizes",
        "2026-07-01",
        list_sizes=[listed("2026-07-01", "A81001", sizes(number))],
    )


def prepared(home: Path, builds: int = 3) -> Lake:
    """Return a lake with ``builds`` versions, and one document newer than the last of them."""
    made = lake(home)
    for number in range(builds):
        made.ingest([put(home / f"in{number}", document("sizes.csv", given(number)))])
        made.build(write, made_at=NOON + timedelta(days=number)).close()
    made.ingest([put(home / "last", document("sizes.csv", given(builds)))])
    return made


def serves(home: Lake) -> int:
    """Return the list size that the current version serves, having read all of its tables."""
    version = home.current()
    assert version is not None
    made = {"list_sizes", "age_sex", "lists", "latest", "judged", "models"}
    assert set(version.paths()) == made
    (patients,) = version.table("lists").data.column("patients").to_pylist()
    assert version.query("lists").column("patients").to_pylist() == [patients]
    version.close()
    return int(patients)


def leftovers(home: Lake) -> list[str]:
    drafts = home.folder / "drafts" / "versions"
    return [
        *(place.name for place in drafts.glob("*")),
        *(name for name in home.versions() if name > (home.folder / "current").read_text()),
    ]


def total_steps(tmp_path: Path) -> list[str]:
    home = prepared(tmp_path / "whole")
    disk = FailingDisk(-1)
    lake(home.home, disk).build(write, made_at=NOON + timedelta(days=9)).close()
    return disk.steps


def test_every_kind_of_change_is_walked(tmp_path: Path) -> None:
    kinds = {step.rsplit(" ", 1)[0] for step in total_steps(tmp_path)}
    assert kinds == {"make folder", "write", "sync", "sync folder", "rename", "replace", "remove"}


def test_a_build_cut_short_at_each_step_leaves_a_whole_version_serving(tmp_path: Path) -> None:
    steps = total_steps(tmp_path)
    home = prepared(tmp_path)
    swap = steps.index("replace current")
    for last in range(len(steps)):
        here = tmp_path / "cut"
        _copy(home.home, here)
        with pytest.raises(PowerCut):
            lake(here, FailingDisk(last)).build(write, made_at=NOON + timedelta(days=9))
        cut = lake(here)
        assert serves(cut) == (sizes(2) if last <= swap else sizes(3)), steps[last]
        cut.build(write, made_at=NOON + timedelta(days=10)).close()
        assert serves(cut) == sizes(3)
        assert leftovers(cut) == [] and len(cut.versions()) == 3
        _clear(here)


def test_an_ingest_cut_short_at_each_step_keeps_the_document_whole_or_not_at_all(
    tmp_path: Path,
) -> None:
    new = put(tmp_path / "new", document("sizes.csv", given(9)))
    prepared(tmp_path / "home", builds=1)
    complete = tmp_path / "complete"
    _copy(tmp_path / "home", complete)
    disk = FailingDisk(-1)
    lake(complete, disk).ingest([new])
    for last in range(len(disk.steps)):
        here = tmp_path / "cut"
        _copy(tmp_path / "home", here)
        with pytest.raises(PowerCut):
            lake(here, FailingDisk(last)).ingest([new])
        cut = lake(here)
        assert len(cut.holdings().documents) in (2, 3)
        assert serves(cut) == sizes(0)
        report = cut.ingest([new])
        assert report.outcomes[0].outcome in ("replaces sizes.csv", "already held")
        cut.build(write, made_at=NOON + timedelta(days=10)).close()
        assert serves(cut) == sizes(9)
        assert not list((cut.folder / "drafts" / "documents").iterdir())
        _clear(here)


_KILLED = """
import contextlib, os, sys
from datetime import timedelta
from pathlib import Path
from tests.store.made import NOON, lake
from tests.store.test_power_cuts import FailingDisk, serves, write

# What is imported here is not imported again at each of eighty forks: a second each.
with contextlib.suppress(ImportError):
    import pandas
import pyarrow.parquet

home, first, last = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
for step in range(first, last):
    child = os.fork()
    if not child:
        if serves(lake(home)) not in (1002, 1003):
            os._exit(7)
        lake(home, FailingDisk(step, really=True)).build(write, made_at=NOON + timedelta(days=9))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    print(step, os.waitstatus_to_exitcode(status), (home / "lake" / "current").read_text().strip())
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only POSIX can fork")
def test_a_process_killed_at_each_step_harms_nothing(tmp_path: Path) -> None:
    """Unlike an exception, this runs no ``finally``: each build meets the last one's leftovers."""
    home = prepared(tmp_path)
    before = (home.folder / "current").read_text().strip()
    most = len(total_steps(tmp_path)) + 40  # leftovers are cleared step by step too
    ended = subprocess.run(
        [sys.executable, "-c", _KILLED, str(tmp_path), "0", str(most)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stderr
    lines = [line.split() for line in ended.stdout.splitlines()]
    assert len(lines) == most
    assert {code for _, code, _ in lines} == {"9", "0"}
    killed_before = [current for _, code, current in lines if code == "9"]
    assert killed_before[0] == before
    assert serves(home) == sizes(3)
    home.build(write, made_at=NOON + timedelta(days=10)).close()
    assert leftovers(home) == [] and len(home.versions()) == 3


_RIVAL = """
import sys
from datetime import timedelta
from pathlib import Path
from tests.store.made import NOON, lake
from tests.store.test_power_cuts import serves, write

home = lake(Path(sys.argv[1]))
for day in range(4):
    home.build(write, made_at=NOON + timedelta(days=day)).close()
    assert serves(home) == 1003
"""


def test_two_refreshes_at_once_cannot_harm_each_other(tmp_path: Path) -> None:
    home = prepared(tmp_path)
    home.build(write, made_at=NOON).close()
    rivals = [
        subprocess.Popen(
            [sys.executable, "-c", _RIVAL, str(tmp_path)],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for rival in rivals:
        _, said = rival.communicate(timeout=120)
        assert rival.returncode == 0, said
    assert serves(home) == sizes(3)
    assert leftovers(home) == [] and len(home.versions()) == 3
    assert home.versions()[-1].startswith("000012-")


def test_who_will_not_wait_is_told_that_another_refresh_runs(tmp_path: Path) -> None:
    from locality.store import LakeBusy

    home = lake(tmp_path)
    seen: list[str] = []

    def inside(draft: Draft) -> None:
        with pytest.raises(LakeBusy, match="Another refresh"):
            lake(tmp_path).build(write, made_at=NOON, wait=0)
        seen.append(draft.id)

    home.build(inside, made_at=NOON).close()
    assert len(seen) == 1


def _copy(old: Path, new: Path) -> None:
    """Copy the lake under ``old`` by links: its files never change once written."""
    (new / "lake").mkdir(parents=True)
    for place in sorted((old / "lake").rglob("*")):
        there = new / place.relative_to(old)
        if place.is_dir():
            there.mkdir()
        elif place.name == "current":
            there.write_bytes(place.read_bytes())
        else:
            os.link(place, there)


def _clear(folder: Path) -> None:
    Disk().remove(folder)
