"""How files are come by: facts that can be used, and the words of a period."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from locality.figures import Period
from locality.knowledge.download import WORDS, Download, asked, words


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "fixed", "address": "http://example.org/f", "save_as": "a.csv"},
        {"kind": "fixed", "address": "https://example.org/f"},
        {"kind": "fixed", "address": "https://example.org/f", "save_as": "../a.csv"},
        {"kind": "fixed", "address": "https://example.org/{years", "save_as": "a.csv"},
        {"kind": "fixed", "address": "https://example.org/{year}", "save_as": "a.csv"},
        {"kind": "catalogue", "address": "https://example.org/f"},
        {"kind": "landing", "address": "https://example.org/f"},
        {"kind": "landing", "take": "A_{years}.csv"},
        {"kind": "landing", "take": "A_{month}.csv", "example": "2024-25"},
        {"kind": "landing", "take": "A.csv file", "example": "someday"},
        {"kind": "landing", "page": "http://example.org/"},
        {"kind": "ftp"},
    ],
)
def test_facts_that_cannot_be_used_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Download.model_validate({"take": "the report", **wrong})


def test_the_words_of_a_period() -> None:
    assert words(Period.parse("2026-M06")) == WORDS
    assert words(Period.parse("2026-02-14"))["day"] == "28"
    assert words(Period.parse("2026-M02"))["years"] == "2025-26"
    assert set(WORDS) - set(words(Period.parse("2024-25"))) == {
        "day", "mm", "mon", "Mon", "month", "Month", "yy", "yyyy",
    }  # fmt: skip
    assert words(Period.parse("2019"))["yyyy"] == "2019"


@given(st.dates(), st.sampled_from(["day", "month", "quarter"]))
def test_each_word_that_a_period_has_is_one_of_its_own_days(on: Any, kind: str) -> None:
    period = {
        "day": Period.day(on),
        "month": Period.month(on.year, on.month),
        "quarter": Period.quarter(on.year, (on.month + 2) // 3),
    }[kind]
    said = words(period)
    assert set(said) <= set(WORDS)
    assert said["yyyy"] == f"{on.year}"
    year = Period.financial_year(int(said["first_year"]))
    assert year.start <= period.end <= year.end and said["years"] == year.code
    assert ("month" in said) == (kind != "quarter")


def test_the_words_that_a_template_asks_for() -> None:
    assert list(asked("a{month}-{yyyy}.csv")) == ["month", "yyyy"]
    assert list(asked("plain")) == []
    with pytest.raises(ValueError, match="expected '}'"):
        list(asked("{month"))
