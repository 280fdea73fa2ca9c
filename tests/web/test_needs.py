"""What needs me, as a page and as the compact part of the first page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from locality.records.actions import (
    log_action,
    mark_signal,
    request_change,
    send_feedback,
    start_checklist,
)
from locality.records.models import Person
from tests.records import made, scored
from tests.web.reading import Page

TODAY = timezone.localdate()


@pytest.fixture
def asha(pages: Any) -> Person:
    return made.person()


def log(holder: Person, what: str, days: int) -> str:
    return log_action(
        what=what, owner=holder.code, due_on=TODAY + timedelta(days=days), who="local"
    ).reference


def act_for(pages: Any, whom: Person) -> None:
    assert pages.post("/people/act-for", {"person": whom.code}).status_code == 302


def test_nothing_waits_where_nothing_is_loaded(empty: Any) -> None:
    assert "Nothing waits." in Page(empty.get("/needs/")).text()


def test_it_stands_by_day(pages: Any, asha: Person) -> None:
    log(asha, "Today", 0)
    log(asha, "Week", 7)
    log(asha, "Month", 28)
    log(asha, "Long", 29)
    every = Page(pages.get("/needs/")).text()
    assert "Nobody is named on this computer" in every and "Asha Alder" in every
    act_for(pages, asha)
    page = Page(pages.get("/needs/")).text()
    order = ["In the next 7 days", "Today", "Week", "In the next 28 days", "Month", "Later", "Long"]
    assert sorted(order, key=page.index) == order
    assert "Overdue" not in page


def test_what_is_overdue_stands_first(
    pages: Any, asha: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    log(asha, "Late", 3)
    log(asha, "Next", 9)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY + timedelta(days=4))
    page = Page(pages.get("/needs/")).text()
    order = ["Overdue", "Late", "In the next 7 days", "Next"]
    assert sorted(order, key=page.index) == order


def test_every_link_opens(pages: Any, asha: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    from locality.knowledge import load

    made.post(asha, title="Analyst", organisation="Y00003")
    log(asha, "Write", 3)
    request_change(measure="qof.register.hyp", text="Count less.", owner="analyst", who="Ben")
    send_feedback(organisation="Y00003", name="Vale", data_version="1",
                  evidence={"title": "T"}, who="local")  # fmt: skip
    mark_signal(
        organisation="Y00003", measure="qof.register.hyp", state="warranted",
        reason="A care home.", review_on=TODAY + timedelta(days=7), who="local",
    )  # fmt: skip
    scored.opened(asha)
    start_checklist(template=load().checklists["roberts_six"], about_kind="body",
                    about=made.body().code, owner=asha.code, who="local")  # fmt: skip
    act_for(pages, asha)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY + timedelta(days=8))
    page = Page(pages.get("/needs/"))
    assert "Count less." in page.text()
    rooms = (
        "/actions/A-", "/requests/q-", "/know/Y00003/feedback", "/scorings/S-", "/checklists/K-",
        "/measure/qof.register.hyp/Y00003/mark",
    )  # fmt: skip
    for start in rooms:
        assert any(start in link for link in page.links()), (start, page.links())
    for link in page.links():
        if any(start in link for start in rooms):
            assert pages.get(link.split("#")[0]).status_code == 200, link


def test_numbers_to_be_checked_stand_in_the_list_of_nobody_in_particular(
    pages: Any, asha: Person
) -> None:
    page = Page(pages.get("/needs/"))
    assert "on which QOF pounds of" in page.text()
    (link,) = {one for one in page.links() if "constants" in one}
    assert pages.get(link).status_code == 200
    act_for(pages, asha)
    assert "on which QOF pounds of" not in Page(pages.get("/needs/")).text()


def test_the_compact_part_shows_the_most_pressing(pages: Any, asha: Person) -> None:
    from django.template import engines
    from django.test import RequestFactory

    from locality.records.needs import needs

    for number in range(7):
        log(asha, f"Number {number}", number)
    part = engines.all()[0].from_string(
        '{% from "parts/needs.html" import needs_box %}{{ needs_box(needs) }}'
    )
    words = part.render({"needs": needs(asha.code)}, RequestFactory().get("/"))
    assert "Number 4" in words and "Number 5" not in words and "All 7" in words
    assert "Nothing waits." in part.render({"needs": needs("p-none")}, RequestFactory().get("/"))
