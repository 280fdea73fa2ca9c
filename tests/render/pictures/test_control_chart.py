import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.figures import Missing, Period, Table
from locality.figures.schemas.judged import CONTROL_CHART
from locality.render.pictures import theme
from locality.render.pictures.control_chart import control_chart
from locality.render.pictures.picture import Picture
from locality.render.pictures.wording import short_period
from tests.render.pictures.test_funnel import UNITS, colours, figure, key, shapes, sound
from tests.render.pictures.test_theme import contrast

ABOVE = "This point is above the upper limit: chance alone rarely takes it there."


def row(month: int, value: float | None, **fields: Any) -> dict[str, Any]:
    blank = dict.fromkeys(CONTROL_CHART.names)
    blank |= {"code": "A1", "kind": "practice", "period": f"2026-M{month:02}", "value": value}
    blank |= {"centre": 40.0, "lower": 35.0, "upper": 45.0, "phase": 0}
    return blank | {"rules": "", "direction": "", "sentence": ""} | fields


def table(*rows: dict[str, Any]) -> Table:
    return Table.of(CONTROL_CHART, rows)


def high(month: int, value: float, **fields: Any) -> dict[str, Any]:
    return row(month, value, rules="above", direction="high", sentence=ABOVE, **fields)


ROWS = (
    row(1, 40.0),
    row(2, 34.0, rules="below", direction="low", sentence=ABOVE.replace("above", "below")),
    row(3, 41.0),
    row(4, 50.0, phase=1, centre=51.0, lower=45.0, upper=57.0, target=48.0),
    high(5, 58.0, phase=1, centre=51.0, lower=46.0, upper=56.0, target=48.0),
)


def points(picture: Picture) -> list[dict[str, Any]]:
    return picture.spec["datasets"]["points"]  # type: ignore[no-any-return]


def steps(picture: Picture) -> list[dict[str, Any]]:
    return picture.spec["datasets"]["steps"]  # type: ignore[no-any-return]


def day(year: int, month: int, of_month: int) -> int:
    return (date(year, month, of_month) - date(2000, 1, 1)).days


def test_every_point_has_its_value_limits_and_reason() -> None:
    drawn = points(control_chart(table(*ROWS), figure()))
    assert [(p["y"], p["m"], p["l"], p["u"], p["d"]) for p in drawn] == [
        (40, 40, 35, 45, "usual"),
        (34, 40, 35, 45, "low"),
        (41, 40, 35, 45, "usual"),
        (50, 51, 45, 57, "usual"),
        (58, 51, 46, 56, "high"),
    ]
    assert drawn[-1]["r"] == ABOVE and drawn[0]["r"] == "nothing marked"
    assert drawn[0]["x"] == day(2026, 1, 31)


def test_limits_are_steps_half_way_between_points_and_each_phase_has_its_own() -> None:
    drawn = steps(control_chart(table(*ROWS), figure()))
    assert [(s["f"], s["u"]) for s in drawn] == [
        (0, 45), (0, 45), (0, 45), (0, 45), (0, 45), (0, 45), (1, 57), (1, 57), (1, 56), (1, 56),
    ]  # fmt: skip
    assert drawn[1]["x"] == drawn[2]["x"] == (day(2026, 1, 31) + day(2026, 2, 28)) / 2
    lines = [layer for layer in control_chart(table(*ROWS), figure()).spec["layer"]
             if layer["data"]["name"] == "steps"]  # fmt: skip
    assert all(line["encoding"]["detail"]["field"] == "f" for line in lines)
    assert [line["mark"]["strokeDash"] for line in lines] == [
        theme.FURTHER_DASH, theme.ENGLAND_DASH, theme.ENGLAND_DASH, theme.OWN_DASH,
    ]  # fmt: skip


def test_an_upright_line_stands_where_new_limits_begin_and_where_they_are_proposed() -> None:
    sets = control_chart(table(*ROWS), figure(), proposed="2026-M03").spec["datasets"]
    assert sets["starts"] == [
        {"x": (day(2026, 3, 31) + day(2026, 4, 30)) / 2, "p": "New limits from April 2026"}
    ]
    assert sets["proposed"] == [
        {"x": (day(2026, 2, 28) + day(2026, 3, 31)) / 2,
         "p": "Proposed: new limits from March 2026"}
    ]  # fmt: skip
    assert control_chart(table(*ROWS), figure()).spec["datasets"]["proposed"] == []
    late = control_chart(table(*ROWS), figure(), proposed="2027-M03")
    assert late.spec["datasets"]["proposed"] == [] and "proposed" not in late.sentence


def test_sides_differ_by_shape_and_no_colour_is_told_alone() -> None:
    changed = row(6, 47.0, rules="few crossings", target=48.0)
    picture = control_chart(table(*ROWS, changed), figure(), proposed="2026-M03")
    marks = dict(zip(key(picture), shapes(picture), strict=True))
    assert marks["Marked: unusually high"] == "triangle-up"
    assert marks["Marked: unusually low"] == "triangle-down"
    assert marks["Marked: unusual, to neither side"] == "square"
    assert len(set(marks.values())) == len(marks) == 9
    assert all(contrast(colour, theme.PAPER) >= 3 for colour in colours(picture))
    sound(picture, "control_chart")


def test_the_key_names_only_what_is_there() -> None:
    assert list(key(control_chart(table(*ROWS[:1]), figure()))) == [
        "Not marked", "Average", "Limits",
    ]  # fmt: skip


