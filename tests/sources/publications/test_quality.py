"""QOF results by year and indicator, and the networks' fund: layouts, quirks, damage."""

from __future__ import annotations

from typing import Any

import pytest

from locality.figures import Missing
from locality.sources import READERS, NotRecognised, Reading, Refused, contents, read
from tests.sources import made
from tests.sources.publications import made_quality as quality

TABLES = {
    "qof_overall": "qof_overall",
    "qof_indicators": "qof_indicators",
    "qof_geographies": "qof_geographies",
    "qof_points": "qof_points",
    "qof_achievement": "qof_achievement",
    "iif": "iif",
}
PERIODS = {name: "2023-24" if name == "iif" else "2022-23" for name in TABLES}
COUNTS = {
    "qof_overall": 3, "qof_indicators": 3, "qof_geographies": 3, "qof_points": 3,
    "qof_achievement": 6, "iif": 6,
}  # fmt: skip
every = pytest.mark.parametrize("publication", list(TABLES))


def one(publication: str, content: Any = None, name: str = "") -> Reading:
    content = quality.ALL[publication]() if content is None else content
    (reading,) = read(made.document(content, name or quality.YEARS[publication]))
    return reading


def rows(reading: Reading) -> list[dict[str, Any]]:
    (table,) = reading.tables.values()
    return table.rows


def reasons(reading: Reading) -> dict[str, int]:
    return {aside.reason: aside.rows for aside in reading.set_aside}


@every
def test_each_is_recognised_by_its_content_alone(publication: str) -> None:
    reading = one(publication)
    assert (reading.publication, reading.period) == (publication, PERIODS[publication])
    assert list(reading.tables) == [TABLES[publication]]
    assert reading.rows == len(rows(reading)) == COUNTS[publication]
    assert not reading.set_aside
    (sheet,) = contents(made.document(quality.ALL[publication](), "x.csv")).sheets
    assert [r.publication for r in READERS if r.recognise(sheet)] == [publication]


@every
def test_order_case_and_format_do_not_matter(publication: str) -> None:
    content, expected = quality.ALL[publication](), rows(one(publication))
    turned = [row[::-1] for row in content]
    turned[0] = [word.lower() for word in turned[0]]
    stem = quality.YEARS[publication].removesuffix(".csv")
    assert rows(one(publication, turned)) == expected
    book = made.workbook({"Notes": [["Read me"]], "Data": content})
    assert rows(one(publication, book, f"{stem}.xlsx")) == expected
    as_text = [[str(cell) for cell in row] for row in content]
    assert rows(one(publication, made.parquet(as_text), f"{stem}.parquet")) == expected


@every
def test_a_file_without_a_year_is_refused_with_an_example(publication: str) -> None:
    if publication == "iif":
        assert one("iif", name="x.csv").period == "2023-24"
        return
    with pytest.raises(Refused, match="Put the year into the name"):
        one(publication, name="x.csv")


def test_a_title_above_the_table_says_the_year() -> None:
    titled = [["Quality and Outcomes Framework 2021-22"], [""], *quality.overall()]
    book = made.workbook({"Table 1": titled})
    reading = one("qof_overall", book, "results.xlsx")
    assert reading.period == "2021-22"
    assert "title" in reading.notes[0]


def test_overall_keeps_points_and_the_maximum_of_the_header() -> None:
    first, second, third = rows(one("qof_overall"))
    assert (first["points"], first["maximum_points"], first["list_size"]) == (552.45, 635, 4117)
    assert second["points"] == second["available_points"] == 635
    assert (third["points"], third["available_points"], third["missing"]) == (127, 330, None)


def test_a_colon_is_no_return_and_not_nought() -> None:
    content = quality.overall()
    content[3][8:] = [":"] * 4
    content[1][8:] = [0, 0, 635, 0]
    reading = one("qof_overall", content)
    first, _, third = rows(reading)
    assert (first["points"], first["missing"]) == (0, None)
    assert (third["points"], third["missing"]) == (None, Missing.NO_RETURN)
    assert (third["list_size"], third["maximum_points"]) == (312, 635)
    assert "1 practice has a list and no result" in reading.notes[1]


