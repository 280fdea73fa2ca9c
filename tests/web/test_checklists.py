"""Checklists on their pages: begun, worked through, compared, completed, looked at again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from locality import knowledge
from locality.records import actions, checklist_tables
from locality.records.models import Answer, Body, Checklist, Person
from tests.records import made
from tests.web.reading import Page

NEXT = (timezone.localdate() + timedelta(days=300)).isoformat()
BY: dict[str, Any] = {"who": "local"}


def acting_as(pages: Any, who: Person | None) -> None:
    sent = {"person": who.code if who else ""}
    assert pages.post("/people/act-for", sent).status_code == 302


def begun(template: str, owner: Person, **words: Any) -> Checklist:
    return actions.start_checklist(**{
        "template": knowledge.load().checklists[template], "about_kind": "organisation",
        "about": "Y00004", "owner": owner.code, **BY, **words,
    })  # fmt: skip


def board(*people: Person) -> Body:
    held = made.body("Hub board", organisation="Y00004", needs_tags=["gp", "lay"])
    for one in people:
        made.seat(made.post(one, limit="5000" if one.name == "Ann" else None), held)
    return held


def test_what_there_is_stands_by_when_it_is_used_and_an_empty_page_says_what_to_do(
    pages: Any,
) -> None:
    page = Page(pages.get("/checklists/"))
    assert "No checklist is being filled in" in page.text()
    assert "Once a year" in page.text() and "With each decision" in page.text()
    every = [link for link in page.links() if link.startswith("/checklists/asked/")]
    assert len(every) == len(knowledge.load().checklists) == 14


def test_each_template_shows_its_questions_and_its_source(pages: Any) -> None:
    for template, asked in knowledge.load().checklists.items():
        response = pages.get(f"/checklists/asked/{template}")
        assert response.status_code == 200
        text = Page(response).text()
        for item in asked.item:
            assert " ".join(item.question.split()) in text
        assert ("Check before relying on it" in text) == (
            asked.check or any(one.check for one in asked.item)
        )
        assert len(Page(response).all("h1")) == 1


def test_what_is_recalled_is_never_printed_as_fact(pages: Any) -> None:
    asked = knowledge.load().checklists["smith_nine"]
    text = Page(pages.get("/checklists/asked/smith_nine")).text()
    assert asked.check_why in text and "recalled, and not seen in a source" in text
    made_ = begun("smith_nine", made.person())
    assert asked.check_why in Page(pages.get(f"/checklists/{made_.reference}")).text()
    assert "was cut off" in Page(pages.get("/checklists/asked/gp_provider")).text()
    assert "worth more per pound" in Page(pages.get("/checklists/asked/pbma_process")).text()


def test_one_is_begun_and_worked_through(pages: Any) -> None:
    nobody = Page(pages.get("/checklists/asked/obholzer/start")).text()
    assert "Record people first" in nobody
    owner = made.person()
    sent = {"about_kind": "organisation", "about": "Y00004", "owner": owner.code}
    response = pages.post("/checklists/asked/obholzer/start", sent)
    assert response.status_code == 302
    address = response["Location"]
    page = pages.get(address)
    assert "Harbour Lane Surgery 4" in Page(page).text()
    assert "0 of 7 answered, 7 still to do" in Page(page).text()
    answered = {"value": "partly", "evidence": "Team meeting", "owner": owner.code, "seen": "0"}
    onward = pages.post(f"{address}/items/task", {**answered, "go": "next"})
    assert onward["Location"] == f"{address}/items/authority"
    assert pages.post(f"{address}/items/users", {"not_here": "1", "words": "We see none.",
                                                 "go": "list"})["Location"] == address  # fmt: skip
    text = Page(pages.get(address)).text()
    assert "1 of 7 answered, 1 does not apply, 5 still to do" in text
    assert "Team meeting" in text and "Does not apply: We see none." in text
    assert 'value="partly" checked' in pages.get(f"{address}/items/task").content.decode()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"about": "Y 4"}, "names an organisation 'Y 4'"),
        ({"owner": ""}, "Choose who takes care of it"),
        ({"about_kind": "body", "body": ""}, "Choose a body that is open"),
        ({"title": "Mrs J 943 476 5919"}, "could be an NHS number"),
    ],
)
def test_a_slip_in_beginning_keeps_what_was_typed(
    pages: Any, sent: dict[str, str], sentence: str
) -> None:
    owner = made.person()
    typed = {"about_kind": "organisation", "about": "Y00004", "owner": owner.code,
             "title": "Ours", "why": "A new year."} | sent  # fmt: skip
    response = pages.post("/checklists/asked/obholzer/start", typed)
    assert response.status_code == 422
    body = response.content.decode()
    assert Page(response).text().count(sentence) >= 2
    assert "A new year." in body and typed["title"] in body
    assert not Checklist.objects.exists()


@pytest.mark.parametrize(
    ("item", "sent", "sentence", "kept"),
    [
        ("picture", {"value": "Seen: 943 476 5919"}, "could be an NHS number", "943 476 5919"),
        ("picture", {"value": ""}, "Write an answer", "The notes"),
        ("root_definition", {"value-P": "To <b>see</b>"}, "By (how): write something", "&lt;b&gt;"),
        ("model", {"value-0-activity": "Call", "value-0-after": "2",
                   "value-1-activity": "See", "value-1-after": "1"}, "go in a circle", "Call"),
        ("model", {"value-0-activity": "Call", "value-0-after": "7"}, "There is no row 7", "Call"),
        ("feasible", {"value-desirable": "yes"}, "write something here", "The notes"),
        ("C_victims", {"value": "Old\n", "not_here": "1"}, "Say why it does not apply", "Old"),
    ],
)  # fmt: skip
def test_a_slip_in_answering_keeps_what_was_typed(
    pages: Any, item: str, sent: dict[str, str], sentence: str, kept: str
) -> None:
    held = begun("ssm_five_steps", made.person())
    sent = {"evidence": "The notes", **sent}
    if "value" in sent and item == "C_victims":
        sent["words"] = ""
    elif item == "picture" and not sent["value"]:
        sent["evidence"] = ""
        sent["overrule"] = "The notes"
    response = pages.post(f"/checklists/{held.reference}/items/{item}", sent)
    assert response.status_code == 422
    assert sentence.lower() in Page(response).text().lower()
    if item != "picture" or sent["value"]:
        assert kept in response.content.decode()
    assert not Answer.objects.exists()


def test_every_kind_of_item_can_be_answered_and_shown_again(pages: Any) -> None:
    held = begun("ssm_five_steps", made.person())
    address = f"/checklists/{held.reference}"
    for item, sent, told in (
        ("picture", {"value": "Two weeks' wait."}, "Two weeks' wait."),
        ("root_definition", {"value-P": "see people", "value-Q": "a hub", "value-R": "be seen"},
         "By (how): a hub"),
        ("C_beneficiaries", {"value": "Patients\nReception staff"}, "Reception staff"),
        ("model", {"value-0-activity": "Call", "value-2-activity": "See", "value-2-after": "1"},
         "2. Activity: See; Comes after rows: 1"),
        ("compare", {"value-0-activity": "Call", "value-0-exists": "partly"}, "Exists now: Partly"),
        ("feasible", {"value-desirable": "yes", "value-desirable_why": "It is.",
                      "value-feasible": "no", "value-feasible_why": "Not yet."},
         "People here would accept it: No"),
        ("e3", {"value-efficacy": "qof.register.hyp", "value-efficiency": "Cost",
                "value-effectiveness": "Wait"}, "qof.register.hyp"),
    ):  # fmt: skip
        response = pages.post(f"{address}/items/{item}", {**sent, "seen": "0", "go": "list"})
        assert response.status_code == 302, Page(response).text()
        assert told in Page(pages.get(address)).text(), item
        again = pages.get(f"{address}/items/{item}").content.decode()
        for value in sent.values():
            assert (
                value.replace("\n", "\r\n") in again
                or value.split("\n")[-1] in again
                or (value.replace("'", "&#39;") in again)
            ), item
    five = begun("five_tests", made.person("Ben"))
    sent = {"value-alternative": "yes", "value-treatments": "no", "value-efficiency": "no"}
    pages.post(f"/checklists/{five.reference}/items/beds", {**sent, "seen": "0"})
    text = Page(pages.get(f"/checklists/{five.reference}")).text()
    assert "Enough of these are so (1 needed)." in text


def test_who_saves_second_is_told_what_stands(pages: Any) -> None:
    held = begun("obholzer", made.person())
    address = f"/checklists/{held.reference}/items/task"
    assert pages.post(address, {"value": "yes", "seen": "0"}).status_code == 302
    second = pages.post(address, {"value": "no", "words": "I think not.", "seen": "0"})
    text, body = Page(second).text(), second.content.decode()
    assert second.status_code == 422 and "changed this" in text
    assert "What stands saved now" in text and "I think not." in body
    version = Answer.objects.get().version
    assert f'name="seen" value="{version}"' in body
    again = {"value": "no", "words": "I think not.", "seen": str(version)}
    assert pages.post(address, again).status_code == 302
    assert Answer.objects.get().value == "no"


def test_sides_are_apart_until_both_are_done(pages: Any) -> None:
    mo, pat = made.person("Mo"), made.person("Pat")
    held = begun("checkland_seven", mo, raters=[(mo.code, "manager"), (pat.code, "partners")])
    address = f"/checklists/{held.reference}"
    for who, points in ((mo, "4"), (pat, "1")):
        acting_as(pages, who)
        for item in held.questions.item:
            sent = {"value": points, "words": f"Said by {who.name} alone."}
            assert pages.post(f"{address}/items/{item.id}", sent).status_code == 302
        other = "Said by Pat alone." if who is mo else "Said by Mo alone."
        for place in (address, f"{address}/items/norm", f"{address}/answers.csv"):
            assert other not in pages.get(place).content.decode(), place
        assert pages.get(f"{address}/compare").status_code == 404
        assert pages.post(f"{address}/finish").status_code == 302
    acting_as(pages, None)
    page = Page(pages.get(f"{address}/compare"))
    assert "Manager 4, wholly; Partners 1, a little (3 steps)" in page.text()
    assert "+3" in page.text()
    assert "Said by Mo alone." in pages.get(f"{address}/answers.csv").content.decode()
    blocked = pages.post(f"{address}/items/norm", {"value": "0"})
    assert blocked.status_code == 422 and Answer.objects.filter(value=0).count() == 0


def test_one_who_was_not_asked_cannot_answer(pages: Any) -> None:
    mo, pat = made.person("Mo"), made.person("Pat")
    held = begun("checkland_seven", mo, raters=[(mo.code, "manager"), (pat.code, "partners")])
    address = f"/checklists/{held.reference}/items/norm"
    acting_as(pages, made.person("Nosy"))
    assert "not one of those who were asked" in Page(pages.get(address)).text()
    assert pages.post(address, {"value": "1"}).status_code == 422
    assert not Answer.objects.exists()
    assert pages.post(f"/checklists/{held.reference}/finish").status_code == 422


def test_excusing_and_withdrawing_ask_why(pages: Any) -> None:
    mo, pat = made.person("Mo"), made.person("Pat")
    held = begun("checkland_seven", mo, raters=[(mo.code, "manager"), (pat.code, "partners")])
    address = f"/checklists/{held.reference}"
    assert pages.post(f"{address}/excuse/{pat.code}", {"why": ""}).status_code == 422
    assert pages.post(f"{address}/excuse/{pat.code}", {"why": "Left."}).status_code == 302
    assert "Pat, Partners: excused (Left.)" in Page(pages.get(address)).text()
    assert pages.get(f"{address}/excuse/p-none").status_code == 404
    assert pages.post(f"{address}/withdraw", {"why": ""}).status_code == 422
    assert pages.post(f"{address}/withdraw", {"why": "A slip."}).status_code == 302
    assert held.reference not in Page(pages.get("/checklists/")).text()
    assert "Withdrawn: A slip." in Page(pages.get(address)).text()


def test_completed_with_what_is_missing_and_looked_at_again(pages: Any) -> None:
    owner = made.person()
    held = begun("obholzer", owner)
    address = f"/checklists/{held.reference}"
    pages.post(f"{address}/items/task", {"value": "yes", "evidence": "The plan"})
    form = Page(pages.get(f"{address}/complete"))
    assert "Is it clear who may decide what?" in form.text()
    refused = pages.post(f"{address}/complete", {"review_on": NEXT, "why": ""})
    assert refused.status_code == 422 and NEXT in refused.content.decode()
    done = pages.post(f"{address}/complete", {"review_on": NEXT, "why": "We were short."})
    assert done.status_code == 302
    assert "Some of it was left open: We were short." in Page(pages.get(address)).text()
    again = pages.post(f"{address}/anew", {"owner": owner.code})["Location"]
    item = Page(pages.get(f"{again}/items/task"))
    assert f"The time before ({held.reference})" in item.text() and "The plan" in item.text()
    assert pages.post(f"{again}/items/task", {"go": "same", "seen": "0"}).status_code == 302
    pages.post(f"{again}/items/users", {"value": "no"})
    since = Page(pages.get(f"{again}/since")).text()
    assert "The same" in since and "Changed" in since and "1 of 7 answers changed." in since
    assert pages.get(f"{address}/since").status_code == 404


def test_what_can_be_worked_out_is_filled_in_and_marked(pages: Any) -> None:
    ann, ben = made.person("Ann"), made.person("Ben")
    held = begun("roberts_six", ann, about_kind="body", about=board(ann, ben).code)
    address = f"/checklists/{held.reference}"
    assert pages.post(f"{address}/fill-in").status_code == 302
    text = Page(pages.get(address)).text()
    assert "Ann, GP partner (A81001): up to £5,000" in text
    assert "Ben: no limit is recorded" in text and "1 of 2 members" in text
    assert "Nobody at the table brings: lay." in text and "records at event" in text
    refused = pages.post(f"{address}/items/home_invests", {"value": "yes"})
    assert refused.status_code == 422 and "This was worked out." in Page(refused).text()
    sent = {"value": "yes", "overrule": "Ben has a letter."}
    assert pages.post(f"{address}/items/home_invests", sent).status_code == 302
    text = Page(pages.get(address)).text()
    assert "Answered otherwise by a person: Ben has a letter." in text and "1 of 2 members" in text


def test_waits_stand_beside_the_question_of_the_plan(pages: Any) -> None:
    held = begun("commissioning_plan", made.person())
    address = f"/checklists/{held.reference}"
    assert pages.post(f"{address}/fill-in").status_code == 302
    answer = Answer.objects.get()
    assert answer.value is None and "pathways were waiting" in answer.computed_from
    assert answer.data_version.startswith("data version ")
    text = Page(pages.get(f"{address}/items/waiting")).text()
    assert "pathways were waiting" in text and "4 still to do" in Page(pages.get(address)).text()


def test_without_data_nothing_is_worked_out_and_nothing_breaks(empty: Any) -> None:
    held = begun("commissioning_plan", made.person())
    address = f"/checklists/{held.reference}"
    assert empty.post(f"{address}/fill-in").status_code == 302
    assert not Answer.objects.exists()
    for page in ("/checklists/", address, f"{address}/items/waiting", f"{address}/complete"):
        assert empty.get(page).status_code == 200, page


def test_what_a_decision_fills_in_says_so(pages: Any) -> None:
    held = begun("a4r", made.person(), about_kind="decision", about="D-2026-001")
    text = Page(pages.get(f"/checklists/{held.reference}")).text()
    assert text.count("Filled in when the decision is recorded.") == 3


def test_downloads_hold_what_one_sees(pages: Any) -> None:
    held = begun("obholzer", made.person())
    pages.post(f"/checklists/{held.reference}/items/task", {"value": "yes", "words": "=1+1"})
    csv = pages.get(f"/checklists/{held.reference}/answers.csv")
    assert csv["Content-Type"].startswith("text/csv")
    assert "Does everybody know" in csv.content.decode("utf-8-sig")
    assert pages.get(f"/checklists/{held.reference}/answers.xlsx").content[:2] == b"PK"
    assert pages.get(f"/checklists/{held.reference}/answers.doc").status_code == 404


def test_the_pulse_of_a_body(pages: Any) -> None:
    people = [made.person(name) for name in ("Ann", "Ben", "Cat", "Dan")]
    sits = board(*people)
    address = f"/bodies/{sits.code}/pulse"
    assert "There is no complete pulse yet" in Page(pages.get(address)).text()
    assert pages.post(f"{address}/start", {"owner": ""}).status_code == 422
    assert pages.post(f"{address}/start", {"owner": people[0].code}).status_code == 302
    held = Checklist.objects.get()
    answer = f"/checklists/{held.reference}/pulse"
    assert "Only those who held a seat" in Page(pages.get(answer)).text()
    for one, change in zip(people[:3], ("yes", "yes", "no"), strict=True):
        acting_as(pages, one)
        wrong = pages.post(answer, {"value-change": "perhaps", "value-stay": "3"})
        assert wrong.status_code == 422 and 'value="3" checked' in wrong.content.decode()
        sent = {"value-change": change, "value-stay": "3"}
        assert pages.post(answer, sent).status_code == 302
        assert "Thank you" in Page(pages.get(answer)).text()
        assert pages.post(answer, sent).status_code == 422
    assert "Answered “Yes”" not in Page(pages.get(address)).text(), "not while it is open"
    done = {"review_on": NEXT, "why": "Dan is away."}
    assert pages.post(f"/checklists/{held.reference}/complete", done).status_code == 302
    page = Page(pages.get(address))
    assert f"{held.year}: 2 of 3" in page.text() and "fewer than three" in page.text()
    drawn = [svg.get("aria-label") for svg in page.all("svg") if svg.get("role") == "img"]
    assert any(words and f"{held.year}, of 3: No: 1;" in words for words in drawn), drawn
    for one in people:
        assert one.name not in page.text()
    csv = pages.get(f"{address}.csv").content.decode()
    assert not any(one.code in csv or one.name in csv for one in people)
    acting_as(pages, people[3])
    shown = pages.get(f"/checklists/{held.reference}").content.decode()
    assert "2, neither" not in shown and "3</p>" not in shown
    assert checklist_tables.answers(held, people[3]).rows[0]["answer"] == ""


def test_what_is_not_there_is_not_found(pages: Any) -> None:
    for address in (
        "/checklists/K-1999-001",
        "/checklists/asked/nothing",
        "/checklists/asked/nothing/start",
        "/checklists/K-1999-001/items/task",
        "/checklists/K-1999-001/compare",
        "/checklists/K-1999-001/pulse",
        "/bodies/b-none/pulse",
    ):
        assert pages.get(address).status_code == 404, address


HUDDLE = """
id = "huddle"
version = 3
title = "Morning huddle"
purpose = "Whether the huddle does what it is there for, in our own words."
when = "yearly"
use = "Once a year, by the whole team"
about = ["organisation"]
raters = "two"
grade = "ours"

