"""Criteria and scorings on their pages: written, locked, opened, scored, shown, agreed."""

from __future__ import annotations

from typing import Any

import pytest

from locality.records import scoring_tables
from locality.records.actions import Given, Settled, agree_scores, exclude_assessor, save_sheet
from locality.records.models import AgreedScore, CriteriaSet, Person, Score, Scoring
from tests.records import made, scored
from tests.web.reading import Page

ROW = {"lower": "0", "upper": "10", "step": "1", "meaning": "", "domain": "", "anchors": ""}


def acting_as(pages: Any, who: Person | None) -> None:
    sent = {"person": who.code if who else ""}
    assert pages.post("/people/act-for", sent).status_code == 302


def typed(*rows: tuple[str, str], **words: str) -> dict[str, str]:
    sent = {"title": "Growth", "purpose": "priority setting", "method": "points",
            "why": "The panel meets.", "go": "save"} | words  # fmt: skip
    for at, (name, weight) in enumerate(rows):
        sent |= {f"{key}-{at}": value for key, value in ROW.items()}
        sent |= {f"name-{at}": name, f"weight-{at}": weight}
    return sent


# Criteria --------------------------------------------------------------------------------------


def test_empty_pages_say_what_they_are_for_and_what_to_do_first(pages: Any) -> None:
    for address, words in (
        ("/criteria/", "No criteria are written yet"),
        ("/scorings/", "Begin with the criteria"),
        ("/skills/", "No review is here"),
        ("/scorings/new", "Write criteria first"),
        ("/skills/new", "Record people first"),
    ):
        response = pages.get(address)
        assert response.status_code == 200, address
        assert words in Page(response).text(), address
        assert len(Page(response).all("h1")) == 1


def test_criteria_are_written_added_up_changed_and_locked(pages: Any) -> None:
    page = pages.post("/criteria/new", typed(("Need", "60"), ("Cost", "30"), go="more"))
    assert page.status_code == 200 and not CriteriaSet.objects.exists()
    text = Page(page).text()
    assert "The points add up to 90 and must add up to 100: 10 are still to give." in text
    assert 'value="Need"' in page.content.decode() and "name-4" in page.content.decode()
    refused = pages.post("/criteria/new", typed(("Need", "60"), ("Cost", "30")))
    assert refused.status_code == 422
    assert Page(refused).text().count("The points add up to 90") == 2
    assert 'href="#rows"' in refused.content.decode() and "The panel meets." in Page(refused).text()
    done = pages.post("/criteria/new", typed(("Need", "60"), ("", ""), ("Cost", "40")))
    held = CriteriaSet.objects.get()
    assert done["Location"] == f"/criteria/{held.reference}"
    page = Page(pages.get(done["Location"]))
    assert "Open to change" in page.text() and "Add up" not in page.text()
    sent = typed(("Need", "60"), ("Cost", "40"), ("Access", "40"), seen=str(held.version))
    changed = pages.post(f"{done['Location']}/change", sent | {"drop-1": "1"})
    assert changed.status_code == 302
    assert [one.name for one in held.rows] == ["Need", "Access"]
    second = pages.post(f"{done['Location']}/change", sent | {"drop-1": "1", "title": "Mine"})
    assert second.status_code == 422 and "changed this on" in Page(second).text()
    held.refresh_from_db()
    assert f'name="seen" value="{held.version}"' in second.content.decode()
    assert pages.get(f"{done['Location']}/lock").status_code == 200
    assert pages.post(f"{done['Location']}/lock", {"why": "", "seen": ""}).status_code == 302
    text = Page(pages.get(done["Location"])).text()
    assert "Locked on" in text and "Score something by it" in text and "Change it" not in text
    late = pages.post(f"{done['Location']}/change", sent | {"drop-1": "1"})
    assert late.status_code == 422 and "locked and stays as it is" in Page(late).text()
    later = pages.post(f"{done['Location']}/next", {"why": "Access matters too."})
    assert later["Location"].endswith("/change")
    assert pages.get(later["Location"]).status_code == 200
    assert "Replaced by a later version" in Page(pages.get("/criteria/")).text()
    assert b"Need" in pages.get(f"/criteria/{held.reference}.csv").content


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"weight-1": "forty"}, "weight-1", "is not a number"),
        ({"upper-1": "0"}, "upper-1", "ends above where it begins"),
        ({"anchors-0": "11 = <b>most</b>"}, "anchors-0", "from 0 to 10"),
        ({"name-1": "Mrs J 943 476 5919"}, "name-1", "could be an NHS number"),
        ({"method": "rank sum"}, "weight-0", "from 1 to 2"),
    ],
)
def test_a_slip_in_criteria_stands_beside_its_field_and_keeps_what_was_typed(
    pages: Any, changes: dict[str, str], field: str, words: str
) -> None:
    response = pages.post("/criteria/new", typed(("Need", "60"), ("Cost", "40")) | changes)
    body = response.content.decode()
    assert response.status_code == 422
    assert f'href="#{field}"' in body and f'id="{field}-error"' in body
    assert Page(response).text().count(words) >= 2
    assert "<b>" not in body and not CriteriaSet.objects.exists()
    for value in changes.values():
        assert value.replace("<", "&lt;").replace(">", "&gt;") in body


