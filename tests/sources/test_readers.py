"""Each publication's layouts and quirks, in small files written here."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from locality.figures import Missing
from locality.figures.schemas import SOURCE_TABLES
from locality.sources import READERS, NotRecognised, Reading, Refused, read
from tests.sources import made


def one(content: Any, name: str = "file.csv", **asked: Any) -> Reading:
    (reading,) = read(made.document(content, name), **asked)
    return reading


def rows(reading: Reading) -> list[dict[str, Any]]:
    (table,) = reading.tables.values()
    return table.rows


def reasons(reading: Reading) -> dict[str, int]:
    return {aside.reason: aside.rows for aside in reading.set_aside}


LAYOUTS: dict[str, tuple[list[list[Any]], str, str, str]] = {
    "map, CCG": (made.practice_map("ccg", "01Jan2022"), "x.csv", "practice_map", "2022-01-01"),
    "map, ICB": (made.practice_map(), "x.csv", "practice_map", "2026-07-01"),
    "lists, CCG": (
        made.list_sizes(date="01JAN2021", era="ccg"), "x.csv", "list_sizes", "2021-01-01",
    ),
    "lists, ICB": (made.list_sizes(), "x.csv", "list_sizes", "2025-10-01"),
    "age and sex": (made.age_sex(), "x.csv", "age_sex", "2026-07-01"),
    "epraccur": (made.ods(), "x.csv", "ods_practices", "2025-03-31"),
    "QOF prevalence": (made.prevalence(), "PREVALENCE_2425.csv", "qof_prevalence", "2024-25"),
    "in year": (made.in_year(), "x.csv", "qof_in_year", "2026-09-30"),
    "places": (
        [["practice_code", "place_code", "place_name", "from_date"],
         ["A81001", "P1", "North", "01/04/2024"]],
        "x.csv", "places", "2024-04-01",
    ),
    "successors": (
        [["practice_code", "successor_code", "on", "how"],
         ["A81001", "A81002", "2024-10-01", "Merged"]],
        "x.csv", "practice_successors", "2024-10-01",
    ),
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_layout_is_recognised_by_its_content(layout: str) -> None:
    content, name, publication, period = LAYOUTS[layout]
    reading = one(content, name)
    assert (reading.publication, reading.period) == (publication, period)
    assert set(reading.tables) <= set(SOURCE_TABLES)
    assert reading.reader_version == 1
    assert not [s for s in reading.set_aside if "not about" not in s.reason] or layout in {
        "age and sex",
        "epraccur",
    }


@pytest.mark.parametrize("layout", LAYOUTS)
def test_column_order_case_and_format_do_not_matter(layout: str) -> None:
    content, name, _, _ = LAYOUTS[layout]
    expected = one(content, name)
    stem = name.removesuffix(".csv")
    if layout != "epraccur":  # which has no header: its columns are known by their place
        turned = [row[::-1] for row in content]
        turned[0] = [word.lower() for word in turned[0]]
        assert rows(one(turned, name)) == rows(expected)
    book = made.workbook({"Notes": [["Read me"]], "Data": content})
    assert rows(one(book, f"{stem}.xlsx")) == rows(expected)
    assert rows(one(made.text(content, ";").encode("utf-8-sig"), name)) == rows(expected)
    if layout != "epraccur":
        header, *below = content
        records = [dict(zip(header, row, strict=True)) for row in below]
        assert rows(one(json.dumps(records), f"{stem}.json")) == rows(expected)
        as_text = [header, *([str(cell) for cell in row] for row in below)]
        assert rows(one(made.parquet(as_text), f"{stem}.parquet")) == rows(expected)


def test_every_reader_is_tried_here() -> None:
    tried = {publication for _, _, publication, _ in LAYOUTS.values()} | {"weighted_populations"}
    of_their_own = "\n".join(
        file.read_text("utf-8")
        for file in (Path(__file__).parent / "publications").glob("test_*.py")
    )
    untried = {r.publication for r in READERS} - tried
    assert not [one for one in untried if f'"{one}"' not in of_their_own]


def test_no_layout_is_taken_for_another() -> None:
    from locality.sources import contents

    for content, name, publication, _ in LAYOUTS.values():
        (sheet,) = contents(made.document(content, name)).sheets
        assert [r.publication for r in READERS if r.recognise(sheet)] == [publication]


def test_the_map_keeps_unallocated_practices_and_both_generations_of_codes() -> None:
    old, new = one(made.practice_map("ccg", "01Jan2022")), one(made.practice_map())
    for reading in (old, new):
        third = rows(reading)[2]
        assert third["pcn_code"] == "U"
        assert (third["sub_icb_code"], third["icb_code"], third["region_code"]) == (
            "16C", "QHM", "Y63",
        )  # fmt: skip
    assert rows(old)[0]["supplier"] is None
    assert rows(new)[0]["supplier"] == "TPP"


def test_rows_of_the_map_without_parents_are_set_aside() -> None:
    content = made.practice_map()
    content[1][8] = content[1][11] = ""
    reading = one(content)
    assert reading.practices == 2
    assert sum(reasons(reading).values()) == 1


def test_the_four_kinds_of_nothing_stay_four() -> None:
    found = rows(one(made.list_sizes(["*", ":", 0])))
    assert [row["patients"] for row in found] == [None, None, 0]
    assert [row["missing"] for row in found] == [Missing.SUPPRESSED, Missing.NO_RETURN, None]
    found = rows(one(made.list_sizes(["N/A", "", "1,234"])))
    assert [row["patients"] for row in found] == [None, None, 1234]
    assert [row["missing"] for row in found] == [Missing.NOT_APPLICABLE, Missing.NO_RETURN, None]


def test_list_sizes_that_cannot_be_are_set_aside_with_their_line() -> None:
    reading = one([*made.list_sizes(), *made.list_sizes([-5, "many", 2_000_000])[1:]][:5])
    (aside,) = reading.set_aside
    assert (aside.rows, aside.example) == (1, "line 5 (A81001)")
    assert "below zero" in aside.reason


def test_repeats_are_dropped_and_contradictions_are_not_used() -> None:
    content = made.list_sizes()
    repeated = one([*content, content[1]])
    assert repeated.rows == 3
    assert reasons(repeated) == {"The row repeats an earlier one for the same practice.": 1}
    other = [*content[1][:-1], 9]
    doubtful = one([*content, other])
    assert [row["practice_code"] for row in rows(doubtful)] == ["A81002", "Y07020"]
    assert sum(reasons(doubtful).values()) == 2


def test_age_and_sex_keeps_practices_and_leaves_absent_bands_out() -> None:
    reading = one(made.age_sex(spare="A81002"))
    found = rows(reading)
    assert (reading.practices, reading.rows) == (3, 3 * 40 - 1)
    assert {row["age_from"] for row in found} == set(range(0, 100, 5))
    # Bands of the practice n are 10 n + 0, 1, ... 19, for each sex; one band of 39 is absent.
    total = sum(2 * (200 * place + 190) for place in (1, 2, 3)) - 39
    assert sum(row["patients"] for row in found) == total
    assert reasons(reading)["The row is not about a practice."] == 4


def test_a_practice_whose_bands_do_not_add_up_is_set_aside_whole() -> None:
    content = made.age_sex()
    place = next(i for i, row in enumerate(content) if row[3] == "A81002" and row[7] == "40_44")
    content[place][8] += 1
    reading = one(content)
    assert reading.practices == 2
    assert any("do not add up" in reason for reason in reasons(reading))
    assert "regions" in reading.notes[0]


def test_practices_that_do_not_add_up_to_their_regions_refuse_the_file() -> None:
    content = [row for row in made.age_sex() if row[3] != "Y07020"]
    with pytest.raises(Refused, match="not whole"):
        one(content)


def test_epraccur_sets_wales_and_the_islands_aside_and_tells_settings_apart() -> None:
    reading = one(made.ods())
    found = {row["practice_code"]: row for row in rows(reading)}
    assert {code: row["status"] for code, row in found.items()} == {
        "A81001": "active", "A81002": "closed", "A81003": "dormant", "A81004": "proposed",
        "Y08689": "active",
    }  # fmt: skip
    assert not found["Y08689"]["is_gp_practice"]
    assert reading.practices == 4
    assert found["A81002"]["close_date"] == date(2025, 3, 31)
    assert found["A81001"]["close_date"] is None
    assert [("Wales" in s.reason, s.rows) for s in reading.set_aside] == [(True, 1), (False, 1)]


def test_epraccur_is_dated_by_its_name_or_its_latest_change_and_says_which() -> None:
    # The proposed practice opens in 2099: that is no date of the file.
    unnamed = one(made.ods(), "epraccur.csv")
    assert unnamed.period == "2025-03-31"
    assert "latest opening" in unnamed.notes[0]
    assert one(made.ods(), "epraccur-may-25.csv").period == "2025-05-01"
    # A name that is older than the content is not believed.
    assert one(made.ods(), "epraccur-may-21.csv").period == "2025-03-31"
    future = [*made.ods(), made.ods_row("A81005", joined="20301231")]
    assert one(future, "epraccur.csv").period == "2030-12-31"
    assert one(future, "epraccur.csv", today=date(2026, 11, 22)).period == "2025-03-31"


def test_epraccur_with_a_row_of_headings_is_read_too() -> None:
    headings = [f"Column {place}" for place in range(27)]
    assert rows(one([headings, *made.ods()])) == rows(one(made.ods()))


def test_qof_prevalence_reads_registers_written_with_a_point_and_marks() -> None:
    found = rows(one(made.prevalence(["113.0", "*", 0]), "PREVALENCE_2425.csv"))
    hyp = [row for row in found if row["group_code"] == "HYP"]
    assert [row["register"] for row in hyp] == [113, None, 0]
    assert [row["missing"] for row in hyp] == [None, Missing.SUPPRESSED, None]
    assert {row["list_type"] for row in found} == {"TOTAL", "06OV"}


def test_qof_prevalence_without_a_year_in_its_name_asks_for_one() -> None:
    with pytest.raises(Refused, match=r"PREVALENCE_2425\.csv"):
        one(made.prevalence(), "prevalence.csv")


def test_a_register_larger_than_its_list_is_kept_and_named() -> None:
    content = made.prevalence()
    content += [
        [f"B8{n:04d}", "HYP", "5.0", "TOTAL", 100] for n in range(40)
    ]  # one in 46: as rare as it may be
    content[1][2] = "4000.0"
    reading = one(content, "PREVALENCE_2425.csv")
    assert "1 rows" in reading.notes[1]
    assert "A81001" in reading.notes[1]
    assert reading.rows == 46


@pytest.mark.parametrize(
    ("layout", "name", "year", "components", "points"),
    [
        ("2022", "wp_data_2022LAD.csv", "2022-23", 8, True),
        ("2023", "2023_2024.csv", "2023-24", 10, True),
        ("2023", "allocation_need_practice_2024-25.csv", "2024-25", 10, True),
        ("2025", "icb_allocation_tool_2025_2026.csv", "2025-26", 10, True),
        ("workbook", "anything.csv", "2023-24", 10, False),
    ],
)
def test_weighted_populations_in_each_layout(
    layout: str, name: str, year: str, components: int, points: bool
) -> None:
    readings = read(made.document(made.weighted(layout), name))
    assert [(r.period, r.part) for r in readings] == [(year, ""), (year, "points")][: 1 + points]
    found = readings[0].tables["weighted_populations"].rows
    assert len({row["component"] for row in found}) == components
    by = {(row["practice_code"], row["component"]): row["population"] for row in found}
    assert by["A81002", "registered"] == 2000.5
    assert by["A81002", "overall"] == 206.25
    assert by.get(("A81002", "primary_medical")) == (None if layout == "2022" else 208.25)
    assert {row["icb_code"] for row in found} == {"QHM"}
    if points:
        place = readings[1].tables["practice_points"].rows[0]
        assert (place["latitude"], place["longitude"]) == (54.5, -1.3)
        assert (place["district_code"], place["district_name"]) == ("E06000004", "A district")


def test_a_workbook_of_two_years_gives_two_readings() -> None:
    later = made.weighted("workbook")
    later[0] = [word.replace("2023/24", "2024/25") for word in later[0]]
    book = made.workbook({"GP_wp_202324": made.weighted("workbook"), "GP_wp_202425": later})
    readings = read(made.document(book, "GP_Practice_WP.xlsx"))
    assert [r.period for r in readings] == ["2023-24", "2024-25"]
    twice = made.workbook({"A": later, "B": later})
    with pytest.raises(Refused, match="Two sheets"):
        read(made.document(twice, "x.xlsx"))


def test_weighted_populations_whose_year_is_not_known_ask_for_it() -> None:
    for layout, name in (("2023", "x.csv"), ("2023", "need_2022-23.csv"), ("2025", "x.csv")):
        with pytest.raises(Refused, match="name"):
            read(made.document(made.weighted(layout), name))


def test_an_empty_weight_is_no_return_and_a_slip_of_the_map_no_point() -> None:
    content = made.weighted("2022", maternity="")
    content[2][3] = "-54.5"
    need, points = read(made.document(content))
    empty = [r for r in need.tables["weighted_populations"].rows if r["population"] is None]
    assert [(r["practice_code"], r["component"], r["missing"]) for r in empty] == [
        ("A81001", "maternity", Missing.NO_RETURN)
    ]
    found = points.tables["practice_points"].rows
    assert [row["latitude"] for row in found] == [54.5, None, 54.5]
    assert "1 practices" in points.notes[0]


def test_counts_in_the_year_are_never_reduced_by_adjustments() -> None:
    reading = one(made.in_year())
    first = rows(reading)[0]
    assert (first["denominator"], first["numerator"], first["pcas"]) == (500, 400, 40)
    assert (first["as_at"], first["register"]) == (date(2026, 9, 30), 540)
    assert reading.part == "A81001"
    assert "not taken off again" in reading.notes[0]


def test_counts_in_the_year_forgive_case_order_names_and_dates() -> None:
    reading = one(
        "Date;Indicator;Practice;Numerator;Denominator\n"
        "2026-09-30;hyp010;a81001;400;500\n30/09/2026;HYP011;A81002;*;110\n"
    )
    found = rows(reading)
    assert [row["indicator_code"] for row in found] == ["HYP010", "HYP011"]
    assert [row["practice_code"] for row in found] == ["A81001", "A81002"]
    assert [row["missing"] for row in found] == [None, Missing.SUPPRESSED]
    assert [row["source"] for row in found] == ["not stated"] * 2
    assert (reading.period, reading.part) == ("2026-09-30", "")


def test_impossible_counts_in_the_year_are_set_aside_one_by_one() -> None:
    spoilt = [
        ["A81001", "AF006", "30/09/2026", 540, 500, 501, 0, "x"],
        ["A81001", "CHD005", "30/09/2026", 540, 541, 10, 0, "x"],
        ["A81001", "CD001", "30/09/2026", 540, -1, 10, 0, "x"],
        ["A81001", "CD002", "31/02/2026", 540, 500, 10, 0, "x"],
        ["A81001", "AF008", "30/11/2026", 540, 500, 10, 0, "x"],
        ["SURGERY", "DM021", "30/09/2026", 540, 500, 10, 0, "x"],
        ["U12345", "DM021", "30/09/2026", 540, 500, 10, 0, "x"],
        ["A81001", "blood pressure", "30/09/2026", 540, 500, 10, 0, "x"],
        ["A81001", "DM036", "30/09/2026", 540, "lots", 10, 0, "x"],
    ]
    codes = ("AF006", "AF008", "CHD005", "DM020", "DM021", "HYP010", "HYP011", "MH002", "MH003")
    good = [["A81002", code, "30/09/2026", 540, 500, 10, 0, "x"] for code in codes]
    reading = one([*made.in_year(), *spoilt, *good], today=date(2026, 11, 22))
    assert reading.rows == 12
    assert [(aside.rows, aside.example[:7]) for aside in reading.set_aside] == [
        (1, "line 11"), (1, "line 10"), (1, "line 12"), (1, "line 8 "), (1, "line 9 "),
        (1, "line 13"), (1, "line 7 "), (1, "line 5 "), (1, "line 6 "),
    ]  # fmt: skip
    # Without a date to compare with, nothing is in the future.
    assert one([*made.in_year(), *spoilt, *good]).rows == 13


def test_more_than_one_row_for_a_practice_indicator_and_date_refuses_the_file() -> None:
    content = made.in_year()
    with pytest.raises(Refused, match=r"1 of the 4 rows .*line 5 \(A81001\).*each patient"):
        one([*content, ["A81001", "HYP010", "2026-09-30", 540, 500, 399, 40, "again"]])


def test_places_and_successors_set_nonsense_aside() -> None:
    header = ["practice_code", "successor_code", "on", "how"]
    good = [[f"A8100{n}", "A81009", "2024-10-01", "merged"] for n in range(1, 6)]
    spoilt = [
        ["A81006", "A81006", "2024-10-01", "merged"],
        ["A81006", "nobody", "2024-10-01", "merged"],
        ["A81006", "A81007", "soon", "merged"],
        ["A81006", "A81008", "2024-10-01", "moved"],
    ]
    reading = one([header, *good, *spoilt])
    assert reading.rows == 5
    assert sum(reasons(reading).values()) == 4


def test_an_unknown_table_is_not_recognised_and_the_nearest_one_is_named() -> None:
    with pytest.raises(NotRecognised, match="no publication"):
        one([["a", "b"], ["1", "2"]])
    short = [row[:-1] for row in made.list_sizes()]
    with pytest.raises(NotRecognised, match=r"list sizes.*number_of_patients"):
        one(short)
