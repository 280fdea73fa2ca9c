"""Damaged, truncated, mis-encoded and mislabelled files: a sentence each, never a traceback."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from locality.sources import Document, NotRecognised, Refused, Unopened, documents, read
from tests.sources import made

LISTS = made.text(made.list_sizes()).encode()
BOOK = made.workbook({"Sheet1": made.in_year()})
PARQUET = made.parquet(made.in_year())


def spoil(rows: list[list[Any]], place: int, value: Any) -> list[list[Any]]:
    """Return rows in which one column holds the same value throughout."""
    return [rows[0], *([*row[:place], value, *row[place + 1 :]] for row in rows[1:])]


def two_dates() -> list[list[Any]]:
    return [*made.list_sizes(), *made.list_sizes(date="2025-11-01")[1:]]


DAMAGED: dict[str, tuple[str, bytes | list[list[Any]], str]] = {
    "nothing in it": ("x.csv", b"", "empty"),
    "only blanks": ("x.csv", b"\n \n\n", "empty"),
    "a header and no rows": ("x.csv", LISTS.splitlines(keepends=True)[0], "no rows"),
    "cut within a row": ("x.csv", LISTS[:-20], "middle of line 4"),
    "cut within quotation marks": ("x.csv", b'"a","b","c"\n"1","2","3"\n"4","5","6', "middle of"),
    "an open quotation mark": (
        "x.csv",
        LISTS.replace(b"Y07020", b'"Y07020') + LISTS.splitlines()[1] + b"\n",
        "never closed",
    ),
    "NUL bytes": ("x.csv", LISTS[:50] + b"\0" * 40 + LISTS[50:], "not text"),
    "UTF-16 without its mark": ("x.csv", LISTS.decode().encode("utf-16-le"), "not text"),
    "UTF-16 with half a letter": (
        "x.csv", b"\xff\xfe" + LISTS.decode().encode("utf-16-le") + b"\x00\xd8", "UTF-16",
    ),
    "no encoding at all": ("x.csv", LISTS.replace(b"ZZ1", b"\x81\x8d\x8f"), "encoding"),
    "a picture": ("x.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not text"),
    "a web page": ("x.csv", b"<!DOCTYPE html>\n<html><body>Denied</body></html>", "web page"),
    "a comma too many in every row": (
        "x.csv", LISTS.replace(b"ZZ1 1AA", b"ZZ1, 1AA"), "as many cells as the header",
    ),
    "codes that are names": ("x.csv", spoil(made.list_sizes(), 5, "The Surgery"), "practice code"),
    "codes of networks": ("x.csv", spoil(made.list_sizes(), 5, "U12345"), "primary care network"),
    "words for counts": ("x.csv", spoil(made.list_sizes(), 9, "many"), "whole number"),
    "shares for counts": ("x.csv", spoil(made.list_sizes(), 9, "0.137"), "whole number"),
    "no dates": ("x.csv", spoil(made.list_sizes(), 1, "last month"), "extract date"),
    "two dates": ("x.csv", two_dates(), "2 different extract dates"),
    "no practices": ("x.csv", spoil(made.list_sizes(), 2, "CCG"), "not about a practice"),
    "a needed column twice": (
        "x.csv", [[*row, row[9]] for row in made.list_sizes()], "more than once",
    ),
    "bands of ten years": ("x.csv", spoil(made.age_sex(), 7, "0_9x"), "age band"),
    "age and sex cut between rows": ("x.csv", made.age_sex()[:-41], "not whole"),
    "a map without regions": ("x.csv", spoil(made.practice_map(), 14, ""), "region code"),
    "registers and lists exchanged": (
        "PREVALENCE_2425.csv",
        [made.prevalence()[0], *([a, b, e, d, c] for a, b, c, d, e in made.prevalence()[1:])],
        "changed places",
    ),
    "prevalence without a year": ("x.csv", made.prevalence(), "PREVALENCE_2425.csv"),
    "weights that are words": ("x.csv", spoil(made.weighted("2022"), 11, "high"), "not a number"),
    "weights below zero": ("x.csv", spoil(made.weighted("2022"), 11, "-4"), "below zero"),
    "counts larger than their denominators": (
        "x.csv", spoil(made.in_year(), 5, 5000), "larger than the denominator",
    ),
    "epraccur without dates of today": (
        "x.csv", [made.ods_row(opened="20990101", joined="20990101", status="P")] * 1, "how old",
    ),
    "a workbook cut short": ("x.xlsx", BOOK[:-300], "workbook is damaged"),
    "a workbook with a spoilt sheet": (
        "x.xlsx", BOOK.replace(BOOK[900:930], b"\xff" * 30), "workbook is damaged",
    ),
    "a workbook that is a text": ("x.xlsx", LISTS, "workbook is damaged"),
    "an empty workbook": ("x.xlsx", made.workbook({"Sheet1": []}), "workbook is empty"),
    "a locked workbook": ("x.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "password"),
    "a cell at the end of the earth": (
        "x.xlsx", made.workbook({"A": made.in_year()}, far="XFD1048576"), "too far apart",
    ),
    "an archive called a workbook": ("x.xlsx", made.zipped({"a.csv": LISTS}), "is damaged"),
    "a Parquet file cut short": ("x.parquet", PARQUET[:-30], "Parquet file is damaged"),
    "a Parquet file that is text": ("x.parquet", LISTS, "Parquet file is damaged"),
    "JSON cut short": ("x.json", b'[{"practice_code": "A81001"', "JSON file is damaged"),
    "JSON nested without end": ("x.json", b"[" * 100_000, "JSON file is damaged"),
    "JSON that is CSV": ("x.json", LISTS, "JSON file is damaged"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DAMAGED)
def test_damaged_files_are_refused_with_a_sentence(kind: str) -> None:
    name, content, words = DAMAGED[kind]
    with pytest.raises(Refused) as refusal:
        read(made.document(content, name))
    sentence = str(refusal.value)
    assert words in sentence
    assert re.match(r"[A-Z0-9“].*[.)]$", sentence)
    assert not re.search(r"Arrow|Error|Exception|0x|None\b|Traceback", sentence)


def test_every_way_to_cut_a_file_gives_rows_or_a_sentence() -> None:
    for content, name in (
        (LISTS, "x.csv"),
        (made.text(made.in_year()).encode(), "x.csv"),
        (BOOK, "x.xlsx"),
        (PARQUET, "x.parquet"),
    ):
        for end in range(1, len(content), 1 + len(content) // 150):
            try:
                readings = read(Document(name, content[:end]))
            except (Refused, NotRecognised) as problem:
                assert str(problem)
            else:
                # Only whole rows come through; the last may have lost its last digits, as no
                # reader can see.
                assert content[:end].count(b"\n") >= readings[0].rows


@pytest.mark.parametrize(("name", "content"), [("x.xlsx", BOOK), ("x.parquet", PARQUET)])
def test_every_way_to_spoil_a_file_gives_rows_or_a_sentence(name: str, content: bytes) -> None:
    chance = random.Random(2026)
    for _ in range(300):
        spoilt = bytearray(content)
        for _ in range(chance.choice((1, 3, 9))):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        read_or_sentence(Document(name, bytes(spoilt)))


def test_every_way_to_spoil_the_parts_of_a_workbook_gives_rows_or_a_sentence() -> None:
    with zipfile.ZipFile(io.BytesIO(BOOK)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    chance = random.Random(2026)
    pieces = (b"<", b">", b'"', b"9999999999", b"ZZZZZ9", b"&", b"-1", b"\xff", b"</row>")
    for _ in range(300):
        name = chance.choice([n for n in parts if "sheet" in n or "workbook" in n or "har" in n])
        place = chance.randrange(len(parts[name]))
        spoilt = parts[name][:place] + chance.choice(pieces) + parts[name][place + 2 :]
        read_or_sentence(Document("x.xlsx", made.zipped({**parts, name: spoilt})))


def read_or_sentence(document: Document) -> None:
    try:
        read(document)
    except (Refused, NotRecognised) as problem:
        assert str(problem).endswith((".", ")"))


@pytest.mark.parametrize("wrap", [made.gzipped, lambda content: made.zipped({"x.csv": content})])
def test_every_way_to_spoil_an_archive_gives_documents_or_a_sentence(
    tmp_path: Path, wrap: Callable[[bytes], bytes]
) -> None:
    content = wrap(LISTS)
    path = tmp_path / "x.zip"
    for place in range(0, len(content), 3):
        path.write_bytes(content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :])
        for found in documents(path):
            assert isinstance(found, Unopened) or len(found.content)
        path.write_bytes(content[:place])
        for found in documents(path):
            assert isinstance(found, Unopened)
            assert found.sentence.endswith(".")


def test_rows_that_do_not_fit_are_set_aside_with_their_line() -> None:
    (reading,) = read(made.document(LISTS + b"Source: NHS England\n"))
    (aside,) = reading.set_aside
    assert reading.rows == 3
    assert (aside.rows, aside.example) == (1, "line 5")
    assert "(10)" in aside.reason
