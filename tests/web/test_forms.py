"""Forms: what was typed survives, each slip has its sentence, and only actions write."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from locality.records import tables
from tests.records import made, scored
from tests.web.reading import Page

NHS_NUMBER = "943 476 5919"
GROUP = {
    "name": "Estuary Federation",
    "kind": "federation",
    "members": "Y00001, Y00002\nY00003",
    "why": "They bid together.",
}


def test_a_group_is_made_and_says_when_numbers_come(pages: Any) -> None:
    response = pages.post("/groups/new", GROUP)
    assert response.status_code == 302
    page = Page(pages.get(response["Location"]))
    assert "Its 3 practices" in page.text()
    assert "after the next locality refresh" in page.text()
    assert "Harbour Lane Surgery 2" in page.text()
    assert "Estuary Federation" in Page(pages.get("/groups/")).text()


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "Write the group"),
        ("kind", "club", "Choose what sort of group"),
        ("members", "", "Name at least one practice"),
        ("members", "Y00001 surgery", "These are not: SURGERY"),
        ("members", "Y00001 Z99999", "No practice here has this code: Z99999"),
        ("members", f"Y00001 {NHS_NUMBER.replace(' ', '')}", "could be an NHS number"),
        ("why", "", "Write why"),
        ("why", f"For {NHS_NUMBER}", "could be an NHS number"),
    ],
)
def test_a_slip_keeps_what_was_typed(pages: Any, field: str, typed: str, sentence: str) -> None:
    sent = {**GROUP, field: typed}
    response = pages.post("/groups/new", sent)
    assert response.status_code == 422
    body = response.content.decode()
    text = Page(response).text()
    assert text.count(sentence) == 2, "once in the summary, once beside its field"
    assert "Error: Make a group" in text
    for name, value in sent.items():
        if name != "kind":
            assert value in Page(response).words or f'value="{value}"' in body
    assert len(tables.groups()) == 0


def test_every_slip_is_told_at_once(pages: Any) -> None:
    text = Page(pages.post("/groups/new", {})).text()
    for sentence in ("Write the group", "Name at least one practice", "Write why"):
        assert sentence in text


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("/groups/new", {"kind": "club"}),
        ("/people/new", {"email": "no", "why": NHS_NUMBER}),
        (
            "/bodies/new",
            {"kind": "x", "organisation": "Z99999", "opened_on": "soon", "email": "no"},
        ),
        ("/actions/new", {"organisation": "Z99999", "due_on": "soon", "what": NHS_NUMBER}),
        ("/skills/new", {"organisation": "Z99999", "score_by": "soon", "why": NHS_NUMBER}),
        ("/scorings/new", {"score_by": "soon", "margin": "-1"}),
        ("/criteria/new", {"title": "", "why": NHS_NUMBER}),
        ("/accounts/new", {"username": "!", "organisation": "Z99999"}),
    ],
)
def test_slips_are_told_in_the_order_of_the_page(
    pages: Any, address: str, sent: dict[str, str]
) -> None:
    made.person("Ann Ash")
    scored.criteria()
    page = Page(pages.post(address, sent))
    told = [a["href"][1:] for a in page.all("a") if (a.get("href") or "").startswith("#")]
    there = [attributes.get("id") for _, attributes in page.tags]
    told = [name for name in told if name != "maincontent"]
    assert len(told) > 1 and set(told) <= set(there), told
    assert told == sorted(told, key=there.index)


def test_codes_are_taken_from_a_file_and_nothing_else_is(pages: Any) -> None:
    file = SimpleUploadedFile("codes.csv", b"code,name\r\nY00004,Old Quay\r\ny00005,=1+1\r\n")
    response = pages.post("/groups/new", {**GROUP, "file": file})
    assert response.status_code == 302
    members = tables.memberships("g-estuary-federation").rows
    assert [row["practice_code"] for row in members] == [f"Y0000{n}" for n in range(1, 6)]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (f"Y00001,{NHS_NUMBER}".encode(), "could be an NHS number"),
        (b"PK\x03\x04\0\0", "not a text file"),
        (b"no codes here", "There is no practice code in that file"),
        (b"Y00001\n" * 40_000, "too large"),
    ],
)
def test_files_that_are_not_lists_of_codes(pages: Any, content: bytes, sentence: str) -> None:
    response = pages.post("/groups/new", {**GROUP, "file": SimpleUploadedFile("x.csv", content)})
    assert response.status_code == 422
    assert sentence in Page(response).text()
    assert "Estuary Federation" in response.content.decode()
    assert len(tables.groups()) == 0


def test_a_group_is_changed_and_closed_with_its_log(pages: Any) -> None:
    code = pages.post("/groups/new", GROUP)["Location"].rpartition("/")[2]
    pages.post(f"/groups/{code}/rename", {"name": "Estuary Alliance", "why": "New name."})
    pages.post(f"/groups/{code}/members", {"members": "Y00001", "why": "Two left."})
    refused = pages.post(f"/groups/{code}/members", {"members": "Y00001 nonsense", "why": "x"})
    assert refused.status_code == 422
    assert "nonsense" in refused.content.decode()
    text = Page(pages.get(f"/groups/{code}")).text()
    assert "Estuary Alliance" in text
    assert "Its 1 practice" in text
    assert "Two left." in text
    pages.post(f"/groups/{code}/close", {"why": "It ended."})
    text = Page(pages.get(f"/groups/{code}")).text()
    assert "This group closed on" in text
    assert "Change its practices" not in text
    assert "Closed" in Page(pages.get("/groups/")).text()


def test_a_note_is_added_shown_and_withdrawn(pages: Any) -> None:
    response = pages.post("/know/Y00003/notes", {"text": "Merger under way.\nAsk in May."})
    assert response["Location"] == "/know/Y00003#notes"
    assert "Merger under way." in Page(pages.get("/know/Y00003")).text()
    about = pages.post(
        "/know/Y00003/notes", {"text": "Codes cleaned.", "measure": "qof.register.hyp"}
    )
    assert about["Location"] == "/measure/qof.register.hyp/Y00003#notes"
    text = Page(pages.get("/measure/qof.register.hyp/Y00003")).text()
    assert "Codes cleaned." in text
    assert "Merger under way." not in text
    code = tables.notes("Y00003").rows[-1]["code"]
    assert "Merger under way." in Page(pages.get(f"/notes/{code}/withdraw")).text()
    assert pages.post(f"/notes/{code}/withdraw", {"why": ""}).status_code == 422
    pages.post(f"/notes/{code}/withdraw", {"why": "It was finished."})
    assert "Merger under way." not in Page(pages.get("/know/Y00003")).text()


@pytest.mark.parametrize("measure", ["", "qof.register.hyp"])
def test_a_note_about_a_patient_is_refused_and_survives(pages: Any, measure: str) -> None:
    text = f"Ask about {NHS_NUMBER} please"
    response = pages.post("/know/Y00003/notes", {"text": text, "measure": measure})
    assert response.status_code == 422
    assert "could be an NHS number" in Page(response).text()
    assert text in Page(response).words
    assert len(tables.notes()) == 0


def test_a_note_with_a_formula_or_a_script_is_only_words(pages: Any) -> None:
    pages.post("/know/Y00003/notes", {"text": "=1+1 <img src=x onerror=alert(1)>"})
    body = pages.get("/know/Y00003").content
    assert b"<img src=x" not in body
    assert b"&lt;img src=x" in body


def test_a_setting_is_set_and_set_back(pages: Any) -> None:
    sent = {"value": "500", "why": "Small practices here."}
    assert pages.post("/settings/inclusion.minimum_list", sent).status_code == 302
    assert tables.setting("inclusion.minimum_list") == 500
    assert "500 patients" in Page(pages.get("/settings/")).text()
    assert "list of 500 or more" in Page(pages.get("/know/")).text()
    bad = pages.post("/settings/inclusion.minimum_list", {"value": "many", "why": "x"})
    assert bad.status_code == 422
    assert 'value="many"' in bad.content.decode()
    pages.post("/settings/inclusion.minimum_list", {"value": "", "why": "Back."})
    assert tables.setting("inclusion.minimum_list") is None
    sent = {"value": "1,000,000", "organisation": "QX1", "period": "2026-27", "why": "Published."}
    assert pages.post("/settings/allocation.overall", sent).status_code == 302
    assert "£1000000.00" in Page(pages.get("/settings/")).text()


def test_forms_from_elsewhere_are_refused_in_plain_words(pages: Any) -> None:
    from django.test import Client

    strict = Client(SERVER_NAME="127.0.0.1", enforce_csrf_checks=True)
    response = strict.post("/groups/new", GROUP)
    assert response.status_code == 403
    assert "nothing was saved" in Page(response).text()
    assert len(tables.groups()) == 0
