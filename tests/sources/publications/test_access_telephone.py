"""Cloud telephony: headers in two rows, totals, accounts that several practices share."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st

from locality.sources import Document, Reading, Refused, documents, read
from locality.sources.synthetic.files.access import Called, Place, write_telephony
from tests.sources import made
from tests.sources.publications.made_access import (
    CODES,
    Rows,
    one,
    outcomes,
    outcomes_row,
    rows_of,
    waits,
    waits_row,
    workbook,
)

PUBLICATION = "telephony"
COUNTS = (6032, 3955, 1441, 245, 391, 244)
FIRST, SECOND = (1857, 607, 889, 602), (813, 1544, 1313, 285)


def three_tables() -> Document:
    return workbook(
        {
            "Title sheet": [["Cloud Based Telephony data in General Practice"]],
            "Table 3": outcomes([outcomes_row(code, *COUNTS) for code in CODES]),
            "Table 4": waits([waits_row(code, 6032, 3955, FIRST, SECOND) for code in CODES], 4),
            "Table 5": waits([waits_row(code, 6032, 391, (139, 56, 96, 100)) for code in CODES], 5),
        }
    )


def table(rows: Rows, **more: object) -> Document:
    return workbook({"Table 3": outcomes(rows, **more)})  # type: ignore[arg-type]


def test_each_table_is_a_part_of_the_month() -> None:
    readings = read(three_tables())
    assert [(r.publication, r.period, r.part) for r in readings] == [
        (PUBLICATION, "2026-M01", part) for part in ("outcomes", "answered", "missed")
    ]
    assert rows_of(readings, "telephony")[0] == {
        "period": "2026-M01", "practice_code": "A81001", "inbound": 6032, "answered": 3955,
        "ended_in_menu": 1441, "callback_requested": 245, "missed": 391, "callback_made": 244,
        "missing": None,
    }  # fmt: skip
    bands = rows_of(readings, "telephony_waits")
    assert len(bands) == 3 * 12
    of_first = {(r["kind"], r["band"]): r["calls"] for r in bands if r["practice_code"] == "A81001"}
    names = ("under_1", "1_to_2", "2_to_5", "over_5")
    assert of_first == {
        **{("wait_answered", band): n for band, n in zip(names, FIRST, strict=True)},
        **{("length_answered", band): n for band, n in zip(names, SECOND, strict=True)},
        **{("wait_missed", band): n for band, n in zip(names, (139, 56, 96, 100), strict=True)},
    }


def test_shared_accounts_count_in_the_total_and_in_no_practice() -> None:
    rows = [
        outcomes_row(CODES[0], *COUNTS),
        outcomes_row("Unassigned", 900, 500, 200, 100, 100, 100),
        outcomes_row("Unassigned", 100, 50, 20, 10, 10, 10),
        outcomes_row(CODES[1], *COUNTS),
    ]
    reading = one(table(rows))
    assert [row["practice_code"] for row in reading.tables["telephony"].rows] == [
        "A81001",
        "A81002",
    ]
    assert "1,000 calls of 2 accounts" in reading.notes[0]


def test_a_month_cell_that_holds_a_note_takes_the_month_of_the_others() -> None:
    rows = [outcomes_row(code, *COUNTS) for code in CODES]
    rows[2][0] = "Copyright © 2026 NHS England"
    assert one(table(rows)).practices == 3


def test_an_empty_count_is_missing_and_others_of_the_row_stay() -> None:
    rows = [outcomes_row(code, *COUNTS) for code in CODES]
    rows[1][17] = None
    row = one(table(rows)).tables["telephony"].rows[1]
    assert (row["inbound"], row["callback_requested"], row["missing"]) == (6032, None, "no return")


def spoil(name: str) -> Document:
    rows = [outcomes_row(code, *COUNTS) for code in CODES]
    total = None
    if name == "row lost":
        total = [4 * count for count in COUNTS]
    elif name == "two months":
        rows[2][0] = "2026-02-01"
    elif name == "words":
        for row in rows:
            row[13] = "most"
        total = [3 * count for count in COUNTS]
    elif name == "below zero":
        for row in rows:
            row[20] = -5
    elif name == "more answered":
        for row in rows:
            row[13] = 9000
    sheet = outcomes(rows, total)
    if name == "lower header lost":
        del sheet[4]
    elif name == "column twice":
        sheet[3][12] = "Answered [6]"
    elif name == "bands unnamed":
        sheet = waits([waits_row(code, 6032, 3955, FIRST, SECOND) for code in CODES], 4)
        sheet[2] = []
    elif name == "a band lost":
        sheet = waits([waits_row(code, 6032, 3955, FIRST, SECOND) for code in CODES], 4)
        sheet[3][30] = "Longer"
    return workbook({"Table 3": sheet})


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("row lost", "The table is not whole. The rows add up to 18,096 and the total of the same"),
        ("two months", "2 different months"),
        ("words", "The number of answered calls is not a whole number."),
        ("below zero", "The number of missed calls is below zero."),
        ("more answered", "More calls are answered than came in."),
        ("lower header lost", "the second row of the header does not say Total or Count"),
        ("column twice", "“Answered” more than once"),
        ("bands unnamed", "does not say once what they are"),
        ("a band lost", "lacks some of its bands"),
    ],
)
def test_a_damaged_table_is_refused_in_a_sentence(name: str, says: str) -> None:
    with pytest.raises(Refused) as refusal:
        read(spoil(name))
    assert says in str(refusal.value)


def test_one_wrong_row_of_many_is_set_aside_and_the_total_noted() -> None:
    rows = [outcomes_row(f"A8{place:04d}", *COUNTS) for place in range(1000, 1010)]
    rows[3][13] = "most"
    reading = one(table(rows, total=[10 * count for count in COUNTS]))
    assert reading.practices == 9
    assert "rows were set aside" in reading.notes[-1]


@pytest.mark.parametrize("variant", ["NHS numbers", "telephone numbers of callers"])
def test_rows_about_callers_are_refused(variant: str) -> None:
    sheet = outcomes([outcomes_row(code, *COUNTS) for code in CODES])
    for row, number in zip(sheet[6:9], made.nhs_numbers(3), strict=True):
        row[2] = number if variant == "NHS numbers" else "07700900123"
    if variant != "NHS numbers":
        sheet[3][2] = "Patient Telephone Number"
    with pytest.raises(Refused, match="single patients"):
        read(workbook({"Table 3": sheet}))


_FOUR = st.tuples(*[st.one_of(st.none(), st.integers(0, 50_000))] * 4)
_NAME = st.text("ABC ,'&\"", min_size=1, max_size=12).map(lambda text: f"X{text}X")


@st.composite
def called(draw: st.DrawFn, code: str) -> Called:
    inbound = draw(st.integers(1, 90_000))
    answered = draw(st.one_of(st.none(), st.integers(0, inbound)))
    more = draw(_FOUR)
    name = draw(_NAME)
    place = Place((code, name), ("U", "Unallocated"), ("16C", name), ("QHM", name), ("Y63", "A"))
    return Called(place, (inbound, answered, *more), draw(_FOUR), draw(_FOUR), draw(_FOUR))


@settings(max_examples=25, deadline=None)
@given(data=st.data(), count=st.integers(1, 6), shared=st.integers(0, 2))
def test_what_is_written_is_read_again(data: st.DataObject, count: int, shared: int) -> None:
    rows = [data.draw(called(f"A8{place:04d}")) for place in range(count)]
    accounts = [data.draw(called("Unassigned")) for _ in range(shared)]
    with tempfile.TemporaryDirectory() as folder:
        path = write_telephony(Path(folder), date(2026, 1, 1), rows, accounts)
        readings = read(Document(path.name, path.read_bytes(), path.name))
    found = {row["practice_code"]: row for row in rows_of(readings, "telephony")}
    bands = {
        (row["practice_code"], row["kind"], row["band"]): row["calls"]
        for row in rows_of(readings, "telephony_waits")
    }
    assert len(found) == count and len(bands) == 12 * count
    columns = (
        "inbound", "answered", "ended_in_menu", "callback_requested", "missed", "callback_made",
    )  # fmt: skip
    for row in rows:
        code = row.place.practice[0]
        assert tuple(found[code][column] for column in columns) == row.outcomes
        for kind, four in (
            ("wait_answered", row.waited_answered),
            ("length_answered", row.lasted_answered),
            ("wait_missed", row.waited_missed),
        ):
            names = ("under_1", "1_to_2", "2_to_5", "over_5")
            assert tuple(bands[code, kind, band] for band in names) == four


def _by_hand(path: Path) -> dict[str, int]:
    """Return Table 3's sums over practices, counted row by row from the cells themselves."""
    book = python_calamine.CalamineWorkbook.from_path(path)
    rows = book.get_sheet_by_name("Table 3").to_python()
    inbound = answered = practices = 0
    for row in rows:
        code = str(row[1])
        if len(code) == 6 and code[0].isalpha() and code[1:].isdigit():
            practices += 1
            inbound += int(row[11])  # type: ignore[arg-type]
            answered += int(row[13])  # type: ignore[arg-type]
    return {"practices": practices, "inbound": inbound, "answered": answered}


@pytest.mark.published
def test_every_published_month_is_read_whole(published: Path) -> None:
    paths = sorted((published / "practice").glob("Cloud_Based_Telephony_*.xlsx"))
    assert len(paths) == 5
    practices, inbound = {}, {}
    for path in paths:
        readings: list[Reading] = []
        for document in documents(path):
            assert isinstance(document, Document)
            readings += read(document)
        assert [reading.part for reading in readings] == ["outcomes", "answered", "missed"]
        found = rows_of(readings, "telephony")
        counted = {
            "practices": len(found),
            "inbound": sum(row["inbound"] for row in found),
            "answered": sum(row["answered"] for row in found),
        }
        if "February" in path.name:
            assert counted == _by_hand(path)
        period = readings[0].period
        practices[period], inbound[period] = counted["practices"], counted["inbound"]
        assert [len(reading.notes) for reading in readings] == [1, 1, 1]
    assert practices == {
        "2025-M10": 4376, "2025-M11": 4691, "2025-M12": 4739, "2026-M01": 4766, "2026-M02": 4771,
    }  # fmt: skip
    assert inbound["2025-M10"] == 29_589_566 and inbound["2026-M02"] == 27_156_498