def test_the_sentence_says_the_latest_point_its_rule_and_how_many_are_marked() -> None:
    assert control_chart(table(*ROWS), figure(), proposed="2026-M03").sentence == (
        "In May 2026, the latest with a value, it is at 58.0 %; it is marked as unusually high: "
        "this point is above the upper limit: chance alone rarely takes it there; 2 of 5 points "
        "are marked (1 high, 1 low); new limits are proposed from March 2026."
    )


def test_a_latest_point_inside_its_limits_says_what_is_usual() -> None:
    said = control_chart(table(*ROWS[:3]), figure()).sentence
    assert said == (
        "In March 2026, the latest with a value, it is at 41.0 %; it is not marked: about 40.0 % "
        "is usual, within limits of 35.0 to 45.0 %; 1 of 3 points is marked (1 low)."
    )
    bare = control_chart(table(row(1, 40.0, lower=None, upper=None)), figure()).sentence
    assert "it is not marked, beside an average of 40.0 %; none of 1 point is marked" in bare


def test_two_rules_are_told_in_one_sentence() -> None:
    twice = high(6, 60.0) | {"sentence": f"{ABOVE} {ABOVE}"}
    said = control_chart(table(twice), figure()).sentence
    assert said.count("this point is above the upper limit") == 2 and said.count(". ") == 0


def test_too_few_points_are_said_and_nothing_is_drawn_but_values() -> None:
    none = {"centre": None, "lower": None, "upper": None}
    picture = control_chart(table(row(1, 40.0, **none), row(2, 44.0, **none)), figure())
    assert picture.sentence == (
        "In February 2026, the latest with a value, it is at 44.0 %; with 2 points there are too "
        "few for limits, so that nothing is marked."
    )
    assert list(key(picture)) == ["Value"]
    sound(picture, "control_chart")


def test_too_few_points_since_new_limits_began_are_said() -> None:
    fresh = row(6, 47.0, phase=2, centre=None, lower=None, upper=None)
    said = control_chart(table(*ROWS, fresh), figure()).sentence
    assert "there are too few points since new limits began to say whether that is un" in said


def test_a_gap_breaks_the_line_and_is_counted() -> None:
    gap = row(6, None, missing=Missing.NO_RETURN)
    picture = control_chart(table(*ROWS, gap, row(7, 50.0), row(8, None)), figure())
    assert [p["g"] for p in points(picture)] == [0, 0, 0, 0, 0, 1]
    assert picture.sentence.startswith("In July 2026, the latest with a value, ")
    assert picture.sentence.endswith("2 periods have no value (1 no return, 1 not given).")


def test_rows_are_put_in_order_of_time() -> None:
    drawn = points(control_chart(table(*reversed(ROWS)), figure()))
    assert [p["y"] for p in drawn] == [40, 34, 41, 50, 58]


FIELDS = ("value", "numerator", "denominator", "centre", "lower", "upper")


@given(number=st.floats(1000.001, 9999.999), field=st.sampled_from(FIELDS))
def test_no_number_of_a_withheld_row_reaches_the_drawing(number: float, field: str) -> None:
    none = dict.fromkeys(FIELDS)
    hidden = row(6, None, missing=Missing.WITHHELD, phase=1) | none
    sent = json.loads(control_chart(table(*ROWS, hidden | {field: number}), figure()).json())
    assert sent == json.loads(control_chart(table(*ROWS, hidden), figure()).json())


def test_a_small_change_is_not_drawn_as_a_large_one() -> None:
    none = {"centre": None, "lower": None, "upper": None}
    picture = control_chart(table(row(1, 1000.0, **none), row(2, 1001.0, **none)), figure())
    lines = [layer for layer in picture.spec["layer"] if layer["data"]["name"] == "points"]
    low, high_ = lines[0]["encoding"]["y"]["scale"]["domain"]
    assert high_ - low >= 100


@pytest.mark.parametrize("unit", UNITS)
def test_it_is_sound_in_every_unit_and_with_braces(unit: str) -> None:
    braced = high(6, 60.0) | {"sentence": "{labels}", "rules": "{key}"}
    picture = control_chart(table(*ROWS, braced), figure(unit), proposed="2026-M02")
    assert points(picture)[-1]["r"] == "{labels}"
    sound(picture, "control_chart")


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [row(1, 40.0)],
        [row(1, 0.0, centre=0.0, lower=0.0, upper=0.0)],
        [row(1, None, missing=Missing.NO_RETURN), row(2, None, centre=None)],
        [row(1, float("nan")), row(2, 4.0, lower=float("nan"), target=float("nan"))],
        [row(1, -4.0, centre=-3.0, lower=-9.0, upper=None)],
    ],
)
def test_a_short_or_empty_table_is_still_a_picture(rows: list[dict[str, Any]]) -> None:
    sound(control_chart(table(*rows), figure(), proposed="2026-M01"), "control_chart")


def test_ten_years_of_months_travel_light() -> None:
    rows = [
        row(1, 40.0 + n % 7) | {"period": Period.month(2016 + n // 12, n % 12 + 1).code}
        for n in range(120)
    ]
    assert len(control_chart(table(*rows), figure()).json()) < 60_000


def test_periods_are_short_under_the_axis() -> None:
    codes = ("2024-25", "2026-M07", "2026-07-01", "2026-Q3")
    assert [short_period(Period.parse(code)) for code in codes] == [
        "2024-25", "Jul 2026", "Jul 2026", "2026 Q3",
    ]  # fmt: skip