[[item]]
id = "time"
question = "Does it begin on time?"
kind = "choice"

[[item]]
id = "use"
question = "Is it of use to those who come?"
kind = "choice"
"""


def test_ones_own_is_marked_and_two_raters_are_compared(pages: Any, home: Path) -> None:
    (home / "knowledge" / "checklists").mkdir(parents=True)
    (home / "knowledge" / "checklists" / "huddle.toml").write_text(HUDDLE, "utf-8")
    assert "Morning huddle Your own" in Page(pages.get("/checklists/")).text()
    assert "Version 3, your own" in Page(pages.get("/checklists/asked/huddle")).text()
    ann, ben = made.person("Ann"), made.person("Ben")
    sent: dict[str, Any] = {"about_kind": "organisation", "about": "Y00004", "owner": ann.code}
    one = pages.post("/checklists/asked/huddle/start", {**sent, "raters": [ann.code]})
    assert one.status_code == 422 and "Name two people" in Page(one).text()
    assert f'value="{ann.code}" checked' in one.content.decode()
    both = pages.post("/checklists/asked/huddle/start", {**sent, "raters": [ann.code, ben.code]})
    address = both["Location"]
    for who, answers in ((ann, ("yes", "no")), (ben, ("yes", "yes"))):
        acting_as(pages, who)
        for item, value in zip(("time", "use"), answers, strict=True):
            pages.post(f"{address}/items/{item}", {"value": value})
        assert pages.post(f"{address}/finish").status_code == 302
    text = Page(pages.get(f"{address}/compare")).text()
    assert "They gave the same answer on 1 of 2 items" in text and "Ben higher by 2 steps" in text
    (home / "knowledge" / "checklists" / "huddle.toml").unlink()
    assert "Does it begin on time?" in Page(pages.get(address)).text(), "it reads as it was"
