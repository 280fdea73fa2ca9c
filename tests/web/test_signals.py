"""What people say of signals, through forms: it is kept, shown where it belongs, and survives."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from locality.records import signal_tables
from tests.web.reading import Page

HYP = "/measure/qof.register.hyp"
SOON = (timezone.localdate() + timedelta(days=40)).isoformat()
MARK = {"state": "warranted", "reason": "A care home is on its list.", "review_on": SOON}
LIMITS = {"period": "2025-M08", "reason": "The clinic opened in August."}
EFFORT = {"minutes": "4.5", "reminders": "1", "crowds_out": "Home visits", "why": "We timed it."}
NHS_NUMBER = "943 476 5919"


def test_what_is_known_stands_beside_the_figure_and_in_the_grid(pages: Any) -> None:
    response = pages.post(f"{HYP}/Y00004/mark", MARK)
    assert response.status_code == 302
    assert "A care home is on its list." in Page(pages.get(response["Location"])).text()
    assert "Warranted" in Page(pages.get("/know/Y00004/standing")).text()
    assert "Warranted" in Page(pages.get("/alerts/QX1")).text()
    assert "Warranted" not in Page(pages.get("/know/Y00005/standing")).text()
    code = signal_tables.marks().rows[0]["code"]
    ended = pages.post(f"/signals/mark/{code}/end", {"why": "The home closed."})
    assert ended.status_code == 302
    assert "Warranted" not in Page(pages.get("/know/Y00004/standing")).text()
    assert "The home closed." in Page(pages.get(f"{HYP}/Y00004/mark")).text()
    assert pages.get(f"/signals/mark/{code}/end").status_code == 400


def test_new_limits_are_proposed_reasoned_recorded_and_undone(pages: Any) -> None:
    page = Page(pages.get(f"{HYP}/Y00004/limits")).text()
    assert "the series looks like another one" in page and "August 2025 (asked about)" in page
    response = pages.post(f"{HYP}/Y00004/limits", LIMITS)
    assert response.status_code == 302
    row = signal_tables.rebases("Y00004", "qof.register.hyp").rows[0]
    assert row["proposed"] and row["reason"] == LIMITS["reason"]
    shown = pages.get(response["Location"])
    assert LIMITS["reason"] in Page(shown).text()
    assert "since=2025-M08" in shown.content.decode()
    pages.post(f"/signals/rebase/{row['code']}/end", {"why": "It closed again."})
    assert LIMITS["reason"] not in Page(pages.get(f"{HYP}/Y00004")).text()


def test_a_request_is_asked_and_answered_where_all_can_read_it(pages: Any) -> None:
    asked = {"text": "Count home readings too.", "organisation": "Y00004"}
    assert pages.post(f"{HYP}/request", asked).status_code == 302
    code = signal_tables.requests().rows[0]["code"]
    page = Page(pages.get("/requests/")).text()
    assert "Count home readings too." in page and "an answer is owed by" in page
    said = {"state": "accepted", "answer": "From April."}
    assert pages.post(f"/requests/{code}", said).status_code == 302
    assert "From April." in Page(pages.get("/requests/")).text()
    assert "1 asked" in Page(pages.get(HYP)).text()
    assert "It has its answer" in Page(pages.get(f"/requests/{code}")).text()


def test_what_a_measure_costs_is_said_and_worked_out(pages: Any) -> None:
    assert "not said yet" in Page(pages.get(HYP)).text()
    assert pages.post(f"{HYP}/effort", EFFORT).status_code == 302
    page = Page(pages.get(HYP)).text()
    assert "45 hours" in page and "270 appointments" in page and "Home visits" in page
    assert "45" in Page(pages.get("/worth/")).text()
    assert 'value="4.5"' in pages.get(f"{HYP}/effort").content.decode()


@pytest.mark.parametrize(
    ("address", "sent", "field", "typed", "sentence"),
    [
        (f"{HYP}/Y00004/mark", MARK, "state", "bad", "Choose what is known"),
        (f"{HYP}/Y00004/mark", MARK, "reason", NHS_NUMBER, "could be an NHS number"),
        (f"{HYP}/Y00004/mark", MARK, "review_on", "soon", "such as 31 March 2027"),
        (f"{HYP}/Y00004/limits", LIMITS, "period", "", "period"),
        (f"{HYP}/Y00004/limits", LIMITS, "reason", "", "Write what changed"),
        (f"{HYP}/effort", EFFORT, "minutes", "a few", "as a number"),
        (f"{HYP}/effort", EFFORT, "why", "", "Write why"),
        (f"{HYP}/request", {"text": "More.", "organisation": ""}, "text", "", "should change"),
        (f"{HYP}/request", {"text": "More.", "organisation": ""}, "organisation", "a b",
         "by its code"),
    ],
)  # fmt: skip
def test_a_slip_keeps_what_was_typed(
    pages: Any, address: str, sent: dict[str, str], field: str, typed: str, sentence: str
) -> None:
    response = pages.post(address, {**sent, field: typed})
    assert response.status_code == 422
    body, page = response.content.decode(), Page(response)
    assert page.text().count(sentence) >= 2, "once in the summary, once beside its field"
    for name, value in {**sent, field: typed}.items():
        if value and name not in ("state", "period"):
            assert value in page.words or f'value="{value}"' in body, name
    assert not signal_tables.marks().rows and not signal_tables.rebases().rows
    assert not signal_tables.efforts().rows and not signal_tables.requests().rows


def test_alerts_say_whose_they_are_and_what_the_budget_is(pages: Any) -> None:
    nobody = Page(pages.get("/alerts/")).text()
    assert "Whose alerts?" in nobody and "Saltmarsh Integrated Care Board" in nobody
    area = Page(pages.get("/alerts/QX1")).text()
    assert "5 false alerts a month" in area and "New alert" in area
    one = Page(pages.get("/alerts/Y00004")).text()
    assert "1 false alert a quarter" in one
    assert "Nothing is on." in Page(pages.get("/alerts/Y00001")).text()
    sent = {"value": "0.5", "why": "We cannot follow up more."}
    assert pages.post("/settings/alerts.practice_quarter", sent).status_code == 302
    assert "0.5 false alerts a quarter" in Page(pages.get("/alerts/Y00004")).text()
    assert "None of the 2 alerts" not in Page(pages.get("/alerts/QX1?show=new")).text()


def test_the_grid_can_be_narrowed_to_what_is_certain(pages: Any) -> None:
    every = Page(pages.get("/know/Y00004/standing")).text()
    assert "Highest tenth" in every and "by chance alone" in every
    unsure = Page(pages.get("/know/Y00001/standing?show=cannot")).text()
    assert "Cannot be judged" in unsure and "Show all 3" in unsure
    nothing = Page(pages.get("/know/Y00001/standing?show=certain")).text()
    assert "None of its measures is among these" in nothing


def test_who_cannot_be_judged_has_no_flag_and_is_told_what_would_be_enough(pages: Any) -> None:
    page = Page(pages.get(f"{HYP}/Y00001")).text()
    assert "Cannot be judged" in page and "What would be enough" in page
    assert "Tidewater PCN" in page and "worst" not in page and "tenth" not in page


def test_a_choice_among_settings_is_offered_and_kept(pages: Any) -> None:
    page = pages.get("/settings/charts.rule_set").content.decode()
    assert "making-data-count/excel" in page and "As usual" in page
    sent = {"value": "making-data-count/excel", "why": "As the Excel tool."}
    assert pages.post("/settings/charts.rule_set", sent).status_code == 302
    assert "making-data-count/excel" in Page(pages.get("/settings/")).text()


def test_programs_read_the_same_judgements(pages: Any) -> None:
    pages.post(f"{HYP}/Y00004/mark", MARK)
    for address, least in (
        ("/api/standings/Y00004", 3), ("/api/alerts/QX1", 2), ("/api/alerts/Y00004", 1),
        ("/api/chart/qof.register.hyp/Y00004", 14), ("/api/funnel/qof.register.hyp", 30),
    ):  # fmt: skip
        told = pages.get(address).json()
        assert len(told["rows"]) >= least, address
        assert all(column["meaning"] for column in told["columns"])
    marks = {row["mark"] for row in pages.get("/api/standings/Y00004").json()["rows"]}
    assert marks == {"", "warranted"}


def test_the_first_page_says_what_is_certain_and_what_cannot_be_judged(pages: Any) -> None:
    pages.post("/my-organisation", {"code": "Y00004"})
    page = Page(pages.get("/")).text()
    assert "3 measures stand out for certain" in page and "0 cannot be judged" in page
    pages.post("/my-organisation", {"code": "Y00001"})
    assert "3 cannot be judged" in Page(pages.get("/")).text()