# Preparing -------------------------------------------------------------------------------------


def test_a_scoring_is_prepared_named_opened_and_withdrawn(pages: Any) -> None:
    ann, ben = made.person("Ann Ash"), made.person("Ben Beech")
    board = made.body()
    made.seat(made.post(ann), board, role="chair")
    criteria = scored.criteria(lock=False)
    sent = {"title": "Growth", "criteria": criteria.reference, "body": board.code, "margin": "1",
            "name-0": "Hub", "name-1": "Hub", "why": "The panel meets.", "go": "save"}  # fmt: skip
    slip = pages.post("/scorings/new", sent)
    assert slip.status_code == 422 and "in the list already" in Page(slip).text()
    assert 'href="#name-1"' in slip.content.decode()
    done = pages.post("/scorings/new", sent | {"name-1": "Clinic", "words-1": "In the north."})
    held = Scoring.objects.get()
    assert done["Location"] == f"/scorings/{held.reference}"
    early = pages.post(f"{done['Location']}/open", {"seen": str(held.version)})
    assert early.status_code == 422 and "Lock the criteria" in Page(early).text()
    pages.post(f"/criteria/{criteria.reference}/lock", {"why": ""})
    form = pages.get(f"{done['Location']}/assessors")
    assert f'value="{ann.code}" checked' in form.content.decode()
    assert f'value="{ben.code}" checked' not in form.content.decode()
    none = pages.post(f"{done['Location']}/assessors", {"role": "member", "why": "We sit."})
    assert none.status_code == 422 and "at least one person" in Page(none).text()
    pages.post(f"{done['Location']}/assessors",
               {"assessors": [ann.code, ben.code], "role": "member", "why": "We sit."})  # fmt: skip
    out = f"{done['Location']}/assessors/{ben.code}/exclude"
    assert "Ben Beech does not score this" in Page(pages.get(out)).text()
    assert pages.post(out, {"why": ""}).status_code == 422
    assert pages.post(out, {"why": "He owns a share of the hub."}).status_code == 302
    assert "He owns a share of the hub." in Page(pages.get(done["Location"])).text()
    back = f"{done['Location']}/assessors/{ben.code}/readmit"
    assert pages.post(back, {"why": "He sold it."}).status_code == 302
    assert pages.get(f"{done['Location']}/change").status_code == 200
    opened = pages.post(f"{done['Location']}/open", {"seen": ""})
    assert opened.status_code == 302
    assert "Being scored" in Page(pages.get("/scorings/")).text()
    assert pages.post(f"{done['Location']}/withdraw", {"why": "No money."}).status_code == 302
    assert "It was withdrawn: No money." in Page(pages.get(done["Location"])).text()
    assert pages.get("/scorings/S-1999-001").status_code == 404


# Scoring ---------------------------------------------------------------------------------------


def two(pages: Any) -> tuple[Scoring, Person, Person, str]:
    ann, ben = made.person("Ann Ash"), made.person("Ben Beech")
    held = scored.opened(ann, ben)
    acting_as(pages, ann)
    return held, ann, ben, f"/scorings/{held.reference}"


def sheet(*rows: tuple[object, ...], go: str = "submit", **words: str) -> dict[str, str]:
    sent = {"go": go} | words
    for s, row in enumerate(rows, 1):
        for c, value in enumerate(row, 1):
            sent |= {f"score-{s}-{c}": str(value), f"comment-{s}-{c}": f"Of {value}"}
    return sent


