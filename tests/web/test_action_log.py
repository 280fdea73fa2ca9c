"""The action log, what needs me and the calendar through their pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from locality.records import action_tables
from locality.records.models import Person
from tests.records import made
from tests.web.reading import Page

TODAY = timezone.localdate()
SOON = TODAY + timedelta(days=5)


@pytest.fixture
def asha(pages: Any) -> Person:
    return made.person()


def log(pages: Any, holder: Person, **changes: str) -> Any:
    return pages.post("/actions/new", {
        "what": "Write to the practices", "owner": holder.code, "due_on": str(SOON), **changes,
    })  # fmt: skip


def act_for(pages: Any, whom: Person) -> None:
    assert pages.post("/people/act-for", {"person": whom.code}).status_code == 302


def test_nobody_and_nothing_yet(pages: Any) -> None:
    assert "Record the people first" in Page(pages.get("/actions/")).text()
    assert "Record the people first" in Page(pages.get("/actions/new")).text()


def test_an_action_from_being_logged_to_being_done(pages: Any, asha: Person) -> None:
    act_for(pages, asha)
    made_at = log(pages, asha)
    assert made_at.status_code == 302
    address = made_at["Location"]
    assert "Write to the practices" in Page(pages.get("/actions/")).text()
    assert pages.post(f"{address}/start").status_code == 302
    refused = pages.post(f"{address}/finish", {"evidence": ""})
    assert refused.status_code == 422
    assert "Write what shows that it is done" in Page(refused).text()
    assert pages.post(f"{address}/finish", {"evidence": "Sent to all."}).status_code == 302
    page = Page(pages.get(address)).text()
    assert "Sent to all." in page and f"{TODAY:%-d %B %Y}" in page and "Done on 20" in page
    assert asha.signature in page
    assert "Write to the practices" in Page(pages.get("/actions/?show=done")).text()
    assert pages.post(f"{address}/reopen", {"due_on": "x", "why": "More."}).status_code == 422
    again = {"due_on": str(SOON), "why": "Two came back."}
    assert pages.post(f"{address}/reopen", again).status_code == 302
    assert pages.post(f"{address}/drop", {"why": "They merged."}).status_code == 302
    assert "They merged." in Page(pages.get(address)).text()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"what": ""}, "Write what is to be done"),
        ({"what": "Ring 943 476 5919"}, "NHS number"),
        ({"owner": ""}, "Choose who does it"),
        ({"due_on": "2020-01-01"}, "or a later day"),
        ({"due_on": "31 February"}, "a real day"),
        ({"organisation": "Z99999"}, "Z99999"),
        ({"origin_kind": "scoring"}, "Say which one"),
        ({"depends_on": "A-1999-001"}, "no action"),
    ],
)
def test_what_was_typed_survives(
    pages: Any, asha: Person, changes: dict[str, str], words: str
) -> None:
    response = log(pages, asha, why="For the panel.", **changes)
    assert response.status_code == 422
    page = Page(response)
    assert words in page.text() and "There is a problem" in page.text()
    if "what" not in changes:
        assert any(a.get("value") == "Write to the practices" for a in page.all("input"))
    if "owner" not in changes:
        assert any(a.get("value") == asha.code and "selected" in a for a in page.all("option"))
    assert "For the panel." in page.text()
    assert not len(action_tables.actions())


def test_the_address_fills_the_form_in(pages: Any, asha: Person) -> None:
    form = Page(pages.get("/actions/new?origin_kind=checklist&origin=K-2026-001"))
    assert any(a.get("value") == "K-2026-001" for a in form.all("input"))
    assert any(a.get("value") == "checklist" and "selected" in a for a in form.all("option"))


def test_a_day_that_moves_is_shown_and_two_at_one_action_are_told(pages: Any, asha: Person) -> None:
    address = log(pages, asha)["Location"]
    form = Page(pages.get(f"{address}/change"))
    seen = next(a["value"] for a in form.all("input") if a.get("name") == "seen")
    later = str(SOON + timedelta(days=9))
    told = {"what": "Write", "owner": asha.code, "due_on": later, "why": "Wait.", "seen": seen}
    assert pages.post(f"{address}/change", told).status_code == 302
    page = Page(pages.get(address)).text()
    assert "moved once" in page and "The day it is due:" in page and "Wait." in page
    second = pages.post(f"{address}/change", {**told, "what": "Ring"})
    assert second.status_code == 422 and "changed this on" in Page(second).text()
    late = pages.post(f"{address}/finish", {"evidence": "Done.", "seen": seen})
    assert late.status_code == 422 and "changed this on" in Page(late).text()


def test_a_circle_is_refused_in_words(pages: Any, asha: Person) -> None:
    first = log(pages, asha)["Location"].rsplit("/", 1)[1]
    second = log(pages, asha, depends_on=first)["Location"].rsplit("/", 1)[1]
    told = {"what": "Write", "owner": asha.code, "due_on": str(SOON), "why": "X.",
            "depends_on": second}  # fmt: skip
    response = pages.post(f"/actions/{first}/change", told)
    assert response.status_code == 422 and "in a circle" in Page(response).text()
    assert "Holds up" in Page(pages.get(f"/actions/{first}")).text()


def test_lists_and_downloads(pages: Any, asha: Person) -> None:
    panel = made.body()
    ben = made.person("Ben Beech")
    made.seat(made.post(asha), panel)
    log(pages, ben, what="Mine is Ben's", body=panel.code)
    act_for(pages, asha)
    assert "Mine is Ben's" not in Page(pages.get("/actions/?whose=mine")).text()
    assert "Mine is Ben's" in Page(pages.get("/actions/?whose=seats")).text()
    assert "Mine is Ben's" in Page(pages.get(f"/actions/?body={panel.code}")).text()
    assert "Mine is Ben's" in Page(pages.get("/actions/?whose=all")).text()
    for address in ("/actions/?show=odd", "/actions/?whose=odd"):
        assert pages.get(address).status_code == 400
    for address in ("/actions/?order=odd", "/actions/?page=0", "/actions/?page=x"):
        assert pages.get(address).status_code == 400
    csv = pages.get("/actions/all.csv?whose=all").content.decode()
    assert "Mine is Ben's" in csv
    assert "Mine is Ben's" not in pages.get("/actions/all.csv?show=done").content.decode()
    assert pages.get("/actions/all.xlsx?whose=all").status_code == 200
    assert pages.get("/actions/A-0").status_code == 404


def test_it_is_sorted_and_read_a_page_at_a_time(
    pages: Any, asha: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    from locality.web.pages import action_log

    monkeypatch.setattr(action_log, "ROWS_A_PAGE", 2)
    for what, days in (("Bring", 1), ("Call", 2), ("Ask", 3)):
        log(pages, asha, what=what, due_on=str(TODAY + timedelta(days=days)))

    def shown(address: str) -> list[str]:
        text = Page(pages.get(address)).text()
        return sorted((one for one in ("Ask", "Bring", "Call") if one in text), key=text.index)

    assert shown("/actions/") == ["Bring", "Call"]
    assert shown("/actions/?page=2") == ["Ask"]
    assert shown("/actions/?order=what") == ["Ask", "Bring"]
    links = Page(pages.get("/actions/?order=what")).links()
    assert "/actions/?whose=all&order=what&page=2" in links
    assert "/actions/?whose=all&show=done&order=what" in links
    csv = pages.get("/actions/all.csv?order=what").content.decode()
    assert csv.index("Ask") < csv.index("Bring") < csv.index("Call")


def test_a_body_is_chosen_and_its_actions_are_logged_for_it(pages: Any, asha: Person) -> None:
    panel = made.body()
    page = Page(pages.get(f"/actions/?body={panel.code}"))
    assert any(a.get("value") == panel.code and "selected" in a for a in page.all("option"))
    assert f"/actions/new?body={panel.code}" in page.links()
    form = Page(pages.get(f"/actions/new?body={panel.code}"))
    assert any(a.get("value") == panel.code and "selected" in a for a in form.all("option"))
    assert pages.get("/actions/?body=b-none").status_code == 404


def test_one_left_behind_is_marked_and_cannot_be_given_back(pages: Any, asha: Person) -> None:
    from locality.records.actions import person_leaves

    ben = made.person("Ben Beech")
    address = log(pages, ben)["Location"]
    person_leaves(code=ben.code, who="local", why="Moved.")
    assert "Ben Beech Has left" in Page(pages.get("/actions/")).text()
    assert "Ben Beech Has left" in Page(pages.get(address)).text()
    form = Page(pages.get(f"{address}/change"))
    assert not any(a.get("value") == ben.code for a in form.all("option"))
    told = {"what": "Write", "owner": ben.code, "due_on": str(SOON), "why": "X."}
    refused = pages.post(f"{address}/change", told)
    assert refused.status_code == 422 and "Ben Beech has left" in Page(refused).text()
    given = {**told, "owner": asha.code, "accountable": asha.code}
    assert pages.post(f"{address}/change", given).status_code == 302
    assert "Has left" not in Page(pages.get(address)).text()


def test_two_of_one_name_are_told_apart(pages: Any, asha: Person) -> None:
    other = made.person()
    made.post(other, title="Nurse")
    words = Page(pages.get("/actions/new")).text()
    assert f"Asha Alder ({asha.code})" in words and "Asha Alder (Nurse" in words