def test_more_points_than_were_available_are_kept_and_named() -> None:
    content = quality.overall()
    content[3][8:] = [335, 52.76, 330, 101.5]
    reading = one("qof_overall", content)
    assert rows(reading)[2]["points"] == 335
    assert "Y07020" in reading.notes[1]


def test_more_points_than_the_framework_has_are_set_aside() -> None:
    content = quality.overall()
    content[3][8:10] = [700, 110.24]
    reading = one("qof_overall", content)
    assert reading.rows == 2
    assert list(reasons(reading).values()) == [1]


def test_indicators_of_2018_19_have_their_wording() -> None:
    content = [
        ["INDICATOR_CODE", "INDICATOR_DESCRIPTION", "INDICATOR_POINT_VALUE",
         "INDICATOR_GROUP_CODE", "INDICATOR_GROUP_DESCRIPTION", "DOMAIN_CODE",
         "DOMAIN_DESCRIPTION", "PATIENT_LIST_TYPE"],
        ["AF006", "The percentage, of patients", 12, "AF", "Atrial fibrillation", "CL",
         "Clinical", "TOTAL"],
    ]  # fmt: skip
    reading = one("qof_indicators", content, "INDICATOR_MAPPINGS_1819_v2.csv")
    assert (reading.period, reading.practices) == ("2018-19", 0)
    assert rows(reading) == [
        {
            "period": "2018-19",
            "indicator_code": "AF006",
            "group_code": "AF",
            "group_name": "Atrial fibrillation",
            "domain": "Clinical",
            "list_type": "TOTAL",
            "points": 12.0,
            "description": "The percentage, of patients",
        }
    ]
    assert rows(one("qof_indicators"))[0]["description"] is None


@pytest.mark.parametrize(
    ("sub", "icb"), [("CCG", "STP"), ("SUB_ICB_LOC", "ICB"), ("SUB_ICB", "ICB")]
)
def test_parents_are_found_under_every_name_they_had(sub: str, icb: str) -> None:
    content = quality.geographies()
    content[0] = [
        word.replace("SUB_ICB", "<").replace("ICB", icb).replace("<", sub) for word in content[0]
    ]
    if sub == "CCG":
        content[0][2] = "COUNTRY"
    reading = one("qof_geographies", content)
    assert rows(reading) == rows(one("qof_geographies"))
    assert reading.part == ""
    assert rows(reading)[2]["pcn_code"] == "U"


def test_the_manual_mapping_is_a_part_of_its_own() -> None:
    content = quality.geographies()
    content[0] = [
        word.replace("SUB_ICB", "CCG") if "SUB_ICB" in word else word.replace("ICB", "STP")
        for word in content[0]
    ]
    reading = one("qof_geographies", content, "QOF_MANUAL_MAPPINGS_2324.csv")
    assert (reading.period, reading.part) == ("2023-24", "manual mapping")


@pytest.mark.parametrize("header", ["REVISED_MAX_POINTS", "REVISED_MAXIMUM_POINTS"])
def test_maximum_points_under_both_headers(header: str) -> None:
    content = quality.points()
    content[0][1] = header
    assert [row["maximum_points"] for row in rows(one("qof_points", content))] == [635, 635, 330.5]


def test_achievement_is_one_row_for_a_practice_and_indicator() -> None:
    found = {(r["practice_code"], r["indicator_code"]): r for r in rows(one("qof_achievement"))}
    full = found["A81001", "HYP008"]
    assert [full[name] for name in ("numerator", "denominator", "pcas", "register", "points")] == [
        390, 520, 40, 660, 9.75,
    ]  # fmt: skip
    assert full["missing"] is full["newly_diagnosed"] is None
    assert found["A81002", "HYP008"]["numerator"] == 0
    register, project = found["A81001", "HYP001"], found["A81001", "QI013"]
    assert (register["register"], register["numerator"], register["points"]) == (660, None, 6)
    assert register["missing"] == project["missing"] == Missing.NOT_APPLICABLE
    assert (project["register"], project["points"]) == (None, 27)


