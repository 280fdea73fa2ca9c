"""A locality's own counts: every period, every slip, and never a row about one person."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locality.figures import Missing, Period
from locality.sources import Document, NotRecognised, Reading, Refused, read
from locality.sources.synthetic.files.need import write_aggregates
from locality.store import Lake
from locality.store.documents import rows_in_use
from tests.sources import made
from tests.sources.publications import made_need as need

PUBLICATION = "local_aggregates"
HEADER = need.AGGREGATES[0]
NHS = made.nhs_numbers(8)
INTERVALS = {"local.referrals": "events", "local.reviews": "share"}


def row(
    code: str = "A81001", measure: str = "local.referrals", period: str = "2026-M05",
    numerator: Any = 9, denominator: Any = 11840, source: str = "board's own count",
) -> list[Any]:  # fmt: skip
    return [code, measure, period, numerator, denominator, source]


def of(*rows: list[Any], **options: Any) -> Reading:
    (found,) = read(made.document([HEADER, *rows]), **options)
    assert found.publication == PUBLICATION
    return found


def test_rows_are_kept_as_given_and_a_hidden_count_is_no_zero() -> None:
    (found,) = read(made.document(need.AGGREGATES))
    assert (found.period, found.part) == ("2026-M05", "local.referrals")
    assert (found.rows, found.practices) == (3, 3)
    assert found.tables[PUBLICATION].rows[1:] == [
        {
            "practice_code": "A81002", "measure_id": "local.referrals", "period": "2026-M05",
            "numerator": 4.0, "denominator": 7302.0, "source": "board's own count", "missing": None,
        },
        {
            "practice_code": "A81004", "measure_id": "local.referrals", "period": "2026-M05",
            "numerator": None, "denominator": 5120.0, "source": "board's own count",
            "missing": Missing.SUPPRESSED,
        },
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2025-26", "2025-26"), ("2025/26", "2025-26"), ("2025/2026", "2025-26"),
        ("2026-Q3", "2026-Q3"), ("2026-M07", "2026-M07"), ("July 2026", "2026-M07"),
        ("2026-07-01", "2026-07-01"), ("2019", "2019"),
        ("2019-04-01/2022-03-31", "2019-04-01/2022-03-31"),
    ],
)  # fmt: skip
def test_every_way_to_write_a_period(written: str, code: str) -> None:
    found = of(row(period=written))
    assert found.period == code
    assert found.tables[PUBLICATION].rows[0]["period"] == code


def test_a_file_may_hold_several_measures_and_periods() -> None:
    found = of(row(), row(period="2025-26"), row(measure="Local.Reviews", period="2026-Q2"))
    assert (found.period, found.part) == ("2025-04-01/2026-06-30", "")
    assert found.tables[PUBLICATION].rows[2]["measure_id"] == "local.reviews"


def test_amounts_of_money_may_have_pence() -> None:
    found = of(row(numerator="1,234.56", denominator="98.5"))
    assert found.tables[PUBLICATION].rows[0]["numerator"] == 1234.56


def test_a_numerator_above_its_denominator_is_a_rate_and_never_a_share() -> None:
    rows = [row(numerator=9, denominator=4), *(row(f"A8100{n}") for n in range(2, 6))]
    found = of(*rows, intervals=INTERVALS)
    assert found.rows == 5 and "rate" in found.notes[0]
    shares = [[*one[:1], "local.reviews", *one[2:]] for one in rows]
    found = of(*shares, intervals=INTERVALS)
    assert found.rows == 4
    assert [(a.reason, a.example) for a in found.set_aside] == [
        ("The numerator is larger than the denominator.", "line 2 (A81001)")
    ]


def test_a_measure_without_a_definition_is_named_and_its_counts_wait() -> None:
    assert of(row(measure="local.new_thing"), intervals=INTERVALS).notes == (
        "No measure is defined yet for local.new_thing; the counts wait for a definition.",
    )
    assert of(row(), intervals=INTERVALS).notes == ()


def test_what_cannot_be_used_is_set_aside_with_its_place() -> None:
    good = [row(f"A8100{n}") for n in range(1, 10)]
    bad = [
        row("THE1"), row("A81011", measure="referrals"), row("A81012", period="lately"),
        row("A81013", numerator=-1), row("A81014", denominator="many"), row("A81015", source=""),
        row("A81016", source="x" * 121), row("A81017", period="2027-M01"),
    ]  # fmt: skip
    found = of(*good, *bad, today=date(2026, 11, 23))
    assert found.rows == 9
    assert {a.example.split()[1]: a.reason.split()[1] for a in found.set_aside} == {
        "11": "practice", "12": "measure", "13": "period", "14": "numerator", "15": "denominator",
        "16": "source", "17": "source", "18": "period",
    }  # fmt: skip


def test_a_newer_row_takes_the_place_of_an_older_one(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "home")
    for number, rows in enumerate(([row(), row("A81002")], [row(numerator=12)])):
        path = tmp_path / f"{number}.csv"
        path.write_text(made.text([HEADER, *rows]), "utf-8")
        report = lake.ingest([path], clock=lambda: datetime(2026, 11, 23, tzinfo=UTC))
        assert report.stored == 1, report.table.rows
    (used,) = rows_in_use(lake.holdings(), PUBLICATION)
    assert {one["practice_code"]: one["numerator"] for one in used.to_pylist()} == {
        "A81001": 12.0, "A81002": 9.0,
    }  # fmt: skip


def spoilt(column: int, value: Any) -> list[list[Any]]:
    return need.spoil(need.AGGREGATES, column, value)


DAMAGED: dict[str, tuple[list[list[Any]] | bytes, str]] = {
    "names for codes": ([HEADER, row("The Surgery"), row("Another")], "practice code"),
    "codes of networks": ([HEADER, row("U12345"), row("U12346")], "primary care network"),
    "titles for measures": (spoilt(1, "Referrals"), "id of words with a point"),
    "no periods": (spoilt(2, "lately"), "period cannot be read"),
    "words for counts": (spoilt(3, "some"), "numerator is not a number"),
    "per cents for counts": (spoilt(3, "12%"), "numerator is not a number"),
    "denominators below zero": (spoilt(4, -5), "denominator is below zero"),
    "no sources": (spoilt(5, ""), "source is empty"),
    "a header and no rows": (need.AGGREGATES[:1], "no rows"),
    "cut short": (made.text(need.AGGREGATES).encode()[:-40], "middle of line"),
    "a column more": ([[*one, "x"] for one in need.AGGREGATES], "column 7"),
    "a column twice": ([[*one, one[3]] for one in need.AGGREGATES], "more than once"),
    "a row twice": ([*need.AGGREGATES, need.AGGREGATES[1]], "repeat a practice"),
}


@pytest.mark.parametrize("case", DAMAGED, ids=list(DAMAGED))
def test_damaged_files_are_refused_with_a_sentence(case: str) -> None:
    content, words = DAMAGED[case]
    with pytest.raises(Refused, match=words):
        read(made.document(content))


def test_a_lacking_column_is_named() -> None:
    with pytest.raises(NotRecognised, match="no column called source"):
        read(made.document([one[:5] for one in need.AGGREGATES]))


ONE_EACH = [row(numerator=n % 2, denominator=1) for n in range(8)]
BY_DAY = [row(period=f"2026-05-0{n}", numerator=1, denominator=1) for n in range(1, 9)]
PATIENT_LEVEL: dict[str, tuple[list[list[Any]], str]] = {
    "a row a patient with a reference": (
        [[*HEADER, "reference"], *([*one, f"R{n}"] for n, one in enumerate(ONE_EACH))],
        "“reference”",
    ),
    "a row a patient without one": ([HEADER, *ONE_EACH], "a row for each patient"),
    "a row a patient and day": ([HEADER, *BY_DAY], "count over one person"),
    "a row a patient, most of them": (
        [HEADER, *BY_DAY, *(row(f"A8200{n}") for n in range(5))], "count over one person",
    ),
    "NHS numbers for sources": (
        [HEADER, *(row(f"A8100{n}", source=number) for n, number in enumerate(NHS))],
        "single patients",
    ),
    "an NHS number inside a source": (
        [HEADER, row(), row("A81002", source=f"seen in clinic, {NHS[0]}")], "single patients",
    ),
    "an NHS number with blanks inside a source": (
        [HEADER, row(source=f"no {NHS[0][:3]} {NHS[0][3:6]} {NHS[0][6:]} of May")],
        "single patients",
    ),
    "NHS numbers for numerators": (
        [HEADER, *(row(f"A8100{n}", numerator=number) for n, number in enumerate(NHS))],
        "single patients",
    ),
    "a column of NHS numbers": (
        need.beside(need.AGGREGATES, "nhs_number", NHS), "single patients",
    ),
    "a column of dates of birth": (
        need.beside(need.AGGREGATES, "date_of_birth", ["1950-01-01"]), "single patients",
    ),
    "a column of names": (
        need.beside(need.AGGREGATES, "patient_name", ["a", "b", "c"]), "single patients",
    ),
    "a column of postcodes": (
        need.beside(need.AGGREGATES, "home_postcode", ["ZZ1 1AA"]), "single patients",
    ),
    "a column of ages": (need.beside(need.AGGREGATES, "age", [72]), "“age”"),
    "a column under no header": (need.beside(need.AGGREGATES, "", ["x1", "x2", "x3"]), "column 7"),
}  # fmt: skip


@pytest.mark.parametrize("case", PATIENT_LEVEL, ids=list(PATIENT_LEVEL))
def test_a_file_with_rows_about_people_is_refused_and_repeats_no_value(case: str) -> None:
    rows, words = PATIENT_LEVEL[case]
    with pytest.raises(Refused, match=words) as found:
        read(made.document(rows))
    assert "never rows about one person" in str(found.value)
    assert not any(number in str(found.value) for number in (*NHS, "1950"))


def test_a_hidden_sheet_of_patients_is_refused() -> None:
    hidden = [["practice", "ref", "n"], *(["A81001", number, 1] for number in NHS)]
    content = made.workbook({"counts": need.AGGREGATES, "x": hidden}, hidden=["x"])
    with pytest.raises(Refused, match="single patients"):
        read(Document("counts.xlsx", content))


def test_small_true_counts_are_not_taken_for_people() -> None:
    rows = [row(f"A8100{n}", numerator=n % 2, denominator=2 + n) for n in range(1, 9)]
    assert of(*rows, row("A81010", denominator=1), row("A81011", denominator=1)).rows == 10


periods = st.one_of(
    st.integers(2004, 2024).map(Period.financial_year),
    st.integers(2004, 2025).map(Period.calendar_year),
    st.tuples(st.integers(2004, 2025), st.integers(1, 4)).map(lambda x: Period.quarter(*x)),
    st.tuples(st.integers(2004, 2025), st.integers(1, 12)).map(lambda x: Period.month(*x)),
    st.dates(date(2004, 1, 1), date(2025, 12, 31)).map(Period.day),
)
amounts = st.one_of(
    st.integers(2, 99_999).map(str), st.just("0"), st.sampled_from(["*", "", "n/a"]),
    st.floats(2, 9_999).map(lambda x: f"{x:.2f}"),
)  # fmt: skip
keys = st.tuples(
    st.from_regex(r"[A-HJ-NPVWY][0-9]{5}", fullmatch=True).filter(str.isascii),
    st.sampled_from(["local.referrals", "local.reviews", "board.items_2"]),
    periods,
)
MARKS = {"*": Missing.SUPPRESSED, "": Missing.NO_RETURN, "n/a": Missing.NOT_APPLICABLE}


@settings(max_examples=60)
@given(
    rows=st.dictionaries(
        keys,
        st.tuples(amounts, amounts, st.sampled_from(["board, own count", 'a "register"', "é"])),
        min_size=1,
        max_size=12,
    )
)
def test_what_the_synthetic_writer_writes_is_read_back(
    rows: dict[Any, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = write_aggregates(
        tmp_path_factory.mktemp("local") / "x.csv",
        [(code, id, period.code, *cells) for (code, id, period), cells in rows.items()],
    )
    (found,) = read(Document(path.name, path.read_bytes(), path.name))
    assert not found.set_aside
    assert [tuple(one.values()) for one in found.tables[PUBLICATION].rows] == [
        (
            code, id, period.code, number(above), number(below), source,
            MARKS.get(above, MARKS.get(below)),
        )
        for (code, id, period), (above, below, source) in rows.items()
    ]  # fmt: skip
    spans = [period for _, _, period in rows]
    whole = Period(start=min(p.start for p in spans), end=max(p.end for p in spans))
    assert found.period == whole.code


def number(text: str) -> float | None:
    return None if text in MARKS else float(text)
