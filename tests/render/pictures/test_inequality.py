from typing import Any

import pytest

from locality.figures import Figure, Missing, Table
from locality.figures.schemas.judged import INEQUALITY
from locality.render.pictures import theme
from locality.render.pictures.inequality import inequality
from locality.render.pictures.picture import Picture
from tests.render import made
from tests.render.pictures.test_funnel import UNITS, colours, figure, key, shapes, sound
from tests.render.pictures.test_theme import contrast


def row(fifth: int, value: float | None, fitted: float | None, **fields: Any) -> dict[str, Any]:
    blank = dict.fromkeys(INEQUALITY.names)
    blank |= {"fifth": fifth, "title": f"Fifth {fifth}", "practices": 1200, "period": "2024-25"}
    blank |= {"value": value, "share": 0.2 * fifth - 0.1, "fitted": fitted, "numerator": 600.0}
    if value is not None:
        blank |= {"lower": value - 1, "upper": value + 1, "denominator": 9000.0}
    return blank | fields


def table(*rows: dict[str, Any]) -> Table:
    return Table.of(INEQUALITY, rows)


# A line from 70 at the least deprived end to 50 at the most: 68, 64, 60, 56, 52 at the middles.
ROWS = tuple(row(n, 72.0 - 4 * n + n % 2, 72.0 - 4 * n) for n in range(1, 6))


def slope(value: float | None, lower: float | None, upper: float | None, **words: Any) -> Figure:
    return Figure(
        "m", "Slope index", "ENG", made.Period.parse("2024-25"), "percentage points",
        value=value, lower=lower, upper=upper, **words,
    )  # fmt: skip


def sets(picture: Picture) -> Any:
    return picture.spec["datasets"]


def test_every_fifth_is_a_dot_with_its_interval_in_its_place() -> None:
    drawn = sets(inequality(table(*reversed(ROWS)), figure()))["points"]
    assert [(p["x"], p["y"], p["l"], p["u"]) for p in drawn] == [
        (0.1, 69, 68, 70), (0.3, 64, 63, 65), (0.5, 61, 60, 62), (0.7, 56, 55, 57),
        (0.9, 53, 52, 54),
    ]  # fmt: skip
    assert (drawn[0]["w"], drawn[0]["n"], drawn[0]["a"], drawn[0]["b"]) == (
        "Fifth 1", 1200, 600, 9000,
    )  # fmt: skip


def test_the_fitted_line_runs_from_the_least_deprived_end_to_the_most() -> None:
    assert sets(inequality(table(*ROWS), figure()))["line"] == [
        {"x": 0, "y": 70}, {"x": 1, "y": 50},
    ]  # fmt: skip
    one = inequality(table(ROWS[0]), figure())
    assert sets(one)["line"] == [] and "no line is fitted" in one.sentence


def test_the_axis_names_its_ends() -> None:
    places = inequality(table(*ROWS), figure()).spec["params"][1]["value"]
    assert places == ["Least\ndeprived", "2", "3", "4", "Most\ndeprived"]


def test_the_sentence_says_both_ends_and_how_far_apart_the_line_takes_them() -> None:
    assert inequality(table(*ROWS), figure()).sentence == (
        "The least deprived fifth is at 69.0 % (68.0 to 70.0 %); the most deprived fifth is at "
        "53.0 % (52.0 to 54.0 %); from the least deprived end to the most it is 20.0 percentage "
        "points lower."
    )


@pytest.mark.parametrize(
    ("index", "words"),
    [
        (slope(-20.0, -23.0, -17.0), "20.0 percentage points lower, more than chance would explain "
         "(difference -23.0 to -17.0)."),
        (slope(3.0, 1.0, 5.0), "3.0 percentage points higher, more than chance would explain "
         "(difference 1.0 to 5.0)."),
        (slope(3.0, -1.0, 7.0), "3.0 percentage points higher, and chance could explain that "
         "(difference -1.0 to 7.0)."),
        (slope(-3.0, -6.0, 0.0), "3.0 percentage points lower, and chance could explain that "
         "(difference -6.0 to 0.0)."),
        (slope(3.0, None, None), "3.0 percentage points higher."),
        (slope(0.0, -1.0, 1.0), "it is the same, and chance could explain that "
         "(difference -1.0 to 1.0)."),
        (slope(None, None, None, missing=Missing.NOTHING_TO_COUNT),
         "no line is fitted, so that nothing can be said of the two ends."),
    ],
)  # fmt: skip
def test_chance_is_spoken_of_only_with_a_slope_that_has_an_interval(
    index: Figure, words: str
) -> None:
    assert inequality(table(*ROWS), figure(), slope=index).sentence.endswith(words)


def test_a_difference_is_said_in_its_unit() -> None:
    rows = (row(1, 2.0, 2.0), row(5, 3.0, 2.4))
    money = inequality(table(*rows), figure("£ per patient")).sentence
    assert money.endswith("from the least deprived end to the most it is £0.50 higher.")
    rate = inequality(table(*rows), figure("per 1,000 patients")).sentence
    assert "fifth is at 3 (2 to 4) per 1,000 patients; " in rate
    assert rate.endswith("it is 0.50 per 1,000 patients higher.")


def test_a_fifth_without_a_value_is_counted_and_not_drawn() -> None:
    picture = inequality(table(row(1, None, 9.0), *ROWS[1:]), figure())
    assert len(sets(picture)["points"]) == 4
    assert picture.sentence.startswith("The most deprived fifth is at ")
    assert picture.sentence.endswith("; 1 fifth has no value.")


def test_dots_and_line_differ_by_shape_and_every_colour_stands_out() -> None:
    picture = inequality(table(*ROWS), figure())
    assert len(set(shapes(picture))) == 2
    assert all(contrast(colour, theme.PAPER) >= 3 for colour in colours(picture))
    bare = [one | {"lower": None, "upper": None} for one in ROWS]
    assert "A fifth" in key(inequality(table(*bare), figure()))


def test_a_small_difference_is_not_drawn_as_a_large_one() -> None:
    rows = [row(n, 100.0 + n / 100, None, lower=None, upper=None) for n in range(1, 6)]
    picture = inequality(table(*rows), figure())
    low, high = picture.spec["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert high - low >= 10 and low < 100 < high


@pytest.mark.parametrize("unit", UNITS)
def test_it_is_sound_in_every_unit_and_with_braces(unit: str) -> None:
    rows = [one | {"title": "{places}"} for one in ROWS]
    picture = inequality(table(*rows), figure(unit), slope=slope(-20.0, -23.0, -17.0))
    assert sets(picture)["points"][0]["w"] == "{places}"
    sound(picture, "inequality")


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [ROWS[0]],
        [ROWS[2]],
        [row(n, None, None) for n in range(1, 6)],
        [row(1, 0.0, 0.0, lower=None), row(2, float("nan"), None), row(5, -3.0, float("nan"))],
    ],
)
def test_a_short_or_empty_table_is_still_a_picture(rows: list[dict[str, Any]]) -> None:
    picture = inequality(table(*rows), figure())
    sound(picture, "inequality")
    if not rows:
        assert picture.sentence == "There are no fifths to show."
