"""The action log where people sign in: who sees and names what, and that no form tells more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.web import made_accounts
from tests.web.made_accounts import House, signed_in
from tests.web.reading import Page

SOON = timezone.localdate() + timedelta(days=5)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with made_accounts.house(tmp_path_factory.mktemp("actions")) as built:
        yield built


def log(house: House, role: str, **changes: str) -> Any:
    told = {"what": "Write", "owner": house.theirs[role]["person"], "due_on": str(SOON)}
    return signed_in(role).post("/actions/new", told | changes)


@pytest.mark.parametrize("role", ["member", "practice", "network", "analyst"])
@pytest.mark.parametrize("whose", ["", "?whose=mine", "?whose=seats", "?whose=all"])
def test_nobody_reads_what_is_not_theirs(house: House, role: str, whose: str) -> None:
    browser = signed_in(role)
    page = browser.get(f"/actions/{whose}")
    assert page.status_code == (400 if whose == "?whose=all" else 200)
    text = Page(page).text()
    assert "Look, others." not in text
    if page.status_code == 200:
        assert f"Look, {role}." in text
    file = browser.get(f"/actions/all.csv{whose}").content.decode()
    assert "Look, others." not in file


@pytest.mark.parametrize("role", ["governance", "commissioner", "administrator"])
def test_who_looks_after_all_reads_all(house: House, role: str) -> None:
    text = Page(signed_in(role).get("/actions/?whose=all")).text()
    assert "Look, others." in text and "Look, practice." in text


@pytest.mark.parametrize("role", ["member", "practice", "network", "analyst"])
def test_the_form_offers_and_takes_only_what_they_may_see(house: House, role: str) -> None:
    others = house.others
    form = Page(signed_in(role).get("/actions/new"))
    values = {a.get("value") for a in form.all("option")}
    assert others["action"] not in values and others["body"] not in values
    assert {house.theirs[role]["action"], house.theirs[role]["body"]} <= values
    for field, code in (("body", others["body"]), ("organisation", others["organisation"]),
                        ("depends_on", others["action"])):  # fmt: skip
        refused = log(house, role, **{field: code})
        assert refused.status_code == 422, field
        assert any(a.get("id") == f"{field}-error" for a in Page(refused).all("p")) or any(
            a.get("id") == f"{field}-error" for a in Page(refused).all("span")
        ), field
        assert "Look, others." not in Page(refused).text()
    never = log(house, role, depends_on="A-2026-999")
    hidden = log(house, role, depends_on=others["action"])
    assert "There is no action 'A-2026-999'." in Page(never).text()
    assert f"There is no action '{others['action']}'." in Page(hidden).text()


def test_a_change_cannot_name_them_either(house: House) -> None:
    mine = house.theirs["member"]
    told = {"what": "Write", "owner": mine["person"], "due_on": str(SOON), "why": "X.",
            "depends_on": house.others["action"]}  # fmt: skip
    refused = signed_in("member").post(f"/actions/{mine['action']}/change", told)
    assert refused.status_code == 422 and "There is no action" in Page(refused).text()


def test_one_given_to_somebody_else_leads_back_to_the_log(house: House) -> None:
    given = log(house, "member", owner=house.theirs["analyst"]["person"])
    assert (given.status_code, given["Location"]) == (302, "/actions/")
    kept = log(house, "member")
    assert kept["Location"].startswith("/actions/A-")


def test_a_practice_names_its_own_organisation(house: House) -> None:
    made = log(house, "practice", organisation=house.theirs["practice"]["organisation"].lower())
    assert made.status_code == 302
    page = Page(signed_in("practice").get(made["Location"]))
    assert house.theirs["practice"]["organisation"] in page.text()


def test_the_calendar_opens_without_signing_in_and_ends_with_the_account(house: House) -> None:
    from locality.records.actions.accounts import close_account

    browser = signed_in("analyst")
    shown = Page(browser.post("/needs/calendar")).text()
    path = "/" + next(w for w in shown.split() if w.endswith(".ics")).split("/", 3)[3]
    nobody = signed_in("public")
    assert nobody.get(path).status_code == 200
    assert nobody.get("/needs/").status_code == 302
    assert signed_in("member").get("/needs/calendars").status_code == 403
    listed = Page(signed_in("administrator").get("/needs/calendars")).text()
    assert house.accounts["analyst"].person.name in listed
    close_account(code=house.accounts["analyst"].code, **made_accounts.TOLD)
    assert nobody.get(path).status_code == 404
    assert signed_in("administrator").get("/needs/calendars").status_code == 200


def test_numbers_are_checked_by_who_may_enter_them(house: House) -> None:
    assert "QOF pounds" in Page(signed_in("administrator").get("/needs/")).text()
    assert "QOF pounds" not in Page(signed_in("practice").get("/needs/")).text()
