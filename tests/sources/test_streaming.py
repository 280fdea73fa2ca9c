"""A file read in pieces gives what the same file read whole gives, and is refused for the same."""

from __future__ import annotations

import gzip
import io
import tempfile
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locality.sources import Document, NotRecognised, Refused, documents, read
from locality.sources.opening import Limits
from locality.sources.streaming import Streamed, streamed
from tests.sources import made
from tests.sources.publications.made_prescribing import NEW, OLD, month, row

#: So small that a few rows make a piece.
PIECE = 4096


def pieces(folder: Path, content: bytes, name: str = "epd.csv", **more: Any) -> Streamed:
    (folder / name).write_bytes(content)
    return streamed(folder / name, folder / "rows.parquet", **{"piece": PIECE, **more})


def text(rows: Any) -> bytes:
    return made.text(rows).encode()


def outcome_of_whole(content: bytes) -> Any:
    document = Document("epd.csv", content, "epd.csv")
    try:
        (reading,) = read(document)
    except Refused as refused:
        return str(refused)
    rows = reading.tables["prescribing_rows"].data.combine_chunks()
    return (
        document.sha256, len(content), reading.publication, reading.period, reading.rows,
        reading.practices, reading.reader_version, reading.set_aside, reading.notes, rows,
    )  # fmt: skip


def outcome_of_pieces(content: bytes) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = pieces(Path(folder), content)
        except Refused as refused:
            assert [one.name for one in Path(folder).iterdir()] == ["epd.csv"]
            return str(refused)
        rows = pq.read_table(found.path).combine_chunks()
    return (
        found.sha256, found.size, found.publication, found.period, found.rows, found.practices,
        found.reader_version, found.set_aside, found.notes, rows,
    )  # fmt: skip


_LINE = st.one_of(
    st.just(row()),
    st.builds(
        row,
        st.sampled_from(["A81001", "A81002", "-", "RXX01", "THE SURGERY", ""]),
        st.sampled_from(["0501013B0AAABAB", "21070410110", "short"]),
        st.sampled_from([0, 3, "", "x", -1, "3."]),
        st.sampled_from([63.0, "", "*", -2.5]),
    ),
    st.just([*row(), "one too many"]),
    st.just(row()[:-2]),
    st.just([""] * len(OLD)),
    st.just([cell if place != 7 else "TWO\nLINES" for place, cell in enumerate(row())]),
)


@settings(max_examples=80)
@given(st.lists(_LINE, max_size=20), st.integers(1, 20))
def test_pieces_and_whole_come_to_the_same(lines: list[Any], times: int) -> None:
    # Enough good rows first, so that both take the first line for the header.
    content = text(month([*[row()] * 40, *(lines * times)]))
    whole, parts = outcome_of_whole(content), outcome_of_pieces(content)
    if isinstance(whole, str) or isinstance(parts, str) or b"TWO\nLINES" not in content:
        assert parts == whole or (isinstance(parts, str) and b"TWO\nLINES" in content)
    else:
        # Lines are counted as rows here: a cell with a break in it moves the lines after it.
        assert (*parts[:7], parts[9]) == (*whole[:7], whole[9])
        assert [(a.reason, a.rows) for a in parts[7]] == [(a.reason, a.rows) for a in whole[7]]


def test_many_pieces_keep_every_row_and_its_line(tmp_path: Path) -> None:
    rows = [row(items=number) for number in range(2000)]
    rows[1500][OLD.index("ITEMS")] = "many"
    rows[700] = rows[700][:-1]
    found = pieces(tmp_path, text(month(rows)))
    assert found.rows == 1998
    assert [(one.rows, one.example) for one in found.set_aside] == [
        (1, "line 1,502 (A81001)"),
        (1, "line 702"),
    ]
    items = pq.read_table(found.path).column("items").to_pylist()
    assert items == [number for number in range(2000) if number not in (700, 1500)]


