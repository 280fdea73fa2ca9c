"""Points and pounds, counts typed by hand, constants entered, packs sent and answered."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from locality.knowledge import load
from locality.records import feedback_tables, rule_tables, signal_tables
from tests.web.reading import Page

OWN = "/know/Y00003/points"
NHS_NUMBER = "943 476 5919"


def test_where_a_practice_stands_in_points_pounds_and_patients(pages: Any) -> None:
    page = Page(pages.get(f"{OWN}?year=2025-26")).text()
    assert "450 of 560" in page and "points" in page and "£" in page
    assert "more patients" in page.lower() and "not earned" in page
    assert "Moved up from 70.0 %" in page
    assert "second-hand: not yet signed off" in page
    assert "no points are open" in page
    in_year = Page(pages.get(f"{OWN}?year=2026-27")).text()
    assert "What is needed by the end of March" in in_year and "2.3 a week" in in_year
    assert "is not known for 2026-27" in in_year and "Enter the real one" in in_year
    nobody = Page(pages.get("/know/Y00001/points")).text()
    assert "No QOF results are held" in nobody and "Type in counts" in nobody
    assert "paid to practices" in Page(pages.get("/know/QX1/points")).text()
    assert pages.get(f"{OWN}?year=2025-26&as_at=soon").status_code == 400


def test_the_balance_is_exact_with_the_practices_own_aspiration(pages: Any) -> None:
    page = Page(pages.get(f"{OWN}?year=2025-26&monthly=£1,000")).text()
    assert "Less aspiration paid each month" in page and "-£12,000.00" in page
    wrong = pages.get(f"{OWN}?year=2025-26&monthly=lots")
    assert wrong.status_code == 200 and "is not an amount in pounds" in Page(wrong).text()
    assert 'value="lots"' in wrong.content.decode()


def test_counts_typed_by_hand_are_worked_out_at_once(pages: Any) -> None:
    sent = {"as_at": "2026-09-30", "HYP010-numerator": "416", "HYP010-denominator": "560"}
    page = Page(pages.post(f"{OWN}/counts", sent)).text()
    assert "If the year ended on 30 September 2026" in page
    assert "28.95 of 38" in page and "60 more patients earn every point" in page


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"HYP010-numerator": "560", "HYP010-denominator": "416"}, "the other way round"),
        ({"HYP008-numerator": "4", "HYP008-denominator": "5"}, "in 2026-27 it is HYP010"),
        ({"HYP010-numerator": "many", "HYP010-denominator": "5"}, "whole number"),
        ({"as_at": "yesterday"}, "such as 31 March 2027"),
        ({"as_at": "2040-01-01"}, "There is no qof sheet"),
        ({}, "one indicator at least"),
    ],
)
def test_mistakes_get_a_sentence_beside_the_field_and_nothing_typed_is_lost(
    pages: Any, sent: dict[str, str], said: str
) -> None:
    right = {"as_at": "2026-09-30", "DM020-numerator": "77", "DM020-denominator": "99"}
    asked = {**right, **sent} if sent else {"as_at": "2026-09-30"}
    response = pages.post(f"{OWN}/counts", asked)
    assert response.status_code == 422
    text, html = Page(response).text(), response.content.decode()
    assert said in text and "There is a problem" in text
    for value in asked.values():
        assert f'value="{value}"' in html
    if any(name.startswith("HYP") for name in sent):
        assert "points" in text and "77 of 99" in text


def test_a_missing_constant_is_entered_used_and_taken_back(pages: Any, home: Path) -> None:
    address = "/constants/qof.aspiration_share"
    typed = {"period": "2026-27", "value": "75", "reference": "SFE 2026, paragraph 6(9)"}
    wrong = pages.post(address, {**typed, "value": "a lot", "reference": ""})
    assert wrong.status_code == 422 and 'value="a lot"' in wrong.content.decode()
    assert pages.post(address, typed).status_code == 302
    rules = load(home).rules
    assert rules.value("qof.aspiration_share", "2026-27").value == 75
    assert "SFE 2026, paragraph 6(9)" in Page(pages.get("/constants/")).text()
    code = rule_tables.entered().rows[0]["code"]
    gone = pages.post(f"/constants/entered/{code}/withdraw", {"why": "Misread."})
    assert gone.status_code == 302
    assert "Nothing has been entered" in Page(pages.get("/constants/")).text()
    assert pages.get(f"/constants/entered/{code}/withdraw").status_code == 404
    assert pages.get("/constants/qof.nothing").status_code == 404


def test_a_value_that_breaks_the_fixed_ratio_is_refused_beside_its_field(pages: Any) -> None:
    typed = {"period": "2026-27", "value": "250", "reference": "A page on the internet"}
    response = pages.post("/constants/qof.point_value", typed)
    assert response.status_code == 422
    assert "ratio" in Page(response).text() and 'value="250"' in response.content.decode()


def test_a_pack_is_sent_answered_and_its_account_travels(pages: Any) -> None:
    address = "/know/Y00003/feedback"
    assert "has not been sent" in Page(pages.get(address)).text()
    assert pages.post(f"{address}/send").status_code == 302
    sent = Page(pages.get(address)).text()
    assert "With the practice alone" in sent and "alone until" in sent
    again = pages.post(f"{address}/send")
    assert again.status_code == 422
    frozen = feedback_tables.evidence(feedback_tables.feedback().rows[0]["code"])
    assert frozen["title"] == "Your position and your reply"
    private = pages.post(f"{address}/account", {"text": NHS_NUMBER, "owner": "ICB lead"})
    assert private.status_code == 422 and NHS_NUMBER in private.content.decode()
    given = {"text": "We look after two care homes.", "owner": "ICB lead"}
    assert pages.post(f"{address}/account", given).status_code == 302
    page = Page(pages.get(address)).text()
    assert "We look after two care homes." in page and "Account given" in page
    assert "Its account is part of every copy" in page
    code = signal_tables.accounts("Y00003").rows[0]["code"]
    pages.post(f"/requests/{code}", {"state": "answered", "answer": "Thank you, noted."})
    assert "Thank you, noted." in Page(pages.get(address)).text()
    assert "Thank you, noted." in Page(pages.get("/requests/?kind=account")).text()
    for ending in ("docx", "xlsx"):
        content = pages.get(f"{address}/pack.{ending}").content
        assert "We look after two care homes." in words_of(content, ending)
    back = pages.post(f"/feedback/{feedback_tables.feedback().rows[0]['code']}/withdraw",
                      {"why": "Sent too early."})  # fmt: skip
    assert back.status_code == 302 and feedback_tables.feedback().rows == []


def words_of(content: bytes, ending: str) -> str:
    if ending == "docx":
        import docx

        return "\n".join(one.text for one in docx.Document(io.BytesIO(content)).paragraphs)
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return "\n".join(
        str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()
        for cell in row
    )  # fmt: skip


def test_a_warranted_signal_asks_its_measures_owner_for_an_answer(pages: Any) -> None:
    mark = {"state": "warranted", "reason": "A care home is on its list.",
            "review_on": "2027-06-30"}  # fmt: skip
    pages.post("/measure/qof.register.hyp/Y00004/mark", mark)
    (row,) = signal_tables.requests(kind="warranted").rows
    assert row["text"] == mark["reason"] and row["organisation"] == "Y00004" and row["owner"]
    page = Page(pages.get("/requests/?organisation=Y00004")).text()
    assert "A care home is on its list." in page and "an answer is owed by" in page


def test_papers_of_points_are_the_same_in_every_form(pages: Any) -> None:
    total = pages.get(f"{OWN}/statement.csv?year=2025-26")
    assert total.status_code == 200 and b"HYP008" in total.content
    book = words_of(pages.get(f"{OWN}/statement.xlsx?year=2025-26").content, "xlsx")
    assert "List factor" in book and "Value of a point" in book
    for ending in ("csv", "xlsx", "parquet"):
        assert pages.get(f"{OWN}/position.{ending}?year=2025-26").status_code == 200
    assert pages.get(f"{OWN}/position.pdf").status_code == 404


def test_programs_read_the_same_points_pounds_and_pack(pages: Any) -> None:
    told = pages.get("/api/points/Y00003?year=2025-26").json()
    assert {row["code"] for row in told["rows"]} > {"HYP008", "DM020"}
    pounds = pages.get("/api/pounds/Y00003?year=2025-26").json()
    assert float(pounds["total"]) > 0 and pounds["lines"][0]["factors"]
    pack = pages.get("/api/feedback/Y00003").json()
    assert pack["title"] == "Your position and your reply" and len(pack["sections"]) > 6
    assert pages.get("/api/points/ZZZ").status_code == 404
