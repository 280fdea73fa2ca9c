"""What a page says when it is asked for what is not there, or from where it may not be."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.reading import Page


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/nowhere", 404, "Nothing is at this address"),
        ("/know/ZZZ", 404, "No file that is loaded names an organisation"),
        ("/measure/qof.register.hip", 404, "Did you mean qof.register.hyp?"),
        ("/measure/qof.register.hyp/ZZZ", 404, "No file that is loaded names"),
        ("/measure/qof.register.hyp?period=soon", 400, "is not a period"),
        ("/measure/qof.register.hyp?period=2024-13-01", 400, "not a date in the calendar"),
        ("/measure/qof.register.hyp?period=1999-00", 404, "There is nothing for"),
        ("/measure/qof.register.hyp?kind=planet", 400, "There is no kind called"),
        ("/measure/qof.register.hyp?sort=rank", 400, "cannot be sorted by"),
        ("/measure/qof.register.hyp?page=0", 400, "not the number of a page"),
        ("/measure/qof.register.hyp?page=٣", 400, "not the number of a page"),
        ("/measure/qof.register.hyp?page=99", 404, "There is no page 99"),
        ("/measure/qof.register.hyp?within=QQQ", 404, "No file that is loaded names"),
        ("/settings/colour", 404, "There is no setting called"),
        ("/groups/g-none", 404, "There is no group"),
        ("/notes/n-1/withdraw", 400, "does not stand any more"),
        ("/data/secrets.csv", 404, "There is no such table"),
        ("/data/lineage.exe", 404, "Downloads end in"),
        ("/know/Y00003/secrets.csv", 404, "There is no such table"),
    ],
)
def test_the_page_says_what_is_wrong(pages: Any, address: str, status: int, sentence: str) -> None:
    response = pages.get(address)
    assert response.status_code == status
    page = Page(response)
    assert sentence in page.text()
    assert len(page.all("h1")) == 1
    assert "Traceback" not in page.text()


@pytest.mark.parametrize(
    "address",
    ["/api/search", "/api/figure/qof.register.hyp/ZZZ", "/api/over/qof.register.hyp?kind=moon",
     "/api/trend/no.such/Y00003", "/charts/age-sex/ZZZ.json", "/charts/unknown/Y00003.json",
     "/charts/age-sex/Y00003.exe", "/charts/age-sex/a/b.json", "/charts/program/x.js"],
)  # fmt: skip
def test_programs_get_the_sentence_as_json(pages: Any, address: str) -> None:
    response = pages.get(address)
    assert response.status_code in (400, 404)
    assert response.json()["problem"].endswith((".", "?", "harbour"))


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.localdomain"]
)
def test_other_hosts_are_refused_in_plain_words(pages: Any, host: str) -> None:
    response = pages.get("/", headers={"Host": host})
    assert response.status_code == 400
    assert "answer only to 127.0.0.1" in Page(response).text()
    assert host.encode() not in response.content


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8765", "[::1]:80"])
def test_this_computer_is_answered(pages: Any, host: str) -> None:
    assert pages.get("/", headers={"Host": host}).status_code == 200


def test_a_failure_nobody_foresaw_has_its_own_page(
    pages: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from tests.web import made

    def broken(self: object, *arguments: object) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(made.Know, "belongs_to", broken)
    response = pages.get("/know/Y00003")
    assert response.status_code == 500
    text = Page(response).text()
    assert "Nothing stored was harmed" in text
    assert "secret of the house" not in text
    # The page is broken; where and why stands in the terminal, not on the page.
    assert "secret of the house" in caplog.text


def test_methods_that_a_page_does_not_know_are_refused(pages: Any) -> None:
    assert pages.post("/know/Y00003").status_code == 405
    assert pages.get("/my-organisation").status_code == 405
    assert pages.get("/know/Y00003/notes").status_code == 405


@pytest.mark.parametrize("typed", ["lots", "-5", "0", "1e99", "NaN", "99999999999999", ""])
def test_pounds_say_what_to_type(pages: Any, typed: str) -> None:
    response = pages.get("/know/Y00003/pounds", {"allocation": typed, "component": "overall"})
    assert response.status_code == 422
    page = Page(response)
    assert "There is a problem" in page.text()
    box = next(a for a in page.all("input") if a.get("id") == "allocation")
    assert box.get("value", "") == typed
    assert "Write" in page.text()


def test_pounds_of_a_component_that_is_not(pages: Any) -> None:
    response = pages.get("/know/Y00003/pounds?allocation=5&component=luck")
    assert response.status_code == 422
    assert "Choose" in Page(response).text()


def test_a_measure_that_is_not_ranked_has_no_order_but_that_of_names(pages: Any) -> None:
    page = pages.get("/measure/qof.register.pc")
    assert "Nobody is ranked by this" in Page(page).text()
    assert "sort=value" not in page.content.decode() and "data-drawing" not in page.content.decode()
    refused = pages.get("/measure/qof.register.pc?sort=value")
    assert refused.status_code == 400 and "cannot be sorted" in Page(refused).text()
    assert "sort=value" in pages.get("/measure/qof.register.hyp").content.decode()
