"""A file too large to be opened whole comes into the lake in pieces, as if it had been small."""

from __future__ import annotations

import gzip
import json
import zipfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from locality.figures.schemas import SOURCE_TABLES
from locality.sources import Document, documents
from locality.sources.large_files import gzipped, is_large
from locality.sources.opening import Limits
from locality.sources.reading import Refused
from locality.store import Disk, Lake, LakeError
from locality.store.engines import DuckEngine
from tests.sources import made
from tests.sources.publications.made_prescribing import OLD, month, row

NOW = datetime(2026, 11, 23, tzinfo=UTC)
WHOLE = 20_000


def lake(home: Path, whole: int = WHOLE, disk: Disk | None = None) -> Lake:
    return Lake(
        home, disk=disk, whole=whole, open_documents=partial(documents, limits=Limits(opened=whole))
    )


def content(times: int = 200, **more: Any) -> bytes:
    others = [row("A81002", items=number, **more) for number in range(times)]
    return made.text(month([row(**more), row("-", **more), *others])).encode()


def wrapped(folder: Path, name: str, text: bytes) -> Path:
    """Write ``text`` as the name says: plain, gzipped or alone in an archive."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    if name.endswith(".zip"):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("epd.csv", text)
    else:
        path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    return path


def drafts(made_in: Lake) -> list[str]:
    return [place.name for place in (made_in.folder / "drafts/documents").iterdir()]


@pytest.mark.parametrize("name", ["epd.csv", "epd.csv.gz", "epd.zip"])
@pytest.mark.parametrize("in_a_folder", [False, True])
def test_a_large_file_is_held_as_a_small_one_would_be(
    tmp_path: Path, name: str, in_a_folder: bool
) -> None:
    text = content()
    path = wrapped(tmp_path / "in", name, text)
    assert is_large(path, WHOLE) and not is_large(path)
    large, small = lake(tmp_path / "large"), lake(tmp_path / "small", whole=10**9)
    held = []
    for one in (large, small):
        report = one.ingest([path.parent if in_a_folder else path], clock=lambda: NOW)
        (outcome,) = report.outcomes
        assert (outcome.outcome, outcome.rows, outcome.period) == ("stored", 201, "2017-M09")
        (reading,) = one.holdings().readings
        rows, many = reading.tables["prescribing_rows"]
        held.append((pq.read_table(rows), many, {**vars_of(reading), "tables": None}))
        assert one.content(reading.sha256) == text and drafts(one) == []
    assert held[0] == held[1]
    (record,) = (tmp_path / "large/lake/documents").glob("*/reading.json")
    assert json.loads(record.read_text())["bytes"] == len(text)


def vars_of(reading: Any) -> dict[str, Any]:
    return {name: getattr(reading, name) for name in reading.__dataclass_fields__}


def test_it_is_counted_and_counted_again_from_its_bytes(tmp_path: Path) -> None:
    path = wrapped(tmp_path, "epd.csv", content())
    home = lake(tmp_path / "home")
    home.ingest([path], clock=lambda: NOW)
    (sha,) = home.holdings().documents
    assert is_large(home.folder / "documents" / sha / "document.gz", WHOLE)
    version = home.build(lambda draft: draft.count_rows(DuckEngine()), made_at=NOW)
    counts = version.table("prescribing")
    assert sum(one["items"] for one in counts.rows) == 3 + sum(range(200))
    schema = SOURCE_TABLES["prescribing"]
    assert home.counts_again(sha, "prescribing").cast(schema.arrow).equals(counts.data)
    (again,) = home.read_again(sha)
    (held,) = home.holdings().readings
    rows, _ = held.tables["prescribing_rows"]
    assert again.tables["prescribing_rows"].data.equals(pq.read_table(rows))
    assert (again.period, again.rows, again.set_aside) == (held.period, held.rows, held.set_aside)
    # A lake that reads it whole comes to the same.
    whole = lake(tmp_path / "home", whole=10**9)
    assert whole.counts_again(sha, "prescribing").cast(schema.arrow).equals(counts.data)


def test_the_same_file_is_held_once_and_a_newer_one_replaces_it(tmp_path: Path) -> None:
    home = lake(tmp_path / "home")
    first = wrapped(tmp_path, "epd.csv", content())
    packed = wrapped(tmp_path, "epd.zip", content())
    newer = wrapped(tmp_path, "epd_newer.csv", content(201))
    home.ingest([first], clock=lambda: NOW)
    told = home.ingest([packed, newer, first], clock=lambda: NOW).outcomes
    assert [one.outcome for one in told] == ["already held", "replaces epd.csv", "already held"]
    assert len(home.holdings().documents) == 2 and drafts(home) == []


PATIENTS = made.text(
    [[*OLD, "NHS_NUMBER"], *([*row(), value] for value in made.nhs_numbers(200))]
).encode()


@pytest.mark.parametrize(
    ("text", "outcome", "sentence"),
    [
        (PATIENTS, "refused", "single patients"),
        (content()[:-20], "refused", "stops in the middle of line 203"),
        (content(month="203001"), "refused", "dated January 2030"),
        (b"a,b\n" + b"1,2\n" * 9000, "not recognised", "English Prescribing Dataset"),
    ],
)
@pytest.mark.parametrize("name", ["epd.csv", "epd.csv.gz", "epd.zip"])
def test_a_large_file_that_is_not_taken_leaves_nothing_behind(
    tmp_path: Path, name: str, text: bytes, outcome: str, sentence: str
) -> None:
    path = wrapped(tmp_path, name, text)
    home = lake(tmp_path / "home")
    (told,) = home.ingest([path], clock=lambda: NOW).outcomes
    assert told.outcome == outcome and sentence in told.sentence
    assert not home.holdings().documents and drafts(home) == []
    assert list((home.folder / "documents").iterdir()) == []


class Watched(Disk):
    """A disk that notes each step, and whether patients' numbers were on it by then."""

    def __init__(self, root: Path) -> None:
        self.root, self.seen = root, False

    def step(self, what: str, path: Path) -> None:
        del what, path
        number = made.nhs_numbers(1)[0].encode()
        for file in self.root.rglob("*"):
            if file.is_file():
                found = file.read_bytes()
                self.seen |= number in found or file.name == "document.gz"