def test_the_region_of_the_name_is_the_part() -> None:
    for name, part in {
        "ACHIEVEMENT_NORTH_WEST_2223.csv": "north west",
        "ACHIEVEMENT_NORTH_EAST_AND_YORKSHIRE_2425.csv": "north east and yorkshire",
        "ACHIEVEMENT_2122.csv": "",
        "ACHIEVEMENT_2021_v2.csv": "",
        "achievement-london-2023-24.csv": "london",
    }.items():
        reading = one("qof_achievement", name=name)
        assert reading.part == part, name
    assert reading.period == "2023-24"


def test_achievement_marks_and_lacking_rows_keep_their_reason() -> None:
    content = quality.achievement()
    content[1][3] = "*"
    del content[9]
    found = {(r["practice_code"], r["indicator_code"]): r for r in
             rows(one("qof_achievement", content))}  # fmt: skip
    hidden, half = found["A81001", "HYP008"], found["A81002", "HYP008"]
    assert (hidden["numerator"], hidden["denominator"]) == (None, 520)
    assert hidden["missing"] == Missing.SUPPRESSED
    assert (half["numerator"], half["missing"]) == (None, Missing.NO_RETURN)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("many", "not a number"),
        (-3, "below zero"),
        (0.75, "not a whole number"),
        (521, "larger than the denominator"),
    ],
)
def test_half_an_indicator_is_never_kept(value: Any, reason: str) -> None:
    content = quality.achievement()
    content[1][3] = value
    reading = one("qof_achievement", content)
    codes = {(r["practice_code"], r["indicator_code"]) for r in rows(reading)}
    assert ("A81001", "HYP008") not in codes
    assert ("A81002", "HYP008") in codes and ("A81001", "HYP001") in codes
    ((told, many),) = reasons(reading).items()
    assert reason in told and many == 5


def test_other_measures_and_repeats_are_set_aside() -> None:
    content = quality.achievement()
    more = [*content, ["A81001", "HYP008", "SOMETHING_NEW", 3], content[1]]
    reading = one("qof_achievement", more)
    assert rows(reading) == rows(one("qof_achievement"))
    assert sorted(reasons(reading).values()) == [1, 1]
    blanks = [content[0], *([f" {c.lower()} ", i, m, v] for c, i, m, v in content[1:])]
    assert rows(one("qof_achievement", blanks)) == rows(one("qof_achievement"))


def test_iif_tells_practices_and_networks_apart() -> None:
    found = {(r["organisation_code"], r["indicator"]): r for r in rows(one("iif"))}
    assert one("iif").practices == 2
    soon = found["A81001", "ACC-08"]
    assert (soon["kind"], soon["indicator_code"]) == ("practice", "NCD026")
    assert (soon["numerator"], soon["denominator"], soon["missing"]) == (3001, 3026, None)
    assert found["A81002", "ACC-08"]["denominator"] == 0
    rounds = found["A81001", "EHCH-04"]
    assert (rounds["numerator"], rounds["missing"]) == (12, Missing.NOT_APPLICABLE)
    network = found["U00070", "ACC-10"]
    assert network["kind"] == "pcn" and network["numerator_kind"] == "standardised"
    assert [network[n] for n in ("numerator", "denominator")] == [850, 800]
    assert [network[f"baseline_{n}"] for n in ("numerator", "denominator")] == [700, 900]
    other = found["U00070", "ACC-10B"]
    assert (other["numerator"], other["baseline_numerator"]) == (220, 190)
    assert other["numerator_kind"] == "non-standardised"


def test_iif_rows_that_contradict_themselves_are_set_aside() -> None:
    content = quality.iif()
    content[7][0] = "PCN"  # a practice's code
    content[12][6] = "something else"
    reading = one("iif", content)
    assert sorted(reasons(reading).values()) == [1, 1]
    content = quality.iif()
    content[8][7] = 4000  # more than the denominator
    reading = one("iif", content)
    assert reasons(reading) == {"The numerator is larger than the denominator.": 2}


