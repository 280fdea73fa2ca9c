"""National prices ("national_prices") and trim points ("trim_points"): layouts, faults, real."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.figures import Missing
from locality.sources import Document, Known, NotRecognised, Reading, Refused, read
from locality.sources.synthetic.files import prices as files
from locality.sources.synthetic.files.prices import Priced
from tests.sources import made
from tests.sources.publications import made_prices

NONE = str(Missing.NOT_APPLICABLE)
ANNEX = "annex-a.xlsx"


def book(rows: made_prices.Rows, sheet: str = "APC") -> bytes:
    return made.workbook({"Contents": [["Annex A: contents"]], sheet: rows})


def cells(readings: tuple[Reading, ...], name: str, field: str) -> dict[tuple[str, ...], Any]:
    """Return the number, or why there is none, by period, HRG and setting."""
    return {
        (row["period"], row["hrg_code"], row["setting"]): (
            row["missing"] if row[field] is None else row[field]
        )
        for reading in readings
        for row in reading.tables[name].rows
    }


def test_the_extract_has_a_year_in_every_row_and_blank_stays_blank() -> None:
    readings = read(made.document(made_prices.prices()))
    assert [(r.publication, r.period, r.rows) for r in readings] == [
        ("national_prices", "2017-18", 3), ("national_prices", "2018-19", 3),
    ]  # fmt: skip
    found = cells(readings, "national_prices", "price")
    combined = "combined_day_case_ordinary_elective"
    assert len(found) == 2 * 3 * 5
    assert found["2017-18", "AA22C", combined] == 8207
    assert found["2017-18", "AA22C", "outpatient_procedure"] == NONE
    assert found["2018-19", "CA11A", combined] == NONE
    assert found["2018-19", "CA11A", "day_case"] == 1237
    assert all(found["2017-18", "PB03Z", s] == NONE for s in files.EXTRACT)
    assert readings[0].notes == ("HRGs without a price of any kind: 1.",)
    assert readings[0].tables["hrgs"].rows[0] == {
        "period": "2017-18", "hrg_code": "AA22C", "name": "Stroke, with Score 14+",
    }  # fmt: skip


@pytest.mark.parametrize("word", ["tariff", "price"])
def test_the_workbook_has_dashes_commas_pounds_and_trim_points(word: str) -> None:
    (reading,) = read(Document(ANNEX, book(made_prices.annex(word=word)), ANNEX))
    assert (reading.period, reading.rows) == ("2025-26", 2)
    found = cells((reading,), "national_prices", "price")
    assert len(found) == 2 * 7
    assert found["2025-26", "AA22C", "outpatient_procedure"] == NONE
    assert found["2025-26", "AA22C", "combined_day_case_ordinary_elective"] == 8207
    assert found["2025-26", "AA22C", "reduced_short_stay_emergency"] == 6348
    assert found["2025-26", "AA22C", "long_stay_per_day"] == 238
    assert found["2025-26", "CA11A", "ordinary_elective"] == 1119
    days = cells((reading,), "trim_points", "days")
    assert days == {
        ("2025-26", "AA22C", "elective"): 117, ("2025-26", "AA22C", "non_elective"): 52,
        ("2025-26", "CA11A", "elective"): 5, ("2025-26", "CA11A", "non_elective"): NONE,
    }  # fmt: skip
    (aside,) = reading.set_aside
    assert (aside.rows, "note" in aside.reason) == (1, True)


@pytest.mark.parametrize(
    ("title", "sheet", "name", "period"),
    [
        ("Prices", "APC", "annex-a-2018-19.xlsx", "2018-19"),
        ("Prices", "2019-20 APC", "annex-a-2018-19.xlsx", "2019-20"),
        ("Prices for 2020/21", "2019-20 APC", "annex-a-2018-19.xlsx", "2020-21"),
        # Two years in a title say nothing about the one sheet.
        ("Prices for 2020/21 and 2021/22", "APC", "annex-a-2018-19.xlsx", "2018-19"),
    ],
)
def test_the_year_of_a_workbook(title: str, sheet: str, name: str, period: str) -> None:
    (reading,) = read(Document(name, book(made_prices.annex(title), sheet), name))
    assert reading.period == period
    told = any("comes from the name" in note for note in reading.notes)
    assert told == ("/" not in title or "and" in title)


def test_two_sheets_of_two_years_are_two_readings_and_of_one_year_none() -> None:
    one, other = made_prices.annex("2024/25"), made_prices.annex("2025/26")
    readings = read(Document(ANNEX, made.workbook({"a": one, "b": other}), ANNEX))
    assert [r.period for r in readings] == ["2024-25", "2025-26"]
    with pytest.raises(Refused, match="Two sheets of the workbook hold the same thing"):
        read(Document(ANNEX, made.workbook({"a": one, "b": one}), ANNEX))


def test_yearly_trim_points_leave_chapters_and_prices_out() -> None:
    readings = read(made.document(made_prices.yearly_trims()))
    assert [(r.publication, r.period, r.rows) for r in readings] == [
        ("trim_points", "2017-18", 2), ("trim_points", "2018-19", 2),
    ]  # fmt: skip
    assert cells(readings, "trim_points", "days") == {
        ("2017-18", "AA22C", "elective"): 117, ("2017-18", "CA11A", "elective"): 5,
        ("2018-19", "AA22C", "elective"): 118, ("2018-19", "CA11A", "elective"): NONE,
    }  # fmt: skip
    assert [aside.rows for aside in readings[0].set_aside] == [1]
    assert "not kept" in readings[0].notes[0]


def test_trim_points_without_a_year_are_read_when_the_name_says_it() -> None:
    (reading,) = read(made.document(made_prices.trims(), "hrg_trimpoints_2024-25.csv"))
    assert cells((reading,), "trim_points", "days") == {
        ("2024-25", "AA22C", "elective"): 90, ("2024-25", "AA22C", "non_elective"): 257,
        ("2024-25", "CA11A", "elective"): 5, ("2024-25", "CA11A", "non_elective"): NONE,
    }  # fmt: skip
    with pytest.raises(Known, match="of which year"):
        read(made.document(made_prices.trims(), "hrg_trimpoints.csv"))


def spoilt(place: int, value: Any, of: made_prices.Rows | None = None) -> made_prices.Rows:
    """Return the extract of prices (or ``of``) in which one column holds ``value`` throughout."""
    head, *rows = of or made_prices.prices()
    return [head, *([*row[:place], value, *row[place + 1 :]] for row in rows)]


DAMAGED: dict[str, tuple[bytes | made_prices.Rows, str]] = {
    "words for prices": (spoilt(7, "call us"), "price is not a number"),
    "prices below zero": (spoilt(4, "-8207"), "below zero"),
    "phone numbers for prices": (spoilt(7, "01642672351"), "above a million"),
    "practice codes": (spoilt(0, "A81001"), "not that of an HRG"),
    "names and codes changed places": (
        [[row[1], row[0], *row[2:]] for row in made_prices.prices()[:1]]
        + made_prices.prices()[1:],
        "not that of an HRG",
    ),
    "no years": (spoilt(2, "this year"), "year is empty or not one"),
    "no rows": (made_prices.prices()[:1], "no rows"),
    "no price in any row": (
        [made_prices.EXTRACT_HEADER, ["AA22C", "Stroke", *[""] * 10]], "without any price",
    ),
    "a column twice": (
        [[*row, row[7]] for row in made_prices.prices()], "more than once",
    ),
    "cut short": (made.text(made_prices.prices()).encode()[:-9], "middle of line"),
    "rows that disagree": (
        [*made_prices.prices()[:2], *([*made_prices.prices()[1][:7], str(n), "", "", "", ""]
                                      for n in range(3))],
        "disagree",
    ),
    "days that are words": (spoilt(1, "long", made_prices.trims()), "whole number of days"),
    "days below zero": (spoilt(2, "-3", made_prices.trims()), "below zero"),
    "trim points of practices": (spoilt(0, "A81001", made_prices.trims()), "not that of an HRG"),
}  # fmt: skip


@pytest.mark.parametrize("fault", DAMAGED)
def test_damaged_files_are_refused_with_a_sentence(fault: str) -> None:
    content, says = DAMAGED[fault]
    with pytest.raises(Refused, match=says) as told:
        read(made.document(content, "prices_2024-25.csv"))
    assert str(told.value).endswith(".") and "Traceback" not in str(told.value)


def test_a_workbook_without_a_year_asks_for_it_and_a_cut_one_is_refused() -> None:
    content = book(made_prices.annex("Prices"))
    with pytest.raises(Refused, match="Put the year into the name"):
        read(Document(ANNEX, content, ANNEX))
    with pytest.raises(Refused, match="damaged or stops"):
        read(Document(ANNEX, content[:-400], ANNEX))


def test_a_header_that_lost_a_column_is_not_recognised_but_named() -> None:
    with pytest.raises(NotRecognised, match="the national prices, but it has no column called"):
        read(made.document([[*row[:7], *row[8:]] for row in made_prices.prices()]))


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("NHS number", made.nhs_numbers(6)),
        ("reference", made.nhs_numbers(6)),
        ("Date of birth", ["1950-01-01"] * 6),
        ("patient_id", [f"90017{n}" for n in range(6)]),
    ],
)
def test_price_files_of_single_patients_are_refused(header: str, values: list[str]) -> None:
    head, *rows = made_prices.prices()
    rows = [[*head, header], *([*row, one] for row, one in zip(rows, values, strict=True))]
    with pytest.raises(Refused, match="single patients") as told:
        read(made.document(rows))
    assert values[0] not in str(told.value)


# Round trips: what the synthetic writers write, the readers give back.

NAMES = st.text(alphabet="ABCabc ,\"';é+-0123", min_size=1, max_size=20).map(
    lambda text: f"A{text}Z"
)
CODES = st.from_regex(r"[A-Z]{2}[0-9]{2}[A-Z]", fullmatch=True)
PRICES = st.none() | st.integers(0, 45_000)
DAYS = st.none() | st.integers(0, 999)
SETTINGS = (*files.EXTRACT, "long_stay_per_day", "reduced_short_stay_emergency")


@st.composite
def priced(draw: st.DrawFn, settings: tuple[str, ...], years: int = 1) -> list[list[Priced]]:
    """Draw the same HRGs for some years, each with a price in some setting."""
    codes = draw(st.lists(CODES, min_size=1, max_size=6, unique=True))
    names = [draw(NAMES) for _ in codes]
    found = []
    for _ in range(years):
        some = []
        for code, name in zip(codes, names, strict=True):
            prices = {setting: draw(PRICES) for setting in settings}
            trims = {setting: draw(DAYS) for setting in ("elective", "non_elective")}
            # A row in which every cell is empty cannot be told from a note in all layouts.
            prices["non_elective"] = draw(st.integers(0, 45_000))
            trims["elective"] = draw(st.integers(0, 999))
            some.append(Priced(code, name, prices, trims, draw(st.none() | st.integers(1, 99))))
        found.append(some)
    return found


def read_back(write: Any, name: str, *given_: Any, **more: Any) -> tuple[Reading, ...]:
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / name, *given_, **more)
        return read(Document(name, path.read_bytes(), name))


def expected(
    some: list[Priced], period: str, settings: tuple[str, ...], of: str
) -> dict[tuple[str, ...], Any]:
    return {
        (period, one.code, setting): (
            NONE if getattr(one, of)[setting] is None else getattr(one, of)[setting]
        )
        for one in some
        for setting in settings
    }


@given(priced(files.EXTRACT, years=2))
def test_the_extract_of_prices_comes_back(years: list[list[Priced]]) -> None:
    one, other = years
    readings = read_back(
        files.write_price_extract, "prices.csv", {"2023/24": one, "2024/25": other}
    )
    assert cells(readings, "national_prices", "price") == {
        **expected(one, "2023-24", files.EXTRACT, "prices"),
        **expected(other, "2024-25", files.EXTRACT, "prices"),
    }
    names = {row["hrg_code"]: row["name"] for row in readings[0].tables["hrgs"].rows}
    assert names == {p.code: " ".join(p.name.split()) for p in one}


@given(priced(SETTINGS))
def test_the_workbook_of_prices_comes_back(years: list[list[Priced]]) -> None:
    (some,) = years
    readings = read_back(files.write_price_workbook, ANNEX, "2025/26", some, "A note.")
    assert cells(readings, "national_prices", "price") == expected(
        some, "2025-26", SETTINGS, "prices"
    )
    assert cells(readings, "trim_points", "days") == expected(
        some, "2025-26", ("elective", "non_elective"), "trims"
    )


@given(priced(files.EXTRACT, years=2))
def test_both_extracts_of_trim_points_come_back(years: list[list[Priced]]) -> None:
    one, other = years
    readings = read_back(
        files.write_yearly_trim_points, "trims.csv", {"2023_24": one, "2024_25": other}
    )
    assert cells(readings, "trim_points", "days") == {
        **expected(one, "2023-24", ("elective",), "trims"),
        **expected(other, "2024-25", ("elective",), "trims"),
    }
    readings = read_back(files.write_trim_points, "trims_2024-25.csv", other)
    assert cells(readings, "trim_points", "days") == expected(
        other, "2024-25", ("elective", "non_elective"), "trims"
    )


# The real files.


@pytest.mark.published
def test_the_real_prices_and_trim_points_agree_with_each_other(published: Path) -> None:
    folder = published / "commissioner" / "prices"
    path = folder / "national_tariff_hrg_prices_2017-18_2018-19.csv"
    first, second = read(Document(path.name, path.read_bytes(), path.name))
    assert (first.period, second.period) == ("2017-18", "2018-19")
    assert first.rows == second.rows == 2303 and not (first.set_aside or second.set_aside)
    found = cells((first, second), "national_prices", "price")
    combined = "combined_day_case_ordinary_elective"
    assert found["2017-18", "AA22C", combined] == 8207
    assert found["2017-18", "AA22C", "non_elective"] == 9766
    assert found["2018-19", "AA22C", combined] == 8285
    assert found["2018-19", "AA22C", "non_elective"] == 9859
    for year in ("2017-18", "2018-19"):
        without = {code for (y, code, s), v in found.items() if (y, s, v) == (year, combined, NONE)}
        apart = {code for code in without if found[year, code, "day_case"] != NONE}
        assert len(apart) == 21 and {"CA11A", "KA03D"} <= apart
        dearer = [found[year, c, "day_case"] > found[year, c, "ordinary_elective"] for c in apart]
        assert all(dearer)
        # The others have no price of any kind.
        assert all(found[year, c, s] == NONE for c in without - apart for s in files.EXTRACT)

    # The other file's prices are a second, independent reading of the same tariff.
    path = folder / "national_tariff_trim_points_2017-18_2018-19.csv"
    trims = read(Document(path.name, path.read_bytes(), path.name))
    assert [r.rows for r in trims] == [2303, 2303]
    assert cells(trims, "trim_points", "days")["2017-18", "AA22C", "elective"] == 117
    with path.open(encoding="utf-8", newline="") as lines:
        second_reading = [row for row in csv.DictReader(lines) if len(row["hrg_code"]) == 5]
    assert len(second_reading) == 2303
    for row in second_reading:
        code = row["hrg_code"]
        ours = [found["2017-18", code, setting] for setting in (combined, "ordinary_elective")]
        one = next((price for price in ours if price != NONE), 0)
        assert float(row["combined_price_2017_18"] or 0) == one
    assert set(pc.unique(trims[0].tables["trim_points"].data.column("hrg_code")).to_pylist()) == {
        code for _, code, _ in found
    }


@pytest.mark.published
def test_the_real_trim_points_without_a_year_are_known_and_not_stored(published: Path) -> None:
    path = published / "commissioner" / "prices" / "hrg_trimpoints.csv"
    with pytest.raises(Known, match="of which year"):
        read(Document(path.name, path.read_bytes(), path.name))
    (reading,) = read(Document("hrg_trimpoints_2024-25.csv", path.read_bytes(), path.name))
    days = cells((reading,), "trim_points", "days")
    assert reading.rows == 2312 and not reading.set_aside
    assert days["2024-25", "AA22C", "non_elective"] == 257
    assert NONE not in {v for (_, _, setting), v in days.items() if setting == "elective"}