def zipped(content: bytes, *names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("name", ["epd.csv", "epd.csv.gz", "epd.zip"])
def test_its_wrapping_changes_nothing(tmp_path: Path, name: str) -> None:
    content = text([NEW, *(row(month="2026-06", snomed=True) for _ in range(500))])
    wrapped = {
        "epd.csv": content,
        "epd.csv.gz": gzip.compress(content),
        "epd.zip": zipped(content, "__MACOSX/._epd.csv", "epd.csv"),
    }[name]
    found = pieces(tmp_path, wrapped, name)
    (document,) = documents(tmp_path / "epd.csv") if name == "epd.csv" else (None,)
    assert found.sha256 == Document("epd.csv", content).sha256
    assert document is None or (isinstance(document, Document) and document.sha256 == found.sha256)
    assert (found.name, found.came_in, found.size) == ("epd.csv", name, len(content))
    assert (found.period, found.rows) == ("2026-M06", 500)


def test_letters_of_windows_are_read(tmp_path: Path) -> None:
    rows = month([row() for _ in range(100)])
    rows[90][OLD.index("PRACTICE_NAME")] = "CAFÉ"
    found = pieces(tmp_path, made.text(rows).encode("cp1252"))
    assert found.rows == 100
    assert "Windows-1252" in found.notes[0]


def test_few_numbers_of_patients_in_each_piece_are_seen_together(tmp_path: Path) -> None:
    rows = [row() for _ in range(400)]
    for place, value in zip((10, 130, 250, 380), made.nhs_numbers(4), strict=True):
        rows[place][OLD.index("ADDRESS_2")] = value
    with pytest.raises(Refused, match=r"4 different values that pass the check of an NHS number"):
        pieces(tmp_path, text(month(rows)))
    assert not (tmp_path / "rows.parquet").exists()


@pytest.mark.parametrize("header", ["PATIENT_NAME", "NHS_NUMBER"])
def test_columns_of_patients_are_refused(tmp_path: Path, header: str) -> None:
    values = made.nhs_numbers(50)
    content = text([[*OLD, header], *([*row(), value] for value in values)])
    with pytest.raises(Refused, match="single patients"):
        pieces(tmp_path, content)


def test_a_number_of_a_patient_beyond_the_last_column_is_seen(tmp_path: Path) -> None:
    rows = [row() for _ in range(50)]
    rows += [[*row(), value] for value in made.nhs_numbers(3)]
    with pytest.raises(Refused, match="pass the check of an NHS number"):
        pieces(tmp_path, text(month(rows)))


LONG = text(month([row() for _ in range(300)]))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("epd.csv", LONG[:-60], "stops in the middle of line 301"),
        ("epd.csv.gz", gzip.compress(LONG)[:-40], "stops before its end"),
        ("epd.csv.gz", gzip.compress(LONG)[:60] + b"\0" * 60, "damaged"),
        ("epd.zip", zipped(LONG, "epd.csv")[:-30], "archive is damaged"),
        ("epd.zip", zipped(LONG, "one.csv", "two.csv"), "holds 2 files"),
        ("epd.csv", b"", "file is empty"),
        ("epd.csv", b"<!doctype html><html><body>Sign in</body></html>\n", "web page"),
        ("epd.csv", text([OLD]), "a header and no rows"),
        ("epd.csv", text(month([row("?") for _ in range(300)])), "300 of its 300 rows"),
        ("epd.csv", text(month([row(), *[row(month="201710")] * 40])), "2 different months"),
    ],
)
def test_damaged_files_are_refused(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        pieces(tmp_path, content, name)
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_a_month_to_come_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="dated September 2017"):
        pieces(tmp_path, LONG, today=date(2017, 1, 1))


@pytest.mark.parametrize(
    ("name", "content"),
    [("epd.csv", text([["a", "b"], ["1", "2"]])), ("epd.xlsx", b"PK"), ("epd.txt", LONG)],
)
def test_other_files_are_not_taken(tmp_path: Path, name: str, content: bytes) -> None:
    with pytest.raises(NotRecognised):
        pieces(tmp_path, content, name)


def test_what_opens_out_too_far_is_stopped(tmp_path: Path) -> None:
    small = Limits(opened=10_000)
    with pytest.raises(Refused, match="more than any publication"):
        pieces(tmp_path, gzip.compress(LONG), "epd.csv.gz", limits=small)
    packed = Limits(ratio=2, ratio_from=100)
    with pytest.raises(Refused, match="more than any publication"):
        pieces(tmp_path, gzip.compress(LONG), "epd.csv.gz", limits=packed)


@pytest.mark.published
@pytest.mark.parametrize("name", ["epd_201709_4practices", "epd_201710_4practices"])
def test_published_rows_are_the_same_in_pieces(published: Path, tmp_path: Path, name: str) -> None:
    path = published / "practice" / f"{name}.csv.gz"
    (document,) = documents(path)
    assert isinstance(document, Document)
    (reading,) = read(document)
    found = streamed(path, tmp_path / "rows.parquet", piece=65_536)
    assert found.sha256 == document.sha256
    assert (found.rows, found.period, found.set_aside) == (reading.rows, reading.period, ())
    assert pq.read_table(found.path).equals(reading.tables["prescribing_rows"].data)
