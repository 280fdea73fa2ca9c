"""Files, folders and archives: every failure is one outcome, and the batch goes on."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from locality.sources import Document, Unopened, documents
from locality.sources.opening import Limits
from tests.sources import made

CSV = made.text(made.list_sizes()).encode()


def opened(path: Path, limits: Limits | None = None) -> list[Document | Unopened]:
    return list(documents(path, limits) if limits else documents(path))


def put(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def only(found: list[Document | Unopened]) -> Unopened:
    (one,) = found
    assert isinstance(one, Unopened)
    return one


def test_the_same_csv_is_the_same_document_however_it_is_wrapped(tmp_path: Path) -> None:
    put(tmp_path, "plain.csv", CSV)
    put(tmp_path, "pressed.csv.gz", made.gzipped(CSV))
    put(tmp_path, "archived.zip", made.zipped({"inner/list.csv": CSV}))
    put(tmp_path, "both.zip", made.zipped({"list.csv.gz": made.gzipped(CSV)}))
    put(tmp_path, "twice.zip", made.zipped({"list.zip": made.zipped({"list.csv": CSV})}))
    found = opened(tmp_path)
    assert all(isinstance(one, Document) for one in found)
    assert {one.sha256 for one in found} == {Document("x", CSV).sha256}  # type: ignore[union-attr]
    assert [(one.name, one.came_in) for one in found] == [
        ("list.csv", "archived.zip"),
        ("list.csv", "both.zip"),
        ("plain.csv", "plain.csv"),
        ("pressed.csv", "pressed.csv.gz"),
        ("list.csv", "twice.zip"),
    ]


def test_folders_are_walked_in_order_and_hidden_files_are_passed_over(tmp_path: Path) -> None:
    for name in ("b/2.csv", "b/1.csv", "a.csv", ".hidden.csv", ".git/x.csv", "~$a.xlsx"):
        put(tmp_path, name, CSV)
    put(tmp_path, "c.zip", made.zipped({"__MACOSX/._c.csv": b"x", "c.csv": CSV}))
    assert [one.came_in for one in opened(tmp_path)] == ["a.csv", "c.zip", "b/1.csv", "b/2.csv"]


def test_one_bad_file_does_not_stop_the_batch(tmp_path: Path) -> None:
    put(tmp_path, "1.csv", CSV)
    put(tmp_path, "2.zip", b"PK\x03\x04 and then nothing")
    put(tmp_path, "3.csv.gz", made.gzipped(CSV)[:-20])
    put(tmp_path, "4.csv", CSV)
    kinds = [type(one).__name__ for one in opened(tmp_path)]
    assert kinds == ["Document", "Unopened", "Unopened", "Document"]


def test_one_damaged_member_does_not_hide_the_others(tmp_path: Path) -> None:
    content = bytearray(made.zipped({"a.csv": CSV, "b.csv": CSV * 3, "c.csv": CSV}))
    place = content.index(b"b.csv") + 30
    content[place : place + 8] = b"\xff" * 8
    found = opened(put(tmp_path, "x.zip", bytes(content)))
    assert [type(one).__name__ for one in found] == ["Document", "Unopened", "Document"]


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("notes.txt", "Save it as CSV"),
        ("old.xls", "save it as .xlsx"),
        ("letter.pdf", "not read here"),
        ("README", "no ending"),
        ("old.xls.gz", "old Excel"),
        ("data.7z", ".7z archive"),
    ],
)
def test_kinds_of_file_that_nobody_reads_are_named_and_are_no_error(
    tmp_path: Path, name: str, word: str
) -> None:
    content = made.gzipped(b"\xd0\xcf\x11\xe0") if name.endswith(".gz") else b"hello"
    one = only(opened(put(tmp_path, name, content)))
    assert not one.refused
    assert word in one.sentence


def test_magic_bytes_decide_not_the_name(tmp_path: Path) -> None:
    (found,) = opened(put(tmp_path, "list.csv", made.gzipped(CSV)))
    assert isinstance(found, Document)
    assert found.content == CSV


def test_a_workbook_is_not_opened_as_an_archive(tmp_path: Path) -> None:
    content = made.workbook({"Sheet1": made.in_year()})
    for name in ("counts.xlsx", "counts.csv"):
        (found,) = opened(put(tmp_path, name, content))
        assert isinstance(found, Document)
        assert found.content == content


def test_a_path_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    one = only(opened(tmp_path / "nowhere"))
    assert one.refused
    assert "Check the spelling" in one.sentence


def test_a_link_to_nothing_and_a_pipe_are_sentences(tmp_path: Path) -> None:
    (tmp_path / "gone.csv").symlink_to(tmp_path / "nowhere.csv")
    os.mkfifo(tmp_path / "pipe.csv")
    found = opened(tmp_path)
    assert [type(one).__name__ for one in found] == ["Unopened", "Unopened"]


@pytest.mark.parametrize(
    "name", ["/etc/list.csv", "../list.csv", "a/../../list.csv", "C:\\list.csv", "..\\list.csv"]
)
def test_names_that_leave_the_archive_refuse_the_whole_archive(tmp_path: Path, name: str) -> None:
    path = put(tmp_path, "x.zip", made.zipped({"fine.csv": CSV, name: CSV}))
    one = only(opened(path))
    assert one.refused
    assert "outside the archive" in one.sentence


def test_links_in_an_archive_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("list.csv")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert "link" in only(opened(path)).sentence


def test_a_locked_archive_is_refused(tmp_path: Path) -> None:
    content = bytearray(made.zipped({"list.csv": CSV}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    assert "password" in only(opened(put(tmp_path, "x.zip", bytes(content)))).sentence


def test_three_archives_in_one_another_are_refused(tmp_path: Path) -> None:
    content = made.zipped({"c.zip": made.zipped({"b.zip": made.zipped({"a.csv": CSV})})})
    assert "archive inside an archive" in only(opened(put(tmp_path, "x.zip", content))).sentence


def test_an_empty_archive_and_a_false_one_are_refused(tmp_path: Path) -> None:
    assert "empty" in only(opened(put(tmp_path, "a.zip", made.zipped({})))).sentence
    assert "empty" in only(opened(put(tmp_path, "b.zip", made.zipped({".x.csv": CSV})))).sentence
    assert "not one" in only(opened(put(tmp_path, "c.zip", CSV))).sentence
    assert "not one" in only(opened(put(tmp_path, "d.csv.gz", CSV))).sentence


SMALL = Limits(members=3, opened=2_000_000, ratio=50, ratio_from=100_000)


def test_bombs_are_refused_whatever_they_are_wrapped_in(tmp_path: Path) -> None:
    zeros = b"0" * 1_500_000
    bombs = {
        "a.zip": made.zipped({"a.csv": zeros}),
        "b.csv.gz": made.gzipped(zeros),
        "c.zip": made.zipped({"c.csv.gz": made.gzipped(zeros)}),
        "d.zip": made.zipped({"d.zip": made.zipped({"d.csv": zeros})}),
    }
    for name, content in bombs.items():
        one = only(opened(put(tmp_path, name, content), SMALL))
        assert one.refused
        assert "times its size" in one.sentence


def test_too_much_in_all_and_too_many_members_are_refused(tmp_path: Path) -> None:
    noise = os.urandom(450_000).hex().encode()
    many = made.zipped({f"{i}.csv": b"a,b\n" for i in range(4)})
    assert "more than 3 files" in only(opened(put(tmp_path, "m.zip", many), SMALL)).sentence
    large = made.zipped({f"{i}.csv": noise for i in range(3)})
    assert "more than 2 MB" in only(opened(put(tmp_path, "l.zip", large), SMALL)).sentence
    assert "larger than 2 MB" in only(opened(put(tmp_path, "p.csv", noise * 3), SMALL)).sentence


def test_an_archive_whose_list_of_contents_lies_is_refused(tmp_path: Path) -> None:
    content = bytearray(made.zipped({"a.csv": b"0" * 1_500_000}))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = content.index(mark) + offset
        content[start : start + 4] = (1000).to_bytes(4, "little")
    assert only(opened(put(tmp_path, "x.zip", bytes(content)), SMALL)).refused


def test_files_of_several_gzip_parts_are_read_whole(tmp_path: Path) -> None:
    content = made.gzipped(CSV[:100]) + made.gzipped(CSV[100:]) + b"\0" * 8
    (found,) = opened(put(tmp_path, "x.csv.gz", content))
    assert isinstance(found, Document)
    assert found.content == CSV