DAMAGED: dict[str, tuple[str, list[list[Any]] | bytes, str]] = {
    "points and list exchanged": (
        "qof_overall",
        [quality.overall()[0], *([*r[:7], r[8], r[7], *r[9:]] for r in quality.overall()[1:])],
        "cannot be used",
    ),
    "percentages of another maximum": (
        "qof_overall",
        quality.spoil(quality.overall(), "QOF points total / 635 available (%)", 88.5),
        "do not make the percentage",
    ),
    "words for points": (
        "qof_overall", quality.spoil(quality.overall(), "Achievement score (635 max)", "all"),
        "not a number",
    ),
    "commissioners for practices": (
        "qof_overall", quality.spoil(quality.overall(), "Practice code", "16C"), "practice code",
    ),
    "indicators without points": (
        "qof_indicators", quality.spoil(quality.indicators(), "INDICATOR_POINT_VALUE", ""),
        "not a number",
    ),
    "indicators that are groups": (
        "qof_indicators", quality.spoil(quality.indicators(), "INDICATOR_CODE", "HYP"),
        "letters and a number",
    ),
    "a hierarchy without regions": (
        "qof_geographies", quality.spoil(quality.geographies(), "REGION_ODS_CODE", ""), "region",
    ),
    "networks for practices": (
        "qof_geographies", quality.spoil(quality.geographies(), "PRACTICE_CODE", "U89141"),
        "primary care network",
    ),
    "points in pounds": (
        "qof_points", quality.spoil(quality.points(), "REVISED_MAX_POINTS", 140_000), "far more",
    ),
    "words for values": (
        "qof_achievement", quality.spoil(quality.achievement(), "VALUE", "yes"), "not a number",
    ),
    "patients in parts": (
        "qof_achievement", quality.spoil(quality.achievement(), "VALUE", 0.5), "whole number",
    ),
    "values below zero": (
        "qof_achievement", quality.spoil(quality.achievement(), "VALUE", -1), "below zero",
    ),
    "measures of something else": (
        "qof_achievement", quality.spoil(quality.achievement(), "MEASURE", "ITEMS"), "none that",
    ),
    "a value column twice": (
        "qof_achievement", [[*row, row[3]] for row in quality.achievement()], "more than once",
    ),
    "cut within a row": (
        "qof_achievement", made.text(quality.achievement()).encode()[:-12], "middle of line",
    ),
    "two dates": (
        "iif",
        [*quality.iif(), *quality.spoil(quality.iif(), "ACH_DATE", "31/03/2023")[1:]],
        "different extract dates",
    ),
    "no dates": ("iif", quality.spoil(quality.iif(), "ACH_DATE", "last year"), "extract date"),
    "hospitals": (
        "iif", quality.spoil(quality.iif(), "ORGANISATION_TYPE", "Trust"), "neither a GP practice",
    ),
    "a header and no rows": ("iif", quality.iif()[:1], "no rows"),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGED)
def test_damaged_files_give_a_sentence(damage: str) -> None:
    publication, content, sentence = DAMAGED[damage]
    with pytest.raises(Refused, match=sentence) as told:
        one(publication, content)
    assert str(told.value).endswith(".")


def test_files_with_a_row_a_patient_are_refused() -> None:
    numbers = made.nhs_numbers(16)
    achieved = [
        [*quality.achievement()[0], "NHS_NUMBER"],
        *([*row, number] for row, number in zip(quality.achievement()[1:], numbers, strict=True)),
    ]
    overall = [[*row, "01/02/1950"] for row in quality.overall()]
    overall[0][-1] = "Date of birth"
    fund = [[*row, "Smith"] for row in quality.iif()]
    fund[0][-1] = "Patient surname"
    for publication, content in {
        "qof_achievement": achieved, "qof_overall": overall, "iif": fund,
    }.items():  # fmt: skip
        with pytest.raises(Refused, match="single patients") as told:
            one(publication, content)
        assert numbers[0] not in str(told.value)


def test_neighbours_in_the_same_archive_are_left_to_others() -> None:
    for content in (
        [["INDICATOR_CODE", "PCA_EXCL_NAME", "PCA_EXCL_SHORT_NAME", "PCA_EXCL_DESCRIPTION",
          "TYPE", "GENERAL_SPECIFIC", "PCA_CATEGORY", "PCA_CATEGORY_DESCRIPTION"],
         ["AF006", "AFIBINVITE1", "AFIBINV1", "words", "PCA", "General", "4", "words"]],
        [["PRACTICE_CODE", "VALIDATION_RULE", "RULE_DESCRIPTION"],
         ["A82034", "1", "Achieved points <= manual points total"]],
    ):  # fmt: skip
        (sheet,) = contents(made.document(content, "x_2021.csv")).sheets
        mine = {r.publication for r in READERS if r.recognise(sheet)} & set(TABLES)
        assert not mine


