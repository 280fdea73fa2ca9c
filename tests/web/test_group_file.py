"""A file of groups, read at the edge."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from locality.records import tables
from locality.records.actions import Named
from locality.web.group_file import groups_in
from tests.web.reading import Page

FILE = "Group, Practice code ,kind\nVale,Y00001,federation\nvale,Y00002,\nDale,Y00003,locality\n"


def sent(content: str | bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(
        "groups.csv", content.encode() if isinstance(content, str) else content
    )


def test_rows_of_one_group_stand_together_whatever_the_capitals() -> None:
    assert groups_in(FILE) == [
        Named("Vale", ("Y00001", "Y00002"), "federation"),
        Named("Dale", ("Y00003",), "locality"),
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("a,b\n1,2\n", "no column called group"),
        ("group,x\nVale,Y00001\n", "no column called practice_code"),
        ("group,practice_code\nVale,\n", "Row 2 has no name"),
        ("group,practice_code,kind\nVale,Y00001,club\n", "no sort of group called 'club'"),
        ("group,practice_code,kind\nV,Y00001,locality\nV,Y00002,other\n", "another sort"),
        ("group,practice_code\nVale,9434765919\n", "NHS number"),
        ('group,practice_code\n"Vale,Y00001\n' + "x" * 140_000, "not CSV"),
        ("group,practice_code\n" + "Vale,Y00001\n" * 20_001, "too many"),
    ],
)
def test_each_fault_has_its_sentence(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        groups_in(text)


def test_groups_come_from_a_file_and_each_is_named(pages: Any) -> None:
    page = Page(pages.post("/groups/file", {"file": sent(FILE), "why": "This year's list."}))
    assert "Vale: made, 2 practices" in page.text() and "Dale: made, 1 practice" in page.text()
    assert {row["name"] for row in tables.groups().rows} == {"Vale", "Dale"}


@pytest.mark.parametrize(
    ("content", "why", "says"),
    [
        (FILE.replace("Y00003", "Z99999"), "x", "Dale: No practice here has this code: Z99999."),
        (FILE, "", "Write why this is done."),
        (b"\0\0", "x", "not a text file"),
        ("", "x", "names no group|is empty"),
    ],
)
def test_a_refused_file_keeps_the_words_typed_and_writes_nothing(
    pages: Any, content: str | bytes, why: str, says: str
) -> None:
    import re

    response = pages.post("/groups/file", {"file": sent(content), "why": why})
    assert response.status_code == 422
    assert re.search(says, Page(response).text())
    assert (why or "<textarea") in response.content.decode()
    assert len(tables.groups()) == 0


def test_the_form_can_be_found_from_the_list_of_groups(pages: Any) -> None:
    assert "/groups/file" in pages.get("/groups/").content.decode()
    assert "Groups from a file" in Page(pages.get("/groups/file")).text()
