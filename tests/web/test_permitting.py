"""The permission table and nothing else: every page, action and role, theirs and another's.

What the file says is read here by itself, and compared with what the door really does. Behind the
door stands a spy in place of the pages, so that a page which is reached says so.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse

from locality.records.permissions import PARTS, ROLES, permissions
from locality.web.permitting import Permitting
from tests.web import made_accounts
from tests.web.made_accounts import House, signed_in

FILE = files("locality.records").joinpath("permissions.csv").read_text("utf-8")
ROWS = {(row["page"], row["action"]): row for row in csv.DictReader(FILE.splitlines())}
PAGES = sorted(name for name in get_resolver("locality.web.urls").reverse_dict
               if isinstance(name, str))  # fmt: skip
REACHED = 299
#: Rules that hold for what is somebody's own, by the kind of thing: what ``things`` writes.
HOLDS = {
    "organisation": {"own"},
    "group": set(),
    "person": {"mine"},
    "post": {"own", "mine"},
    "body": {"own", "seat", "chair"},
    "seat": {"own", "mine", "seat", "chair"},
    "note": {"own", "mine"},
    "signal": {"own", "mine"},
    "request": {"own", "mine"},
    "feedback": {"own"},
    "action": {"own", "mine", "seat", "chair"},
    "account": {"mine"},
    "checklist": {"own", "mine", "seat", "chair"},
    "scoring": {"mine", "seat", "chair"},
    "criteria set": {"seat", "chair"},
}  # fmt: skip
#: Roles that are of an organisation; to every other role ``own`` never holds.
PLACED = {"practice", "network", "commissioner"}
#: What an address holds besides the code of what it is about.
USUAL = {"id": "qof.register.hyp", "measure": "qof.register.hyp", "rule": "qof.point_value",
         "what": "mark", "ending": "csv", "table": "list", "name": "alerts.icb_month",
         "path": "x.svg", "template": "none", "item": "one", "rater": "p-1", "note": "n-none",
         "code": "none", "token": "x"}  # fmt: skip


@pytest.fixture(scope="module")
def house(spy: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with made_accounts.house(tmp_path_factory.mktemp("permitting")) as built:
        yield built


@pytest.fixture(scope="module")
def browsers(house: House) -> dict[str, Client]:
    return {role: signed_in(role) for role in ROLES}


@pytest.fixture(scope="module", autouse=True)
def spy() -> Iterator[dict[str, bool]]:
    """Stand behind the door, before any browser has passed it; awake only where a test asks."""
    door, awake = Permitting.process_view, {"now": False}

    def watched(self: Any, *arguments: Any) -> HttpResponse | None:
        answer = door(self, *arguments)
        return HttpResponse(status=REACHED) if answer is None and awake["now"] else answer

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Permitting, "process_view", watched)
        yield awake


@pytest.fixture
def spied(spy: dict[str, bool]) -> Iterator[None]:
    spy["now"] = True
    yield
    spy["now"] = False


def address(page: str, code: str) -> str:
    """Return the address of ``page`` about the thing under ``code``."""
    for patterns, _, defaults, _ in get_resolver("locality.web.urls").reverse_dict.getlist(page):
        names = [name for name in patterns[0][1] if name not in defaults]
        told = {name: USUAL.get(name, "1") for name in names}
        subject = next((name for name in ("code", "note") if name in told), None)
        if subject and code:
            told[subject] = code
        return reverse(page, urlconf="locality.web.urls", kwargs=told)
    raise AssertionError(page)


def expected(page: str, action: str, role: str, kind: str, theirs: bool) -> bool:
    """Return what the file says, read anew: in one of their roles, for such a thing."""
    row = ROWS.get((page, action))
    if row is None:
        return False
    every = {"public"} | (set() if role == "public" else {"member", role})
    for held in every:
        for cell in filter(None, row[held].split(" ")):
            if cell == "yes":
                return True
            holds = HOLDS.get(kind, set()) if theirs else set()
            # A member asks for own with the places of all their roles.
            if cell == "own" and role not in PLACED:
                holds = set()
            if cell in holds:
                return True
    return False


CASES = [
    (page, action, role, theirs)
    for page, action in [(page, action) for page in PAGES for action in ("read", "write")]
    for role in ROLES
    for theirs in (True, False)
]


@pytest.mark.parametrize("role", ROLES)
def test_the_door_does_what_the_table_says(
    house: House, browsers: dict[str, Client], spied: None, role: str
) -> None:
    wrong = []
    for page, action, case_role, theirs in CASES:
        if case_role != role:
            continue
        kind = (ROWS.get((page, action)) or {"object": ""})["object"]
        held = house.theirs.get(role, {}) if theirs else house.others
        code = held.get(kind, "")
        if kind and not code and theirs:
            continue
        browser = browsers[role]
        ask = browser.get if action == "read" else browser.post
        reached = ask(address(page, code)).status_code == REACHED
        if reached != expected(page, action, role, kind, theirs and bool(code)):
            wrong.append((page, action, kind, "theirs" if theirs else "another's", reached))
    assert wrong == []


def test_the_cases_are_not_empty(house: House) -> None:
    """Every kind of thing that has rules is tried as one's own, by somebody at least."""
    for kind in HOLDS:
        assert any(kind in held for held in house.theirs.values()), kind
        assert kind in house.others or kind in ("account",), kind


