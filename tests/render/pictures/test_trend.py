from locality.figures import Figure, Missing, Period
from locality.render.pictures import Picture, trend
from tests.render import made

FIGURE = Figure("m", "High blood pressure register", "A1", Period.parse("2024-25"), "%", value=16.0)
YEARS = ("2020-21", "2021-22", "2022-23", "2023-24", "2024-25")


def line(code: str, start: float, *, kind: str = "practice", name: str = "", **gaps: str):
    rows = []
    for step, year in enumerate(YEARS):
        point = {"value": start + step, "lower": start + step - 1, "upper": start + step + 1}
        reason = gaps.get(f"y{year[:4]}")
        rows.append(
            made.value(code, year, kind=kind, name=name or f"Practice {code}",
                       **({"missing": reason} if reason else point))
        )  # fmt: skip
    return made.values(*rows)


def points(picture: Picture, name: str) -> list[dict[str, object]]:
    return [point for point in picture.spec["datasets"]["points"] if point["k"] == name]


def key(picture: Picture) -> list[str]:
    return picture.spec["layer"][2]["encoding"]["color"]["scale"]["domain"]  # type: ignore[no-any-return]


ENGLAND = line("ENG", 10, kind="england", name="England")
ICB = line("QZZ", 11, kind="icb", name="Elm ICB")


def test_own_comes_first_then_england_then_the_icb() -> None:
    picture = trend(FIGURE, line("A1", 12), ICB, ENGLAND)
    assert key(picture) == ["Practice A1", "England", "Elm ICB"]
    assert [p["y"] for p in points(picture, "England")] == [10, 11, 12, 13, 14]
    assert len(picture.table) == 15


def test_only_its_own_interval_is_drawn() -> None:
    picture = trend(FIGURE, line("A1", 12), ENGLAND)
    assert [(p["l"], p["u"]) for p in points(picture, "Practice A1")][:2] == [(11, 13), (12, 14)]
    assert not any("l" in point for point in points(picture, "England"))


def test_a_missing_year_breaks_the_line_and_is_counted() -> None:
    picture = trend(FIGURE, line("A1", 12, y2022=Missing.NO_RETURN))
    assert [p["g"] for p in points(picture, "Practice A1")] == [0, 0, 1, 1]
    assert picture.sentence == (
        "Practice A1 was at 12.0 % in 2020-21 and is at 16.0 % (15.0 to 17.0 %) in 2024-25; "
        "1 period has no value (no return) for Practice A1."
    )


def test_a_withheld_row_shows_none_of_its_numbers() -> None:
    rows = line("A1", 12).rows
    rows[1].update(missing=str(Missing.WITHHELD), value=77.7, lower=66.6, upper=88.8)
    picture = trend(FIGURE, made.values(*rows))
    sent = picture.json().decode() + picture.sentence
    assert not any(number in sent for number in ("77.7", "66.6", "88.8"))


def test_years_that_are_not_loaded_break_the_line_too() -> None:
    rows = [row for row in line("A1", 12).rows if row["period"] not in ("2021-22", "2022-23")]
    assert [p["g"] for p in points(trend(FIGURE, made.values(*rows)), "Practice A1")] == [0, 1, 1]


def test_a_leap_year_does_not_break_the_line() -> None:
    # 31 March 2023 to 31 March 2024 is 366 days.
    assert {p["g"] for p in points(trend(FIGURE, line("A1", 12)), "Practice A1")} == {0}


def test_rows_are_put_in_order_of_time_and_labelled_by_period() -> None:
    rows = [
        made.value("A1", "2026-07-01", value=3733.0),
        made.value("A1", "2025-10-01", value=3810.0),
    ]
    lists = Figure("list", "Registered patients", "A1", Period.parse("2026-07-01"), "patients",
                   value=3733.0)  # fmt: skip
    picture = trend(lists, made.values(*rows))
    assert [p["y"] for p in points(picture, "Practice A1")] == [3810, 3733]
    assert [param["value"] for param in picture.spec["params"]] == [
        {"9405": "Oct 2025", "9678": "Jul 2026"}
    ]
    assert picture.sentence == "Practice A1 was at 3,810 in Oct 2025 and is at 3,733 in Jul 2026."


def test_a_small_change_is_not_drawn_as_a_large_one() -> None:
    rows = [made.value("A1", f"2026-M0{n}", value=1000.0 + n) for n in range(1, 6)]
    low, high = trend(FIGURE, made.values(*rows)).spec["layer"][2]["encoding"]["y"]["scale"][
        "domain"
    ]
    assert high - low >= 100 and low < 1001 and high > 1005


def test_one_period_is_called_the_only_one() -> None:
    picture = trend(FIGURE, made.values(made.value("A1", value=12.0)))
    assert picture.sentence == "Practice A1 is at 12.0 % in 2024-25, the only period loaded."
    assert "NaN" not in picture.svg(300)


def test_an_organisation_that_never_returned_is_said_and_nothing_is_drawn() -> None:
    picture = trend(FIGURE, made.values(made.value("A1", missing=Missing.NO_RETURN)))
    assert picture.spec["datasets"]["points"] == []
    assert picture.sentence.startswith("Practice A1 has no value in any period; ")
    assert "NaN" not in picture.svg(300)


def test_two_organisations_of_one_name_are_told_apart_by_code() -> None:
    picture = trend(FIGURE, line("A1", 12, name="Elm"), line("B2", 13, name="Elm"))
    assert key(picture) == ["Elm (A1)", "Elm (B2)"]


def test_more_comparators_differ_by_shape() -> None:
    picture = trend(FIGURE, line("A1", 12), ENGLAND, ICB, line("PCN", 9, kind="pcn", name="Oak"))
    shapes = picture.spec["layer"][3]["encoding"]["shape"]["scale"]["range"]
    assert len(set(shapes)) == 4


def test_without_any_rows_there_is_still_a_picture() -> None:
    assert "<svg" in trend(FIGURE, made.values()).svg(300)
