"""The calendar that reminds: its address, its file, and how it ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from locality.records.actions import change_action, log_action, person_leaves, request_change
from locality.records.models import Action, Feed, Person
from tests.records import made
from tests.web.reading import Page

TODAY = timezone.localdate()
SOON = TODAY + timedelta(days=5)


@pytest.fixture
def asha(pages: Any) -> Person:
    one = made.person()
    assert pages.post("/people/act-for", {"person": one.code}).status_code == 302
    return one


def log(holder: Person, what: str = "Write to the practices", due_on: date = SOON) -> Action:
    return log_action(what=what, owner=holder.code, due_on=due_on, who="local")


def moved(held: Action, day: date) -> Action:
    return change_action(
        reference=held.reference, what=held.what, owner=held.owner.code, due_on=day, who="local",
        why="It has to wait.",
    )  # fmt: skip


def subscribed(pages: Any) -> str:
    """Make an address, and return the path of it."""
    shown = Page(pages.post("/needs/calendar")).text()
    address = next(word for word in shown.split() if word.endswith(".ics"))
    assert len(address.rsplit("/", 1)[1]) > 40
    return "/" + address.split("/", 3)[3]


def entries(pages: Any, path: str) -> list[Any]:
    from icalendar import Calendar

    return list(Calendar.from_ical(pages.get(path).content).walk("VEVENT"))


def test_it_needs_somebody(pages: Any) -> None:
    assert pages.get("/needs/calendar").status_code == 404


def test_what_is_written_is_read_back(pages: Any, asha: Person) -> None:
    from icalendar import Calendar

    long = ("Write to the practices; about " + "the new rota, " * 15 + "Cwmbrân").strip()
    held = log(asha, long)
    path = subscribed(pages)
    response = pages.get(path)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    lines = response.content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines) and b"\n" not in b"".join(lines)
    read = Calendar.from_ical(response.content)
    assert (str(read["version"]), str(read["method"])) == ("2.0", "PUBLISH")
    (entry,) = read.walk("VEVENT")
    assert not entry.errors
    assert str(entry["summary"]) == long
    assert held.reference in str(entry["uid"])
    assert str(entry["url"]) == f"http://127.0.0.1/actions/{held.reference}"
    assert pages.get(f"/actions/{held.reference}").status_code == 200
    assert entry.decoded("dtstamp") == held.event.at.replace(microsecond=0)
    (alarm,) = entry.walk("VALARM")
    assert alarm.decoded("trigger") == timedelta(hours=-15)


@pytest.mark.parametrize("month", [1, 3, 7, 10])
def test_a_day_is_the_same_day_in_summer_and_in_winter(
    pages: Any, asha: Person, month: int
) -> None:
    day = date(TODAY.year + 1, month, 28)
    log(asha, due_on=day)
    path = subscribed(pages)
    content = pages.get(path).content.decode()
    assert f"DTSTART;VALUE=DATE:{day:%Y%m%d}\r\n" in content
    assert f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}\r\n" in content


def test_a_day_that_moves_moves_the_same_entry(pages: Any, asha: Person) -> None:
    held, path = log(asha), subscribed(pages)
    (before,) = entries(pages, path)
    moved(held, SOON + timedelta(days=2))
    (after,) = entries(pages, path)
    assert before["uid"] == after["uid"]
    assert after.decoded("dtstart") == SOON + timedelta(days=2)
    assert after.decoded("dtstamp") >= before.decoded("dtstamp")
    assert after.decoded("dtstamp") <= datetime.now(UTC)


def test_what_has_not_changed_is_not_sent_again(pages: Any, asha: Person) -> None:
    held, path = log(asha), subscribed(pages)
    first = pages.get(path)
    same = pages.get(path, headers={"if-none-match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    head = pages.head(path)
    assert (head.status_code, head["ETag"]) == (200, first["ETag"])
    moved(held, SOON + timedelta(days=2))
    assert pages.get(path, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_nothing_that_somebody_wrote_beside_it_leaves_the_house(pages: Any, asha: Person) -> None:
    made.post(asha, title="Analyst")
    request_change(measure="qof.register.hyp", text="Secret words.", owner="analyst", who="Ben")
    log_action(what="Write", owner=asha.code, due_on=SOON, why="A private reason.", who="local")
    content = pages.get(subscribed(pages)).content.decode().replace("\r\n ", "")
    assert "Answer a request to change a measure" in content and "SUMMARY:Write" in content
    assert "Secret" not in content and "private" not in content and "Ben" not in content


def test_a_new_address_replaces_the_old_and_an_ended_one_answers_no_more(
    pages: Any, asha: Person
) -> None:
    path = subscribed(pages)
    assert path not in Page(pages.get("/needs/calendar")).text()
    assert pages.get("/needs/calendar")["Cache-Control"] == "no-store"
    newest = subscribed(pages)
    assert pages.get(path).status_code == 404 and pages.get(newest).status_code == 200
    assert "Your calendar follows" in Page(pages.get("/needs/")).text()
    assert pages.post("/needs/calendar", {"do": "end", "why": ""}).status_code == 422
    assert pages.post("/needs/calendar", {"do": "end", "why": "Lost."}).status_code == 200
    assert pages.get(newest).status_code == 404
    assert not Feed.objects.filter(ended_at=None).exists()
    for guess in ("x", "x" * 43, "x" * 500):
        assert pages.get(f"/calendar/{guess}.ics").status_code == 404


def test_who_has_left_is_followed_no_more(pages: Any, asha: Person) -> None:
    path = subscribed(pages)
    person_leaves(code=asha.code, who="local", why="Moved.")
    assert pages.get(path).status_code == 404


def test_others_end_it_with_a_reason(pages: Any, asha: Person) -> None:
    path = subscribed(pages)
    listed = Page(pages.get("/needs/calendars"))
    assert "Asha Alder" in listed.text()
    end = f"/needs/calendars/{asha.code}/end"
    assert end in listed.links()
    assert pages.get(end).status_code == 200
    assert pages.post(end, {"why": ""}).status_code == 422
    assert pages.post(end, {"why": "A lost telephone."}).status_code == 302
    assert pages.get(path).status_code == 404 and pages.get(end).status_code == 404
    assert "No calendar follows" in Page(pages.get("/needs/calendars")).text()