def test_a_sheet_belongs_to_a_person(pages: Any) -> None:
    _, _, _, at = two(pages)
    acting_as(pages, None)
    assert "Choose yourself among the people" in Page(pages.get(f"{at}/sheet")).text()
    acting_as(pages, made.person("Cal"))
    assert "Cal is not one of those who score this" in Page(pages.get(f"{at}/sheet")).text()
    acting_as(pages, None)
    sent = pages.post(f"{at}/sheet", sheet((1, 1), (1, 1)))
    assert "Choose yourself" in Page(sent).text() and not Score.objects.exists()


def test_a_slip_stands_beside_its_cell_and_nothing_typed_is_lost(pages: Any) -> None:
    _, _, _, at = two(pages)
    response = pages.post(f"{at}/sheet", sheet((11, 2), (3, "")) | {"comment-2-1": "<i>943 476"})
    body = response.content.decode()
    assert response.status_code == 422 and not Score.objects.exists()
    assert 'id="score-1-1-error"' in body and 'href="#score-2-2"' in body
    assert "Give a score from 0 to 10." in Page(response).text()
    assert "Score Cost for Clinic." in Page(response).text()
    assert 'value="11"' in body and "&lt;i&gt;943 476" in body
    # Every score has its label, and every error is tied to its field.
    page = Page(response)
    inputs = [one for one in page.all("input") if (one.get("name") or "").startswith("score-")]
    labelled = {one.get("for") for one in page.all("label")}
    assert {one["id"] for one in inputs} <= labelled
    wrong = next(one for one in inputs if one["id"] == "score-1-1")
    assert wrong["aria-describedby"] == "score-1-1-error"


def test_a_draft_is_kept_and_a_sheet_open_twice_tells_the_second(pages: Any) -> None:
    _, _, _, at = two(pages)
    first = pages.get(f"{at}/sheet").content.decode()
    seen = first.split('name="seen" value="')[1].split('"')[0]
    saved = pages.post(f"{at}/sheet", sheet((8, ""), go="save", seen=seen))
    assert saved.status_code == 302
    body = pages.get(saved["Location"])
    assert 'value="8"' in body.content.decode() and "Only you see it" in Page(body).text()
    assert "3 of 4 scores are still empty" in Page(body).text()
    again = pages.post(f"{at}/sheet", sheet((9, ""), go="save", seen=seen))
    assert again.status_code == 422 and "after you opened it" in Page(again).text()
    assert (
        'value="9"' in again.content.decode() and Score.objects.get(value__isnull=False).value == 8
    )


def test_nothing_of_another_is_told_on_any_page_before_all_are_in(pages: Any) -> None:
    held, ann, ben, at = two(pages)
    pages.post(f"{at}/sheet", sheet((8, 2), (3, 3)))
    acting_as(pages, ben)
    telling = [f"{at}", f"{at}/sheet", "/scorings/", f"/criteria/{held.criteria.reference}"]
    for address in telling:
        text = Page(pages.get(address)).text()
        assert "Of 8" not in text and "Of 3" not in text, address
    hidden = [f"{at}/results", f"{at}/agree/1", *(f"{at}/results/{table}.csv" for table in
              ("totals", "working", "spread", "scores"))]  # fmt: skip
    for address in hidden:
        response = pages.get(address)
        assert response.status_code == 404, address
        assert "Of 8" not in response.content.decode()
    assert b"Of 8" not in pages.get(f"{at}/results/assessors.csv").content
    assert "Ann Ash" in Page(pages.get(at)).text() and "Waited for" in Page(pages.get(at)).text()
    back = pages.post(f"{at}/sheet/reopen")  # Ben has nothing to take back
    assert back.status_code == 400
    acting_as(pages, ann)
    assert pages.post(f"{at}/sheet/reopen").status_code == 302
    assert 'value="8"' in pages.get(f"{at}/sheet").content.decode()


