"""Appointments by practice: parts that add up, two suppliers, three months in an archive."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locality.sources import Document, NotRecognised, Reading, Refused, documents, read
from locality.sources.synthetic.files.access import Booked, Place, crosstab, write_appointments
from tests.sources import made
from tests.sources.publications.made_access import (
    APPOINTMENTS_HEADER,
    CODES,
    Rows,
    appointment,
    one,
    rows_of,
)

PUBLICATION = "appointments"
KINDS = ("hcp_type", "mode", "category", "wait", "status")


def document(rows: Rows, header: list[str] | None = None) -> Document:
    return made.document([header or APPOINTMENTS_HEADER, *rows], "Practice_Level_Crosstab.csv")


def test_each_kind_is_a_row_and_double_blanks_are_one() -> None:
    rows = [appointment(), appointment("A81002", 7, wait="8  to 14 Days", status="DNA")]
    reading = one(document(rows))
    assert (reading.publication, reading.period, reading.part) == (PUBLICATION, "2026-M01", "16C")
    first, second = reading.tables[PUBLICATION].rows
    assert first == {
        "period": "2026-M01", "practice_code": "A81001", "hcp_type": "GP", "mode": "Face-to-Face",
        "category": "General Consultation Routine", "wait": "Same Day", "status": "Attended",
        "appointments": 120,
    }  # fmt: skip
    assert (second["wait"], second["status"], second["appointments"]) == ("8 to 14 Days", "DNA", 7)


def test_rows_under_two_suppliers_are_added() -> None:
    rows = [appointment(count=100, supplier="TPP"), appointment(count=20, supplier="EMIS")]
    (row,) = one(document(rows)).tables[PUBLICATION].rows
    assert row["appointments"] == 120


def test_a_row_that_stands_twice_counts_once_and_rows_that_disagree_not_at_all() -> None:
    rows = [
        *[appointment(code) for code in CODES],
        appointment(),
        appointment("A81002", 999),
        *[appointment(code, wait="1 Day") for code in CODES],
    ]
    reading = one(document(rows))
    found = reading.tables[PUBLICATION].rows
    assert sorted((r["practice_code"], r["wait"]) for r in found) == [
        ("A81001", "1 Day"), ("A81001", "Same Day"), ("A81002", "1 Day"), ("Y07020", "1 Day"),
        ("Y07020", "Same Day"),
    ]  # fmt: skip
    assert sum(aside.rows for aside in reading.set_aside) == 3


def test_files_of_regions_are_parts_and_months_are_readings_of_their_own() -> None:
    south = [appointment(sub="00L"), appointment("A81002", sub="16C")]
    north = [appointment("Y07020", sub="99G", month=m) for m in ("01JAN2026", "01FEB2026")]
    assert one(document(south)).part == "00L to 16C, 2 sub-ICBs"
    readings = read(document(north))
    assert [(r.period, r.part, r.rows) for r in readings] == [
        ("2026-M01", "99G", 1), ("2026-M02", "99G", 1),
    ]  # fmt: skip


@pytest.mark.parametrize("column", ["DURATION", "AGE_GROUP", ""])
def test_an_unknown_column_is_refused_by_name(column: str) -> None:
    with pytest.raises(Refused, match="not known here to have the column") as refusal:
        read(document([[*appointment(), "x"]], [*APPOINTMENTS_HEADER, column]))
    assert (column or "column 15 has no name") in str(refusal.value)


def spoil(name: str) -> Document:
    rows = [appointment(code) for code in CODES]
    change: dict[str, tuple[int, Any]] = {
        "words": (12, "many"),
        "below zero": (12, -3),
        "no count": (12, ""),
        "no month": (0, "January"),
        "status": (13, "Cancelled"),
        "wait": (11, "Soon"),
        "nobody": (8, ""),
        "networks": (1, "U89141"),
    }
    if name in change:
        place, cell = change[name]
        for row in rows:
            row[place] = cell
    if name == "cut":
        text = made.text([APPOINTMENTS_HEADER, *rows])
        return made.document(text[:-60], "cut.csv")
    return document([] if name == "no rows" else rows)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("words", "The number of appointments is not a whole number."),
        ("below zero", "The number of appointments is below zero."),
        ("no count", "The number of appointments is not there."),
        ("no month", "The month is empty or no date."),
        ("status", "The status is not Attended, DNA or Unknown."),
        ("wait", "The time from booking is none of the known bands."),
        ("nobody", "It is not said who the appointment was with."),
        ("networks", "primary care network"),
        ("cut", "stops in the middle of line 4"),
        ("no rows", "a header and no rows"),
    ],
)
def test_a_damaged_file_is_refused_in_a_sentence(name: str, says: str) -> None:
    with pytest.raises(Refused) as refusal:
        read(spoil(name))
    assert says in str(refusal.value)


def test_a_file_without_a_count_is_not_recognised() -> None:
    header = ["COUNT" if name.startswith("COUNT") else name for name in APPOINTMENTS_HEADER]
    with pytest.raises(NotRecognised, match="count_of_appointments"):
        read(document([appointment()], header))


def test_a_month_that_has_not_begun_is_refused() -> None:
    with pytest.raises(Refused, match="dated January 2026"):
        read(document([appointment()]), today=date(2025, 12, 31))


@pytest.mark.parametrize("column", ["NHS_NUMBER", "PATIENT_ID", "DATE_OF_BIRTH"])
def test_single_appointments_of_patients_are_refused(column: str) -> None:
    rows = [
        [*appointment(code, 1), number]
        for code, number in zip(CODES, made.nhs_numbers(3), strict=True)
    ]
    with pytest.raises(Refused, match="single patients"):
        read(document(rows, [*APPOINTMENTS_HEADER, column]))


_KINDS = st.tuples(
    st.sampled_from(["GP", "Other Practice Staff", "Unknown"]),
    st.sampled_from(["Face-to-Face", "Telephone", "Home Visit"]),
    st.sampled_from(["General Consultation Routine", "Planned Clinics", "Walk-in, or other"]),
    st.sampled_from(["Same Day", "1 Day", "8  to 14 Days", "Unknown / Data Issue"]),
    st.sampled_from(["Attended", "DNA", "Unknown"]),
)
_ROWS = st.dictionaries(
    st.tuples(st.integers(0, 4), st.sampled_from(["TPP", "EMIS"]), _KINDS),
    st.integers(0, 5000),
    min_size=1,
    max_size=40,
)
_NAME = st.text("ABC ,'&\"", min_size=1, max_size=12).map(lambda text: f"X{text}X")


def booked(rows: dict[tuple[int, str, Any], int], name: str, sub: str = "16C") -> list[Booked]:
    return [
        Booked(
            Place((f"A8{practice:04d}", name), ("U", "Unallocated"), (sub, name), ("QHM", name),
                  ("Y63", name)),
            supplier, kinds, count,
        )
        for (practice, supplier, kinds), count in rows.items()
    ]  # fmt: skip


def slowly(rows: dict[tuple[int, str, Any], int]) -> Counter[tuple[str, ...]]:
    """Return the sums by practice and kind, row by row."""
    found: Counter[tuple[str, ...]] = Counter()
    for (practice, _, kinds), count in rows.items():
        found[f"A8{practice:04d}", *(" ".join(kind.split()) for kind in kinds)] += count
    return found


def read_back(readings: tuple[Reading, ...]) -> dict[tuple[str, ...], int]:
    return {
        (row["practice_code"], *(row[kind] for kind in KINDS)): row["appointments"]
        for row in rows_of(readings, PUBLICATION)
    }


@settings(max_examples=40, deadline=None)
@given(rows=_ROWS, name=_NAME)
def test_what_is_written_is_read_again(rows: dict[tuple[int, str, Any], int], name: str) -> None:
    text = crosstab(date(2026, 1, 1), booked(rows, name))
    readings = read(made.document(text, "Practice_Level_Crosstab_Jan_26.csv"))
    assert read_back(readings) == slowly(rows)


@settings(max_examples=10, deadline=None)
@given(first=_ROWS, second=_ROWS, third=_ROWS)
def test_an_archive_of_three_months_and_of_parts_is_read_whole(
    first: dict[tuple[int, str, Any], int],
    second: dict[tuple[int, str, Any], int],
    third: dict[tuple[int, str, Any], int],
) -> None:
    months = [date(2026, month, 1) for month in (1, 2, 3)]
    files = {
        (months[0], ""): booked(first, "X"),
        (months[1], ""): booked(second, "X"),
        (months[2], "South"): booked(third, "X", "00L"),
        (months[2], "North"): booked(first, "X", "99G"),
    }
    with tempfile.TemporaryDirectory() as folder:
        path = write_appointments(Path(folder), months[-1], files)
        inside = list(documents(path))
    readings: list[Reading] = []
    for member in inside:
        assert isinstance(member, Document)
        readings += read(member)
    subjects = {(reading.period, reading.part) for reading in readings}
    assert subjects == {
        ("2026-M01", "16C"), ("2026-M02", "16C"), ("2026-M03", "00L"), ("2026-M03", "99G"),
    }  # fmt: skip
    march = tuple(reading for reading in readings if reading.period == "2026-M03")
    added = sum(row["appointments"] for row in rows_of(march, PUBLICATION))
    assert added == sum(third.values()) + sum(first.values())