def test_a_file_near_one_of_them_is_told_which() -> None:
    content = [row[:3] for row in quality.achievement()]
    with pytest.raises(NotRecognised, match="QOF achievement by indicator"):
        one("qof_achievement", content)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("A81001,HYP008,2026-09-30,700,560,416,44", "in 2026-27 it is HYP010."),
        ("A81001,HYP010,2025-09-30,700,560,416,44", "in 2025-26 it is HYP008."),
        ("A81001,CHD015,2026-09-30,700,560,416,44", "were put together as CD001"),
        ("A81001,HYP019,2026-09-30,700,560,416,44", "has no indicator HYP019; did you mean"),
        ("A81001,NDH002,2026-09-30,700,560,416,44", "it is NDH003. NDH003 adds people who had"),
        ("A81001,DM012,2026-09-30,700,560,416,44", "DM012 ended with 2025-26."),
        ("A81001,HF003,2026-09-30,700,560,416,44", "HF009 counts patients on all four pillars"),
        ("A81001,OB004,2025-09-30,700,560,416,44", "OB004 begins in 2026-27."),
        ("A81001,SMOK005,2025-09-30,700,560,416,44", "SMOK005 ended with 2024-25."),
        ("A81001,HYP003,2026-09-30,700,560,416,44", "HYP003 was last a code of QOF 2022-23."),
        ("A81001,blood pressure,2026-09-30,700,560,416,44", "letters and a number, such as HYP010"),
        ("A81001,HYP010,2026-09-30,700,416,560,44", "the other way round?"),
        ("A81001,HYP010,2026-09-30,500,560,416,44", "denominator is larger than the register"),
        ("A81001,HYP010,2026-09-30,700,560,41O,44", "The numerator is not a whole number."),
        ("A81001,HYP010,2026-09-30,700,560,416,4.5", "The pcas is not a whole number."),
        ("A81001,HYP010,2026-09-30,700,560,-1,44", "The numerator is below zero."),
        ("A81001,HYP010,30 Sept,700,560,416,44", "write 30/09/2026 or 2026-09-30"),
    ],
)  # fmt: skip
def test_a_mistake_in_counts_during_the_year_is_set_aside_with_its_sentence(
    row: str, said: str
) -> None:
    header = "practice_code,indicator_code,as_at,register,denominator,numerator,pcas"
    right = [f"A81001,{code},2026-09-30,700,560,416,44" for code in ("DM020", "AF008", "DEM004")]
    content = [line.split(",") for line in (header, row, *right)]
    (reading,) = read(made.document(content, "counts.csv"))
    (aside,) = reading.set_aside
    assert said in aside.reason and aside.rows == 1 and "line 2 (A81001)" in aside.example
    assert len(reading.tables["qof_in_year"]) == 3


def test_each_date_is_checked_against_the_sheet_of_its_own_year() -> None:
    header = "practice_code,indicator_code,as_at,denominator,numerator"
    kept = [
        "A81001,HYP008,2025-12-31,560,416",
        "A81001,DM022,2024-06-30,560,416",
        "A81001,HYP010,2026-04-01,560,416",
        "A81001,HYP008,2026-03-31,560,416",
        # No sheet of 2012-13 is held, so nothing is said of its codes.
        "A81001,ZZ999,2012-09-30,560,416",
    ]
    content = [line.split(",") for line in (header, *kept)]
    (reading,) = read(made.document(content, "counts.csv"))
    assert not reading.set_aside
    assert len(reading.tables["qof_in_year"]) == len(kept)


def test_a_whole_file_of_last_years_codes_is_refused_with_what_they_became() -> None:
    header = "practice_code,indicator_code,as_at,denominator,numerator"
    lines = [f"A81001,{code},2026-09-30,560,416" for code in ("HYP008", "HYP009", "CHD015")]
    content = [line.split(",") for line in (header, *lines)]
    with pytest.raises(Refused, match=r"in 2026-27 it is HYP01[01]\.") as told:
        read(made.document(content, "counts.csv"))
    assert "line 2 (A81001)" in str(told.value)