def test_the_last_sheet_shows_everything_and_scores_are_agreed_and_locked(pages: Any) -> None:
    _, _, ben, at = two(pages)
    pages.post(f"{at}/sheet", sheet((8, 2), (3, 3)))
    acting_as(pages, ben)
    assert pages.post(f"{at}/sheet", sheet((4, 2), (3, 9))).status_code == 302
    page = Page(pages.get(f"{at}/results"))
    text = page.text()
    assert "2 scores from 4 to 8, the middle one is 6." in text
    assert "All 2 gave 2." in text and "Of 8" in text and "Ann Ash" in text
    assert "No total yet: a score is missing" in text and "0 of 4 scores are agreed" in text
    assert len(page.all("h1")) == 1
    slip = pages.post(f"{at}/agree/1", {"agreed-1-1": "9", "seen-1-1": "0", "agreed-1-2": "2"})
    assert slip.status_code == 422 and not AgreedScore.objects.exists()
    assert "9 is more than 1 from the median 6: say why." in Page(slip).text()
    assert 'href="#reason-1-1"' in slip.content.decode()
    first = {"agreed-1-1": "9", "reason-1-1": "The list grew.", "seen-1-1": "0", "agreed-1-2": "2",
             "seen-1-2": "0"}  # fmt: skip
    onward = pages.post(f"{at}/agree/1", first | {"go": "next"})
    assert onward["Location"] == f"{at}/agree/2"
    second = pages.post(f"{at}/agree/1", first | {"agreed-1-1": "6"})
    assert second.status_code == 422 and "after you opened it" in Page(second).text()
    version = AgreedScore.objects.get(subject__position=1, criterion__position=1).version
    assert f'name="seen-1-1" value="{version}"' in second.content.decode()
    early = pages.post(f"{at}/close", {"seen": ""})
    assert early.status_code == 422 and "Agree a score first for Clinic" in Page(early).text()
    pages.post(f"{at}/agree/2", {"agreed-2-1": "3", "agreed-2-2": "6", "go": "list"})
    assert pages.post(f"{at}/close", {"seen": ""}).status_code == 302
    text = Page(pages.get(f"{at}/results")).text()
    assert "Nothing of it changes any more" in text and "The list grew." in text
    assert "62" in text and "place 1 of 2" in text and "not measured in equal steps" in text
    late = pages.post(f"{at}/agree/1", first)
    assert late.status_code == 422 and "is agreed, so this cannot be done now" in Page(late).text()
    csv = pages.get(f"{at}/results/scores.csv").content.decode()
    assert "Of 8" in csv and "The list grew." in csv
    for name in ("totals", "working", "spread", "assessors"):
        assert pages.get(f"{at}/results/{name}.xlsx").content[:2] == b"PK"
    assert pages.get(f"{at}/results/secrets.csv").status_code == 404
    assert pages.get(f"{at}/agree/9").status_code == 404
    assert "Agreed" in Page(pages.get("/scorings/")).text()


def test_scores_are_shown_early_with_who_is_missing(pages: Any) -> None:
    _, _, ben, at = two(pages)
    pages.post(f"{at}/sheet", sheet((8, 2), (3, 3)))
    assert "Not in yet: Ben Beech" in Page(pages.get(f"{at}/reveal")).text()
    assert pages.post(f"{at}/reveal", {"why": ""}).status_code == 422
    assert pages.post(f"{at}/reveal", {"why": "We decide today."})["Location"] == f"{at}/results"
    assert f"We decide today. Not in: {ben.signature}." in Page(pages.get(f"{at}/results")).text()
    acting_as(pages, ben)
    assert "Nobody can score this now" in Page(pages.get(f"{at}/sheet")).text()


def test_a_scale_of_few_named_steps_is_a_list_and_keeps_what_is_not_on_it(pages: Any) -> None:
    ann = made.person("Ann Ash")
    rows = [scored.Row("Access", "100", "-1", "1", "1", anchors="-1 = worse\n0 = same\n1 = better")]
    held = scored.opened(ann, criteria=scored.criteria(rows=rows).reference)
    acting_as(pages, ann)
    at = f"/scorings/{held.reference}/sheet"
    body = pages.get(at).content.decode()
    assert '<option value="-1">-1: worse</option>' in body
    slip = pages.post(at, sheet((5,), (1,)))
    assert slip.status_code == 422
    assert '<option value="5" selected>5</option>' in slip.content.decode()
    assert "Give a score from -1 to 1." in Page(slip).text()
    assert pages.post(at, sheet((-1,), (1,))).status_code == 302
    text = Page(pages.get(f"/scorings/{held.reference}/results")).text()
    assert "Total (-100 to 100)" in text


