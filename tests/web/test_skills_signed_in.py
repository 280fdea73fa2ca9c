"""Skills reviews where people sign in: who begins one of whom, and what they then may do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from locality.records.actions import add_person, give_post, give_seat, save_sheet
from locality.records.actions.accounts import open_account
from locality.records.actions.passwords import set_password
from locality.records.actions.scores import Given
from locality.records.models import Scoring, Subject
from tests.web import made_accounts
from tests.web.made_accounts import ANOTHER, OWN, PASSWORD, TOLD, House, signed_in
from tests.web.reading import Page

NOT_YOURS = "You can begin one of your own organisation, or in a body that you chair."
MANAGERS = ("practice", "network", "commissioner")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with made_accounts.house(tmp_path_factory.mktemp("skills")) as built:
        yield built


def colleague(place: str, name: str) -> str:
    """Return the code of somebody new who holds a post in ``place``."""
    person = add_person(name=name, **TOLD)
    give_post(person=person.code, organisation=place, title="Nurse", from_day="2024-04-01", **TOLD)
    return str(person.code)


def begin(role: str, people: list[str], **told: Any) -> Any:
    sent = {"title": f"Skills of {role}", "list": "loop", "people": people, "why": "Yearly."}
    return signed_in(role).post("/skills/new", sent | told)


@pytest.mark.parametrize("role", MANAGERS)
def test_one_is_begun_of_ones_own_people_and_run_to_its_end(house: House, role: str) -> None:
    browser, own = signed_in(role), house.theirs[role]["person"]
    team = [own, colleague(OWN[role], f"Nell {role.title()}")]
    assert "Begin a review" in Page(browser.get("/skills/")).text()
    form = Page(browser.get("/skills/new"))
    ticked = {a["value"] for a in form.all("input") if a.get("name") == "people"}
    assert set(team) <= ticked and house.others["person"] not in ticked
    assert OWN[role] in {a.get("value") for a in form.all("input")}
    begun = begin(role, team, organisation=OWN[role].lower())
    assert begun.status_code == 302, Page(begun).text()
    held = Scoring.objects.get(title=f"Skills of {role}")
    at = f"/scorings/{held.reference}"
    text = Page(browser.get(at)).text()
    assert "Whose skills" in text and "shown to all" not in text and "Margin" not in text
    for page in (at, f"{at}/assessors", f"{at}/reveal", f"{at}/withdraw"):
        assert browser.get(page).status_code == 200, page
    # Who runs it sees no scores but those that anybody of the team sees.
    assert browser.get(f"/skills/{held.reference}/everyone").status_code == 403
    number = len(held.criteria.rows)
    for one in team:
        cells = {(s, c): Given("1", "Of one.") for s in (1, 2) for c in range(1, number + 1)}
        save_sheet(reference=held.reference, person=one, cells=cells, submit=True, who="A")
    shown = Page(browser.get(f"/skills/{held.reference}"))
    assert "They and the colleague who scored it agree." in shown.text()


def test_who_only_runs_it_sees_how_far_it_has_come_and_no_skills(house: House) -> None:
    place = OWN["practice"]
    team = [colleague(place, "Ona Olive"), colleague(place, "Pia Plum")]
    begun = begin("practice", team, organisation=place, title="Without me")
    held = Scoring.objects.get(title="Without me")
    number = len(held.criteria.rows)
    for one in team:
        cells = {(s, c): Given("1", "Of one.") for s in (1, 2) for c in range(1, number + 1)}
        save_sheet(reference=held.reference, person=one, cells=cells, submit=True, who="A")
    browser = signed_in("practice")
    assert "Ona Olive" in Page(browser.get(begun["Location"])).text()
    text = Page(browser.get(f"/skills/{held.reference}")).text()
    assert "There is nothing here that you may see" in text and "Of one." not in text
    for page in (f"/skills/{held.reference}.csv", f"/scorings/{held.reference}/results"):
        assert b"Of one." not in browser.get(page, follow=True).content
    # A network and a commissioner have what lies within theirs, but not its people.
    for role in ("network", "commissioner", "member", "analyst"):
        assert signed_in(role).get(begun["Location"]).status_code == 404, role


@pytest.mark.parametrize(
    ("role", "organisation", "body"),
    [
        ("practice", ANOTHER, ""),
        ("practice", "", ""),
        ("network", OWN["practice"], ""),
        ("commissioner", OWN["practice"], ""),
        ("member", OWN["practice"], ""),
        ("analyst", OWN["practice"], ""),
        ("practice", OWN["practice"], "others"),
        ("member", "", "others"),
    ],
)
def test_what_is_anothers_is_not_begun(
    house: House, role: str, organisation: str, body: str
) -> None:
    before = Scoring.objects.count()
    person = house.theirs["practice"]["person"]
    refused = begin(role, [person], organisation=organisation, why="943 476 5919",
                    body=house.others["body"] if body else "")  # fmt: skip
    page = Page(refused)
    assert refused.status_code == 422 and NOT_YOURS in page.text()
    # What is wrong beside it is told in one go, what was typed stays, and nothing is kept.
    assert "NHS number" in page.text()
    if role in MANAGERS:
        assert f"Skills of {role}" in {a.get("value") for a in page.all("input")}
    assert Scoring.objects.count() == before


def test_everybody_in_it_works_there_or_sits_there(house: House) -> None:
    stranger = house.others["person"]
    refused = begin("practice", [stranger], organisation=OWN["practice"])
    assert refused.status_code == 422
    assert "Otto Oak holds no post in Y00003 today." in Page(refused).text()
    refused = begin("member", [stranger], body=house.theirs["member"]["body"])
    assert refused.status_code == 422
    assert "Otto Oak does not sit in this body today." in Page(refused).text()
    assert not Subject.objects.filter(person__code=stranger).exists()


def test_a_chair_begins_one_in_the_body_and_sees_everyones(house: House) -> None:
    body, own = house.theirs["analyst"]["body"], house.theirs["analyst"]["person"]
    other = add_person(name="Quin Quince", **TOLD)
    post = give_post(person=other.code, organisation=ANOTHER, title="GP", from_day="2024-04-01",
                     **TOLD)  # fmt: skip
    give_seat(body_code=body, post=post.code, role="member", from_day="2024-05-01", **TOLD)
    form = Page(signed_in("analyst").get("/skills/new"))
    ticked = {a["value"] for a in form.all("input") if a.get("name") == "people"}
    assert ticked == {own, other.code}
    # Who manages nothing is asked for the body alone; of the only one, all are proposed.
    assert "Of which organisation" not in form.text()
    proposed = {
        a["value"] for a in form.all("input") if a.get("name") == "people" and "checked" in a
    }
    assert proposed == ticked
    begun = begin("analyst", [own, other.code], body=body, organisation="")
    assert begun.status_code == 302, Page(begun).text()
    held = Scoring.objects.get(title="Skills of analyst")
    assert signed_in("analyst").get(f"/skills/{held.reference}/everyone").status_code == 200


def test_a_governance_lead_begins_one_of_anybody(house: House) -> None:
    people = [house.others["person"], house.theirs["practice"]["person"]]
    begun = begin("governance", people)
    assert begun.status_code == 302, Page(begun).text()


def test_who_may_begin_none_is_told_whom_to_ask(house: House) -> None:
    person = add_person(name="Lou Larch", **TOLD)
    opened = open_account(person=person.code, username="lou", role="", **TOLD)
    set_password(account=opened.account.code, password=PASSWORD, **TOLD)
    browser = signed_in("lou")
    assert "Begin a review" not in Page(browser.get("/skills/")).text()
    page = Page(browser.get("/skills/new"))
    assert "A governance lead begins the others: ask one" in page.text()
    assert not [a for a in page.all("input") if a.get("name") == "people"]