def test_nothing_of_a_file_of_patients_is_ever_on_the_disk(tmp_path: Path) -> None:
    path = wrapped(tmp_path / "in", "epd.csv", PATIENTS)
    disk = Watched(tmp_path / "home")
    (told,) = lake(tmp_path / "home", disk=disk).ingest([path], clock=lambda: NOW).outcomes
    assert told.outcome == "refused" and not disk.seen


class PowerCut(BaseException):
    """What no ``except Exception`` can catch, as a cut of the power."""


class FailingDisk(Disk):
    """A disk that stops before its ``last`` step."""

    def __init__(self, last: int) -> None:
        self.last, self.steps = last, 0

    def step(self, what: str, path: Path) -> None:
        del what, path
        if self.steps == self.last:
            raise PowerCut
        self.steps += 1


def test_a_power_cut_at_any_step_leaves_it_whole_or_not_at_all(tmp_path: Path) -> None:
    path = wrapped(tmp_path, "epd.csv", content())
    disk = FailingDisk(-1)
    lake(tmp_path / "whole", disk=disk).ingest([path], clock=lambda: NOW)
    for last in range(disk.steps):
        home = tmp_path / f"cut {last}"
        with pytest.raises(PowerCut):
            lake(home, disk=FailingDisk(last)).ingest([path], clock=lambda: NOW)
        cut = lake(home)
        whole = len(cut.holdings().documents)
        (told,) = cut.ingest([path], clock=lambda: NOW).outcomes
        assert told.outcome == ("already held" if whole else "stored")
        (reading,) = cut.holdings().readings
        assert cut.content(reading.sha256) == path.read_bytes() and drafts(cut) == []
    assert disk.steps > 8


def test_a_file_that_changes_under_the_reader_is_not_kept(tmp_path: Path) -> None:
    path = wrapped(tmp_path, "epd.csv", content())
    sha = Document("epd.csv", path.read_bytes()).sha256
    assert gzip.decompress(b"".join(gzipped(path, sha))) == path.read_bytes()
    path.write_bytes(content(201))
    with pytest.raises(Refused, match="changed while it was read"):
        list(gzipped(path, sha))


def test_what_is_large_is_told_without_opening_it(tmp_path: Path) -> None:
    for name in ("epd.csv", "epd.csv.gz", "epd.zip"):
        path = wrapped(tmp_path, name, content())
        size = len(content())
        assert is_large(path, size - 1) and not is_large(path, size)
    for name, inside in (("cut.zip", b"PK\x03\x04"), ("cut.gz", b"\x1f"), ("book.xlsx", b"x" * 99)):
        (tmp_path / name).write_bytes(inside)
        assert not is_large(tmp_path / name, 10)
    assert not is_large(tmp_path / "absent.csv", 0)
    # A gzip file of 4 GiB and a little tells only the little; its own size gives it away.
    (tmp_path / "wrapped.gz").write_bytes(b"\x1f\x8b" + b"x" * 500 + (7).to_bytes(4, "little"))
    assert is_large(tmp_path / "wrapped.gz", 1000)


def test_a_document_that_is_not_held_says_so(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match="holds no document"):
        lake(tmp_path / "home").read_again("0" * 64)