def test_who_may_not_score_is_told_why_on_their_sheet(pages: Any) -> None:
    held, _, ben, at = two(pages)
    exclude_assessor(reference=held.reference, person=ben.code, who="Chair, p", why="A share.")
    acting_as(pages, ben)
    assert "You do not score this: A share." in Page(pages.get(f"{at}/sheet")).text()
    sent = pages.post(f"{at}/sheet", sheet((1, 1), (1, 1)))
    assert sent.status_code == 422 and not Score.objects.exists()


# Skills ----------------------------------------------------------------------------------------


def test_skills_from_beginning_to_plan(pages: Any) -> None:
    ann, ben, cal = made.person("Ann Ash"), made.person("Ben Beech"), made.person("Cal Cole")
    slip = pages.post("/skills/new", {"title": "", "list": "loop", "why": "Yearly."})
    assert slip.status_code == 422
    assert "Choose at least one person" in Page(slip).text() or "Write a title" in Page(slip).text()
    sent = {"title": "Skills 2026", "list": "loop", "people": [ann.code, ben.code], "peers": "",
            "why": "Yearly."}  # fmt: skip
    assert pages.post("/skills/new", sent | {"list": "none"}).status_code == 422
    done = pages.post("/skills/new", {**sent, "peers": [cal.code]})
    held = Scoring.objects.get()
    assert done["Location"] == f"/scorings/{held.reference}"
    acting_as(pages, ann)
    body = pages.get(f"/scorings/{held.reference}/sheet").content.decode()
    assert "2: with thought" in body
    assert "waited for" in Page(pages.get("/skills/")).text()
    number = len(held.criteria.rows)
    for one, rows in ((ann, ((3,) * number, (1,) * number)), (ben, ((1,) * number, (2,) * number)),
                      (cal, ((2,) * number, (2,) * number))):  # fmt: skip
        acting_as(pages, one)
        hidden = pages.get(f"/skills/{held.reference}")
        assert "Skills are shown when all who may score have" in Page(hidden).text()
        assert pages.get(f"/skills/{held.reference}.csv").status_code == 404
        assert pages.post(f"/scorings/{held.reference}/sheet", sheet(*rows)).status_code == 302
    acting_as(pages, ann)
    text = Page(pages.get(f"/skills/{held.reference}")).text()
    assert "They see themself 1.5 higher than the 2 colleagues who scored it." in text
    assert "“Of 2”" in text and "Plan for learning" in text
    everyone = Page(pages.get(f"/skills/{held.reference}/everyone"))
    assert "3 / 1.5" in everyone.text() and len(everyone.all("h1")) == 1
    assert pages.get(f"/scorings/{held.reference}/results")["Location"] == (
        f"/skills/{held.reference}"
    )
    agree_scores(reference=held.reference, cells={(1, 1): Settled("2")}, who="Chair, p")
    acting_as(pages, made.person("Dee"))
    text = Page(pages.get(f"/skills/{held.reference}")).text()
    assert "There is nothing here that you may see" in text and "themself" not in text


def test_who_may_not_see_everyones_skills_finds_them_on_no_other_page(
    pages: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from locality.web.pages import scoring_sheets, skills

    ann, ben = made.person("Ann Ash"), made.person("Ben Beech")
    sent = {"title": "Skills 2026", "list": "loop", "people": [ann.code, ben.code],
            "why": "Yearly."}  # fmt: skip
    pages.post("/skills/new", sent)
    held = Scoring.objects.get()
    number = len(held.criteria.rows)
    for one in (ann, ben):
        cells = {(s, c): Given("1", "Words of one.") for s in (1, 2) for c in range(1, number + 1)}
        save_sheet(reference=held.reference, person=one.code, cells=cells, submit=True, who="A")

    def may(request: Any, page: str, *arguments: Any, write: bool = False) -> bool:
        return page != "skills_everyone"

    monkeypatch.setattr(scoring_sheets, "may", may)
    monkeypatch.setattr(skills, "may", may)
    acting_as(pages, made.person("Dee"))
    at = f"/scorings/{held.reference}"
    for address in (f"{at}/results/scores.csv", f"{at}/results/spread.csv", f"{at}/agree/1"):
        assert pages.get(address).status_code == 404, address
    assert pages.post(f"{at}/agree/1", {"agreed-1-1": "1"}).status_code == 404
    assert b"Words of one" not in pages.get(f"/skills/{held.reference}.csv").content
    assert "Words of one" not in Page(pages.get(at)).text()
    held.refresh_from_db()
    assert scoring_tables.scores(held).rows  # they are there for those who may
