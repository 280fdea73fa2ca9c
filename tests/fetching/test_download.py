"""One file: fetched once, taken up where it broke, checked, and nothing left of a bad one."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import shutil
import zipfile
from collections import namedtuple
from pathlib import Path

import pytest

from locality.fetching import download as downloading
from tests.fetching.made import NOON, ROWS, Clock, fetched, fixed, listed, visitor
from tests.fetching.serving import Server, file, says

NAME = "practices-nov-26.csv"
SHA256 = hashlib.sha256(ROWS).hexdigest()


def test_a_file_comes_whole_and_is_noted(server: Server, tmp_path: Path) -> None:
    address = server.put("/report?name=a", file(ROWS, '"one"'))
    row = fetched(fixed(address), tmp_path / "new")
    assert row["state"] == "fetched" and row["sentence"] == "Fetched."
    assert Path(row["file"]) == tmp_path / "new" / NAME
    assert (tmp_path / "new" / NAME).read_bytes() == ROWS
    assert (row["bytes"], row["sha256"], row["address"]) == (len(ROWS), SHA256, address)
    noted = json.loads((tmp_path / "new" / "fetched.json").read_text())
    assert noted["begun"] == []
    assert noted["files"] == [
        {
            "file": NAME, "subject": "ods_practices", "address": address, "bytes": len(ROWS),
            "sha256": SHA256, "fetched_at": "2026-11-22T12:00:00+00:00",
            "seal": {"etag": '"one"', "last_modified": ""},
        }
    ]  # fmt: skip
    assert listed(tmp_path / "new") == {NAME, "fetched.json"}


def test_who_asks_says_its_name_and_contact(server: Server, tmp_path: Path) -> None:
    one = fixed(server.put("/f", file(ROWS)))
    fetched(one, tmp_path, visitor=visitor(contact="https://example.org/us"))
    (_, headers), *_ = server.asked
    assert headers["User-Agent"].startswith("Locality/")
    assert "+https://example.org/us" in headers["User-Agent"]
    assert headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("contact", ["a\r\nX-Evil: 1", "é@example.org", "a) (b"])
def test_a_contact_that_cannot_be_sent_is_refused(
    contact: str, server: Server, tmp_path: Path
) -> None:
    row = fetched(fixed(server.put("/f", file(ROWS))), tmp_path, visitor=visitor(contact=contact))
    assert row["state"] == "failed" and "LOCALITY_CONTACT" in row["sentence"]
    assert server.asked == []


@pytest.mark.parametrize(
    ("etag", "modified"),
    [('"one"', ""), ('W/"one"', ""), ("", "Sat, 21 Nov 2026 09:00:00 GMT")],
)
def test_an_unchanged_file_is_not_sent_again(
    etag: str, modified: str, server: Server, tmp_path: Path
) -> None:
    one = fixed(server.put("/f", file(ROWS, etag, modified)))
    fetched(one, tmp_path)
    row = fetched(one, tmp_path, clock=lambda: NOON.replace(month=12))
    assert row["state"] == "unchanged"
    assert row["sentence"] == "The publisher's file is still the one fetched on 2026-11-22."
    assert row["file"].endswith(NAME)
    _, headers = server.asked[1]
    assert (headers.get("If-None-Match"), headers.get("If-Modified-Since")) == (
        etag or None, modified or None,
    )  # fmt: skip
    assert listed(tmp_path) == {NAME, "fetched.json"}


def test_an_unmarked_file_is_known_by_its_hash(server: Server, tmp_path: Path) -> None:
    one = fixed(server.put("/f", file(ROWS)))
    fetched(one, tmp_path)
    row = fetched(one, tmp_path, clock=lambda: NOON.replace(month=12))
    assert row["state"] == "unchanged"
    assert listed(tmp_path) == {NAME, "fetched.json"}


def test_a_newer_file_takes_the_place_or_stands_beside(server: Server, tmp_path: Path) -> None:
    one = fixed(server.put("/f", file(ROWS, '"1"'), file(ROWS + b"B1,2\n", '"2"'), file(b"a\nb\n")))
    fetched(one, tmp_path)
    row = fetched(one, tmp_path)
    assert row["state"] == "fetched"
    assert row["sentence"] == "Fetched: a newer file, in place of the one of 2026-11-22."
    assert (tmp_path / NAME).read_bytes() == ROWS + b"B1,2\n"
    row = fetched(one, tmp_path, clock=lambda: NOON.replace(month=12))
    assert row["sentence"] == f"Fetched: a newer file; {NAME} of 2026-11-22 stays beside it."
    assert listed(tmp_path) == {NAME, "practices-dec-26.csv", "fetched.json"}


def test_a_file_that_was_changed_or_lost_here_is_asked_for_anew(
    server: Server, tmp_path: Path
) -> None:
    one = fixed(server.put("/f", file(ROWS, '"one"')))
    fetched(one, tmp_path)
    (tmp_path / NAME).unlink()
    assert fetched(one, tmp_path)["state"] == "fetched"
    assert "If-None-Match" not in server.asked[1][1]
    for mine in (b"mine", ROWS[::-1]):
        (tmp_path / NAME).write_bytes(mine)
        row = fetched(one, tmp_path)
        assert row["state"] == "failed" and "is not as locality fetch left it" in row["sentence"]
        assert (tmp_path / NAME).read_bytes() == mine


def test_somebody_elses_file_is_never_written_over(server: Server, tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"mine")
    row = fetched(fixed(server.put("/f", file(ROWS))), tmp_path)
    assert row["state"] == "failed" and "Move it away" in row["sentence"]
    assert (tmp_path / NAME).read_bytes() == b"mine" and server.asked == []


def test_a_cut_connection_is_taken_up_where_it_broke(server: Server, tmp_path: Path) -> None:
    cuts = [file(ROWS, '"one"', cut=n) for n in (100_000, 300_000, 500_000)]
    one = fixed(server.put("/f", *cuts, file(ROWS, '"one"')))
    row = fetched(one, tmp_path)
    assert row["state"] == "fetched" and row["sha256"] == SHA256
    assert [h.get("Range") for _, h in server.asked] == [
        None, "bytes=100000-", "bytes=300000-", "bytes=500000-",
    ]  # fmt: skip
    assert {h.get("If-Range") for _, h in server.asked[1:]} == {'"one"'}
    assert listed(tmp_path) == {NAME, "fetched.json"}


def test_what_came_waits_for_the_next_time(server: Server, tmp_path: Path) -> None:
    modified = "Sat, 21 Nov 2026 09:00:00 GMT"
    one = fixed(server.put("/f", file(ROWS, "", modified, cut=200_000)))
    row = fetched(one, tmp_path)
    assert row["state"] == "failed" and "goes on from there" in row["sentence"]
    assert listed(tmp_path) == {f".{NAME}.part", "fetched.json"}
    tried = len(server.asked)
    server.put("/f", file(ROWS, "", modified))
    assert fetched(one, tmp_path)["sha256"] == SHA256
    assert [h.get("Range") for _, h in server.asked[tried:]] == ["bytes=200000-"]


def test_a_file_that_changed_meanwhile_starts_anew(server: Server, tmp_path: Path) -> None:
    newer = b"x" + ROWS
    one = fixed(server.put("/f", file(ROWS, '"one"', cut=200_000), file(newer, '"two"')))
    assert fetched(one, tmp_path)["sha256"] == hashlib.sha256(newer).hexdigest()
    assert (tmp_path / NAME).read_bytes() == newer


def test_a_server_that_gives_a_wrong_piece_is_asked_for_the_whole(
    server: Server, tmp_path: Path
) -> None:
    wrong = says(206, b"wrong", ETag='"one"', Content_Range=f"bytes 7-11/{len(ROWS)}")
    other = says(206, b"x" * (len(ROWS) - 200_000), ETag='"two"',
                 Content_Range=f"bytes 200000-{len(ROWS) - 1}/{len(ROWS)}")  # fmt: skip
    for piece in (wrong, other, says(416)):
        answers = file(ROWS, '"one"', cut=200_000), piece, file(ROWS, '"one"')
        one = fixed(server.put("/f", *answers))
        into = tmp_path / str(len(listed(tmp_path)))
        assert fetched(one, into)["sha256"] == SHA256


def test_a_weakly_marked_file_is_not_pieced_together(server: Server, tmp_path: Path) -> None:
    one = fixed(server.put("/f", file(ROWS, 'W/"1"', cut=9000), file(ROWS, 'W/"1"')))
    assert fetched(one, tmp_path)["sha256"] == SHA256
    assert all("Range" not in headers for _, headers in server.asked)


HTML = b"<!DOCTYPE html><html><body>Please sign in</body></html>" * 9
ZIP = io.BytesIO()
with zipfile.ZipFile(ZIP, "w") as made:
    made.writestr("a.csv", ROWS)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (says(200, HTML), "a web page instead of the file"),
        (says(200, b"\xef\xbb\xbf \n<HTML lang=en>"), "a web page instead of the file"),
        (says(200, b'{"message": "no such report"}'), "(JSON)"),
        (says(200, ZIP.getvalue()), "something else than a CSV file"),
        (says(200, b"code,patients\n"), "holds no row"),
        (says(200, b""), "an empty file"),
        (says(404), "has nothing at this address any more (404)"),
        (says(410), "has nothing at this address any more (410)"),
        (says(403), "does not give this file to programs (403)"),
        (says(418), "answered 418"),
        (says(200, b"a\n" + b"x" * 1_000_001), "larger than any file of this publication (1 MB)"),
        (says(302, Location="http://example.org/f"), "only https will do"),
        (says(302, Location="ftp://example.org/f"), "only https will do"),
        (says(302, Location="file:///etc/passwd"), "an address that is not followed"),
        (says(304), "nothing is here"),
    ],
)
def test_nothing_is_left_of_what_is_not_the_file(
    answer: object, words: str, server: Server, tmp_path: Path
) -> None:
    row = fetched(fixed(server.put("/f", answer), largest_mb=1), tmp_path)  # type: ignore[arg-type]
    assert row["state"] == "failed" and words in row["sentence"]
    assert row["file"] is None
    assert len(server.asked) == 1
    assert listed(tmp_path) <= {"fetched.json"}
    if listed(tmp_path):
        noted = json.loads((tmp_path / "fetched.json").read_text())
        assert (noted["files"], noted["begun"]) == ([], [])


def test_what_fails_leaves_the_older_file_as_it_was(server: Server, tmp_path: Path) -> None:
    one = fixed(server.put("/f", file(ROWS, '"1"'), says(200, HTML), says(404)))
    fetched(one, tmp_path)
    before = (tmp_path / "fetched.json").read_text()
    for _ in range(2):
        assert fetched(one, tmp_path)["state"] == "failed"
        assert (tmp_path / NAME).read_bytes() == ROWS
        assert (tmp_path / "fetched.json").read_text() == before


def test_a_file_too_large_is_refused_before_it_comes(server: Server, tmp_path: Path) -> None:
    address = server.put("/f", says(200, b"a\n1\n", Content_Length="2000000"))
    row = fetched(fixed(address, largest_mb=1), tmp_path)
    assert "larger than any file" in row["sentence"] and listed(tmp_path) <= {"fetched.json"}


def test_a_workbook_or_archive_must_be_whole(server: Server, tmp_path: Path) -> None:
    whole = ZIP.getvalue()
    for body, words in ((whole, ""), (whole[:-30], "without its end"), (ROWS, "than a zip")):
        one = fixed(server.put("/f", says(200, body)), content="zip", save_as="a.zip")
        row = fetched(one, tmp_path / str(len(body)))
        assert (row["state"] == "fetched") == (not words) and words in row["sentence"]


def test_a_small_disk_is_told_before_and_a_full_one_when_it_is(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = fixed(server.put("/f", file(ROWS, '"one"')))
    usage = namedtuple("usage", "total used free")
    with monkeypatch.context() as small:
        small.setattr(shutil, "disk_usage", lambda path: usage(1, 1, 1000))
        row = fetched(one, tmp_path)
    assert row["state"] == "failed" and "Make room" in row["sentence"]
    assert listed(tmp_path) <= {"fetched.json"}

    class Full(io.FileIO):
        def write(self, block: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(downloading, "FileIO", Full)
    row = fetched(one, tmp_path)
    assert row["state"] == "failed" and "is full" in row["sentence"]
    assert listed(tmp_path) <= {"fetched.json"}


def test_a_folder_that_cannot_be_is_a_sentence(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    row = fetched(fixed(server.put("/f", file(ROWS))), tmp_path / "file" / "into")
    assert row["state"] == "failed" and "cannot be written to" in row["sentence"]


def test_a_damaged_manifest_is_a_sentence(server: Server, tmp_path: Path) -> None:
    one = fixed(server.put("/f", file(ROWS)))
    entry = {"file": "../evil.csv", "subject": "s", "address": "a", "bytes": 1, "sha256": "0",
             "fetched_at": "", "seal": {}}  # fmt: skip
    for text in ("{", "[]", json.dumps({"files": [entry], "begun": []})):
        (tmp_path / "fetched.json").write_text(text)
        row = fetched(one, tmp_path)
        assert row["state"] == "failed" and "fetched.json cannot be read" in row["sentence"]
    assert server.asked == []


def test_two_fetches_do_not_meet_in_one_folder(server: Server, tmp_path: Path) -> None:
    from locality.fetching.manifest import Folder

    with Folder.opened(tmp_path):
        row = fetched(fixed(server.put("/f", file(ROWS))), tmp_path)
    assert row["state"] == "failed" and "Another fetch is at work" in row["sentence"]
    assert fetched(fixed(server.put("/f", file(ROWS))), tmp_path)["state"] == "fetched"


def test_progress_is_told_in_bytes(server: Server, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    fetched(fixed(server.put("/f", file(ROWS))), tmp_path, progress=lambda *said: told.append(said))
    assert told[-1] == (f"Fetching {NAME}", len(ROWS), len(ROWS))
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)


def test_requests_keep_their_distance(server: Server, tmp_path: Path) -> None:
    clock = Clock()
    who = visitor(clock)
    for number in range(3):
        fetched(fixed(server.put("/f", file(ROWS))), tmp_path / str(number), visitor=who)
    assert clock.slept == [1.0, 1.0]
