"""Online consultations: drifting headers, who takes part, zeros that are no counts."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locality.sources import Document, NotRecognised, Refused, contents, documents, read
from locality.sources.publications.online_consultations import gaps, recognise
from locality.sources.publications.online_consultations import read as read_sheet
from locality.sources.reading import Hints
from locality.sources.synthetic.files.access import Place, Said, Submitted, write_online
from tests.sources import made
from tests.sources.publications.made_access import CODES, Rows, one, online, online_row, workbook

PUBLICATION = "online_consultations"


def table(rows: Rows, participation: str = "Participation") -> Document:
    return workbook({"Title sheet": [["Submissions"]], "Table 2": online(rows, participation)})


def test_counts_list_and_participation_are_read() -> None:
    reading = one(
        table(
            [
                online_row(CODES[0], 65, 20, 5, part=1),
                online_row(CODES[1], 0, 0, 0, part=0, size=18_626),
                online_row(CODES[2], 0, 0, 0, part=1),
            ]
        )
    )
    assert (reading.publication, reading.period, reading.part) == (PUBLICATION, "2026-M01", "")
    first, outside, quiet = reading.tables[PUBLICATION].rows
    assert first == {
        "period": "2026-M01", "practice_code": "A81001", "list_size": 3891, "submissions": 90,
        "clinical": 65, "administrative": 20, "other": 5, "participates": True,
        "supplier": "ACCURX LIMITED", "missing": None,
    }  # fmt: skip
    assert outside["participates"] is False and outside["missing"] == "no return"
    assert outside["submissions"] is None and outside["list_size"] == 18_626
    assert quiet["submissions"] == 0 and quiet["missing"] is None


@pytest.mark.parametrize(
    ("participation", "part", "expected"),
    [("", None, None), ("Participation [11]", "*", None), ("Participation", 1, True)],
)
def test_participation_is_absent_hidden_or_said(
    participation: str, part: object, expected: bool | None
) -> None:
    reading = one(table([online_row(code, part=part) for code in CODES], participation))
    assert {row["participates"] for row in reading.tables[PUBLICATION].rows} == {expected}
    unsaid = any("does not say which practices take part" in note for note in reading.notes)
    assert unsaid == (not participation)


@pytest.mark.parametrize("mark", ["Submissions", "Submissions [7]", "Submissions [7. 11]"])
def test_marks_of_footnotes_in_the_header_do_not_matter(mark: str) -> None:
    rows = online([online_row(code) for code in CODES])
    rows[11][12] = mark
    rows[11][4] = "PCN Name"
    assert len(one(workbook({"Table 2": rows})).tables[PUBLICATION]) == 3


@pytest.mark.parametrize("supplier", ["None/Unknown", "No Data", "No data", ""])
def test_a_zero_without_a_supplier_is_no_return(supplier: str) -> None:
    silent = online_row(CODES[0], 0, 0, 0, supplier=supplier)
    reading = one(table([silent, *(online_row(code) for code in CODES[1:])], ""))
    assert reading.tables[PUBLICATION].rows[0]["missing"] == "no return"


def test_a_zero_through_a_supplier_that_sent_nothing_is_no_return() -> None:
    rows = [
        online_row(CODES[0], 0, 0, 0, month="2024-12-01", supplier="ECONSULT HEALTH LIMITED, TPP"),
        online_row(CODES[1], 3, 0, 0, month="2024-12-01", supplier="ECONSULT HEALTH LIMITED"),
        online_row(CODES[2], 0, 0, 0, month="2024-12-01", supplier="TPP"),
    ]
    reading = one(table(rows, ""))
    assert [row["submissions"] for row in reading.tables[PUBLICATION].rows] == [None, 3, 0]
    assert any("ECONSULT HEALTH LIMITED" in note for note in reading.notes)


def test_every_gap_names_a_month_a_supplier_and_where_it_was_said() -> None:
    months = [date(year, month, 1) for year in (2024, 2025, 2026) for month in range(1, 13)]
    found = [gap for month in months for gap in gaps(month)]
    assert len(found) == 28
    assert {gap["extent"] for gap in found} == {"none", "part"}
    assert all(gap["supplier"] == gap["supplier"].upper() and gap["said_in"] for gap in found)


def spoil(name: str) -> Document:
    """Return a workbook with one fault."""
    rows = [online_row(f"A8{place:04d}", part=1) for place in range(1001, 1009)]
    if name == "two months":
        rows[1][0] = "2026-02-01"
    elif name == "no month":
        for row in rows:
            row[0] = "January"
    elif name == "words for counts":
        for row in rows:
            row[12] = "many"
    elif name == "below zero":
        for row in rows:
            row[14] = -20
    elif name == "kinds do not add up":
        for row in rows:
            row[12] = 91
    elif name == "participation":
        for row in rows:
            row[18] = "perhaps"
    elif name == "codes of networks":
        for row in rows:
            row[1] = "U89141"
    elif name == "no rows":
        rows = []
    return table(rows)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("two months", "2 different months (from January 2026 to February 2026)"),
        ("no month", "do not say which month"),
        ("words for counts", "The number of submissions is not a whole number."),
        ("below zero", "below zero"),
        ("kinds do not add up", "do not add up to the total"),
        ("participation", "The participation is not 1, 0 or *."),
        ("codes of networks", "which month|primary care network"),
        ("no rows", "which month|rows cannot be used"),
    ],
)
def test_a_damaged_table_is_refused_in_a_sentence(name: str, says: str) -> None:
    with pytest.raises(Refused) as refusal:
        read(spoil(name))
    assert any(part in str(refusal.value) for part in says.split("|")), str(refusal.value)


def test_a_workbook_cut_short_is_refused() -> None:
    whole = spoil("").content
    with pytest.raises(Refused, match="damaged or stops"):
        read(Document("cut.xlsx", whole[: len(whole) // 2]))


def test_a_month_that_has_not_begun_is_refused() -> None:
    with pytest.raises(Refused, match="dated January 2026, and today is 24 December 2025"):
        read(spoil(""), today=date(2025, 12, 24))


def test_a_table_without_a_needed_column_is_not_recognised() -> None:
    rows = online([online_row(code) for code in CODES])
    rows[11][16] = "Something else"
    with pytest.raises(NotRecognised):
        read(workbook({"Table 2": rows}))


@pytest.mark.parametrize("variant", ["NHS number column", "a patient's name"])
def test_rows_about_patients_are_refused(variant: str) -> None:
    rows = online([online_row(code) for code in CODES])
    numbers = made.nhs_numbers(3)
    for place, row in enumerate(rows[12:15]):
        row[2] = numbers[place] if variant == "NHS number column" else f"Person {place}"
    if variant != "NHS number column":
        rows[11][2] = "Patient Name"
    with pytest.raises(Refused, match="single patients"):
        read(workbook({"Table 2": rows}))


_COUNT = st.integers(0, 100_000)
_NAME = st.text("ABC ,'&\"", min_size=1, max_size=12).map(lambda text: f"X{text}X")


@settings(max_examples=30, deadline=None)
@given(
    rows=st.lists(
        st.tuples(_COUNT, _COUNT, _COUNT, _COUNT, st.booleans(), _NAME), min_size=1, max_size=8
    ),
    said=st.sampled_from(["absent", "hidden", "said"]),
)
def test_what_is_written_is_read_again(
    rows: list[tuple[int, int, int, int, bool, str]], said: Said
) -> None:
    month = date(2025, 6, 1)
    written = [
        Submitted(
            Place((f"A{81_000 + place:05d}", name), ("U", "Unallocated"), ("16C", name),
                  ("QHM", name), ("Y63", "A")),
            "TPP", (a, b, c) if part else (0, 0, 0), size, part,
        )
        for place, (a, b, c, size, part, name) in enumerate(rows)
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = write_online(Path(folder), month, written, said=said)
        reading = one(Document(path.name, path.read_bytes(), path.name))
    found = reading.tables[PUBLICATION].rows
    assert reading.period == "2025-M06" and len(found) == len(written)
    for row, (a, b, c, size, part, _) in zip(found, rows, strict=True):
        counts = (row["clinical"], row["administrative"], row["other"])
        assert row["list_size"] == size
        if said == "said" and not part:
            assert counts == (None, None, None) and row["missing"] == "no return"
        else:
            assert counts == ((a, b, c) if part else (0, 0, 0)) and row["missing"] is None
        assert row["participates"] == {"said": part}.get(said)


@pytest.mark.published
def test_practices_add_up_to_england_in_the_same_workbook(published: Path) -> None:
    """Table 1 is read here by hand, for the workbook's own month; they agree to the unit."""
    paths = sorted((published / "practice").glob("Submissions_via_*.xlsx"))
    england = {}
    for path in paths:
        (document,) = documents(path)
        assert isinstance(document, Document)
        sheets = {sheet.name: sheet for sheet in contents(document).sheets}
        assert [name for name, sheet in sheets.items() if recognise(sheet)] == ["Table 2"]
        (reading,) = read_sheet(sheets["Table 2"], Hints())
        labels, latest = (sheets["Table 1"].column(place).to_pylist() for place in (1, 2))
        said = {label: cell for label, cell in zip(labels, latest, strict=True) if cell.isdigit()}
        found = reading.tables[PUBLICATION].rows
        england[reading.period] = sum(row["submissions"] or 0 for row in found)
        (total,) = (cell for label, cell in said.items() if label.startswith("Total submissions"))
        assert england[reading.period] == int(total)
        for kind in ("clinical", "administrative"):
            added = sum(row[kind] or 0 for row in found)
            assert added == int(said[f"{kind.title()} submissions"])
        assert [aside.reason for aside in reading.set_aside] == [
            "The row is a note beside the table."
        ]
    assert len(england) == 23
    assert (england["2025-M09"], england["2025-M10"], england["2026-M01"]) == (
        6_532_742, 8_330_625, 9_204_297,
    )  # fmt: skip


@pytest.mark.published
def test_those_who_take_part_are_those_of_table_1(published: Path) -> None:
    path = published / "practice/Submissions_via_OC_Systems_in_General_Practice_-_January_2026.xlsx"
    (document,) = documents(path)
    assert isinstance(document, Document)
    found = one(document).tables[PUBLICATION].rows
    assert len(found) == 6171
    assert sum(row["participates"] for row in found) == 6146
    assert sum(row["missing"] == "no return" for row in found) == 210
