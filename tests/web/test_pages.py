"""Every page: it answers, reads well, stays on this computer, and its links lead somewhere."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.web import made
from tests.web.reading import Page

PAGES = [
    "/",
    "/search?q=harbour",
    "/search?q=nothing-like-it",
    "/loop",
    "/needs/",
    "/needs/calendars",
    "/actions/",
    "/actions/new",
    "/people/",
    "/people/new",
    "/bodies/",
    "/bodies/new",
    "/scorings/",
    "/scorings/new",
    "/criteria/",
    "/criteria/new",
    "/skills/",
    "/checklists/",
    "/log/",
    "/who-may-do-what",
    "/know/",
    "/know/Y00003",
    f"/know/{made.CLOSED}",
    f"/know/{made.ODD}",
    "/know/U00001",
    "/know/QX1",
    "/know/ENG",
    "/know/Y00003/pounds",
    "/know/Y00003/pounds?allocation=1,234,567&component=overall",
    "/know/Y00003/pounds?allocation=lots",
    "/know/Y00003/qof",
    f"/know/{made.ODD}/qof",
    "/know/QX1/qof?year=2023-24",
    "/know/Y00003/staff",
    f"/know/{made.CLOSED}/staff",
    f"/know/{made.UNRETURNED}/staff",
    "/know/U00001/staff",
    "/know/QX2/staff?as_at=2026-06-30",
    "/know/Y00003/money",
    f"/know/{made.CLOSED}/money?year=2023-24",
    "/know/QX2/money",
    "/know/Y00003/access",
    "/know/ENG/access",
    "/know/Y00003/waits",
    "/know/99A/waits?period=2025-M12",
    "/know/U00002/waits",
    "/measure/",
    "/measure/qof.register.hyp",
    "/measure/qof.register.hyp?kind=icb&sort=value&order=down",
    "/measure/qof.register.hyp?kind=group",
    "/measure/qof.register.hyp?period=2022/23&within=QX1",
    "/measure/qof.register.hyp/Y00003",
    f"/measure/qof.register.hyp/{made.UNRETURNED}",
    "/measure/qof.register.hyp/ENG",
    "/measure/qof.register.dm",
    "/measure/qof.register.hyp?look=funnel",
    "/measure/qof.register.hyp?look=order&within=QX1",
    "/measure/qof.register.hyp?look=fifths",
    "/measure/qof.register.hyp?kind=icb&look=order",
    "/measure/qof.register.hyp/Y00001",
    "/measure/qof.register.hyp/Y00004",
    "/measure/qof.register.hyp/Y00003/peers",
    "/measure/qof.register.hyp/Y00001/peers",
    "/measure/qof.register.hyp/Y00004/limits",
    "/measure/qof.register.hyp/Y00004/mark",
    "/measure/qof.register.hyp/effort",
    "/measure/qof.register.hyp/request",
    "/know/Y00004/standing",
    "/know/Y00001/standing?show=cannot",
    f"/know/{made.ODD}/standing",
    "/know/Y00003/care-adjustments",
    "/know/Y00003/points",
    "/know/Y00003/points?year=2025-26&order=earn",
    "/know/Y00003/points?year=2025-26&monthly=4,210.50",
    "/know/Y00001/points",
    "/know/QX1/points",
    "/know/Y00003/points/one-sheet?year=2025-26",
    "/know/Y00003/points/counts",
    "/know/Y00003/feedback",
    "/know/QX1/feedback",
    "/constants/",
    "/constants/qof.aspiration_share?period=2026-27",
    "/requests/?kind=account",
    "/know/QX1/care-adjustments",
    "/alerts/",
    "/alerts/QX1",
    "/alerts/Y00001",
    "/worth/",
    "/worth/?show=no",
    "/requests/",
    "/settings/charts.rule_set",
    "/data/",
    "/data/?since=000000-a",
    "/groups/",
    "/groups/new",
    "/groups/file",
    "/settings/",
    "/settings/inclusion.minimum_list",
    "/settings/inclusion.active_only",
    "/settings/allocation.overall",
    "/glossary",
    "/oversight/",
    "/roles/",
    "/about",
    "/accessibility",
    "/api/",
]


@pytest.mark.parametrize("address", PAGES)
def test_each_page_reads_well_and_stays_here(pages: Any, address: str) -> None:
    response = pages.get(address)
    assert response.status_code == (422 if "lots" in address else 200), response.content[:400]
    page = Page(response)
    assert len(page.all("h1")) == 1
    assert page.all("html")[0]["lang"] == "en"
    assert "– Locality" in page.text()
    # Every loaded thing is this server's own; only links people follow may lead elsewhere.
    for tag, attributes in page.tags:
        for name in ("src", "srcset", "action", "poster", "data", "formaction"):
            assert not re.match(r"(https?:)?//", attributes.get(name) or ""), (tag, attributes)
        if tag == "link":
            assert (attributes["href"] or "").startswith("/static/")
        assert not any(name.startswith("on") for name in attributes), (tag, attributes)
    ids = [a["id"] for _, a in page.tags if a.get("id")]
    assert len(ids) == len(set(ids)), [i for i in ids if ids.count(i) > 1]
    for label in page.all("label"):
        assert label["for"] in ids
    for table in range(len(page.all("table"))):
        assert len(page.all("caption")) > table
    for header in page.all("th"):
        assert header.get("scope") in ("row", "col", "rowgroup")
    for image in page.all("img"):
        assert image.get("alt")


def test_no_link_on_any_page_is_dead(pages: Any) -> None:
    tried: dict[str, int] = {}
    for address in PAGES:
        page = Page(pages.get(address))
        for link in page.links():
            assert link, address
            target, _, fragment = link.partition("#")
            if link.startswith(("http://", "https://")):
                continue
            if not target:
                assert any(a.get("id") == fragment for _, a in page.tags), (address, link)
                continue
            if target not in tried:
                tried[target] = pages.get(target).status_code
            assert tried[target] in (200, 422), (address, link, tried[target])
    assert len(tried) > 100


def test_pictures_scripts_and_styles_are_there(pages: Any) -> None:
    response = pages.get("/know/Y00003")
    page = Page(response)
    places = [a for _, a in page.tags if "data-drawing" in a]
    assert len(places) == 3
    for place in places:
        assert place["role"] == "img"
        assert place["aria-label"]
        spec = pages.get(place["data-drawing"]).json()
        assert spec["description"] == place["aria-label"]
        still = pages.get(place["data-still"])
        assert still["Content-Type"] == "image/svg+xml"
        assert still.content.startswith(b"<svg")
    loaded = [a["src"] for a in page.all("script") if a.get("src")]
    loaded += [a["href"] for a in page.all("link")]
    assert len(loaded) == 7
    for address in loaded:
        answer = pages.get((address or "").partition("?")[0])
        assert answer.status_code == 200
        assert b"".join(answer) if answer.streaming else answer.content
        answer.close()


def test_first_use_tells_the_two_commands(empty: Any) -> None:
    response = empty.get("/")
    assert response.status_code == 200
    text = Page(response).text()
    assert "locality ingest FOLDER" in text
    assert "locality refresh" in text
    assert empty.get("/know/Y00003").status_code == 404
    assert empty.get("/measure/").status_code == 404
    assert empty.get("/api/lineage").status_code == 404
    assert "locality refresh" in empty.get("/api/lineage").json()["problem"]
    for address in ("/loop", "/about", "/groups/", "/groups/new", "/settings/", "/glossary"):
        assert empty.get(address).status_code == 200, address


def test_organisation_page_tells_who_it_is_and_was(pages: Any) -> None:
    text = Page(pages.get("/know/Y00003")).text()
    for words in ("3,750", "Tidewater PCN", "Saltmarsh Integrated Care Board", "Opened",
                  "11.0 %", "10.1 to 12.1 %"):  # fmt: skip
        assert words in text
    text = Page(pages.get(f"/know/{made.CLOSED}")).text()
    assert "closed on 31 March 2025" in text
    assert "It merged into Harbour Lane Surgery 1." in text
    text = Page(pages.get(f"/measure/qof.register.hyp/{made.UNRETURNED}")).text()
    assert "No return" in text


def test_measure_page_says_what_it_is_and_how_it_came_about(pages: Any) -> None:
    text = Page(pages.get("/measure/qof.register.hyp")).text()
    for words in ("Neither high nor low is better", "100 * num / den", "lead analyst",
                  "next review 1 April 2027", "no return"):  # fmt: skip
        assert words in text
    text = Page(pages.get("/measure/qof.register.hyp/Y00003")).text()
    for words in ("100 * 827 / 6000", "PREVALENCE.csv", "cd" * 32, "QOF guidance"):
        assert words in text
    assert "exactly what is stored" not in text
    text = Page(pages.get("/measure/qof.register.hyp/Y00003?again=1")).text()
    assert "Worked out again from the files just now: it is exactly what is stored." in text


def test_measure_table_is_sorted_narrowed_and_marked(pages: Any) -> None:
    def values(query: str) -> list[float]:
        found = re.findall(r'data-label="Value">([\d.]+) %', pages.get(
            f"/measure/qof.register.hyp?{query}").content.decode())  # fmt: skip
        return [float(value) for value in found]

    down, up = values("sort=value&order=down"), values("sort=value")
    assert down == sorted(down, reverse=True)
    assert up == sorted(up)
    assert len(values("within=QX1")) == 20
    pages.post("/my-organisation", {"code": "Y00003", "back": "/"})
    body = pages.get("/measure/qof.register.hyp").content.decode()
    assert body.count("lc-own") == 1
    assert "Harbour Lane Surgery 3" in Page(pages.get("/measure/qof.register.hyp")).text()


def test_hostile_names_are_only_words(pages: Any) -> None:
    for address in (f"/know/{made.ODD}", "/measure/qof.register.hyp", "/data/", "/search?q=evil"):
        body = pages.get(address).content
        assert b"<script>alert" not in body
        assert b"&lt;script&gt;alert" in body


def test_one_organisation_is_remembered_and_forgotten(pages: Any) -> None:
    response = pages.post("/my-organisation", {"code": "y00003", "back": "/know/Y00003"})
    assert response["Location"] == "/know/Y00003"
    text = Page(pages.get("/")).text()
    assert "My organisation Harbour Lane Surgery 3" in text
    assert "This is my organisation" in Page(pages.get("/know/Y00003")).text()
    pages.post("/my-organisation", {"back": "/"})
    assert "My organisation" not in Page(pages.get("/")).text()


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_going_back_never_leads_elsewhere(pages: Any, back: str) -> None:
    assert pages.post("/my-organisation", {"code": "Y00003", "back": back})["Location"] == "/"


def test_suggestions_are_a_fragment_and_need_three_letters(pages: Any) -> None:
    few = pages.get("/search?q=ha", headers={"HX-Request": "true"})
    assert b"<a " not in few.content
    some = Page(pages.get("/search?q=harbour lane", headers={"HX-Request": "true"}))
    assert len(some.links()) == 8
    assert not some.all("html")
    none = pages.get("/search?q=zzzz", headers={"HX-Request": "true"})
    assert "Nothing here is called" in none.content.decode()
