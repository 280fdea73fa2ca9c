"""The log as a page: narrowed, paged, downloaded."""

from __future__ import annotations

from typing import Any

from locality.records.actions import add_note
from tests.web.reading import Page


def test_nothing_done_yet(pages: Any) -> None:
    assert "Nothing has been done here yet." in Page(pages.get("/log/")).text()


def test_what_was_done_is_narrowed_and_paged(pages: Any) -> None:
    for number in range(120):
        add_note(organisation="Y00004", text=f"Note {number}.", who="Ben" if number else "Asha",
                 why=f"Reason {number}.")  # fmt: skip
    first = Page(pages.get("/log/"))
    assert "Reason 119." in first.text() and "Reason 19." not in first.text()
    older = next(link for link in first.links() if "before=" in link)
    assert "Reason 19." in Page(pages.get(older)).text()
    only = Page(pages.get("/log/?by=asha")).text()
    assert "Reason 0." in only and "Reason 5." not in only
    assert "Nothing like that" in Page(pages.get("/log/?kind=group")).text()
    assert pages.get("/log/?kind=spell").status_code == 400
    assert pages.get("/log/?before=x").status_code == 400
    csv = pages.get("/log/all.csv?by=asha").content.decode()
    assert "Reason 0." in csv and "Reason 5." not in csv
