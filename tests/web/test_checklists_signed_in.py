"""Checklists where people sign in: who begins one about what, and who may complete it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from locality.records.actions import add_person
from locality.records.actions.accounts import open_account
from locality.records.actions.passwords import set_password
from locality.records.models import Checklist
from tests.web import made_accounts
from tests.web.made_accounts import ANOTHER, OWN, PASSWORD, TOLD, House, signed_in
from tests.web.reading import Page

NOT_YOURS = "You can begin one about your own organisation, or for a body that you chair."


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with made_accounts.house(tmp_path_factory.mktemp("checklists")) as built:
        yield built


def begin(house: House, role: str, template: str, **told: str) -> Any:
    owner = house.theirs[role]["person"]
    return signed_in(role).post(f"/checklists/asked/{template}/start", {"owner": owner, **told})


@pytest.mark.parametrize("role", ["practice", "network", "commissioner"])
def test_one_is_begun_about_ones_own_organisation_and_completed(house: House, role: str) -> None:
    browser = signed_in(role)
    assert "Begin this checklist" in Page(browser.get("/checklists/asked/checkland_seven")).text()
    form = Page(browser.get("/checklists/asked/ifpmm/start"))
    assert OWN[role] in {a.get("value") for a in form.all("input")}
    told = {"about_kind": "organisation", "about": OWN[role].lower()}
    begun = begin(house, role, "ifpmm", raters=house.theirs[role]["person"], **told)
    assert begun.status_code == 302, Page(begun).text()
    held = Checklist.objects.get(template="ifpmm", about=OWN[role])
    assert begun["Location"].endswith(held.reference)
    for page in ("complete", "withdraw"):
        assert browser.get(f"{begun['Location']}/{page}").status_code == 200
    # Another practice knows nothing of it.
    if role == "commissioner":
        assert signed_in("practice").get(begun["Location"]).status_code == 404


@pytest.mark.parametrize("role", ["practice", "member", "analyst"])
@pytest.mark.parametrize(
    ("template", "told", "field", "says"),
    [
        ("ifpmm", {"about_kind": "organisation", "about": ANOTHER}, "about", NOT_YOURS),
        ("ifpmm", {"about_kind": "organisation", "about": "Y99999"}, "about",
         "No file that is loaded names"),
        ("gp_provider", {"about_kind": "decision", "about": "D-2026-001"}, "about", NOT_YOURS),
        ("roberts_six", {"about_kind": "body", "body": "others"}, "body", NOT_YOURS),
    ],
)  # fmt: skip
def test_what_is_anothers_is_not_begun(
    house: House, role: str, template: str, told: dict[str, str], field: str, says: str
) -> None:
    before = Checklist.objects.count()
    if "body" in told:
        told = told | {"body": house.others["body"]}
    refused = begin(house, role, template, **told, why="943 476 5919")
    page = Page(refused)
    assert refused.status_code == 422 and says in page.text()
    # What is wrong beside it is told in one go, and nothing is kept.
    assert "NHS number" in page.text()
    assert f"{field}-error" in {a.get("id") for a in page.all("span")} | {
        a.get("id") for a in page.all("p")
    }
    assert Checklist.objects.count() == before


def test_in_the_name_of_a_body_that_one_does_not_chair(house: House) -> None:
    refused = begin(house, "practice", "vsm_five", about_kind="organisation", about="Y00003",
                    body=house.others["body"])  # fmt: skip
    assert refused.status_code == 422 and NOT_YOURS in Page(refused).text()


@pytest.mark.parametrize("role", ["member", "analyst"])
def test_a_chair_begins_one_for_the_body(house: House, role: str) -> None:
    own, form = (
        house.theirs[role]["body"],
        signed_in(role).get("/checklists/asked/roberts_six/start"),
    )
    offered = {a.get("value") for a in Page(form).all("option")}
    assert own in offered and house.others["body"] not in offered
    begun = begin(house, role, "roberts_six", about_kind="body", body=own)
    assert begun.status_code == 302, Page(begun).text()


def test_a_governance_lead_begins_any(house: House) -> None:
    begun = begin(house, "governance", "a4r", about_kind="decision", about="D-2026-001")
    assert begun.status_code == 302, Page(begun).text()


def test_who_may_begin_none_is_told_whom_to_ask(house: House) -> None:
    person = add_person(name="Lou Larch", **TOLD)
    opened = open_account(person=person.code, username="lou", role="", **TOLD)
    set_password(account=opened.account.code, password=PASSWORD, **TOLD)
    text = Page(signed_in("lou").get("/checklists/asked/ifpmm")).text()
    assert "Begin this checklist" not in text and "A governance lead begins it" in text
