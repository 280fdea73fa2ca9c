"""A pack tells few things, the surest and the ones that can be better first, in plain words."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from locality.figures import Table
from locality.figures.schemas.judged import CONTROL_CHART, STANDINGS
from locality.measure import PICTURES, Account, Held, certain, feedback, moved, told
from locality.measure.qof import position, statement
from tests.measure.qof.made import YEAR, scored

TODAY = date(2026, 11, 23)


def standing(measure: str, **changes: Any) -> dict[str, Any]:
    blank = dict.fromkeys(STANDINGS.names)
    return blank | {
        "measure": measure, "title": f"About {measure}", "topic": "T", "unit": "%",
        "polarity": "higher_is_better", "period": "2025-26", "value": 50.0, "lower": 45.0,
        "upper": 55.0, "call": "", "state": "can be judged", "place": 0, "variation": "usual",
        "alert": "quiet", "mark": "", "sentence": f"Sentence of {measure}.",
    } | changes  # fmt: skip


def table(*rows: dict[str, Any]) -> Table:
    return Table.of(STANDINGS, list(rows))


def chart(measure: str, sentence: str | None = None) -> Table:
    blank = dict.fromkeys(CONTROL_CHART.names)
    rows = [
        blank | {"code": "A81001", "kind": "practice", "period": f"2026-M{n:02d}", "value": 5.0 + n,
                 "phase": 0, "rules": "shift up" if sentence else "",
                 "direction": "high" if sentence else "", "sentence": sentence or ""}
        for n in range(1, 9)
    ]  # fmt: skip
    return Table.of(CONTROL_CHART, rows, title=f"{measure} (%)")


STANDS = table(
    standing("register", polarity="none", call="highest", highest=0.999),
    standing("low", call="lowest", lowest=0.93),
    standing("surely low", call="lowest", lowest=0.99),
    standing("beyond", place=-2),
    standing("quiet"),
    standing("shifted", variation="high"),
    standing("alerting", alert="new"),
    standing("small", state="cannot be judged", reliability=0.4),
    standing("absent", state="no number", value=None, missing="no return"),
)


def pack(**changes: Any) -> Any:
    held = Held(
        **{
            "code": "A81001", "name": "Elm Surgery", "kind": "practice", "standings": STANDS,
            "charts": {"shifted": chart("shifted", "Seven points in a row.")}, **changes,
        }
    )  # fmt: skip
    return feedback(held, made_on=TODAY)


def test_what_can_be_better_comes_before_whom_a_practice_cares_for() -> None:
    order = [row["measure"] for row in certain(STANDS)]
    assert order == ["surely low", "low", "beyond", "register"]
    assert [row["measure"] for row in moved(STANDS)] == ["alerting", "shifted"]
    assert told(STANDS) == ["alerting", "shifted", "surely low", "low", "beyond", "register"]


def test_it_says_how_many_and_the_rule_of_each_that_moved() -> None:
    paper = pack()
    brief = " ".join(paper.section("brief").points)
    assert "8 measures were looked at." in brief and "4 stand out for certain." in brief
    assert "2 moved away from their own past." in brief and "1 cannot be judged" in brief
    points = paper.section("moved").points
    assert "Its alert is on" in points[0] and points[1].endswith("Seven points in a row.")
    (why,) = paper.section("cannot").tables
    assert why.rows[0]["sentence"] == "Sentence of small."
    assert len(paper.section("pictures").drawn) == 1


def test_few_are_told_and_few_are_drawn() -> None:
    many = table(*[standing(f"m{n}", call="lowest", lowest=0.9) for n in range(20)])
    charts = {f"m{n}": chart(f"m{n}") for n in range(20)}
    paper = pack(standings=many, charts=charts)
    assert len(paper.section("certain").tables[0]) == 5
    assert "15 more do too" in paper.section("certain").says[1]
    assert len(paper.section("pictures").drawn) == PICTURES == 4


def test_nothing_to_tell_is_said_and_is_no_verdict() -> None:
    paper = pack(standings=table(standing("quiet")), charts={})
    assert "Nothing stands out" in paper.section("certain").says[0]
    assert "Nothing left its own past" in paper.section("moved").says[0]
    assert "can be judged" in paper.section("cannot").says[0]
    assert [section.id for section in paper.sections] == [
        "brief", "certain", "moved", "cannot", "account", "reply", "words",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("reply_by", "shared", "said"),
    [
        (None, False, "goes to the practice first"),
        (date(2026, 12, 7), False, "for the practice alone until 7 December 2026"),
        (date(2026, 11, 20), True, "has been with the practice first"),
    ],
)
def test_whose_it_is_stands_at_the_top(reply_by: Any, shared: bool, said: str) -> None:
    held = Held("A81001", "Elm Surgery", "practice", STANDS, {})
    paper = feedback(held, made_on=TODAY, reply_by=reply_by, shared=shared)
    assert said in paper.standfirst[0] and "account" in paper.standfirst[0]
    assert "A difference is not a fault." in paper.standfirst[1]


def test_its_account_and_the_answer_stand_in_it() -> None:
    given = Account("We care for two homes.", "Practice manager", "20 November 2026",
                    owner="ICB lead", state="received")  # fmt: skip
    answered = Account("The count was wrong.", "Practice manager", "1 November 2026",
                       answer="Put right.", answered_by="ICB lead")  # fmt: skip
    section = pack(accounts=(given, answered)).section("account")
    assert section.says == (
        "We care for two homes. (Practice manager, 20 November 2026)",
        "ICB lead owes an answer (received).",
        "The count was wrong. (Practice manager, 1 November 2026)",
        "Answer from ICB lead: Put right.",
    )
    assert not section.space and pack().section("account").space


def test_a_practices_points_are_in_it_with_most_to_earn_first() -> None:
    one = scored({"HYP008": (416, 560, 44), "DM020": (210, 300), "VI001": (92, 100)})
    table_of, sum_of = (
        position(one, name="Elm", prevalence_of=YEAR),
        statement(one, name="Elm", prevalence_of=YEAR),
    )
    section = pack(position=table_of, statement=sum_of).section("points")
    assert section.statements == (sum_of,) and "1 of 3 lines are estimates" in section.says[1]
    earn = [float(re.search(r"£([\d,]+)", text)[1].replace(",", "")) for text in section.points]  # type: ignore[index]
    assert earn == sorted(earn, reverse=True) and len(earn) == 3
    assert len(section.tables[0].schema.columns) <= 9


def reading_grade(text: str) -> float:
    """Return the Flesch-Kincaid grade: 8 is what readers of 13 to 14 take without effort."""
    sentences = [one for one in re.split(r"[.!?:;]+(?:\s|$)", text) if one.strip()]
    words = re.findall(r"[A-Za-z']+", text)
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word.lower()))))
                    for word in words)  # fmt: skip
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def test_its_own_sentences_can_be_read_at_thirteen() -> None:
    one = scored({"HYP008": (416, 560, 44)})
    paper = pack(
        position=position(one, name="Elm", prevalence_of=YEAR),
        statement=statement(one, name="Elm", prevalence_of=YEAR),
        beside_peers=("x",),
    )
    text = " ".join(
        sentence
        for section in paper.sections
        if section.id != "points"
        for sentence in (*section.says, *section.points)
    )
    assert reading_grade(" ".join(paper.standfirst) + " " + text) < 8
