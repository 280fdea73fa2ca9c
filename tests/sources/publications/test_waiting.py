"""Waiting times: the "waiting_times" full extract, its damage, and the published month."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest

from locality.figures.schemas.waiting import WEEKS
from locality.sources import READERS, Document, Reading, Refused, contents, documents, read
from locality.store.queries import count_again
from tests.sources import made
from tests.sources.publications.made_waiting import HEADER, extract, row


def one(rows: list[list[Any]]) -> Reading:
    (reading,) = read(made.document(rows))
    return reading


def test_rows_stay_as_they_are_and_empty_cells_stay_empty() -> None:
    reading = one(extract())
    assert (reading.publication, reading.period, reading.rows) == ("waiting_times", "2026-M01", 3)
    rows = {r["part"]: r for r in reading.tables["waiting_rows"].rows}
    waiting = rows["incomplete"]
    assert (waiting["w000"], waiting["w017"], waiting["w018"], waiting["w104"]) == (5, 2, 1, 3)
    assert (waiting["total"], waiting["total_all"]) == (None, 11)
    assert waiting["commissioner_parent_code"] == "QA1"
    assert rows["completed_admitted"]["unknown_start"] == 2
    assert {rows["new_periods"][week] for week in WEEKS} == {None}
    assert rows["new_periods"]["total_all"] == 40
    assert reading.tables["treatment_functions"].rows == [
        {"period": "2026-M01", "treatment_function": "C_320", "name": "Cardiology Service"}
    ]


def test_the_layout_is_this_readers_alone_whatever_the_order_of_its_columns() -> None:
    (sheet,) = contents(made.document(extract())).sheets
    assert [r.publication for r in READERS if r.recognise(sheet)] == ["waiting_times"]
    turned = [cells[::-1] for cells in extract()]
    assert one(turned).tables["waiting_rows"].rows == one(extract()).tables["waiting_rows"].rows


def test_nhs_englands_own_commissioning_has_no_board() -> None:
    reading = one(extract(row(commissioner="13Q", parent="", weeks={1: 1})))
    assert reading.tables["waiting_rows"].rows[0]["commissioner_parent_code"] is None


def spoilt(place: str, value: Any) -> list[list[Any]]:
    at = HEADER.index(place)
    header, *rows = extract()
    return [header, *([*cells[:at], value, *cells[at + 1 :]] for cells in rows)]


DAMAGED = {
    "two months": (extract(row(), row(period="RTT-February-2026")), "does not name one month"),
    "no month": (spoilt("Period", "January"), "does not name one month"),
    "words for pathways": (spoilt("Gt 03 To 04 Weeks SUM 1", "many"), "not a whole number"),
    "parts": (spoilt("Gt 03 To 04 Weeks SUM 1", "0.5"), "not a whole number"),
    "below zero": (spoilt("Total All", -4), "below zero"),
    "another part": (spoilt("RTT Part Type", "Part_9"), "not one of the five"),
    "names for codes": (spoilt("Commissioner Org Code", "NHS SOMEWHERE"), "three to six signs"),
    "a specialty's name": (spoilt("Treatment Function Code", "Cardiology"), "such as C_320"),
    "weeks that do not add up": (
        [HEADER, *(spoilt("Total All", 999)[1:]), *(spoilt("Gt 00 To 01 Weeks SUM 1", 77)[1:])],
        "do not add up",
    ),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGED)
def test_damage_is_told_in_a_sentence(damage: str) -> None:
    rows, says = DAMAGED[damage]
    with pytest.raises(Refused, match=says):
        one(rows)


def test_a_row_told_twice_is_not_counted_twice() -> None:
    again = row(weeks={2: 9})
    reading = one(extract(again, again, row(provider="RB9", weeks={1: 1})))
    assert reading.rows == 2 and reading.set_aside[0].rows == 1


@pytest.mark.parametrize("header", ["NHS Number", "Patient Surname", "Date of birth"])
def test_a_row_a_patient_is_refused(header: str) -> None:
    top, *rows = extract()
    numbers = made.nhs_numbers(len(rows))
    with pytest.raises(Refused, match="rows about one person"):
        one(
            [
                [*top, header],
                *([*cells, number] for cells, number in zip(rows, numbers, strict=True)),
            ]
        )


@pytest.mark.published
def test_january_2026(published: Path) -> None:
    (document,) = documents(
        published / "commissioner/activity/Full-CSV-data-file-Jan26-ZIP-4M-WL5BiP.zip"
    )
    assert isinstance(document, Document)
    (reading,) = read(document)
    assert (reading.period, reading.rows, reading.set_aside) == ("2026-M01", 183_417, ())
    assert len(reading.tables["treatment_functions"]) == 24
    counts = count_again("waiting", reading.tables["waiting_rows"])
    england = counts.filter(
        pc.and_(
            pc.equal(counts["kind"], "england"),
            pc.and_(
                pc.equal(counts["part"], "incomplete"),
                pc.equal(counts["treatment_function"], "C_999"),
            ),
        )
    )

    def pathways(first: int, last: int) -> int:
        inside = pc.and_(pc.greater_equal(england["week"], first), pc.less(england["week"], last))
        return int(pc.sum(england.filter(inside)["pathways"]).as_py())

    assert pathways(0, 105) == 7_155_958
    assert pathways(0, 18) == 4_395_958
    assert pathways(52, 105) == 133_860
    outside = reading.tables["waiting_rows"].data
    foreign = outside.filter(
        pc.and_(
            pc.equal(outside["commissioner_code"], "NONC"),
            pc.and_(
                pc.equal(outside["part"], "incomplete"),
                pc.equal(outside["treatment_function"], "C_999"),
            ),
        )
    )
    assert pc.sum(foreign["total_all"]).as_py() == 31_719
