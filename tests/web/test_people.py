"""People, bodies, seats and quorums through their pages: kept, shown, and gently refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from locality.records import people_tables
from tests.web.reading import Page

WHY = {"why": "The panel begins."}
ASHA = {"name": "Dr Asha Alder", "email": "asha@vale.example", **WHY}
POST = {"organisation": "Y00004", "title": "GP partner", "tags": ["gp"], "limit": "5,000",
        "decision_maker": "yes", "from_day": "2024-04-01", **WHY}  # fmt: skip
PANEL = {"name": "Vale panel", "kind": "panel", "acts_for": "The practices of the Vale.",
         "tags": ["gp", "lay"], "opened_on": "2024-04-01", **WHY}  # fmt: skip


@pytest.fixture
def asha(pages: Any) -> str:
    response = pages.post("/people/new", ASHA)
    assert response.status_code == 302
    return response["Location"]


@pytest.fixture
def panel(pages: Any) -> str:
    response = pages.post("/bodies/new", PANEL)
    assert response.status_code == 302, Page(response).text()
    return response["Location"]


def test_empty_lists_say_what_they_are_for(pages: Any) -> None:
    assert "Nobody is recorded yet" in Page(pages.get("/people/")).text()
    assert "No body is recorded yet" in Page(pages.get("/bodies/")).text()


def test_a_person_gets_a_post_a_seat_and_a_page(pages: Any, asha: str, panel: str) -> None:
    assert pages.post(f"{asha}/posts/new", POST).status_code == 302
    page = Page(pages.get(asha)).text()
    assert "GP partner" in page and "May decide alone up to £5,000.00." in page
    post = people_tables.posts().rows[0]["code"]
    seat = {"post": post, "role": "chair", "voting": "yes", "from_day": "2024-05-01", **WHY}
    assert pages.post(f"{panel}/seats/new", seat).status_code == 302
    shown = Page(pages.get(panel)).text()
    assert "Dr Asha Alder" in shown and "£5,000" in shown
    assert "Its task needs lay at the table, and nobody brings that." in shown
    assert "Vale panel" in Page(pages.get(asha)).text()
    assert "Vale panel" in Page(pages.get("/people/")).text()


def test_a_quorum_that_cannot_be_met_is_said(pages: Any, panel: str) -> None:
    rules = {"minimum-0": "2", "voting-0": "yes", "minimum-3": "1", "tags-3": ["gp", "nurse"]}
    assert pages.post(f"{panel}/quorum", {**rules, **WHY}).status_code == 302
    page = Page(pages.get(panel)).text()
    assert "At least 2 voting members" in page and "At least 1 member from: GP, nurse" in page
    assert "it can settle nothing until somebody is found" in page
    bad = pages.post(f"{panel}/quorum", {"minimum-0": "some", "tags-0": ["lay"], **WHY})
    assert bad.status_code == 422
    kept = Page(bad)
    assert "In line 1, write how many" in kept.text()
    assert any(a.get("value") == "some" for a in kept.all("input"))
    assert any(a.get("value") == "lay" and "checked" in a for a in kept.all("input"))


@pytest.mark.parametrize(
    ("address", "sent", "words"),
    [
        ("/people/new", {**ASHA, "name": ""}, "Write the name"),
        ("/people/new", {**ASHA, "name": "A 943 476 5919"}, "NHS number"),
        ("/people/new", {**ASHA, "email": "nowhere"}, "name@example.org"),
        ("/bodies/new", {**PANEL, "kind": ""}, "what sort of body"),
        ("/bodies/new", {**PANEL, "organisation": "Q99"}, "Q99"),
        ("/bodies/new", {**PANEL, "opened_on": "2024-02-30"}, "a real day"),
    ],
)
def test_what_was_typed_survives_a_refusal(
    pages: Any, address: str, sent: dict[str, Any], words: str
) -> None:
    response = pages.post(address, sent)
    assert response.status_code == 422
    page = Page(response)
    assert words in page.text() and "There is a problem" in page.text()
    shown = {a.get("value") for a in page.all("input")} | {page.text()}
    assert all(value in shown or value in page.words for value in sent.values()
               if isinstance(value, str))  # fmt: skip
    assert "Error: " in page.text()


def test_a_post_for_an_organisation_nobody_knows(pages: Any, asha: str) -> None:
    response = pages.post(f"{asha}/posts/new", {**POST, "organisation": "Z99999"})
    assert response.status_code == 422
    assert "Z99999" in Page(response).text()
    assert len(people_tables.posts()) == 0


def test_an_unknown_organisation_is_told_with_all_the_rest(pages: Any, asha: str) -> None:
    typed = {**PANEL, "organisation": "Y99999", "acts_for": "Ask 943 476 5919.",
             "opened_on": "31 February 2024"}  # fmt: skip
    answer = pages.post("/bodies/new", typed)
    page = Page(answer).text()
    assert answer.status_code == 422
    for sentence in ("names an organisation", "NHS number", "such as 31 March 2027"):
        assert sentence in page
    answer = pages.post(f"{asha}/posts/new", {**POST, "organisation": "Y99999", "title": ""})
    page = Page(answer).text()
    assert "names an organisation" in page and "Write the title" in page
    assert not people_tables.bodies().rows and not people_tables.posts().rows


@pytest.mark.parametrize("typed", ["1 April 2024", "1/4/2024", "1st April 2024", "2024-04-01"])
def test_a_day_is_written_as_people_write_it(pages: Any, typed: str) -> None:
    assert pages.post("/bodies/new", {**PANEL, "opened_on": typed}).status_code == 302
    assert people_tables.bodies().rows[0]["opened_on"] == date(2024, 4, 1)


def test_the_second_of_two_sees_what_changed_and_may_save_again(pages: Any, asha: str) -> None:
    form = Page(pages.get(f"{asha}/change"))
    seen = next(a["value"] for a in form.all("input") if a.get("name") == "seen")
    first = {**ASHA, "name": "Dr A. Alder", "seen": seen}
    second = {**ASHA, "name": "Dr Asha Elder", "seen": seen}
    assert pages.post(f"{asha}/change", first).status_code == 302
    refused = pages.post(f"{asha}/change", second)
    assert refused.status_code == 422
    page = Page(refused)
    assert "changed this on" in page.text() and "is “Dr A. Alder”" in page.text()
    again = next(a["value"] for a in page.all("input") if a.get("name") == "seen")
    assert again != seen
    assert any(a.get("value") == "Dr Asha Elder" for a in page.all("input"))
    assert pages.post(f"{asha}/change", {**second, "seen": again}).status_code == 302
    assert people_tables.people().rows[0]["name"] == "Dr Asha Elder"


def test_bodies_in_a_circle_are_refused_on_the_page(pages: Any, panel: str) -> None:
    code = panel.rsplit("/", 1)[1]
    board = pages.post("/bodies/new", {**PANEL, "name": "Board", "parent": code})["Location"]
    told = {**PANEL, "parent": board.rsplit("/", 1)[1]}
    response = pages.post(f"{panel}/describe", told)
    assert response.status_code == 422
    assert "Vale panel → Board → Vale panel" in Page(response).text()


def test_endings(pages: Any, asha: str, panel: str) -> None:
    pages.post(f"{asha}/posts/new", POST)
    post = people_tables.posts().rows[0]["code"]
    pages.post(f"{panel}/seats/new", {"post": post, "role": "member", "from_day": "2024-05-01",
                                      **WHY})  # fmt: skip
    seat = people_tables.seats().rows[0]["code"]
    assert "First day it is held no more" in Page(pages.get(f"/seats/{seat}/end")).text()
    assert pages.post(f"/seats/{seat}/end", {"to_day": "soon", **WHY}).status_code == 422
    ended = {"to_day": "2025-01-01", **WHY}
    assert pages.post(f"/seats/{seat}/end", ended).status_code == 302
    assert "Who sat in it before" in Page(pages.get(panel)).text()
    assert pages.post(f"/posts/{post}/end", ended).status_code == 302
    assert pages.post(f"{panel}/close", WHY).status_code == 302
    assert "It closed on" in Page(pages.get(panel)).text()
    assert pages.post(f"{asha}/leaves", {"on": "2999-01-01", **WHY}).status_code == 422
    assert pages.post(f"{asha}/leaves", WHY).status_code == 302
    assert "Left" in Page(pages.get("/people/?all=1")).text()
    assert pages.get("/people/p-none").status_code == 404
    assert pages.get("/bodies/b-none").status_code == 404
    assert pages.get("/seats/s-none/end").status_code == 404


def test_the_local_user_may_act_for_somebody(pages: Any, asha: str, panel: str) -> None:
    code = asha.rsplit("/", 1)[1]
    assert pages.post("/people/act-for", {"person": code}).status_code == 302
    pages.post("/bodies/new", {**PANEL, "name": "Board"})
    assert f"by Dr Asha Alder, {code}" in Page(pages.get(_address("Board"))).text()
    assert pages.post("/people/act-for", {"person": "p-none"}).status_code == 404
    pages.post("/people/act-for", {"person": ""})
    pages.post("/bodies/new", {**PANEL, "name": "Third"})
    assert "by local" in Page(pages.get(_address("Third"))).text()


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_downloads(pages: Any, asha: str, panel: str, ending: str) -> None:
    for address in ("/people/all", "/bodies/all", f"{panel}/members"):
        response = pages.get(f"{address}.{ending}")
        assert response.status_code == 200 and response.content
        assert "attachment" in response["Content-Disposition"]
    assert pages.get("/people/all.pdf").status_code == 404
    if ending == "csv":
        assert b"Dr Asha Alder" in pages.get("/people/all.csv").content


def test_a_body_leads_to_what_it_works_on(pages: Any, panel: str) -> None:
    links = Page(pages.get(panel)).links()
    code = panel.rsplit("/", 1)[1]
    for address in (f"/actions/?body={code}", f"/scorings/?body={code}",
                    f"/checklists/?body={code}", f"{panel}/pulse"):  # fmt: skip
        assert address in links
        assert "Vale panel" in Page(pages.get(address)).text()
    assert pages.get("/scorings/?body=b-none").status_code == 404


def test_today_is_offered_for_a_seat(pages: Any, asha: str, panel: str) -> None:
    pages.post(f"{asha}/posts/new", POST)
    form = Page(pages.get(f"{panel}/seats/new"))
    assert any(a.get("value") == str(timezone.localdate()) for a in form.all("input"))


def _address(name: str) -> str:
    code = next(row["code"] for row in people_tables.bodies().rows if row["name"] == name)
    return f"/bodies/{code}"