@pytest.mark.parametrize("role", ROLES)
def test_no_other_method_opens_anything(
    house: House, browsers: dict[str, Client], spied: None, role: str
) -> None:
    for page in PAGES:
        for code in (house.others["organisation"], house.theirs.get(role, {}).get("body", "")):
            there = address(page, code)
            for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "get"):
                answer = browsers[role].generic(method, there)
                if method == "get":
                    continue
                assert answer.status_code == 405, (page, method)


@pytest.mark.parametrize("role", ROLES)
def test_head_is_reading(house: House, browsers: dict[str, Client], spied: None, role: str) -> None:
    for page in PAGES:
        there = address(page, "")
        assert browsers[role].head(there).status_code == browsers[role].get(there).status_code


def test_every_page_has_rows_and_every_row_a_page() -> None:
    assert permissions().unknown(PAGES) == []
    assert {page for page, _ in ROWS} >= set(PAGES)
    assert PARTS.isdisjoint(PAGES)


@pytest.mark.parametrize("role", ["public", "member"])
def test_what_is_denied_writes_nothing(
    house: House, browsers: dict[str, Client], role: str
) -> None:
    """No spy here: the real pages, and the log of events to show that none of them wrote."""
    from locality.records.models import Event

    before = Event.objects.count()
    tried = 0
    for (page, action), row in ROWS.items():
        # A part of a page has no address of its own.
        if (
            page in PARTS
            or action != "write"
            or expected(page, "write", role, row["object"], False)
        ):
            continue
        code = house.others.get(row["object"], "")
        sent = {"text": "x", "why": "x", "name": "x", "state": "warranted", "value": "1"}
        answer = browsers[role].post(address(page, code), sent)
        tried += 1
        if role == "public":
            assert answer.status_code in (302, 401), page
            assert answer.status_code == 401 or answer["Location"].startswith("/sign-in"), page
        else:
            assert answer.status_code in (403, 404), page
    assert tried > 30
    assert Event.objects.count() == before


def test_a_thing_one_may_not_know_of_is_not_there(
    house: House, browsers: dict[str, Client]
) -> None:
    action = house.others["action"]
    denied = browsers["member"].get(f"/actions/{action}")
    never = browsers["member"].get("/actions/A-2026-999")
    assert (denied.status_code, never.status_code) == (404, 404)
    assert b"Otto" not in denied.content
    # And what is public anyhow says who could.
    refused = browsers["practice"].post(f"/know/{house.others['organisation']}/notes", {})
    assert refused.status_code == 403
    assert b"people of a practice" in refused.content


def test_programs_are_told_in_their_own_way(house: House, browsers: dict[str, Client]) -> None:
    there = f"/api/feedback/{house.others['organisation']}"
    nobody = browsers["public"].get(there)
    assert (nobody.status_code, nobody["Content-Type"]) == (401, "application/json")
    member = browsers["practice"].get(there)
    assert (member.status_code, member["Content-Type"]) == (403, "application/json")
    assert browsers["public"].get("/api/lineage").status_code == 200


def test_who_is_not_signed_in_is_sent_to_sign_in_and_back(browsers: dict[str, Client]) -> None:
    answer = browsers["public"].get("/people/?all=1")
    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in?next=%2Fpeople%2F%3Fall%3D1"
    # A page that is only written to is nowhere to come back to.
    answer = browsers["public"].post("/know/Y00003/notes", {"text": "x"})
    assert answer["Location"] == "/sign-in"


def test_templates_ask_the_same_door(house: House, browsers: dict[str, Client]) -> None:
    assert b"/people/new" in browsers["administrator"].get("/people/").content
    assert b"/people/new" not in browsers["member"].get("/people/").content


def test_a_code_in_small_letters_is_the_same_organisation(
    house: House, browsers: dict[str, Client], spied: None
) -> None:
    own, other = house.theirs["practice"]["organisation"], house.others["organisation"]
    assert browsers["practice"].post(f"/know/{own.lower()}/notes").status_code == REACHED
    assert browsers["practice"].post(f"/know/{other.lower()}/notes").status_code != REACHED


def test_what_lies_within_ones_own_is_ones_own_for_planners_alone(
    house: House, browsers: dict[str, Client], spied: None
) -> None:
    for role in ("network", "commissioner"):
        assert browsers[role].post("/know/Y00005/notes").status_code == REACHED
        assert browsers[role].post(f"/know/{made_accounts.ANOTHER}/notes").status_code != REACHED
    assert browsers["practice"].post("/know/Y00005/notes").status_code != REACHED


def test_a_pack_is_the_practices_alone_until_its_reply_day(
    house: House, browsers: dict[str, Client], spied: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import date, timedelta

    from django.utils import timezone

    from locality.records.actions import send_feedback

    send_feedback(
        organisation="Y00005", name="Y00005", data_version="1", evidence={"title": "T"},
        who="local",
    )  # fmt: skip
    pack = "/know/Y00005/feedback/pack.docx"
    assert browsers["network"].get(pack).status_code != REACHED
    assert browsers["governance"].get(pack).status_code != REACHED
    assert browsers["commissioner"].get(pack).status_code == REACHED
    monkeypatch.setattr(timezone, "localdate", lambda: date.today() + timedelta(days=60))
    assert browsers["network"].get(pack).status_code == REACHED
    assert browsers["governance"].get(pack).status_code == REACHED
    assert browsers["member"].get(pack).status_code != REACHED
